"""Who may open a case beyond her role, and who may not whatever her role."""

import pytest
from sqlalchemy import Engine

from tests.make import make_person
from tests.tracker.stages import changes, in_rapid_review, notified
from tracker.database import unit_of_work
from tracker.errors import NotFound
from tracker.groups.queries import partnership_by_code

CANNOT = "There is no case with the reference CASE-1 that you can open. Ask the business unit."


def sees(story, who):
    """Say whether somebody can open the case."""
    try:
        story.case(by=who)
    except NotFound:
        return False
    return True


def test_roles_of_the_partnership_see_every_case_and_the_others_those_they_are_named_on(engine: Engine) -> None:
    story = in_rapid_review(engine)
    people = ("coordinator", "exec", "scrutineer", "rrp", "reviewer", "agency_lead", "partner1", "owner", "admin")

    seen = [who for who in people if sees(story, who)]

    assert seen == ["coordinator", "exec", "scrutineer", "rrp"]


def test_person_is_named_on_the_case_and_may_open_it_until_that_ends(engine: Engine) -> None:
    story = notified(engine)
    reviewer = "reviewer@thscp.example"

    given = changes(story, "give-access", person=reviewer, reason="Advises on neglect")
    with_access = sees(story, "reviewer")
    ended = changes(story, "end-access", person="Rene Viner", reason="Advice given")

    assert (with_access, sees(story, "reviewer")) == (True, False)
    assert given == {
        "history": [
            (
                "Casey Morgan",
                "coordinator",
                "give_access",
                "Rene Viner may open the case: Advises on neglect",
                None,
                None,
            )
        ]
    }
    assert ended == {
        "history": [
            (
                "Casey Morgan",
                "coordinator",
                "end_access",
                "Rene Viner may no longer open the case: Advice given",
                None,
                None,
            )
        ]
    }


def test_access_is_refused(engine: Engine) -> None:
    story = notified(engine)
    why = {"reason": "Advises"}

    nobody = story.refused("give-access", person="nobody@thscp.example", **why)
    unknown = story.refused("give-access", person="Jo Nobody", **why)
    not_hers = story.refused("give-access", by="exec", person="reviewer@thscp.example", **why)
    not_named = story.refused("end-access", person="reviewer@thscp.example", **why)
    empty = story.refused("give-access", person="reviewer@thscp.example", reason=" ")
    story.does("give-access", person="reviewer@thscp.example", **why)
    twice = story.refused("give-access", person="reviewer@thscp.example", **why)
    not_hers_either = story.refused("end-access", by="exec", person="reviewer@thscp.example", **why)

    assert nobody == "There is nobody with the address nobody@thscp.example. `tracker people list` shows everybody."
    assert unknown == ("There is nobody called Jo Nobody, and no such post. Give an email address, or add the person.")
    assert not_hers == "Evan Reed may not give access: it is for the coordinator. Ask the coordinator."
    assert not_named == "Rene Viner is not named on this case."
    assert empty == "The facts do not fit give-access: reason: it is empty, write at least one word."
    assert twice == "Rene Viner is named on this case already."
    assert not_hers_either == "Evan Reed may not end access: it is for the coordinator. Ask the coordinator."


def test_whoever_lost_access_is_not_named_again_when_a_step_of_her_group_is_next(engine: Engine) -> None:
    story = in_rapid_review(engine)

    story.does("end-access", person="rrp@thscp.example", reason="Moved away")
    story.does("send-to-national-panel", on="2021-06-02")

    assert not sees(story, "rrp")


def test_declared_conflict_beats_every_role(engine: Engine) -> None:
    story = in_rapid_review(engine)
    seen_before = [sees(story, who) for who in ("exec", "rrp")]

    story.does("declare-conflict", by="exec", person="exec@thscp.example", reason="Knows the family")
    story.does("declare-conflict", person="Priya Shah", reason="Taught at the school")

    assert (seen_before, [sees(story, who) for who in ("exec", "rrp")]) == ([True, True], [False, False])
    assert [(line["by"], line["what"]) for line in story.case()["history"][-2:]] == [
        ("Evan Reed", "Conflict of interest of Evan Reed: Knows the family"),
        ("Casey Morgan", "Conflict of interest of Priya Shah: Taught at the school"),
    ]
    assert story.refused("hold-case", by="exec", reason="Rest", look_again_on="2021-06-10") == CANNOT


def test_history_of_a_conflict_is_for_coordinators_and_the_operator(engine: Engine) -> None:
    story = in_rapid_review(engine)
    before = [story.case(by=who)["history"] for who in ("exec", "rrp")]
    story.does("declare-conflict", person="scrutineer@thscp.example", reason="Knows the family")
    story.does("withdraw-conflict", person="scrutineer@thscp.example", reason="Another family")

    def newest(**by: str) -> list[str]:
        return [line["deed"] for line in story.case(**by)["history"][-2:]]

    assert [newest(), newest(by="coordinator")] == [["declare_conflict", "withdraw_conflict"]] * 2
    assert [story.case(by=who)["history"] for who in ("exec", "rrp")] == before
    assert "conflict" not in story.refused("publish", by="exec", on="2021-06-10").casefold()


def test_barred_coordinator_does_not_find_the_case(engine: Engine) -> None:
    story = notified(engine)
    story.does("declare-conflict", person="coordinator@thscp.example", reason="Her own street")

    assert story.refused("withdraw-conflict", person="coordinator@thscp.example", reason="Moved") == CANNOT


def test_conflict_is_withdrawn_and_the_person_sees_what_she_saw_before(engine: Engine) -> None:
    story = in_rapid_review(engine)
    story.does("declare-conflict", person="rrp@thscp.example", reason="Taught at the school")
    story.does("declare-conflict", person="reviewer@thscp.example", reason="A neighbour")

    changed = changes(story, "withdraw-conflict", person="rrp@thscp.example", reason="It was another school")
    story.does("withdraw-conflict", person="reviewer@thscp.example", reason="It was another street")

    assert changed == {
        "history": [
            (
                "Casey Morgan",
                "coordinator",
                "withdraw_conflict",
                "Conflict of interest of Priya Shah withdrawn: It was another school",
                None,
                None,
            )
        ]
    }
    assert [sees(story, who) for who in ("rrp", "reviewer")] == [True, False]


def test_conflict_can_be_declared_anew_after_it_was_withdrawn(engine: Engine) -> None:
    story = notified(engine)
    conflict = {"person": "exec@thscp.example", "reason": "Knows the family"}

    for deed in ("declare-conflict", "withdraw-conflict", "declare-conflict"):
        story.does(deed, **conflict)

    assert not sees(story, "exec")


def test_conflict_is_refused(engine: Engine) -> None:
    story = notified(engine)
    conflict = {"person": "exec@thscp.example", "reason": "Knows the family"}

    not_declared = story.refused("withdraw-conflict", **conflict)
    not_hers = story.refused("declare-conflict", by="scrutineer", **conflict)
    story.does("declare-conflict", **conflict)
    twice = story.refused("declare-conflict", **conflict)
    named = story.refused("give-access", **conflict)
    not_hers_either = story.refused("withdraw-conflict", by="scrutineer", **conflict)

    assert not_declared == "No conflict of Evan Reed is recorded for this case."
    assert not_hers.startswith("Sam Scully may not declare a conflict of interest: it is for the ")
    assert twice == "A conflict of Evan Reed is recorded for this case already."
    assert named == "Evan Reed has declared a conflict of interest in this case: name somebody else."
    assert (
        not_hers_either
        == "Sam Scully may not withdraw a conflict of interest: it is for the coordinator. Ask the coordinator."
    )


def test_two_people_of_one_name_are_told_apart_by_address(engine: Engine) -> None:
    story = notified(engine)
    with unit_of_work(engine) as session:
        partnership = partnership_by_code(session, "thscp")
        for number in (1, 2):
            make_person(session, partnership, f"same{number}@thscp.example", "reviewer", name="Same Name")

    ambiguous = story.refused("give-access", person="Same Name", reason="Advises")
    story.does("give-access", person="same2@thscp.example", reason="Advises")

    assert ambiguous == "Several people are called Same Name: give the email address."
    assert [sees(story, who) for who in ("same1", "same2")] == [False, True]


@pytest.mark.parametrize("name", ["case-1", " CASE-1 "])
def test_case_is_found_whatever_the_case_of_its_letters(engine: Engine, name: str) -> None:
    story = notified(engine)
    story.reference = name

    assert story.case(by="exec")["reference"] == "CASE-1"
