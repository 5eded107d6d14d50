"""The lines of the action plan as its table shows them: every cell in its words, so that the page only sets them."""

from collections.abc import Sequence
from typing import NamedTuple

from tracker.actions.plan_rows import Row
from tracker.web.pages import day
from workflows.colour import Colour

_DRAWN = {Colour.TEAL.value: "done", Colour.NONE.value: "grey"}


class PlanLine(NamedTuple):
    """A line of the plan, in the order of its columns; `drawn` names the shape of its status."""

    reference: str
    words: str
    themes: Sequence[str]
    sources: Sequence[tuple[str, str | None, str]]
    owner: str
    agency: str
    due: str
    drawn: str
    word: str
    why: str
    on_hold: bool


def plan_line(row: Row) -> PlanLine:
    """Give an action as a line of the plan."""
    rag, owner, agency = row["rag"], row["owner"], row["agency"] or ""
    name = owner["name"] if owner else ""
    return PlanLine(
        reference=row["reference"],
        words=row["title"] or row["text"],
        themes=row["themes"],
        sources=[(source["words"], source["case"], source["more"]) for source in row["sources"]],
        owner=(owner["answers"] or name) if owner else "Nobody yet",
        agency="" if name == agency else agency,
        due=day(row["due"]) or "No date",
        drawn=_DRAWN.get(rag["colour"], rag["colour"]),
        word=rag["word"],
        why=". ".join(_capital(words) for words in (rag["reason"], rag["note"]) if words),
        on_hold=row["flags"]["on_hold"],
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
