"""Calendars: read at an address that its holder ends, with ids that stay and numbers that grow; references alone."""

import re
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import pytest
from icalendar import Calendar

from tests.make import act, make_case
from tests.tracker.web.visitor import Visitor
from tracker.database import unit_of_work
from tracker.people.queries import person_by_email


def _meet(world, group="exec", on="2021-06-08"):
    return act(world, "schedule_meeting", now="2021-04-01T09:00", group=group, on=on, place="Room 4").reference


def _address(visitor):
    """Make an address as somebody does on her account, and give its path."""
    return urlsplit(re.search(r"http\S+\.ics", _sends(visitor, "/account/calendar").words)[0]).path


def _sends(visitor, action):
    account = visitor.opens("/account")
    return visitor.sends_form(account, next(form for form in account.forms if form["action"] == action))


def _events(base, path):
    with Visitor(base) as calendar:
        answer = calendar.http.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    return {str(event["uid"]): event for event in Calendar.from_ical(answer.content).walk("VEVENT")}


def test_calendar_holds_the_meetings_of_her_groups_and_follows_their_moves(world, as_, base):
    for group in ("exec", "qap"):
        _meet(world, group)
    address = _address(as_("exec"))
    before = _events(base, address)

    act(world, "move_meeting", "M1", on="2021-06-10", at="14:00")
    act(world, "cancel_meeting", "M2", reason="Half of us are away")
    after = _events(base, address)

    [uid] = before
    event = after[uid]
    assert uid.startswith("m1@")
    assert (str(event["summary"]), str(event["location"]), str(event["status"])) == (
        "Executive Group (M1)",
        "Room 4",
        "CONFIRMED",
    )
    assert (before[uid]["sequence"], event["sequence"]) == (0, 1)
    # Summer time: two in the afternoon is one by UTC.
    assert event.decoded("dtstart").astimezone(UTC) == datetime(2021, 6, 10, 13, tzinfo=UTC)


def test_cancelled_meeting_is_told_to_calendars(world, as_, base):
    _meet(world)
    address = _address(as_("exec"))

    act(world, "cancel_meeting", "M1", reason="A reason for nobody's calendar")

    [event] = _events(base, address).values()
    assert (str(event["status"]), "nobody" in event.to_ical().decode()) == ("CANCELLED", False)


def test_coordinator_has_statutory_dates_and_an_owner_her_actions_but_nothing_that_a_conflict_bars(world, as_, base):
    for case in ("OPEN-1", "SECRET-1"):
        make_case(world, case, known_on="2021-05-31", now="2021-06-01T09:00")
        owned = {"owner": "owner@thscp.example", "due_on": "2021-07-01", "sources": [case]}
        act(world, "add_action", text="Share what is known", title="Titles stay out", **owned)
    for who in ("owner", "coordinator"):
        act(world, "declare_conflict", "SECRET-1", person=f"{who}@thscp.example", reason="Kin")

    of_coordinator = _events(base, _address(as_("coordinator")))
    of_owner = _events(base, _address(as_("owner")))

    assert [uid.split("@")[0] for uid in of_coordinator] == ["open-1-notify_panel"]
    assert [event.decoded("dtstart") for event in of_coordinator.values()] == [date(2021, 6, 7)]
    assert [(uid.split("@")[0], str(event["summary"])) for uid, event in of_owner.items()] == [("a1", "A1 is due")]
    assert "SECRET" not in str([*of_coordinator, *of_owner]) + str([*of_coordinator.values()])


@pytest.mark.parametrize("ends", ["by hand", "by a new one", "with her"])
def test_address_that_has_ended_is_not_there(world, as_, base, ends):
    executive = as_("exec")
    address = _address(executive)
    if ends == "by hand":
        _sends(executive, "/account/calendar/end")
    elif ends == "by a new one":
        _address(executive)
    else:
        with unit_of_work(world) as session:
            person_by_email(session, "exec@thscp.example").ended_on = date(2021, 6, 1)

    with Visitor(base) as calendar:
        statuses = [calendar.http.get(path).status_code for path in (address, "/calendar/nobody.ics")]

    assert statuses == [404, 404]


def test_one_meeting_is_a_file_for_a_calendar(world, as_):
    _meet(world)

    answer = as_("exec").http.get("/meetings/M1.ics")
    to_others = as_("owner").http.get("/meetings/M1.ics")

    assert (answer.headers["content-disposition"], to_others.status_code) == ('attachment; filename="M1.ics"', 403)
    assert [str(event["uid"]) for event in Calendar.from_ical(answer.content).walk("VEVENT")] == ["m1@127.0.0.1"]
