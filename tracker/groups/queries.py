"""Finding partnerships, their processes, groups, calendars and meetings; and giving out references."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, bindparam, text
from sqlmodel import Session, col, or_, select

from tracker.errors import NotFound, Refused
from tracker.groups.models import Closure, Group, Meeting, Membership, Partnership
from tracker.groups.settings import settings_of
from tracker.kept import kept
from tracker.people.doer import Doer
from tracker.people.models import Agency, Person
from tracker.rows import Question, RowsOf
from workflows.definition import Definition, in_force_on, shipped, shipped_names
from workflows.working_days import WorkingDays

STARTING_TODAY = "england/2026"


def partnership_by_code(session: Session, code: str, *, lock: bool = False) -> Partnership:
    """Find a partnership by its id, like `thscp`; raises `NotFound`.

    With `lock` nobody else can change it, or open a case of it, until the unit of work ends. The row is not attached to
    the session: `rows.change` writes what a deed changes.
    """
    found = (_LOCKED if lock else _BY_CODE).first(session, code=code.strip().lower())
    if found is None:
        known = ", ".join(session.exec(select(Partnership.code).order_by(Partnership.code)))
        raise NotFound(f"There is no partnership {code!r}. There are: {known or 'none yet, load some first'}.")
    return found


def partnership_with_id(session: Session, partnership_id: int) -> Partnership:
    """Give the partnership to which a record belongs; for reading only."""
    return next(one for one in every_partnership(session) if one.id == partnership_id)


def every_partnership(session: Session) -> Sequence[Partnership]:
    """Give all partnerships, for reading only."""
    return kept(session, "partnerships", lambda: _ALL.all(session))


def codes_of(session: Session, partnership_ids: Collection[int]) -> dict[int, str]:
    """Give the codes of some partnerships by their numbers."""
    return {one.id: one.code for one in every_partnership(session) if one.id in partnership_ids}


# Rows that point at the partnership may be written meanwhile: its own key does not change.
_LOCKED = RowsOf(
    Partnership, select(Partnership).where(Partnership.code == bindparam("code")).with_for_update(key_share=True)
)
_BY_CODE = RowsOf(Partnership, select(Partnership).where(Partnership.code == bindparam("code")))
_ALL = RowsOf(Partnership, select(Partnership).order_by(col(Partnership.id)))


def safeguarding_partners(session: Session, partnership_id: int) -> list[str]:
    """Name the safeguarding partners of a partnership, in the order in which they were loaded."""
    return [name for (name,) in _PARTNERS.rows(session, partnership=partnership_id)]


_PARTNERS = Question(
    select(Agency.name)
    .where(Agency.partnership_id == bindparam("partnership"), col(Agency.is_safeguarding_partner))
    .order_by(col(Agency.id))
)


def agency_by_name(session: Session, partnership_id: int, name: str) -> Agency:
    """Find an agency of a partnership, whatever the case of its letters; raises `NotFound`."""
    agencies = session.exec(select(Agency).where(Agency.partnership_id == partnership_id)).all()
    for agency in agencies:
        if agency.name.casefold() == name.strip().casefold():
            return agency
    known = ", ".join(sorted(agency.name for agency in agencies))
    raise NotFound(f"There is no agency {name!r} in this partnership. There are: {known or 'none yet'}.")


def group_names(session: Session) -> Mapping[int, str]:
    """Give the names of all groups by their ids; for reading."""
    return kept(session, "groups", lambda: dict(_GROUP_NAMES.rows(session)))


_GROUP_NAMES = Question(select(Group.id, Group.name))


def group_named(session: Session, partnership_id: int, name: str) -> Group:
    """Find a group of a partnership by its code or its name, whatever the case of its letters; raises `NotFound`."""
    groups = session.exec(select(Group).where(Group.partnership_id == partnership_id).order_by(Group.name)).all()
    wanted = name.strip().casefold()
    found = next((one for one in groups if wanted in (one.code.casefold(), one.name.casefold())), None)
    if found is None:
        known = ", ".join(f"{one.name} ({one.code})" for one in groups)
        raise NotFound(f"There is no group {name!r} in this partnership. There are: {known or 'none yet'}.")
    return found


def group_by_code(session: Session, code: str, by: Doer | None = None, partnership_id: int | None = None) -> Group:
    """Find a group by `exec`, or `thscp/exec` where several partnerships have one; raises `NotFound` or `Refused`."""
    partnership, _, short = code.strip().rpartition("/")
    question = select(Group).where(Group.code == short)
    if partnership:
        question = question.where(Group.partnership_id == partnership_by_code(session, partnership).id)
    elif partnership_id is not None:
        question = question.where(Group.partnership_id == partnership_id)
    elif by is not None:
        question = question.where(col(Group.partnership_id).in_({*by.roles, *by.groups}))
    found = session.exec(question).all()
    if not found:
        raise NotFound(f"There is no group {code!r}. `tracker show partnership` lists the groups of a partnership.")
    if len(found) > 1:
        raise Refused(f"Several partnerships have a group {code!r}: write it like thscp/{short}.", code="ambiguous")
    return found[0]


def members_of(session: Session, partnership_id: int, code: str, on: date) -> list[Person]:
    """Give the people who belong to a group on a day, in the order in which they were added."""
    return _MEMBERS.all(session, partnership=partnership_id, group=code, day=on)


_DAY: ColumnElement[date] = bindparam("day", type_=Date)
_MEMBERS = RowsOf(
    Person,
    select(Person)
    .join(Membership, col(Membership.person_id) == Person.id)
    .join(Group, col(Group.id) == Membership.group_id)
    .where(Group.partnership_id == bindparam("partnership"), Group.code == bindparam("group"))
    .where(col(Membership.from_on) <= _DAY, or_(col(Membership.until_on).is_(None), col(Membership.until_on) > _DAY))
    .where(or_(col(Person.ended_on).is_(None), col(Person.ended_on) > _DAY))
    .order_by(col(Membership.id)),
)


def working_days_of(session: Session, partnership_id: int | None) -> WorkingDays:
    """Give the calendar of a partnership: bank holidays, late-proclaimed ones, and its own closures."""
    return kept(session, ("calendar", partnership_id), lambda: _calendar(_closures(session, partnership_id)))


def _closures(session: Session, partnership_id: int | None) -> tuple[tuple[Any, ...], ...]:
    return tuple([(day, name) for day, name in _CLOSURES.rows(session, partnership=partnership_id)])


_CLOSURES = Question(
    select(col(Closure.on), col(Closure.name))
    .where(
        or_(col(Closure.partnership_id).is_(None), Closure.partnership_id == bindparam("partnership", type_=Integer))
    )
    .order_by(col(Closure.on), col(Closure.id))
)


@lru_cache(maxsize=64)
def _calendar(closures: tuple[tuple[Any, ...], ...]) -> WorkingDays:
    return WorkingDays(dict(closures))


def definitions_of(partnership: Partnership) -> Sequence[Definition]:
    """Give the definitions of a partnership, oldest first; one without its own takes that of a start today."""
    return _definitions(partnership.code)


@lru_cache(maxsize=64)
def _definitions(code: str) -> Sequence[Definition]:
    own = [shipped(name) for name in shipped_names() if name.startswith(f"{code}/")]
    return tuple(sorted(own, key=lambda definition: definition.in_force_from)) or (shipped(STARTING_TODAY),)


def definition_for(partnership: Partnership, version: str | None, known_on: str) -> Definition:
    """Choose the definition that a case begins with: the named version, or the one in force when it became known."""
    definitions = definitions_of(partnership)
    if version is None:
        return in_force_on(definitions, known_on)
    everybody = [shipped(STARTING_TODAY)]
    for definition in [*definitions, *everybody]:
        if version in (definition.name, definition.label):
            return definition
    known = ", ".join(definition.label for definition in definitions)
    raise NotFound(f"{partnership.name} has no version {version!r}. There are: {known}.")


def partnership_settings(session: Session, partnership: Partnership, at: datetime) -> dict[str, Any]:
    """Give the settings of a partnership as they hold at a moment, over the first values of its newest definition."""
    newest = definitions_of(partnership)[-1]
    first = {"prefix": newest.prefix if newest.partnership == partnership.code else _initials(partnership.code)}
    return settings_of(session, partnership.id, first | dict(newest.settings), at)


def _initials(code: str) -> str:
    letters = "".join(letter for letter in code if letter.isalnum()) or "LT"
    return letters[:2].upper()


_NEXT_NUMBER = Question(
    text(
        "INSERT INTO counter (name, value) VALUES (:name, 1) "
        "ON CONFLICT (name) DO UPDATE SET value = counter.value + 1 RETURNING value"
    )
)


def next_number(session: Session, name: str) -> int:
    """Give the next number of a kind of reference; no number is ever given twice."""
    [(number,)] = _NEXT_NUMBER.rows(session, name=name)
    return int(number)


_TAKE_NUMBERS = Question(
    text(
        "INSERT INTO counter (name, value) VALUES (:name, :count) "
        "ON CONFLICT (name) DO UPDATE SET value = counter.value + excluded.value RETURNING value"
    )
)
_LAST_NUMBER = Question(text("SELECT value FROM counter WHERE name = :name"))


def next_numbers(session: Session, name: str, count: int) -> int:
    """Take so many numbers of a kind of reference at once, and give the first; no number is ever given twice."""
    [(last,)] = _TAKE_NUMBERS.rows(session, name=name, count=count)
    return int(last) - count + 1


def number_to_come(session: Session, name: str) -> int:
    """Give the number that would be the next of a kind of reference, and take none."""
    found = _LAST_NUMBER.rows(session, name=name)
    return int(found[0][0]) + 1 if found else 1


def meeting_by_reference(session: Session, reference: str, *, lock: bool = False) -> Meeting:
    """Find a meeting by its reference, like `M3`; raises `NotFound`."""
    question = select(Meeting).where(Meeting.reference == reference.strip().upper())
    found = session.exec(question.with_for_update() if lock else question).first()
    if found is None:
        raise NotFound(f"There is no meeting {reference!r}.")
    return found
