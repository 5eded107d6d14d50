"""Tries that are counted in the database, so that nobody guesses for ever, however many processes answer."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Engine, func, text
from sqlmodel import Session, col, delete, select

from tracker.database import unit_of_work
from tracker.people.sign_in_models import Attempt
from tracker.rows import write


class Try(StrEnum):
    """What is tried: for an account, from an address on the network, or by somebody who has given her password."""

    PASSWORD_OF_ACCOUNT = "password_of_account"
    PASSWORD_FROM_ADDRESS = "password_from_address"
    CODE = "code"
    CODE_IN_A_DAY = "code_in_a_day"
    RESET_OF_ACCOUNT = "reset_of_account"
    RESET_FROM_ADDRESS = "reset_from_address"


@dataclass(frozen=True, slots=True)
class Limit:
    """How many tries there are in how long a time."""

    most: int
    within: timedelta


# Of passwords and codes only what was wrong stays counted.
LIMITS: dict[Try, Limit] = {
    Try.PASSWORD_OF_ACCOUNT: Limit(10, timedelta(minutes=5)),
    # A whole council may come from one address, and on a Monday morning many of it mistype: this only slows whoever
    # tries many accounts. One account is kept by its own limit, the machine by the few comparisons at once.
    Try.PASSWORD_FROM_ADDRESS: Limit(100, timedelta(minutes=5)),
    Try.CODE: Limit(5, timedelta(minutes=5)),
    Try.CODE_IN_A_DAY: Limit(50, timedelta(days=1)),
    Try.RESET_OF_ACCOUNT: Limit(3, timedelta(hours=1)),
    Try.RESET_FROM_ADDRESS: Limit(20, timedelta(hours=1)),
}


class TooManyTries(Exception):
    """There were as many tries as there may be; the sentence says how long to wait."""


def begin(engine: Engine, *tries: tuple[Try, str]) -> "Trying":
    """Prepare to count some tries together: what is tried, and of whom."""
    return Trying(engine, tries)


class Trying:
    """Tries of one request: counted before anything is compared, and taken back when it was right."""

    def __init__(self, engine: Engine, tries: tuple[tuple[Try, str], ...]) -> None:
        self._engine = engine
        self._tries = tries
        self._counted: list[int] = []

    def count(self, now: datetime) -> None:
        """Count the tries in a unit of work of their own, all or none; raises `TooManyTries`."""
        with unit_of_work(self._engine) as session:
            self._counted = [count(session, kind, subject, now) for kind, subject in self._tries]

    def take_back(self) -> None:
        """Forget the tries of this request: what was given was right."""
        with unit_of_work(self._engine) as session:
            session.exec(delete(Attempt).where(col(Attempt.id).in_(self._counted)))


def count(session: Session, kind: Try, subject: str, now: datetime) -> int:
    """Count one try and give its number; raises `TooManyTries` where the limit is reached."""
    limit, about = LIMITS[kind], _digest(subject)
    _wait_for_others(session, f"{kind}:{about}")
    old = (col(Attempt.kind) == kind.value, col(Attempt.at) <= now - limit.within)
    session.exec(delete(Attempt).where(*old))
    same = (col(Attempt.kind) == kind.value, col(Attempt.subject) == about)
    if session.exec(select(func.count()).select_from(Attempt).where(*same)).one() >= limit.most:
        raise TooManyTries(f"There were too many tries. Wait {_words(limit.within)}, then try again.")
    return write(session, Attempt(kind=kind.value, subject=about, at=now)).id


def _digest(subject: str) -> str:
    """Give what is kept of an address, so that the table of tries is no list of addresses."""
    return hashlib.sha256(subject.strip().lower().encode("utf-8", "replace")).hexdigest()


def _wait_for_others(session: Session, what: str) -> None:
    """Let one process at a time count the same thing; SQLite has one writer anyway."""
    if session.connection().dialect.name == "postgresql":
        lock = int.from_bytes(hashlib.sha256(what.encode()).digest()[:8], signed=True)
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})


def _words(within: timedelta) -> str:
    minutes = int(within.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} minutes"
    return "an hour" if minutes == 60 else "until tomorrow"
