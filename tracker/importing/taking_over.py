"""The changes of a row as deeds: each field that differs is changed as a person changes it by hand."""

from dataclasses import dataclass

from sqlmodel import Session, select

from tracker import history
from tracker.actions import checking, course, editing, impact, outside, progress
from tracker.actions.evidence import EvidenceGiven, Given, write_evidence
from tracker.actions.models import Action, Evidence, Impact
from tracker.actions.rights import ask, must_allow, owns
from tracker.cases.models import Case
from tracker.errors import Refused
from tracker.importing.choosing import field_words
from tracker.importing.judging import Understood
from tracker.importing.owning import Owning
from tracker.importing.storing import Import
from tracker.people.doer import Doer
from tracker.people.models import Person
from tracker.people.roles import Role
from workflows.action import OPEN_STATUSES, ActionStatus, Report, TimescaleKind
from workflows.dates import PartialDate

_DONE = (ActionStatus.COMPLETE, ActionStatus.EMBEDDED)
# What follows from deeds that a file cannot do.
_BY_HAND = {"first_due", "sources", "ended_why"}
_ENDED = (ActionStatus.DONE_DIFFERENTLY, ActionStatus.NOT_TAKEN_FORWARD)


@dataclass(frozen=True, slots=True)
class Change:
    """A row whose changes are taken over: the action, what the row says now, and which fields differ."""

    session: Session
    action: Action
    said: Understood
    fields: frozenset[str]
    why: str
    about: Import
    owning: Owning

    @property
    def by(self) -> Doer:
        """Give who takes it over."""
        return self.about.by


def take_over(change: Change) -> None:
    """Do the deeds that make the action what the row says; each writes its own line in the history."""
    kept = sorted(field_words(name).lower() for name in change.fields & _BY_HAND)
    if kept:
        raise Refused(f"A file does not change this: {', '.join(kept)}. Put it back as it was, or change it by hand.")
    _edit(change)
    if change.fields & {"asked_on", "answered_on", "answer"}:
        _ask(change)
    if "impact" in change.fields:
        _add_impact(change)
    if change.fields & {"owner", "email"}:
        _pass_on(change)
    if change.fields & {"due", "words", "every", "dates"}:
        _change_date(change)
    if change.fields & {"status", "completed", "progress", "evidence"}:
        _change_status(change)


def _edit(change: Change) -> None:
    said, own = change.said, change.said.exported
    facts: dict[str, object] = {}
    if "action" in change.fields:
        facts["text"] = said.action
    if "theme" in change.fields:
        facts["themes"] = _themes(change)
    if "review" in change.fields and said.case_id is not None:
        facts["sources"] = [change.session.get_one(Case, said.case_id).reference]
    if own is not None:
        for name in change.fields & {"title", "level", "review_on", "success_measure", "baseline", "outside_body"}:
            facts[name] = getattr(own, name)
        if "helpers" in change.fields:
            facts["helpers"] = list(own.helpers)
        if "agency" in change.fields:
            facts["agency"] = own.agency
        if "group" in change.fields:
            facts["group"] = own.beside.group
    if facts:
        editing.edit_action(
            change.session, change.action, editing.EditAction.model_validate(facts), now=change.about.now, by=change.by
        )


def _ask(change: Change) -> None:
    """Record that a body outside was asked, or what it answered."""
    assert change.said.exported is not None, "only an exported plan has such columns"
    beside, by, now = change.said.exported.beside, change.by, change.about.now
    if "asked_on" in change.fields:
        if beside.asked_on is None:
            raise Refused("A file does not take back that a body outside was asked. Change it by hand.")
        outside.ask_outside(change.session, change.action, outside.AskOutside(on=beside.asked_on), now=now, by=by)
    if change.fields & {"answered_on", "answer"}:
        if beside.answered_on is None or beside.answer is None:
            raise Refused("Say both what the body outside answered, and on which day.")
        facts = outside.RecordAnswer(on=beside.answered_on, text=beside.answer)
        outside.record_answer(change.session, change.action, facts, now=now, by=by)


def _add_impact(change: Change) -> None:
    assert change.said.exported is not None, "only an exported plan has such a column"
    was = set(change.session.exec(select(Impact.text).where(Impact.action_id == change.action.id)))
    known = {" ".join(text.split()).replace("|", "/") for text in was}
    for text, _, embedded, measure in change.said.exported.beside.impacts:
        if text not in known:
            facts = impact.RecordImpact(text=text, embedded=embedded, measure=measure)
            impact.record_impact(change.session, change.action, facts, now=change.about.now, by=change.by)


def _themes(change: Change) -> list[str]:
    own = change.said.exported
    return list(own.themes) if own else [change.said.theme] if change.said.theme else []


def _pass_on(change: Change) -> None:
    said, action = change.said, change.action
    owner, *helpers = change.owning.people(said, action.partnership_id)
    if owner is None:
        raise Refused("The row names no owner any more. Pass the action to somebody by hand.")
    ask(change.by, action, "reassign_action")
    must_allow(action, "reassign_action")
    if owner != action.owner_id:
        checking.settle_for_new_owner(change.session, action, change.about.now, change.by)
        former = None if action.owner_id is None else change.session.get_one(Person, action.owner_id).name
        name = change.session.get_one(Person, owner).name
        action.owner_id, action.owner_since = owner, change.about.today
        line(change, "reassign_action", f"Passed to {name}: {change.why}", former, name)
    if said.exported is None and helpers:
        names = [change.session.get_one(Person, one).name for one in helpers if one is not None]
        facts = editing.EditAction(helpers=names)
        editing.edit_action(change.session, action, facts, now=change.about.now, by=change.by)


def _change_date(change: Change) -> None:
    said, action = change.said, change.action
    by_when = said.by_when
    role = ask(change.by, action, "move_due_date")
    if by_when.kind is not TimescaleKind.DATE and by_when.words and by_when.words != action.timescale_words:
        facts = editing.EditAction(timescale=by_when.words[:200])
        editing.edit_action(change.session, action, facts, now=change.about.now, by=change.by)
        return
    if by_when.due is None:
        raise Refused(f"The date {by_when.words or 'is empty and'} cannot be reckoned with. Give a day or a month.")
    if by_when.due != action.due:
        must_allow(action, "move_due_date")
        moved = course.MoveDueDate(due_on=by_when.due, reason=change.why)
        course.write_due_date(change.session, action, moved, role=role, now=change.about.now, by=change.by)


def _change_status(change: Change) -> None:
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


_SAID = (Report.ON_TRACK, Report.AT_RISK, Report.STUCK)


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


def line(change: Change, deed: str, what: str, old: str | None, new: str | None) -> None:
    """Write a line about the action into the history: what was taken over, and whence."""
    history.note(
        change.session, change.action.reference, deed, at=change.about.now, by=change.by,
        role=Role.COORDINATOR.words, what=what, old=old, new=new,
    )  # fmt: skip
