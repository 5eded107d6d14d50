"""The words in which pages speak of emails: kinds, states, and the course of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from notifications.outbox import Message, MessageState
from tracker.clock import london_day
from tracker.showing.link_use import LinkUse
from tracker.web.pages import day, moment

STATES = {
    "queued": "Waiting",
    "sending": "Being sent",
    "committing": "Being handed over",
    "sent": "Sent",
    "uncertain": "Not known whether it went",
    "assumed_sent": "Taken as sent",
    "superseded": "Not sent: no longer needed",
    "held": "Held",
    "failed": "Could not be sent",
}
# A mail scanner opens every link as the email comes in.
_AT_ONCE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to an email: what, and when where that is known."""

    words: str
    at: datetime | None = None


def kind_words(kind: str) -> str:
    """Give the kind of an email in words."""
    return kind.replace("_", " ").capitalize()


def course_of(message: Message, use: LinkUse) -> Sequence[Happened]:
    """Give what happened to an email, in its order."""
    happened = [Happened("Planned", message.planned_at)]
    if message.tried_since is not None:
        tries = "once" if message.attempts == 1 else f"{message.attempts} times"
        happened.append(Happened(f"Tried {tries}, the first time", message.tried_since))
    if message.doubtful_since is not None:
        happened.append(Happened("Handed over without an answer: in doubt", message.doubtful_since))
    if message.sent_at is not None:
        happened.append(Happened("Handed over", message.sent_at))
    if message.delivery is not None:
        happened.append(Happened(delivery_words(message.delivery), message.delivery_at))
    if use.fetched_at is not None:
        happened.append(Happened(opened_words(message, use), use.fetched_at))
    if use.answered_at is not None:
        happened.append(Happened("Answered by its link", use.answered_at))
    if message.settled_at is not None:
        happened.append(Happened("Seen to by a person", message.settled_at))
    return happened


def standing_words(message: Message, use: LinkUse) -> str:
    """Say how an email stands and since which day: the last that is known of it."""
    if use.answered_at is not None:
        return f"Answered, {_on(use.answered_at)}"
    if use.fetched_at is not None:
        return f"{opened_words(message, use)}, {_on(use.fetched_at)}"
    if message.address_refused:
        return f"Came back, {_on(message.delivery_at or message.due_at)}"
    if message.delivery is not None and message.delivery_at is not None:
        return f"{delivery_words(message.delivery)}, {_on(message.delivery_at)}"
    if message.sent_at is not None:
        return f"Sent, {_on(message.sent_at)}"
    return f"{STATES[message.state]}, due {_on(message.due_at)}"


def _on(at: datetime) -> str:
    return day(london_day(at))


def opened_words(message: Message, use: LinkUse) -> str:
    """Say that the link of an email was opened, and whether a mail scanner may have done it."""
    arrived = message.delivery_at or message.sent_at
    is_soon = arrived is not None and use.fetched_at is not None and use.fetched_at - arrived <= _AT_ONCE
    return "Link opened: it may be a scanner" if is_soon else "Link opened"


def delivery_words(delivery: str) -> str:
    """Say what the mail service said became of an email."""
    return delivery.replace("-", " ").replace("_", " ").capitalize()


def why_words(message: Message) -> str:
    """Say in a sentence why somebody has to see to an email."""
    if message.state == MessageState.FAILED:
        return f"It could not be sent: {message.last_error or 'no reason was given'}"
    if message.sent_at is not None:
        sentence = "and the mail service has not said for three days what became of it"
        return f"It was handed over on {moment(message.sent_at)}, {sentence}."
    since = f" on {moment(message.doubtful_since)}" if message.doubtful_since else ""
    why = f" {message.last_error}" if message.last_error else ""
    again = " It goes once more by itself." if message.critical and message.repeats == 0 else ""
    return f"It was handed over{since}, and no answer came.{why}{again}"


def may_be_held(message: Message) -> bool:
    """Say whether an email waits, so that it can be kept back."""
    return message.state == MessageState.QUEUED


def may_be_released(message: Message) -> bool:
    """Say whether an email was kept back."""
    return message.state == MessageState.HELD
