"""What a row of an exported plan says beyond what other sheets say, read back as it was written."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tracker.actions.exported import STANDING_BY_WORDS
from tracker.importing.by_when import ByWhen, read_by_when, read_day
from tracker.importing.cells import Value, as_text, folded
from tracker.importing.headings import Columns
from tracker.importing.ours_beside import NOTHING_BESIDE, Beside, read_beside
from tracker.importing.statuses import Standing, read_standing
from tracker.showing.plan_sheet_beside import MET
from workflows.action import Level, TimescaleKind
from workflows.dates import PartialDate

_BETWEEN = "; "


@dataclass(frozen=True, slots=True)
class Exported:
    """The facts of an action that only a file from here holds."""

    title: str | None
    agency: str | None
    level: str
    first_due: PartialDate | None
    kind: TimescaleKind
    words: str | None
    every: str | None
    dates: tuple[PartialDate, ...]
    review_on: PartialDate | None
    themes: tuple[str, ...]
    helpers: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]
    evidence: tuple[str, ...]
    success_measure: str | None
    baseline: str | None
    outside_body: str | None
    ended_why: str | None
    version: int | None
    # Left out where two rows are compared that hold nothing of it: earlier versions did not know it.
    beside: Beside = field(default=NOTHING_BESIDE, repr=False)


def is_ours(columns: Columns) -> bool:
    """Say whether a header is that of an exported plan."""
    return all(name in columns for name in ("title", "level", "first_due", "version"))


def read_exported(text: Callable[[str], str], lines: Callable[[str], str], value: Callable[[str], Value]) -> Exported:
    """Read what a row says: as one line of text, with its line breaks, or as it stands in its cell."""
    level, kind = text("level").replace(" ", "_"), text("kind")
    return Exported(
        title=text("title") or None,
        agency=text("agency") or None,
        level=level if level in set(Level) else Level.SINGLE_AGENCY,
        first_due=_date(value("first_due")),
        kind=TimescaleKind(kind) if kind in set(TimescaleKind) else TimescaleKind.DATE,
        words=text("words") or None,
        every=text("every") or None,
        dates=tuple(day for part in text("dates").split(_BETWEEN) if (day := _date(_due(part))) is not None),
        review_on=_date(value("review_on")),
        themes=_several(text("theme")),
        helpers=_several(text("helpers")),
        sources=tuple(_source(line) for line in lines("sources").split("\n") if line.strip()),
        evidence=tuple(piece.strip() for piece in lines("evidence").split("\n\n") if piece.strip()),
        success_measure=lines("success_measure") or None,
        baseline=lines("baseline") or None,
        outside_body=text("outside_body") or None,
        ended_why=lines("ended_why") or None,
        version=int(written) if (written := text("version")).isascii() and written.isdigit() else None,
        beside=read_beside(text, lines, value, text("dates")),
    )


def read_own_by_when(value: Value, own: Exported) -> ByWhen:
    """Read the target date of such a row: also a year, and beside a rhythm that has a date as well."""
    said = read_by_when(value)
    if own.kind in (TimescaleKind.CONTINUING, TimescaleKind.TRIGGERED) and said.flag == "no_date":
        return ByWhen(own.words or "", kind=own.kind, flag=own.kind.value if own.review_on is None else None)
    due = _date(value)
    if due is not None:
        return ByWhen(own.words or said.words, due, kind=own.kind, flag=said.flag if said.due else None)
    return said


def read_own_standing(value: Value) -> Standing:
    """Read the status of such a row in the words in which it was written, or in those of any other sheet."""
    known = STANDING_BY_WORDS.get(folded(as_text(value)))
    return read_standing(value) if known is None else Standing(*known)


def _due(part: str) -> str:
    return part.partition(MET)[0]


def _date(value: Value) -> PartialDate | None:
    written = as_text(value)
    if len(written) == 4 and written.isascii() and written.isdigit():
        try:
            return PartialDate.parse(written)
        except ValueError:
            return None
    return read_day(value)


def _several(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(_BETWEEN.strip()) if part.strip())


def _source(line: str) -> tuple[str, str]:
    kind, _, words = line.partition(":")
    return kind.strip(), words.strip()
