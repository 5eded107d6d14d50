"""What a coordinator waits for after a decision: the answers of partners, and how a difference is settled."""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy
from sqlmodel import Session, col, func, select

from tracker.among import among, listed
from tracker.cases.decision_models import Decision, Ratification
from tracker.cases.models import Case
from tracker.groups.queries import safeguarding_partners
from tracker.rows import Question
from workflows.dates import PartialDate


class Owed(NamedTuple):
    """A partner who has not answered to a decision, or has said no and is not agreed with yet; and since when."""

    case: Case
    partner: str
    since: PartialDate | None
    objects: bool


def owed_by_partners(session: Session, cases: Sequence[Case]) -> list[Owed]:
    """Give what partners owe about cases that were decided, by case and partner, in a fixed number of questions."""
    if not cases:
        return []
    decided = {case_id: (number, on) for case_id, number, on in _NEWEST.rows(session, ids=listed(c.id for c in cases))}
    newest: dict[tuple[int, str], tuple[str, PartialDate | None, bool]] = {}
    for decision_id, partner, *answer in _ANSWERS.rows(session, ids=listed(number for number, _ in decided.values())):
        newest[decision_id, partner] = (answer[0], answer[1], answer[2])
    partners = {one: safeguarding_partners(session, one) for one in {case.partnership_id for case in cases}}
    found = []
    for case in cases:
        decision_id, decided_on = decided.get(case.id, (0, None))
        for partner in partners[case.partnership_id] if decision_id else ():
            given = newest.get((decision_id, partner))
            if given is None:
                found.append(Owed(case, partner, decided_on, objects=False))
            elif given[0] == "no" and not given[2]:
                found.append(Owed(case, partner, given[1], objects=True))
    return found


_DECIDED = (col(Decision.case_id), col(Decision.id), col(Decision.on))
_LAST = select(func.max(Decision.id)).where(among(col(Decision.case_id), "ids")).group_by(col(Decision.case_id))
_NEWEST = Question(select(*_DECIDED).where(col(Decision.id).in_(_LAST)))
_GIVEN = (
    *(col(Ratification.decision_id), col(Ratification.partner), col(Ratification.answer)),
    *(col(Ratification.on), col(Ratification.resolved)),
)
_ANSWERS = Question(
    sqlalchemy.select(*_GIVEN).where(among(col(Ratification.decision_id), "ids")).order_by(col(Ratification.id))
)
