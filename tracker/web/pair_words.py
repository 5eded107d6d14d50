"""Two actions side by side as a page shows them: what each says, with the words in common marked."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from markupsafe import Markup, escape

from tracker.actions.field_words import meanings, spans
from tracker.actions.pairs import MOST_COUNTED
from tracker.actions.plan_rows import PlanRow
from tracker.web.pages import counted, day


@dataclass(frozen=True, slots=True)
class PairShown:
    """Two actions of the plan, a row for each thing that is compared, and what was decided on them before."""

    one: PlanRow
    other: PlanRow
    next: str = "/actions"
    answer: str = ""
    reason: str | None = None
    can_be_decided: bool = True
    intent: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def name(self) -> str:
        """Give the two as they stand in an address."""
        return f"{self.one.reference}-{self.other.reference}"

    @property
    def rows(self) -> Sequence[tuple[str, str, str]]:
        """Give what is compared: its name, and what stands there of each."""
        one, other = self.one, self.other
        said = [
            ("Action", marked(one.text, other.text), marked(other.text, one.text)),
            ("Title", one.title or "", other.title or ""),
            ("From", _from(one), _from(other)),
            ("Owner", _owner(one), _owner(other)),
            ("Due", day(one.due) or "No date", day(other.due) or "No date"),
        ]
        return [row for row in said if row[1] or row[2]]


def counted_pairs(number: int) -> str:
    """Say how many pairs wait; beyond the most that are counted, that there are more."""
    return f"more than {MOST_COUNTED}" if number > MOST_COUNTED else counted(number, "pair")


# The pair that stands above the plan is the same on page after page.
@lru_cache(maxsize=50)
def marked(text: str, other: str) -> Markup:
    """Give a text with the words marked that the other one has too, in whatever form; neighbours as one mark."""
    common = meanings(text) & meanings(other)
    marks: list[tuple[int, int]] = []
    for first, last, known in spans(text):
        if known not in common:
            continue
        if marks and not text[marks[-1][1] : first].strip(" -"):
            marks[-1] = (marks[-1][0], last)
        else:
            marks.append((first, last))
    return Markup("").join(_pieces(text, marks))


def _pieces(text: str, marks: Iterable[tuple[int, int]]) -> Iterable[Markup]:
    end = 0
    for first, last in marks:
        yield escape(text[end:first])
        yield Markup("<mark>{}</mark>").format(text[first:last])
        end = last
    yield escape(text[end:])


def _from(row: PlanRow) -> str:
    return "; ".join(
        f"{source.words}{f' ({source.case})' if source.case else ''}{source.more}" for source in row.sources
    )


def _owner(row: PlanRow) -> str:
    name = "Nobody yet" if row.owner is None else row.owner.who_answers
    return f"{name}, {row.agency}" if row.agency and row.agency != name else name
