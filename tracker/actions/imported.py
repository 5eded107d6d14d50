"""Rows of spreadsheets that became actions: the original words, and by what the same row is known again."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from tracker.database import UtcDateTime
from tracker.rows import Record


class ImportedRow(Record, table=True):
    """A row of a sheet as it stood, and the action that was made of it.

    The same row is known again by its review and its action's words, without blanks and case (`sameness`); where those
    were changed, by its reference within its sheet. `content` tells whether anything else was changed. `original` and
    `flags` are JSON.
    """

    __tablename__ = "imported_row"
    __table_args__ = (UniqueConstraint("case_id", "sameness"),)

    id: int = Field(default=None, primary_key=True)
    action_id: int = Field(foreign_key="action.id", index=True)
    case_id: int = Field(foreign_key="case_record.id")
    file: str = Field(max_length=200)
    sheet: str | None = Field(default=None, max_length=200)
    row: int
    ref: str | None = Field(default=None, max_length=200)
    sameness: str = Field(max_length=64)
    content: str = Field(max_length=64)
    original: str
    flags: str
    imported_at: datetime = Field(sa_type=UtcDateTime)
    imported_by_id: int = Field(foreign_key="person.id")
