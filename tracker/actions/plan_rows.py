"""The rows of a page of the plan, in its order: each as a list shows it, with the names of the cases it comes from."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Date, Integer, bindparam
from sqlmodel import Session, col, select

from tracker.actions.reading import read_these, row
from tracker.among import among, listed
from tracker.cases.models import Case
from tracker.cases.queries import seen_by
from tracker.cases.unnamed import barred_cases_named, without_references
from tracker.groups.queries import theme_labels
from tracker.people.doer import Doer
from tracker.rows import Question
from workflows.action import SourceKind

Row = dict[str, Any]


def plan_rows(session: Session, ids: Sequence[int], reader: Doer, now: datetime) -> list[Row]:
    """Give actions as rows, in the order of their ids here; the number of questions is the same for every page."""
    reads = {read.action.id: read for read in read_these(session, ids, reader, now)}
    rows = [row(reads[number]) | {"updated_on": reads[number].updated_on} for number in ids if number in reads]
    shown: list[Row] = without_references(rows, barred_cases_named(session, reader.id))
    labels = theme_labels(session)
    pseudonyms = pseudonyms_of(session, [one["case"] for row in shown for one in row["sources"]], reader)
    for one in shown:
        one["themes"] = [labels[code] for code in one["themes"]]
        one["sources"] = in_words(one["sources"], pseudonyms)
    return shown


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


def in_words(sources: Sequence[Row], pseudonyms: Mapping[str, str]) -> list[Row]:
    """Say where an action comes from; a case that the reader may not open is a review, and stands there once."""
    found: dict[str, Row] = {}
    for source in sources:
        reference = source["case"]
        numbered = f", recommendation {source['recommendation']}" if source["recommendation"] and reference else ""
        which = source["words"] if source["kind"] == SourceKind.REFLECTION else None
        if reference in pseudonyms:
            words = f"{pseudonyms[reference]}"
        elif which:
            words, reference = "a reflection", None
        else:
            words, reference = source["words"] or ("a review" if source["kind"] in _OF_CASES else _said(source)), None
        shown = {"words": words, "case": reference, "more": numbered, "reflection": which if reference else None}
        found.setdefault(f"{words}{reference}{numbered}{shown['reflection']}", shown)
    return list(found.values())


_OF_CASES = ("case", "recommendation", "finding")


def _said(source: Row) -> str:
    return f"{source['kind']}".replace("_", " ")
