"""Telling the body that recommended that its case is decided; the decision itself stays in the house."""

from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import col, select

from tracker.cases.decision_models import Decision
from tracker.cases.models import Conflict
from tracker.cases.standing import Standing
from tracker.clock import london_day
from tracker.groups.queries import members_of
from tracker.people.reach import tell
from tracker.rows import Question

KIND = "executive_decision"


def tell_of_decision(standing: Standing, decision: Decision, now: datetime) -> int:
    """Put an email to every member of the body that recommended, beside the decision; says to how many.

    Nobody is written to whom a declared conflict bars from the case.
    """
    session, case = standing.session, standing.case
    members = members_of(session, case.partnership_id, standing.definition.recommended_by, london_day(now))
    barred = {person_id for (person_id,) in _BARRED.rows(session, case=case.id)} if members else set()
    put = 0
    for member in members:
        if member.id not in barred:
            key = f"{KIND}:{case.reference}:{decision.id}:{member.id}"
            facts = {"case": case.reference}
            put += tell(session, member, kind=KIND, about=case.reference, key=key, facts=facts, now=now, critical=True)
    return put


_BARRED = Question(
    select(Conflict.person_id).where(Conflict.case_id == bindparam("case"), col(Conflict.until).is_(None))
)
