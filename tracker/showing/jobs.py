"""What Today shows: everything that waits for somebody, each a sentence that begins with what to do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from tracker.actions.listing import find_actions
from tracker.actions.models import Action
from tracker.actions.reading import ActionRead
from tracker.cases.drafts import DecisionDraft
from tracker.cases.holds import REVIEW_CLOCK
from tracker.cases.models import AgencyReturn, Case, Clock, Hold, MethodWork
from tracker.cases.open_clocks import CaseClock, clocks_of
from tracker.clock import london_day
from tracker.groups.queries import working_days_of
from tracker.people.doer import Doer
from tracker.people.models import Agency
from tracker.reminders.of_actions import unanswered_reminders
from tracker.showing.action import action_jobs
from tracker.showing.case_jobs import open_jobs_of
from tracker.showing.case_lists import partnership_codes, visible_cases
from workflows.dates import PartialDate, iso_text
from workflows.deadlines import counted, in_words
from workflows.vocabulary import CaseStatus, ClockKind
from workflows.working_days import WorkingDays

# What ends each clock, said as what to do, and the deed that does it.
_BY_CLOCK: Mapping[str, tuple[str, str]] = {
    "notify_panel": ("Notify the national Panel of {case}", "record-notification"),
    "rapid_review": ("Send the rapid review of {case} to the national Panel", "send-to-national-panel"),
    "publish_review": ("Publish the review of {case}", "publish"),
    "send_before_publication": (
        "Send the full report of {case} to the national Panel and the Secretary of State",
        "record-sent-before-publication",
    ),
    "learning_session": ("Hold the learning session of {case}", "record-learning-session"),
    "reflection_6m": ("Hold the six-month reflection of {case}", "record-reflection"),
    "reflection_12m": ("Hold the one-year reflection of {case}", "record-reflection"),
    "update_report": ("Publish the update report of {case}", "record-reflection"),
}


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do: about which record, by which deed, by when, and how strict that date is."""

    sentence: str
    deed: str
    code: str
    partnership_id: int
    case: str | None = None
    action: str | None = None
    title: str | None = None
    due: PartialDate | None = None
    kind: str = ClockKind.LOCAL.value
    days_left: int | None = None
    late_by: int | None = None
    words: str | None = None

    @property
    def order(self) -> tuple[int, int, int, str]:
        """Sort late statutory, late local, then by days left, statutory first on a tie; what has no date is last."""
        is_local = int(self.kind == ClockKind.LOCAL)
        if self.late_by is not None:
            return (is_local, -self.late_by, 0, self.sentence)
        return (2, 10**6 if self.days_left is None else self.days_left, is_local, self.sentence)


def list_jobs(session: Session, where: Mapping[str, str], reader: Doer | None, now: datetime) -> list[dict[str, Any]]:
    """Give what waits for somebody, over all records that a reader sees, the most pressing first."""
    today = london_day(now)
    for_cases = {key: value for key, value in where.items() if key in ("partnership", "case", "theme")}
    cases = [case for case in visible_cases(session, for_cases, reader) if case.status != CaseStatus.CLOSED]
    jobs = [*_of_cases(session, cases, today), *_of_actions(session, where, reader, now)]
    names = partnership_codes(session)
    wanted = (job for job in jobs if where.get("kind", job.kind) == job.kind)
    if "flag" in where:
        wanted = (job for job in wanted if where["flag"] in (job.code, "overdue" if job.late_by is not None else ""))
    return [_row(job, names) for job in sorted(wanted, key=lambda job: job.order)]


def _row(job: Job, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "sentence": job.sentence,
        "deed": job.deed,
        "code": job.code,
        "partnership": names[job.partnership_id],
        "case": job.case,
        "action": job.action,
        "title": job.title,
        "due": iso_text(job.due),
        "kind": job.kind,
        "working_days_left": job.days_left,
        "late_by": job.late_by,
        "words": job.words,
    }


def _of_cases(session: Session, cases: Sequence[Case], today: date) -> Iterator[Job]:
    for found in clocks_of(session, cases, today):
        if found.is_open and not found.ends_by_itself:
            yield _of_clock(found, today)
    pending = _may_have_jobs(session)
    for case, job in open_jobs_of(session, [case for case in cases if case.id in pending], today):
        kind = ClockKind.STATUTORY if job["code"] == "delay_notice" else ClockKind.LOCAL
        yield Job(job["sentence"], job["deed"], job["code"], case.partnership_id, case.reference, kind=kind)
    yield from _of_returns(session, cases, today)


def _of_returns(session: Session, cases: Sequence[Case], today: date) -> Iterator[Job]:
    calendars = {number: working_days_of(session, number) for number in {case.partnership_id for case in cases}}
    by_id = {case.id: case for case in cases}
    question = select(AgencyReturn, Agency.name).join(Agency, col(Agency.id) == AgencyReturn.agency_id)
    question = question.where(col(AgencyReturn.returned_on).is_(None), col(AgencyReturn.case_id).in_(by_id))
    for asked, agency in session.exec(question.order_by(col(AgencyReturn.id))):
        case, sentence = by_id[asked.case_id], f"Chase the return of {agency} on {by_id[asked.case_id].pseudonym}."
        dated = _dated(calendars[case.partnership_id], PartialDate.of(asked.due_on), today)
        yield Job(sentence, "record-return", "return", case.partnership_id, case.reference, **dated)


def _may_have_jobs(session: Session) -> set[int]:
    """Give the cases of which it is worth asking for jobs: held ones, those with a draft, those with a review."""
    held = select(Hold.case_id).where(col(Hold.until).is_(None))
    reviewed = select(Clock.case_id).where(Clock.code == REVIEW_CLOCK, col(Clock.met_on).is_(None))
    drafted = select(DecisionDraft.case_id).where(col(DecisionDraft.stands_for_id).is_not(None))
    found = (held, reviewed, drafted, select(MethodWork.case_id))
    return {case_id for question in found for case_id in session.exec(question)}


def _of_clock(found: CaseClock, today: date) -> Job:
    case, clock = found.case, found.clock
    words, deed = _BY_CLOCK.get(clock.code, (f"See to “{clock.name}” of {{case}}", "show"))
    return Job(
        f"{words.format(case=case.pseudonym)}.",
        deed,
        clock.code,
        case.partnership_id,
        case.reference,
        due=clock.due,
        kind=clock.kind,
        days_left=found.reading.working_days_left,
        late_by=found.reading.late_by or 0 if found.is_late else None,
        words=in_words(found.reading, clock.due, today, clock.stopped_why),
    )


_BY_ACTION: Mapping[str, str] = {
    "check_update": "Check the update to {}.",
    "look_again": "Look again at the hold of {}.",
    "review": "Look again at {}: its review date has passed.",
    "no_owner": "Name an owner for {}.",
    "review_date": "Name a review date for {}, which goes on without an end.",
}


def _of_actions(session: Session, where: Mapping[str, str], reader: Doer | None, now: datetime) -> Iterator[Job]:
    for_actions = {key: value for key, value in where.items() if key in ("partnership", "case", "theme")}
    unreached: dict[int, list[ActionRead]] = {}
    reads = find_actions(session, for_actions, reader, now)
    yield from _unanswered(reads, unanswered_reminders(session, reads, now))
    for read in reads:
        action = read.action
        for job in action_jobs(read, london_day(now)):
            sentence = _BY_ACTION[job["code"]].format(action.reference)
            yield _of_action(sentence, job["deed"], job["code"], action)
        if read.is_open and read.owner and not read.owner.is_gone and not read.owner.can_be_reminded:
            unreached.setdefault(read.owner.person.id, []).append(read)
    for theirs in unreached.values():
        yield _unreached(sorted(theirs, key=lambda read: read.action.id))


def _of_action(sentence: str, deed: str, code: str, action: Action) -> Job:
    return Job(sentence, deed, code, action.partnership_id, action=action.reference, title=action.title)


def _unanswered(reads: Sequence[ActionRead], counts: Mapping[int, int]) -> Iterator[Job]:
    """Give the actions of which nobody is reminded any more."""
    for read in reads:
        if read.action.id in counts and read.owner and read.owner.answers:
            action, owner = read.action, read.owner.answers
            sentence = f"{action.reference}: {counts[action.id]} reminders unanswered. Ask {owner.name}, or pass it on."
            yield _of_action(sentence, "reassign-action", "unanswered", action)


def _unreached(theirs: Sequence[ActionRead]) -> Job:
    """Give one job for an owner whom no email reaches, however many actions she has."""
    owner, first = theirs[0].owner, theirs[0].action
    assert owner is not None, "only owned actions are asked about"
    references = ", ".join(read.action.reference for read in theirs[:5]) + (" and more" if len(theirs) > 5 else "")
    sentence = f"Give {owner.person.name} an email address, or pass {references} to somebody who has one."
    return _of_action(sentence, "reassign-action", "cannot_be_reminded", first)


# Keywords of a job that depend on its day.
def _dated(calendar: WorkingDays, due: PartialDate, today: date) -> dict[str, Any]:
    if due.overdue_on(today):
        late = calendar.count_after(due.last, today)
        return {"due": due, "late_by": late, "words": f"{counted(late, 'working_days')} late"}
    left = calendar.count_after(today, due.last)
    return {"due": due, "days_left": left, "words": f"{counted(left, 'working_days')} left" if left else "Due today"}
