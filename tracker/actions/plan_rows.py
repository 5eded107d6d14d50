"""The rows of a page of the plan, in its order: each as a list shows it, with the names of the cases it comes from."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from tracker.actions.models import Action
from tracker.actions.reading import read_actions, row
from tracker.cases.models import Case
from tracker.cases.queries import may_see_case
from tracker.cases.unnamed import barred_cases_named, without_references
from tracker.groups.models import Theme
from tracker.people.doer import Doer

Row = dict[str, Any]


def plan_rows(session: Session, ids: Sequence[int], reader: Doer, now: datetime) -> list[Row]:
    """Give actions as rows, in the order of their ids here; the number of questions is the same for every page."""
    reads = {read.action.id: read for read in read_actions(session, col(Action.id).in_(ids), reader=reader, now=now)}
    rows = [row(reads[number]) | {"updated_on": reads[number].updated_on} for number in ids if number in reads]
    shown: list[Row] = without_references(rows, barred_cases_named(session, reader.id))
    labels = dict(session.exec(select(Theme.code, Theme.label)).all())
    pseudonyms = pseudonyms_of(session, [one["case"] for row in shown for one in row["sources"]], reader)
    for one in shown:
        one["themes"] = [labels[code] for code in one["themes"]]
        one["sources"] = in_words(one["sources"], pseudonyms)
    return shown


def pseudonyms_of(session: Session, references: Sequence[str | None], reader: Doer) -> Mapping[str, str]:
    """Give the pseudonyms of cases that the reader may open, by their references."""
    wanted = {reference for reference in references if reference}
    question = select(Case.reference, Case.pseudonym).where(col(Case.reference).in_(wanted), may_see_case(reader))
    return dict(session.exec(question).all())


def in_words(sources: Sequence[Row], pseudonyms: Mapping[str, str]) -> list[Row]:
    """Say where an action comes from; a case that the reader may not open is a review, and stands there once."""
    found: dict[str, Row] = {}
    for source in sources:
        reference = source["case"]
        numbered = f", recommendation {source['recommendation']}" if source["recommendation"] and reference else ""
        if reference in pseudonyms:
            words = f"{pseudonyms[reference]}"
        else:
            words, reference = source["words"] or ("a review" if source["kind"] in _OF_CASES else _said(source)), None
        found.setdefault(f"{words}{reference}{numbered}", {"words": words, "case": reference, "more": numbered})
    return list(found.values())


_OF_CASES = ("case", "recommendation", "finding")


def _said(source: Row) -> str:
    return f"{source['kind']}".replace("_", " ")
