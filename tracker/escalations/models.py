"""Escalations: what a group asks of the body above it, and what that answers."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from tracker.database import PartialDateText, UtcDateTime, one_of
from tracker.rows import Record
from workflows.dates import PartialDate
from workflows.escalation import Answer, EscalationStatus


class Escalation(Record, table=True):
    """A question of a group to the body above it; it waits until that answers, however long."""

    __table_args__ = (one_of("status", [status.value for status in EscalationStatus]),)

    id: int = Field(default=None, primary_key=True)
    reference: str = Field(max_length=20, unique=True)
    partnership_id: int = Field(foreign_key="partnership.id", index=True)
    group_id: int = Field(foreign_key="partnership_group.id", index=True)
    level_id: int = Field(foreign_key="partnership_group.id")
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id")
    title: str = Field(max_length=100)
    ask: str
    why: str | None = None
    urgency: str | None = Field(default=None, max_length=20)
    status: str = Field(default=EscalationStatus.WAITING, max_length=10, index=True)
    raised_on: date
    raised_by_id: int = Field(foreign_key="person.id")
    deferred_until: date | None = None
    review_on: date | None = None
    told_on: date | None = None
    withdrawn_on: date | None = None
    withdrawn_why: str | None = None
    version: int = 1


class EscalationAbout(Record, table=True):
    """A case or an action that an escalation is about."""

    __tablename__ = "escalation_about"

    id: int = Field(default=None, primary_key=True)
    escalation_id: int = Field(foreign_key="escalation.id", index=True)
    case_id: int | None = Field(default=None, foreign_key="case_record.id", index=True)
    action_id: int | None = Field(default=None, foreign_key="action.id", index=True)


class EscalationResponse(Record, table=True):
    """What the body above answered, on which day, and what will happen by when."""

    __tablename__ = "escalation_response"
    __table_args__ = (one_of("answer", [answer.value for answer in Answer]),)

    id: int = Field(default=None, primary_key=True)
    escalation_id: int = Field(foreign_key="escalation.id", index=True)
    on: PartialDate = Field(sa_type=PartialDateText)
    at: datetime = Field(sa_type=UtcDateTime)
    person_id: int = Field(foreign_key="person.id")
    answer: str = Field(max_length=20)
    text: str | None = None
    by_whom: str | None = Field(default=None, max_length=200)
    by_when: PartialDate | None = Field(default=None, sa_type=PartialDateText)
    until: date | None = None


class EscalationStep(Record, table=True):
    """That an escalation was passed up: the path it took stays visible."""

    __tablename__ = "escalation_step"
    __table_args__ = (UniqueConstraint("escalation_id", "to_group_id"),)

    id: int = Field(default=None, primary_key=True)
    escalation_id: int = Field(foreign_key="escalation.id")
    from_group_id: int = Field(foreign_key="partnership_group.id")
    to_group_id: int = Field(foreign_key="partnership_group.id")
    on: date
    reason: str


class Rule(StrEnum):
    """A rule by which the service proposes to a person that something is escalated."""

    RED_ACTION = "red_action"
    MISSED_CLOCK = "missed_clock"


class EscalationRuling(Record, table=True):
    """That a proposal to escalate was dismissed: for good, or until what it came from happens again."""

    __tablename__ = "escalation_ruling"
    __table_args__ = (one_of("rule", [rule.value for rule in Rule]),)

    id: int = Field(default=None, primary_key=True)
    partnership_id: int = Field(foreign_key="partnership.id", index=True)
    rule: str = Field(max_length=20)
    action_id: int | None = Field(default=None, foreign_key="action.id")
    case_id: int | None = Field(default=None, foreign_key="case_record.id")
    occurrence: str = Field(max_length=60)
    for_good: bool = False
    reason: str
    at: datetime = Field(sa_type=UtcDateTime)
    person_id: int = Field(foreign_key="person.id")
