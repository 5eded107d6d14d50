"""How the learning of a case was passed on, as it is answered: the briefing, the reflections, the comments."""

from datetime import date, datetime

from tracker.api.documents.parts import Document, KnownDate


class BriefingDraft(Document):
    """A briefing that is being written: its title and boxes, and who saved it when."""

    texts: dict[str, str]
    by: str
    at: datetime


class Briefing(Document):
    """The newest version of the seven-minute briefing, as far as one was approved, and the draft of the next."""

    version: int | None
    approved_on: date | None
    approved_by: str | None
    texts: dict[str, str] | None
    draft: BriefingDraft | None


class ReflectionAnswer(Document):
    """Where one recommendation (by its number) or action stood at a reflection; a gap made an action."""

    of: str
    answer: str
    text: str | None
    action: str | None


class Reflection(Document):
    """A reflection that was held, or an update report, with its answers."""

    which: str
    on: KnownDate
    answers: list[ReflectionAnswer]


class Comment(Document):
    """What somebody remarked on the briefing or on a reflection."""

    about: str
    text: str
    by: str
    at: datetime
