"""Spreadsheets of actions: rows that became actions, what headings mean, and files that are not stored yet."""

from datetime import datetime

from sqlalchemy import Column, LargeBinary, UniqueConstraint
from sqlmodel import Field

from tracker.database import UtcDateTime
from tracker.rows import Record


class ImportedRow(Record, table=True):
    """A row of a sheet as it stood, and the action that was made of it.

    The same row is known again by its review and its action's words, without blanks and case (`sameness`); where those
    were changed, by its reference within its sheet. `content` tells whether anything else was changed. `original` and
    `flags` are JSON. A row of our own plan may come from no review. `refused_content` is what it said when somebody did
    not want a change of it: the same is not proposed again.
    """

    __tablename__ = "imported_row"
    __table_args__ = (UniqueConstraint("case_id", "sameness"),)

    id: int = Field(default=None, primary_key=True)
    action_id: int = Field(foreign_key="action.id", index=True)
    case_id: int | None = Field(default=None, foreign_key="case_record.id")
    file: str = Field(max_length=200)
    sheet: str | None = Field(default=None, max_length=200)
    row: int
    ref: str | None = Field(default=None, max_length=200)
    sameness: str = Field(max_length=64)
    content: str = Field(max_length=64)
    refused_content: str | None = Field(default=None, max_length=64)
    original: str
    flags: str
    imported_at: datetime = Field(sa_type=UtcDateTime)
    imported_by_id: int = Field(foreign_key="person.id")


class ImportMapping(Record, table=True):
    """What a partnership's coordinator chose the headings of a sheet to mean; `chosen` is JSON.

    `headings` is the same for sheets with the same headings, in whatever order.
    """

    __tablename__ = "import_mapping"
    __table_args__ = (UniqueConstraint("partnership_id", "headings"),)

    id: int = Field(default=None, primary_key=True)
    partnership_id: int = Field(foreign_key="partnership.id")
    headings: str = Field(max_length=64)
    chosen: str
    made_at: datetime = Field(sa_type=UtcDateTime)
    made_by_id: int = Field(foreign_key="person.id")


class ImportDraft(Record, table=True):
    """A file that somebody sent and has not stored yet, with what she decided about it; nobody else sees it.

    `lines` is what was read of it, packed; once it is stored, its `report` takes that place. `chosen` (what headings
    mean) and `decided` (what is left out or taken over) are JSON.
    """

    __tablename__ = "import_draft"

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    partnership_id: int | None = Field(default=None, foreign_key="partnership.id")
    name: str = Field(max_length=200)
    lines: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    report: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    fingerprint: str = Field(max_length=64)
    chosen: str = "{}"
    decided: str = "{}"
    copy_of: str = Field(default="", max_length=200)
    made_at: datetime = Field(sa_type=UtcDateTime, index=True)
    version: int = 1
