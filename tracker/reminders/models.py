"""Which reminders were put into the post: each once for its subject, its person and the version of its date."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from tracker.database import UtcDateTime
from tracker.rows import Record


class RungTold(Record, table=True):
    """A rung that a person was told of: about what, by which name, of which version of the date."""

    __tablename__ = "rung_told"
    __table_args__ = (UniqueConstraint("about", "person_id", "version", "name"),)

    id: int = Field(default=None, primary_key=True)
    about: str = Field(max_length=60)
    person_id: int = Field(foreign_key="person.id", index=True)
    version: str = Field(max_length=20)
    name: str = Field(max_length=20)
    day: date
    told_at: datetime = Field(sa_type=UtcDateTime)
