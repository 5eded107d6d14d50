"""What a row says anew of how its action stands, as deeds: status, completion, progress and evidence."""

from sqlmodel import select

from tracker.actions import checking, course, progress
from tracker.actions.evidence import EvidenceGiven, Given, write_evidence
from tracker.actions.models import Evidence
from tracker.actions.rights import must_allow, owns
from tracker.errors import Refused
from tracker.importing.changes import Change, line
from workflows.action import OPEN_STATUSES, ActionStatus, Report
from workflows.dates import PartialDate

_DONE = (ActionStatus.COMPLETE, ActionStatus.EMBEDDED)
_ENDED = (ActionStatus.DONE_DIFFERENTLY, ActionStatus.NOT_TAKEN_FORWARD)
_SAID = (Report.ON_TRACK, Report.AT_RISK, Report.STUCK)


def change_status(change: Change) -> None:
    """Take over what a row says now of status, completion, progress and evidence.

    Raises `Refused` where its columns contradict each other, or the status is none of the known words.
    """
    said, action = change.said, change.action
    standing = said.standing
    if "status" in change.fields and standing.flag is not None:
        raise Refused("The status is none of the known words. Write one of them, or change the action by hand.")
    is_told = "status" in change.fields and (standing.status, standing.report) != (action.status, action.report)
    if not is_told:
        _tell_the_rest(change)
    elif standing.status in _DONE:
        _complete(change)
    elif standing.status in _ENDED:
        facts = course.EndAction(how=standing.status.value, reason=said.progress or change.why)
        course.end_action(change.session, action, facts, now=change.about.now, by=change.by)
    elif standing.report is not None:
        _report(change, standing.report)
        _add_evidence(change)
    else:
        must_allow(action, "update_action")
        old, action.status = action.status, standing.status
        line(change, "import", f"{standing.status.words.capitalize()}: {change.why}", old, standing.status.value)
        _tell_the_rest(change)


def _complete(change: Change) -> None:
    said = change.said
    if change.action.status in _DONE:
        raise Refused("The action is complete already; whether it is embedded is decided at a reflection.")
    words = said.evidence or said.progress or change.why
    facts = checking.CompleteAction(
        on=said.completed_on or PartialDate.of(change.about.today), evidence=[EvidenceGiven(text=words)]
    )
    checking.complete_action(change.session, change.action, facts, now=change.about.now, by=change.by)


def _report(change: Change, report: Report) -> None:
    """Record what the row says as an update, which its reader has accepted by taking it over."""
    facts = progress.UpdateAction(report=report, text=change.said.progress or change.why)
    progress.update_action(change.session, change.action, facts, now=change.about.now, by=change.by)
    if not owns(change.by, change.action):
        checked = checking.AcceptUpdate()
        checking.accept_update(change.session, change.action, checked, now=change.about.now, by=change.by)


def _tell_the_rest(change: Change) -> None:
    """Take over what was said beside a status that is the same."""
    said, action = change.said, change.action
    if "completed" in change.fields and action.status in _DONE and said.completed_on is not None:
        old, action.completed_on = action.completed_on, said.completed_on
        line(change, "import", f"Complete on another day: {change.why}", str(old or ""), str(said.completed_on))
    elif "completed" in change.fields and said.completed_on is not None:
        raise Refused("It has a date of completion and another status. Look which is right, and write that.")
    if "progress" in change.fields and said.progress:
        report = Report(action.report) if action.report in _SAID else None
        if report is not None and action.status in OPEN_STATUSES:
            _report(change, report)
        else:
            line(change, "import", f"{change.why}: {said.progress}", None, None)
    _add_evidence(change)


def _add_evidence(change: Change) -> None:
    said, own = change.said, change.said.exported
    if "evidence" not in change.fields:
        return
    question = select(Evidence.text).where(Evidence.action_id == change.action.id)
    was = {" ".join(text.split()) for text in change.session.exec(question)}
    pieces = own.evidence if own else (said.evidence,) if said.evidence else ()
    new = [piece for piece in pieces if " ".join(piece.split()) not in was]
    given = Given(change.by, change.about.now, looked_at_by_id=change.by.id)
    write_evidence(change.session, change.action, [EvidenceGiven(text=piece) for piece in new], (), given)
    for piece in new:
        line(change, "import", f"Evidence: {piece} ({change.why})", None, piece)
