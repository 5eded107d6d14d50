"""The figures of a year: counted from the records, beside what the yearly report printed."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tests.make import act, make_case, make_world, shown
from tracker.database import unit_of_work
from tracker.errors import NotFound
from tracker.groups.meeting_queries import year_of
from tracker.groups.models import Partnership, YearFigure
from tracker.papers.year import Year
from tracker.rows import write
from workflows.dates import PartialDate


def _counted(engine: Engine, reference: str, by: str | None = None) -> dict[str, int]:
    figures: dict[str, Any] = shown(engine, reference, kind="year", by=by, now="2022-06-01T09:00")["figures"]
    return {name: figure["counted"] for name, figure in figures.items() if figure["counted"]}


@pytest.mark.parametrize(
    ("day", "year"),
    [("2021-03-31", "2020-21"), ("2021-04-01", "2021-22"), ("2000-01-01", "1999-00")],
)
def test_year_runs_from_april_to_march(day: str, year: str) -> None:
    assert year_of(date.fromisoformat(day)) == year
    assert Year.named(year).holds(PartialDate.parse(day))


@pytest.mark.parametrize(
    ("day", "held"), [("2021-03", True), ("2020", True), ("2021", False), ("2020-03", False), ("2020-04", True)]
)
def test_month_or_year_counts_where_its_last_day_lies(day: str, held: bool) -> None:
    assert Year.named("2020-21").holds(PartialDate.parse(day)) is held


@pytest.mark.parametrize("year", ["2020", "2020-22", "20-21", "", "2020-2021"])
def test_year_that_is_none_is_not_there(engine: Engine, year: str) -> None:
    make_world(engine)

    with pytest.raises(NotFound) as refused:
        shown(engine, f"thscp/{year}", kind="year")

    assert str(refused.value) == f"There is no year {year!r}. Write it like thscp/2020-21."


def test_steps_of_a_case_are_counted_in_their_years(engine: Engine) -> None:
    make_world(engine)
    make_case(engine, "ONE", known_on="2021-03-15", notified_on="2021-03-16", now="2021-03-16T09:00")
    act(engine, "convene_panel", "ONE", on="2021-03-31", now="2021-03-31T09:00")
    act(
        engine,
        "record_recommendation",
        "ONE",
        on="2021-04-01",
        outcome="review",
        immediate_learning="none",
        now="2021-04-01T09:00",
    )
    act(engine, "send_to_national_panel", "ONE", on="2021-04-06", now="2021-04-06T09:00")
    act(
        engine,
        "record_decision",
        "ONE",
        by="exec@thscp.example",
        on="2021-04-20",
        outcome="review",
        methods=["multi_agency_audit", "cyp_workshop"],
        now="2021-04-20T12:00",
    )

    assert _counted(engine, "thscp/2020-21") == {"serious_incident_notifications": 1, "rapid_review_panels_held": 1}
    assert _counted(engine, "thscp/2021-22") == {
        "rapid_review_reports_to_panel": 1,
        "lcsprs_instigated": 1,
        "lcsprs_under_way_at_year_end": 1,
        "local_learning_reviews_open": 1,
    }


def test_review_begun_against_the_panels_advice_is_counted(engine: Engine) -> None:
    make_world(engine)
    make_case(engine, "ONE", known_on="2021-06-01", notified_on="2021-06-01", now="2021-06-01T09:00")
    act(engine, "convene_panel", "ONE", on="2021-06-10", now="2021-06-10T09:00")
    act(
        engine,
        "record_recommendation",
        "ONE",
        on="2021-06-11",
        outcome="review",
        immediate_learning="none",
        now="2021-06-11T09:00",
    )
    act(engine, "send_to_national_panel", "ONE", on="2021-06-14", now="2021-06-14T09:00")
    act(
        engine,
        "record_panel_response",
        "ONE",
        on="2021-06-20",
        kind="advises_against",
        text="Not needed",
        now="2021-06-21T09:00",
    )
    act(
        engine,
        "record_decision",
        "ONE",
        by="exec@thscp.example",
        on="2021-06-22",
        outcome="review",
        methods=["multi_agency_audit", "cyp_workshop"],
        reason="Much public concern",
        now="2021-06-22T12:00",
    )

    shows = shown(engine, "thscp/2021-22", kind="year", now="2022-06-01T09:00")

    assert shows["begun_against_advice"] == {"counted": 1}


def test_loaded_figure_stands_beside_the_counted_one(engine: Engine) -> None:
    make_world(engine)
    with unit_of_work(engine) as session:
        partnership = session.exec(select(Partnership)).one()
        for name, value in (("rapid_review_panels_held", 3), ("child_deaths_notified", 11)):
            write(session, YearFigure(partnership_id=partnership.id, year="2020-21", name=name, value=value))

    figures = shown(engine, "thscp/2020-21", kind="year")["figures"]

    assert figures["rapid_review_panels_held"] == {"counted": 0, "loaded": 3}
    assert figures["child_deaths_notified"] == {"counted": None, "loaded": 11}
    assert figures["lcsprs_published"] == {"counted": 0}


def test_barred_case_is_not_counted(engine: Engine) -> None:
    make_world(engine)
    make_case(engine, "ONE", known_on="2021-06-01", notified_on="2021-06-01", now="2021-06-01T09:00")
    act(engine, "declare_conflict", "ONE", person="exec@thscp.example", reason="Kin", now="2021-06-02T09:00")

    assert _counted(engine, "thscp/2021-22", "exec@thscp.example") == {}
    assert _counted(engine, "thscp/2021-22", "scrutineer@thscp.example") == {"serious_incident_notifications": 1}


def test_year_is_not_for_owners(engine: Engine) -> None:
    make_world(engine)

    with pytest.raises(NotFound) as refused:
        _counted(engine, "thscp/2021-22", "owner@thscp.example")

    assert str(refused.value) == ("There are no figures for thscp/2021-22 that you can open. Ask the business unit.")
