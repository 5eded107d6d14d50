"""The emails that a reader may know of: her own, and as coordinator or administrator those of her partnerships."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, false, func, true
from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from notifications import finding
from notifications.finding import Brief, FirstReference, Wanted
from notifications.outbox import Message
from tracker.actions.models import Action
from tracker.actions.queries import may_see_action
from tracker.among import among, listed
from tracker.cases.models import Case
from tracker.cases.queries import SEE_EVERY_CASE, may_see_case
from tracker.escalations.models import Escalation
from tracker.escalations.queries import may_see_escalation
from tracker.groups.models import Group, Meeting, Membership
from tracker.groups.queries import partnership_by_code
from tracker.people.doer import Doer
from tracker.people.models import Agency, Person, RoleHolding
from tracker.people.roles import Role

_QUOTED = re.compile(r'"([^"]+)"')

Row = dict[str, Any]


class Telling(Protocol):
    """A message, whole or in short: what it is about stands in it."""

    @property
    def about(self) -> str:
        """Give the references of what it is about."""

    @property
    def facts(self) -> str:
        """Give what was put in with it, as JSON."""


Told = TypeVar("Told", bound=Telling)


def list_emails(session: Session, where: Mapping[str, str], reader: Doer | None, now: datetime) -> list[Row]:
    """Give the emails, by the moment at which each is due; a reader sees her own, a coordinator her partnership's."""
    messages = finding.all_in_order(session, wanted_by(session, where, reader))
    return [row(message) for message in unhidden(session, messages, reader)]


def wanted_by(session: Session, where: Mapping[str, str], reader: Doer | None) -> Wanted:
    """Say which emails are looked for: those that fit, to people of whose emails the reader may know."""
    here = partnership_by_code(session, where["partnership"]).id if "partnership" in where else None
    kind, about, state, to = (where.get(key) for key in ("kind", "about", "state", "owner"))
    return Wanted(
        kind=kind, about=about, state=state, to=to, people=reached_by(reader, here), also=_not_hidden_at_once(reader)
    )


def row(message: Message) -> Row:
    """Give a message as a line of a list."""
    return {
        "kind": message.kind,
        "to": message.to_address,
        "subject": message.subject,
        "about": message.about,
        "due_at": message.due_at.isoformat(),
        "sent_at": _moment(message.sent_at),
        "state": message.state,
        "delivery": message.delivery,
        "delivery_at": _moment(message.delivery_at),
        "doubtful_since": _moment(message.doubtful_since),
    }


def email_with_id(session: Session, number: int, partnership_id: int, reader: Doer) -> Message | None:
    """Give an email to somebody of a partnership, if there is one and a reader may know of it."""
    wanted = Wanted(id=number, people=reached_by(reader, partnership_id))
    found = unhidden(session, finding.newest(session, wanted, 1), reader)
    return next(iter(finding.with_ids(session, [one.id for one in found])), None)


def unhidden(session: Session, messages: Sequence[Told], reader: Doer | None) -> list[Told]:
    """Leave out what is about a record that the reader may not see: a conflict hides also that an email went."""
    return list(messages) if reader is None else Sight(session, reader).leaves(messages)


@dataclass(frozen=True, slots=True)
class Sight:
    """What a reader may not know of: each reference is looked up once, however many emails name it."""

    session: Session
    reader: Doer
    known: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)

    def leaves(self, messages: Sequence[Told]) -> list[Told]:
        """Leave out what is about a record that the reader may not see."""
        maybe = [(one, _named(one)) for one in messages if self.hidden.isdisjoint(one.about.split(", "))]
        self._look_up(maybe)
        return [one for one, named in maybe if self.hidden.isdisjoint(named)]

    def shares(self, messages: Sequence[Brief]) -> list[Brief]:
        """Leave out what is about no record that the reader may see; of the others, what she may not see."""
        named = [(one, _named(one)) for one in messages]
        self._look_up(named)
        seen = []
        for one, names in named:
            about = one.about.split(", ")
            hers = [reference for reference in about if reference not in self.hidden]
            if hers and self.hidden.isdisjoint(names - set(about)):
                seen.append(one._replace(about=", ".join(hers)))
        return seen

    def _look_up(self, named: Sequence[tuple[object, set[str]]]) -> None:
        if unknown := set().union(*(names for _, names in named)) - self.known:
            self.hidden.update(_hidden(self.session, self.reader, unknown))
            self.known.update(unknown)


def people_of(partnership_ids: Sequence[int], also: Iterable[int] = ()) -> SelectOfScalar[int]:
    """Ask for whoever has or had a role or a group in one of some partnerships, or works for an agency; and for some.

    Those are the people whom the page of a partnership's people lists.
    """
    roles = select(RoleHolding.person_id).where(col(RoleHolding.partnership_id).in_(partnership_ids))
    groups = select(Group.id).where(col(Group.partnership_id).in_(partnership_ids))
    members = select(Membership.person_id).where(col(Membership.group_id).in_(groups))
    agencies = select(Agency.id).where(col(Agency.partnership_id).in_(partnership_ids))
    ways = (col(Person.id).in_(roles), col(Person.id).in_(members), col(Person.agency_id).in_(agencies))
    return select(Person.id).where(or_(*ways, col(Person.id).in_(also)))


# Putting it together takes longer than asking it: the same reader asks with it again and again.
@lru_cache(maxsize=200)
def reached_by(reader: Doer | None, partnership_id: int | None = None) -> Sequence[SelectOfScalar[int]]:
    """Ask for the people of whose emails a reader may know: herself, and whomever she looks after; and who is there."""
    here = [] if partnership_id is None else [people_of([partnership_id])]
    if reader is None:
        return here
    return [people_of(reader.partnerships_as(Role.COORDINATOR, Role.ADMIN), also=[reader.id]), *here]


def _not_hidden_at_once(reader: Doer | None) -> list[ColumnElement[bool]]:
    """Give conditions that leave out most of what is hidden from whoever sees no case, so that little else is read."""
    if reader is None or reader.partnerships_as(*SEE_EVERY_CASE):
        return []
    # As a question in the place of a value: turned into a join, PostgreSQL would read every action for every message.
    records = ((col(Action.reference), may_see_action(reader)), (col(Case.reference), may_see_case(reader)))
    asked = [select(_sees(may_see)).where(reference == FirstReference()) for reference, may_see in records]
    return [func.coalesce(question.correlate(Message).scalar_subquery(), true()) for question in asked]


def _named(message: Telling) -> set[str]:
    """Give every word under which a message may name a record."""
    facts = json.dumps(json.loads(message.facts), ensure_ascii=False)
    return {*message.about.split(", "), *_QUOTED.findall(facts)}


def _hidden(session: Session, reader: Doer, named: set[str]) -> set[str]:
    """Give those of the references that the reader may not know of."""
    hers = select(Group.id).where(col(Group.partnership_id).in_(reader.roles))
    kinds = (
        (col(Case.reference), may_see_case(reader)),
        (col(Action.reference), may_see_action(reader)),
        (col(Escalation.reference), may_see_escalation(reader)),
        (col(Meeting.reference), col(Meeting.group_id).in_(hers)),
    )
    hidden: set[str] = set()
    for reference, may_see in kinds:
        question = select(reference).where(among(reference, "named"), ~_sees(may_see))
        hidden.update(session.exec(question, params={"named": listed(sorted(named))}))
    return hidden


def _sees(may_see: ColumnElement[bool]) -> ColumnElement[bool]:
    """Give a condition as yes or no: of an action without an owner it may be neither, and then she may not see it."""
    return func.coalesce(may_see, false())


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
