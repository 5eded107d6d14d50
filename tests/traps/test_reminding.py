"""Traps in which other trackers fell, as tests with their numbers: who is reminded, how often, and when no more."""

from datetime import date

import pytest
from sqlmodel import col, select

from tests.make import act, make_action, make_agency, make_case, make_person
from tests.tracker.reminders.post import (
    CARE,
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
from tests.tracker.reminders.test_days import days
from tracker.actions.models import Action
from tracker.clock import london_day, moment_from
from tracker.database import reading, unit_of_work
from tracker.loading.people import NewPerson, add_person
from tracker.people.doer import doer_by_email
from tracker.reminders import by_hand
from tracker.reminders.models import RungTold
from tracker.showing.jobs import list_jobs
from workflows.action import ActionStatus

OWNERS = tuple(f"owner{number}@thscp.example" for number in range(1, 4))
COLLEAGUE = "colleague@thscp.example"
ASKED = f"{OWNER}: 1 action needs an update by 30 June 2021: A1"
ON_THE_DAY = "2021-06-16T08:00"


def people(post: Post, *emails: str, **values: object) -> None:
    with unit_of_work(post.engine) as session:
        for email in emails:
            make_person(session, partnership(session), email, "owner", **values)


def jobs(post: Post, now: str) -> list[tuple[str, str]]:
    with reading(post.engine) as session:
        return [(job["code"], job["sentence"]) for job in list_jobs(session, {}, None, moment_from(now))]


def test_trap_01_scheduler_down_for_three_days_then_up_each_owner_gets_one_mail_with_the_newest_rung(post):
    setting(post.engine, "reminders.before", [3, 2, 1])
    people(post, *OWNERS)
    for owner in OWNERS:
        add(post.engine, owner=owner, due_on="2021-06-25")
        add(post.engine, owner=owner, due_on="2021-06-28")
    before = post.run("2021-06-21T08:00")

    # Nobody ran what was due on the 22nd, 23rd and 24th; on Friday the service is up again at half past ten.
    sent = [post.run(f"2021-06-25T{at}") for at in ("10:30", "10:31", "12:00")]

    with reading(post.engine) as session:
        told = session.exec(select(RungTold.name, RungTold.day).order_by(col(RungTold.id))).all()
    assert before == []
    assert sent == [[f"{owner}: 2 actions need an update by 9 July 2021" for owner in OWNERS], [], []]
    # Due that day; and the day before Monday the 28th, for which the Friday stands. No rung that was missed is told.
    assert [(name, day.isoformat()) for name, day in told] == [("due", "2021-06-25"), ("before-1", "2021-06-25")] * 3


def report_done(post: Post) -> None:
    act(post.engine, "update_action", "A1", by=OWNER, report="done", evidence="Minutes", now="2021-06-15T12:00")


def done_by_a_colleague(post: Post) -> None:
    act(post.engine, "complete_action", "A1", on="2021-06-14", evidence="Minutes", now="2021-06-15T12:00")


def withdrawn(post: Post) -> None:
    act(post.engine, "end_action", "A1", how="not_taken_forward", reason="No need", now="2021-06-15T12:00")


def on_hold(post: Post) -> None:
    act(post.engine, "hold_action", "A1", reason="Court", look_again_on="2021-12-01", now="2021-06-15T12:00")


def opted_out(post: Post) -> None:
    change_person(post.engine, OWNER, opted_out=True)


def merged(post: Post) -> None:
    with unit_of_work(post.engine) as session:
        action = session.exec(select(Action)).one()
        action.status = ActionStatus.MERGED.value
        session.add(action)


@pytest.mark.parametrize("ended", [done_by_a_colleague, report_done, withdrawn, merged, on_hold, opted_out])
def test_trap_06_no_further_mail_once_an_action_is_over_on_hold_or_its_owner_opted_out(post, ended):
    add(post.engine)
    first = post.run(ON_THE_DAY)
    ended(post)

    assert (first, post.runs(["2021-06-23", "2021-06-30", "2021-07-07"])) == ([ASKED], {})


def test_trap_06_no_further_mail_of_a_closed_or_paused_case_but_its_returns_are_chased_if_chosen(post):
    for case in ("CLOSED", "PAUSED"):
        make_case(post.engine, case)
    act(post.engine, "record_notification", "PAUSED", notified_on="2021-06-02", now="2021-06-02T12:00")
    act(post.engine, "ask_return", "PAUSED", agency=CARE, due_on="2021-06-22", now="2021-06-02T12:00")
    act(post.engine, "close_case", "CLOSED", reason="Not to be notified", now="2021-06-02T12:00")
    held = {"reason": "Inquest", "look_again_on": "2021-12-01", "now": "2021-06-02T13:00"}
    act(post.engine, "hold_case", "PAUSED", by="exec@thscp.example", **held)
    silent = post.runs(["2021-06-03", "2021-06-08", "2021-06-09", "2021-06-15", "2021-06-22", "2021-06-23"])
    now = moment_from("2021-06-25T12:00")

    with unit_of_work(post.engine) as session:
        coordinator = doer_by_email(session, COORDINATOR, london_day(now))
        told = by_hand.remind_of_return(session, "PAUSED", CARE, now=now, by=coordinator)

    assert (silent, told) == ({}, ["Lee Agnew"])
    assert post.run("2021-06-25T12:01") == [f"{LEAD}: Agency return for case PAUSED was due on 22 June 2021"]
    assert post.runs(["2021-06-28", "2021-06-29"]) == {}


def test_trap_07_due_date_moved_voids_the_old_rungs_plans_new_ones_and_tells_the_owner_once(post):
    add(post.engine)
    post.run(ON_THE_DAY)
    act(post.engine, "move_due_date", "A1", due_on="2021-07-28", reason="More to do", now="2021-06-22T12:00")

    old, new = ["2021-06-22", "2021-06-23", "2021-06-30", "2021-07-07"], ["2021-07-14", "2021-07-21", "2021-07-28"]
    sent = post.runs([*old, *new], at="12:30")

    # 23 and 30 June and 7 July were rungs of the old date. 28 July less 14 and 7 days.
    assert sent == {
        "2021-06-23": [f"{OWNER}: 1 action has a new date: A1"],
        "2021-07-14": [f"{OWNER}: 1 action needs an update by 28 July 2021: A1"],
        "2021-07-21": [f"{OWNER}: 1 action needs an update by 4 August 2021: A1"],
        "2021-07-28": [f"{OWNER}: 1 action needs an update by 11 August 2021: A1"],
    }


def test_trap_08_action_created_inside_a_rung_window_skips_that_rung(post):
    # Due on 30 June, made on the 18th: fourteen days before was the 16th.
    add(post.engine, now="2021-06-18T12:00")

    sent = post.runs(["2021-06-18", "2021-06-21", "2021-06-23", "2021-06-24", "2021-06-30"], at="12:30")

    assert list(sent) == ["2021-06-23", "2021-06-30"]


def test_trap_12_hold_survives_reassignment_never_ends_by_itself_and_ending_it_early_restores_the_rungs(post):
    people(post, COLLEAGUE)
    add(post.engine)
    held = {"reason": "Court", "look_again_on": "2021-06-21", "now": "2021-06-10T12:00"}
    act(post.engine, "hold_action", "A1", **held)
    act(post.engine, "reassign_action", "A1", owner=COLLEAGUE, reason="Moved on", now="2021-06-11T12:00")

    paused = post.runs(["2021-06-11", "2021-06-16", "2021-06-21", "2021-06-22", "2021-06-23"])
    act(post.engine, "release_action", "A1", now="2021-06-27T12:00")
    restored = post.runs(["2021-06-28", "2021-06-29", "2021-06-30", "2021-07-07"])

    # On its day and a week later the coordinator is asked to look again (K14); whoever owns it hears nothing.
    asked = [f"{COORDINATOR}: 1 hold to look at again: A1"]
    assert paused == {"2021-06-21": asked}
    assert restored == {
        # That of the 23rd was silenced: the newest goes once, and then each on its day.
        "2021-06-28": [f"{COLLEAGUE}: 1 action needs an update by 12 July 2021: A1"],
        "2021-06-30": [f"{COLLEAGUE}: 1 action needs an update by 14 July 2021: A1"],
        "2021-07-07": [f"{COLLEAGUE}: 1 action needs an update by 21 July 2021: A1"],
    }


def test_trap_16_person_without_an_address_is_a_job_of_the_coordinator(post):
    with unit_of_work(post.engine) as session:
        make_person(session, partnership(session), None, "owner", name="Head of Grove School")
    add(post.engine, owner="Head of Grove School")

    assert post.runs(["2021-06-16", "2021-06-30", "2021-07-07"]) == {}
    assert jobs(post, ON_THE_DAY) == [
        (
            "cannot_be_reminded",
            "Give Head of Grove School an email address, or pass A1 to somebody who has one.",
        )
    ]


def test_trap_16_shared_mailbox_is_one_reader_who_gets_one_mail_for_both(post):
    with unit_of_work(post.engine) as session:
        for name in ("Duty desk", "Duty desk, evenings"):
            new = NewPerson(name, "thscp", roles=("owner",), email="duty@thscp.example")
            add_person(session, new, moment_from("2021-06-01T12:00"))
    add(post.engine, owner="duty@thscp.example")
    add(post.engine, owner="duty@thscp.example")

    assert post.run(ON_THE_DAY) == ["duty@thscp.example: 2 actions need an update by 30 June 2021"]


def test_trap_16_two_agencies_with_one_person_each_ask_no_one_to_help_herself(post):
    leads = ("grove@thscp.example", "park@thscp.example")
    with unit_of_work(post.engine) as session:
        here = partnership(session)
        for lead in leads:
            agency = make_agency(session, here, f"{lead.split('@')[0].title()} School")
            person = make_person(session, here, lead, "agency_lead", "owner", agency=agency)
            given = {"agency_id": agency.id, "made_on": date(2021, 6, 1), "owner_since": date(2021, 6, 1)}
            make_action(session, here, owner_id=person.id, due="2021-06-30", **given)

    wednesdays = [day for day in days("2021-06-16", "2021-08-25") if date.fromisoformat(day).weekday() == 2]
    sent = post.runs(wednesdays)

    # Eight reminders to each, none to her as the lead who is to help, and then a job.
    assert {kind for kind, _ in states(post.engine)} == {"action_reminder"}
    assert [len(emails) for emails in sent.values()] == [2] * 8
    assert [code for code, _ in jobs(post, "2021-08-25T12:00")] == ["unanswered"] * 2
