"""The themes of the action plan: across reviews, agencies and years, each figure a link to what it counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tracker.people.administering import ADMINISTRATORS
from tracker.policy import policy
from tracker.showing.lists import list_rows
from tracker.showing.show import show
from tracker.showing.themes import NO_AGENCY
from tracker.web.action_deeds import READ_ACTIONS
from tracker.web.action_history import entries_of
from tracker.web.figures import Cell, plan_link
from tracker.web.pages import page
from tracker.web.visitors import Db, Now, Reader

routes = APIRouter()

MOST_YEARS = 8
MOST_AGENCIES = 6
OTHERS = "All others"


@dataclass(frozen=True, slots=True)
class Line:
    """A theme as the tables show it."""

    row: Mapping[str, Any]
    href: str
    years: Sequence[Cell]
    agencies: Sequence[Cell]


@routes.get("/actions/themes")
@policy(READ_ACTIONS)
def themes(request: Request, db: Db, reader: Reader, now: Now) -> Response:
    """Show every theme that something has: by reviews, by their years, and by agency."""
    every = list_rows(db, "themes", {}, reader, now)
    rows = sorted((row for row in every if row["reviews"] or row["actions"]), key=_place)
    years, agencies = years_of(rows), _agencies(rows)
    return page(
        request,
        "pages/actions/themes.html",
        lines=[_line(row, years, agencies) for row in rows],
        years=years,
        agencies=agencies,
        unused=len(every) - len(rows),
        most=max((row["actions"] for row in rows), default=0),
        may_keep=bool(reader.partnerships_as(*ADMINISTRATORS)),
    )


@routes.get("/actions/themes/{code}")
@policy(READ_ACTIONS)
def theme(request: Request, db: Db, reader: Reader, now: Now, code: str) -> Response:
    """Show one theme: its reviews by year, its actions by agency, and what was decided about it."""
    shown = show(db, "theme", code, reader, now)
    return page(
        request,
        "pages/actions/theme.html",
        theme=shown,
        plan=plan_link(theme=shown["code"]),
        agencies=[(row, _agency_link(shown["code"], row["agency"])) for row in shown["agencies"]],
        most=max((row["open"] + row["complete"] for row in shown["agencies"]), default=0),
        may_keep=bool(reader.partnerships_as(*ADMINISTRATORS)),
        history=entries_of(shown["history"]),
    )


def years_of(rows: Sequence[Mapping[str, Any]]) -> Sequence[str]:
    """Give the years of which reviews are counted: the newest ones, and an empty word for all before them."""
    years = sorted({year["year"] for row in rows for year in row["years"]})
    return years if len(years) <= MOST_YEARS else ["", *years[-MOST_YEARS + 1 :]]


def _agencies(rows: Sequence[Mapping[str, Any]]) -> Sequence[str]:
    """Give the agencies with the most open actions of any theme, and a last one for all the others."""
    counted: dict[str, int] = {}
    for row in rows:
        for agency in row["agencies"]:
            counted[agency["agency"]] = counted.get(agency["agency"], 0) + agency["open"]
    named = [name for name, number in sorted(counted.items(), key=lambda one: -one[1]) if number and name != NO_AGENCY]
    is_all = len(named) <= MOST_AGENCIES and counted.get(NO_AGENCY, 0) == 0
    return named if is_all else [*named[:MOST_AGENCIES], OTHERS]


def _place(row: Mapping[str, Any]) -> tuple[int, int, str]:
    return -row["reviews"], -row["actions"], row["label"].casefold()


def _line(row: Mapping[str, Any], years: Sequence[str], agencies: Sequence[str]) -> Line:
    href = f"/actions/themes/{quote(row['code'], safe='')}"
    in_year = {year["year"]: year["reviews"] for year in row["years"]}
    earlier = sum(number for year, number in in_year.items() if year not in years)
    of_years = [Cell(in_year.get(year, 0) if year else earlier, f"{href}#reviews") for year in years]
    is_open = {agency["agency"]: agency["open"] for agency in row["agencies"]}
    others = sum(number for name, number in is_open.items() if name not in agencies)
    of_agencies = [
        Cell(others, href) if name == OTHERS else Cell(is_open.get(name, 0), _agency_link(row["code"], name))
        for name in agencies
    ]
    return Line(row, href, of_years, of_agencies)


def _agency_link(code: str, agency: str) -> str:
    return "" if agency == NO_AGENCY else plan_link(theme=code, agency=agency)
