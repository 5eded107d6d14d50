"""What a reflection does to the plan: a gap makes an action, and a complete action becomes embedded."""

from datetime import datetime

from tracker import history
from tracker.actions.models import Action, ActionSource
from tracker.actions.plan import AddAction, write_action
from tracker.people.doer import Doer
from tracker.reviews.models import Recommendation
from tracker.rows import change
from tracker.standing import WholeStanding
from workflows.action import ActionStatus, SourceKind


def make_gap_action(
    standing: WholeStanding, text: str, recommendation: Recommendation | None, which: str, *, now: datetime, by: Doer
) -> int:
    """Make the action that closes a gap, planned and without an owner, and give its id."""
    source = ActionSource(
        action_id=0,
        kind=SourceKind.REFLECTION,
        case_id=standing.case.id,
        recommendation_id=recommendation.id if recommendation else None,
        words=which,
    )
    why = f"Added for a gap that the reflection on {standing.case.reference} found"
    facts = AddAction(text=text)
    action = write_action(standing.session, standing.case.partnership_id, facts, [source], now=now, by=by, why=why)
    return action.id


def embed(standing: WholeStanding, action: Action, *, now: datetime, by: Doer) -> None:
    """Mark a complete action as embedded; one that is not complete stays as it is."""
    if action.status != ActionStatus.COMPLETE:
        return
    action.status = ActionStatus.EMBEDDED
    action.version += 1
    change(standing.session, action, "status", "version")
    history.note(
        standing.session,
        action.reference,
        "record_impact",
        at=now,
        by=by,
        what=f"Embedded, as the reflection on {standing.case.reference} found",
        old=ActionStatus.COMPLETE,
        new=ActionStatus.EMBEDDED,
    )
