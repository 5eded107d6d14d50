"""Cases and everything recorded about one before its review begins. No field anywhere for a child's name,
birth date, address or school: a case is a reference and a pseudonym."""

from datetime import date, datetime

from sqlalchemy import Column, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from tracker.database import PartialDateText, UtcDateTime, one_of
from tracker.rows import Record
from workflows.dates import PartialDate
from workflows.vocabulary import CaseStatus, ClockKind, Event


class Case(Record, table=True):
    """A serious child safeguarding case, or another source of learning that is followed like one."""

    __tablename__ = "case_record"
    __table_args__ = (
        one_of("status", [status.value for status in CaseStatus]),
        one_of("harm", ("death", "serious_harm", "other")),
        Index("ix_case_record_in_status", "partnership_id", "status"),
    )

    id: int = Field(default=None, primary_key=True)
    reference: str = Field(max_length=20, unique=True)
    partnership_id: int = Field(foreign_key="partnership.id")
    definition_id: int = Field(foreign_key="definition_version.id")
    kind: str = Field(max_length=60)
    status: str = Field(max_length=30, index=True)
    pseudonym: str = Field(max_length=60)
    public_label: str | None = Field(default=None, max_length=120)
    harm: str | None = Field(default=None, max_length=20)
    area: str | None = Field(default=None, max_length=120)
    criteria: str = Field(default="[]")
    summary: str | None = None
    year: str | None = Field(default=None, max_length=7)
    coordinator_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    loaded_id: str | None = Field(default=None, max_length=80, unique=True)
    loaded: str | None = None
    opened_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1


class CaseName(Record, table=True):
    """A name under which a case is found wherever one is asked for: file id, published label, alias; folded."""

    __tablename__ = "case_name"

    id: int = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_record.id", index=True)
    folded: str = Field(max_length=200, index=True)


class ContributingPartnership(Record, table=True):
    """Another partnership that contributes to a case which this one leads."""

    __tablename__ = "contributing_partnership"
    __table_args__ = (UniqueConstraint("case_id", "name"),)

    id: int = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_record.id")
    partnership_id: int | None = Field(default=None, foreign_key="partnership.id")
    name: str = Field(max_length=200)


class CaseTheme(Record, table=True):
    """A theme of a case."""

    __tablename__ = "case_theme"
    __table_args__ = (UniqueConstraint("case_id", "theme_id"),)

    id: int = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_record.id")
    theme_id: int = Field(foreign_key="theme.id", index=True)


class CaseEvent(Record, table=True):
    """A day on which something happened to a case; clocks are reckoned from these."""

    __tablename__ = "case_event"
    __table_args__ = (
        UniqueConstraint("case_id", "name"),
        one_of("name", [event.value for event in Event]),
    )

    id: int = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_record.id")
    name: str = Field(max_length=60)
    on: PartialDate = Field(sa_type=PartialDateText)
    note: str | None = None


class Clock(Record, table=True):
    """A clock of a case with the length it began with; what it shows today is reckoned, never stored (K8)."""

    __table_args__ = (
        UniqueConstraint("case_id", "code"),
        one_of("kind", [kind.value for kind in ClockKind]),
        one_of("unit", ("working_days", "days", "weeks", "months", "years")),
        one_of("direction", ("after", "before")),
    )

    id: int = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_record.id")
    code: str = Field(max_length=60)
    name: str = Field(max_length=120)
    kind: str = Field(max_length=10)
    amount: int
    unit: str = Field(max_length=12)
    direction: str = Field(default="after", max_length=6)
    start: PartialDate = Field(sa_type=PartialDateText)
    original_due: PartialDate = Field(sa_type=PartialDateText)
    due: PartialDate = Field(sa_type=PartialDateText)
    met_on: PartialDate | None = Field(default=None, sa_type=PartialDateText)
    stopped_on: date | None = None
    stopped_why: str | None = None


class AgencyReturn(Record, table=True):
    """What an agency was asked to send about a case, and when it came."""

    __tablename__ = "agency_return"
    __table_args__ = (UniqueConstraint("case_id", "agency_id"),)

    id: int = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_record.id")
    agency_id: int = Field(foreign_key="agency.id")
    asked_on: date
    due_on: date
    returned_on: PartialDate | None = Field(default=None, sa_type=PartialDateText)


class Hold(Record, table=True):
    """A time during which a case waits for something outside; it never ends by itself (K14)."""

    id: int = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_record.id", index=True)
    reason: str
    since: date
    look_again_on: date
    until: date | None = None
    revised_due_on: date | None = None


class DelayNotice(Record, table=True):
    """That the national Panel or the Secretary of State was told that a review will be late."""

    __tablename__ = "delay_notice"

    id: int = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_record.id", index=True)
    on: PartialDate = Field(sa_type=PartialDateText)
    to: str = Field(max_length=60)


class Conflict(Record, table=True):
    """A declared conflict of interest: it beats every role."""

    id: int = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_record.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    reason: str
    since: date
    until: date | None = None


class CaseAccess(Record, table=True):
    """That a person is named on a case and may open it, from when until when."""

    __tablename__ = "case_access"

    id: int = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_record.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    reason: str
    since: date
    until: date | None = None


class Reading(Record, table=True):
    """That somebody opened a record."""

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    about: str = Field(max_length=60, index=True)
    at: datetime = Field(sa_type=UtcDateTime)


class Intent(Record, table=True):
    """A deed that was asked for under an id of the asker's: repeated, it answers as the first time."""

    __table_args__ = (UniqueConstraint("person_id", "intent"),)

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    intent: str = Field(max_length=100)
    deed: str = Field(max_length=60)
    asked: str
    answer: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    at: datetime = Field(sa_type=UtcDateTime)
