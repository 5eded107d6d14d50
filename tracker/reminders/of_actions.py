"""What is due for the owners of actions; and which of them have been silent for too long."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Integer, String, bindparam, cast, literal
from sqlmodel import Session, col, func, select

from tracker.actions.models import Action, ActionDate
from tracker.actions.queries import is_barred
from tracker.actions.reading import ActionRead, read_actions
from tracker.cases.models import Conflict
from tracker.clock import london_day
from tracker.groups.queries import every_partnership, partnership_settings, partnership_with_id
from tracker.kept import kept
from tracker.people.models import Person
from tracker.people.queries import people_with_role
from tracker.people.reach import may_be_written_to
from tracker.people.roles import Role
from tracker.reminders.calls import Call, Caller, Kind, Morning, Subject, about
from tracker.reminders.models import RungTold
from tracker.reminders.told import NOTICES, Told
from tracker.rows import Question
from workflows.action import OPEN_STATUSES, TimescaleKind

_KINDS = (Kind.ACTION, Kind.NEW_ACTION, Kind.MOVED, Kind.REVIEW)


def action_calls(morning: Morning) -> Iterator[Call]:
    """Give what is due about actions: for their owners, and for the coordinator where a hold is to be looked at."""
    is_open = col(Action.status).in_(OPEN_STATUSES)
    is_theirs = col(Action.partnership_id) == morning.partnership.id
    reads = read_actions(morning.session, is_open, is_theirs, reader=None, now=morning.now)
    holds = [about(Kind.ACTION_HOLD, read.hold.id) for read in reads if read.hold]
    caller = Caller(morning, [*holds, *(about(kind, read.action.id) for read in reads for kind in _KINDS)])
    moved = moved_days(morning.session, reads)
    cautious = _with_conflicts(morning.session)
    for read in reads:
        owner = read.owner.answers if read.owner else None
        if owner is not None and _is_reminded(morning, read, owner, cautious):
            yield from _of_action(morning, caller, read, owner, moved.get(read.action.id))
    yield from _of_holds(morning, caller, reads, cautious)


def unanswered_reminders(session: Session, reads: Sequence[ActionRead], now: datetime) -> dict[int, int]:
    """Give the actions, by id, of which nobody is reminded any more, because so many reminders were not answered."""
    asked = [(read, read.owner.answers) for read in reads if read.owner and read.is_open and may_ask(read)]
    told = Told(session, [about(Kind.ACTION, read.action.id) for read, _ in asked])
    moved = moved_days(session, [read for read, _ in asked])
    limits: dict[int, int] = {}
    found = {}
    for read, owner in asked:
        if owner is None:
            continue
        action, subject = read.action, about(Kind.ACTION, read.action.id)
        if action.partnership_id not in limits:
            partnership = partnership_with_id(session, action.partnership_id)
            limits[partnership.id] = partnership_settings(session, partnership, now)["reminders.stop_after"]
        noticed = max(_given_on(read), moved.get(action.id, date.min))
        answered = read.updated_on or date.min
        count = told.unanswered(subject, owner.id, str(action.due_version), noticed, answered)
        if count >= limits[action.partnership_id]:
            found[action.id] = count
    return found


def often_reminded(session: Session, now: datetime) -> Sequence[int]:
    """Give the ids of the open actions of which so many reminders went that there may be no more: never too few."""
    settings = [partnership_settings(session, one, now) for one in every_partnership(session)]
    least = min((one["reminders.stop_after"] for one in settings), default=1)
    # So many reminders as go before the day and on it are no reason to look at what is not due yet.
    is_for_late = all(least > len(one["reminders.before"]) + 1 for one in settings)
    before = london_day(now).isoformat() if is_for_late else _ALWAYS
    [(newest,)] = _NEWEST_RUNG.rows(session)
    # A reminder is no line of the history: what is kept holds until the next one.
    key = ("often reminded", least, before, newest)
    return kept(session, key, lambda: [number for (number,) in _OFTEN.rows(session, least=least, before=before)])


# A letter stands after every date.
_ALWAYS = "z"
_SUBJECT = literal(about(Kind.ACTION, 0).removesuffix("0")).concat(cast(col(Action.id), String))
_TOLD = select(func.count(col(RungTold.id))).where(col(RungTold.about) == _SUBJECT, col(RungTold.name).not_in(NOTICES))
_OFTEN = Question(
    select(Action.id).where(
        col(Action.open_by) > "",
        col(Action.open_by) < bindparam("before", type_=String),
        _TOLD.scalar_subquery() >= bindparam("least", type_=Integer),
    )
)
_NEWEST_RUNG = Question(select(func.max(col(RungTold.id))))


def may_ask(read: ActionRead) -> bool:
    """Say whether an action is neither on hold nor waits to be checked (K13); asked back, it is its owner's turn."""
    return read.hold is None and (read.asked_back or not read.waits)


def moved_days(session: Session, reads: Sequence[ActionRead]) -> Mapping[int, date]:
    """Give the days on which the due dates that hold now were moved to where they are."""
    due = {read.action.id: read.action.due for read in reads if read.action.due_version > 1}
    if not due:
        return {}
    question = select(ActionDate).where(ActionDate.kind == "moved", col(ActionDate.action_id).in_(due))
    newest = {row.action_id: row for row in session.exec(question.order_by(col(ActionDate.id)))}
    return {number: london_day(row.at) for number, row in newest.items() if row.due == due[number]}


def _with_conflicts(session: Session) -> set[int]:
    return set(session.exec(select(Conflict.person_id).where(col(Conflict.until).is_(None))))


def _is_reminded(morning: Morning, read: ActionRead, owner: Person, cautious: set[int]) -> bool:
    """None goes for an action on hold, waiting to be checked, or barred from its owner by a conflict.

    Nor for one that was loaded (K11), until somebody is named for it in the service: as its owner or for its post.
    """
    assert read.owner is not None
    if read.action.loaded_id is not None and read.action.owner_since is None and read.owner.since is None:
        return False
    if not may_ask(read) or not may_be_written_to(owner, morning.today):
        return False
    return owner.id not in cautious or not is_barred(morning.session, read.action, owner.id)


def _given_on(read: ActionRead) -> date:
    """Give the day from which the action is hers: passed to her, with its post, or by somebody who left."""
    assert read.owner is not None
    return max(read.action.owner_since or read.action.made_on, read.owner.since or date.min)


def _of_action(
    morning: Morning, caller: Caller, read: ActionRead, owner: Person, moved_on: date | None
) -> Iterator[Call]:
    action, given_on = read.action, _given_on(read)
    asked, version = Subject(owner, Kind.ACTION, action.id, action.reference), str(action.due_version)
    moved_on = moved_on if moved_on is not None and moved_on > given_on else None
    if _is_new(morning, read, asked, caller.told):
        subject = Subject(owner, Kind.NEW_ACTION, action.id, action.reference)
        yield from caller.notice(subject, "new", given_on.isoformat(), given_on)
    elif moved_on is not None and not caller.told.of_version(asked.about, owner.id, version):
        subject = Subject(owner, Kind.MOVED, action.id, action.reference)
        yield from caller.notice(subject, "moved", version, moved_on)
    answered = read.updated_on or date.min
    if action.due is not None and action.timescale_kind != TimescaleKind.TRIGGERED:
        noticed = max(given_on, moved_on or date.min)
        yield from caller.reminder(asked, action.due.last, version, since=given_on, noticed=noticed, answered=answered)
    if action.review_on is not None:
        subject = Subject(owner, Kind.REVIEW, action.id, action.reference)
        review = action.review_on
        yield from caller.reminder(subject, review.last, str(review), since=given_on, answered=answered, before=False)


def _is_new(morning: Morning, read: ActionRead, asked: Subject, told: Told) -> bool:
    """A new owner is told, unless she was told or reminded of it already."""
    if not morning.settings["reminders.tell_new_owner"]:
        return False
    given_on = _given_on(read)
    new = about(Kind.NEW_ACTION, asked.record_id)
    if told.has(new, asked.person.id, given_on.isoformat(), "new"):
        return False
    return not told.of_version(asked.about, asked.person.id, str(read.action.due_version), given_on)


def _of_holds(morning: Morning, caller: Caller, reads: Iterable[ActionRead], cautious: set[int]) -> Iterator[Call]:
    """Ask the coordinator to look again at a hold whose day has come: none ends by itself (K14)."""
    held = [read for read in reads if read.hold is not None]
    if not held:
        return
    coordinators = people_with_role(morning.session, morning.partnership.id, Role.COORDINATOR, morning.today)
    for read in held:
        assert read.hold is not None
        for person in coordinators:
            if not may_be_written_to(person, morning.today):
                continue
            if person.id in cautious and is_barred(morning.session, read.action, person.id):
                continue
            subject = Subject(person, Kind.ACTION_HOLD, read.hold.id, read.action.reference)
            day = read.hold.look_again_on
            yield from caller.reminder(subject, day, day.isoformat(), since=read.hold.since, before=False)
