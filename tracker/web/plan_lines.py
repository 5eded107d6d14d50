"""The lines of the action plan as its table shows them: every cell in its words, so that the page only sets them."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup

from tracker.actions.plan_rows import PlanRow
from tracker.actions.reading import TO_BE_CHECKED
from tracker.web.pages import build_templates, day
from workflows.action import TimescaleKind
from workflows.colour import Colour
from workflows.dates import PartialDate
from workflows.wording import capital

_DRAWN = {Colour.TEAL.value: "done", Colour.NONE.value: "grey"}


class PlanLine(NamedTuple):
    """A line of the plan, in the order of its columns; `drawn` names the shape of its status."""

    reference: str
    words: str
    themes: tuple[str, ...]
    sources: tuple[tuple[str, str | None, str], ...]
    owner: str
    agency: str
    due: str
    drawn: str
    word: str
    why: str
    on_hold: bool
    like: str | None
    beside_due: tuple[str, ...]


def plan_line(row: PlanRow, like: str | None = None) -> PlanLine:
    """Give an action as a line of the plan; `like`: the action that it looks like."""
    owner, agency, colour = row.owner, row.agency or "", row.rag.colour.value
    return PlanLine(
        reference=row.reference,
        words=row.title or row.text,
        themes=row.themes,
        sources=tuple((source.words, source.case, source.more) for source in row.sources),
        owner="Nobody yet" if owner is None else owner.who_answers,
        agency="" if owner is not None and owner.name == agency else agency,
        due=due_of(row.due, row.timescale, row.timescale_words, is_outside=row.outside_body is not None),
        drawn=_DRAWN.get(colour, colour),
        word=row.rag.word,
        why=". ".join(map(capital, [row.rag.reason, TO_BE_CHECKED] if row.waits else [row.rag.reason])),
        on_hold=row.on_hold,
        like=like,
        beside_due=tuple(_beside_due(row)),
    )


# The lines of ten pages: the same actions stand on the pages of many who open the plan.
@lru_cache(maxsize=500)
def written(row: PlanRow, like: str | None = None) -> Markup:
    """Write an action as a row of the table; whatever says the same is written once, whoever reads it."""
    template = build_templates().get_template("pages/actions/line.html")
    line: Markup = template.module.row(*plan_line(row, like))  # type: ignore[attr-defined]
    return line


_WITHOUT_DATE = {TimescaleKind.CONTINUING.value: "Goes on", TimescaleKind.TRIGGERED.value: "When it arises"}


def due_of(due: PartialDate | None, timescale: str, words: str | None, *, is_outside: bool) -> str:
    """Say when an action is due; what has no date says why it has none."""
    if due is not None and timescale not in _WITHOUT_DATE:
        return day(due)
    return "No date: asked outside" if is_outside else _WITHOUT_DATE.get(timescale, "No date")


def _beside_due(row: PlanRow) -> Iterator[str]:
    """Say what else there is to a date: its rhythm, when it is looked at again, how often it was moved."""
    if row.timescale in (TimescaleKind.RECURRING, TimescaleKind.SEVERAL) and row.timescale_words:
        yield row.timescale_words
    if row.outside_body:
        yield f"Asked of {row.outside_body}"
    if row.review_on is not None:
        yield f"Look again {day(row.review_on)}"
    if row.moves and row.first_due is not None:
        yield moved_words(row.moves, row.first_due)
    if row.ended_why:
        yield f"Reason: {row.ended_why}"


def moved_words(moves: int, first_due: PartialDate) -> str:
    """Say how often a date was moved, and which the first one was."""
    times = {1: "once", 2: "twice"}.get(moves, f"{moves} times")
    return f"Moved {times}, first {day(first_due)}"
