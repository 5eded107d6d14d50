"""A partnership's year as `show year` prints it: what the service counts beside what the yearly report printed."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from tracker.errors import NotFound
from tracker.groups.models import YearFigure
from tracker.groups.queries import partnership_by_code
from tracker.papers.year import counted_figures
from tracker.people.doer import Doer
from tracker.people.roles import Role
from tracker.showing.meeting import READ_PAPERS

Document = dict[str, Any]


def year_document(session: Session, reference: str, reader: Doer | None, now: datetime) -> Document:
    """Give the figures of a year, like `thscp/2020-21`; what cannot be counted here is only loaded."""
    code, _, year = reference.partition("/")
    partnership = partnership_by_code(session, code)
    readers = {*READ_PAPERS, Role.ADMIN}
    if reader is not None and not reader.roles_in(partnership.id) & readers:
        raise NotFound(f"There are no figures for {reference} that you can open. Ask the business unit.")
    try:
        counted = counted_figures(session, partnership, year, None if reader is None else reader.id)
    except ValueError:
        raise NotFound(f"There is no year {year!r}. Write it like {partnership.code}/2020-21.") from None
    question = select(YearFigure).where(YearFigure.partnership_id == partnership.id, YearFigure.year == year)
    loaded = {row.name: row for row in session.exec(question.order_by(col(YearFigure.id)))}
    figures: dict[str, Document] = {name: {"counted": number} for name, number in counted.items()}
    for name, row in loaded.items():
        figures.setdefault(name, {"counted": None})["loaded"] = row.value
    return {
        "reference": f"{partnership.code}/{year}",
        "partnership": partnership.code,
        "year": year,
        "from": f"{year[:4]}-04-01",
        "to": f"{int(year[:4]) + 1}-03-31",
        "figures": figures,
        "begun_against_advice": figures["begun_against_advice"],
    }
