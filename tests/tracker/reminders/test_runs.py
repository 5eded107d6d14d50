"""One email for a person and morning, whatever runs at once, fails on its way, or comes together that day."""

import re
from collections import Counter

import pytest

from notifications import outbox, sender, writing
from notifications.folder import FolderTransport
from tests.make import act, make_person, make_team, make_world
from tests.statements import each_statement
from tests.tracker.reminders.post import COORDINATOR, OWNER, Post, add, partnership, setting, slots, states
from tests.tracker.reminders.processes import KILLED, killed_after_planning, killed_after_sending, run_together
from tracker.clock import moment_from
from tracker.database import reading, unit_of_work
from tracker.people.links import LinkMaker
from tracker.reminders.jobs import PostRoom, run_due

ON_THE_DAY = "2021-06-16T08:00"
OWNERS = 12
LINKS = LinkMaker("https://tracker.example", "of the tests, and of nothing else: 0123456789")


@pytest.fixture
def world(engine, tmp_path):
    make_world(engine)
    setting(engine, "reminders.tell_new_owner", False)
    return Post(engine, tmp_path / "mail")


def second_partnership(post):
    """Make another partnership in which the same person owns an action, due that day too."""
    with unit_of_work(post.engine) as session:
        make_team(session, "chscp")
    setting(post.engine, "reminders.tell_new_owner", False, of="chscp")
    add(post.engine)
    add(post.engine, at="chscp", by="coordinator@chscp.example")


def owners(post):
    """Make more owners, with an action each; give their addresses."""
    emails = [f"owner{number}@thscp.example" for number in range(1, OWNERS + 1)]
    with unit_of_work(post.engine) as session:
        for email in emails:
            make_person(session, partnership(session), email, "owner")
    for email in emails:
        add(post.engine, owner=email)
    return emails


def got(post):
    """Count the emails in the folder by whom they are for."""
    return Counter(mail["To"] for mail in post.new())


def test_emails_of_a_morning_that_go_together_ask_the_records_together(world, monkeypatch):
    monkeypatch.setattr(writing, "LONGEST_WRITING", 60.0)
    monkeypatch.setattr(sender, "LONGEST_IN_HAND", 60.0)
    emails = owners(world)
    room = PostRoom(world.engine, FolderTransport(world.folder), lambda: moment_from(ON_THE_DAY), LINKS)
    room.plan()
    asked = []
    with each_statement(world.engine, lambda sql, _values: asked.append(" ".join(sql.split()))):
        delivered = room.deliver()

    of_records = [
        sql for sql in asked if sql.startswith("SELECT") and re.search(r"FROM (person|action|conflict)\b", sql)
    ]
    # Whom they are for, from what each is barred, and what she is asked: alone each email asks all three.
    assert (delivered.sent, got(world)) == (OWNERS, dict.fromkeys(emails, 1))
    assert len(of_records) < 2 * OWNERS, of_records


def test_owner_in_two_partnerships_gets_one_email_with_both(world):
    second_partnership(world)

    sent = world.run(ON_THE_DAY)

    assert sent == [f"{OWNER}: 2 actions need an update by 30 June 2021"]
    assert [reference in world.texts()[0] for reference in ("A1", "A2")] == [True, True]


def test_owner_in_partnerships_with_different_hours_gets_her_email_at_the_later(world):
    second_partnership(world)
    setting(world.engine, "reminders.at", "10:15", of="chscp")

    sent = world.runs(["2021-06-16"]), world.runs(["2021-06-16"], at="10:14"), world.runs(["2021-06-16"], at="10:15")

    assert sent == ({}, {}, {"2021-06-16": [f"{OWNER}: 2 actions need an update by 30 June 2021"]})


def test_one_partnership_that_is_closed_for_the_day_does_not_delay_the_other(world):
    second_partnership(world)
    act(
        world.engine,
        "add_closure",
        by="coordinator@chscp.example",
        on="2021-06-16",
        name="Away day",
        partnership="chscp",
        now="2021-06-15T09:00",
    )

    # The closed one has its reminder on the working day before.
    assert world.runs(["2021-06-15", "2021-06-16", "2021-06-17"], at="09:30") == {
        "2021-06-15": [f"{OWNER}: 1 action needs an update by 29 June 2021: A2"],
        "2021-06-16": [f"{OWNER}: 1 action needs an update by 30 June 2021: A1"],
    }


def test_one_person_reads_all_that_is_routine_in_one_email(world):
    case = act(
        world.engine,
        "open_case",
        partnership="thscp",
        known_on="2021-06-01",
        notified_on="2021-06-01",
        reference="TH-9",
    ).reference
    add(world.engine, owner=COORDINATOR, due_on="2021-06-22")
    add(world.engine, at=case, due_on=None, review_on="2021-06-08", timescale="On-going", owner=COORDINATOR)
    act(world.engine, "hold_action", "A1", reason="Court", look_again_on="2021-06-08", now="2021-06-02T09:00")
    add(world.engine, owner=COORDINATOR, due_on="2021-06-22", title=None)

    sent = world.run("2021-06-08T08:00")

    assert sent == [f"{COORDINATOR}: 1 action needs an update by 22 June 2021: A3"]
    assert world.texts() == [
        """1 of your actions needs an update
=================================

Dear Casey Morgan,

Please tell us where this action is by 22 June 2021. Reply to this
email and say: on track, at risk, stuck, done or not mine. If it is
done, say what shows it.

1. DUE SOON. It is due on 22 June 2021.
   A3. Last update: none yet


STATUTORY DATES
---------------

* Case TH-9, Rapid review sent to the national Panel: 22 June 2021.
  10 working days left.


HOLDS TO LOOK AT AGAIN
----------------------

* A1: on hold since 2 June 2021, to look at again on 8 June 2021.

A hold never ends by itself. Release it, or set another day to look
at it again.


ACTIONS TO REVIEW
-----------------

* A2, Share records: to be reviewed on 8 June 2021.

Look again at whether it still works, and reply to this email with
what you found. The business unit records it.


NOT YOURS, OR STUCK?
--------------------

Say so in your reply and we will take it from there.


---
You get this because you have something to do in the partnership’s
learning tracker. You get one such email in a morning at most, and
none when nothing is due.

Official - sensitive. This email holds no details of any child.
Please do not reply with any.
Partnership business unit: coordinator@thscp.example
"""
    ]


def test_titles_stay_out_where_the_partnership_keeps_them_out(world):
    setting(world.engine, "email.titles", False)
    add(world.engine)

    world.run(ON_THE_DAY)

    assert "Share records" not in world.texts()[0]


def test_digest_and_reminders_go_in_one_run_and_the_digest_does_not_count_as_routine(world):
    setting(world.engine, "meetings.invite", False)
    add(world.engine, owner=COORDINATOR)
    act(world.engine, "schedule_meeting", group="exec", on="2021-06-23", now="2021-06-01T09:00")

    # 5 working days before Wednesday 23 June: Wednesday the 16th.
    subject = "Executive meeting 23 June 2021: papers, nothing to respond to"
    assert sorted(world.run(ON_THE_DAY)) == [
        f"{COORDINATOR}: 1 action needs an update by 30 June 2021: A1",
        f"{COORDINATOR}: {subject}",
        f"exec@thscp.example: {subject}",
    ]
    assert world.run("2021-06-16T08:05") == []


def test_what_comes_up_after_the_morning_email_waits_for_the_next_morning(world):
    add(world.engine)
    add(world.engine)
    act(world.engine, "hold_action", "A2", reason="Court", look_again_on="2021-12-01")

    first = world.run(ON_THE_DAY)
    act(world.engine, "release_action", "A2", now="2021-06-16T09:00")

    assert [first, world.run("2021-06-16T09:05"), world.run("2021-06-17T08:00")] == [
        [f"{OWNER}: 1 action needs an update by 30 June 2021: A1"],
        [],
        [f"{OWNER}: 1 action needs an update by 1 July 2021: A2"],
    ]


def test_emails_that_could_not_be_sent_for_two_weeks_become_one(world, tmp_path):
    (tmp_path / "file").touch()
    broken = FolderTransport(tmp_path / "file" / "mail")
    add(world.engine)
    add(world.engine, due_on="2021-07-02")
    days = ("2021-06-16", "2021-06-18", "2021-06-23", "2021-06-25", "2021-06-30")

    counts = [run_due(world.engine, broken, now=moment_from(f"{day}T08:00")) for day in days]
    sent = [world.run(now) for now in ("2021-06-30T12:30", "2021-06-30T12:35", "2021-07-01T08:00", "2021-07-02T08:00")]

    assert [(count["reminders"], count["sent"], count["waiting"]) for count in counts] == [(1, 0, 1)] * 5
    assert sent == [
        [f"{OWNER}: 2 actions need an update by 14 July 2021"],
        [],
        [],
        [f"{OWNER}: 1 action needs an update by 16 July 2021: A2"],
    ]
    assert Counter(state for _, state in states(world.engine)) == {"superseded": 4, "sent": 2}


def test_email_of_yesterday_does_not_go_just_before_todays_but_with_it(world, tmp_path):
    (tmp_path / "file").touch()
    broken = FolderTransport(tmp_path / "file" / "mail")
    add(world.engine)
    add(world.engine, due_on="2021-07-01")
    run_due(world.engine, broken, now=moment_from("2021-06-16T08:00"))

    early = [world.run(now) for now in ("2021-06-17T00:30", "2021-06-17T07:59")]

    assert early == [[], []]
    assert world.run("2021-06-17T08:00") == [f"{OWNER}: 2 actions need an update by 1 July 2021"]


def test_email_of_yesterday_goes_by_itself_where_nothing_else_is_due_that_morning(world, tmp_path):
    (tmp_path / "file").touch()
    broken = FolderTransport(tmp_path / "file" / "mail")
    add(world.engine)
    run_due(world.engine, broken, now=moment_from("2021-06-16T08:00"))

    sent = [world.run(now) for now in ("2021-06-17T07:30", "2021-06-17T08:00", "2021-06-17T08:05")]

    assert sent == [[], [f"{OWNER}: 1 action needs an update by 1 July 2021: A1"], []]


def test_email_that_takes_over_an_earlier_one_is_about_its_records_too(world, tmp_path):
    (tmp_path / "file").touch()
    broken = FolderTransport(tmp_path / "file" / "mail")
    add(world.engine)
    add(world.engine, due_on="2021-07-01")

    for day in ("2021-06-16", "2021-06-17"):
        run_due(world.engine, broken, now=moment_from(f"{day}T08:00"))

    with reading(world.engine) as session:
        found = [(message.state, message.about) for message in outbox.messages(session, about="A1")]
    assert found == [("superseded", "A1"), ("queued", "A1, A2")]


def test_four_processes_at_the_same_moment_send_each_person_one_email(world, database_url, tmp_path):
    emails = owners(world)

    counts = run_together(database_url, tmp_path / "mail", ON_THE_DAY, 4)

    assert got(world) == Counter(emails)
    assert sum(count["reminders"] for count in counts) == OWNERS
    assert sum(count["sent"] for count in counts) == OWNERS
    assert world.run("2021-06-16T08:05") == []


def test_process_killed_while_it_plans_leaves_the_rest_to_the_next_and_each_goes_once(world, database_url):
    emails = owners(world)

    ended = killed_after_planning(database_url, ON_THE_DAY, 5)

    assert (ended, len(states(world.engine)), slots(world.engine)) == (KILLED, 5, [])
    world.seen.clear()
    run_due(world.engine, FolderTransport(world.folder), now=moment_from("2021-06-16T08:05"))
    assert got(world) == Counter(emails)
    assert slots(world.engine) == [("reminders:1", "2021-06-16")]


def test_process_killed_between_sending_and_marking_leaves_one_email(world, database_url):
    emails = owners(world)

    ended = killed_after_sending(database_url, world.folder, ON_THE_DAY)
    first = len(list(world.folder.glob("*.eml")))
    run_due(world.engine, FolderTransport(world.folder), now=moment_from("2021-06-16T08:05"), waits_for_the_dead=True)

    assert (ended, first) == (KILLED, 1)
    assert got(world) == Counter(emails)
    assert set(states(world.engine)) == {("action_reminder", "sent")}
