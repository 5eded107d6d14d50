"""An escalation in a real browser: raised from a group's agenda, in the digest, answered from it, the group told."""

import pytest

from tests.journeys.service import Service, sent_to, subjects
from tests.journeys.window import Windows
from tests.make import act, make_group, make_person, shown
from tracker.database import unit_of_work
from tracker.groups.bodies import deciding_group
from tracker.groups.queries import partnership_by_code

QUESTION = "Should beds wait?"
FORUM = "Education Safeguarding Forum"


@pytest.fixture
def forum(service: Service) -> None:
    """Give the service a forum of schools with a chair, and two meetings of it, before and after the Executive's."""
    with unit_of_work(service.engine) as session:
        partnership = partnership_by_code(session, "thscp")
        above = deciding_group(session, partnership.id)
        make_group(session, partnership, "esf", name=FORUM, escalates_to_id=above.id)
        chair = "chair@thscp.example"
        make_person(session, partnership, chair, "group_chair", name="Chip Aird", groups=["esf"], chair=True)
        make_person(session, partnership, "school@thscp.example", name="Skye Hill", groups=["esf"])
    for on in ("2021-05-20", "2021-07-01"):
        act(service.engine, "schedule_meeting", group="esf", on=on, at="14:00", now="2021-05-04T09:00")


@pytest.mark.usefixtures("forum")
def test_escalation_goes_from_an_agenda_to_its_answer_and_back_to_the_next_agenda(
    service: Service, windows: Windows
) -> None:
    service.at("2021-05-20T10:00")
    service.gives_proofs("exec")
    _scheduled(service, windows)
    _raised(service, windows)
    _invited(service)
    _answered(service, windows)
    _told(service, windows)
    _heard(service, windows)

    found = shown(service.engine, "E1", kind="escalation", now=service.now)
    keys = ("status", "told_on", "meeting", "raised_there", "age_days", "age_meetings")
    assert {key: found[key] for key in keys} == {
        "status": "told",
        "told_on": "2021-06-08",
        "meeting": "M1",
        "raised_there": True,
        "age_days": 19,
        "age_meetings": 0,
    }
    assert found["response"]["answer"] == "agreed"


def _scheduled(service: Service, windows: Windows) -> None:
    with windows.of("coordinator") as window:
        window.starts()
        window.goes_to("Meetings")
        window.presses("Schedule a meeting")
        window.picks("Which group meets?", "Executive Group")
        window.dates("On which day?", "2021-06-15")
        window.presses("Schedule the meeting")

        assert "M3" in window.banner


def _raised(service: Service, windows: Windows) -> None:
    """The link of the standing item leads to a form in which group and meeting stand already."""
    with windows.of("chair") as window:
        window.starts()
        window.goes_to("Meetings")
        window.follows("20 May 2021")
        window.follows("Raise an escalation from this meeting", part="Is there anything to escalate?")
        window.types("Title", QUESTION)
        window.types("What is the Executive asked to decide or do?", "Fund two beds from July")
        window.presses("Raise the escalation")

        assert window.banner == "E1 is raised. It waits for an answer."
        assert "Raised at The meeting on 20 May 2021" in window.words


def _invited(service: Service) -> None:
    """Members hear on the next morning of the meetings that are to come, each once."""
    service.at("2021-05-21T08:00")
    asked = f"{FORUM}: meeting on Thursday 1 July 2021 at 2pm"
    assert subjects(service.runs_due()) == [
        ("chair@thscp.example", asked),
        ("exec@thscp.example", "Executive Group: meeting on Tuesday 15 June 2021 at 10am"),
        ("school@thscp.example", asked),
    ]


def _answered(service: Service, windows: Windows) -> None:
    """The digest goes five working days before the meeting, not a day earlier; its link leads on through signing in."""
    service.at("2021-06-07T08:00")
    assert service.runs_due() == []
    service.at("2021-06-08T08:00")
    letters = service.runs_due()
    digest = ("exec@thscp.example", "Executive meeting 15 June 2021: 1 escalation needs your response")
    assert digest in subjects(letters)
    service.at("2021-06-08T09:20")
    with windows.of("exec", is_signed_in=False) as window:
        window.reads(sent_to(letters, "exec@"))
        window.follows("Respond to E1")
        window.gives_password()
        window.gives_code()
        assert (window.heading, "Fund two beds from July" in window.words) == (f"Escalation E1 {QUESTION}", True)
        window.chooses("Agreed", exactly=True)
        window.types("What will happen", "Two beds from July, by the Integrated Care Board")
        window.presses("Check and send")
        window.presses("Send the answer")

        assert window.banner == "Your answer to E1 is sent. The group that asked is told by email."


def _told(service: Service, windows: Windows) -> None:
    """The email says that there is an answer and not which; the group reads it word for word."""
    letters = service.runs_due()
    told = [(f"{who}@thscp.example", "The Executive has answered E1") for who in ("chair", "school")]
    assert subjects(letters) == told
    letter = sent_to(letters, "chair@")
    assert "Two beds" not in letter.as_string()
    with windows.of("chair") as window:
        window.reads(letter)
        window.follows("Read the answer")

        assert "Two beds from July, by the Integrated Care Board" in window.words
        assert "Group told on 8 June 2021" in window.words


def _heard(service: Service, windows: Windows) -> None:
    """The Forum's next agenda has the answer, and the key points that the Executive released with it."""
    act(service.engine, "close_meeting", "M1", now="2021-06-09T09:00")
    act(service.engine, "close_meeting", "M3", key_points="Beds come first", now="2021-06-15T17:00")
    service.at("2021-06-16T09:00")
    with windows.of("chair") as window:
        window.starts()
        window.goes_to("Meetings")
        window.follows("1 July 2021")

        words = window.words
    answer = f"E1 {QUESTION} {FORUM}. Agreed, 8 June 2021."
    assert f"Key points of the Executive Group 15 June 2021 Beds come first {answer}" in words
    assert f"Answers to what was escalated (1) E1 {QUESTION} Agreed, 8 June 2021." in words
