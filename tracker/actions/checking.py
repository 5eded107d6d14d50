"""What somebody other than the owner says to an update: accepted, or asked back; so an action is complete (K14)."""

from datetime import date, datetime

from sqlmodel import Session, select

from tracker import history
from tracker.actions.evidence import NO_EVIDENCE, AllEvidence, Given, files_to_write, write_evidence
from tracker.actions.models import Acceptance, Action, ActionUpdate, Evidence
from tracker.actions.progress import start
from tracker.actions.queries import is_barred, waiting_update
from tracker.actions.rights import ask, must_allow, not_by_its_owner
from tracker.actions.rounds import finish
from tracker.clock import london_day
from tracker.errors import Refused
from tracker.facts import Facts, Reason
from tracker.files.given import FilesGiven
from tracker.people.doer import Doer
from tracker.people.models import Person
from tracker.people.queries import holder_of
from tracker.people.reach import tell
from tracker.rows import write
from workflows.action import ActionStatus, Report
from workflows.dates import PartialDate, uk_date


class AcceptUpdate(Facts):
    """When the action was complete; the day of the acceptance if nothing is said.

    What recurs, or has later dates, goes on to its next one unless this was the `last`.
    """

    on: PartialDate | None = None
    last: bool = False


class CompleteAction(Facts):
    """When an action was complete and what shows it, as told on paper or in a meeting.

    What recurs, or has later dates, goes on to its next one unless this was the `last`.
    """

    on: PartialDate
    last: bool = False
    evidence: AllEvidence = []
    files: FilesGiven = []


def accept_update(session: Session, action: Action, facts: AcceptUpdate, *, now: datetime, by: Doer) -> None:
    """Accept the update that waits: what is done becomes complete, all else goes on."""
    role = ask(by, action, "accept_update")
    not_by_its_owner(by, action, "accepts updates")
    must_allow(action, "accept_update")
    update = _to_check(session, action)
    today = london_day(now)
    _answer(session, update, "accepted", now, by)
    for evidence in session.exec(select(Evidence).where(Evidence.update_id == update.id)):
        evidence.looked_at_by_id = by.id
        session.add(evidence)
    old = action.status
    action.report_before = None
    if update.report == Report.DONE:
        on = facts.on or PartialDate.of(today)
        _not_ahead(on, today)
        finish(session, action, on, now=now, by=by, is_last=facts.last)
    elif update.report != Report.NOT_MINE:
        start(action)
    session.add(action)
    what = f"Accepted the update: {_accepted(action, Report(update.report))}"
    history.note(
        session, action.reference, "accept_update", at=now, by=by, role=role, what=what, old=old, new=action.status
    )


def query_update(session: Session, action: Action, facts: Reason, *, now: datetime, by: Doer) -> None:
    """Ask the owner back about the update that waits; it stays as it is, and the owner is told."""
    role = ask(by, action, "query_update")
    not_by_its_owner(by, action, "asks back")
    must_allow(action, "query_update")
    update = _to_check(session, action)
    _answer(session, update, "queried", now, by, facts.reason)
    what = f"Asked back: {facts.reason}"
    history.note(session, action.reference, "query_update", at=now, by=by, role=role, what=what)
    _tell_owner(session, action, update, now)


def complete_action(session: Session, action: Action, facts: CompleteAction, *, now: datetime, by: Doer) -> None:
    """Record that an action is complete, for what was told on paper or in a meeting (K14)."""
    role = ask(by, action, "complete_action")
    not_by_its_owner(by, action, "completes it")
    must_allow(action, "complete_action")
    if not (facts.evidence or facts.files):
        raise Refused(NO_EVIDENCE, code="no_evidence")
    _not_ahead(facts.on, london_day(now))
    _not_before_it_was_made(action, facts.on)
    files = files_to_write(session, action, facts.files, confirmed=facts.confirmed)
    update = waiting_update(session, action)
    if update is not None:
        _answer(session, update, "accepted", now, by)
    more = write_evidence(session, action, facts.evidence, files, Given(by, now, looked_at_by_id=by.id))
    old = action.status
    action.report_before = None
    finish(session, action, facts.on, now=now, by=by, is_last=facts.last)
    if action.status != ActionStatus.COMPLETE:
        # Done for this time: no update of its owner says so, and none is asked for before the next date is near.
        action.report = Report.DONE
    session.add(action)
    what = f"Complete on {uk_date(facts.on)}{_next_of(action)}"
    about = (session, action.reference, "complete_action")
    history.note(*about, at=now, by=by, role=role, what=what, old=old, new=action.status, more=more)


def settle_for_new_owner(session: Session, action: Action, now: datetime, by: Doer) -> None:
    """When an action passes to somebody else, take what its owner said last as answered."""
    update = waiting_update(session, action)
    if update is not None:
        _answer(session, update, "accepted", now, by)
    if action.report == Report.NOT_MINE:
        action.report = action.report_before
    action.report_before = None


def _next_of(action: Action) -> str:
    goes_on = action.status != ActionStatus.COMPLETE and action.due is not None
    return f". Next due {uk_date(action.due)}" if goes_on and action.due is not None else ""


def _accepted(action: Action, report: Report) -> str:
    if action.status == ActionStatus.COMPLETE and action.completed_on is not None:
        return f"{report.words}. Complete on {uk_date(action.completed_on)}"
    if report is Report.DONE and action.due is not None:
        return f"{report.words} for this time{_next_of(action)}"
    return report.words


def _to_check(session: Session, action: Action) -> ActionUpdate:
    update = waiting_update(session, action)
    if update is None:
        raise Refused(f"{action.reference} has no update to check.", code="nothing_to_check")
    return update


def _answer(
    session: Session, update: ActionUpdate, answer: str, now: datetime, by: Doer, reason: str | None = None
) -> None:
    update.state = answer
    session.add(update)
    write(session, Acceptance(update_id=update.id, person_id=by.id, at=now, answer=answer, reason=reason))


def _not_ahead(on: PartialDate, today: date) -> None:
    if on.first > today:
        raise Refused("The date on which it was complete must be today or earlier.", code="bad_date")


def _not_before_it_was_made(action: Action, on: PartialDate) -> None:
    # Of a loaded action nobody knows when it was made, only when it was loaded (K11).
    if action.loaded_id is None and on.last < action.made_on:
        made = f"the day on which {action.reference} was made, {uk_date(PartialDate.of(action.made_on))}"
        raise Refused(f"The date of completion must be on or after {made}.", code="bad_date")


def _tell_owner(session: Session, action: Action, update: ActionUpdate, now: datetime) -> None:
    """Put the email about a question beside the deed; whoever has no address, or is barred by now, gets none."""
    owner = None if action.owner_id is None else session.get_one(Person, action.owner_id)
    reader = None if owner is None else holder_of(session, owner, london_day(now))
    if reader is None or is_barred(session, action.id, reader.id):
        return
    facts = {"action": action.reference, "update": update.id}
    tell(
        session,
        reader,
        kind="update_queried",
        about=action.reference,
        key=f"update_queried:{update.id}",
        facts=facts,
        now=now,
    )
