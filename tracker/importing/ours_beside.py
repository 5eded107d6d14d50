"""What stands beside an action in a row of an exported plan: what was asked, moved and met, and what changed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from tracker.actions.models import ActionDate, Impact
from tracker.importing.by_when import read_day
from tracker.importing.cells import Value
from tracker.showing.plan_sheet_beside import EMBEDDED, MET
from tracker.statements import Values
from workflows.dates import PartialDate


@dataclass(frozen=True, slots=True)
class Beside:
    """The facts around an action; `moves`: the dates, with whom each was agreed, and why."""

    group: str | None = None
    asked_on: PartialDate | None = None
    answered_on: PartialDate | None = None
    answer: str | None = None
    rhythm_from: PartialDate | None = None
    met: tuple[tuple[PartialDate, PartialDate], ...] = ()
    moves: tuple[tuple[PartialDate, str | None, str | None], ...] = ()
    impacts: tuple[tuple[str, date | None, bool, str | None], ...] = ()


NOTHING_BESIDE = Beside()


def read_beside(
    text: Callable[[str], str], lines: Callable[[str], str], value: Callable[[str], Value], dates: str
) -> Beside:
    """Read what a row says: as one line of text, with its line breaks, or as it stands in its cell."""
    return Beside(
        group=text("group") or None,
        asked_on=read_day(value("asked_on")),
        answered_on=read_day(value("answered_on")),
        answer=lines("answer") or None,
        rhythm_from=read_day(value("rhythm_from")),
        met=tuple(_met(dates)),
        moves=tuple(_moves(lines("moves"))),
        impacts=tuple(_impacts(lines("impact"))),
    )


def rows_beside(
    own: Beside, dates: tuple[PartialDate, ...], action_id: int, now: datetime
) -> Iterator[tuple[type[ActionDate] | type[Impact], Values]]:
    """Give the dates of an action, each time one was moved, and what changed."""
    met = dict(own.met)
    for due in dates:
        yield ActionDate, _date(action_id, now, kind="several", due=due, met_on=met.get(due))
    for due, agreed_with, reason in own.moves:
        yield ActionDate, _date(action_id, now, kind="moved", due=due, reason=reason, agreed_with=agreed_with)
    for text, on, embedded, measure in own.impacts:
        yield Impact, {"action_id": action_id, "text": text, "on": on, "embedded": embedded, "measure": measure}


def _date(action_id: int, now: datetime, **facts: object) -> Values:
    nothing = dict.fromkeys(("due", "met_on", "reason", "agreed_with", "person_id"))
    return {**nothing, **facts, "action_id": action_id, "at": now}


def _met(dates: str) -> Iterator[tuple[PartialDate, PartialDate]]:
    for part in dates.split(";"):
        due, _, met_on = (read_day(one.strip()) if one != MET else None for one in part.partition(MET))
        if due is not None and met_on is not None:
            yield due, met_on


def _moves(lines: str) -> Iterator[tuple[PartialDate, str | None, str | None]]:
    for line in lines.split("\n"):
        due, agreed_with, reason = _parts(line, 3)
        day = read_day(due)
        if day is not None:
            yield day, agreed_with[:200] or None, reason or None


def _impacts(lines: str) -> Iterator[tuple[str, date | None, bool, str | None]]:
    for line in lines.split("\n"):
        text, on, embedded, measure = _parts(line, 4)
        day = read_day(on)
        if text:
            yield text, None if day is None else day.day_or_none, embedded == EMBEDDED, measure or None


def _parts(line: str, count: int) -> list[str]:
    found = [part.strip() for part in line.split("|", count - 1)]
    return found + [""] * (count - len(found))
