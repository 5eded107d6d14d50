"""Joining two actions that are the same: one stays and knows all that both were, the other says which to use."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from tracker import history
from tracker.actions.join_terms import (
    Join,
    MergeActions,
    choose_date,
    choose_owner,
    must_be_checked,
    must_fit_its_owner,
)
from tracker.actions.models import Action, ActionHelper, ActionSource, ActionTheme
from tracker.actions.pair_models import ActionJoin
from tracker.actions.pairs import joined_into
from tracker.actions.partners import answer_pair, other_of
from tracker.actions.progress import release
from tracker.actions.queries import standing_hold
from tracker.actions.rights import ask, must_allow
from tracker.clock import london_day
from tracker.errors import Refused
from tracker.people.doer import Doer
from tracker.people.models import Person
from tracker.rows import write
from workflows.action import OPEN_STATUSES, ActionStatus
from workflows.dates import iso_text, uk_date

# What a join may change of the action that stays, and what a split gives back where nobody changed it since.
KEPT = ("due", "first_due", "timescale_kind", "owner_id", "owner_since", "report", "report_before")
# The rows beside an action that come over with it.
BESIDE: Mapping[str, type[Any]] = {"sources": ActionSource, "themes": ActionTheme, "helpers": ActionHelper}


def merge_actions(session: Session, action: Action, facts: MergeActions, *, now: datetime, by: Doer) -> None:
    """Join another action into this one: its sources, themes and helpers come over, its reminders end.

    The earlier date stands unless another one is given; who owns it is chosen among the two owners.
    """
    role = ask(by, action, "merge_actions")
    must_allow(action, "merge_actions")
    gone = other_of(session, action, facts, now, by)
    _must_be_joinable(session, action, gone)
    join = Join(session, action, gone, facts, now, by)
    before = kept_of(action)
    added = _bring_over(join)
    asked_back = choose_owner(join)
    moved = choose_date(join)
    must_fit_its_owner(join)
    hold = standing_hold(session, gone)
    undone: dict[str, Any] = {
        "status": gone.status,
        "hold": None if hold is None else hold.id,
        "moved": moved,
        "asked_back": asked_back,
        "before": before,
        "after": kept_of(action),
        "added": added,
    }
    old = gone.status
    release(session, gone, london_day(now))
    gone.status = ActionStatus.MERGED
    gone.version += 1
    session.add_all((action, gone))
    ids = {"gone_id": gone.id, "kept_id": action.id, "by_id": by.id}
    write(session, ActionJoin(**ids, at=now, reason=facts.reason, undone=json.dumps(undone), split_at=None))
    answer_pair(session, action, gone, "joined", facts.reason, now=now, by=by)
    _note(join, role, old, before)


def kept_of(action: Action) -> dict[str, Any]:
    """Give what a join may change of an action, as JSON holds it."""
    known = {name: getattr(action, name) for name in KEPT}
    return {
        name: str(value) if name in ("due", "first_due", "owner_since") and value else value
        for name, value in known.items()
    }


def _must_be_joinable(session: Session, kept: Action, gone: Action) -> None:
    if gone.status == ActionStatus.MERGED:
        into = joined_into(session, gone.id)
        raise Refused(f"{gone.reference} was joined with {into} before. Use that one.", code="already_done")
    if gone.status in OPEN_STATUSES and kept.status not in OPEN_STATUSES:
        raise Refused(
            f"{gone.reference} is open and {kept.reference} is {ActionStatus(kept.status).words}: nobody would be "
            f"reminded of it any more. Join {kept.reference} into {gone.reference} instead.",
            code="kept_has_ended",
        )
    must_be_checked(session, gone)


def _bring_over(join: Join) -> dict[str, list[int]]:
    """Give the action that stays what the other one comes from, its themes and its helpers; says what is new to it."""
    added: dict[str, list[int]] = {}
    for name, model in BESIDE.items():
        rows = {
            number: list(join.session.exec(select(model).where(model.action_id == number).order_by(col(model.id))))
            for number in (join.kept.id, join.gone.id)
        }
        known = {what_it_is(row) for row in rows[join.kept.id]}
        new = [row for row in rows[join.gone.id] if what_it_is(row) not in known]
        if model is ActionHelper:
            new = [row for row in new if row.person_id != join.kept.owner_id]
        copies = [model(**row.model_dump(exclude={"id", "action_id"}), action_id=join.kept.id) for row in new]
        added[name] = [write(join.session, copy).id for copy in copies]
    return added


def what_it_is(row: ActionSource | ActionTheme | ActionHelper) -> tuple[object, ...]:
    """Give what makes a source, a theme or a helper the same on two actions."""
    return tuple(sorted((name, value) for name, value in row.model_dump(exclude={"id", "action_id"}).items() if value))


def _note(join: Join, role: str, old: str, before: dict[str, Any]) -> None:
    kept, gone, reason = join.kept, join.gone, join.facts.reason
    after = kept_of(kept)
    changes = [f"Joined with {gone.reference}: {reason}"]
    if after["due"] != before["due"] and kept.due is not None:
        changes.append(f"Due {uk_date(kept.due)}")
    if after["owner_id"] != before["owner_id"] and kept.owner_id is not None:
        changes.append(f"Owner: {join.session.get_one(Person, kept.owner_id).name}")
    _line(join, kept, role, ". ".join(changes), (before["due"], iso_text(kept.due)), gone.reference)
    what = f"Joined with {kept.reference}, which is the one to use: {reason}"
    _line(join, gone, role, what, (old, gone.status), kept.reference)


def _line(join: Join, action: Action, role: str, what: str, values: tuple[str | None, str | None], other: str) -> None:
    old, new = values
    history.note(
        join.session,
        action.reference,
        "merge_actions",
        at=join.now,
        by=join.by,
        role=role,
        what=what,
        old=old,
        new=new,
        more={"other": other},
    )
