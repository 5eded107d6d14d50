"""Writes an email in its three parts (subject, text, HTML) from the facts it may hold."""

import re
import textwrap
import unicodedata
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from notifications.facts import (
    MOST_SHOWN,
    AboutAction,
    AboutCase,
    EscalationAnswered,
    EscalationDigest,
    MailFacts,
    MeetingHeld,
    Morning,
    OwnerUnreachable,
)
from notifications.lines import Day
from notifications.link_facts import LinkNotTheirs, NewLink
from notifications.meeting_facts import CalendarPart, MeetingDates
from notifications.sign_in_facts import SignInLink

NO_BREAK = "\u00a0"
UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}

EMAILS: dict[str, type[MailFacts]] = {
    "action_reminder": Morning,
    "new_action": Morning,
    "date_moved": Morning,
    "return_due": Morning,
    "review_due": Morning,
    "statutory_dates": Morning,
    "look_again": Morning,
    "reflection_due": Morning,
    "escalation_digest": EscalationDigest,
    "escalation_answered": EscalationAnswered,
    "meeting_held": MeetingHeld,
    "meeting_dates": MeetingDates,
    "executive_decision": AboutCase,
    "independence": AboutCase,
    "update_received": AboutAction,
    "update_queried": AboutAction,
    "action_needs_help": AboutAction,
    "owner_unreachable": OwnerUnreachable,
    "new_link": NewLink,
    "link_not_theirs": LinkNotTheirs,
    "invitation": SignInLink,
    "password_reset": SignInLink,
}


@dataclass(frozen=True, slots=True)
class Mail:
    """A written email: what its reader sees, the name it comes from, where a reply goes, and where she stops them.

    `calendar`: what her calendar reads of it, beside the words.
    """

    subject: str
    text: str
    html: str
    from_name: str = "Learning tracker"
    reply_to: str | None = None
    stopped_at: str | None = None
    calendar: CalendarPart | None = None


def compose(name: str, facts: MailFacts, *, is_repeat: bool = False) -> Mail:
    """Write an email from its facts; one that goes once more says at its top that it may come twice.

    Raises `TypeError` for facts that belong to another email.
    """
    if not isinstance(facts, EMAILS[name]):
        raise TypeError(f"The email {name} is written from {EMAILS[name].__name__}, not {type(facts).__name__}.")
    clean = _cleaned(facts)
    shown = {"facts": clean, "most_shown": MOST_SHOWN, "is_repeat": is_repeat}
    subject = text_environment().get_template(f"{name}/subject.txt").render(shown)
    text = text_environment().get_template(f"{name}/body.txt").render(shown)
    html = html_environment().get_template(f"{name}/body.html").render(shown)
    return Mail(
        subject=safe_header(subject.replace(NO_BREAK, " ")).strip(),
        text=re.sub(r"\n{4,}", "\n\n\n", text.replace(NO_BREAK, " ")).strip() + "\n",
        html=html,
        from_name=clean.letterhead.partnership,
        reply_to=clean.letterhead.reply_to,
        stopped_at=clean.emails_link if isinstance(clean, Morning) else None,
        calendar=_calendar_of(clean),
    )


def _calendar_of(facts: MailFacts) -> CalendarPart | None:
    if not isinstance(facts, MeetingDates):
        return None
    from notifications.calendar_part import calendar_part  # a tenth of a second of every start

    return calendar_part(facts)


def safe_header(text: str) -> str:
    """Give the text without anything that could end a header or be decoded into one."""
    seen = text
    if not (text.isascii() and text.isprintable()):
        seen = "".join(letter for letter in text if unicodedata.category(letter) not in UNSEEN)
    # An encoded word is decoded after every check for newlines, and may then hold some.
    return seen.replace("=?", "= ?")


def one_line(text: str) -> str:
    """Give the text as one line of letters that can be seen."""
    return " ".join(safe_header(" ".join(text.split())).split())


# The facts are walked whatever their class, so their type is not known here.
def _cleaned(facts: Any) -> Any:
    """Give the facts with every text as one line, so that none can pretend to be a line of the email."""
    if isinstance(facts, str):
        return one_line(facts) if type(facts) is str else facts
    if isinstance(facts, tuple):
        return tuple(_cleaned(line) for line in facts)
    changed = {}
    kind: Any = type(facts)
    for name in _names_of(kind):
        was = getattr(facts, name)
        if (cleaned := _cleaned(was)) != was:
            changed[name] = cleaned
    return replace(facts, **changed) if changed else facts


@cache
def _names_of(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


def uk_date(day: Day) -> str:
    """Write a day as 20 November 2026, a month as November 2026, a year as 2026."""
    if isinstance(day, date):
        return f"{day.day} {day:%B %Y}"
    parts = [int(part) for part in day.split("-")]
    if len(parts) == 1:
        return f"{parts[0]}"
    return f"{date(parts[0], parts[1], 1):%B %Y}" if len(parts) == 2 else uk_date(date(*parts))


def weekday_date(day: date) -> str:
    """Write a day with its weekday: Friday 20 November 2026."""
    return f"{day:%A} {uk_date(day)}"


def sentence(text: str) -> str:
    """Put a stop at the end of a text that has none."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def preposition(day: Day) -> str:
    """Give the word that stands before a day: on 20 November 2026, in November 2026."""
    return "on" if isinstance(day, date) or day.count("-") == 2 else "in"


def counted(number: int, one: str, many: str | None = None) -> str:
    """Write a number with its word: 1 action, 3 actions."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def wrapped(text: str, indent: int = 0, width: int = 68) -> str:
    """Break a paragraph of the text part, never inside a date, a reference or an address."""
    return textwrap.fill(
        re.sub(r"[ \n]+", " ", text).strip(" "),
        width=width,
        initial_indent=" " * indent,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


@cache
def text_environment() -> Environment:
    """Build the environment of subjects and texts, once."""
    # Plain text: an escaped apostrophe would be read as it stands. Nothing of it is ever shown as HTML.
    environment = _environment(autoescape=False)
    environment.filters["wrapped"] = wrapped
    environment.filters["uk_date"] = lambda day: uk_date(day).replace(" ", NO_BREAK)
    environment.filters["weekday_date"] = lambda day: weekday_date(day).replace(" ", NO_BREAK)
    environment.filters["on_day"] = lambda day: f"{preposition(day)} {uk_date(day).replace(' ', NO_BREAK)}"
    environment.filters["together"] = lambda words: words.replace(" ", NO_BREAK)
    return environment


@cache
def html_environment() -> Environment:
    """Build the environment of the HTML parts, once: everything is escaped."""
    environment = _environment(autoescape=True)
    kept_together = Markup('<span style="white-space:nowrap">{}</span>')
    environment.filters["together"] = kept_together.format
    environment.filters["uk_date"] = lambda day: kept_together.format(uk_date(day))
    environment.filters["weekday_date"] = lambda day: kept_together.format(weekday_date(day))
    environment.filters["on_day"] = lambda day: Markup("{} {}").format(
        preposition(day), kept_together.format(uk_date(day))
    )
    return environment


def _environment(*, autoescape: bool) -> Environment:
    environment = Environment(
        loader=PackageLoader("templates", "emails"),
        autoescape=autoescape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Templates do not change while the service runs: nothing is looked up on the disk for an email.
        auto_reload=False,
    )
    environment.filters |= {"counted": counted, "sentence": sentence}
    return environment
