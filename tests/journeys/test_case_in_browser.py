"""A case from incident to closure in a real browser: each step found from Today or the case page, by what it says."""

import pytest

from tests.journeys.service import Service, sent_to, subjects
from tests.journeys.window import Window, Windows
from tests.make import shown

# The longest of the journeys: half a minute alone, and ten times that on a machine that is busy with something else.
# Each wait in it is bounded, and says what it waited for.
pytestmark = pytest.mark.timeout(900)

REFERENCE = "NO-2026-001"
HEALTH, AUDIT = "2. Partner Authored Report", "1. Multi Agency Audit"


@pytest.fixture
def partnership() -> str:
    """Name a partnership that starts today."""
    return "northmoor"


def test_case_goes_from_its_incident_to_its_closure(service: Service, windows: Windows) -> None:
    stages = []
    for part in (_opened, _notified, _convened, _recommended, _decided, _agreed, _published, _acted, _taught):
        part(service, windows)
        stages.append(_stage(service))
    for part in (_updated, _reflected_after_six_months, _reflected_after_a_year, _closed):
        part(service, windows)
        stages.append(_stage(service))

    assert stages == [
        ("incident", 1), ("notified", 1), ("rapid_review", 2), ("recommended", 3), ("review_in_progress", 4),
        ("report_agreed", 5), ("published", 6), ("published", 6), ("learning_shared", 7), ("learning_shared", 7),
        ("reflected_6m", 8), ("reflected", 9), ("closed", 9),
    ]  # fmt: skip
    case = shown(service.engine, REFERENCE, now=service.now)
    assert {clock["code"]: clock["state"] for clock in case["clocks"]} == {
        "notify_panel": "met",
        "rapid_review": "met",
        "publish_review": "met",
        "learning_session": "met_late",
        "send_before_publication": "met",
        "keep_public": "met",
        "reflection_6m": "met",
        "reflection_12m": "met",
    }
    assert [row["actions"] for row in case["recommendations"]["rows"]] == [["A1"], ["A2"]]
    # Saved by each step of the coordinator; reading it changed nothing.
    assert [line["by"] for line in case["history"] if line["deed"] == "draft_decision"] == ["Casey Morgan"] * 2


def _stage(service: Service) -> tuple[str, int]:
    case = shown(service.engine, REFERENCE, now=service.now)
    return case["status"], case["stage"]


def _opened(service: Service, windows: Windows) -> None:
    service.at("2026-01-05T10:00")
    with windows.of("coordinator") as window:
        window.starts()
        window.presses("Start a new case")
        window.dates("When did the incident become known?", "2026-01-05")
        window.presses("Start the case")

        assert (window.heading, window.banner) == ("Plover", f"Case {REFERENCE} is open")


def _notified(service: Service, windows: Windows) -> None:
    service.at("2026-01-09T10:00")
    with windows.of("coordinator") as window:
        window.starts()
        window.follows("Notify the national Panel of Plover")
        window.dates("When did the local authority notify", "2026-01-09")
        window.presses("Record the notification")
        window.follows("Ask an agency for its return")
        window.picks("Which agency is asked?", "Children's Social Care")
        window.dates("By when is it to answer?", "2026-01-16")
        window.presses("Ask for the return")

        assert "Now: Serious incident since 5 January 2026" in window.words
        assert "Children's Social Care: due 16 January 2026" in window.words


def _convened(service: Service, windows: Windows) -> None:
    service.at("2026-01-19T10:00")
    with windows.of("coordinator") as window:
        window.starts()
        window.follows("Chase the return of Children's Social Care on Plover")
        window.dates("When did its return come?", "2026-01-19")
        window.presses("Record the return")
        window.presses("Go to this step: Convene the panel")
        window.dates("When did the panel meet?", "2026-01-19")
        window.presses("Record that the panel met")

        assert window.banner == f"You convened the panel: {REFERENCE}."
        assert "Now: Rapid review since 19 January 2026" in window.words


def _recommended(service: Service, windows: Windows) -> None:
    """The panel recommends, and sees that the next step is the Executive's; the coordinator sends the rapid review."""
    service.at("2026-01-23T10:00")
    with windows.of("rrp") as window:
        window.starts()
        window.follows("Plover")
        window.presses("Go to this step: Record the recommendation")
        window.dates("When did the panel decide what to recommend?", "2026-01-23")
        window.chooses("Hold a local child safeguarding practice review")
        window.types("What has to be learnt at once?", "none")
        window.presses("Record the recommendation")

        assert "Record the decision Ready By the Executive." in window.words
    with windows.of("coordinator") as window:
        window.starts()
        window.follows("Send the rapid review of Plover to the national Panel")
        window.dates("When did it go to the national Panel?", "2026-01-23")
        window.presses("Record the sending")

        assert "Met on day 10 of 15" in window.words


def _decided(service: Service, windows: Windows) -> None:
    """The coordinator drafts the decision in three steps; a member of the Executive reads it and records it."""
    service.at("2026-01-30T10:00")
    with windows.of("coordinator") as window:
        window.starts()
        window.follows("Decision on Plover")
        window.presses("Go to this step: Record the decision")
        _drafts(window)

        assert "A member of the Executive reads it here and records it." in window.words
    service.at("2026-02-02T10:00")
    with windows.of("exec") as window:
        window.starts()
        window.goes_to("Cases")
        window.follows("Plover")
        window.follows("Read the draft of the decision, and record it")
        window.presses("Record the decision")

        assert window.banner == f"You recorded the decision on {REFERENCE}. 2 leads are appointed."
        assert "1 thing to do first By the Executive To do: Confirm that Rene Viner had no direct" in window.words


def _drafts(window: Window) -> None:
    window.dates("When did the Executive decide?", "2026-01-30")
    window.chooses("Hold a local child safeguarding practice review")
    window.chooses("Multi Agency Audit")
    window.chooses("Partner Authored Report")
    window.types("What are the reasons?", "Two agencies knew, and neither asked the other")
    window.presses("Continue to authors")
    for part, who in ((AUDIT, "Rene Viner"), (HEALTH, "Jo Author")):
        window.types("Name", who, part=part)
        window.chooses("Senior", part=part)
    window.types("Work email address", "reviewer@northmoor.example", part=AUDIT)
    window.chooses("Not known yet", part=AUDIT)
    window.chooses("Yes: no direct involvement", part=HEALTH)
    window.presses("Check the record")


def _agreed(service: Service, windows: Windows) -> None:
    """What blocks the sign-off is the answer of an author, who gives it from her email; then the report is agreed."""
    letters = service.runs_due()
    assert subjects(letters) == [
        ("reviewer@northmoor.example", f"Please confirm that you are independent: case {REFERENCE}"),
        ("rrp@northmoor.example", f"The Executive has recorded its decision: case {REFERENCE}"),
    ]
    with windows.of("reviewer", is_signed_in=False) as window:
        window.reads(sent_to(letters, "reviewer@"))
        window.follows("Say whether you are independent")
        window.chooses("Yes")
        window.presses("Send my answer")

        assert window.heading == "Thank you"
    service.at("2026-06-01T10:00")
    with windows.of("coordinator") as window:
        window.starts()
        window.follows("Plover", part="Your open cases")
        window.presses("Go to this step: Agree the report")
        window.dates("When was the report agreed?", "2026-06-01")
        window.types("What was found", "Two teams kept two records", part="Finding 1")
        window.types("What is recommended", "Visit within a day", part="Recommendation 1")
        window.types("What is recommended", "Keep one record", part="Recommendation 2")
        window.presses("Agree the report")
        window.follows("Plan the publication")
        window.dates("When is the report to be published?", "2026-07-15")
        window.presses("Plan the publication")

        assert "Record the learning session Says when it was held" in window.words
        assert "Opens later" not in window.words


def _published(service: Service, windows: Windows) -> None:
    """The report cannot be published before the national Panel has had it for seven working days."""
    service.at("2026-07-06T10:00")
    with windows.of("coordinator") as window:
        window.starts()
        window.follows("Plover", part="Your open cases")
        blocked = window.words
        window.follows("Record the sending before publication", part="Publish the report")
        window.dates("When was it sent?", "2026-07-06")
        window.presses("Record the sending")

        assert "Publish the report 1 thing to do first By the Executive To do: The full report has to be" in blocked
    service.at("2026-07-15T10:00")
    with windows.of("coordinator") as window:
        window.starts()
        window.follows("Publish the review of Plover")
        window.dates("When is the report published?", "2026-07-15")
        window.presses("Continue")
        window.presses("Publish the report")

        assert window.banner == f"You published the report: {REFERENCE}."


def _acted(service: Service, windows: Windows) -> None:
    """Each recommendation without an action has a link that adds one for it."""
    for number, title in ((1, "Visit within a day"), (2, "Keep one record")):
        with windows.of("coordinator") as window:
            window.starts()
            window.follows("Plover", part="Your open cases")
            window.follows("Learning and actions")
            window.follows(f"Add an action for recommendation {number}")
            window.types("What has to be done?", f"{title}, in every team")
            window.types("Its title", title)
            window.picks("Which agency is responsible?", "Children's Social Care")
            window.types("Owner’s work email address", "owner@northmoor.example")
            window.dates("When is it due?", "2026-10-30")
            window.presses("Add the action")

            assert window.banner.startswith(f"Action A{number} is in the plan.")


def _taught(service: Service, windows: Windows) -> None:
    service.at("2026-07-20T10:00")
    with windows.of("coordinator") as window:
        window.starts()
        window.follows("Hold the learning session of Plover")
        window.dates("When was the session held?", "2026-07-20")
        window.picks("Which agency?", "Northmoor Police", part="Agency 1")
        window.types("How many came?", "12", part="Agency 1")
        window.presses("Record the session")

        assert window.banner == f"You recorded the learning session: {REFERENCE}."


def _updated(service: Service, windows: Windows) -> None:
    """Two weeks before they are due the owner is asked, says that both are done, and the coordinator accepts that."""
    service.at("2026-10-16T08:00")
    letter = sent_to(service.runs_due(), "owner@")
    with windows.of("owner", is_signed_in=False) as window:
        window.reads(letter)
        window.follows("Update your 2 actions")
        for evidence in ("The rota of October", "The record of October"):
            window.chooses("Done", exactly=True)
            window.types("What has happened", "Every team does it")
            window.types("What shows that it is done?", evidence)
            window.presses("Send update")
            if "Update your next action" in window.words:
                window.presses("Update your next action")
    service.at("2026-10-16T10:00")
    with windows.of("coordinator") as window:
        window.starts()
        window.follows("Check 2 updates sent by owners")
        window.presses("Accept the update to A1")
        window.presses("Accept the update to A2")
    found = [shown(service.engine, reference, kind="action", now=service.now) for reference in ("A1", "A2")]
    assert [action["status"] for action in found] == ["complete", "complete"]


def _reflected_after_six_months(service: Service, windows: Windows) -> None:
    _reflects(service, windows, "six-month", "2027-01-14", "In progress")


def _reflected_after_a_year(service: Service, windows: Windows) -> None:
    _reflects(service, windows, "one-year", "2027-07-15", "Embedded")


def _reflects(service: Service, windows: Windows, which: str, day: str, answer: str) -> None:
    service.at(f"{day}T10:00")
    with windows.of("coordinator") as window:
        window.starts()
        window.follows(f"Hold the {which} reflection of Plover")
        window.dates("When was it held?", day)
        for part in ("Recommendation 1", "Recommendation 2"):
            window.chooses(answer, part=part)
        window.presses("Record the reflection")


def _closed(service: Service, windows: Windows) -> None:
    service.at("2027-07-19T10:00")
    with windows.of("coordinator") as window:
        window.starts()
        window.follows("Plover", part="Your open cases")
        window.presses("Go to this step: Close the case")
        window.types("Why is the case closed?", "Visits are made within a day")
        window.presses("Continue")
        window.presses("Close the case")

        assert window.banner == f"You closed the case: {REFERENCE}."
        window.starts()
        assert "No case is open." in window.words
