"""One line for every deed, in one numbered sequence, never changed."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, LargeBinary, bindparam, select, text
from sqlmodel import Field, Session, col

from tracker.among import among, listed
from tracker.clock import london_day, uk_clock
from tracker.database import UtcDateTime, to_json, unit_of_work
from tracker.people.doer import Doer
from tracker.people.models import Person
from tracker.people.permissions import ROLES_FOR
from tracker.people.roles import Role
from tracker.rows import Question, Record, write, write_many
from workflows.dates import uk_date

# The history keeps so many characters of a role; some groups have longer names than that.
LONGEST_ROLE = 60


def on_behalf(role: str, body: str) -> str:
    """Say in which role somebody acts for a body: with as much of its name as a line has room for."""
    for between in (", on behalf of ", ", for "):
        said = f"{role}{between}{body}"
        if len(said) <= LONGEST_ROLE:
            return said
    return f"{said[: LONGEST_ROLE - 1]}…"


class HistoryLine(Record, table=True):
    """What somebody did to a record; the body is kept as the bytes that were written."""

    __tablename__ = "history_line"

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=UtcDateTime)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    role: str | None = Field(default=None, max_length=LONGEST_ROLE)
    deed: str = Field(max_length=60)
    about: str = Field(max_length=60, index=True)
    body: bytes = Field(sa_type=LargeBinary)


class HistoryHead(Record, table=True):
    """The number of the newest line; taking the next one makes writers wait for each other."""

    __tablename__ = "history_head"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    seq: int


def note_confirmed(session: Session, deed: str, confirmed: Iterable[str]) -> None:
    """Let the line of a deed say which warnings the person had read and stands by (K10)."""
    session.info["confirmed"] = {deed: {"confirmed": sorted(set(confirmed))}}


# So many lines are written together.
_MANY = 20
_TAKE = Question(text("UPDATE history_head SET seq = seq + :count WHERE id = 1 RETURNING seq"))


def note(
    session: Session,
    about: str,
    deed: str,
    *,
    at: datetime,
    by: Doer | None,
    role: str | None = None,
    what: str = "",
    old: Any = None,  # whatever JSON can hold: the history shows values of every kind
    new: Any = None,
    more: dict[str, Any] | None = None,
) -> int:
    """Keep a line about a record until `write_noted` writes it, and give its place in the unit of work."""
    body = {"what": what, "old": old, "new": new} | (more or {}) | session.info.get("confirmed", {}).get(deed, {})
    noted = session.info.setdefault("noted", [])
    noted.append(
        {
            "at": at,
            "person_id": by.id if by else None,
            "role": role[:LONGEST_ROLE] if role else _role(by, deed) if by else None,
            "deed": deed,
            "about": about,
            "body": to_json(body).encode(),
        }
    )
    return len(noted)


def _role(by: Doer, deed: str) -> str | None:
    """Give the first of her roles in which somebody may do a deed, where the deed itself does not say it."""
    held = {role for roles in by.roles.values() for role in roles} & ROLES_FOR.get(deed, frozenset())
    return next((role.words for role in Role if role in held), None)


def write_noted(session: Session) -> None:
    """Write the lines of this unit of work, numbered; its last statements, so that no number is skipped."""
    noted: list[dict[str, Any]] = session.info.pop("noted", [])
    if not noted:
        return
    [(newest,)] = _TAKE.rows(session, count=len(noted))
    numbered = enumerate(noted, start=newest - len(noted) + 1)
    if len(noted) >= _MANY:
        write_many(session, HistoryLine, [{"seq": place, **line} for place, line in numbered])
        return
    for place, line in numbered:
        write(session, HistoryLine(seq=place, **line))


@contextmanager
def noted(engine: Engine) -> Iterator[Session]:
    """Give a unit of work that ends with the lines of the history that were noted in it."""
    with unit_of_work(engine) as session:
        yield session
        session.flush()
        write_noted(session)


def lines_about(session: Session, about: str) -> list[dict[str, Any]]:
    """Give the history of a record, oldest first, as `show` prints it."""
    return [
        {"seq": seq, "at": at.isoformat(), "by": name, "role": role, "deed": deed, **json.loads(bytes(body))}
        for seq, at, name, role, deed, body in _LINES.rows(session, about=about)
    ]


def lines_about_these(session: Session, references: Iterable[str]) -> list[dict[str, Any]]:
    """Give the histories of several records as one, oldest first; each line says about which it is."""
    return [
        {"seq": seq, "at": at.isoformat(), "by": name, "role": role, "deed": deed, **json.loads(bytes(body))}
        | {"about": about}
        for seq, at, name, role, deed, body, about in _LINES_OF_THESE.rows(session, references=listed(references))
    ]


_SHOWN = (
    *(col(HistoryLine.seq), col(HistoryLine.at), col(Person.name), col(HistoryLine.role)),
    *(col(HistoryLine.deed), col(HistoryLine.body)),
)
_LINES = Question(
    select(*_SHOWN)
    .join(Person, col(Person.id) == HistoryLine.person_id, isouter=True)
    .where(col(HistoryLine.about) == bindparam("about"))
    .order_by(col(HistoryLine.seq))
)
_LINES_OF_THESE = Question(
    select(*_SHOWN, col(HistoryLine.about))
    .join(Person, col(Person.id) == HistoryLine.person_id, isouter=True)
    .where(among(col(HistoryLine.about), "references"))
    .order_by(col(HistoryLine.seq))
)


# Lines that say again what a deed beside them says, and those about one person alone: no work on the record.
NO_WORK = ("moved_on", "clock_redated", "decision_changed", "declare_conflict", "withdraw_conflict")
_NEWEST = (
    text(
        "SELECT p.name, h.deed, h.at FROM history_line h LEFT JOIN person p ON p.id = h.person_id "
        "WHERE h.about = :about AND h.deed NOT IN :no_work ORDER BY h.seq DESC LIMIT 1"
    )
    .bindparams(bindparam("no_work", NO_WORK, expanding=True))
    .columns(at=UtcDateTime)
)


def last_deed(session: Session, about: str, now: datetime) -> str:
    """Say in a sentence who did what last to a record, and when; nothing where nobody did anything yet."""
    newest = session.connection().execute(_NEWEST, {"about": about}).first()
    if newest is None or newest.name is None:
        return ""
    day = london_day(newest.at)
    when = f"at {uk_clock(newest.at)}" + ("" if day == london_day(now) else f" on {uk_date(day)}")
    return f"{newest.name} did {newest.deed.replace('_', '-')} {when}."


def moved_on(session: Session, about: str, now: datetime) -> str:
    """Say to somebody whose page is older than a record who did what to it since."""
    return f"{about} has moved on since you looked at it. {last_deed(session, about, now)} Look again, then decide."
