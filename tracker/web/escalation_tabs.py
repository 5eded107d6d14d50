"""The tabs of the escalation tracker: each escalation stands where its reader looks for it."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from tracker.groups.next_meetings import NextMeeting
from workflows.dates import PartialDate
from workflows.escalation import EscalationStatus

Row = dict[str, Any]

# The Executive aims to respond within so many days; after them the age of a question is red.
TOO_LONG = 28


class Tab(StrEnum):
    """A part of the tracker; the value stands in its address."""

    MEETING = "meeting"
    WAITING = "waiting"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"

    @property
    def words(self) -> str:
        """Give the words a reader sees."""
        return {"meeting": "This meeting", "waiting": "Waiting for a response"}.get(self.value, self.value.capitalize())


class Tabs:
    """The rows of the tracker, parted; the tab of a meeting is there when one is planned."""

    def __init__(self, rows: Sequence[Row], meetings: Sequence[NextMeeting]) -> None:
        self.meetings = meetings
        self._rows = {
            Tab.MEETING: [row for row in rows if any(_is_before(row, meeting) for meeting in meetings)],
            Tab.WAITING: [row for row in rows if row["status"] == EscalationStatus.WAITING],
            Tab.ANSWERED: sorted(filter(_is_answered, rows), key=_answered_on, reverse=True),
            Tab.WITHDRAWN: [row for row in rows if row["status"] == EscalationStatus.WITHDRAWN],
        }

    @property
    def all(self) -> list[Tab]:
        """Give the tabs there are."""
        there = {Tab.WAITING, Tab.ANSWERED}
        there |= {Tab.MEETING} if self.meetings else set()
        there |= {Tab.WITHDRAWN} if self._rows[Tab.WITHDRAWN] else set()
        return [tab for tab in Tab if tab in there]

    def chosen(self, asked: str | None) -> Tab:
        """Give the tab that an address asks for, or the one that stands first."""
        return next((tab for tab in self.all if tab == asked), self.all[0])

    def rows(self, tab: Tab) -> list[Row]:
        """Give the rows of a tab."""
        return self._rows[tab]

    def count(self, tab: Tab) -> int:
        """Count the rows of a tab."""
        return len(self._rows[tab])

    @property
    def last_answered_on(self) -> str | None:
        """Give the day of the newest answer."""
        return self._rows[Tab.ANSWERED][0]["answered_on"] if self._rows[Tab.ANSWERED] else None


def _is_answered(row: Row) -> bool:
    return row["status"] in (EscalationStatus.ANSWERED, EscalationStatus.TOLD)


def _answered_on(row: Row) -> PartialDate:
    return PartialDate.parse(row["answered_on"])


def _is_before(row: Row, meeting: NextMeeting) -> bool:
    """Say whether a meeting is shown an escalation: it waits for it, or was answered since the one before."""
    if (row["partnership"], row["level"]) != (meeting.partnership, meeting.group):
        return False
    since = meeting.last_on
    is_new = _is_answered(row) and (since is None or _answered_on(row).last >= since)
    return row["status"] == EscalationStatus.WAITING or is_new
