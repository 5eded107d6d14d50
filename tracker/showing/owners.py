"""Who owns the open actions, and which of them nobody answers for or no reminder reaches, with why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy
from sqlalchemy import case, func
from sqlmodel import Session, col

from tracker.actions.colouring import IS_OPEN, is_overdue
from tracker.actions.models import Action
from tracker.actions.owners import OwnerRead, owners_of
from tracker.actions.queries import may_see_action
from tracker.clock import london_day
from tracker.groups.queries import codes_of, partnership_by_code
from tracker.people.doer import Doer

Row = dict[str, Any]


class Why(StrEnum):
    """Why nobody is reached about actions; the value is the code, the words say it."""

    NOBODY = "no_owner"
    LEFT = "left"
    VACANT = "vacant"
    NO_ADDRESS = "no_address"
    REFUSED = "address_refused"
    OPTED_OUT = "opted_out"

    @property
    def words(self) -> str:
        """Say it in words."""
        return _WORDS[self]


_WORDS = {
    Why.NOBODY: "Nobody owns them",
    Why.LEFT: "Left, and nobody took over",
    Why.VACANT: "A post that nobody holds",
    Why.NO_ADDRESS: "Has no email address",
    Why.REFUSED: "Email to the address came back",
    Why.OPTED_OUT: "Gets no reminders",
}


@dataclass(frozen=True, slots=True)
class OwnerCount:
    """An owner with how many open actions she has in a partnership, and why she is not reached, if she is not."""

    partnership_id: int
    owner: OwnerRead | None
    open: int
    late: int
    why: Why | None

    @property
    def key(self) -> tuple[int, int | None]:
        """Tell one from the others."""
        return self.partnership_id, None if self.owner is None else self.owner.person.id

    @property
    def name(self) -> str | None:
        """Give the name of the owner."""
        return None if self.owner is None else self.owner.person.name


def owner_counts(
    session: Session, reader: Doer | None, now: datetime, where: Mapping[str, str] | None = None
) -> list[OwnerCount]:
    """Give every owner of open actions that a reader sees, those who are not reached first, then by their number."""
    today = london_day(now)
    conditions = [IS_OPEN, _IS_OURS, may_see_action(reader)]
    if where and "partnership" in where:
        conditions.append(col(Action.partnership_id) == partnership_by_code(session, where["partnership"]).id)
    by = (col(Action.partnership_id), col(Action.owner_id))
    late = func.sum(case((is_overdue(today), 1), else_=0))
    rows = session.execute(sqlalchemy.select(*by, func.count(), late).where(*conditions).group_by(*by)).all()
    owners = owners_of(session, {owner for _, owner, _, _ in rows if owner}, today)
    found = []
    for partnership, owner_id, number, overdue in rows:
        owner = owners[owner_id] if owner_id else None
        found.append(OwnerCount(partnership, owner, number, int(overdue), why_not_reached(owner)))
    return sorted(found, key=_place)


def not_reached(counts: Sequence[OwnerCount]) -> list[OwnerCount]:
    """Give those of whom nobody is reached, the most pressing reason first."""
    return [count for count in counts if count.why is not None]


def references_of(
    session: Session, counts: Sequence[OwnerCount], reader: Doer | None
) -> Mapping[tuple[int, int | None], list[tuple[str, str | None]]]:
    """Give the references and titles of their open actions, by partnership and owner, in the order of their making."""
    owners = {count.owner.person.id for count in counts if count.owner}
    hers = col(Action.owner_id).in_(owners) | col(Action.owner_id).is_(None)
    shown = (col(Action.partnership_id), col(Action.owner_id), col(Action.reference), col(Action.title))
    question = sqlalchemy.select(*shown).where(IS_OPEN, _IS_OURS, hers, may_see_action(reader)).order_by(col(Action.id))
    found: dict[tuple[int, int | None], list[tuple[str, str | None]]] = {}
    for partnership, owner, reference, title in session.execute(question):
        found.setdefault((partnership, owner), []).append((reference, title))
    return found


def why_not_reached(owner: OwnerRead | None) -> Why | None:
    """Say why nobody answers for what somebody owns, or gets reminders about it."""
    if owner is None:
        return Why.NOBODY
    if owner.can_be_reminded:
        return None
    if owner.answers is None:
        return Why.LEFT if owner.is_gone else Why.VACANT
    if owner.answers.email is None:
        return Why.NO_ADDRESS
    return Why.OPTED_OUT if owner.is_reached else Why.REFUSED


def list_ownerless(session: Session, where: Mapping[str, str], reader: Doer | None, now: datetime) -> list[Row]:
    """Give the open actions that nobody answers for, or about which no reminder reaches anybody, by owner."""
    counts = not_reached(owner_counts(session, reader, now, where))
    named = references_of(session, counts, reader) if counts else {}
    codes = codes_of(session, {count.partnership_id for count in counts})
    return [
        {
            "partnership": codes[count.partnership_id],
            "owner": count.name,
            "why": count.why.value if count.why else None,
            "words": count.why.words if count.why else None,
            "open": count.open,
            "late": count.late,
            "actions": [reference for reference, _ in named.get(count.key, [])],
        }
        for count in counts
    ]


# What a body outside is asked has no owner here, and nobody is reminded of it.
_IS_OURS = col(Action.owner_id).is_not(None) | col(Action.outside_body).is_(None)


def _place(count: OwnerCount) -> tuple[int, int, str]:
    order = len(Why) if count.why is None else list(Why).index(count.why)
    return order, -count.open, (count.name or "").casefold()
