"""What one person's morning says when it goes: every record is asked again, and only what still holds stays."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from notifications.facts import Letterhead, Morning
from notifications.lines import ActionLine, Day, Due, HoldLine, TitledDay
from notifications.outbox import Message
from notifications.transports import TemporaryRefusal
from tracker.actions.models import Action, ActionHold
from tracker.actions.queries import is_barred
from tracker.cases.unnamed import barred_cases_named, without_references
from tracker.clock import london_day
from tracker.groups.letterheads import letterhead_of
from tracker.groups.queries import partnership_settings, partnership_with_id
from tracker.people.models import Person
from tracker.people.queries import person_with_id
from tracker.people.reach import may_be_written_to
from tracker.reminders.asked import Asked, asked_actions
from tracker.reminders.calls import Kind, Settings
from tracker.reminders.case_lines import CaseLines, coordinates
from workflows.dates import PartialDate

Wanted = Mapping[int, str]
# A call as an email keeps it: its kind, the id of its record, and the version of its date.
Said = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class OneMorning:
    """What one person's morning holds, the partnerships whose actions it names, and which calls it says."""

    facts: Morning
    of_actions: frozenset[int]
    said: frozenset[Said]


def one_morning(session: Session, message: Message, now: datetime) -> OneMorning:
    """Give what one person's morning holds now, of what was due for her when it was planned."""
    wanted: dict[str, dict[int, str]] = {kind: {} for kind in Kind}
    calls: list[Said] = [(kind, number, version) for kind, number, version in message.known()["calls"]]
    for kind, record_id, version in calls:
        if kind not in wanted:
            raise TemporaryRefusal("This version of the program does not know what is asked; a newer one sends it.")
        wanted[kind][record_id] = version
    reader = person_with_id(session, message.person_id)
    assert reader is not None, "people are never deleted"
    today = london_day(now)
    # Somebody else may read the address by now; and whoever opted out meanwhile gets what is statutory.
    if reader.email != message.to_address or not may_be_written_to(reader, today, statutory=True):
        wanted = {kind: {} for kind in Kind}
    elif reader.opted_out:
        wanted = {kind: {} for kind in Kind} | {Kind.CLOCK: wanted[Kind.CLOCK]}
    cases = CaseLines(session, reader, now)
    actions = _ActionLines(session, reader, now)
    asked = actions.asked(wanted[Kind.ACTION])
    new = actions.new(_without(wanted[Kind.NEW_ACTION], wanted[Kind.ACTION]))
    moved = actions.moved(_without(wanted[Kind.MOVED], wanted[Kind.ACTION], wanted[Kind.NEW_ACTION]))
    rechecks = actions.rechecks(_without(wanted[Kind.RECHECK], wanted[Kind.REVIEW]))
    reviews = actions.reviews(wanted[Kind.REVIEW])
    of_actions = frozenset(actions.partnerships)
    statutory, reflections = cases.clocks(wanted[Kind.CLOCK])
    holds = (*cases.holds(wanted[Kind.HOLD]), *actions.holds(wanted[Kind.ACTION_HOLD]))
    returns = cases.returns(wanted[Kind.RETURN], also_on_hold=not message.routine)
    facts = Morning(
        letterhead=_letterhead(session, cases.partnerships | actions.partnerships, today),
        to_name=message.to_name,
        answer_by=actions.answer_by() if asked else None,
        actions=asked,
        new_actions=new,
        moved=moved,
        reviews=reviews,
        rechecks=rechecks,
        statutory=statutory,
        reflections=reflections,
        holds=holds,
        returns=returns,
    )
    return OneMorning(facts, of_actions, _said(calls, actions.said | cases.said))


def _said(calls: Sequence[Said], records: Set[tuple[str, int]]) -> frozenset[Said]:
    """Give the calls that are said; what is asked of an action says also that it is new, or that its date was moved."""
    asked = {number for kind, number in records if kind == Kind.ACTION}
    return frozenset(
        (kind, number, version)
        for kind, number, version in calls
        if (kind, number) in records or (kind in (Kind.NEW_ACTION, Kind.MOVED) and number in asked)
    )


def _without(wanted: Wanted, *others: Wanted) -> Wanted:
    return {number: version for number, version in wanted.items() if not any(number in other for other in others)}


def _letterhead(session: Session, partnerships: set[int], today: date) -> Letterhead:
    """Give the letterhead: the one partnership it all comes from, or the service's own where there are several."""
    if len(partnerships) != 1:
        return Letterhead(partnership="Learning tracker")
    return letterhead_of(session, next(iter(partnerships)), today)


class _ActionLines:
    """What is said of actions to one reader."""

    def __init__(self, session: Session, reader: Person, now: datetime) -> None:
        self._session = session
        self._reader = reader
        self._now = now
        self._today = london_day(now)
        self._hidden = barred_cases_named(session, reader.id)
        self._settings: dict[int, Settings] = {}
        self.partnerships: set[int] = set()
        self.said: set[tuple[str, int]] = set()

    def asked(self, wanted: Wanted) -> tuple[ActionLine, ...]:
        """Give the actions of which she is asked where they are."""
        return tuple(self._asked(one) for one in self._hers(wanted, Kind.ACTION))

    def new(self, wanted: Wanted) -> tuple[ActionLine, ...]:
        """Give the actions that are hers now."""
        return tuple(
            ActionLine(reference=one.reference, due=Due.NEW, due_on=_due_on(one.due), title=self._title(one))
            for one in self._hers(wanted, Kind.NEW_ACTION)
        )

    def moved(self, wanted: Wanted) -> tuple[TitledDay, ...]:
        """Give the actions whose due date was moved, with the new one."""
        dated = [(one, _due_on(one.due)) for one in self._hers(wanted, Kind.MOVED)]
        return tuple(
            TitledDay(reference=one.reference, day=day, title=self._title(one)) for one, day in dated if day is not None
        )

    def reviews(self, wanted: Wanted) -> tuple[TitledDay, ...]:
        """Give the actions whose review date has come."""
        return tuple(
            TitledDay(reference=one.reference, day=str(one.review_on), title=self._title(one))
            for one in self._hers(wanted, Kind.REVIEW)
        )

    def rechecks(self, wanted: Wanted) -> tuple[TitledDay, ...]:
        """Give the actions that a coordinator looks at again: done ones, and those asked of bodies outside."""
        if not wanted:
            return ()
        lines = []
        for action in self._session.exec(select(Action).where(col(Action.id).in_(wanted)).order_by(col(Action.id))):
            seen = coordinates(self._session, self._reader, action.partnership_id, self._today)
            if str(action.review_on) != wanted[action.id] or not seen or self._is_barred(action.id):
                continue
            self.partnerships.add(action.partnership_id)
            self.said.add((Kind.RECHECK, action.id))
            lines.append(TitledDay(reference=action.reference, day=str(action.review_on), title=self._title(action)))
        return tuple(lines)

    def holds(self, wanted: Wanted) -> tuple[HoldLine, ...]:
        """Give the holds of actions that still stand, for the coordinator."""
        if not wanted:
            return ()
        question = (
            select(ActionHold, Action)
            .join(Action, col(Action.id) == ActionHold.action_id)
            .where(col(ActionHold.id).in_(wanted), col(ActionHold.until).is_(None))
            .order_by(col(ActionHold.id))
        )
        lines = []
        for hold, action in self._session.exec(question):
            seen = coordinates(self._session, self._reader, action.partnership_id, self._today)
            if hold.look_again_on.isoformat() != wanted[hold.id] or not seen:
                continue
            if self._is_barred(action.id):
                continue
            self.partnerships.add(action.partnership_id)
            self.said.add((Kind.ACTION_HOLD, hold.id))
            lines.append(HoldLine(reference=action.reference, since=hold.since, look_again_on=hold.look_again_on))
        return tuple(lines)

    def answer_by(self) -> date:
        """Give the day by which an answer is asked for: as long as a link lasts, the shortest of her partnerships."""
        days = [self._setting(number, "link.days") for number in self.partnerships]
        return self._today + timedelta(days=min(days))

    def _hers(self, wanted: Wanted, kind: Kind) -> list[Asked]:
        """Give those of the actions that still ask something of the reader, in a version that still holds."""
        if not wanted:
            return []
        found = asked_actions(self._session, wanted, self._today, {self._reader.id: self._reader})
        kept = [one for one in found if self._asks(one) and _holds_still(one, wanted, kind)]
        self.said |= {(kind, one.id) for one in kept}
        self.partnerships |= {one.partnership_id for one in kept}
        return kept

    def _asks(self, one: Asked) -> bool:
        owner = one.owner.answers if one.owner else None
        if owner is None or owner.id != self._reader.id or not one.may_be_asked:
            return False
        return not self._is_barred(one.id)

    def _is_barred(self, action_id: int) -> bool:
        return bool(self._hidden) and is_barred(self._session, action_id, self._reader.id)

    def _asked(self, one: Asked) -> ActionLine:
        due = one.due
        if due is None:
            word = Due.LATER
        elif due.overdue_on(self._today):
            word = Due.OVERDUE
        else:
            word = Due.TODAY if due.day_or_none == self._today else Due.SOON
        return ActionLine(
            reference=one.reference,
            due=word,
            due_on=_due_on(one.due),
            title=self._title(one),
            last_update_on=one.updated_on,
        )

    def _title(self, one: Asked | Action) -> str | None:
        """Give an action's title as its reader may read it, unless the partnership keeps titles out of emails."""
        titles = self._setting(one.partnership_id, "email.titles")
        return without_references(one.title, self._hidden) if titles else None

    def _setting(self, partnership_id: int, key: str) -> int:
        if partnership_id not in self._settings:
            partnership = partnership_with_id(self._session, partnership_id)
            self._settings[partnership_id] = partnership_settings(self._session, partnership, self._now)
        value: int = self._settings[partnership_id][key]
        return value


def _holds_still(one: Asked, wanted: Wanted, kind: Kind) -> bool:
    now = str(one.review_on) if kind is Kind.REVIEW else str(one.due_version)
    return kind is Kind.NEW_ACTION or now == wanted[one.id]


def _due_on(due: PartialDate | None) -> Day | None:
    return None if due is None else due.day_or_text
