"""The cases that a pack puts before the body that decides, each with the paper on what is recommended."""

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from tracker.cases.decision_models import NationalPanelResponse, PanelRecommendation
from tracker.cases.models import Case
from tracker.papers.pack_items import day_words, item, pressing_dates
from workflows.dates import uk_date
from workflows.deadlines import counted
from workflows.vocabulary import PanelResponse

Document = dict[str, Any]
Paper = TypeVar("Paper", PanelRecommendation, NationalPanelResponse)

# Each with what is wanted, and the title where nothing is recommended.
_DECISIONS = {
    "for_decision": ("Decide whether and how to review the case", "For decision"),
    "ratifications_open": ("The partners’ answers to the decision", "To be ratified by the partners"),
    "in_resolution": ("The end of the resolution process", "In resolution"),
}
_TITLES = {"review": "The panel recommends a review", "no_review": "The panel recommends no review"}


def decisions(session: Session, figures: Document) -> list[Document]:
    """Give the cases that wait for the body: to be decided, to be ratified, in resolution; with what is recommended."""
    rows = [(code, row) for code in _DECISIONS for row in figures["cases"][code]["rows"]]
    references = [row["reference"] for _, row in rows]
    panels = _newest(session, PanelRecommendation, references)
    nationals = _newest(session, NationalPanelResponse, references)
    return [
        _decision(code, row, figures, panels.get(row["reference"]), nationals.get(row["reference"]))
        for code, row in rows
    ]


def _decision(
    code: str,
    row: Document,
    figures: Document,
    panel: PanelRecommendation | None,
    national: NationalPanelResponse | None,
) -> Document:
    wanted, title = _DECISIONS[code]
    if code == "for_decision" and panel is not None:
        title = _TITLES[panel.outcome]
    answered = f"{row['answered']} of {counted(row['partners'], 'partners')} answered" if "partners" in row else None
    facts = [
        ("Wanted", wanted),
        ("Waiting", f"{counted(row['age_days'], 'days')}, since {day_words(row['since'])}"),
        ("Dates at risk", pressing_dates(figures, row["reference"])),
        ("Partners", answered),
        *_of_the_panel(panel),
        *_of_the_national_panel(national),
    ]
    state = f"{title}, {answered}" if answered else title
    return item(f"decision {row['reference']}", row["reference"], title, facts, state=state)


def _newest(session: Session, model: type[Paper], references: Sequence[str]) -> dict[str, Paper]:
    """Give the newest paper of a kind on each case: one that was sent back has two recommendations."""
    question = (
        select(Case.reference, model)
        .join(model, col(model.case_id) == Case.id)
        .where(col(Case.reference).in_(references))
        .order_by(col(model.id))
    )
    return dict(session.exec(question).all())


def _of_the_panel(panel: PanelRecommendation | None) -> list[tuple[str, str | None]]:
    if panel is None:
        return []
    when = f", on {uk_date(panel.on)}" if panel.on else ""
    return [
        ("The panel recommends", f"{'A review' if panel.outcome == 'review' else 'No review'}{when}"),
        ("Its reasons", panel.reason),
        ("Immediate learning", panel.immediate_learning),
    ]


def _of_the_national_panel(national: NationalPanelResponse | None) -> list[tuple[str, str | None]]:
    if national is None:
        return []
    words = PanelResponse(national.kind).words + (f", on {uk_date(national.on)}" if national.on else "")
    return [("The national Panel", f"{words}: {national.text}" if national.text else words)]
