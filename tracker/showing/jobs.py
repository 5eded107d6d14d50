"""What Today shows: everything that waits for somebody, each a sentence that begins with what to do."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from tracker.actions.wanting import Share
from tracker.among import among, listed
from tracker.cases.decision_models import MethodWork
from tracker.cases.drafts import DecisionDraft
from tracker.cases.holds import REVIEW_CLOCK
from tracker.cases.models import Case, Clock, Hold
from tracker.cases.open_clocks import CaseClock, clocks_of
from tracker.cases.recorded import owed_returns
from tracker.clock import london_day
from tracker.groups.queries import working_days_of
from tracker.people.doer import Doer
from tracker.rows import Question
from tracker.showing.action_jobs import first_jobs_of_actions, jobs_of_actions
from tracker.showing.case_jobs import open_jobs_of
from tracker.showing.case_lists import partnership_codes, visible_cases
from tracker.showing.email_jobs import jobs_of_emails
from tracker.showing.escalation_jobs import coordinated, jobs_of_escalations
from tracker.showing.job import Job, dated
from tracker.showing.step_jobs import of_steps, waiting_step
from tracker.standing import WholeStanding
from tracker.standings import standings_of
from workflows.dates import PartialDate, iso_text
from workflows.deadlines import in_words
from workflows.vocabulary import ClockKind

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


def list_jobs(session: Session, where: Mapping[str, str], reader: Doer | None, now: datetime) -> list[dict[str, Any]]:
    """Give what waits for somebody, over all records that a reader sees, the most pressing first."""
    for_cases = {key: where[key] for key in ("partnership", "case", "coordinator", "theme") if key in where}
    cases, today = visible_cases(session, for_cases | {"status": "open"}, reader), london_day(now)
    pending = _may_have_jobs(session, cases)
    standings = standings_of(session, [case for case in cases if case.id in pending])
    clocks = clocks_of(session, cases, today)
    of_cases = _of_cases(session, cases, clocks, standings, today)
    jobs = [*of_cases, *jobs_of_actions(session, where, reader, now)]
    if not for_cases.keys() & {"case", "theme"}:
        jobs += jobs_of_emails(session, where.get("partnership"), reader, now)
        hers = coordinated(session, where, reader)
        share = Share(reader, tuple(hers), everybody=True, is_barred=True)
        jobs += jobs_of_escalations(session, share, clocks, now)
    wanted = [job for job in jobs if where.get("kind", job.kind) == job.kind]
    if "flag" in where:
        wanted = [job for job in wanted if where["flag"] in (job.code, "overdue" if job.late_by is not None else "")]
    return _rows(session, wanted)


def first_jobs(
    session: Session,
    standings: Sequence[WholeStanding],
    clocks: Sequence[CaseClock],
    share: Share,
    now: datetime,
    *,
    most: int,
) -> list[dict[str, Any]]:
    """Give the same for open cases that are known, with their clocks, and for a coordinator's share of the actions.

    Of what waits about actions so many of each kind at `most`, and the updates to be checked as one.
    """
    cases = [standing.case for standing in standings]
    of_cases = _of_cases(session, cases, clocks, standings, london_day(now))
    of_actions = first_jobs_of_actions(session, share, now, most)
    of_escalations = jobs_of_escalations(session, share, clocks, now)
    jobs = [*of_cases, *of_actions, *of_escalations, *jobs_of_emails(session, None, share.reader, now)]
    return _rows(session, jobs)


def _rows(session: Session, jobs: Sequence[Job]) -> list[dict[str, Any]]:
    names = partnership_codes(session)
    return [_row(job, names) for job in sorted(jobs, key=lambda job: job.order)]


def _row(job: Job, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "sentence": job.sentence,
        "deed": job.deed,
        "code": job.code,
        "partnership": names[job.partnership_id],
        "case": job.case,
        "action": job.action,
        "escalation": job.escalation,
        "title": job.title,
        "due": iso_text(job.due),
        "kind": job.kind,
        "working_days_left": job.days_left,
        "late_by": job.late_by,
        "words": job.words,
    }


def _of_cases(
    session: Session,
    cases: Sequence[Case],
    clocks: Sequence[CaseClock],
    standings: Sequence[WholeStanding],
    today: date,
) -> Iterator[Job]:
    """Give what waits about cases; their standings where it is worth asking for jobs that no clock names."""
    for found in clocks:
        if found.is_open and not found.ends_by_itself:
            yield _of_clock(found, today)
    held_until = {
        one.case.id: dated(
            working_days_of(session, one.case.partnership_id), PartialDate.of(one.hold.look_again_on), today
        )
        for one in standings
        if one.hold is not None
    }
    for case, job in open_jobs_of(session, standings, today):
        kind = ClockKind.STATUTORY if job["code"] == "delay_notice" else ClockKind.LOCAL
        by_when = held_until[case.id] if job["code"] == "look_again" else {}
        yield Job(job["sentence"], job["deed"], job["code"], case.partnership_id, case.reference, kind=kind, **by_when)
    yield from of_steps(session, standings)
    yield from _of_returns(session, cases, today)


def _of_returns(session: Session, cases: Sequence[Case], today: date) -> Iterator[Job]:
    calendars = {number: working_days_of(session, number) for number in {case.partnership_id for case in cases}}
    by_id = {case.id: case for case in cases}
    for owed in owed_returns(session, list(by_id)):
        case, sentence = by_id[owed.case_id], f"Chase the return of {owed.agency} on {by_id[owed.case_id].pseudonym}."
        by_when = dated(calendars[case.partnership_id], PartialDate.of(owed.due_on), today)
        yield Job(sentence, "record-return", "return", case.partnership_id, case.reference, **by_when)


def _may_have_jobs(session: Session, cases: Sequence[Case]) -> set[int]:
    """Give the cases of which it is worth asking for jobs: held, with a draft, a review, or a step to take."""
    ids = listed(case.id for case in cases)
    with_jobs = {case_id for question in _WITH_JOBS for (case_id,) in question.rows(session, ids=ids)}
    return with_jobs | {case.id for case in cases if waiting_step(session, case) is not None}


_WITH_JOBS = (
    Question(select(Hold.case_id).where(col(Hold.until).is_(None), among(col(Hold.case_id), "ids"))),
    Question(
        select(Clock.case_id).where(
            Clock.code == REVIEW_CLOCK, col(Clock.met_on).is_(None), among(col(Clock.case_id), "ids")
        )
    ),
    Question(select(DecisionDraft.case_id).where(among(col(DecisionDraft.stands_for_id), "ids"))),
    Question(select(MethodWork.case_id).where(among(col(MethodWork.case_id), "ids"))),
)


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
