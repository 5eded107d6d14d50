"""Every setting of the installation, read from the environment once."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from notifications.addresses import is_address
from notifications.notify_settings import PUBLIC_SERVICE, NotifySettings
from tracker.clock import machine_now, moment_from
from tracker.errors import Refused


@dataclass(frozen=True, slots=True)
class Installation:
    """Where this installation keeps its records and its post, and at which moment its clock stands, if it stands.

    `mail_from`: the address from which emails come. `sign_in_idle` and `sign_in_longest`: how long somebody stays
    signed in without doing anything, and in all.
    `behind`: how far its clock goes behind the machine's. Only a demonstration's does: no setting names it.
    """

    database_url: str
    # A mail server's password may stand in it.
    mail: str = field(repr=False)
    base_url: str
    standing_still_at: datetime | None
    secret: str | None = field(default=None, repr=False)
    mail_from: str | None = None
    sign_in_idle: timedelta = timedelta(minutes=30)
    sign_in_longest: timedelta = timedelta(hours=12)
    behind: timedelta = timedelta()
    notify: NotifySettings = field(default_factory=NotifySettings)

    def now(self) -> datetime:
        """Give the moment by which the service acts, in UTC."""
        return self.standing_still_at or machine_now() - self.behind


def installation(environment: Mapping[str, str] = os.environ) -> Installation:
    """Read the settings; raises `Refused` with a sentence when one cannot be used."""
    return Installation(
        database_url=environment.get("TRACKER_DATABASE_URL") or "sqlite:///tracker.db",
        mail=environment.get("TRACKER_MAIL") or "folder:mail",
        base_url=(environment.get("TRACKER_BASE_URL") or "http://127.0.0.1:8000").rstrip("/"),
        standing_still_at=_standing_still_at(environment),
        secret=_secret(environment),
        mail_from=_mail_from(environment),
        sign_in_idle=timedelta(minutes=_whole_number(environment, "TRACKER_SIGN_IN_IDLE_MINUTES", 30, 24 * 60)),
        sign_in_longest=timedelta(hours=_whole_number(environment, "TRACKER_SIGN_IN_HOURS", 12, 7 * 24)),
        notify=_notify(environment),
    )


def _whole_number(environment: Mapping[str, str], name: str, first: int, most: int) -> int:
    text = environment.get(name) or str(first)
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    if not 1 <= number <= most:
        raise Refused(f"{name} must be a whole number from 1 to {most}, like {first}.", code="bad_setting")
    return number


def _mail_from(environment: Mapping[str, str]) -> str | None:
    address = environment.get("TRACKER_MAIL_FROM") or None
    if address is not None and not is_address(address):
        raise Refused(
            "TRACKER_MAIL_FROM must be one email address and nothing else, like reviews@partnership.example.",
            code="bad_setting",
        )
    return address


SHORTEST_SECRET = 32


def _secret(environment: Mapping[str, str]) -> str | None:
    """Read the secret that signs links, from the environment or from a file that it names."""
    secret, name = environment.get("TRACKER_SECRET"), environment.get("TRACKER_SECRET_FILE")
    if name:
        try:
            secret = Path(name).read_text().strip()
        except (OSError, ValueError):
            raise Refused(f"TRACKER_SECRET_FILE names {name}, which cannot be read.", code="bad_setting") from None
    if secret and len(secret) < SHORTEST_SECRET:
        raise Refused(
            f"The secret is too short: give {SHORTEST_SECRET} characters or more, chosen by a machine. "
            "`openssl rand -hex 32` writes one.",
            code="bad_setting",
        )
    return secret or None


_OF_A_KIND = "TRACKER_NOTIFY_TEMPLATE_"


def _notify(environment: Mapping[str, str]) -> NotifySettings:
    """Read what is said about GOV.UK Notify; most of it is checked when emails go that way."""
    token = environment.get("TRACKER_NOTIFY_CALLBACK_TOKEN") or None
    if token is not None and not re.fullmatch(f"[!-~]{{{SHORTEST_SECRET},}}", token):
        raise Refused(
            f"TRACKER_NOTIFY_CALLBACK_TOKEN must have {SHORTEST_SECRET} characters or more, chosen by a machine and "
            "without spaces. `openssl rand -hex 32` writes one.",
            code="bad_setting",
        )
    given = {name: text for name, text in environment.items() if name.startswith(_OF_A_KIND) and text}
    return NotifySettings(
        key=environment.get("TRACKER_NOTIFY_KEY") or None,
        template=environment.get("TRACKER_NOTIFY_TEMPLATE") or None,
        templates={name.removeprefix(_OF_A_KIND).lower(): text for name, text in given.items()},
        url=environment.get("TRACKER_NOTIFY_URL") or PUBLIC_SERVICE,
        callback_token=token,
    )


def _standing_still_at(environment: Mapping[str, str]) -> datetime | None:
    text = environment.get("TRACKER_NOW")
    if not text:
        return None
    kind = environment.get("TRACKER_ENV") or "production"
    if kind not in ("development", "test"):
        raise Refused(
            f"TRACKER_NOW is not allowed while TRACKER_ENV is {kind!r}: "
            "take it away, or set TRACKER_ENV to development or test.",
            code="clock_not_allowed",
        )
    try:
        return moment_from(text)
    except ValueError as wrong:
        raise Refused(f"TRACKER_NOW cannot be read: {wrong}", code="bad_setting") from None
