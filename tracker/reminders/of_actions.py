"""What is due for the owners of actions; and which of them have been silent for too long."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import Integer, String, bindparam, cast, literal
from sqlmodel import Session, col, func, select

from tracker.actions.models import Action
from tracker.actions.queries import is_barred
from tracker.actions.reading import ActionRead
from tracker.cases.models import Conflict
from tracker.clock import london_day
from tracker.groups.queries import every_partnership, partnership_settings, partnership_with_id
from tracker.kept import kept
from tracker.people.models import Person
from tracker.people.queries import people_with_role
from tracker.people.reach import may_be_written_to
from tracker.people.roles import Role
from tracker.reminders.asked import Asked, AskedActions, asked_of
from tracker.reminders.calls import Call, Caller, Kind, Morning, Subject, about
from tracker.reminders.models import RungTold
from tracker.reminders.rechecks import recheck_calls
from tracker.reminders.told import NOTICES, Told
from tracker.reminders.wanted import wanted_ids
from tracker.rows import Question
from workflows.action import WITHOUT_DATE

_KINDS = (Kind.ACTION, Kind.NEW_ACTION, Kind.MOVED, Kind.REVIEW)
# Read together: many enough for few questions, and few enough for little memory.
_AT_ONCE = 2000


def action_calls(morning: Morning) -> Iterator[Call]:
    """Give what is due about actions: for their owners, and for the coordinator where a hold is to be looked at."""
    actions = AskedActions(morning.session, morning.today)
    cautious = _with_conflicts(morning.session)
    ids = wanted_ids(morning)
    for first in range(0, len(ids), _AT_ONCE):
        asked = actions.read(ids[first : first + _AT_ONCE])
        holds = [about(Kind.ACTION_HOLD, one.hold.id) for one in asked if one.hold]
        caller = Caller(morning, [*holds, *(about(kind, one.id) for one in asked for kind in _KINDS)])
        for one in asked:
            owner = one.owner.answers if one.owner else None
            if owner is not None and _is_reminded(morning, one, owner, cautious):
                yield from _of_action(morning, caller, one, owner)
        yield from _of_holds(morning, caller, asked, cautious)
    yield from recheck_calls(morning, cautious)


def unanswered_reminders(session: Session, reads: Sequence[ActionRead], now: datetime) -> dict[int, int]:
    """Give the actions, by id, of which nobody is reminded any more, because so many reminders were not answered."""
    actions = [one for one in asked_of(session, [read for read in reads if read.is_open]) if one.may_be_asked]
    told = Told(session, [about(Kind.ACTION, one.id) for one in actions if one.owner])
    limits: dict[int, int] = {}
    found = {}
    for one in actions:
        owner = one.owner.answers if one.owner else None
        if owner is None:
            continue
        if one.partnership_id not in limits:
            partnership = partnership_with_id(session, one.partnership_id)
            limits[partnership.id] = partnership_settings(session, partnership, now)["reminders.stop_after"]
        noticed = max(one.given_on, one.moved_on or date.min)
        answered = one.updated_on or date.min
        count = told.unanswered(about(Kind.ACTION, one.id), owner.id, str(one.due_version), noticed, answered)
        if count >= limits[one.partnership_id]:
            found[one.id] = count
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


def _with_conflicts(session: Session) -> set[int]:
    return set(session.exec(select(Conflict.person_id).where(col(Conflict.until).is_(None))))


def _is_reminded(morning: Morning, asked: Asked, owner: Person, cautious: set[int]) -> bool:
    """None goes for an action on hold, waiting to be checked, or barred from its owner by a conflict.

    Nor for one that was loaded (K11), until somebody is named for it in the service: as its owner or for its post.
    """
    assert asked.owner is not None
    if asked.loaded_id is not None and asked.owner_since is None and asked.owner.since is None:
        return False
    if not asked.may_be_asked or not may_be_written_to(owner, morning.today):
        return False
    return owner.id not in cautious or not is_barred(morning.session, asked.id, owner.id)


def _of_action(morning: Morning, caller: Caller, asked: Asked, owner: Person) -> Iterator[Call]:
    given_on, version = asked.given_on, str(asked.due_version)
    subject = Subject(owner, Kind.ACTION, asked.id, asked.reference)
    moved_on = asked.moved_on if asked.moved_on is not None and asked.moved_on > given_on else None
    if _is_new(morning, asked, subject, caller.told):
        news = Subject(owner, Kind.NEW_ACTION, asked.id, asked.reference)
        yield from caller.notice(news, "new", given_on.isoformat(), given_on)
    elif moved_on is not None and not caller.told.of_version(subject.about, owner.id, version):
        move = Subject(owner, Kind.MOVED, asked.id, asked.reference)
        yield from caller.notice(move, "moved", version, moved_on)
    answered = asked.updated_on or date.min
    if asked.due is not None and asked.timescale_kind not in WITHOUT_DATE:
        noticed = max(given_on, moved_on or date.min)
        yield from caller.reminder(subject, asked.due.last, version, since=given_on, noticed=noticed, answered=answered)
    if asked.review_on is not None:
        of_review = Subject(owner, Kind.REVIEW, asked.id, asked.reference)
        review = asked.review_on
        yield from caller.reminder(of_review, review.last, str(review), since=given_on, answered=answered, before=False)


def _is_new(morning: Morning, asked: Asked, subject: Subject, told: Told) -> bool:
    """A new owner is told, unless she was told or reminded of it already."""
    if not morning.settings["reminders.tell_new_owner"]:
        return False
    new = about(Kind.NEW_ACTION, asked.id)
    if told.has(new, subject.person.id, asked.given_on.isoformat(), "new"):
        return False
    return not told.of_version(subject.about, subject.person.id, str(asked.due_version), asked.given_on)


def _of_holds(morning: Morning, caller: Caller, asked: Iterable[Asked], cautious: set[int]) -> Iterator[Call]:
    """Ask the coordinator to look again at a hold whose day has come: none ends by itself (K14)."""
    held = [one for one in asked if one.hold is not None]
    if not held:
        return
    coordinators = people_with_role(morning.session, morning.partnership.id, Role.COORDINATOR, morning.today)
    for one in held:
        assert one.hold is not None
        for person in coordinators:
            if not may_be_written_to(person, morning.today):
                continue
            if person.id in cautious and is_barred(morning.session, one.id, person.id):
                continue
            subject = Subject(person, Kind.ACTION_HOLD, one.hold.id, one.reference)
            day = one.hold.look_again_on
            yield from caller.reminder(subject, day, day.isoformat(), since=one.hold.since, before=False)
