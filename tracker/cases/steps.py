"""How a deed moves a case: ask whose step it is, take it, write its day, turn the clocks, note it, move on."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import select

from tracker import history
from tracker.cases.clocks import stop_clocks, turn_clocks
from tracker.cases.days import OUT_OF_ORDER, not_far_ahead
from tracker.cases.models import CaseEvent
from tracker.cases.naming import name_those_who_are_next
from tracker.cases.standing import Standing
from tracker.clock import london_day
from tracker.errors import NotAllowed, Refused
from tracker.people.doer import Doer
from tracker.people.permissions import ONLY_THE_BODY, ROLES_FOR, refusal
from tracker.people.roles import Role
from tracker.rows import write
from workflows.dates import PartialDate
from workflows.lifecycle import StepRefused, Taken
from workflows.requirements import Unmet
from workflows.vocabulary import CaseStatus, Do, Event


def ask(standing: Standing, do: Do, by: Doer, branch: str = "", words: str = "") -> str:
    """Let a step through for the body whose it is, or for the coordinator on its behalf; gives the role to note.

    `words`: what is done, where that is not the step itself. Raises `NotAllowed` for everybody else. Decisions are
    taken by the body alone.
    """
    partnership_id = standing.case.partnership_id
    step = standing.lifecycle.step_from(standing.state, do, branch)
    bodies = step.by if step else ()
    for code in bodies:
        if belongs(standing, by, code):
            return standing.definition.body_named(code).name
    if do.value not in ONLY_THE_BODY and by.has(Role.COORDINATOR, partnership_id):
        return _on_behalf(standing, [code for code in bodies if code != Role.COORDINATOR])
    if step is None and ROLES_FOR[do.value] & by.roles_in(partnership_id):
        return "not open"
    raise NotAllowed(_whose(standing, do, bodies, by, words or do.words))


def _on_behalf(standing: Standing, bodies: list[str]) -> str:
    """Give the role of the coordinator for the history."""
    if not bodies:
        return "coordinator"
    return history.on_behalf("coordinator", ", ".join(standing.definition.body_named(code).name for code in bodies))


def belongs(standing: Standing, by: Doer, code: str) -> bool:
    """Say whether somebody belongs to a body that the definition names: by its group, or by its role."""
    partnership_id = standing.case.partnership_id
    body = standing.definition.body_named(code)
    return code in by.groups_in(partnership_id) or body.role in by.roles_in(partnership_id)


def _whose(standing: Standing, do: Do, bodies: Iterable[str], by: Doer, words: str) -> str:
    names = [standing.definition.body_named(code).name for code in bodies]
    if not names:
        return refusal(by, do.value)
    return f"{by.name} may not {words}: it is for {' or '.join(f'the {name}' for name in names)}."


def take_step(
    standing: Standing,
    do: Do,
    *,
    role: str,
    by: Doer,
    now: datetime,
    what: str,
    branch: str = "",
    on: PartialDate | None = None,
    event: Event | None = None,
    also: Iterable[Unmet] = (),
    more: Mapping[str, Any] | None = None,
) -> Taken:
    """Take a step: everything that stands in the way is said at once; otherwise day, clocks and history are written.

    What the deed itself writes has to be written between this and `move_on`, which takes the steps that follow.
    """
    if on is not None:
        not_far_ahead(on, now, do.label)
    try:
        taken = standing.lifecycle.take(standing, do, branch, also)
    except StepRefused as refused:
        if refused.blockers and all(blocker.code == OUT_OF_ORDER for blocker in refused.blockers):
            raise Refused(" ".join(blocker.sentence for blocker in refused.blockers), code=OUT_OF_ORDER) from None
        raise
    if event is not None and on is not None:
        record_event(standing, event, on)
    _stop_clocks_of(standing, taken, now)
    history.note(
        standing.session,
        standing.case.reference,
        do.value,
        at=now,
        by=by,
        role=role,
        what=what,
        old=taken.from_status,
        new=taken.to_status,
        more={"on": None if on is None else str(on), **(more or {})},
    )
    return taken


def move_on(standing: Standing, *, by: Doer, now: datetime, turned_by: Event | None = None) -> None:
    """After a deed has written its rows: turn the clocks, and take the steps that need nobody's deed."""
    proposed = standing.proposed
    standing.forget()
    if turned_by is not None:
        turn_clocks(standing, turned_by, now=now, by=by)
    for taken in standing.lifecycle.settle(standing):
        _stop_clocks_of(standing, taken, now)
        history.note(
            standing.session,
            standing.case.reference,
            "moved_on",
            at=now,
            by=by,
            what=f"The case moved on by itself: {taken.step.label}.",
            old=taken.from_status,
            new=taken.to_status,
        )
    if standing.state == CaseStatus.CLOSED and standing.case.closed_at is None:
        standing.case.closed_at = now
    name_those_who_are_next(standing, now)
    standing.proposed = proposed


def _stop_clocks_of(standing: Standing, taken: Taken, now: datetime) -> None:
    """Stop the clocks that no longer count on the way that a step takes."""
    if taken.step.stops:
        stop_clocks(standing, taken.step.label, london_day(now), set(taken.step.stops))


def record_event(standing: Standing, event: Event, on: PartialDate, note: str | None = None) -> None:
    """Write the day of an event; one that happens again, after a case was sent back, has its newest day."""
    if event in standing.events:
        question = select(CaseEvent).where(CaseEvent.case_id == standing.case.id, CaseEvent.name == event.value)
        kept = standing.session.exec(question).one()
        kept.on = on
        standing.session.add(kept)
        standing.session.flush()
    else:
        write(standing.session, CaseEvent(case_id=standing.case.id, name=event, on=on, note=note))
    standing.events[event] = on
