"""Whom no reminder reaches, and why; and what she is told when that is over."""

from datetime import date

import pytest
from sqlmodel import select

from tests.make import act, make_action, make_agency, make_case, make_person, make_world
from tests.tracker.reminders.post import (
    COORDINATOR,
    LEAD,
    OWNER,
    Post,
    add,
    change_person,
    partnership,
    setting,
    states,
)
from tracker.clock import moment_from
from tracker.database import reading, unit_of_work
from tracker.loading.leaving import end_person
from tracker.people.models import Person, PostHolding
from tracker.reminders.planning import plan_reminders
from tracker.rows import write
from tracker.showing.jobs import list_jobs

ASKED = f"{OWNER}: 1 action needs an update by 30 June 2021: A1"
WEEK_LATER = f"{OWNER}: 1 action needs an update by 7 July 2021: A1"
ON_THE_DAY = "2021-06-16T08:00"


def to_owner(sent):
    """Leave out what the coordinator reads of the case."""
    return [line for line in sent if line.startswith(OWNER)]


@pytest.fixture
def world(engine, tmp_path):
    make_world(engine)
    setting(engine, "reminders.tell_new_owner", False)
    return Post(engine, tmp_path / "mail")


def hold(engine):
    act(engine, "hold_action", "A1", reason="Court", look_again_on="2021-12-01", now="2021-06-15T12:00")


def report_done(engine):
    act(engine, "update_action", "A1", by=OWNER, report="done", evidence="Minutes", now="2021-06-15T12:00")


def complete(engine):
    act(engine, "complete_action", "A1", on="2021-06-14", evidence="Minutes", now="2021-06-15T12:00")


def end(engine):
    act(engine, "end_action", "A1", how="not_taken_forward", reason="Merged", now="2021-06-15T12:00")


def declare_conflict(engine):
    act(engine, "declare_conflict", "TH-2021-001", person=OWNER, reason="Family", now="2021-06-15T12:00")


def opt_out(engine):
    change_person(engine, OWNER, opted_out=True)


def be_away(engine):
    change_person(engine, OWNER, absent_from=date(2021, 6, 14), absent_until=date(2021, 6, 18))


def lose_address(engine):
    change_person(engine, OWNER, email=None)


def leave(engine):
    change_person(engine, OWNER, ended_on=date(2021, 6, 14))


WHY = [hold, report_done, complete, end, declare_conflict, opt_out, be_away, lose_address, leave]


@pytest.mark.parametrize("happens", WHY)
def test_no_reminder_goes_where_there_is_a_reason_for_none(world, happens):
    case = make_case(world.engine)
    add(world.engine, sources=[case])
    happens(world.engine)

    assert to_owner(world.run(ON_THE_DAY)) == []


@pytest.mark.parametrize("happens", WHY)
def test_planned_reminder_is_taken_back_when_the_reason_comes_before_its_delivery(world, happens):
    case = make_case(world.engine)
    add(world.engine, sources=[case])
    plan_reminders(world.engine, moment_from(ON_THE_DAY))
    happens(world.engine)

    sent = world.run("2021-06-16T08:05")

    assert to_owner(sent) == []
    assert [state for kind, state in states(world.engine) if kind == "action_reminder"] == ["superseded"]


def test_reassigned_action_is_not_asked_of_its_former_owner(world):
    with unit_of_work(world.engine) as session:
        make_person(session, partnership(session), "next@thscp.example", "owner", name="Nora Next")
    add(world.engine)
    plan_reminders(world.engine, moment_from(ON_THE_DAY))
    act(world.engine, "reassign_action", "A1", owner="next@thscp.example", reason="Moved", now="2021-06-16T08:01")

    sent = [world.run("2021-06-16T08:05"), world.run("2021-06-17T08:00"), world.run("2021-06-23T08:00")]

    # Hers from the 16th: what went before is not counted, and the next is that of the 23rd.
    assert sent == [[], [], ["next@thscp.example: 1 action needs an update by 7 July 2021: A1"]]


def test_only_what_still_holds_is_asked_when_one_of_two_is_complete_meanwhile(world):
    add(world.engine)
    add(world.engine)
    plan_reminders(world.engine, moment_from(ON_THE_DAY))
    complete(world.engine)

    assert world.run("2021-06-16T08:05") == [f"{OWNER}: 1 action needs an update by 30 June 2021: A2"]


def test_released_action_is_asked_about_once_and_not_for_every_reminder_missed(world):
    add(world.engine)
    hold(world.engine)
    sent = [world.run(now) for now in (ON_THE_DAY, "2021-06-23T08:00", "2021-06-30T08:00", "2021-07-07T08:00")]
    act(world.engine, "release_action", "A1", now="2021-07-08T12:00")

    after = world.runs(["2021-07-08", "2021-07-09", "2021-07-12", "2021-07-13", "2021-07-14"], at="12:30")

    assert sent == [[], [], [], []]
    assert after == {
        "2021-07-08": [f"{OWNER}: 1 action needs an update by 22 July 2021: A1"],
        "2021-07-14": [f"{OWNER}: 1 action needs an update by 28 July 2021: A1"],
    }


def test_coordinator_is_asked_to_look_again_at_an_action_on_hold(world):
    add(world.engine)
    act(world.engine, "hold_action", "A1", reason="Court", look_again_on="2021-06-20", now="2021-06-15T12:00")

    sent = world.runs(["2021-06-16", "2021-06-17", "2021-06-18", "2021-06-21", "2021-06-25"])

    # 20 June 2021 is a Sunday: the Friday before, and a week after the Sunday the Friday before again.
    assert sent == {
        "2021-06-18": [f"{COORDINATOR}: 1 hold to look at again: A1"],
        "2021-06-25": [f"{COORDINATOR}: 1 hold to look at again: A1"],
    }


def test_owner_is_asked_again_when_her_update_was_asked_back(world):
    add(world.engine)
    act(world.engine, "update_action", "A1", by=OWNER, report="on_track", now="2021-06-14T12:00")
    world.run(ON_THE_DAY)
    act(world.engine, "query_update", "A1", reason="Which teams?", now="2021-06-17T12:00")

    sent = world.runs(["2021-06-17", "2021-06-18", "2021-06-23"], at="13:00")

    assert sent == {
        "2021-06-17": [
            f"{OWNER}: 1 action needs an update by 1 July 2021: A1",
            f"{OWNER}: A question about your update to A1",
        ],
        "2021-06-23": [WEEK_LATER],
    }


def test_owner_who_answered_is_asked_again_by_the_next_reminder_only(world):
    add(world.engine)
    world.run(ON_THE_DAY)
    act(world.engine, "update_action", "A1", by=OWNER, report="on_track", now="2021-06-23T07:30")
    act(world.engine, "accept_update", "A1", now="2021-06-23T07:45")

    sent = world.runs(["2021-06-23", "2021-06-24", "2021-06-30"])

    assert sent == {"2021-06-30": [f"{OWNER}: 1 action needs an update by 14 July 2021: A1"]}


def test_owner_back_from_an_absence_gets_the_newest_reminder(world):
    add(world.engine)
    be_away(world.engine)

    sent = world.runs(["2021-06-16", "2021-06-17", "2021-06-18", "2021-06-21", "2021-06-22"])

    assert sent == {"2021-06-21": [f"{OWNER}: 1 action needs an update by 5 July 2021: A1"]}


def test_holder_of_a_post_is_reminded_from_the_day_she_holds_it(world):
    with unit_of_work(world.engine) as session:
        here = partnership(session)
        post = make_person(session, here, None, "owner", name="Named Nurse", kind="post")
        make_action(session, here, owner_id=post.id, due="2021-06-30", title="Brief staff")
    before = world.run(ON_THE_DAY)
    with unit_of_work(world.engine) as session:
        holder = make_person(session, partnership(session), "nurse@thscp.example", "owner", name="Nadia Nurse")
        post = session.exec(select(Person).where(Person.name == "Named Nurse")).one()
        write(session, PostHolding(post_id=post.id, holder_id=holder.id, from_on=date(2021, 6, 17)))

    sent = world.runs(["2021-06-17", "2021-06-18", "2021-06-23"])

    assert (before, sent) == ([], {"2021-06-23": ["nurse@thscp.example: 1 action needs an update by 7 July 2021: A1"]})


def test_successor_of_a_leaver_is_told_of_her_actions_and_reminded(world):
    setting(world.engine, "reminders.tell_new_owner", True, now="2021-01-05T09:00")
    with unit_of_work(world.engine) as session:
        make_person(session, partnership(session), "next@thscp.example", "owner", name="Nora Next")
    add(world.engine)
    world.run("2021-06-02T08:00")
    with unit_of_work(world.engine) as session:
        end_person(session, OWNER, "next@thscp.example", moment_from("2021-06-17T12:00"))

    sent = world.runs(["2021-06-17", "2021-06-18", "2021-06-21", "2021-06-23"], at="12:30")

    assert sent == {
        "2021-06-18": ["next@thscp.example: 1 new action for you: A1"],
        "2021-06-23": ["next@thscp.example: 1 action needs an update by 7 July 2021: A1"],
    }


def test_owner_without_an_address_stands_in_the_coordinators_list(world):
    with unit_of_work(world.engine) as session:
        here = partnership(session)
        agency = make_agency(session, here, "Grove School")
        make_person(session, here, None, "owner", name="Head of Grove School", agency=agency)
    add(world.engine, owner="Head of Grove School")

    sent = world.run(ON_THE_DAY)
    with reading(world.engine) as session:
        jobs = list_jobs(session, {}, None, moment_from(ON_THE_DAY))

    assert sent == []
    assert [(job["code"], job["sentence"]) for job in jobs] == [
        (
            "cannot_be_reminded",
            "Give Head of Grove School an email address, or pass A1 to somebody who has one. "
            "No lead of the agency can be asked by email.",
        )
    ]


def test_nobody_is_mailed_about_what_was_loaded(world):
    with unit_of_work(world.engine) as session:
        here = partnership(session)
        owner = session.exec(select(Person).where(Person.email == OWNER)).one()
        make_action(session, here, owner_id=owner.id, due="2021-06-30", loaded_id="th/1")

    assert world.runs(["2021-06-02", "2021-06-16", "2021-06-30", "2021-07-07"]) == {}


def test_loaded_action_that_was_passed_on_in_the_service_is_reminded(world):
    with unit_of_work(world.engine) as session:
        make_action(session, partnership(session), due="2021-06-30", loaded_id="th/1")
    act(world.engine, "reassign_action", "A1", owner=OWNER, reason="Hers now", now="2021-06-08T12:00")

    assert world.runs(["2021-06-09", "2021-06-16"]) == {"2021-06-16": [ASKED]}


def test_lead_who_owns_an_action_herself_is_reminded_as_an_owner(world):
    add(world.engine, owner=LEAD)

    assert world.run(ON_THE_DAY) == [f"{LEAD}: 1 action needs an update by 30 June 2021: A1"]
