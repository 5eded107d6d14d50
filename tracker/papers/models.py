"""Packs as they were frozen: what a meeting was shown, kept so that it can be shown again in years."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from tracker.database import UtcDateTime
from tracker.rows import Record


class Pack(Record, table=True):
    """The papers of a meeting as they were at a moment, whole; what a conflict hides is taken out when they are read.

    The first one of a meeting is its pack; later ones are its supplements. `contents` is JSON.
    """

    __table_args__ = (UniqueConstraint("meeting_id", "number"),)

    id: int = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id")
    number: int
    frozen_at: datetime = Field(sa_type=UtcDateTime)
    frozen_by_id: int | None = Field(default=None, foreign_key="person.id")
    contents: str
