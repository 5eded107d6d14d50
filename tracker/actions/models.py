"""Actions: one combined plan over all reviews, with many sources, updates, evidence and impact."""

from datetime import date, datetime

from sqlalchemy import Column, Computed, Index, String, UniqueConstraint
from sqlmodel import Field

from tracker.database import PartialDateText, UtcDateTime, one_of
from tracker.rows import Record
from workflows.action import OPEN_STATUSES, ActionStatus, Level, Report, SourceKind, TimescaleKind
from workflows.dates import PartialDate

_OPEN = ", ".join(f"'{status.value}'" for status in OPEN_STATUSES)
# A month stands after its days and a year after its months (K5), and every date is as long as every other.
DUE_IN_ORDER = "substr(due || '-99-99', 1, 10)"
_OPEN_BY = f"CASE WHEN status IN ({_OPEN}) THEN coalesce({DUE_IN_ORDER}, '9999-99-99') END"


class Action(Record, table=True):
    """Something that somebody has to do by a date; red, amber and overdue are reckoned, never stored (K8).

    While an update waits to be checked, `report_before` is the report that counted until then. The database itself
    keeps `open_by`: when an open action is due, as it sorts and compares dates; nothing for one that is not open.
    """

    __table_args__ = (
        Index("ix_action_open_of_agency", "agency_id", "open_by", "id", "timescale_kind", "partnership_id"),
        Index("ix_action_goes_on", "timescale_kind", "review_on", "id", "open_by"),
        # All that the counts by colour look at of an action.
        Index(
            "ix_action_open",
            *("open_by", "id", "partnership_id", "timescale_kind", "report", "report_before"),
            *("status", "asked_on", "answered_on", "agency_id", "owner_id"),
        ),
        one_of("status", [status.value for status in ActionStatus]),
        one_of("report", [report.value for report in Report]),
        one_of("report_before", [report.value for report in Report]),
        one_of("level", [level.value for level in Level]),
        one_of("timescale_kind", [kind.value for kind in TimescaleKind]),
    )

    id: int = Field(default=None, primary_key=True)
    reference: str = Field(max_length=20, unique=True)
    partnership_id: int = Field(foreign_key="partnership.id", index=True)
    title: str | None = Field(default=None, max_length=100)
    text: str
    status: str = Field(default=ActionStatus.PLANNED, max_length=20, index=True)
    report: str | None = Field(default=None, max_length=10)
    report_before: str | None = Field(default=None, max_length=10)
    level: str = Field(default=Level.SINGLE_AGENCY, max_length=14)
    agency_id: int | None = Field(default=None, foreign_key="agency.id", index=True)
    agency_name: str | None = Field(default=None, max_length=200)
    outside_body: str | None = Field(default=None, max_length=200, index=True)
    asked_on: PartialDate | None = Field(default=None, sa_type=PartialDateText)
    answered_on: PartialDate | None = Field(default=None, sa_type=PartialDateText)
    answer: str | None = None
    # No foreign key: to add one, SQLite would copy the table, and with it a column that it reckons itself.
    group_id: int | None = Field(default=None, index=True)
    owner_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    owner_since: date | None = None
    timescale_kind: str = Field(default=TimescaleKind.DATE, max_length=10)
    timescale_words: str | None = Field(default=None, max_length=200)
    every: str | None = Field(default=None, max_length=30)
    rhythm_from: PartialDate | None = Field(default=None, sa_type=PartialDateText)
    due: PartialDate | None = Field(default=None, sa_type=PartialDateText, index=True)
    first_due: PartialDate | None = Field(default=None, sa_type=PartialDateText)
    open_by: str | None = Field(default=None, sa_column=Column(String(10), Computed(_OPEN_BY, persisted=True)))
    due_version: int = 1
    review_on: PartialDate | None = Field(default=None, sa_type=PartialDateText, index=True)
    success_measure: str | None = None
    baseline: str | None = None
    made_on: date
    completed_on: PartialDate | None = Field(default=None, sa_type=PartialDateText)
    ended_why: str | None = None
    loaded_id: str | None = Field(default=None, max_length=80, unique=True)
    version: int = 1


class ActionSource(Record, table=True):
    """Where an action comes from: an action may have many sources, and keeps every one."""

    __tablename__ = "action_source"
    __table_args__ = (
        one_of("kind", [kind.value for kind in SourceKind]),
        Index("ix_action_source_of_action", "action_id", "case_id"),
    )

    id: int = Field(default=None, primary_key=True)
    action_id: int = Field(foreign_key="action.id")
    kind: str = Field(max_length=20)
    case_id: int | None = Field(default=None, foreign_key="case_record.id", index=True)
    recommendation_id: int | None = Field(default=None, foreign_key="recommendation.id", index=True)
    finding_id: int | None = Field(default=None, foreign_key="finding.id")
    words: str | None = Field(default=None, max_length=200)


class ActionHelper(Record, table=True):
    """Somebody who helps the owner of an action."""

    __tablename__ = "action_helper"
    __table_args__ = (UniqueConstraint("action_id", "person_id"),)

    id: int = Field(default=None, primary_key=True)
    action_id: int = Field(foreign_key="action.id")
    person_id: int = Field(foreign_key="person.id", index=True)


class ActionTheme(Record, table=True):
    """A theme of an action."""

    __tablename__ = "action_theme"
    __table_args__ = (UniqueConstraint("action_id", "theme_id"),)

    id: int = Field(default=None, primary_key=True)
    action_id: int = Field(foreign_key="action.id")
    theme_id: int = Field(foreign_key="theme.id", index=True)


class ActionDate(Record, table=True):
    """A date in the life of an action beside the one that stands.

    `several`: one of its dates (`2008 & 2011`); `round`: a date of a rhythm that was met; `moved`: the date to which it
    was moved and why; `reopened`: the date that it had while it was taken for complete. `met_on` is the day on which
    it was done, `person_id` who recorded it, `agreed_with` who else agreed it, in words.
    """

    __tablename__ = "action_date"
    __table_args__ = (one_of("kind", ("several", "moved", "round", "reopened")),)

    id: int = Field(default=None, primary_key=True)
    action_id: int = Field(foreign_key="action.id", index=True)
    kind: str = Field(max_length=10)
    due: PartialDate | None = Field(default=None, sa_type=PartialDateText)
    met_on: PartialDate | None = Field(default=None, sa_type=PartialDateText)
    reason: str | None = None
    agreed_with: str | None = Field(default=None, max_length=200)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)


class ActionUpdate(Record, table=True):
    """What an owner reported; somebody other than the owner accepts or queries it."""

    __tablename__ = "action_update"
    __table_args__ = (
        one_of("report", [report.value for report in Report]),
        Index("ix_action_update_state", "state", "action_id"),
        one_of("state", ("sent", "accepted", "queried", "replaced")),
    )

    id: int = Field(default=None, primary_key=True)
    action_id: int = Field(foreign_key="action.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)
    report: str = Field(max_length=10)
    text: str | None = None
    expected_on: PartialDate | None = Field(default=None, sa_type=PartialDateText)
    state: str = Field(default="sent", max_length=10)


class Acceptance(Record, table=True):
    """What somebody other than the owner said to an update: accepted, or queried and why."""

    __table_args__ = (one_of("answer", ("accepted", "queried")),)

    id: int = Field(default=None, primary_key=True)
    update_id: int = Field(foreign_key="action_update.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)
    answer: str = Field(max_length=10)
    reason: str | None = None


class Evidence(Record, table=True):
    """What shows that an action is done, with its own date, who looked at it, and when it goes stale.

    It is said in words, or it is a file: then the words are the file's name.
    """

    id: int = Field(default=None, primary_key=True)
    action_id: int = Field(foreign_key="action.id", index=True)
    update_id: int | None = Field(default=None, foreign_key="action_update.id", index=True)
    text: str
    file_id: int | None = Field(default=None, foreign_key="stored_file.id")
    on: PartialDate | None = Field(default=None, sa_type=PartialDateText)
    given_by_id: int | None = Field(default=None, foreign_key="person.id")
    looked_at_by_id: int | None = Field(default=None, foreign_key="person.id")
    stale_on: date | None = None


class Impact(Record, table=True):
    """What changed for children because of an action, and how that is known."""

    id: int = Field(default=None, primary_key=True)
    action_id: int = Field(foreign_key="action.id", index=True)
    on: date | None = None
    text: str
    measure: str | None = None
    embedded: bool = False


class ActionHold(Record, table=True):
    """A time during which an action waits; it never ends by itself (K14)."""

    __tablename__ = "action_hold"

    id: int = Field(default=None, primary_key=True)
    action_id: int = Field(foreign_key="action.id", index=True)
    reason: str
    since: date
    look_again_on: date
    until: date | None = None
