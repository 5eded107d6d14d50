"""The lines of the action plan as its table shows them: every cell in its words, so that the page only sets them."""

from collections.abc import Sequence
from typing import NamedTuple

from tracker.actions.plan_rows import PlanRow
from tracker.actions.reading import TO_BE_CHECKED
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
    like: str | None


def plan_line(row: PlanRow, like: str | None = None) -> PlanLine:
    """Give an action as a line of the plan; `like`: the action that it looks like."""
    owner, agency, colour = row.owner, row.agency or "", row.rag.colour.value
    return PlanLine(
        reference=row.reference,
        words=row.title or row.text,
        themes=row.themes,
        sources=[(source["words"], source["case"], source["more"]) for source in row.sources],
        owner="Nobody yet" if owner is None else (owner.answers or owner.person).name,
        agency="" if owner is not None and owner.person.name == agency else agency,
        due=day(row.due) or "No date",
        drawn=_DRAWN.get(colour, colour),
        word=row.rag.word,
        why=". ".join(map(_capital, [row.rag.reason, TO_BE_CHECKED] if row.waits else [row.rag.reason])),
        on_hold=row.on_hold,
        like=like,
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
