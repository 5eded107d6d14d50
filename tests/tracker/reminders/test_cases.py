"""What coordinators and agency leads are told of cases: clocks, holds to look at again, returns."""

from datetime import date

import pytest
from sqlmodel import select

from tests.make import act, make_case, make_person, make_world
from tests.tracker.reminders.post import (
    CARE,
    COORDINATOR,
    LEAD,
    OWNER,
    Post,
    add,
    change_person,
    partnership,
    states,
)
from tracker.cases.models import Case, Clock
from tracker.clock import moment_from
from tracker.database import unit_of_work
from tracker.reminders.planning import plan_reminders
from tracker.rows import write
from workflows.dates import PartialDate

STATUTORY = f"{COORDINATOR}: 1 statutory date needs you this week"


@pytest.fixture
def world(engine, tmp_path):
    make_world(engine)
    return Post(engine, tmp_path / "mail")


def notified(engine, reference="TH-2021-001", **facts):
    """Open a case known and notified on Tuesday 1 June 2021: 15 working days lead to Tuesday the 22nd."""
    return make_case(engine, reference, notified_on="2021-06-01", **facts)


def last_words(post):
    """Give what the newest email says after its greeting and before its foot."""
    return post.texts()[-1].partition("\n\n\n")[2].partition("\n\n\n---")[0]


def test_coordinator_is_told_of_a_clock_before_its_day_on_it_and_while_it_is_late(world):
    notified(world.engine)

    sent = world.runs([f"2021-06-{day:02d}" for day in range(1, 31)])

    # Due on Tuesday 22 June: the 8th, the 15th, the day, and a week later.
    assert sent == {f"2021-06-{day:02d}": [STATUTORY] for day in (8, 15, 22, 29)}
    assert last_words(world) == (
        "STATUTORY DATES\n---------------\n\n"
        "* Case TH-2021-001, Rapid review sent to the national Panel:\n  22 June 2021. 5 working days late."
    )


def test_clock_that_is_met_is_not_reminded(world):
    case = notified(world.engine)
    act(world.engine, "convene_panel", case, on="2021-06-02", now="2021-06-02T12:00")
    before = world.run("2021-06-08T08:00")
    act(world.engine, "send_to_national_panel", case, on="2021-06-10", now="2021-06-10T12:00")

    assert (before, world.runs(["2021-06-15", "2021-06-22", "2021-06-29"])) == ([STATUTORY], {})


def test_hold_of_a_case_silences_its_clocks_and_returns_but_not_its_actions(world):
    case = notified(world.engine)
    act(world.engine, "ask_return", case, agency=CARE, due_on="2021-06-22")
    add(world.engine, at=case, due_on="2021-06-22")
    world.run("2021-06-02T08:00")
    act(world.engine, "hold_case", case, by="exec@thscp.example", reason="Inquest", look_again_on="2021-06-17")

    sent = world.runs(["2021-06-08", "2021-06-15", "2021-06-17", "2021-06-22"])

    assert sent == {
        "2021-06-08": [f"{OWNER}: 1 action needs an update by 22 June 2021: A1"],
        "2021-06-15": [f"{OWNER}: 1 action needs an update by 29 June 2021: A1"],
        "2021-06-17": [f"{COORDINATOR}: 1 hold to look at again: TH-2021-001"],
        "2021-06-22": [f"{OWNER}: 1 action needs an update by 6 July 2021: A1"],
    }


def test_release_of_a_case_brings_one_email_and_no_flood(world):
    case = notified(world.engine)
    add(world.engine, at=case, due_on="2021-12-22")
    act(world.engine, "hold_case", case, by="exec@thscp.example", reason="Inquest", look_again_on="2021-12-31")
    world.run("2021-06-02T08:00")
    act(
        world.engine,
        "release_case",
        case,
        by="exec@thscp.example",
        revised_due_on="2021-12-01",
        now="2021-07-01T12:00",
    )

    sent = world.runs(["2021-07-01", "2021-07-02", "2021-07-05", "2021-07-06"], at="12:30")

    # The reminders of 8, 15, 22 and 29 June were silenced: the newest goes, once; the next on the 6th.
    assert sent == {"2021-07-01": [STATUTORY], "2021-07-06": [STATUTORY]}


def test_hold_between_planning_and_sending_takes_the_clock_back(world):
    case = notified(world.engine)
    plan_reminders(world.engine, moment_from("2021-06-08T08:00"))
    act(world.engine, "hold_case", case, by="exec@thscp.example", reason="Inquest", look_again_on="2021-12-31")

    assert (world.run("2021-06-08T08:05"), states(world.engine)) == ([], [("statutory_dates", "superseded")])


def test_leads_of_an_agency_are_asked_for_its_return_until_it_comes(world):
    case = notified(world.engine)
    with unit_of_work(world.engine) as session:
        make_person(session, partnership(session), "deputy@thscp.example", "agency_lead", agency=CARE)
    act(world.engine, "ask_return", case, agency=CARE, due_on="2021-06-21", now="2021-06-03T12:00")
    world.run("2021-06-03T12:05")
    asked = world.run("2021-06-04T08:00") + world.run("2021-06-07T08:00")
    change_person(world.engine, COORDINATOR, absent_from=date(2021, 6, 8), absent_until=date(2021, 6, 22))
    near = world.run("2021-06-14T08:00") + world.run("2021-06-21T08:00")
    act(world.engine, "record_return", case, agency=CARE, on="2021-06-24", now="2021-06-24T12:00")
    after = [line for line in world.run("2021-06-28T08:00") if not line.startswith(COORDINATOR)]

    subject = "Agency return for case TH-2021-001 is due on 21 June 2021"
    both = [f"{LEAD}: {subject}", f"deputy@thscp.example: {subject}"]
    assert (asked, near, after) == (both * 2, both * 2, [])


def test_barred_coordinator_and_lead_hear_nothing_of_a_case(world):
    case = notified(world.engine)
    act(world.engine, "ask_return", case, agency=CARE, due_on="2021-06-22")
    with unit_of_work(world.engine) as session:
        make_person(session, partnership(session), "second@thscp.example", "coordinator")
    for person in (COORDINATOR, LEAD):
        act(world.engine, "declare_conflict", case, by=person, person=person, reason="Family")

    assert world.runs(["2021-06-02", "2021-06-08"]) == {
        "2021-06-08": ["second@thscp.example: 1 statutory date needs you this week"]
    }


def test_coordinator_who_opted_out_still_gets_what_is_statutory(world):
    make_case(world.engine)
    notified(world.engine, "TH-2021-002")
    change_person(world.engine, COORDINATOR, opted_out=True)

    sent = world.runs(["2021-06-08", "2021-06-15"])

    # Known on 1 June and not notified: 5 working days lead to the 8th, by statute. The rapid review is guidance.
    assert sent == {"2021-06-08": [STATUTORY], "2021-06-15": [STATUTORY]}
    assert "Notify the national Panel" in world.texts()[0]
    assert "TH-2021-002" not in "".join(world.texts())


def test_corrected_event_is_reminded_of_by_its_new_date(world):
    case = notified(world.engine)
    world.run("2021-06-08T08:00")
    act(
        world.engine,
        "correct_event",
        case,
        event="notification",
        on="2021-06-03",
        reason="Typed wrongly",
        now="2021-06-08T12:00",
    )

    # 15 working days after Thursday the 3rd: Thursday the 24th, and a week before it the 17th.
    days = ["2021-06-09", "2021-06-10", "2021-06-15", "2021-06-17", "2021-06-22", "2021-06-24"]
    assert list(world.runs(days)) == ["2021-06-10", "2021-06-17", "2021-06-24"]


def test_closed_and_loaded_cases_mail_nobody(world):
    case = make_case(world.engine)
    act(world.engine, "close_case", case, reason="Not to be notified", now="2021-06-02T12:00")
    notified(world.engine, "TH-2021-002")
    with unit_of_work(world.engine) as session:
        loaded = session.exec(select(Case).where(Case.reference == "TH-2021-002")).one()
        loaded.loaded_id = "th/2"
        session.add(loaded)

    assert world.runs(["2021-06-08", "2021-06-15", "2021-06-22"]) == {}


def test_reflection_is_named_in_the_subject(world):
    case = notified(world.engine)
    act(world.engine, "convene_panel", case, on="2021-06-02", now="2021-06-02T12:00")
    act(world.engine, "send_to_national_panel", case, on="2021-06-03", now="2021-06-03T12:00")
    start, due = PartialDate.parse("2021-01-14"), PartialDate.parse("2021-07-14")
    reflection = {"code": "reflection_6m", "name": "Six-month reflection", "kind": "local", "start": start}
    with unit_of_work(world.engine) as session:
        found = session.exec(select(Case)).one()
        write(
            session,
            Clock(case_id=found.id, **reflection, amount=6, unit="months", original_due=due, due=due),
        )

    sent = world.runs(["2021-06-29", "2021-06-30", "2021-07-07", "2021-07-14"])

    subject = "Six-month reflection for case TH-2021-001 is due on 14 July 2021"
    assert sent == {day: [f"{COORDINATOR}: {subject}"] for day in ("2021-06-30", "2021-07-07", "2021-07-14")}
