"""The groups of the four partnerships: how deep, how often, who is asked, as each partnership's own report has it.

The figures were read in the reports (2020-21 and 2022-23 of Tower Hamlets, 2021-22 of City & Hackney, 2020-21 of
Barking and Dagenham, 2008-09 of the old Board), not in the file that is loaded.
"""

from importlib.resources import files
from pathlib import Path

import pytest
from sqlmodel import select

from tests.make import act, make_person, shown
from tracker.clock import moment_from
from tracker.database import unit_of_work
from tracker.errors import Refused
from tracker.groups.models import Partnership
from tracker.loading.files import load_file

EVERYBODY = ("thscp", "chscp", "bdscp", "thlscb")
LOADED, NOW = "2021-06-01T09:00", "2022-06-01T09:00"


@pytest.fixture
def world(sqlite_engine):
    load_file(sqlite_engine, Path(str(files("tracker") / "demo" / "data" / "partnerships.json")), moment_from(LOADED))
    with unit_of_work(sqlite_engine) as session:
        for code in EVERYBODY:
            partnership = session.exec(select(Partnership).where(Partnership.code == code)).one()
            make_person(session, partnership, f"coordinator@{code}.example", "coordinator", name="Casey Morgan")
    return sqlite_engine


def _groups(world, code, now=NOW):
    return {group["code"]: group for group in shown(world, code, kind="partnership", now=now)["groups"]}


@pytest.mark.parametrize(("code", "areas", "partners"), [("thscp", 1, 3), ("chscp", 2, 5), ("bdscp", 1, 3)])
def test_areas_and_safeguarding_partners(world, code, areas, partners):
    document = shown(world, code, kind="partnership", now=NOW)

    named = [agency["name"] for agency in document["agencies"] if agency["is_safeguarding_partner"]]
    assert (len(document["areas"]), len(named)) == (areas, partners)


@pytest.mark.parametrize(
    ("code", "way"),
    [
        # The Working Group holds the plan, Quality Assurance oversees it, then the Executive.
        ("thscp", ["rrwg", "qap", "exec"]),
        # The Education Safeguarding Forum escalates like others.
        ("thscp", ["esf", "exec"]),
        # A board for each of two areas; what the Executive cannot settle goes to the lead representatives.
        ("chscp", ["board_city", "exec", "leads"]),
        ("chscp", ["board_hackney", "exec", "leads"]),
        # By the Delivery Group to the Executive; operational groups stand below a thematic one.
        ("bdscp", ["pdl", "delivery", "exec"]),
        ("bdscp", ["mase", "cseg", "delivery", "exec"]),
        # Three layers: sub-group, Executive Board, main Board.
        ("thlscb", ["crsg", "execb", "main"]),
    ],
)
def test_escalation_goes_up_by_every_body_above_and_no_further(world, code, way):
    coordinator = f"coordinator@{code}.example"
    act(world, "raise_escalation", code, by=coordinator, now=NOW, group=way[0], title="Beds?", ask="Two")
    stops = [shown(world, "E1", kind="escalation", now=NOW)["level"]]
    while len(stops) < len(way) - 1:
        act(world, "pass_up_escalation", "E1", by=coordinator, now=NOW, reason="They are asked")
        stops.append(shown(world, "E1", kind="escalation", now=NOW)["level"])

    with pytest.raises(Refused) as refused:
        act(world, "pass_up_escalation", "E1", by=coordinator, now=NOW, reason="They are asked")

    assert [way[0], *stops] == way
    assert "Nothing stands above" in str(refused.value)


@pytest.mark.parametrize(
    ("code", "deciding"), [("thscp", "exec"), ("chscp", "exec"), ("bdscp", "exec"), ("thlscb", "main")]
)
def test_digest_goes_before_the_meetings_of_the_body_that_decides(world, code, deciding):
    coordinator = f"coordinator@{code}.example"
    standing = [group["code"] for group in _groups(world, code).values() if group["ended_on"] is None]
    for group in standing:
        act(world, "schedule_meeting", code, by=coordinator, now=NOW, group=group, on="2022-07-05")

    meetings = [shown(world, f"M{number}", kind="meeting", now=NOW) for number, _ in enumerate(standing, 1)]

    assert [meeting["group"] for meeting in meetings if meeting["digest"] is not None] == [deciding]
    # The question whether there is anything to escalate stands on every agenda, the old Board's too.
    assert all(any(one["standing"] for one in meeting["agenda"]) for meeting in meetings)


MONTH, QUARTER, TWO_MONTHS = (1, "months"), (3, "months"), (2, "months")


@pytest.mark.parametrize(
    ("code", "rhythms", "at_least"),
    [
        ("thscp", {"rrwg": (6, "weeks"), "covid_risk": (2, "weeks")}, {}),
        ("chscp", {}, {"leads": 2, "board_city": 4, "board_hackney": 4, "sop": 2}),
        (
            "bdscp",
            {
                "pdl": QUARTER,
                "cseg": MONTH,
                "neh": MONTH,
                "mase": MONTH,
                "ceg": MONTH,
                "cdop": MONTH,
                "csa": TWO_MONTHS,
            },
            {"exec": 6, "delivery": 6},
        ),
        ("thlscb", {"main": TWO_MONTHS, "execb": TWO_MONTHS, "cdop": QUARTER}, {"main": 6, "execb": 6}),
    ],
)
def test_rhythms(world, code, rhythms, at_least):
    groups = _groups(world, code)

    told = {code: groups[code]["rhythm"] for code in {**rhythms, **at_least}}
    assert {code: (told[code]["every"], told[code]["unit"]) for code in rhythms} == rhythms
    assert {code: told[code]["min_per_year"] for code in at_least} == at_least


@pytest.mark.parametrize(
    ("code", "plan", "cases"),
    [
        # The Working Group holds the one plan and Quality Assurance oversees it; the Panel looks at cases.
        ("thscp", {"rrwg", "qap"}, {"rrp"}),
        # A plan for each review and each audit, held by two sub-groups.
        ("chscp", {"crsg", "qasg"}, {"crsg"}),
        # Two trackers for each review, held by the group that coordinates reviews.
        ("bdscp", {"pdl"}, {"pdl"}),
        ("thlscb", {"crsg"}, {"crsg"}),
    ],
)
def test_agendas_show_the_plan_to_who_holds_or_oversees_it_and_cases_to_who_looks_at_them(world, code, plan, cases):
    groups = _groups(world, code).values()

    assert {group["code"] for group in groups if "plan" in group["shown"]} == plan
    assert {group["code"] for group in groups if "cases" in group["shown"]} == cases


def test_old_board_has_eight_sub_groups_under_two_boards(world):
    groups = _groups(world, "thlscb")

    assert [code for code, group in groups.items() if group["escalates_to"] is None] == ["main"]
    assert [code for code, group in groups.items() if group["escalates_to"] == "main"] == ["execb"]
    assert len([code for code, group in groups.items() if group["escalates_to"] == "execb"]) == 8


def test_group_that_a_newer_arrangement_does_not_have_ends_when_that_begins(world):
    groups = _groups(world, "thscp")

    with pytest.raises(Refused) as refused:
        act(world, "schedule_meeting", "thscp", now=NOW, group="covid_risk", on="2022-07-05")

    assert {code: group["ended_on"] for code, group in groups.items() if group["ended_on"]} == {
        "covid_risk": "2022-04-01"
    }
    assert str(refused.value) == "Covid-19 risk meeting ended on 1 April 2022."
