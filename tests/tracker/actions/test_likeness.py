"""How well actions that say the same in other words are found: on paraphrases, half of which nothing was tuned on."""

import json
from pathlib import Path

import pytest
from rapidfuzz import fuzz

from tracker.actions.likeness import look_alikes

PARAPHRASES = json.loads((Path(__file__).parent / "data" / "paraphrases.json").read_text())
CASES = json.loads((Path(__file__).parents[3] / "tracker" / "demo" / "data" / "cases.json").read_text())
PLAN = list(dict.fromkeys(action["text"] for case in CASES["cases"] for action in case["actions"]))


def offered(text):
    """Give what of the real plan is offered beside a new action."""
    texts = {action: action for action in PLAN} | {"new": text}
    return {pair.one for pair in look_alikes(texts, ["new"])}


def found_by_rapidfuzz(text):
    """Give what `token_set_ratio` offers from 70 on, as it was measured before."""
    return {action for action in PLAN if fuzz.token_set_ratio(text.casefold(), action.casefold()) >= 70}


def right_and_wrong(rows, find):
    right = sum(row["action"] in find(row["in_other_words"]) for row in rows)
    wrong = sum(len(find(row["in_other_words"]) - {row["action"]}) for row in rows)
    return right, wrong


@pytest.mark.parametrize(("held_out", "least"), [(False, 19), (True, 20)])
def test_of_twenty_paraphrases_nineteen_are_found_and_nothing_else_is_offered(held_out, least):
    rows = [row for row in PARAPHRASES if row["held_out"] is held_out]

    right, wrong = right_and_wrong(rows, offered)

    assert (len(rows), right >= least, wrong) == (20, True, 0)


def test_more_is_found_than_by_token_set_ratio():
    assert right_and_wrong(PARAPHRASES, found_by_rapidfuzz) == (30, 0)
    assert right_and_wrong(PARAPHRASES, offered)[0] >= 39


def test_real_plan_holds_one_pair_which_is_the_same_word_for_word_in_two_reviews():
    texts = [action["text"] for case in CASES["cases"] for action in case["actions"]]

    pairs = look_alikes({str(number): text for number, text in enumerate(texts)})

    assert [(texts[int(pair.one)] == texts[int(pair.other)], pair.score) for pair in pairs] == [(True, 1.0)]


def test_an_action_like_very_many_others_is_offered_with_five_of_them():
    texts = {f"A{number}": "Share health visitor records with every school nurse" for number in range(300)}

    pairs = look_alikes(texts | {"new": "Share the records of health visitors with each school nurse"}, ["new"])

    assert [(pair.other, pair.score) for pair in pairs] == [("new", 1.0)] * 5
