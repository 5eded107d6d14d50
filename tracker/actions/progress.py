"""What the owner of an action reports, with the evidence that it is done (K14)."""

from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, Field
from sqlmodel import Session

from tracker import history
from tracker.actions.evidence import (
    NO_EVIDENCE,
    AllEvidence,
    Given,
    files_kept_from,
    files_to_write,
    keep_files,
    write_evidence,
)
from tracker.actions.helping import tell_lead_of_trouble
from tracker.actions.models import Action, ActionUpdate
from tracker.actions.queries import standing_hold, waiting_update
from tracker.actions.rights import ask, must_allow
from tracker.clock import london_day
from tracker.errors import Refused
from tracker.facts import Facts, Words
from tracker.files.given import FilesGiven
from tracker.people.doer import Doer
from tracker.rows import write
from workflows.action import ActionStatus, Report, TimescaleKind
from workflows.dates import PartialDate

_MOST_LETTERS = 1000


def _short(words: str) -> str:
    if len(words) > _MOST_LETTERS:
        raise ValueError(f"What has happened must be 1,000 characters or fewer (you have {len(words):,}).")
    return words


Said = Annotated[Words, AfterValidator(_short), Field(json_schema_extra={"maxLength": _MOST_LETTERS})]


class UpdateAction(Facts):
    """What the owner says: where the action is, what has happened, when it will be done, what shows it."""

    report: Report
    text: Said | None = None
    expected_on: PartialDate | None = None
    evidence: AllEvidence = []
    files: FilesGiven = []


def update_action(session: Session, action: Action, facts: UpdateAction, *, now: datetime, by: Doer) -> None:
    """Record what the owner reports; it waits to be checked, and until then it may be sent anew.

    Sent anew, it keeps the files that she gave with it.
    """
    role = ask(by, action, "update_action")
    must_allow(action, "update_action")
    before = waiting_update(session, action)
    kept = files_kept_from(session, before, by)
    if facts.report is Report.DONE and not (facts.evidence or facts.files or kept):
        raise Refused(NO_EVIDENCE, code="no_evidence")
    if facts.expected_on is not None and facts.expected_on.overdue_on(london_day(now)):
        raise Refused("The date you expect to finish must be today or later.", code="bad_date")
    files = files_to_write(session, action, facts.files, kept, facts.confirmed)
    old = action.report
    _replace(session, action, before)
    action.report = facts.report
    start(action)
    session.add(action)
    said = facts.model_dump(exclude={"evidence", "files", "confirmed"})
    update = write(session, ActionUpdate(action_id=action.id, person_id=by.id, at=now, **said))
    given = Given(by, now, update.id)
    keep_files(session, action, kept, given)
    more = write_evidence(session, action, facts.evidence, files, given)
    what = f"Reported {facts.report.words}, to be checked"
    about = (session, action.reference, "update_action")
    history.note(*about, at=now, by=by, role=role, what=what, old=old, new=facts.report, more=more)
    if facts.report is Report.STUCK and old != Report.STUCK:
        tell_lead_of_trouble(session, action, update, now)


def _replace(session: Session, action: Action, before: ActionUpdate | None) -> None:
    """Let a new update stand in the place of one that waits; what counted before that goes on counting."""
    if before is None:
        action.report_before = action.report
    else:
        before.state = "replaced"
        session.add(before)


def start(action: Action) -> None:
    """Move a planned action on: the first word about it says that it is under way."""
    if action.status == ActionStatus.PLANNED:
        continuing = action.timescale_kind == TimescaleKind.CONTINUING
        action.status = ActionStatus.ONGOING if continuing else ActionStatus.IN_PROGRESS


def release(session: Session, action: Action, today: date) -> None:
    """End the hold of an action, if one stands."""
    hold = standing_hold(session, action)
    if hold is not None:
        hold.until = today
        session.add(hold)
