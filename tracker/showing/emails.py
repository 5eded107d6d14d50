"""The emails that a reader may know of: her own, and as coordinator or administrator those of her partnerships."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, or_, select

from notifications import by_hand, doubts, outbox
from notifications.outbox import Message
from tracker.actions.models import Action
from tracker.actions.queries import may_see_action
from tracker.among import among, listed
from tracker.cases.models import Case
from tracker.cases.queries import may_see_case
from tracker.escalations.models import Escalation
from tracker.escalations.queries import may_see_escalation
from tracker.groups.models import Group, Meeting
from tracker.groups.queries import partnership_by_code
from tracker.people.doer import Doer
from tracker.people.models import Agency, Person, RoleHolding
from tracker.people.roles import Role

_QUOTED = re.compile(r'"([^"]+)"')

Row = dict[str, Any]


def list_emails(session: Session, where: Mapping[str, str], reader: Doer | None, now: datetime) -> list[Row]:
    """Give the emails, by the moment at which each is due; a reader sees her own, a coordinator her partnership's."""
    return [row(message) for message in messages_seen(session, where, reader)]


def messages_seen(session: Session, where: Mapping[str, str], reader: Doer | None) -> list[Message]:
    """Give the messages that fit and that a reader may know of, by the moment at which each is due."""
    messages = outbox.messages(session, kind=where.get("kind"), about=where.get("about"), state=where.get("state"))
    if reader is not None:
        messages = seen(session, messages, reader)
    if "owner" in where:
        messages = [message for message in messages if where["owner"] in (message.to_address, message.to_name)]
    if "partnership" in where:
        people = people_of(session, [partnership_by_code(session, where["partnership"]).id])
        messages = [message for message in messages if message.person_id in people]
    return messages


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


def in_doubt(session: Session, reader: Doer | None) -> list[Message]:
    """Give the emails of which nobody knows whether they went, as far as a reader may know of them."""
    return _seen_by(session, doubts.uncertain(session), reader)


def not_gone(session: Session, reader: Doer | None) -> list[Message]:
    """Give the emails that could not go and that nobody has seen to, as far as a reader may know of them."""
    return _seen_by(session, by_hand.failed(session), reader)


def seen(session: Session, messages: Sequence[Message], reader: Doer) -> list[Message]:
    """Leave out what is about a record that the reader may not see: a conflict hides also that an email went."""
    if not messages:
        return []
    people = people_of(session, reader.partnerships_as(Role.COORDINATOR, Role.ADMIN)) | {reader.id}
    theirs = [(message, _named(message)) for message in messages if message.person_id in people]
    hidden = _hidden(session, reader, set().union(*(named for _, named in theirs)))
    return [message for message, named in theirs if named.isdisjoint(hidden)]


def people_of(session: Session, partnership_ids: Sequence[int] | set[int]) -> set[int]:
    """Give whoever has or had a role in one of some partnerships, or works for an agency of one, by id."""
    wanted = list(partnership_ids)
    roles = select(RoleHolding.person_id).where(col(RoleHolding.partnership_id).in_(wanted))
    agencies = select(Agency.id).where(col(Agency.partnership_id).in_(wanted))
    theirs = or_(col(Person.id).in_(roles), col(Person.agency_id).in_(agencies))
    return set(session.exec(select(Person.id).where(theirs)))


def _seen_by(session: Session, messages: list[Message], reader: Doer | None) -> list[Message]:
    return messages if reader is None else seen(session, messages, reader)


def _named(message: Message) -> set[str]:
    """Give every word under which a message may name a record."""
    return {*message.about.split(", "), *_QUOTED.findall(json.dumps(message.known(), ensure_ascii=False))}


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
        question = select(reference).where(among(reference, "named"), ~may_see)
        hidden.update(session.exec(question, params={"named": listed(sorted(named))}))
    return hidden


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
