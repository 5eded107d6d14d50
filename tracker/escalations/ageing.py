"""How long escalations have waited: in days, and in meetings of the body at which they wait."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date

from sqlmodel import Session

from tracker.escalations.models import Escalation, EscalationResponse
from tracker.escalations.queries import age_days
from tracker.groups.meeting_queries import meeting_days


class Ages:
    """The ages of some escalations on a day; the meetings of all their bodies are read in one question."""

    def __init__(self, session: Session, escalations: Iterable[Escalation], today: date) -> None:
        self.today = today
        self._days = meeting_days(session, {one.level_id for one in escalations}, today)

    def of(self, escalation: Escalation, settled: EscalationResponse | None) -> dict[str, int]:
        """Give how long one waited until it was settled or withdrawn, or has waited until today.

        A meeting counts from the day after the escalation was raised, and one that answered it does not.
        """
        settled_on = settled.on.last if settled else None
        days = self._days.get(escalation.level_id, [])
        ended = settled_on or escalation.withdrawn_on
        seen = bisect_left(days, ended) if ended is not None else len(days)
        return {
            "age_days": age_days(escalation, settled_on, self.today),
            "age_meetings": max(0, seen - bisect_right(days, escalation.raised_on)),
        }
