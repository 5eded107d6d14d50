"""Meetings as calendars read them (RFC 5545): as events of a file or a feed, and as the part of an invitation."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from icalendar import Calendar, Event, vCalAddress

from notifications.meeting_facts import CalendarPart, Change, MeetingDates, MeetingLine

# Meetings have no end here: calendars need one.
LASTS = timedelta(hours=2)


def empty_calendar(method: str) -> Calendar:
    """Give a calendar without an event, for one of the methods of RFC 5546."""
    calendar = Calendar()
    calendar.add("prodid", "-//Learning tracker//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def event_of(name: str, base_url: str, summary: str, *, sequence: int, now: datetime) -> Event:
    """Give an event whose id stays: made from what it is about and the host of the service."""
    event = Event()
    event.add("uid", f"{name.lower()}@{urlsplit(base_url).hostname or 'learning-tracker'}")
    event.add("dtstamp", now)
    event.add("sequence", sequence)
    event.add("summary", summary)
    return event


def meeting_event(line: MeetingLine, base_url: str, *, now: datetime) -> Event:
    """Give a meeting as an event: the name of its group, its reference, its moment and its page."""
    event = event_of(line.reference, base_url, f"{line.group} ({line.reference})", sequence=line.sequence, now=now)
    event.add("dtstart", line.begins)
    event.add("dtend", line.begins + LASTS)
    event.add("status", "CANCELLED" if line.change is Change.CANCELLED else "CONFIRMED")
    event.add("url", f"{base_url}/meetings/{line.reference}")
    return event


def calendar_part(facts: MeetingDates) -> CalendarPart | None:
    """Give the calendar part of an invitation; none where the address of the service is not known.

    One meeting is asked for or taken back, so that a mail program offers to answer. A request holds one meeting only
    (RFC 5546), and names whom to answer: several, or one of a partnership without an address, are published.
    """
    if facts.base_url is None:
        return None
    organiser = facts.letterhead.reply_to
    method = "PUBLISH"
    if organiser is not None and len(facts.meetings) == 1:
        method = "CANCEL" if facts.meetings[0].change is Change.CANCELLED else "REQUEST"
    calendar = empty_calendar(method)
    for line in facts.meetings:
        event = meeting_event(line, facts.base_url, now=facts.as_of)
        if method != "PUBLISH":
            event.add("organizer", vCalAddress(f"mailto:{organiser}"))
            event.add("attendee", vCalAddress(f"mailto:{facts.to_address}"), parameters={"RSVP": "FALSE"})
        calendar.add_component(event)
    return CalendarPart(method, bytes(calendar.to_ical()).decode())
