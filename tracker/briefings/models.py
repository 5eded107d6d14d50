"""Seven-minute briefings: the draft of a case, and the versions that were approved."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from tracker.database import UtcDateTime
from tracker.rows import Record


class Briefing(Record, table=True):
    """The words of one briefing: a draft without a number, or an approved version, which never changes.

    `learning_from`: what the sheet said, when it was approved, of the review that it comes from.
    """

    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: int = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_record.id", index=True)
    # The case while this is its draft, nothing once it is approved: so that no case has two drafts.
    draft_of_id: int | None = Field(default=None, foreign_key="case_record.id", unique=True)
    number: int | None = None
    texts: str = "{}"
    learning_from: str | None = None
    written_by_id: int = Field(foreign_key="person.id")
    written_at: datetime = Field(sa_type=UtcDateTime)
    approved_by_id: int | None = Field(default=None, foreign_key="person.id")
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
