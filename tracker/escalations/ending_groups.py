"""A group ends, and what it asked and what waits for it goes on with another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, or_, select

from tracker import history
from tracker.actions.models import Action
from tracker.cases.named import barred_case_ids
from tracker.clock import london_day
from tracker.errors import Refused
from tracker.escalations.models import Escalation
from tracker.escalations.queries import may_see_escalation
from tracker.facts import Code, Facts, Words
from tracker.groups.bodies import deciding_group, group_in, must_stand
from tracker.groups.inviting import begins, invite
from tracker.groups.models import Group, Meeting, Partnership
from tracker.kept import kept
from tracker.people.doer import Doer
from tracker.people.permissions import require
from workflows.deadlines import counted
from workflows.escalation import EscalationStatus


class EndGroup(Facts):
    """Which group ends today and why, and which one goes on with its escalations and with the groups below it."""

    group: Code
    reason: Words
    passes_to: Code | None = None


def end_group(session: Session, partnership: Partnership, facts: EndGroup, *, now: datetime, by: Doer) -> None:
    """End a group: its meetings to come are cancelled, its open escalations and the groups below it pass on.

    One whose last day has come is ended once more as long as something of it is open, so that this goes on.
    """
    require(by, "end_group", partnership.id)
    group, today = group_in(session, partnership.id, facts.group), london_day(now)
    left = _left_open(session, [group], today)[group.id]
    if not left:
        must_stand(group, today)
    deciding = deciding_group(session, partnership.id)
    if deciding is not None and deciding.id == group.id:
        raise Refused(f"{group.name} decides in {partnership.name}: it cannot end.", code="decides")
    heir = None if facts.passes_to is None else group_in(session, partnership.id, facts.passes_to)
    if heir is None and left:
        raise Refused(
            f"{group.name} has {left.words(counts=_may_count(session, by))} that must go on: name the group that they "
            "pass to.",
            code="passes_to_missing",
        )
    if heir is not None:
        must_stand(heir, today)
        _pass_on(session, group, heir, left.escalations, left.below, now, by)
        _pass_actions_on(session, group, heir, left.actions, now, by)
    to_come = (Meeting.group_id == group.id, Meeting.status == "planned", col(Meeting.on) >= today)
    cancelled = session.exec(select(Meeting).where(*to_come).order_by(col(Meeting.id))).all()
    for meeting in cancelled:
        meeting.status, meeting.reason = "cancelled", f"{group.name} ended"
        meeting.version += 1
        session.add(meeting)
        history.note(session, meeting.reference, "cancel_meeting", at=now, by=by, what=f"Cancelled: {meeting.reason}")
    if cancelled:
        invite(session, group, cancelled, {one.reference: begins(one) for one in cancelled}, "end_group", now)
    group.ended_on = min(group.ended_on or today, today)
    session.add(group)
    to = f"; {heir.name} goes on with what is open" if heir else ""
    history.note(session, partnership.code, "end_group", at=now, by=by, what=f"{group.name} ended: {facts.reason}{to}")


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """What of a group goes on when it ends: escalations, the groups below it, the actions of its plan."""

    escalations: list[Escalation]
    below: list[Group]
    actions: list[Action]

    def __bool__(self) -> bool:
        """Say whether there is anything."""
        return bool(self.escalations or self.below or self.actions)

    def words(self, *, counts: bool) -> str:
        """Say how many of each: 2 open escalations and 1 group; without the numbers where they would tell too much."""
        named = ((self.escalations, "open escalations"), (self.below, "groups"), (self.actions, "open actions"))
        return " and ".join(counted(len(rows), words) if counts else words for rows, words in named if rows)


@dataclass(frozen=True, slots=True)
class Ended:
    """A group whose last day has come while something of it is open: what, in words."""

    partnership_id: int
    code: str
    name: str
    left: str


def ended_with_something_open(
    session: Session, partnership_ids: Sequence[int], today: date, reader: Doer | None
) -> list[Ended]:
    """Give the groups of partnerships whose last day has come, while something of them is open."""
    counts = _may_count(session, reader)
    key = "ended with something open", *partnership_ids, today, counts
    return kept(session, key, lambda: _ended(session, partnership_ids, today, counts=counts))


def _may_count(session: Session, reader: Doer | None) -> bool:
    """Say whether a reader may be told how many there are: not with a declared conflict, which may hide some."""
    return reader is None or not barred_case_ids(session, reader.id)


def _ended(session: Session, partnership_ids: Sequence[int], today: date, *, counts: bool) -> list[Ended]:
    here = (col(Group.partnership_id).in_(partnership_ids), col(Group.ended_on) <= today)
    groups = session.exec(select(Group).where(*here).order_by(col(Group.id))).all()
    left = _left_open(session, groups, today)
    with_some = [(one, left[one.id].words(counts=counts)) for one in groups if left[one.id]]
    return [Ended(one.partnership_id, one.code, one.name, words) for one, words in with_some]


def _left_open(session: Session, groups: Sequence[Group], today: date) -> dict[int, LeftOpen]:
    """Give what of each of some groups goes on with another when it ends, in three questions however many they are.

    An escalation goes on, raised or waiting there, as long as it is unanswered, or answered and not told.
    """
    ids = [group.id for group in groups]
    left = {number: LeftOpen([], [], []) for number in ids}
    theirs = or_(col(Escalation.group_id).in_(ids), col(Escalation.level_id).in_(ids))
    moving = col(Escalation.status).in_((EscalationStatus.WAITING, EscalationStatus.ANSWERED))
    for escalation in session.exec(select(Escalation).where(theirs, moving).order_by(col(Escalation.id))):
        for number in {escalation.group_id, escalation.level_id} & left.keys():
            left[number].escalations.append(escalation)
    for below in session.exec(select(Group).where(col(Group.escalates_to_id).in_(ids)).order_by(col(Group.id))):
        if below.escalates_to_id is not None and not below.has_ended(today):
            left[below.escalates_to_id].below.append(below)
    is_open = col(Action.open_by) > ""
    for action in session.exec(select(Action).where(col(Action.group_id).in_(ids), is_open).order_by(col(Action.id))):
        if action.group_id is not None:
            left[action.group_id].actions.append(action)
    return left


def _pass_on(
    session: Session,
    group: Group,
    heir: Group,
    escalations: list[Escalation],
    below: list[Group],
    now: datetime,
    by: Doer,
) -> None:
    if heir.id == group.id:
        raise Refused(f"{group.name} cannot pass to itself.", code="circle")
    stuck = [one.id for one in escalations if heir.id in _the_other_end(one, group)]
    if stuck:
        seen = select(Escalation.reference).where(col(Escalation.id).in_(stuck), may_see_escalation(by))
        named = ", ".join(session.exec(seen.order_by(col(Escalation.id)))) or "An escalation"
        raise Refused(
            f"{named} would wait at the group that raised it. Name another group, or have it answered first.",
            code="circle",
        )
    for one in below:
        one.escalates_to_id = heir.id if one.id != heir.id else group.escalates_to_id
        session.add(one)
    for escalation in escalations:
        escalation.group_id = heir.id if escalation.group_id == group.id else escalation.group_id
        escalation.level_id = heir.id if escalation.level_id == group.id else escalation.level_id
        escalation.version += 1
        session.add(escalation)
        what = f"{group.name} ended; {heir.name} goes on with it"
        history.note(session, escalation.reference, "pass_on", at=now, by=by, what=what, old=group.code, new=heir.code)


def _pass_actions_on(
    session: Session, group: Group, heir: Group, actions: list[Action], now: datetime, by: Doer
) -> None:
    """Let the open actions of a plan belong to that of another group; what is closed stays where it was done."""
    for action in actions:
        action.group_id = heir.id
        action.version += 1
        session.add(action)
        what = f"{group.name} ended; it belongs to the plan of {heir.name}"
        history.note(session, action.reference, "pass_on", at=now, by=by, what=what, old=group.code, new=heir.code)


def _the_other_end(escalation: Escalation, group: Group) -> set[int]:
    return {escalation.group_id, escalation.level_id} - {group.id}
