"""Tables of what falls due: agency by month, for its page and for the forms on which a date is set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col

from tracker.actions.handing_over import of_agency
from tracker.actions.models import Action
from tracker.actions.queries import may_see_action
from tracker.people.doer import Doer
from tracker.showing.load import NO_AGENCY, Load, load_by_agency, load_of, month_in_words, months_from
from tracker.web.figures import Cell, plan_link
from tracker.web.pages import counted


@dataclass(frozen=True, slots=True)
class LoadLine:
    """An agency with a figure for each column, each a link to what it counts."""

    name: str
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class LoadTable:
    """The columns of the table in words, their short words, and its lines."""

    columns: Sequence[str]
    short: Sequence[str]
    lines: Sequence[LoadLine]


def table_of(by_agency: Mapping[str, Load], months: Sequence[str]) -> LoadTable:
    """Give what falls due as a table."""
    words = ["Earlier", *map(month_in_words, months), "Later", "No date"]
    short = ["Earlier", *(f"{word[:3]} {word[-4:]}" for word in words[1:-2]), "Later", "No date"]
    dues = [f"before-{months[0]}", *months, f"after-{months[-1]}", "none"]
    lines = []
    for name, one in by_agency.items():
        links = ["" if name == NO_AGENCY else plan_link(agency=name, due=due) for due in dues]
        lines.append(LoadLine(name, [Cell(number, link) for number, link in zip(figures_of(one), links, strict=True)]))
    return LoadTable(words, short, lines)


def around_the_due_date(session: Session, reader: Doer, action: Action, agency: str | None) -> LoadTable | None:
    """Give what the agency and the owner of an action have to do already, month by month."""
    months = months_from(reader.day)
    here = [may_see_action(reader), col(Action.partnership_id) == action.partnership_id]
    found: dict[str, Load] = {}
    if agency:
        found[agency] = load_of(session, [*here, of_agency(session, action.partnership_id, agency)], months)
    table = table_of(found, months)
    if action.owner_id is None:
        return table if found else None
    hers = load_of(session, [*here, col(Action.owner_id) == action.owner_id], months)
    of_owner = LoadLine("The owner, in all agencies", [Cell(number) for number in figures_of(hers)])
    return LoadTable(table.columns, table.short, [*table.lines, of_owner])


def of_agencies(session: Session, reader: Doer, partnerships: Sequence[int]) -> LoadTable | None:
    """Give what falls due already at each agency of some partnerships."""
    months = months_from(reader.day)
    here = [may_see_action(reader), col(Action.partnership_id).in_(partnerships)]
    found = {name: one for name, one in load_by_agency(session, here, months).items() if one.by_month or one.earlier}
    return table_of(found, months) if found else None


def in_its_month(session: Session, reader: Doer, action: Action, agency: str | None) -> str:
    """Say how much an agency has to do in the month of an action's date, the one before and the one after."""
    if action.due is None or not agency:
        return ""
    last = action.due.last
    months = months_from(date(last.year - (last.month == 1), last.month - 1 or 12, 1), 3)
    here = [may_see_action(reader), col(Action.partnership_id) == action.partnership_id]
    found = load_of(session, [*here, of_agency(session, action.partnership_id, agency)], months)
    before, month, after = ((name, found.by_month.get(name, 0)) for name in found.months)
    return (
        f"{agency} has {counted(month[1], 'open action')} due in {month_in_words(month[0])} now, {before[1]} in "
        f"{month_in_words(before[0])} and {after[1]} in {month_in_words(after[0])}."
    )


def figures_of(one: Load) -> Sequence[int]:
    """Give the figures of a line, in the order of the columns."""
    return [one.earlier, *(one.by_month.get(month, 0) for month in one.months), one.later, one.without]
