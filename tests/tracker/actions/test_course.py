"""What happens to an action on its way, and looking at it again."""

import pytest
from sqlmodel import select

from tests import make
from tracker.database import unit_of_work
from tracker.errors import NotAllowed, NotFound, Refused
from tracker.groups.definitions_kept import keep_definition
from workflows.lifecycle import StepRefused

OWNER = "owner@thscp.example"
LEAD = "agency_lead@thscp.example"
COORDINATOR = "coordinator@thscp.example"


@pytest.fixture
def world(engine):
    make.make_world(engine)
    return engine


def add(engine, **facts):
    given = {"text": "Share the records", "owner": OWNER, "due_on": "2021-09-30", **facts}
    return make.act(engine, "add_action", "thscp", **given).reference


def complete(engine, reference):
    make.act(engine, "complete_action", reference, on="2021-06-01", evidence="Minutes")


def shown(engine, reference, **reader):
    return make.shown(engine, reference, kind="action", **reader)


def refusal(engine, name, reference, **facts):
    with pytest.raises((Refused, NotAllowed, StepRefused)) as refused:
        make.act(engine, name, reference, **facts)
    return str(refused.value)


def test_an_action_on_hold_keeps_its_status_and_its_colour(world):
    reference = add(world)

    make.act(world, "hold_action", reference, reason="An inquest", look_again_on="2021-07-01")

    document = shown(world, reference, now="2021-10-02T12:00")
    kept = {key: document[key] for key in ("status", "flags", "overdue_days", "hold", "holds")}
    assert kept == {
        "status": "planned",
        "flags": {"overdue": True, "blocked": False, "on_hold": True},
        "overdue_days": 2,
        "hold": {"reason": "An inquest", "since": "2021-06-01", "look_again_on": "2021-07-01"},
        "holds": [
            {
                "reason": "An inquest",
                "since": "2021-06-01",
                "look_again_on": "2021-07-01",
                "until": None,
                "days": 123,
            }
        ],
    }
    assert (document["rag"]["word"], [job["code"] for job in document["jobs"]]) == ("Red", ["look_again"])


def test_a_hold_ends_when_somebody_ends_it(world):
    reference = add(world)
    make.act(world, "hold_action", reference, reason="An inquest", look_again_on="2021-07-01")

    make.act(world, "release_action", reference, now="2021-06-15T12:00")

    document = shown(world, reference, now="2021-06-20T12:00")
    assert (document["hold"], document["holds"][0]["until"], document["holds"][0]["days"]) == (None, "2021-06-15", 14)


def test_an_action_is_not_held_twice(world):
    reference = add(world)
    make.act(world, "hold_action", reference, reason="An inquest", look_again_on="2021-07-01")

    sentence = refusal(world, "hold_action", reference, reason="Again", look_again_on="2021-07-01")

    assert sentence == "A1 is on hold already, since 1 June 2021."


def test_a_hold_is_not_looked_at_in_the_past(world):
    sentence = refusal(world, "hold_action", add(world), reason="An inquest", look_again_on="2021-05-31")

    assert sentence == "The date to look again must be today or later."


def test_what_is_not_on_hold_is_not_released(world):
    assert refusal(world, "release_action", add(world)) == "A1 is not on hold."


def test_a_hold_ends_with_its_action(world):
    reference = add(world)
    make.act(world, "hold_action", reference, reason="An inquest", look_again_on="2021-07-01")

    complete(world, reference)

    assert shown(world, reference)["flags"] == {"overdue": False, "blocked": False, "on_hold": False}


@pytest.mark.parametrize(
    ("how", "word"), [("done_differently", "Done differently"), ("not_taken_forward", "Not taken forward")]
)
def test_an_action_may_end_without_being_done_and_says_why(world, how, word):
    reference = add(world)

    make.act(world, "end_action", reference, how=how, reason="A national register came instead")

    document = shown(world, reference)
    assert (document["status"], document["ended_why"], document["rag"]["word"], document["history"][-1]["what"]) == (
        how,
        "A national register came instead",
        word,
        f"{word}: A national register came instead",
    )


def test_what_is_complete_does_not_end_another_way(world):
    reference = add(world)
    complete(world, reference)

    sentence = refusal(world, "end_action", reference, how="done_differently", reason="Second thoughts")

    assert sentence == "A1 is complete. Thank you. Casey Morgan did complete-action at midday."


def test_an_owner_ends_nothing(world):
    sentence = refusal(world, "end_action", add(world), by=OWNER, how="not_taken_forward", reason="Too hard")

    assert sentence == "Owen Field may not end action: it is for the coordinator. Ask the coordinator."


def test_an_action_passes_to_a_new_owner_and_is_no_longer_the_old_ones(world):
    reference = add(world)

    make.act(world, "reassign_action", reference, owner=LEAD, reason="Owen moved", now="2021-06-07T12:00")

    document = shown(world, reference, by=LEAD)
    line = document["history"][-1]
    assert (document["owner"]["name"], document["owner_since"]) == ("Lee Agnew", "2021-06-07")
    assert (line["what"], line["old"], line["new"]) == ("Passed to Lee Agnew: Owen moved", "Owen Field", "Lee Agnew")
    with pytest.raises(NotFound):
        shown(world, reference, by=OWNER)


def test_what_is_not_mine_is_settled_by_passing_it_on(world):
    reference = add(world)
    make.act(world, "update_action", reference, by=OWNER, report="not_mine")

    make.act(world, "reassign_action", reference, owner=LEAD, reason="Not his")

    document = shown(world, reference)
    assert (document["report"], document["updates"][0]["state"], document["rag"]["note"]) == (None, "accepted", None)


def test_the_lead_of_the_agency_passes_an_action_on(world):
    reference = add(world, agency="Children's Social Care")

    make.act(world, "reassign_action", reference, by=LEAD, owner=LEAD, reason="I take it")

    assert shown(world, reference)["owner"]["name"] == "Lee Agnew"


def test_an_owner_passes_nothing_on(world):
    sentence = refusal(world, "reassign_action", add(world), by=OWNER, owner=LEAD, reason="Not me")

    assert sentence == (
        "Owen Field may not reassign action: it is for the agency lead or coordinator. Ask the coordinator."
    )


def test_an_action_does_not_pass_to_whoever_owns_it(world):
    sentence = refusal(world, "reassign_action", add(world), owner=OWNER, reason="Sure")

    assert sentence == "Owen Field owns A1 already."


def test_an_action_does_not_pass_to_nobody(world):
    reference = add(world)

    with pytest.raises(NotFound) as refused:
        make.act(world, "reassign_action", reference, owner="nobody@thscp.example", reason="Hm")

    assert str(refused.value) == (
        "There is nobody with the address nobody@thscp.example. `tracker people list` shows everybody."
    )


def test_an_action_does_not_pass_to_somebody_a_conflict_bars(world):
    make.make_case(world)
    reference = make.act(world, "add_action", "TH-2021-001", text="Share the records").reference
    make.act(world, "declare_conflict", "TH-2021-001", person=OWNER, reason="Worked with the family")

    sentence = refusal(world, "reassign_action", reference, owner=OWNER, reason="He knows it")

    assert sentence == "Owen Field cannot be named on this action. Choose somebody else."


MOVED = {"at": "2021-06-01T11:00:00+00:00", "by": "Casey Morgan", "agreed_with": None}


def test_a_due_date_moves_with_its_reason_and_the_first_one_stays(world):
    reference = add(world)

    make.act(world, "move_due_date", reference, due_on="2021-12", reason="The system is late")
    make.act(world, "move_due_date", reference, due_on="2022-01-31", reason="Later still")

    document = shown(world, reference)
    assert (document["due"], document["first_due"], document["moved"]) == (
        "2022-01-31",
        "2021-09-30",
        [
            MOVED | {"due": "2021-12", "reason": "The system is late"},
            MOVED | {"due": "2022-01-31", "reason": "Later still"},
        ],
    )
    line = document["history"][-1]
    assert (line["what"], line["old"], line["new"]) == (
        "Due 31 January 2022 instead of December 2021: Later still",
        "2021-12",
        "2022-01-31",
    )


def test_a_moved_date_is_a_new_version_of_the_date(world):
    reference = add(world)

    make.act(world, "move_due_date", reference, due_on="2021-12", reason="The system is late")

    with unit_of_work(world) as session:
        action = session.exec(select(make.Action)).one()
        assert (action.due_version, action.version) == (2, 2)


def test_a_due_date_does_not_move_into_the_past(world):
    sentence = refusal(world, "move_due_date", add(world), due_on="2021-05", reason="A slip")

    assert sentence == "The date must be today or later."


def test_a_due_date_does_not_move_to_where_it_is(world):
    sentence = refusal(world, "move_due_date", add(world), due_on="2021-09-30", reason="A slip")

    assert sentence == "A1 is due 30 September 2021 already."


def test_an_owner_moves_no_date(world):
    sentence = refusal(world, "move_due_date", add(world), by=OWNER, due_on="2022", reason="Busy")

    assert sentence == "Owen Field may not move due date: it is for the coordinator. Ask the coordinator."


def test_a_complete_action_is_looked_at_again(world):
    reference = add(world)
    complete(world, reference)

    make.act(world, "review_action", reference, on="2021-06-01", next_review_on="2021-12", text="It lasts")

    document = shown(world, reference, now="2022-01-01T12:00")
    assert (document["review_on"], document["status"], document["history"][-1]["what"]) == (
        "2021-12",
        "complete",
        "Looked at on 1 June 2021: It lasts",
    )
    assert [job["code"] for job in document["jobs"]] == ["review"]


def test_a_review_lies_not_ahead(world):
    sentence = refusal(world, "review_action", add(world), on="2021-06-02")

    assert sentence == "The date of the review must be today or earlier."


def test_the_next_review_follows_the_one_before(world):
    sentence = refusal(world, "review_action", add(world), on="2021-06-01", next_review_on="2021-05-31")

    assert sentence == "The date of the next review must be on or after this one, 1 June 2021."


def test_an_owner_reviews_nothing(world):
    sentence = refusal(world, "review_action", add(world), by=OWNER, on="2021-06-01")

    assert sentence == "Owen Field may not review action: it is for the coordinator. Ask the coordinator."


def test_an_owner_records_what_changed(world):
    reference = add(world)

    make.act(world, "record_impact", reference, by=OWNER, text="Waits fell", measure="31 days to 9")

    document = shown(world, reference)
    assert (document["status"], document["impact"]) == (
        "planned",
        [{"on": "2021-06-01", "text": "Waits fell", "measure": "31 days to 9", "embedded": False}],
    )


def test_a_complete_action_becomes_embedded(world):
    reference = add(world)
    complete(world, reference)

    make.act(world, "record_impact", reference, text="It has become habit", embedded=True)

    document = shown(world, reference)
    assert (document["status"], document["rag"]["word"], document["impact"][0]["embedded"]) == (
        "embedded",
        "Embedded",
        True,
    )


def test_only_a_complete_action_becomes_embedded(world):
    sentence = refusal(world, "record_impact", add(world), text="Habit", embedded=True)

    assert sentence == "A1 is planned. An action is embedded after it is complete."


def test_an_owner_does_not_say_that_her_action_is_embedded(world):
    reference = add(world)
    complete(world, reference)

    sentence = refusal(world, "record_impact", reference, by=OWNER, text="Habit", embedded=True)

    assert sentence == "A1 is yours: somebody other than its owner says that it is embedded."


def test_a_lead_does_not_say_that_an_action_is_embedded(world):
    reference = add(world, agency="Children's Social Care")
    complete(world, reference)

    sentence = refusal(world, "record_impact", reference, by=LEAD, text="Habit", embedded=True)

    assert sentence == "Lee Agnew may not say that it is embedded: that is for the coordinator."


def test_a_scrutineer_records_no_impact(world):
    sentence = refusal(world, "record_impact", add(world), by="scrutineer@thscp.example", text="Waits fell")

    assert sentence == (
        "Sam Scully may not record impact: it is for the agency lead, coordinator or owner. Ask the coordinator."
    )


def test_a_case_moves_on_by_itself_when_its_plan_is_made(engine):
    make.make_world(engine, "thlscb")
    with unit_of_work(engine) as session:
        partnership = session.exec(select(make.Partnership)).one()
        case = make.write(session, _completed_case(session, partnership))
    done = {"by": "coordinator@thlscb.example", "text": "Keep one list"}

    make.act(engine, "add_action", case.reference, **done)

    document = make.shown(engine, case.reference)
    assert (document["status"], document["version"]) == ("monitored", 2)
    assert document["history"][-1]["deed"] == "moved_on"


def _completed_case(session, partnership):
    definition = make.definitions_of(partnership)[-1]
    kept = keep_definition(session, definition, make.NOON)
    return make.Case(
        reference="SCR-1",
        partnership_id=partnership.id,
        definition_id=kept.id,
        kind="scr",
        status="completed",
        pseudonym="Kestrel",
        opened_at=make.NOON,
    )
