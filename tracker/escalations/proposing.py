"""What the service proposes to escalate, always to a person: an action red over two meetings, a date missed by law."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache

from sqlalchemy import exists, or_
from sqlmodel import Session, col, select

from tracker import history
from tracker.actions.colouring import is_overdue
from tracker.actions.models import Action, ActionUpdate
from tracker.actions.queries import action_by_reference
from tracker.actions.wanting import Share
from tracker.among import among, listed
from tracker.cases.models import Case, Clock
from tracker.cases.open_clocks import CaseClock
from tracker.cases.queries import case_by_reference
from tracker.clock import london_day, london_moment
from tracker.errors import Refused
from tracker.escalations.models import Escalation, EscalationAbout, EscalationRuling, Rule
from tracker.facts import Code, Facts, Words
from tracker.groups.bodies import standing_groups
from tracker.groups.ladder import Ladder
from tracker.groups.meeting_queries import meeting_days
from tracker.groups.models import Partnership
from tracker.kept import kept
from tracker.people.doer import Doer
from tracker.people.permissions import require
from tracker.rows import RowsOf, write
from workflows.action import Report
from workflows.escalation import EscalationStatus
from workflows.vocabulary import ClockKind

PLAN = "plan"
MEETINGS = 2
# A few are proposed; so many of the oldest are looked at for them.
MOST_LOOKED_AT = 300
# So many of them are asked about at once whether somebody sees them.
AT_ONCE = 20


class DismissProposal(Facts):
    """Which proposal is not followed and why: until it happens again, or for good. `clock` names the one missed."""

    about: Code
    rule: Rule
    clock: Code | None = None
    for_good: bool = False
    reason: Words


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something that may be worth escalating: which rule says so, about which action or case."""

    rule: Rule
    partnership_id: int
    about: str
    title: str | None
    clock: str | None = None
    clock_name: str | None = None


def red_actions(session: Session, partnership_id: int, share: Share, now: datetime, most: int) -> list[Proposal]:
    """Propose actions that were red at the last two meetings of a group with the plan, or of the Executive.

    Those of a share, so many at `most`. What was escalated since, or dismissed, is not proposed.
    """
    today, found = london_day(now), list[Action]()
    ids = kept(session, ("red at two meetings", partnership_id, today), lambda: _red(session, partnership_id, today))
    for some in (ids[begin : begin + AT_ONCE] for begin in range(0, len(ids), AT_ONCE)):
        found += _of_share(share).all(session, ids=listed(some))
        if len(found) >= most:
            break
    return [Proposal(Rule.RED_ACTION, partnership_id, one.reference, one.title) for one in found[:most]]


# Putting it together takes longer than asking it: the same reader asks with it again and again.
@lru_cache(maxsize=200)
def _of_share(share: Share) -> RowsOf[Action]:
    question = select(Action).where(among(col(Action.id), "ids"), *share.conditions)
    return RowsOf(Action, question.order_by(col(Action.open_by), col(Action.id)))


def _red(session: Session, partnership_id: int, today: date) -> Sequence[int]:
    """Give the actions that were red at the last two meetings, whoever may see them; the oldest first."""
    first = _first_of_two(session, partnership_id, today)
    if first is None:
        return []
    since = london_moment(first, time())
    of_it = col(ActionUpdate.action_id) == Action.id
    was_stuck = exists().where(of_it, col(ActionUpdate.at) < since, col(ActionUpdate.report) == Report.STUCK.value)
    said_else = exists().where(of_it, col(ActionUpdate.at) >= since, col(ActionUpdate.report) != Report.STUCK.value)
    asked = (
        exists()
        .where(col(EscalationAbout.action_id) == Action.id, col(EscalationAbout.escalation_id) == Escalation.id)
        .where(or_(col(Escalation.status) == EscalationStatus.WAITING, col(Escalation.raised_on) >= first))
    )
    question = (
        select(Action.id)
        .where(col(Action.id).in_(_candidates(session, partnership_id, first)))
        .where(or_(is_overdue(first), was_stuck & ~said_else))
        .where(~asked, col(Action.id).not_in(_dismissed_actions(session, partnership_id)))
        .order_by(col(Action.open_by), col(Action.id))
    )
    return session.exec(question).all()


def _candidates(session: Session, partnership_id: int, first: date) -> list[int]:
    """Give the open actions that were due before a day or are stuck now, the oldest of each: read from one index."""
    # Reckoned, so that no other index is taken than the one of what is open.
    here = (col(Action.partnership_id) + 0 == partnership_id, col(Action.open_by) > "")
    question = select(Action.id).order_by(col(Action.open_by), col(Action.id)).limit(MOST_LOOKED_AT)
    late = session.exec(question.where(*here, is_overdue(first))).all()
    stuck = session.exec(question.where(*here, col(Action.report) == Report.STUCK.value)).all()
    return sorted({*late, *stuck})


def missed_clocks(session: Session, clocks: Sequence[CaseClock]) -> list[Proposal]:
    """Propose the cases of which a date set by law or guidance has passed; one that a hold explains has not."""
    missed = [one for one in clocks if one.is_late and not one.ends_by_itself and one.clock.kind != ClockKind.LOCAL]
    ids = {one.case.id for one in missed}
    if not ids:
        return []
    ladder = Ladder(session, {one.case.partnership_id for one in missed})
    raised = select(EscalationAbout.case_id, Escalation.status, col(Escalation.raised_on)).join(
        Escalation, col(Escalation.id) == EscalationAbout.escalation_id
    )
    asked = session.exec(raised.where(col(EscalationAbout.case_id).in_(ids))).all()
    rulings = session.exec(select(EscalationRuling).where(col(EscalationRuling.case_id).in_(ids))).all()
    return [
        Proposal(
            Rule.MISSED_CLOCK,
            one.case.partnership_id,
            one.case.reference,
            one.case.pseudonym,
            one.clock.code,
            one.clock.name,
        )
        for one in missed
        if ladder.deciding(one.case.partnership_id) is not None
        and not any(_asks(one, case_id, status, on) for case_id, status, on in asked)
        and not any(_rules_out(one, ruling) for ruling in rulings)
    ]


def _asks(missed: CaseClock, case_id: int | None, status: str, raised_on: date) -> bool:
    is_new = status == EscalationStatus.WAITING or raised_on > missed.clock.due.last
    return case_id == missed.case.id and is_new


def _rules_out(missed: CaseClock, ruling: EscalationRuling) -> bool:
    code, _, due = ruling.occurrence.partition(" ")
    return (
        ruling.case_id == missed.case.id
        and code == missed.clock.code
        and (ruling.for_good or due == str(missed.clock.due))
    )


def _first_of_two(session: Session, partnership_id: int, today: date) -> date | None:
    """Give the earlier of the last two meetings of those who look at the plan: the latest such day of any of them."""
    deciding = Ladder(session, [partnership_id]).deciding(partnership_id)
    groups = standing_groups(session, [partnership_id], today)
    looking = {one.id for one in groups if PLAN in one.shows or (deciding is not None and one.id == deciding.id)}
    days = meeting_days(session, looking, today).values()
    return max((held[-MEETINGS] for held in days if len(held) >= MEETINGS), default=None)


def _dismissed_actions(session: Session, partnership_id: int) -> list[int]:
    question = (
        select(EscalationRuling, Action)
        .join(Action, col(Action.id) == EscalationRuling.action_id)
        .where(EscalationRuling.partnership_id == partnership_id)
    )
    return [
        action.id
        for ruling, action in session.exec(question)
        if ruling.for_good or ruling.occurrence == _occurrence(action)
    ]


def _occurrence(action: Action) -> str:
    return str(action.due) if action.due is not None else "stuck"


def dismiss_proposal(
    session: Session, partnership: Partnership, facts: DismissProposal, *, now: datetime, by: Doer
) -> None:
    """Dismiss what was proposed, for a reason: until it happens again, or for good."""
    require(by, "dismiss_proposal", partnership.id)
    ruling = EscalationRuling(
        partnership_id=partnership.id,
        rule=facts.rule,
        occurrence="",
        for_good=facts.for_good,
        reason=facts.reason,
        at=now,
        person_id=by.id,
    )
    about: Action | Case
    if facts.rule is Rule.RED_ACTION:
        about = action_by_reference(session, facts.about, by)
        ruling.action_id, ruling.occurrence = about.id, _occurrence(about)
    else:
        about = case_by_reference(session, facts.about, by)
        ruling.case_id, ruling.occurrence = about.id, _missed(session, about, facts.clock)
    if about.partnership_id != partnership.id:
        raise Refused(f"{about.reference} is not of this partnership.", code="elsewhere")
    write(session, ruling)
    until = "for good" if facts.for_good else "until it happens again"
    what = f"Not escalated, {until}: {facts.reason}"
    history.note(session, about.reference, "dismiss_proposal", at=now, by=by, role="coordinator", what=what)


def _missed(session: Session, case: Case, code: str | None) -> str:
    clock = session.exec(select(Clock).where(Clock.case_id == case.id, Clock.code == code)).first()
    if clock is None:
        raise Refused(f"Say which clock of {case.reference} was missed, as `clock`.", code="no_clock")
    return f"{clock.code} {clock.due}"
