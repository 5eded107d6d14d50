"""Two actions side by side: which the other one is, and what people say of the two without joining them."""

from datetime import datetime

from sqlmodel import Session, select

from tracker import history
from tracker.actions.models import Action
from tracker.actions.pair_models import ActionPair
from tracker.actions.queries import action_by_reference
from tracker.actions.rights import ask, must_allow
from tracker.errors import Refused
from tracker.facts import Code, Facts, Version, Words
from tracker.people.doer import Doer
from tracker.rows import write


class WithAnother(Facts):
    """The other action, by its reference; `other_seen` is its version on which somebody decided."""

    other: Code
    other_seen: Version | None = None


class NotAlike(WithAnother):
    """Which action only looks like this one, and why."""

    reason: Words | None = None


class LinkActions(WithAnother):
    """Which action is to be seen beside this one, and why."""

    reason: Words | None = None


def other_of(session: Session, action: Action, facts: WithAnother, now: datetime, by: Doer) -> Action:
    """Find the other action, locked. Raises `NotFound` where she may not see it, `Refused` where it is none to pair."""
    other = action_by_reference(session, facts.other, by, lock=True)
    if other.id == action.id:
        raise Refused(f"{action.reference} is the same action: name another one.", code="same_action")
    if other.partnership_id != action.partnership_id:
        raise Refused(
            f"{other.reference} stands in the plan of another partnership. Actions are compared within one plan.",
            code="other_partnership",
        )
    if facts.other_seen is not None and facts.other_seen != other.version:
        raise Refused(history.moved_on(session, other.reference, now), code="stale")
    return other


def answer_pair(
    session: Session, action: Action, other: Action, answer: str, reason: str | None, *, now: datetime, by: Doer
) -> None:
    """Keep what was decided on a pair, for good: it is offered no more."""
    pair = pair_of(session, action, other)
    if pair is None:
        one, later = sorted((action.id, other.id))
        row = ActionPair(partnership_id=action.partnership_id, one_id=one, other_id=later)
        pair = session.get_one(ActionPair, write(session, row).id)
    pair.answer, pair.answered_at, pair.answered_by_id, pair.reason = answer, now, by.id, reason
    session.add(pair)


def pair_of(session: Session, action: Action, other: Action) -> ActionPair | None:
    """Give two actions as a pair, with what was decided on them before; nothing where neither was found alike."""
    one, later = sorted((action.id, other.id))
    return session.exec(select(ActionPair).where(ActionPair.one_id == one, ActionPair.other_id == later)).first()


def not_alike(session: Session, action: Action, facts: NotAlike, *, now: datetime, by: Doer) -> None:
    """Say that two actions only look alike: they are never offered as a pair again; a link between them ends."""
    _decide(session, action, facts, "not_alike", "Not the same as {}", now=now, by=by)


def link_actions(session: Session, action: Action, facts: LinkActions, *, now: datetime, by: Doer) -> None:
    """Keep two actions and let each name the other: they are about the same matter, and both are to be done."""
    _decide(session, action, facts, "linked", "Linked with {}", now=now, by=by)


def _decide(
    session: Session, action: Action, facts: NotAlike | LinkActions, answer: str, said: str, *, now: datetime, by: Doer
) -> None:
    role = ask(by, action, answer if answer == "not_alike" else "link_actions")
    deed = "not_alike" if answer == "not_alike" else "link_actions"
    must_allow(action, deed)
    other = other_of(session, action, facts, now, by)
    must_allow(other, deed)
    known = pair_of(session, action, other)
    if known is not None and known.answer == answer:
        words = said.format(other.reference)
        raise Refused(f"{action.reference}: {words[:1].lower()}{words[1:]} already.", code="already_done")
    answer_pair(session, action, other, answer, facts.reason, now=now, by=by)
    other.version += 1
    session.add(other)
    why = f": {facts.reason}" if facts.reason else ""
    for one, beside in ((action, other), (other, action)):
        what = f"{said.format(beside.reference)}{why}"
        more = {"other": beside.reference}
        history.note(session, one.reference, deed, at=now, by=by, role=role, what=what, more=more)
