"""What a coordinator is shown first: her jobs by urgency, whom she waits for, her open cases and the next meeting."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlmodel import Session

from tracker.actions.wanting import share_of
from tracker.cases.open_clocks import clocks_of_standings
from tracker.cases.queries import open_cases
from tracker.cases.unnamed import barred_cases_named, without_references
from tracker.clock import london_day
from tracker.people.doer import Doer
from tracker.people.roles import Role
from tracker.reminders.holding import held_post
from tracker.showing.case_lists import case_rows
from tracker.showing.jobs import first_jobs
from tracker.showing.post_trouble import post_trouble
from tracker.showing.waiting import list_waiting
from tracker.standings import standings_of
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
        # In several partnerships she may have another role: what she sees there only in that role is left out.
        self._hidden = barred_cases_named(session, reader.id)
        share = share_of(session, reader, ids, everybody=everybody, is_barred=bool(self._hidden))
        cases = open_cases(session, ids, reader, everybody=everybody)
        standings = standings_of(session, cases)
        clocks = clocks_of_standings(session, standings, london_day(now))
        held = {standing.case.id for standing in standings if standing.hold is not None}
        self.everybody = everybody
        self.waiting = self._shown(list_waiting(session, standings, share, now))
        self.cases = [
            row | {"stage_words": stage_words(row["stage"])}
            for row in self._shown(case_rows(session, cases, clocks, held))
        ]
        jobs = self._shown(first_jobs(session, standings, clocks, share, now, most=MOST_LATER + 1))
        self.jobs = jobs_by_urgency(jobs, self.cases, self.waiting)
        self.held = held_post(session)
        self.meetings = coming_meetings(session, ids, reader, now)
        self.post_trouble = post_trouble(session, now)

    def _shown(self, rows: Iterable[Row]) -> list[Row]:
        """Take out of every text the references of cases from which the reader is barred."""
        shown: list[Row] = without_references(list(rows), self._hidden)
        return shown
