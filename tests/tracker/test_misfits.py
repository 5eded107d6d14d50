"""Facts that do not fit: each a sentence in plain words that says what to do, never the words of the validator."""

import pytest
from sqlalchemy import Engine

from tests.make import act, make_world
from tracker.deeds import DEEDS
from tracker.doing import read_facts
from tracker.errors import FactsWrong, Refused

OPENED = {"partnership": "thscp", "known_on": "2021-06-01"}


@pytest.mark.parametrize(
    ("deed", "facts", "sentence"),
    [
        ("convene_panel", {}, "on: it is missing, give it."),
        ("convene_panel", {"on": "2021-06-31"}, "on: There is no 31 June 2021. Enter a real date, like 2027-01-29."),
        ("close_case", {"reason": "  "}, "reason: it is empty, write at least one word."),
        ("close_case", {"reason": "..."}, "reason: Write at least one word."),
        ("close_case", {"reason": 7}, "reason: write it as text."),
        ("close_case", {"reason": "Done\x1b[31m"},
         "reason: The text holds a character that cannot be seen: type it anew."),
        ("agree_report", {"on": "2021", "findings": ["One"], "recommendations": []},
         "findings.0: write its parts by name, in curly brackets."),
        ("update_action", {"report": "done", "evidence": 5},
         "evidence: write it as text. evidence: write its parts by name, in curly brackets. "
         "evidence: write a list, in square brackets."),
        ("add_action", {"text": "Do it", "title": "Line\r\nBcc: b@c.example"}, "title: Write it on one line."),
        ("add_action", {"text": "Do it", "title": "x" * 101}, "title: it must be 100 characters or fewer."),
        ("open_case", {**OPENED, "reference": "A214"},
         "reference: This is how actions, escalations and meetings are called. Choose another."),
    ],
)  # fmt: skip
def test_fact_that_does_not_fit_is_named_with_what_to_do(deed, facts, sentence):
    with pytest.raises(FactsWrong) as wrong:
        read_facts(DEEDS[deed], facts)

    assert str(wrong.value) == f"The facts do not fit {deed.replace('_', '-')}: {sentence}"


def test_text_of_several_lines_is_kept_where_a_text_is_asked_for():
    facts = read_facts(DEEDS["close_case"], {"reason": "First line\nSecond line"})

    assert facts.model_dump()["reason"] == "First line\nSecond line"


def test_case_of_an_unknown_kind_is_refused(sqlite_engine: Engine):
    make_world(sqlite_engine)

    with pytest.raises(Refused) as wrong:
        act(sqlite_engine, "open-case", **OPENED, kind="boom")

    assert str(wrong.value) == (
        "There is no kind of case 'boom'. Kinds are rapid_review, considered, local_learning_review, "
        "thematic_review and serious_case_review."
    )


def test_new_case_takes_no_reference_of_another_record(sqlite_engine: Engine):
    make_world(sqlite_engine)

    with pytest.raises(FactsWrong) as wrong:
        act(sqlite_engine, "open-case", "TH-2021-001", **OPENED)

    assert str(wrong.value) == (
        "open-case makes a new case: leave the reference out, or give it as the fact `reference`."
    )


def test_considered_case_has_no_notification(sqlite_engine: Engine):
    make_world(sqlite_engine)

    with pytest.raises(Refused) as wrong:
        act(sqlite_engine, "open-case", **OPENED, kind="considered", notified_on="2021-06-01")

    assert str(wrong.value) == "A case that is only considered has no notification: leave notified_on out."
