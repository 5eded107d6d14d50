"""Joining two actions that are the same: one stays and knows all that both were, the other says which to use."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from tracker import history
from tracker.actions.checking import settle_for_new_owner
from tracker.actions.models import Action, ActionDate, ActionHelper, ActionSource, ActionTheme
from tracker.actions.pair_models import ActionJoin
from tracker.actions.pairs import joined_into
from tracker.actions.partners import WithAnother, answer_pair, other_of
from tracker.actions.plan import not_too_far
from tracker.actions.progress import release
from tracker.actions.queries import is_barred, standing_hold, waiting_update
from tracker.actions.rights import ask, may_own, must_allow
from tracker.clock import london_day
from tracker.errors import Refused
from tracker.facts import Name, Words
from tracker.people.doer import Doer
from tracker.people.models import Person
from tracker.people.queries import person_named
from tracker.rows import write
from workflows.action import OPEN_STATUSES, WITHOUT_DATE, ActionStatus, TimescaleKind
from workflows.dates import PartialDate, iso_text, uk_date


class MergeActions(WithAnother):
    """Which action is joined into the one that is named, and why.

    `owner`: which of the two owners keeps it, by email or name; the one that stays keeps hers if nothing is said.
    `due_on`: another date than the earlier of the two.
    """

    reason: Words
    owner: Name | None = None
    due_on: PartialDate | None = None


# What a join may change of the action that stays, and what a split gives back where nobody changed it since.
KEPT = ("due", "first_due", "timescale_kind", "owner_id", "owner_since", "report", "report_before")
# The rows beside an action that come over with it.
BESIDE: Mapping[str, type[Any]] = {"sources": ActionSource, "themes": ActionTheme, "helpers": ActionHelper}


@dataclass(frozen=True, slots=True)
class _Join:
    """A join while it is done: what stays, what goes, when and by whom."""

    session: Session
    kept: Action
    gone: Action
    facts: MergeActions
    now: datetime
    by: Doer


def merge_actions(session: Session, action: Action, facts: MergeActions, *, now: datetime, by: Doer) -> None:
    """Join another action into this one: its sources, themes and helpers come over, its reminders end.

    The earlier date stands unless another one is given; who owns it is chosen among the two owners.
    """
    role = ask(by, action, "merge_actions")
    must_allow(action, "merge_actions")
    gone = other_of(session, action, facts, by)
    _must_be_joinable(session, action, gone)
    join = _Join(session, action, gone, facts, now, by)
    before = kept_of(action)
    added = _bring_over(join)
    asked_back = _choose_owner(join)
    moved = _choose_date(join)
    _must_fit_its_owner(join)
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


def must_be_checked(session: Session, action: Action, then: str = "join") -> None:
    """What an owner said and nobody read would be lost when her action goes, or passes to the other owner."""
    update = waiting_update(session, action)
    if update is not None and update.state == "sent" and action.status in OPEN_STATUSES:
        raise Refused(
            f"{action.reference} has an update to check. Accept it or ask its owner back, then {then} the two.",
            code="update_to_check",
        )


def _bring_over(join: _Join) -> dict[str, list[int]]:
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


def _choose_owner(join: _Join) -> int | None:
    """Let the owner own it who was chosen; gives the update about which the former one was asked back."""
    kept, gone = join.kept, join.gone
    owners = [owner for owner in (kept.owner_id, gone.owner_id) if owner is not None]
    if join.facts.owner is None:
        chosen = owners[0] if owners else None
    else:
        chosen = person_named(join.session, join.facts.owner, kept.partnership_id).id
        if chosen not in owners:
            raise Refused(
                f"{join.facts.owner} owns neither {kept.reference} nor {gone.reference}. Choose one of the two owners; "
                "the action can be passed on afterwards.",
                code="not_an_owner",
            )
    if chosen == kept.owner_id or kept.status not in OPEN_STATUSES:
        return None
    must_be_checked(join.session, kept)
    update = waiting_update(join.session, kept)
    settle_for_new_owner(join.session, kept, join.now, join.by)
    kept.owner_id, kept.owner_since = chosen, london_day(join.now)
    return None if update is None else update.id


def _must_fit_its_owner(join: _Join) -> None:
    """Whoever owns it from now on must not be barred from a case that it comes from by now, nor be new and gone."""
    kept = join.kept
    if kept.owner_id is None:
        return
    owner = join.session.get_one(Person, kept.owner_id)
    join.session.flush()
    if is_barred(join.session, kept.id, owner.id):
        raise Refused(f"{owner.name} cannot be named on this action. Choose the other owner.", code="barred")
    if kept.owner_since == london_day(join.now):
        may_own(join.session, kept, owner, london_day(join.now))


def _choose_date(join: _Join) -> int | None:
    """Let the earlier date stand, or the one that is given; gives the row that says it was moved."""
    kept, gone, facts = join.kept, join.gone, join.facts
    if kept.status not in OPEN_STATUSES:
        if facts.due_on is not None:
            raise Refused(f"{kept.reference} is not open: it has no date to come.", code="not_open")
        return None
    dates = [one.due for one in (kept, gone) if one.due is not None and one.status in OPEN_STATUSES]
    if kept.outside_body is not None:
        # What is asked of a body outside has no due date: it ages.
        dates = []
    due = facts.due_on or min(dates, default=None)
    not_too_far(facts.due_on, london_day(join.now))
    if facts.due_on is not None and facts.due_on not in dates and facts.due_on.overdue_on(london_day(join.now)):
        raise Refused("The date must be today or later, or that of one of the two.", code="bad_date")
    if due is None or due == kept.due:
        return None
    if kept.outside_body is not None:
        raise Refused(f"{kept.reference} is asked of {kept.outside_body}, and has no due date.", code="no_due_date")
    kept.due = due
    kept.first_due = kept.first_due or due
    kept.due_version += 1
    if kept.timescale_kind in WITHOUT_DATE:
        kept.timescale_kind = TimescaleKind.DATE
    reason = f"Joined with {gone.reference}: {facts.reason}"
    row = ActionDate(action_id=kept.id, kind="moved", due=due, reason=reason, at=join.now, person_id=join.by.id)
    return write(join.session, row).id


def _note(join: _Join, role: str, old: str, before: dict[str, Any]) -> None:
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


def _line(join: _Join, action: Action, role: str, what: str, values: tuple[str | None, str | None], other: str) -> None:
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
