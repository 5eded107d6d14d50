"""Partnerships with their definitions and settings, their groups, and the meetings these hold."""

from datetime import date, datetime, time

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from tracker.database import PartialDateText, UtcDateTime, one_of
from tracker.rows import Record
from workflows.dates import PartialDate


class Partnership(Record, table=True):
    """A safeguarding children partnership; version counts the deeds that changed it."""

    id: int = Field(default=None, primary_key=True)
    code: str = Field(max_length=40, unique=True)
    name: str = Field(max_length=200)
    areas: str = Field(default="[]")
    version: int = 1


class DefinitionVersion(Record, table=True):
    """A process as it was read: a case keeps the row it began with when a newer version arrives."""

    __tablename__ = "definition_version"
    __table_args__ = (UniqueConstraint("name", "text_sha256"),)

    id: int = Field(default=None, primary_key=True)
    name: str = Field(max_length=60, index=True)
    text: str
    text_sha256: str = Field(max_length=64)
    read_at: datetime = Field(sa_type=UtcDateTime)


class Setting(Record, table=True):
    """One value of one setting of a partnership, from a moment on; the newest one holds."""

    id: int = Field(default=None, primary_key=True)
    partnership_id: int = Field(foreign_key="partnership.id", index=True)
    key: str = Field(max_length=60)
    value: str
    since: datetime = Field(sa_type=UtcDateTime)
    changed_by_id: int | None = Field(default=None, foreign_key="person.id")


class Closure(Record, table=True):
    """A day that is no working day: a bank holiday proclaimed late (no partnership), or a local closure."""

    __table_args__ = (UniqueConstraint("partnership_id", "on"),)

    id: int = Field(default=None, primary_key=True)
    partnership_id: int | None = Field(default=None, foreign_key="partnership.id")
    on: date
    name: str = Field(max_length=100)
    added_at: datetime = Field(sa_type=UtcDateTime)


class Group(Record, table=True):
    """A group of a partnership: the Executive, a panel, a board, a task group with an end.

    `shown`: what its agendas are made from beside its escalations, `plan` or `cases` or both.
    """

    __tablename__ = "partnership_group"
    __table_args__ = (UniqueConstraint("partnership_id", "code"),)

    id: int = Field(default=None, primary_key=True)
    partnership_id: int = Field(foreign_key="partnership.id")
    code: str = Field(max_length=40)
    name: str = Field(max_length=200)
    kind: str = Field(default="group", max_length=30)
    rhythm: str | None = None
    shown: str | None = Field(default=None, max_length=60)
    escalates_to_id: int | None = Field(default=None, foreign_key="partnership_group.id")
    sponsor_id: int | None = Field(default=None, foreign_key="person.id")
    ended_on: date | None = None

    @property
    def shows(self) -> list[str]:
        """Give from what its agendas are made beside its escalations: `plan`, `cases`."""
        return (self.shown or "").split()

    def has_ended(self, on: date) -> bool:
        """Say whether it has ended by a day; on the day on which it ends it has."""
        return self.ended_on is not None and self.ended_on <= on


class Membership(Record, table=True):
    """Who belongs to a group, from when until when, and whether as its chair."""

    id: int = Field(default=None, primary_key=True)
    group_id: int = Field(foreign_key="partnership_group.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    is_chair: bool = False
    from_on: date
    until_on: date | None = None


class MeetingSeries(Record, table=True):
    """A rhythm of meetings: every so many weeks from a first day, until another."""

    __tablename__ = "meeting_series"

    id: int = Field(default=None, primary_key=True)
    group_id: int = Field(foreign_key="partnership_group.id")
    first_on: date
    every_weeks: int
    until: date


class Meeting(Record, table=True):
    """A meeting of a group; its digest, where it is the deciding body's, moves with it.

    `digest_at` is there where its digest was sent at once, before the time that is reckoned from the day.
    """

    __table_args__ = (one_of("status", ("planned", "cancelled", "closed")),)

    id: int = Field(default=None, primary_key=True)
    reference: str = Field(max_length=20, unique=True)
    group_id: int = Field(foreign_key="partnership_group.id", index=True)
    series_id: int | None = Field(default=None, foreign_key="meeting_series.id", index=True)
    on: date = Field(index=True)
    at: time
    first_on: date
    proposed_on: date | None = None
    proposed_why: str | None = None
    status: str = Field(default="planned", max_length=10)
    reason: str | None = None
    key_points: str | None = None
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    place: str | None = Field(default=None, max_length=200)
    chair_id: int | None = Field(default=None, foreign_key="person.id")
    digest_is_held: bool = False
    digest_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1


class AgendaItem(Record, table=True):
    """What was added to the agenda of a meeting in words, or taken from it; a removed one may come back."""

    __tablename__ = "agenda_item"
    __table_args__ = (UniqueConstraint("meeting_id", "code"),)

    id: int = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id")
    code: str = Field(max_length=40)
    text: str | None = Field(default=None, max_length=200)
    is_removed: bool = False


class Attendance(Record, table=True):
    """Whether an agency came to a meeting."""

    __table_args__ = (UniqueConstraint("meeting_id", "agency_name"),)

    id: int = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id")
    agency_name: str = Field(max_length=200)
    came: bool


class DigestSent(Record, table=True):
    """A digest as it went to its readers: the figures of that moment, and the meeting day it announced."""

    __tablename__ = "digest_sent"

    id: int = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    meeting_on: date
    sent_at: datetime = Field(sa_type=UtcDateTime)
    figures: str
    replaces_id: int | None = Field(default=None, foreign_key="digest_sent.id")


class YearFigure(Record, table=True):
    """A figure that a yearly report printed, beside which the service shows what it counts itself."""

    __tablename__ = "year_figure"
    __table_args__ = (UniqueConstraint("partnership_id", "year", "name"),)

    id: int = Field(default=None, primary_key=True)
    partnership_id: int = Field(foreign_key="partnership.id")
    year: str = Field(max_length=7)
    name: str = Field(max_length=60)
    value: int
    source: str | None = None


class Theme(Record, table=True):
    """A subject that runs through reviews and actions: neglect, information sharing, early help.

    It is there for every partnership, unless one of them added it for itself.
    """

    id: int = Field(default=None, primary_key=True)
    code: str = Field(max_length=60, unique=True)
    label: str = Field(max_length=120)
    partnership_id: int | None = Field(default=None, foreign_key="partnership.id")


class ThemeRuling(Record, table=True):
    """What a partnership has decided about a theme: another name for it, into which one it is merged, its retirement.

    Actions and cases keep the theme they were given, so that a merge can be undone.
    """

    __tablename__ = "theme_ruling"
    __table_args__ = (UniqueConstraint("partnership_id", "theme_id"),)

    id: int = Field(default=None, primary_key=True)
    partnership_id: int = Field(foreign_key="partnership.id")
    theme_id: int = Field(foreign_key="theme.id")
    label: str | None = Field(default=None, max_length=120)
    into_id: int | None = Field(default=None, foreign_key="theme.id")
    retired_on: date | None = None


class ThemeWord(Record, table=True):
    """A name that a theme had in a partnership, under which it is still found."""

    __tablename__ = "theme_word"
    __table_args__ = (UniqueConstraint("partnership_id", "theme_id", "word"),)

    id: int = Field(default=None, primary_key=True)
    partnership_id: int = Field(foreign_key="partnership.id")
    theme_id: int = Field(foreign_key="theme.id")
    word: str = Field(max_length=120)


class Counter(Record, table=True):
    """The last number given out for a kind of reference; no number is ever given twice."""

    name: str = Field(primary_key=True, max_length=60)
    value: int


class CalendarEvent(Record, table=True):
    """A day of a partnership's year from which a clock runs: its last yearly report."""

    __tablename__ = "calendar_event"

    id: int = Field(default=None, primary_key=True)
    partnership_id: int = Field(foreign_key="partnership.id", index=True)
    name: str = Field(max_length=60)
    on: PartialDate = Field(sa_type=PartialDateText)


class CalendarFeed(Record, table=True):
    """An address under which somebody's calendar reads her meetings, until she ends it; kept as a digest only."""

    __tablename__ = "calendar_feed"

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    token_digest: str = Field(max_length=64, unique=True)
    made_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
