"""Where actions come from, in words: a case by its pseudonym for whoever may open it, and else only what it is."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Date, Integer, bindparam
from sqlmodel import Session, col, select

from tracker.actions.around import SourceRead
from tracker.among import among, listed
from tracker.cases.models import Case
from tracker.cases.queries import seen_by
from tracker.people.doer import Doer
from tracker.rows import Question
from workflows.action import REVIEW_SOURCES, SourceKind


class SourceShown(NamedTuple):
    """Where an action comes from in words; `case` and `reflection` only where the reader may open them."""

    words: str
    case: str | None
    more: str
    reflection: str | None


def pseudonyms_of(session: Session, references: Sequence[str | None], reader: Doer) -> Mapping[str, str]:
    """Give the pseudonyms of cases that the reader may open, by their references."""
    wanted = listed({reference for reference in references if reference})
    return dict(_PSEUDONYMS.rows(session, references=wanted, reader=reader.id, day=reader.day))


_PSEUDONYMS = Question(
    select(Case.reference, Case.pseudonym).where(
        among(col(Case.reference), "references"),
        seen_by(bindparam("reader", type_=Integer), bindparam("day", type_=Date)),
    )
)


def in_words(sources: Sequence[SourceRead], pseudonyms: Mapping[str, str]) -> list[SourceShown]:
    """Say where an action comes from; a case that the reader may not open is a review, and stands there once."""
    found: dict[SourceShown, None] = {}
    for source in sources:
        reference = source.case
        numbered = _numbered(source) if reference else ""
        which = source.words if source.kind == SourceKind.REFLECTION and source.words in _WHICH else None
        beside = f", {_said(source)}" if reference and source.kind not in _SAID_BY_THEIR_CASE else ""
        if reference and reference in pseudonyms:
            words = pseudonyms[reference]
        elif which:
            words, reference = "a reflection", None
        else:
            words, reference = "a review" if source.kind in REVIEW_SOURCES else _said(source), None
        found[SourceShown(words, reference, f"{numbered}{beside}", which if reference else None)] = None
    told = {one.case for one in found if one.case and one.more}
    return [one for one in found if one.more or one.reflection or one.case not in told]


_SAID_BY_THEIR_CASE = (*REVIEW_SOURCES, SourceKind.REFLECTION)
# Which of its reflections a case's gap comes from; other words name a reflection that stands alone.
_WHICH = ("6m", "12m", "update")


def _numbered(source: SourceRead) -> str:
    numbers = (("finding", source.finding), ("recommendation", source.recommendation))
    return "".join(f", {kind} {number}" for kind, number in numbers if number)


def _said(source: SourceRead) -> str:
    """Name a source that is no review: what it is, and which; what says itself what it is stands alone."""
    kind, words = SourceKind(source.kind), source.words
    if not words:
        return kind.words
    told = kind in (SourceKind.OUTSIDE_BODY, SourceKind.OTHER) or kind.value.split("_")[0] in words.casefold()
    return words if told else f"{kind.words.split(' or ')[0]}: {words}"
