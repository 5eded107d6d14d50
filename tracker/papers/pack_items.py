"""What stands under the headings of a pack: each item with its words, its state and its date."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import literal
from sqlmodel import Session, col, select

from notifications.rendering import sentence
from tracker.actions.colouring import IS_OPEN, colour, patience_of_each
from tracker.actions.models import Action
from tracker.actions.reading import ActionRead, read_these
from tracker.cases.models import Case, Hold
from tracker.clock import london_day
from workflows.colour import Colour
from workflows.dates import PartialDate, iso_text, uk_date
from workflows.vocabulary import ClockKind
from workflows.wording import capital

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


def actions_in(session: Session, partnership_id: int, shade: Colour, now: datetime) -> tuple[list[Document], list[str]]:
    """Give the first of the open actions of a colour by their dates, and the references of those that are not shown."""
    today = london_day(now)
    patience = {key: one for key, one in patience_of_each(session, now).items() if key == partnership_id}
    here = (col(Action.partnership_id) == partnership_id, IS_OPEN, colour(today, patience) == literal(shade.value))
    question = select(Action.id, Action.reference).where(*here).order_by(col(Action.open_by), col(Action.id))
    found = session.exec(question).all()
    ids = [number for number, _ in found[:MOST_ACTIONS]]
    read = {one.action.id: one for one in read_these(session, ids, None, now)}
    return [_action(read[number]) for number in ids], [reference for _, reference in found[MOST_ACTIONS:]]


def _action(read: ActionRead) -> Document:
    action = read.action
    cases = sorted({source.case for source in read.sources if source.case})
    owner = "Nobody yet" if read.owner is None else str(read.owner.document()["name"])
    facts = [
        ("Action", action.title or action.text),
        ("From", ", ".join(cases) or "–"),
        ("Owner", f"{owner}{f', {read.agency}' if read.agency and read.agency != owner else ''}"),
        ("Due", uk_date(action.due) if action.due else "No date"),
        ("Why", capital(read.rag.reason)),
    ]
    due = iso_text(action.due)
    return item(f"action {action.reference}", action.reference, "", facts, state=read.rag.word, due=due, refs=cases)


def clocks(figures: Document, *codes: str) -> list[Document]:
    """Give clocks of cases: what is due, by law, guidance or a target, and how it stands."""
    rows = [row for code in codes for row in figures["cases"][code]["rows"]]
    return [
        item(
            f"clock {row['reference']} {row['clock']}",
            row["reference"],
            "",
            [
                ("What is due", capital(row["name"])),
                ("Due", day_words(row["due"])),
                ("How it stands", row["words"]),
                ("Kind", ClockKind(row["kind"]).words),
            ],
            state=row["state"].capitalize(),
            due=row["due"],
        )
        for row in rows
    ]


def pressing_dates(figures: Document, reference: str) -> str:
    """Say which dates of a case are near or missed, set by law or guidance."""
    rows = [row for code in ("reviews_overdue", "statutory_dates") for row in figures["cases"][code]["rows"]]
    return sentences(
        *(
            f"{capital(row['name'])}: due {day_words(row['due'])}, {row['words']}"
            for row in rows
            if row["reference"] == reference
        )
    )


def holds(session: Session, figures: Document) -> list[Document]:
    """Give the cases on hold, with the reason and the day on which somebody looks again."""
    rows = figures["cases"]["on_hold"]["rows"]
    question = (
        select(Case.reference, Hold.reason)
        .join(Hold, col(Hold.case_id) == Case.id)
        .where(col(Case.reference).in_([row["reference"] for row in rows]), col(Hold.until).is_(None))
    )
    reasons = dict(session.exec(question).all())
    return [
        item(
            f"hold {row['reference']}",
            row["reference"],
            "",
            [
                ("Why", reasons.get(row["reference"])),
                ("On hold since", day_words(row["since"])),
                ("To look at again", day_words(row["look_again_on"])),
            ],
            state="On hold",
            due=row["look_again_on"],
        )
        for row in rows
    ]


def day_words(text: str | None) -> str | None:
    """Write a day that was kept as text; there may be none."""
    return None if text is None else uk_date(PartialDate.parse(text))


def sentences(*said: str | None) -> str:
    """Put texts behind one another, each with a stop at its end."""
    return " ".join(sentence(one) for one in said if one)
