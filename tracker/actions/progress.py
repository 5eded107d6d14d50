"""What the owner of an action reports, with the evidence that it is done (K14)."""

from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sqlmodel import Session

from tracker import history
from tracker.actions.helping import tell_lead_of_trouble
from tracker.actions.models import Action, ActionUpdate, Evidence
from tracker.actions.queries import standing_hold, waiting_update
from tracker.actions.rights import ask, must_allow
from tracker.clock import london_day
from tracker.errors import Refused
from tracker.facts import Facts, Words
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


class EvidenceGiven(BaseModel):
    """What shows that something is done, in words or as a link, and from which day it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Words
    on: PartialDate | None = None


AllEvidence = Words | EvidenceGiven | list[Words | EvidenceGiven]


class UpdateAction(Facts):
    """What the owner says: where the action is, what has happened, when it will be done, what shows it."""

    report: Report
    text: Said | None = None
    expected_on: PartialDate | None = None
    evidence: AllEvidence = []


def update_action(session: Session, action: Action, facts: UpdateAction, *, now: datetime, by: Doer) -> None:
    """Record what the owner reports; it waits to be checked, and until then it may be sent anew."""
    role = ask(by, action, "update_action")
    must_allow(action, "update_action")
    if facts.report is Report.DONE and not facts.evidence:
        raise Refused("Say what shows that it is done.", code="no_evidence")
    if facts.expected_on is not None and facts.expected_on.overdue_on(london_day(now)):
        raise Refused("The date you expect to finish must be today or later.", code="bad_date")
    old = action.report
    before = waiting_update(session, action)
    if before is None:
        action.report_before = action.report
    else:
        before.state = "replaced"
        session.add(before)
    action.report = facts.report
    start(action)
    session.add(action)
    update = write(
        session,
        ActionUpdate(
            action_id=action.id, person_id=by.id, at=now, **facts.model_dump(exclude={"evidence", "confirmed"})
        ),
    )
    write_evidence(session, action, facts.evidence, by, update_id=update.id)
    what = f"Reported {facts.report.words}, to be checked"
    history.note(
        session, action.reference, "update_action", at=now, by=by, role=role, what=what, old=old, new=facts.report
    )
    if facts.report is Report.STUCK and old != Report.STUCK:
        tell_lead_of_trouble(session, action, update, now)


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


def write_evidence(
    session: Session,
    action: Action,
    given: AllEvidence,
    by: Doer,
    *,
    update_id: int | None = None,
    looked_at_by_id: int | None = None,
) -> None:
    """Write what shows that an action is done, piece by piece."""
    for piece in given if isinstance(given, list) else [given]:
        shown = EvidenceGiven(text=piece) if isinstance(piece, str) else piece
        write(
            session,
            Evidence(
                action_id=action.id,
                update_id=update_id,
                text=shown.text,
                on=shown.on,
                given_by_id=by.id,
                looked_at_by_id=looked_at_by_id,
            ),
        )
