"""Which reminders were put into the post, which of a day's work is done, and whether the post is held."""

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


class JobSlot(Record, table=True):
    """A piece of work that is done once, such as the reminders of a partnership's morning, and that it is done."""

    __tablename__ = "job_slot"

    job: str = Field(primary_key=True, max_length=60)
    slot: str = Field(primary_key=True, max_length=40)
    done_at: datetime = Field(sa_type=UtcDateTime)


class JobRun(Record, table=True):
    """When a job ran last, on whatever machine, and since when it fails if it does."""

    __tablename__ = "job_run"

    job: str = Field(primary_key=True, max_length=60)
    began_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    failing_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    fault: str | None = Field(default=None, max_length=500)


class PostHold(Record, table=True):
    """A time in which nothing goes, as after a backup was brought back, until a person releases the post."""

    __tablename__ = "post_hold"

    id: int = Field(default=None, primary_key=True)
    since: datetime = Field(sa_type=UtcDateTime)
    reason: str = Field(max_length=200)
    released_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    released_by_id: int | None = Field(default=None, foreign_key="person.id")
