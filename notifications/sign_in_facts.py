"""What the emails about signing in may hold."""

from dataclasses import dataclass

from notifications.facts import MailFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInLink(MailFacts):
    """A link with which a password is chosen once, and until when it works: 12:30pm on 20 November 2026."""

    works_until: str
    link: str
