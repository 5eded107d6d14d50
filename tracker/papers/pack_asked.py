"""What the body that decides is asked in a pack: the cases to decide with their papers, and the escalation tracker."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from tracker.cases.decision_models import NationalPanelResponse, PanelRecommendation
from tracker.cases.models import Case
from tracker.escalations.models import Escalation, EscalationResponse
from tracker.escalations.queries import newest_settling, references_about
from tracker.papers.pack_items import day_words, item
from tracker.people.models import Person
from workflows.dates import uk_date
from workflows.deadlines import counted
from workflows.escalation import Answer

Document = dict[str, Any]

# A tracker that is longer has the questions by their titles alone: it stays a table that can be looked through.
MOST_WITH_WORDS = 100


def decisions(session: Session, figures: Document) -> list[Document]:
    """Give the cases that wait for the body: to be decided, to be ratified, in resolution; with what is recommended."""
    rows = [(wanted, row) for code, wanted in _DECISIONS.items() for row in figures["cases"][code]["rows"]]
    recommended = _recommended(session, [row["reference"] for _, row in rows])
    return [
        item(
            f"decision {row['reference']}",
            row["reference"],
            "",
            [
                ("Wanted", wanted),
                ("Waiting", f"{counted(row['age_days'], 'days')}, since {day_words(row['since'])}"),
                ("Partners", _answered(row)),
                *recommended.get(row["reference"], []),
            ],
            state=wanted,
        )
        for wanted, row in rows
    ]


def _answered(row: Document) -> str | None:
    return f"{row['answered']} of {counted(row['partners'], 'partners')} answered" if "partners" in row else None


_DECISIONS = {
    "for_decision": "A decision on the case",
    "ratifications_open": "The partners' answers",
    "in_resolution": "The end of the resolution process",
}


def _recommended(session: Session, references: Sequence[str]) -> dict[str, list[tuple[str, str | None]]]:
    """Give what the panel recommends of cases and what the national Panel said, for their recommendation papers."""
    named = col(Case.reference).in_(references)
    panels = session.exec(
        select(Case.reference, PanelRecommendation)
        .join(PanelRecommendation, col(PanelRecommendation.case_id) == Case.id)
        .where(named)
        .order_by(col(PanelRecommendation.id))
    )
    nationals = session.exec(
        select(Case.reference, NationalPanelResponse)
        .join(NationalPanelResponse, col(NationalPanelResponse.case_id) == Case.id)
        .where(named)
        .order_by(col(NationalPanelResponse.id))
    )
    # The newest of each counts: a case that was sent back has two.
    said = {reference: _of_the_panel(one) for reference, one in panels}
    for reference, one in {reference: one for reference, one in nationals}.items():  # noqa: C416  the last one stays
        said[reference] = [*said.get(reference, []), _of_the_national_panel(one)]
    return said


def _of_the_panel(panel: PanelRecommendation) -> list[tuple[str, str | None]]:
    when = f", on {uk_date(panel.on)}" if panel.on else ""
    return [
        ("The panel recommends", f"{'A review' if panel.outcome == 'review' else 'No review'}{when}"),
        ("Its reasons", panel.reason),
        ("Immediate learning", panel.immediate_learning),
    ]


def _of_the_national_panel(national: NationalPanelResponse) -> tuple[str, str | None]:
    words = national.kind.replace("_", " ").capitalize()
    return "The national Panel", f"{words}: {national.text}" if national.text else words


def answers_owed(session: Session, figures: Document) -> list[Document]:
    """Give the escalations that wait for the body, the longest first, with what is asked and what waits for it."""
    rows = {row["reference"]: row for row in figures["escalations"]["open"]["rows"]}
    question = (
        select(Escalation, Person.name)
        .join(Person, col(Person.id) == Escalation.raised_by_id)
        .where(col(Escalation.reference).in_(rows))
        .order_by(col(Escalation.raised_on), col(Escalation.id))
    )
    found = session.exec(question).all()
    about = references_about(session, [one.id for one, _ in found], None)
    return [_owed(one, by, rows[one.reference], about.get(one.id, [])) for one, by in found]


def _owed(escalation: Escalation, by: str, row: Document, about: Sequence[str]) -> Document:
    waited = waited_words(row)
    facts = [
        ("Asked", escalation.ask),
        ("Why it matters", escalation.why),
        ("Urgency", escalation.urgency),
        ("Raised", f"{uk_date(escalation.raised_on)}, by {by} for {row['group_name']}"),
        ("Waiting", waited),
        ("What waits for it", ", ".join(about)),
        ("Deferred until", day_words(row["deferred_until"])),
    ]
    key = f"escalation {escalation.reference}"
    return item(key, escalation.reference, escalation.title, facts, state="Waiting", refs=about)


def waited_words(row: Document) -> str:
    """Say how long an escalation has waited, in days and in meetings."""
    meetings = row.get("age_meetings") or 0
    return counted(row["age_days"], "days") + (f", {counted(meetings, 'meetings')}" if meetings else "")


def tracker(session: Session, figures: Document) -> list[Document]:
    """Give the escalation tracker: what waits, and what was answered or withdrawn since the last meeting."""
    rows = [row for part in ("open", "answered", "withdrawn") for row in figures["escalations"][part]["rows"]]
    question = select(Escalation).where(col(Escalation.reference).in_([row["reference"] for row in rows]))
    escalations = {one.reference: one for one in session.exec(question)}
    ids = [one.id for one in escalations.values()]
    settled, about = newest_settling(session, ids), references_about(session, ids, None)
    is_long = len(rows) > MOST_WITH_WORDS
    return [
        _tracked(escalations[row["reference"]], row, settled, about.get(escalations[row["reference"]].id, []), is_long)
        for row in rows
    ]


def _tracked(
    escalation: Escalation,
    row: Document,
    settled: Mapping[int, EscalationResponse],
    about: Sequence[str],
    is_long: bool,
) -> Document:
    answer = settled.get(escalation.id)
    said = [] if answer is None else [f"{Answer(answer.answer).words}, {uk_date(answer.on)}", answer.text]
    if answer is not None and answer.by_whom:
        said.append(f"{answer.by_whom}{f', by {uk_date(answer.by_when)}' if answer.by_when else ''}")
    status = f"Waiting {waited_words(row)}" if row["status"] == "waiting" else row["status"].capitalize()
    status = f"Group told on {day_words(row['told_on'])}" if row["told_on"] else status
    facts = [
        ("Raised by", f"{row['group_name']}, {uk_date(escalation.raised_on)}"),
        ("What is asked", sentences(escalation.title, None if is_long else escalation.ask)),
        ("Answer", sentences(*said) or "–"),
        ("Status", status),
    ]
    return item(f"tracked {escalation.reference}", escalation.reference, "", facts, state=status, refs=about)


def sentences(*said: str | None) -> str:
    """Put texts behind one another, each with a stop at its end."""
    return " ".join(one if one.endswith((".", "?", "!")) else f"{one}." for one in said if one)
