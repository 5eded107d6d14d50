"""What the emails about signed links may hold."""

from dataclasses import dataclass
from datetime import date

from notifications.facts import MailFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLink(MailFacts):
    """A fresh link for whoever asked for one: how many actions it opens, and until when it works."""

    actions: int
    works_until: date
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkNotTheirs(MailFacts):
    """What the coordinator is told when a link reached somebody else: which actions it opened, and when it ended."""

    actions: tuple[str, ...]
    ended_on: date
    link: str | None = None
