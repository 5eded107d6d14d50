"""Reviews: the work that a decision asked for, who leads it, and what it found."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from tracker.database import one_of
from tracker.rows import Record


class Review(Record, table=True):
    """A review of one or several cases; numbers *stated* by its report stand apart from what is recorded here."""

    id: int = Field(default=None, primary_key=True)
    kind: str = Field(max_length=60)
    findings_stated: int | None = None
    recommendations_stated: int | None = None
    impact: str = Field(default="[]")
    measures: str = Field(default="[]")
    scrutiny_areas: str = Field(default="[]")


class ReviewCase(Record, table=True):
    """That a review answers a case; one may answer several, and a case may have several."""

    __tablename__ = "review_case"
    __table_args__ = (UniqueConstraint("review_id", "case_id"),)

    id: int = Field(default=None, primary_key=True)
    review_id: int = Field(foreign_key="review.id")
    case_id: int = Field(foreign_key="case_record.id", index=True)


class Lead(Record, table=True):
    """Who leads a method, at which level, and what was declared about independence; ended when that lapses."""

    __tablename__ = "method_lead"
    __table_args__ = (
        one_of("level", ("senior", "operational")),
        one_of("involvement", ("none", "direct", "not_known")),
    )

    id: int = Field(default=None, primary_key=True)
    method_id: int = Field(foreign_key="method_work.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    name: str = Field(max_length=200)
    agency: str | None = Field(default=None, max_length=200)
    level: str | None = Field(default=None, max_length=12)
    involvement: str | None = Field(default=None, max_length=10)
    declaration: str | None = None
    appointed_on: date | None = None
    ended_on: date | None = None
    ended_why: str | None = None


class Finding(Record, table=True):
    """What a review found."""

    __table_args__ = (UniqueConstraint("review_id", "number"),)

    id: int = Field(default=None, primary_key=True)
    review_id: int = Field(foreign_key="review.id")
    number: int
    text: str
    themes: str = Field(default="[]")


class Recommendation(Record, table=True):
    """What a review recommends; one without an action is a gap."""

    __table_args__ = (UniqueConstraint("review_id", "number"),)

    id: int = Field(default=None, primary_key=True)
    review_id: int = Field(foreign_key="review.id")
    number: int
    text: str
    addressee: str | None = Field(default=None, max_length=200)
    themes: str = Field(default="[]")
    # The numbers of the findings that it answers, as JSON.
    findings: str | None = None
