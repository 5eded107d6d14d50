"""One fortnight of the post, morning by morning: how many emails, to whom, with which subjects, and the digest."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from tracker.clock import london_day, uk_clock
from tracker.demo.teller import Teller
from tracker.demo.tower_hamlets_learning import FORTNIGHT
from tracker.demo.words import fitted
from workflows.dates import uk_date

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MEETING = "M1"

Email = Mapping[str, Any]


def tell_the_fortnight(story: Teller) -> None:
    """Show what the service sent in the fortnight, from its own list of emails."""
    first, last = (date.fromisoformat(text) for text in FORTNIGHT)
    sent = [email for email in story.emails() if first <= _day(email) <= last]
    story.tells(
        f"Every morning from {uk_date(first)} to {uk_date(last)} the service looked at 8am at what was due. One email "
        "holds all that is routine for a person and morning; on weekends there is none."
    )
    story.say("")
    for days in range((last - first).days + 1):
        _tell_day(story, first + timedelta(days=days), sent)
    story.tells("Their subjects, in the order of sending:")
    for email in sent:
        for line in fitted(f"{email['subject']} ({email['to']})", "    "):
            story.say(line)
    _tell_digest(story)


def _day(email: Email) -> date:
    return london_day(datetime.fromisoformat(email["sent_at"]))


def _tell_day(story: Teller, day: date, sent: Sequence[Email]) -> None:
    emails = [email for email in sent if _day(email) == day]
    count = f"{len(emails)} {'email' if len(emails) == 1 else 'emails'}" if emails else "–"
    story.say(f"    {_WEEKDAYS[day.weekday()]:<10} {uk_date(day):<17} {count}")
    for email in emails:
        at = uk_clock(datetime.fromisoformat(email["sent_at"]))
        story.say(f"        {at:<8} {email['kind'].replace('_', ' '):<20} {email['to']:<28} {email['about']}")


def _tell_digest(story: Teller) -> None:
    digest = story.shown("digest", MEETING)
    escalations, actions = digest["escalations"], digest["actions"]
    story.tells(
        "The Executive meets on 1 February 2024; its digest went 5 working days before, with these figures: "
        f"{escalations['open']['count']} open escalation, {escalations['new']['count']} of them new; "
        f"{actions['overdue']['count']} actions overdue; {digest['cases']['reviews_overdue']['count']} reviews overdue."
    )
