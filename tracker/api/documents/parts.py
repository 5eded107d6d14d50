"""What several documents share: dates as far as they are known, the history, holds, open tasks, problems."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Document(BaseModel):
    """What is promised of a document; it may have more, and a reader leaves alone what she does not know."""

    model_config = ConfigDict(extra="allow", defer_build=True)


KnownDate = Annotated[
    str,
    Field(
        pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$",
        description="A day, or its month or year where no more is known.",
        examples=["2020-12-17", "2020-12", "2020"],
    ),
]
Precision = Literal["day", "month", "year"]
Hour = Annotated[str, Field(pattern=r"^\d{2}:\d{2}$", description="London time.", examples=["10:00"])]
Count = Annotated[int, Field(ge=0)]


class Blocker(Document):
    """One thing that stands in the way, the deed that cures it, and the day from which it would do."""

    code: str
    sentence: str
    deed: str | None
    from_: date | None = Field(alias="from")


class Problem(Document):
    """Why something was not done (RFC 9457): `detail` is a sentence that says what to do. Nothing was changed."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    blockers: list[Blocker]
    open_steps: list[str]
    errors: dict[str, str]


class HistoryLine(Document):
    """What somebody did to a record; nobody's name stands beside what the service did by itself."""

    seq: int
    at: datetime
    by: str | None
    role: str | None
    deed: str
    what: str
    old: Any = None
    new: Any = None


class StandingHold(Document):
    """Why a record is on hold, since when, and when it is looked at again."""

    reason: str
    since: date
    look_again_on: date


class Hold(StandingHold):
    """A hold, also one that has ended, with the days it lasted."""

    until: date | None
    days: Count


class OpenTask(Document):
    """What waits for somebody on one record, and the deed that does it."""

    code: str
    deed: str
    sentence: str


class Figure(Document):
    """A number with the rows that were counted."""

    count: Count
    rows: list[dict[str, Any]]


class DigestOf(Document):
    """When the digest of a meeting is planned, when it went, and which one it replaces."""

    planned_at: datetime | None
    sent_at: datetime | None
    replaces: datetime | None
