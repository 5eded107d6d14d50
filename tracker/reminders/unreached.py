"""Owners whom no email reaches: the lead of each action's agency is asked, once, to name somebody else."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Date, bindparam
from sqlmodel import Session, col, or_, select

from notifications.facts import OwnerUnreachable
from notifications.lines import ActionLine, Due
from notifications.outbox import Message
from tracker.actions.helping import lead_to_ask
from tracker.actions.models import Action
from tracker.actions.queries import is_barred
from tracker.actions.reading import ActionRead, read_actions, read_these
from tracker.actions.wanting import has_refused
from tracker.cases.unnamed import barred_cases_named, without_references
from tracker.clock import london_day
from tracker.database import write_once
from tracker.groups.letterheads import letterhead_of
from tracker.groups.models import Partnership
from tracker.groups.queries import partnership_settings
from tracker.people.models import Person
from tracker.people.reach import tell
from tracker.reminders.models import RungTold
from tracker.reminders.told import Told
from tracker.rows import Question
from workflows.action import OPEN_STATUSES

KIND = "owner_unreachable"
_RUNG = "lead_asked"


def owners_to_replace(session: Session, partnership_ids: Sequence[int], now: datetime) -> list[list[int]]:
    """Give the open actions of partnerships, by id and one list for an owner, of which a lead is to be asked."""
    found: dict[int, list[int]] = {}
    for read in _unreached(session, partnership_ids, now):
        assert read.owner is not None, "only owned actions are asked for"
        found.setdefault(read.owner.person.id, []).append(read.action.id)
    return [theirs for _, theirs in sorted(found.items())]


def ask_leads(session: Session, action_ids: Sequence[int], now: datetime) -> int:
    """Put one email to each lead about the actions of one owner, and keep that they were asked; says how many emails.

    An action whose agency has no lead who can be written to waits until it has one.
    """
    by_lead: dict[int, tuple[Person, list[ActionRead]]] = {}
    for read in _still_unreached(session, action_ids, now):
        lead = lead_to_ask(session, read.action, _never(read), london_day(now))
        if lead is not None:
            by_lead.setdefault(lead.id, (lead, []))[1].append(read)
    put = 0
    for lead, theirs in by_lead.values():
        kept = [read for read in theirs if _keep(session, read, now)]
        if kept:
            key = f"{KIND}:{lead.id}:{kept[0].action.reference}:{_version(kept[0])}"
            references = ", ".join(read.action.reference for read in kept)
            facts: dict[str, object] = {"actions": [read.action.id for read in kept]}
            put += tell(session, lead, kind=KIND, about=references, key=key, facts=facts, now=now)
    return put


def unreached_facts(session: Session, message: Message, now: datetime) -> OwnerUnreachable | None:
    """Give what a lead is told at this moment: the actions whose owner still cannot be reached, if any."""
    wanted = col(Action.id).in_(message.known()["actions"])
    reads = read_actions(session, wanted, col(Action.status).in_(OPEN_STATUSES), reader=None, now=now)
    kept = [read for read in reads if _is_unreached(read) and not is_barred(session, read.action.id, message.person_id)]
    if not kept:
        return None
    partnership = session.get_one(Partnership, kept[0].action.partnership_id)
    titles = partnership_settings(session, partnership, now)["email.titles"]
    hidden = barred_cases_named(session, message.person_id)
    return OwnerUnreachable(
        letterhead=letterhead_of(session, partnership.id, london_day(now)),
        to_name=message.to_name,
        actions=tuple(_line(read, titles=titles, hidden=hidden) for read in kept),
    )


def _line(read: ActionRead, *, titles: bool, hidden: Collection[str]) -> ActionLine:
    action = read.action
    due_on = None if action.due is None else action.due.day_or_text
    title = without_references(action.title, hidden) if titles else None
    return ActionLine(reference=action.reference, due=Due.LATER, due_on=due_on, title=title)


def _unreached(session: Session, partnership_ids: Sequence[int], now: datetime) -> Iterator[ActionRead]:
    ids = [
        number
        for number, partnership_id in _MAY_BE_UNREACHED.rows(session, today=london_day(now))
        if partnership_id in partnership_ids
    ]
    reads = [read for read in read_these(session, ids, None, now) if _is_asked(read)]
    told = Told(session, [_subject(read) for read in reads])
    for read in reads:
        assert read.owner is not None, "only owned actions are asked about"
        if not told.has(_subject(read), read.owner.person.id, _version(read), _RUNG):
            yield read


def _still_unreached(session: Session, action_ids: Sequence[int], now: datetime) -> list[ActionRead]:
    return [read for read in read_these(session, action_ids, None, now) if _is_asked(read)]


def _is_asked(read: ActionRead) -> bool:
    """Say whether a lead is asked: not of what is on hold or was loaded, until somebody is named for it (K11)."""
    if not read.is_open or not _is_unreached(read) or read.hold is not None or (read.waits and not read.asked_back):
        return False
    named = read.action.owner_since or (read.owner.since if read.owner else None)
    return read.action.loaded_id is None or named is not None


def _is_unreached(read: ActionRead) -> bool:
    return read.owner is not None and not read.owner.is_gone and not read.owner.is_reached


def _never(read: ActionRead) -> set[int]:
    """Give whom nobody asks to replace the owner: the owner."""
    assert read.owner is not None, "only owned actions are asked about"
    return {person.id for person in (read.owner.person, read.owner.answers) if person is not None}


def _keep(session: Session, read: ActionRead, now: datetime) -> bool:
    assert read.owner is not None, "only owned actions are asked about"
    day = london_day(now)
    row = {"about": _subject(read), "person_id": read.owner.person.id, "version": _version(read), "name": _RUNG}
    return write_once(session, RungTold, row | {"day": day, "told_at": now}) is not None


def _subject(read: ActionRead) -> str:
    return f"unreached:{read.action.id}"


def _version(read: ActionRead) -> str:
    """Name what a lead is asked about: a version of the due date, and the day on which emails came back."""
    refused_on = read.owner.answers.refused_on if read.owner and read.owner.answers else None
    return f"{read.action.due_version}" + (f"/{refused_on}" if refused_on else "")


_TODAY = bindparam("today", type_=Date)
_MAY_BE_UNREACHED = Question(
    select(col(Action.id), col(Action.partnership_id))
    .where(col(Action.open_by) > "", or_(col(Action.loaded_id).is_(None), col(Action.owner_since).is_not(None)))
    .where(
        col(Action.owner_id).in_(
            select(Person.id).where(
                or_(
                    col(Person.email).is_(None),
                    has_refused(),
                    col(Person.ended_on) <= _TODAY,
                )
            )
        )
    )
)
