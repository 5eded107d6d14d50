"""What a coordinator is shown first: her jobs by urgency, whom she waits for, her open cases and the next meeting."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlmodel import Session

from tracker.cases.open_clocks import clocks_of
from tracker.cases.unnamed import barred_cases_named, without_references
from tracker.clock import london_day
from tracker.groups.queries import codes_of
from tracker.people.doer import Doer
from tracker.people.roles import Role
from tracker.showing.case_lists import MINE, case_rows, visible_cases
from tracker.showing.jobs import job_rows
from tracker.showing.waiting import list_waiting
from tracker.web.today_jobs import jobs_by_urgency
from tracker.web.today_meetings import coming_meetings
from workflows.vocabulary import stage_words

Row = dict[str, Any]


# So many of the jobs without a date are shown.
MOST_LATER = 20


class Today:
    """Everything that the page shows, read for the partnerships in which the reader is a coordinator.

    Of `everybody`: also the cases of the other coordinators.
    """

    def __init__(self, session: Session, reader: Doer, now: datetime, *, everybody: bool = False) -> None:
        self._session, self._reader = session, reader
        ids = sorted(reader.partnerships_as(Role.COORDINATOR))
        codes = codes_of(session, ids)
        # In several partnerships she may have another role: what she sees there only in that role is left out below.
        where = {"partnership": codes[ids[0]]} if len(ids) == 1 else {}
        where |= {} if everybody else {"coordinator": MINE}
        seen = visible_cases(session, where | {"status": "open"}, reader)
        cases = [case for case in seen if case.partnership_id in codes]
        clocks = clocks_of(session, cases, london_day(now))
        self._hidden = barred_cases_named(session, reader.id)
        self.everybody = everybody
        self.waiting = self._shown(list_waiting(session, cases, ids, reader, now, everybody=everybody))
        self.cases = [
            row | {"stage_words": stage_words(row["stage"])} for row in self._shown(case_rows(session, cases, clocks))
        ]
        jobs = self._shown(job_rows(session, cases, clocks, where, reader, now, most=MOST_LATER + 1))
        jobs = [job for job in jobs if job["partnership"] in codes.values()]
        self.jobs = jobs_by_urgency(jobs, self.cases, self.waiting)
        self.meetings = coming_meetings(session, ids, reader, now)

    def _shown(self, rows: Iterable[Row]) -> list[Row]:
        """Take out of every text the references of cases from which the reader is barred."""
        shown: list[Row] = without_references(list(rows), self._hidden)
        return shown
