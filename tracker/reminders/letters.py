"""What an email says at the moment it goes: its facts are asked again, and nothing goes that has no reason any more."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from notifications.facts import AboutAction, AboutCase, Letterhead, MailFacts, Morning
from notifications.lines import ActionLine, ClockLine, Due, HoldLine, ReflectionLine, ReturnLine, TitledDay
from notifications.outbox import Message
from notifications.rendering import Mail, compose
from tracker.actions.models import Action, ActionUpdate
from tracker.actions.queries import is_barred
from tracker.actions.reading import ActionRead, read_actions
from tracker.cases.models import AgencyReturn, Case, Clock, Hold
from tracker.cases.open_clocks import clocks_of
from tracker.cases.queries import barred_case_ids
from tracker.clock import london_day
from tracker.escalations import telling
from tracker.groups.models import Partnership
from tracker.groups.queries import partnership_settings
from tracker.papers import digest_post
from tracker.people.models import Agency, Person
from tracker.reminders.bundle import EMAILS
from tracker.reminders.calls import Kind
from tracker.reviews.models import Lead
from workflows.action import OPEN_STATUSES
from workflows.dates import PartialDate
from workflows.deadlines import in_words

REFLECTION_CLOCKS = ("reflection_6m", "reflection_12m", "update_report")


def compose_for(session: Session, message: Message, now: datetime) -> Mail | None:
    """Write an email from the facts of this moment; nothing when there is no reason for it any more."""
    if message.kind in EMAILS:
        morning = morning_facts(session, message, now)
        return compose(morning.email, morning) if morning.email is not None else None
    facts = _FACTS[message.kind](session, message, now)
    return None if facts is None else compose(message.kind, facts)


def morning_facts(session: Session, message: Message, now: datetime) -> Morning:
    """Give what one person's morning holds now, of what was due for her when it was planned."""
    wanted: dict[str, dict[int, str]] = {}
    for kind, record_id, version in message.known()["calls"]:
        wanted.setdefault(kind, {})[record_id] = version
    reader = session.get_one(Person, message.person_id)
    reading = _Reading(session, reader, now)
    asked = reading.actions(wanted.get(Kind.ACTION, {}))
    new = reading.actions(
        {number: "" for number in wanted.get(Kind.NEW_ACTION, {}) if number not in wanted.get(Kind.ACTION, {})}
    )
    clocks, reflections = reading.clocks(wanted.get(Kind.CLOCK, {}))
    return Morning(
        letterhead=reading.letterhead(),
        to_name=message.to_name,
        answer_by=reading.answer_by() if asked else None,
        actions=tuple(_asked(read, reading.title(read), reading.today) for read in asked),
        new_actions=tuple(_new(read, reading.title(read)) for read in new),
        reviews=reading.reviews(wanted.get(Kind.REVIEW, {})),
        statutory=clocks,
        reflections=reflections,
        holds=reading.holds(wanted.get(Kind.HOLD, {})),
        returns=reading.returns(wanted.get(Kind.RETURN, {})),
    )


class _Reading:
    """The records of one person's morning, as they stand when it is written."""

    def __init__(self, session: Session, reader: Person, now: datetime) -> None:
        self.session = session
        self.reader = reader
        self.now = now
        self.today = london_day(now)
        self._barred = set(barred_case_ids(session, reader.id))
        self._partnerships: dict[int, Partnership] = {}

    def letterhead(self) -> Letterhead:
        """Give the letterhead: the one partnership it all comes from, or the service's own where there are several."""
        names = {partnership.name for partnership in self._partnerships.values()}
        return Letterhead(partnership=names.pop() if len(names) == 1 else "Learning tracker")

    def answer_by(self) -> date:
        """Give the day by which an answer is asked for: as long as a link of the partnership lasts."""
        partnership = next(iter(self._partnerships.values()))
        days: int = partnership_settings(self.session, partnership, self.now)["link.days"]
        return self.today + timedelta(days=days)

    def actions(self, wanted: Mapping[int, str]) -> list[ActionRead]:
        """Give those of the actions that still ask something of the reader, in a version that still holds."""
        if not wanted:
            return []
        conditions = [col(Action.id).in_(wanted), col(Action.status).in_(OPEN_STATUSES)]
        found = read_actions(self.session, *conditions, reader=None, now=self.now)
        kept = [read for read in found if self._hers(read) and self._holds_still(read, wanted[read.action.id])]
        for read in kept:
            self._from(read.action.partnership_id)
        return kept

    def title(self, read: ActionRead) -> str | None:
        """Give an action's title, unless the partnership keeps titles out of emails."""
        partnership = self._partnerships[read.action.partnership_id]
        return read.action.title if partnership_settings(self.session, partnership, self.now)["email.titles"] else None

    def reviews(self, wanted: Mapping[int, str]) -> tuple[TitledDay, ...]:
        """Give the actions whose review date has come."""
        reads = [read for read in self.actions(dict.fromkeys(wanted, "")) if read.action.review_on is not None]
        return tuple(
            TitledDay(reference=read.action.reference, day=str(read.action.review_on), title=self.title(read))
            for read in reads
            if str(read.action.review_on) == wanted[read.action.id]
        )

    def clocks(self, wanted: Mapping[int, str]) -> tuple[tuple[ClockLine, ...], tuple[ReflectionLine, ...]]:
        """Give the clocks that still run or are late, reflections apart."""
        rows = self.session.exec(select(Clock).where(col(Clock.id).in_(wanted))).all()
        cases = self._cases({clock.case_id for clock in rows})
        lines, reflections = [], []
        for found in clocks_of(self.session, cases, self.today):
            clock, case = found.clock, found.case
            if clock.id not in wanted or not found.is_open or str(clock.due) != wanted[clock.id]:
                continue
            if clock.code in REFLECTION_CLOCKS:
                reflections.append(ReflectionLine(reference=case.reference, which=clock.name, due_on=_day(clock.due)))
            else:
                state = in_words(found.reading, clock.due, self.today)
                lines.append(ClockLine(reference=case.reference, name=clock.name, due_on=_day(clock.due), state=state))
        return tuple(lines), tuple(reflections)

    def holds(self, wanted: Mapping[int, str]) -> tuple[HoldLine, ...]:
        """Give the holds that still stand."""
        holds = self.session.exec(select(Hold).where(col(Hold.id).in_(wanted), col(Hold.until).is_(None))).all()
        references = {case.id: case.reference for case in self._cases({hold.case_id for hold in holds})}
        return tuple(
            HoldLine(reference=references[hold.case_id], since=hold.since, look_again_on=hold.look_again_on)
            for hold in holds
            if hold.case_id in references
        )

    def returns(self, wanted: Mapping[int, str]) -> tuple[ReturnLine, ...]:
        """Give the returns that have not come."""
        question = select(AgencyReturn).where(col(AgencyReturn.id).in_(wanted), col(AgencyReturn.returned_on).is_(None))
        rows = self.session.exec(question.order_by(col(AgencyReturn.id))).all()
        references = {case.id: case.reference for case in self._cases({asked.case_id for asked in rows})}
        return tuple(
            ReturnLine(
                reference=references[asked.case_id],
                agency=self.session.get_one(Agency, asked.agency_id).name,
                due_on=asked.due_on,
                overdue=asked.due_on < self.today,
            )
            for asked in rows
            if asked.case_id in references
        )

    def _hers(self, read: ActionRead) -> bool:
        owner = read.owner.answers if read.owner else None
        is_hers = owner is not None and owner.id == self.reader.id
        return (
            is_hers
            and read.hold is None
            and not read.waits
            and not is_barred(self.session, read.action, self.reader.id)
        )

    @staticmethod
    def _holds_still(read: ActionRead, version: str) -> bool:
        return version in ("", str(read.action.due_version))

    def _cases(self, ids: set[int]) -> list[Case]:
        cases = self.session.exec(select(Case).where(col(Case.id).in_(ids - self._barred))).all()
        for case in cases:
            self._from(case.partnership_id)
        return list(cases)

    def _from(self, partnership_id: int) -> None:
        if partnership_id not in self._partnerships:
            self._partnerships[partnership_id] = self.session.get_one(Partnership, partnership_id)


def _day(due: PartialDate) -> date | str:
    return due.day_or_none or str(due)


def _asked(read: ActionRead, title: str | None, today: date) -> ActionLine:
    due = read.action.due
    if due is None:
        word = Due.LATER
    elif due.overdue_on(today):
        word = Due.OVERDUE
    else:
        word = Due.TODAY if due.day_or_none == today else Due.SOON
    return ActionLine(
        reference=read.action.reference,
        due=word,
        due_on=None if due is None else _day(due),
        title=title,
        last_update_on=read.updated_on,
    )


def _new(read: ActionRead, title: str | None) -> ActionLine:
    due = read.action.due
    return ActionLine(
        reference=read.action.reference, due=Due.NEW, due_on=None if due is None else _day(due), title=title
    )


def _about_update(session: Session, message: Message, now: datetime) -> AboutAction | None:
    """A question about an update goes as long as the update is the one that is queried."""
    update = session.get_one(ActionUpdate, message.known()["update"])
    action = session.get_one(Action, update.action_id)
    if update.state != "queried" or is_barred(session, action, message.person_id):
        return None
    partnership = session.get_one(Partnership, action.partnership_id)
    titles = partnership_settings(session, partnership, now)["email.titles"]
    return AboutAction(
        letterhead=Letterhead(partnership=partnership.name),
        to_name=message.to_name,
        reference=action.reference,
        title=action.title if titles else None,
        due_on=None if action.due is None else _day(action.due),
    )


def _about_lead(session: Session, message: Message, _now: datetime) -> AboutCase | None:
    """A lead is asked as long as she leads and her involvement is not known."""
    lead = session.get_one(Lead, message.known()["lead"])
    if lead.ended_on is not None or lead.involvement in ("none", "direct"):
        return None
    return _about_case(session, message, _now)


def _about_case(session: Session, message: Message, _now: datetime) -> AboutCase | None:
    case = session.exec(select(Case).where(Case.reference == message.known()["case"])).one()
    if case.id in barred_case_ids(session, message.person_id):
        return None
    partnership = session.get_one(Partnership, case.partnership_id)
    return AboutCase(
        letterhead=Letterhead(partnership=partnership.name), to_name=message.to_name, reference=case.reference
    )


_FACTS: Mapping[str, Callable[[Session, Message, datetime], MailFacts | None]] = {
    digest_post.KIND: digest_post.digest_facts,
    telling.KIND: telling.answered_facts,
    "update_queried": _about_update,
    "independence": _about_lead,
    "executive_decision": _about_case,
}
