"""The changes of a row as deeds: each field that differs is changed as a person changes it by hand."""

from sqlmodel import select

from tracker.actions import checking, course, editing, impact, outside
from tracker.actions.models import Impact
from tracker.actions.rights import ask, must_allow
from tracker.cases.models import Case
from tracker.errors import Refused
from tracker.importing.changes import Change, line
from tracker.importing.choosing import field_words
from tracker.importing.taking_status import change_status
from tracker.people.models import Person
from workflows.action import TimescaleKind

# What follows from deeds that a file cannot do.
_BY_HAND = {"first_due", "sources", "ended_why"}


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
        change_status(change)


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
