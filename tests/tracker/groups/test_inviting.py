"""Members hear of their meetings in one email a day, with a file that their calendars read, and of nothing typed."""

from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar, Event
from sqlalchemy import Engine
from sqlmodel import select

from notifications import outbox
from notifications.folder import FolderTransport
from tests.make import act, make_person, make_world
from tracker.clock import moment_from
from tracker.database import reading, unit_of_work
from tracker.groups.models import Partnership
from tracker.people.links import LinkMaker
from tracker.people.models import Person
from tracker.reminders.jobs import run_due

MONDAY, TUESDAY = "2021-02-01T09:00", "2021-02-02T08:00"
EXEC, SECOND = "exec@thscp.example", "health@thscp.example"
LINKS = LinkMaker("https://tracker.example", "s" * 40)


@pytest.fixture
def world(sqlite_engine: Engine) -> Engine:
    return _peopled(sqlite_engine)


@pytest.fixture
def each_world(engine: Engine) -> Engine:
    return _peopled(engine)


def _peopled(engine: Engine) -> Engine:
    make_world(engine)
    with unit_of_work(engine) as session:
        here = session.exec(select(Partnership)).one()
        make_person(session, here, SECOND, "owner", name="Hana Ostrow", groups=["exec"])
    return engine


def _plans(world: Engine, on: str = "2021-03-02", now: str = MONDAY, **facts: Any) -> str:
    return act(world, "schedule_meeting", group="exec", on=on, now=now, place="Zither Room", **facts).reference


def _sent(world: Engine, folder: Path, now: str, to: str = EXEC) -> list[EmailMessage]:
    """Give the emails about meetings that go to somebody at a moment, as they travel."""
    before = set(folder.glob("*.eml"))
    run_due(world, FolderTransport(folder), now=moment_from(now), links=LINKS)
    files = sorted(set(folder.glob("*meeting_dates.eml")) - before)
    letters = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    return [letter for letter in letters if isinstance(letter, EmailMessage) and letter["To"] == to]


def _calendar(letter: EmailMessage) -> tuple[str, list[Event]]:
    """Give the method under which the calendar part travels, which is that of the calendar in it, and its events."""
    [part] = letter.iter_attachments()
    calendar = Calendar.from_ical(part.get_content())
    assert (part.get_content_type(), part.get_filename()) == ("text/calendar", "meetings.ics")
    assert part["Content-Type"].params["method"] == str(calendar["method"])
    return str(calendar["method"]), calendar.walk("VEVENT")


def test_members_are_asked_to_a_meeting_on_the_next_morning_and_told_nothing_that_was_typed(
    world: Engine, tmp_path: Path
) -> None:
    _plans(world, at="14:00")

    before, hers, another = (
        _sent(world, tmp_path, MONDAY),
        _sent(world, tmp_path, TUESDAY),
        sorted(tmp_path.glob("*meeting_dates.eml")),
    )

    [letter] = hers
    method, [event] = _calendar(letter)
    assert (before, len(another)) == ([], 2)
    assert letter["Subject"] == "Executive Group: meeting on Tuesday 2 March 2021 at 2pm"
    assert (method, str(event["uid"]), event["sequence"]) == ("REQUEST", "m1@tracker.example", 0)
    assert (str(event["organizer"]), str(event["attendee"])) == ("mailto:coordinator@thscp.example", f"mailto:{EXEC}")
    assert (str(event["summary"]), str(event["status"])) == ("Executive Group (M1)", "CONFIRMED")
    assert event.decoded("dtstart").astimezone(UTC) == datetime(2021, 3, 2, 14, tzinfo=UTC)
    assert "Zither" not in another[0].read_text() + event.to_ical().decode()
    assert "M1: https://tracker.example/meetings/M1" in letter.get_body(("plain",)).get_content()


def test_series_is_one_email_with_one_file_that_holds_all_of_it(world: Engine, tmp_path: Path) -> None:
    _plans(world, series={"every_weeks": 4, "until": "2022-01-31"})

    [letter] = _sent(world, tmp_path, TUESDAY)

    method, events = _calendar(letter)
    assert letter["Subject"] == "Executive Group: 12 meetings arranged"
    assert (method, len({str(event["uid"]) for event in events})) == ("PUBLISH", 12)


def test_what_is_moved_or_cancelled_before_the_email_went_is_told_as_it_stands(world: Engine, tmp_path: Path) -> None:
    for on in ("2021-03-02", "2021-03-09"):
        _plans(world, on)
    act(world, "move_meeting", "M1", on="2021-03-16", now=MONDAY)
    act(world, "cancel_meeting", "M2", reason="Quince", now=MONDAY)

    [letter] = _sent(world, tmp_path, TUESDAY)

    assert letter["Subject"] == "Executive Group: meeting on Tuesday 16 March 2021 at 10am"
    assert [str(event["uid"]) for event in _calendar(letter)[1]] == ["m1@tracker.example"]
    assert _sent(world, tmp_path, "2021-02-03T08:00") == []


def test_moves_and_cancellations_of_a_day_are_one_email(each_world: Engine, tmp_path: Path) -> None:
    for on in ("2021-03-02", "2021-03-09", "2021-04-06"):
        _plans(each_world, on)
    _sent(each_world, tmp_path, TUESDAY)
    act(each_world, "move_meeting", "M1", on="2021-03-16", now="2021-02-03T09:00")
    act(each_world, "move_meeting", "M1", on="2021-03-18", now="2021-02-03T10:00")
    act(each_world, "cancel_meeting", "M2", reason="Quince", now="2021-02-03T11:00")
    for on in ("2021-04-07", "2021-04-06"):
        act(each_world, "move_meeting", "M3", on=on, now="2021-02-03T12:00")

    [letter] = _sent(each_world, tmp_path, "2021-02-04T08:00")

    method, events = _calendar(letter)
    text = " ".join(letter.get_body(("plain",)).get_content().split())
    assert letter["Subject"] == "Executive Group: 2 meetings arranged, moved or cancelled"
    assert "(M1), Thursday 18 March 2021 at 10am. It was to be on Tuesday 2 March 2021 at 10am." in text
    assert "(M2), Tuesday 9 March 2021 at 10am." in text
    assert ("M3" in text, "Quince" in text) == (False, False)
    assert (method, [(str(one["uid"]), str(one["status"]), one["sequence"]) for one in events]) == (
        "PUBLISH",
        [("m2@tracker.example", "CANCELLED", 1), ("m1@tracker.example", "CONFIRMED", 2)],
    )


def test_one_meeting_that_is_cancelled_is_taken_back_from_the_calendar(world: Engine, tmp_path: Path) -> None:
    _plans(world)
    _sent(world, tmp_path, TUESDAY)
    act(world, "cancel_meeting", "M1", reason="Quince", now="2021-02-03T09:00")

    [letter] = _sent(world, tmp_path, "2021-02-04T08:00")

    method, [event] = _calendar(letter)
    assert letter["Subject"] == "Executive Group: meeting on Tuesday 2 March 2021 at 10am is cancelled"
    assert (method, str(event["status"]), event["sequence"]) == ("CANCEL", "CANCELLED", 1)


def test_meeting_soon_is_told_at_once(world: Engine, tmp_path: Path) -> None:
    _plans(world, "2021-02-02", now=MONDAY)

    [letter] = _sent(world, tmp_path, MONDAY)

    assert letter["Subject"] == "Executive Group: meeting on Tuesday 2 February 2021 at 10am"


def test_end_of_a_series_and_of_a_group_take_its_meetings_back(world: Engine, tmp_path: Path) -> None:
    act(world, "add_group", "thscp", code="task", name="Task group", now=MONDAY)
    act(world, "add_member", "thscp", group="task", person=EXEC, now=MONDAY)
    act(
        world,
        "schedule_meeting",
        group="task",
        on="2021-03-02",
        series={"every_weeks": 4, "until": "2021-04-30"},
        now=MONDAY,
    )
    _sent(world, tmp_path, TUESDAY)
    act(world, "end_series", "M2", reason="Quince", now="2021-02-03T09:00")
    act(world, "end_group", "thscp", group="task", reason="Its work is done", now="2021-02-03T10:00")

    [letter] = _sent(world, tmp_path, "2021-02-04T08:00")

    assert letter["Subject"] == "Task group: 3 meetings cancelled"


@pytest.mark.parametrize("why", ["opted out", "away", "left the group", "left", "no address", "not wanted here"])
def test_nobody_is_told_who_is_not_to_be_written_to(world: Engine, tmp_path: Path, why: str) -> None:
    _plans(world)
    if why == "left the group":
        act(world, "end_member", "thscp", group="exec", person=SECOND, now=MONDAY)
    elif why == "not wanted here":
        act(world, "change_setting", "thscp", key="meetings.invite", value=False, now=MONDAY)
    with unit_of_work(world) as session:
        second = session.exec(select(Person).where(Person.email == SECOND)).one()
        second.opted_out = why == "opted out"
        second.absent_from = date(2021, 2, 1) if why == "away" else None
        second.ended_on = date(2021, 2, 1) if why == "left" else None
        second.email = None if why == "no address" else SECOND

    assert _sent(world, tmp_path, TUESDAY, SECOND) == []


def test_who_is_away_hears_of_it_when_she_is_back(world: Engine, tmp_path: Path) -> None:
    with unit_of_work(world) as session:
        second = session.exec(select(Person).where(Person.email == SECOND)).one()
        second.absent_from, second.absent_until = date(2021, 1, 25), date(2021, 2, 5)
    _plans(world)

    early, later = (_sent(world, tmp_path, at, SECOND) for at in (TUESDAY, "2021-02-08T08:00"))

    assert (early, [letter["Subject"] for letter in later]) == (
        [],
        ["Executive Group: meeting on Tuesday 2 March 2021 at 10am"],
    )


def test_meeting_that_is_over_by_then_is_not_told(world: Engine, tmp_path: Path) -> None:
    _plans(world)

    assert _sent(world, tmp_path, "2021-03-03T08:00") == []
    with reading(world) as session:
        assert {one.state for one in outbox.messages(session, kind="meeting_dates")} == {"superseded"}
