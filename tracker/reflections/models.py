"""Reflections: months later, has the learning been embedded? And what is remarked on them and on the briefing."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from tracker.database import PartialDateText, UtcDateTime, one_of
from tracker.rows import Record
from workflows.dates import PartialDate


class Reflection(Record, table=True):
    """A six-month or one-year reflection, or an update report, on a case."""

    __table_args__ = (
        UniqueConstraint("case_id", "which"),
        one_of("which", ("6m", "12m", "update")),
    )

    id: int = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_record.id")
    which: str = Field(max_length=10)
    on: PartialDate = Field(sa_type=PartialDateText)


class ReflectionAnswer(Record, table=True):
    """Where one recommendation or action stands; a gap makes an action."""

    __tablename__ = "reflection_answer"
    __table_args__ = (one_of("answer", ("embedded", "in_progress", "gap")),)

    id: int = Field(default=None, primary_key=True)
    reflection_id: int = Field(foreign_key="reflection.id", index=True)
    recommendation_id: int | None = Field(default=None, foreign_key="recommendation.id")
    action_id: int | None = Field(default=None, foreign_key="action.id")
    answer: str = Field(max_length=12)
    text: str | None = None
    gap_action_id: int | None = Field(default=None, foreign_key="action.id")


class LearningSession(Record, table=True):
    """The session that follows a report, and how many came from where."""

    __tablename__ = "learning_session"

    id: int = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_record.id", index=True)
    on: PartialDate = Field(sa_type=PartialDateText)
    attendance: str = Field(default="{}")


class Comment(Record, table=True):
    """What somebody remarked on the briefing of a case or on a reflection; never changed."""

    __tablename__ = "case_comment"
    __table_args__ = (one_of("about", ("briefing", "6m", "12m", "update")),)

    id: int = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_record.id", index=True)
    about: str = Field(max_length=10)
    text: str
    person_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)
