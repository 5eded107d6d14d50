"""What stands under the headings of a pack: each item with its words, its state and its date."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, literal
from sqlmodel import Session, col, select

from tracker.actions.colouring import IS_OPEN, colour, patience_of_each
from tracker.actions.models import Action
from tracker.actions.reading import ActionRead, read_these
from tracker.cases.decision_models import NationalPanelResponse, PanelRecommendation
from tracker.cases.models import Case
from tracker.clock import london_day
from tracker.escalations.models import Escalation, EscalationResponse
from tracker.escalations.queries import newest_settling, references_about
from tracker.people.models import Person
from workflows.colour import Colour
from workflows.dates import PartialDate, iso_text, uk_date
from workflows.deadlines import counted
from workflows.escalation import Answer
from workflows.vocabulary import CaseStatus

Document = dict[str, Any]

# A pack is read in an evening: of each colour so many actions, the longest overdue first; all stand in the plan.
MOST_ACTIONS = 100


def item(
    key: str,
    reference: str,
    title: str,
    facts: Sequence[tuple[str, str | None]],
    *,
    state: str,
    due: str | None = None,
    refs: Sequence[str] = (),
) -> Document:
    """Give an item of a pack. `key` finds it in another pack; `refs` are the records whose conflicts hide it."""
    return {
        "key": key,
        "reference": reference,
        "title": title,
        "facts": [[label, words] for label, words in facts if words],
        "state": state,
        "due": due,
        "refs": [reference, *refs],
    }


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
                ("Waiting", f"{counted(row['age_days'], 'days')}, since {_day(row['since'])}"),
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
        ("Deferred until", _day(row["deferred_until"])),
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
    return [
        _tracked(escalations[row["reference"]], row, settled, about.get(escalations[row["reference"]].id, []))
        for row in rows
    ]


def _tracked(
    escalation: Escalation, row: Document, settled: Mapping[int, EscalationResponse], about: Sequence[str]
) -> Document:
    answer = settled.get(escalation.id)
    said = [] if answer is None else [f"{Answer(answer.answer).words}, {uk_date(answer.on)}", answer.text]
    if answer is not None and answer.by_whom:
        said.append(f"{answer.by_whom}{f', by {uk_date(answer.by_when)}' if answer.by_when else ''}")
    status = f"Waiting {waited_words(row)}" if row["status"] == "waiting" else row["status"].capitalize()
    status = f"Group told on {_day(row['told_on'])}" if row["told_on"] else status
    facts = [
        ("Raised by", f"{row['group_name']}, {uk_date(escalation.raised_on)}"),
        ("What is asked", sentences(escalation.title, escalation.ask)),
        ("Answer", sentences(*said) or "–"),
        ("Status", status),
    ]
    return item(f"tracked {escalation.reference}", escalation.reference, "", facts, state=status, refs=about)


def sentences(*said: str | None) -> str:
    """Put texts behind one another, each with a stop at its end."""
    return " ".join(one if one.endswith((".", "?", "!")) else f"{one}." for one in said if one)


def actions_in(session: Session, partnership_id: int, shade: Colour, now: datetime) -> tuple[int, list[Document]]:
    """Give how many open actions have a colour, and the first of them by their dates."""
    today = london_day(now)
    patience = {key: one for key, one in patience_of_each(session, now).items() if key == partnership_id}
    here = (col(Action.partnership_id) == partnership_id, IS_OPEN, colour(today, patience) == literal(shade.value))
    number = session.exec(select(func.count()).select_from(Action).where(*here)).one()
    question = select(Action.id).where(*here).order_by(col(Action.open_by), col(Action.id)).limit(MOST_ACTIONS)
    ids = session.exec(question).all()
    read = {one.action.id: one for one in read_these(session, ids, None, now)}
    return number, [_action(read[number]) for number in ids]


def _action(read: ActionRead) -> Document:
    action = read.action
    cases = sorted({source["case"] for source in read.sources if source["case"]})
    owner = "Nobody yet" if read.owner is None else str(read.owner.document()["name"])
    facts = [
        ("Action", action.title or action.text),
        ("From", ", ".join(cases) or "–"),
        ("Owner", f"{owner}{f', {read.agency}' if read.agency and read.agency != owner else ''}"),
        ("Due", uk_date(action.due) if action.due else "No date"),
        ("Why", f"{read.rag.reason[:1].upper()}{read.rag.reason[1:]}"),
    ]
    due = iso_text(action.due)
    return item(f"action {action.reference}", action.reference, "", facts, state=read.rag.word, due=due, refs=cases)


def clocks(figures: Document, *codes: str) -> list[Document]:
    """Give clocks of cases: which one, when it is due, how it stands."""
    rows = [row for code in codes for row in figures["cases"][code]["rows"]]
    return [
        item(
            f"clock {row['reference']} {row['clock']}",
            row["reference"],
            "",
            [
                ("Clock", f"{row['name'][:1].upper()}{row['name'][1:]}"),
                ("Due", _day(row["due"])),
                ("State", row["words"]),
            ],
            state=row["state"].capitalize(),
            due=row["due"],
        )
        for row in rows
    ]


def holds(figures: Document) -> list[Document]:
    """Give the cases on hold, with the day on which somebody looks again."""
    return [
        item(
            f"hold {row['reference']}",
            row["reference"],
            "",
            [("On hold since", _day(row["since"])), ("To look at again", _day(row["look_again_on"]))],
            state="On hold",
            due=row["look_again_on"],
        )
        for row in figures["cases"]["on_hold"]["rows"]
    ]


def states_now(session: Session, keys: Sequence[str]) -> dict[str, str]:
    """Say how what stood in an earlier pack stands now, by its key: closed, answered, decided."""
    wanted: dict[str, list[str]] = {}
    for key in keys:
        kind, reference, *_ = key.split(" ")
        wanted.setdefault(_TABLES.get(kind, "case"), []).append(reference)
    found: dict[str, str] = {}
    for kind, words in (("action", Action), ("escalation", Escalation), ("case", Case)):
        table: Any = words
        question = select(table.reference, table.status).where(col(table.reference).in_(wanted.get(kind, [])))
        for reference, status in session.exec(question):
            found[reference] = CaseStatus(status).words if kind == "case" else str(status).replace("_", " ")
    return {key: found[key.split(" ")[1]] for key in keys if key.split(" ")[1] in found}


_TABLES = {"action": "action", "escalation": "escalation"}


def _day(text: str | None) -> str | None:
    return None if text is None else uk_date(PartialDate.parse(text))
