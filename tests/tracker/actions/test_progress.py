"""Reporting on an action, and what somebody other than its owner says to that."""

from datetime import date

import pytest
from sqlmodel import select

from notifications.outbox import messages
from tests import make
from tracker.actions.models import Evidence
from tracker.database import reading, unit_of_work
from tracker.errors import FactsWrong, NotAllowed, NotFound, Refused
from tracker.people.models import Person, PostHolding
from workflows.lifecycle import StepRefused

OWNER = "owner@thscp.example"
LEAD = "agency_lead@thscp.example"
PAIRED = ("merge-actions", "split-action", "not-alike", "link-actions")


@pytest.fixture
def world(engine):
    make.make_world(engine)
    return engine


def add(engine, **facts):
    given = {"text": "Share the records", "owner": OWNER, "due_on": "2021-09-30", **facts}
    return make.act(engine, "add_action", "thscp", **given).reference


def report(engine, reference, word, *, by=OWNER, **facts):
    return make.act(engine, "update_action", reference, by=by, report=word, **facts)


def shown(engine, reference, **reader):
    return make.shown(engine, reference, kind="action", **reader)


def standing(engine, reference, **when):
    document = shown(engine, reference, **when)
    return document["status"], document["report"], document["rag"]["word"], document["rag"]["note"]


def test_a_first_report_starts_the_action_and_waits_to_be_checked(world):
    reference = add(world)

    report(world, reference, "on_track", text="Two teams trained", expected_on="2021-09")

    document = shown(world, reference)
    assert (document["version"], document["updates"]) == (
        2,
        [
            {
                "at": "2021-06-01T11:00:00+00:00",
                "by": "Owen Field",
                "report": "on_track",
                "text": "Two teams trained",
                "expected_on": "2021-09",
                "state": "sent",
                "evidence": [],
                "files": [],
                "answers": [],
            }
        ],
    )
    assert standing(world, reference) == ("in_progress", "on_track", "Not started", "Sent, to be checked")


def test_an_accepted_report_gives_the_action_its_colour(world):
    reference = add(world)
    report(world, reference, "on_track")

    make.act(world, "accept_update", reference)

    assert standing(world, reference) == ("in_progress", "on_track", "Green", None)


def test_a_continuing_action_becomes_ongoing(world):
    reference = add(world, due_on=None, timescale="On-going")

    report(world, reference, "on_track")

    assert shown(world, reference)["status"] == "ongoing"


def test_a_better_report_keeps_the_old_colour_until_it_is_accepted(world):
    reference = add(world)
    report(world, reference, "at_risk")
    make.act(world, "accept_update", reference)

    report(world, reference, "on_track")
    sent = standing(world, reference)
    make.act(world, "accept_update", reference)

    assert (sent, standing(world, reference)) == (
        ("in_progress", "on_track", "Amber", "Sent, to be checked"),
        ("in_progress", "on_track", "Green", None),
    )


def test_an_owner_who_is_stuck_turns_the_action_red_at_once(world):
    reference = add(world)

    report(world, reference, "stuck", text="Nobody may see the records")

    document = shown(world, reference)
    assert (document["rag"]["reason"], document["flags"]["blocked"]) == ("stuck, its owner says", True)


def test_done_needs_evidence(world):
    reference = add(world)

    with pytest.raises(Refused) as refused:
        report(world, reference, "done", text="All done")

    assert str(refused.value) == "Say what shows that it is done, or add a file."
    assert standing(world, reference) == ("planned", None, "Not started", None)


def test_what_is_done_waits_until_somebody_else_accepts_it(world):
    reference = add(world)

    report(world, reference, "done", evidence="https://records.example/minutes-7")

    assert standing(world, reference) == ("in_progress", "done", "Not started", "Sent, to be checked")


def test_what_is_done_and_accepted_is_complete(world):
    reference = add(world)
    report(world, reference, "done", evidence=[{"text": "Audit of records", "on": "2021-05"}, "Minutes"])

    make.act(world, "accept_update", reference, now="2021-06-03T09:00")

    document = shown(world, reference)
    assert standing(world, reference) == ("complete", "done", "Complete", None)
    assert (document["completed_on"], document["evidence"]) == (
        "2021-06-03",
        [
            {
                "text": "Audit of records",
                "file": None,
                "on": "2021-05",
                "given_by": "Owen Field",
                "looked_at_by": "Casey Morgan",
                "stale_on": None,
                "of_update": True,
            },
            {
                "text": "Minutes",
                "file": None,
                "on": None,
                "given_by": "Owen Field",
                "looked_at_by": "Casey Morgan",
                "stale_on": None,
                "of_update": True,
            },
        ],
    )
    assert document["history"][-1]["what"] == "Accepted the update: done. Complete on 3 June 2021"


def test_the_day_of_completion_may_be_said(world):
    reference = add(world)
    report(world, reference, "done", evidence="Minutes")

    make.act(world, "accept_update", reference, on="2021-05")

    assert shown(world, reference)["completed_on"] == "2021-05"


def test_the_day_of_completion_lies_not_ahead(world):
    reference = add(world)
    report(world, reference, "done", evidence="Minutes")

    with pytest.raises(Refused) as refused:
        make.act(world, "accept_update", reference, on="2021-06-02")

    assert str(refused.value) == "The date on which it was complete must be today or earlier."


def test_nobody_accepts_her_own(world):
    reference = add(world, owner="coordinator@thscp.example")
    report(world, reference, "done", by="coordinator@thscp.example", evidence="Minutes")

    with pytest.raises(NotAllowed) as refused:
        make.act(world, "accept_update", reference)

    assert str(refused.value) == "A1 is yours: somebody other than its owner accepts updates."


def test_whoever_holds_the_post_that_owns_an_action_accepts_it_no_more_than_an_owner(world):
    with unit_of_work(world) as session:
        partnership = session.exec(select(make.Partnership)).one()
        make.make_person(session, partnership, None, "owner", name="Records lead", kind="post")
        _give_post(session, "Records lead", "coordinator@thscp.example")
    reference = add(world, owner="Records lead")
    report(world, reference, "done", by="coordinator@thscp.example", evidence="Minutes")

    with pytest.raises(NotAllowed) as refused:
        make.act(world, "accept_update", reference)

    assert str(refused.value) == "A1 is yours: somebody other than its owner accepts updates."


def test_an_owner_does_not_accept(world):
    reference = add(world)
    report(world, reference, "on_track")

    with pytest.raises(NotAllowed) as refused:
        make.act(world, "accept_update", reference, by=OWNER)

    assert str(refused.value) == "Owen Field may not accept update: it is for the coordinator. Ask the coordinator."


def test_there_is_nothing_to_accept_twice(world):
    reference = add(world)
    report(world, reference, "on_track")
    make.act(world, "accept_update", reference)

    with pytest.raises(Refused) as refused:
        make.act(world, "accept_update", reference)

    assert str(refused.value) == "A1 has no update to check."


def test_a_complete_action_takes_no_update_and_says_who_completed_it(world):
    reference = add(world)
    make.act(world, "complete_action", reference, on="2021-06-01", evidence="Told in the meeting")

    with pytest.raises(StepRefused) as refused:
        report(world, reference, "on_track")

    assert (str(refused.value), refused.value.open_steps) == (
        "A1 is complete. Thank you. Casey Morgan did complete-action at midday.",
        ("edit-action", "review-action", "record-impact", "reopen-action", "record-answer", *PAIRED),
    )


def test_a_second_report_replaces_one_that_was_not_checked(world):
    reference = add(world)
    report(world, reference, "at_risk")

    report(world, reference, "on_track")

    document = shown(world, reference)
    states = [(update["report"], update["state"]) for update in document["updates"]]
    assert (states, document["rag"]["word"]) == ([("at_risk", "replaced"), ("on_track", "sent")], "Not started")


def test_the_lead_of_the_agency_reports_for_it(world):
    reference = add(world, agency="Children's Social Care")

    report(world, reference, "on_track", by=LEAD)

    line = shown(world, reference)["history"][-1]
    assert (line["by"], line["role"]) == ("Lee Agnew", "agency lead")


def test_an_action_of_another_agency_is_not_there_for_a_lead(world):
    reference = add(world, agency="Metropolitan Police Service")

    with pytest.raises(NotFound) as refused:
        report(world, reference, "on_track", by=LEAD)

    assert str(refused.value) == "There is no action A1 that you can open. Ask the business unit."


def test_a_scrutineer_reads_and_reports_nothing(world):
    reference = add(world)

    with pytest.raises(NotAllowed) as refused:
        report(world, reference, "on_track", by="scrutineer@thscp.example")

    assert str(refused.value) == (
        "Sam Scully may not update action: it is for the agency lead, coordinator or owner. Ask the coordinator."
    )


def test_a_helper_reads_and_reports_nothing(world):
    reference = add(world, owner=LEAD, helpers=[OWNER])

    with pytest.raises(NotAllowed) as refused:
        report(world, reference, "on_track")

    assert str(refused.value) == (
        "Owen Field may not update action: it is for the agency lead, coordinator or owner. Ask the coordinator."
    )


def test_not_mine_needs_nothing_else(world):
    reference = add(world)

    report(world, reference, "not_mine")

    assert shown(world, reference)["report"] == "not_mine"


def test_a_day_already_past_is_no_day_to_expect(world):
    reference = add(world)

    with pytest.raises(Refused) as refused:
        report(world, reference, "at_risk", expected_on="2021-05-31")

    assert str(refused.value) == "The date you expect to finish must be today or later."


def test_a_report_of_more_than_a_thousand_letters_is_too_long(world):
    with pytest.raises(FactsWrong) as wrong:
        report(world, add(world), "on_track", text="a" * 1184)

    assert str(wrong.value) == (
        "The facts do not fit update-action: "
        "text: What has happened must be 1,000 characters or fewer (you have 1,184)."
    )


def test_a_queried_update_stays_and_its_owner_is_told_at_once(world):
    reference = add(world)
    report(world, reference, "done", evidence="Trust me")

    make.act(world, "query_update", reference, reason="Which audit shows it?", now="2021-06-02T10:00")

    document = shown(world, reference)
    assert (document["status"], document["updates"][0]["state"], document["updates"][0]["answers"]) == (
        "in_progress",
        "queried",
        [
            {
                "at": "2021-06-02T09:00:00+00:00",
                "by": "Casey Morgan",
                "answer": "queried",
                "reason": "Which audit shows it?",
            }
        ],
    )
    with reading(world) as session:
        put = [(one.kind, one.to_address, one.about, one.key, one.routine) for one in messages(session)]
    assert put == [("update_queried", OWNER, "A1", "update_queried:1", False)]


def test_the_words_of_a_question_are_not_in_the_message(world):
    reference = add(world)
    report(world, reference, "on_track")

    make.act(world, "query_update", reference, reason="Which audit shows it?")

    with reading(world) as session:
        assert [message.known() for message in messages(session)] == [{"action": "A1", "update": 1}]


def test_an_owner_without_address_gets_no_message(world):
    with unit_of_work(world) as session:
        partnership = session.exec(select(make.Partnership)).one()
        make.make_person(session, partnership, None, "owner", name="Records lead")
    reference = add(world, owner="Records lead")
    report(world, reference, "on_track", by="coordinator@thscp.example")

    make.act(world, "query_update", reference, reason="Since when?")

    with reading(world) as session:
        assert messages(session) == []


def test_a_query_needs_its_reason(world):
    reference = add(world)
    report(world, reference, "on_track")

    with pytest.raises(FactsWrong) as wrong:
        make.act(world, "query_update", reference, reason=" ")

    assert str(wrong.value) == ("The facts do not fit query-update: reason: it is empty, write at least one word.")


def test_the_coordinator_completes_what_was_told_in_a_meeting(world):
    reference = add(world)

    make.act(world, "complete_action", reference, on="2021-06-01", evidence="Told in the meeting of 1 June")

    document = shown(world, reference)
    assert (document["status"], document["completed_on"], document["evidence"][0]["looked_at_by"]) == (
        "complete",
        "2021-06-01",
        "Casey Morgan",
    )


@pytest.mark.parametrize("on", ["2021-05-31", "2021-05", "2020"])
def test_no_action_is_complete_before_it_was_made(world, on):
    reference = add(world)

    with pytest.raises(Refused) as refused:
        make.act(world, "complete_action", reference, on=on, evidence="Minutes")

    assert str(refused.value) == (
        "The date of completion must be on or after the day on which A1 was made, 1 June 2021."
    )
    assert standing(world, reference) == ("planned", None, "Not started", None)


@pytest.mark.parametrize("on", ["2021-06-01", "2021-06", "2021"])
def test_an_action_may_be_complete_on_the_day_or_in_the_month_in_which_it_was_made(world, on):
    reference = add(world)

    make.act(world, "complete_action", reference, on=on, evidence="Minutes")

    assert shown(world, reference)["completed_on"] == on


def test_a_loaded_action_may_have_been_complete_long_before_it_was_loaded(world):
    with unit_of_work(world) as session:
        partnership = session.exec(select(make.Partnership)).one()
        reference = make.make_action(session, partnership, loaded_id="own-1-a1", made_on=date(2021, 6, 1)).reference

    make.act(world, "complete_action", reference, on="2019-03", evidence="Minutes")

    assert shown(world, reference)["completed_on"] == "2019-03"


def test_completing_needs_evidence(world):
    with pytest.raises(Refused) as refused:
        make.act(world, "complete_action", add(world), on="2021-06-01", evidence=[])

    assert str(refused.value) == "Say what shows that it is done, or add a file."


def test_nobody_completes_her_own(world):
    reference = add(world, owner="coordinator@thscp.example")

    with pytest.raises(NotAllowed) as refused:
        make.act(world, "complete_action", reference, on="2021-06-01", evidence="Minutes")

    assert str(refused.value) == "A1 is yours: somebody other than its owner completes it."


def test_an_owner_completes_nothing(world):
    reference = add(world)

    with pytest.raises(NotAllowed) as refused:
        make.act(world, "complete_action", reference, by=OWNER, on="2021-06-01", evidence="Minutes")

    assert str(refused.value) == "Owen Field may not complete action: it is for the coordinator. Ask the coordinator."


def test_a_round_that_is_done_goes_on_to_the_next(world):
    reference = add(world, due_on=None, timescale="Annual (June)")
    report(world, reference, "done", evidence="Report of 2021")

    make.act(world, "accept_update", reference)

    document = shown(world, reference)
    assert (document["status"], document["due"], document["first_due"], document["rag"]["word"]) == (
        "in_progress",
        "2022-06",
        "2021-06",
        "Green",
    )
    assert document["history"][-1]["what"] == "Accepted the update: done for this time. Next due June 2022"


def test_the_last_of_several_dates_completes_the_action(world):
    reference = add(world, due_on=None, timescale="2021 & 2023")
    seen = []

    for _ in range(2):
        report(world, reference, "done", evidence="Report")
        make.act(world, "accept_update", reference)
        document = shown(world, reference)
        seen.append((document["status"], document["due"]))

    assert seen == [("in_progress", "2023"), ("complete", "2023")]


def test_evidence_is_never_lost(world):
    reference = add(world)
    for _ in range(2):
        report(world, reference, "done", evidence="Minutes")

    with reading(world) as session:
        assert [row.text for row in session.exec(select(Evidence))] == ["Minutes", "Minutes"]


def _give_post(session, post, holder):
    held = session.exec(select(Person).where(Person.name == post)).one()
    by = session.exec(select(Person).where(Person.email == holder)).one()
    make.write(session, PostHolding(post_id=held.id, holder_id=by.id, from_on=make.LONG_AGO))
