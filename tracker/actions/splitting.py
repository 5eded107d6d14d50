"""Undoing a join: both actions are again what they were; what happened since stays with the one that stayed."""

import json
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from tracker import history
from tracker.actions.checking import settle_for_new_owner
from tracker.actions.join_terms import must_be_checked
from tracker.actions.joining import BESIDE, KEPT, kept_of, what_it_is
from tracker.actions.models import Acceptance, Action, ActionDate, ActionHold
from tracker.actions.pair_models import ActionJoin
from tracker.actions.partners import answer_pair
from tracker.actions.queries import action_by_reference, is_barred, newest_update, waiting_update
from tracker.actions.rights import ask, must_allow
from tracker.errors import Refused
from tracker.facts import Code, Facts, Version, Words
from tracker.people.doer import Doer
from workflows.action import ActionStatus
from workflows.dates import PartialDate

Undone = dict[str, Any]


class SplitAction(Facts):
    """Why a join is undone; `other` is the other of the two: needed where several were joined with the one named."""

    reason: Words
    other: Code | None = None
    other_seen: Version | None = None


def split_action(session: Session, action: Action, facts: SplitAction, *, now: datetime, by: Doer) -> None:
    """Undo a join, from either of the two: status, dates, owner and sources are again what they were before.

    Raises `Refused` where nothing was joined, and where the one that stayed was itself joined with another since.
    """
    role = ask(by, action, "split_action")
    must_allow(action, "split_action")
    join = _join_of(session, action, facts, by)
    other = _other_of(session, action, join, facts, now, by)
    kept, gone = (action, other) if action.id == join.kept_id else (other, action)
    if kept.status == ActionStatus.MERGED:
        raise Refused(
            f"{kept.reference} was itself joined with another action since. Split that one first, then "
            f"{gone.reference}.",
            code="joined_since",
        )
    undone: Undone = json.loads(join.undone)
    later = _later(session, join)
    _take_away(session, undone, later, kept)
    owner_id = kept.owner_id
    _give_back(session, kept, undone, later)
    if kept.owner_id != owner_id:
        _pass_back(session, kept, undone, now, by)
    _open_again(session, gone, undone)
    join.split_at = now
    other.version += 1
    session.add_all((kept, gone, join))
    answer_pair(session, kept, gone, "split", facts.reason, now=now, by=by)
    for one, beside in ((kept, gone), (gone, kept)):
        what = f"Split from {beside.reference}: {facts.reason}"
        old, new = (ActionStatus.MERGED, gone.status) if one is gone else (None, None)
        more = {"other": beside.reference}
        about = (session, one.reference, "split_action")
        history.note(*about, at=now, by=by, role=role, what=what, old=old, new=new, more=more)


def _join_of(session: Session, action: Action, facts: SplitAction, by: Doer) -> ActionJoin:
    """Find the join that is meant: into which the action went, or the one that was joined into it."""
    stands = col(ActionJoin.split_at).is_(None)
    question = select(ActionJoin).where(stands, (ActionJoin.gone_id == action.id) | (ActionJoin.kept_id == action.id))
    joins = list(session.exec(question.order_by(col(ActionJoin.id))))
    if facts.other is not None:
        other = action_by_reference(session, facts.other, by)
        joins = [join for join in joins if other.id in (join.gone_id, join.kept_id)]
        if not joins:
            raise Refused(f"{action.reference} and {other.reference} were not joined.", code="not_joined")
    elif action.status == ActionStatus.MERGED:
        joins = [join for join in joins if join.gone_id == action.id]
    if not joins:
        raise Refused(f"No action was joined with {action.reference}.", code="not_joined")
    if len(joins) > 1:
        references = [session.get_one(Action, join.gone_id).reference for join in joins]
        raise Refused(
            f"Several actions were joined with {action.reference}: {', '.join(references)}. Say which one, as `other`.",
            code="which_action",
        )
    return joins[0]


def _other_of(
    session: Session, action: Action, join: ActionJoin, facts: SplitAction, now: datetime, by: Doer
) -> Action:
    other_id = join.gone_id if join.kept_id == action.id else join.kept_id
    reference = session.get_one(Action, other_id).reference
    other = action_by_reference(session, reference, by, lock=True)
    if facts.other_seen is not None and facts.other_seen != other.version:
        raise Refused(history.moved_on(session, other.reference, now), code="stale")
    return other


def _later(session: Session, join: ActionJoin) -> list[ActionJoin]:
    """Give the other joins into the same action that stand, the older first."""
    question = select(ActionJoin).where(ActionJoin.kept_id == join.kept_id, ActionJoin.id != join.id)
    return list(session.exec(question.where(col(ActionJoin.split_at).is_(None)).order_by(col(ActionJoin.id))))


def _take_away(session: Session, undone: Undone, others: list[ActionJoin], kept: Action) -> None:
    """Take away what came over with the join, unless another action that is still joined has it as well."""
    for name, model in BESIDE.items():
        for number in undone["added"][name]:
            row = session.get(model, number)
            if row is None or row.action_id != kept.id:
                continue
            heir = next((join for join in others if _has(session, join.gone_id, row)), None)
            if heir is None:
                session.delete(row)
            else:
                of_heir = json.loads(heir.undone)
                of_heir["added"][name].append(number)
                heir.undone = json.dumps(of_heir)
                session.add(heir)


def _has(session: Session, action_id: int, row: Any) -> bool:  # a row beside an action
    rows = session.exec(select(type(row)).where(type(row).action_id == action_id))
    return what_it_is(row) in {what_it_is(one) for one in rows}


def _give_back(session: Session, kept: Action, undone: Undone, others: list[ActionJoin]) -> None:
    """Give the action that stayed what it had, where nobody changed it since; a later join keeps what it changed."""
    before, after, now = undone["before"], undone["after"], kept_of(kept)
    due = kept.due
    changed = [name for name in KEPT if before[name] != after[name]]
    if "owner_id" in changed and before["owner_id"] is not None and is_barred(session, kept.id, before["owner_id"]):
        changed = [name for name in changed if name not in ("owner_id", "owner_since")]
    for name in changed:
        heir = next((join for join in others if _overtook(json.loads(join.undone), name, after[name])), None)
        if heir is not None:
            of_heir = json.loads(heir.undone)
            of_heir["before"][name] = before[name]
            if name == "owner_id":
                of_heir["asked_back"] = undone.get("asked_back")
            heir.undone = json.dumps(of_heir)
            session.add(heir)
        elif now[name] == after[name]:
            setattr(kept, name, _read(name, before[name]))
    if kept.due != due:
        kept.due_version += 1
        moved = undone["moved"] and session.get(ActionDate, undone["moved"])
        if moved:
            session.delete(moved)


def _pass_back(session: Session, kept: Action, undone: Undone, now: datetime, by: Doer) -> None:
    """Settle what the other owner said meanwhile, and let the question to the former one wait for her again."""
    must_be_checked(session, kept, "split")
    if waiting_update(session, kept) is not None:
        settle_for_new_owner(session, kept, now, by)
    update = newest_update(session, kept)
    if update is None or update.id != undone.get("asked_back"):
        return
    update.state = "queried"
    session.add(update)
    settled = (Acceptance.update_id == update.id, Acceptance.answer == "accepted")
    for answer in session.exec(select(Acceptance).where(*settled)):
        session.delete(answer)


def _overtook(undone: Undone, name: str, value: object) -> bool:
    """Say whether a later join changed what an earlier one had set."""
    before, after = undone["before"][name], undone["after"][name]
    return bool(before == value and after != value)


def _read(name: str, value: Any) -> Any:  # a column of an action
    if value is None:
        return None
    if name in ("due", "first_due"):
        return PartialDate.parse(value)
    return date.fromisoformat(value) if name == "owner_since" else value


def _open_again(session: Session, gone: Action, undone: Undone) -> None:
    gone.status = undone["status"]
    hold = undone["hold"] and session.get(ActionHold, undone["hold"])
    if hold:
        hold.until = None
        session.add(hold)
