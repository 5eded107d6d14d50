"""What groups ask of the body that decides in a pack: the answers that it owes, and the escalation tracker."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from tracker.actions.models import Action
from tracker.escalations.models import Escalation, EscalationResponse
from tracker.escalations.queries import newest_holding, newest_settling, subjects_about
from tracker.papers.pack_items import day_words, item, sentences
from tracker.people.models import Person
from workflows.dates import uk_date
from workflows.deadlines import counted
from workflows.escalation import Answer, needed_words

Document = dict[str, Any]

# A pack is read in an evening: so many items stand there as papers of their own, those that wait longest first.
MOST_IN_FULL = 50
# A tracker that is longer has the questions by their titles alone: it stays a table that can be looked through.
MOST_WITH_WORDS = 100


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
    ids = [one.id for one, _ in found]
    about, held = subjects_about(session, ids, None), newest_holding(session, ids)
    titles = _titles(session, [name for subjects in about.values() for kind, name in subjects if kind == "action"])
    return [_owed(one, by, rows[one.reference], about.get(one.id, []), titles, held.get(one.id)) for one, by in found]


def _titles(session: Session, references: Sequence[str]) -> dict[str, str]:
    question = select(Action.reference, Action.title, Action.text).where(col(Action.reference).in_(references))
    return {reference: title or text for reference, title, text in session.exec(question)}


def _owed(
    escalation: Escalation,
    by: str,
    row: Document,
    about: Sequence[tuple[str, str]],
    titles: Mapping[str, str],
    held: EscalationResponse | None,
) -> Document:
    waits = [f"{name}, {titles[name]}" if name in titles else f"case {name}" for _, name in about]
    facts = [
        ("Asked", escalation.ask),
        ("Why it matters", escalation.why),
        ("Needed", None if escalation.urgency is None else needed_words(escalation.urgency)),
        ("Raised", f"{uk_date(escalation.raised_on)}, by {by} for {row['group_name']}"),
        ("Waiting", waited_words(row)),
        ("Said so far", None if held is None else held_words(held)),
        ("What waits for it", "; ".join(waits)),
    ]
    key, refs = f"escalation {escalation.reference}", [name for _, name in about]
    return item(key, escalation.reference, escalation.title, facts, state=_state(held), refs=refs)


def _state(held: EscalationResponse | None) -> str:
    if held is None:
        return "Waiting"
    return "The group was asked something" if held.answer == Answer.ASKED_BACK else "Deferred"


def held_words(held: EscalationResponse) -> str:
    """Say what was said of an escalation that goes on waiting: until when it is put off, or the question back."""
    if held.answer == Answer.ASKED_BACK:
        return sentences(f"The group was asked something on {uk_date(held.on)}", held.text)
    until = f" until {uk_date(held.until)}" if held.until else ""
    return sentences(f"Deferred on {uk_date(held.on)}{until}", held.text)


def waited_words(row: Document) -> str:
    """Say how long an escalation has waited, in days and in meetings."""
    meetings = row.get("age_meetings") or 0
    return counted(row["age_days"], "days") + (f", {counted(meetings, 'meetings')} held since" if meetings else "")


def tracker(session: Session, figures: Document) -> list[Document]:
    """Give the escalation tracker: what waits, and what was answered or withdrawn since the last meeting."""
    rows = [row for part in ("open", "answered", "withdrawn") for row in figures["escalations"][part]["rows"]]
    question = select(Escalation).where(col(Escalation.reference).in_([row["reference"] for row in rows]))
    escalations = {one.reference: one for one in session.exec(question)}
    ids = [one.id for one in escalations.values()]
    settled, about = newest_settling(session, ids), subjects_about(session, ids, None)
    held = newest_holding(session, [escalations[row["reference"]].id for row in rows if row["status"] == "waiting"])
    asked_above = {row["reference"] for row in figures["escalations"]["open"]["rows"][:MOST_IN_FULL]}
    tracked = []
    for row in rows:
        one = escalations[row["reference"]]
        ask = None if len(rows) > MOST_WITH_WORDS or one.reference in asked_above else one.ask
        refs = [name for _, name in about.get(one.id, [])]
        tracked.append(_tracked(one, row, ask, _answer(row, settled.get(one.id), held.get(one.id)), refs))
    return tracked


def _tracked(escalation: Escalation, row: Document, ask: str | None, answer: str, about: Sequence[str]) -> Document:
    facts = [
        ("Raised by", f"{row['group_name']}, {uk_date(escalation.raised_on)}"),
        ("What is asked", sentences(escalation.title, ask)),
        ("Answer", answer),
        ("Status", _status(escalation, row)),
    ]
    # How long it has waited grows by itself and is no news.
    state = f"{row['status']} {escalation.deferred_until or ''}"
    return item(f"tracked {escalation.reference}", escalation.reference, "", facts, state=state, refs=about)


def _answer(row: Document, settled: EscalationResponse | None, held: EscalationResponse | None) -> str:
    if settled is not None:
        return answer_words(settled)
    if held is not None:
        return held_words(held)
    return "None yet" if row["status"] == "waiting" else "–"


def answer_words(answer: EscalationResponse) -> str:
    """Say what was answered on which day, and what happens: who does it, by when."""
    who = f"{answer.by_whom or ''}{', ' if answer.by_whom and answer.by_when else ''}"
    when = f"by {uk_date(answer.by_when)}" if answer.by_when else ""
    return sentences(f"{Answer(answer.answer).words}, {uk_date(answer.on)}", answer.text, f"{who}{when}")


def _status(escalation: Escalation, row: Document) -> str:
    if row["status"] == "waiting":
        return f"Waiting {waited_words(row)}"
    if row["status"] == "withdrawn":
        return sentences(f"Withdrawn on {day_words(row['withdrawn_on'])}", escalation.withdrawn_why)
    return f"Answered, group told on {day_words(row['told_on'])}" if row["told_on"] else "Answered, group not told yet"
