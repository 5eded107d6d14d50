"""Days that become no working days: open clocks get another date, met and closed ones keep theirs."""

import pytest
from sqlalchemy import Engine

from tests.make import act, make_case, make_world, shown
from tracker.errors import NotAllowed, NotFound, Refused

NOW = "2021-06-01T12:00"


@pytest.fixture
def world(engine: Engine) -> Engine:
    make_world(engine)
    return engine


def _due(world: Engine, reference: str, code: str) -> tuple[str, str]:
    return _dates(world, reference)[code]


def _dates(world: Engine, reference: str) -> dict[str, tuple[str, str]]:
    return {clock["code"]: (clock["due"], clock["original_due"]) for clock in shown(world, reference)["clocks"]}


def test_closure_gives_open_clocks_another_date_and_lists_each(world: Engine) -> None:
    # Known on Tuesday 1 June 2021: five working days later is Tuesday 8 June, fifteen are Tuesday 22 June.
    make_case(world, "OPEN", notified_on="2021-06-01", now=NOW)
    assert _due(world, "OPEN", "rapid_review") == ("2021-06-22", "2021-06-22")

    act(world, "add-closure", on="2021-06-14", name="Late bank holiday", now="2021-06-02T12:00")

    partnership = shown(world, "thscp", kind="partnership", now="2021-06-02T12:00")
    line = shown(world, "OPEN")["history"][-1]
    assert _due(world, "OPEN", "rapid_review") == ("2021-06-23", "2021-06-23")
    assert partnership["closures"] == [
        {
            "on": "2021-06-14",
            "name": "Late bank holiday",
            "partnership": None,
            "redated": [{"case": "OPEN", "clock": "rapid_review", "old": "2021-06-22", "new": "2021-06-23"}],
        }
    ]
    assert (line["deed"], line["what"], line["old"], line["new"]) == (
        "clock_redated",
        "Rapid review sent to the national Panel: due 23 June 2021 instead of 22 June 2021, "
        "because of Late bank holiday, 14 June 2021",
        "2021-06-22",
        "2021-06-23",
    )


def test_closure_leaves_met_clocks_and_closed_cases_alone(world: Engine) -> None:
    make_case(world, "MET", notified_on="2021-06-01", now=NOW)
    make_case(world, "CLOSED", now=NOW)
    act(world, "close_case", "CLOSED", reason="Not to be notified", now=NOW)
    before = {reference: _dates(world, reference) for reference in ("MET", "CLOSED")}

    act(world, "add_closure", on="2021-06-03", name="Late bank holiday", now=NOW)

    # The notification met its clock; the rapid review's runs on and moves.
    after = {reference: _dates(world, reference) for reference in ("MET", "CLOSED")}
    assert after == {
        "MET": before["MET"] | {"rapid_review": ("2021-06-23", "2021-06-23")},
        "CLOSED": before["CLOSED"],
    }


def test_closure_of_one_partnership_leaves_the_other_alone(world: Engine) -> None:
    make_world(world, "chscp")
    make_case(world, "TOWER", notified_on="2021-06-01", now=NOW)
    make_case(world, "HACKNEY", partnership="chscp", notified_on="2021-06-01", by="coordinator@chscp.example", now=NOW)

    act(world, "add_closure", on="2021-06-14", name="Office move", partnership="thscp", now=NOW)

    assert [_due(world, reference, "rapid_review")[0] for reference in ("TOWER", "HACKNEY")] == [
        "2021-06-23",
        "2021-06-22",
    ]


def test_list_of_moved_clocks_holds_no_case_that_a_conflict_bars(world: Engine) -> None:
    make_case(world, "SECRET", notified_on="2021-06-01", now=NOW)
    act(world, "declare_conflict", "SECRET", person="admin@thscp.example", reason="Kin", now=NOW)
    act(world, "declare_conflict", "SECRET", person="exec@thscp.example", reason="Kin", now=NOW)
    act(world, "add_closure", on="2021-06-14", name="Late bank holiday", now=NOW)

    seen = [
        str(shown(world, "thscp", kind="partnership", by=f"{who}@thscp.example")).count("SECRET")
        for who in ("admin", "exec", "coordinator")
    ]

    assert seen == [0, 0, 1]


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        ("2021-06-05", "5 June 2021 is a Saturday: it is no working day already."),
        (
            "2021-08-30",
            "30 August 2021 is Late Summer Bank Holiday: it is no working day already.",
        ),
        ("2150-01-04", "Working days are counted from 1990 to 2100. Check the year."),
    ],
)
def test_closure_on_a_day_that_does_not_count_is_refused(world: Engine, on: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        act(world, "add_closure", on=on, name="Late bank holiday", now=NOW)

    assert str(refused.value) == sentence


def test_same_closure_twice_is_refused(world: Engine) -> None:
    act(world, "add_closure", on="2021-06-14", name="Late bank holiday", now=NOW)

    with pytest.raises(Refused) as refused:
        act(world, "add_closure", on="2021-06-14", name="Late bank holiday", now=NOW)

    assert str(refused.value) == "14 June 2021 is Late bank holiday: it is no working day already."


def test_closure_is_for_coordinator_and_admin(world: Engine) -> None:
    make_world(world, "chscp")

    with pytest.raises(NotAllowed) as refused:
        act(world, "add_closure", on="2021-06-14", name="Fair", by="exec@thscp.example", now=NOW)
    with pytest.raises(NotFound) as elsewhere:
        act(world, "add_closure", on="2021-06-14", name="Fair", partnership="chscp", now=NOW)

    assert str(refused.value) == (
        "Evan Reed may not add closure: it is for the admin or coordinator. Ask the coordinator."
    )
    assert str(elsewhere.value) == "There is no partnership 'chscp' that you can open."
