"""A coordinator joins two actions that look alike and splits them again, in a real browser."""

from tests.journeys.service import Service, subjects
from tests.journeys.window import Windows
from tests.make import act, make_case, shown

OWNER, LEAD = "owner@thscp.example", "agency_lead@thscp.example"
SAID = {
    OWNER: "Share health visitor records with schools within ten days",
    LEAD: "Schools are given the records of health visitors within ten days",
}


def test_two_actions_are_joined_reminded_of_once_and_split_again(service: Service, windows: Windows) -> None:
    for place, (owner, text) in enumerate(SAID.items(), 1):
        make_case(service.engine, f"TH-2021-00{place}")
        given = {"text": text, "title": f"Records {place}", "owner": owner, "due_on": f"2021-06-{25 - place}"}
        act(service.engine, "add_action", f"TH-2021-00{place}", now="2021-06-01T12:00", **given)
    service.at("2021-06-02T08:00")
    service.runs_due()
    before = _standing(service)

    service.at("2021-06-08T10:00")
    with windows.of("coordinator") as window:
        window.starts()
        window.goes_to("Action plan")
        assert "These 2 actions look alike" in window.words
        window.presses("Join them into one")
        window.chooses("Lee Agnew")
        window.types("Why are they the same?", "One matter")
        window.presses("Join them into one")
        assert (window.banner, window.path) == ("A2 is joined with A1", "/actions/A1")
    service.at("2021-06-09T08:00")
    assert [to for to, _ in subjects(service.runs_due()) if to in SAID] == [LEAD]
    with windows.of("coordinator") as window:
        window.starts()
        window.goes_to("Action plan")
        window.follows("Records 1")
        window.follows("Split it off again")
        window.types("Why are they not the same?", "One is about academies")
        window.presses("Split the two again")
        assert window.banner == "A2 stands for itself again"
        window.goes_to("Action plan")
        assert "look alike" not in window.words

    assert _standing(service) == before


def _standing(service: Service) -> list[tuple[object, ...]]:
    actions = [shown(service.engine, reference, kind="action", now=service.now) for reference in ("A1", "A2")]
    return [tuple(str(one[key]) for key in ("status", "due", "owner", "owner_since", "sources")) for one in actions]
