"""Pairs of actions that look alike, what people decided on them, and by which words like ones are found."""

from datetime import datetime

from sqlalchemy import Index, Integer, UniqueConstraint
from sqlmodel import Field

from tracker.database import UtcDateTime, one_of
from tracker.rows import Record

ANSWERS = ("joined", "split", "linked", "not_alike")


class ActionPair(Record, table=True):
    """Two actions of a partnership, the older one first: found to look alike, or decided on.

    `answer` is empty until somebody decides; what was decided is kept for good. `score` is in hundredths.
    """

    __tablename__ = "action_pair"
    __table_args__ = (
        UniqueConstraint("one_id", "other_id"),
        Index("ix_action_pair_in_order", "partnership_id", "answer", "score", "id"),
        one_of("answer", ANSWERS),
    )

    id: int = Field(default=None, primary_key=True)
    partnership_id: int = Field(foreign_key="partnership.id")
    one_id: int = Field(foreign_key="action.id")
    other_id: int = Field(foreign_key="action.id", index=True)
    score: int = 0
    answer: str | None = Field(default=None, max_length=10)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_by_id: int | None = Field(default=None, foreign_key="person.id")
    reason: str | None = None


class ActionJoin(Record, table=True):
    """An action that was joined into another; `undone` is JSON by which a split gives back what was before.

    It stands until `split_at`.
    """

    __tablename__ = "action_join"
    __table_args__ = (Index("ix_action_join_gone", "gone_id", "split_at"),)

    id: int = Field(default=None, primary_key=True)
    gone_id: int = Field(foreign_key="action.id")
    kept_id: int = Field(foreign_key="action.id", index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    by_id: int = Field(foreign_key="person.id")
    reason: str
    undone: str
    split_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ActionWord(Record, table=True):
    """A word of an action, as a number: by it the actions that share words are found without reading any other."""

    __tablename__ = "action_word"
    __table_args__ = (Index("ix_action_word_action_id", "action_id"),)

    partnership_id: int = Field(foreign_key="partnership.id", primary_key=True)
    word: int = Field(primary_key=True, sa_type=Integer)
    action_id: int = Field(foreign_key="action.id", primary_key=True)
