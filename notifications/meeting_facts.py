"""What the email about meetings may hold: references, groups and moments; never a room, which somebody types."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from notifications.facts import MailFacts


class Change(StrEnum):
    """What became of a meeting since its reader was last told, in the word that she reads."""

    ARRANGED = "arranged"
    MOVED = "moved"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingLine:
    """One meeting: when it begins, also in words; when it was to be, as its reader knows it.

    `sequence` counts its changes, so that a calendar takes the newest.
    """

    reference: str
    group: str
    begins: datetime
    when: str
    sequence: int
    change: Change
    was: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingDates(MailFacts):
    """What somebody is told of the meetings of her groups, the next one first; `as_of` is when that was so."""

    meetings: tuple[MeetingLine, ...]
    to_address: str
    as_of: datetime
    base_url: str | None = None

    def of(self, change: str) -> tuple[MeetingLine, ...]:
        """Give the meetings of which one thing became."""
        return tuple(line for line in self.meetings if line.change == change)

    @property
    def one_change(self) -> str | None:
        """Give what became of all of them, where that is the same."""
        changes = {line.change.value for line in self.meetings}
        return changes.pop() if len(changes) == 1 else None

    @property
    def one_group(self) -> str | None:
        """Give the group of all of them, where that is the same."""
        groups = {line.group for line in self.meetings}
        return groups.pop() if len(groups) == 1 else None


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """The part of an email that a calendar reads, and its method: to ask for a meeting, to take it back, to publish."""

    method: str
    text: str
