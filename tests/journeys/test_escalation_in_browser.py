"""An escalation in a real browser: raised for a group, in the digest on its day, answered from it, the group told."""

from tests.journeys.service import Service, sent_to, subjects
from tests.journeys.window import Windows
from tests.make import make_person, shown
from tracker.database import unit_of_work
from tracker.groups.queries import partnership_by_code

QUESTION = "Should beds wait?"


def test_escalation_is_answered_from_the_digest_and_its_group_is_told(service: Service, windows: Windows) -> None:
    with unit_of_work(service.engine) as session:
        partnership = partnership_by_code(session, "thscp")
        chair = "chair@thscp.example"
        make_person(session, partnership, chair, "group_chair", name="Chip Aird", groups=["qap"], chair=True)
    service.at("2021-05-20T10:00")
    service.gives_proofs("exec")
    _scheduled(service, windows)
    _raised(service, windows)
    _answered(service, windows)
    _told(service, windows)

    found = shown(service.engine, "E1", kind="escalation", now=service.now)
    assert (found["status"], found["told_on"], found["response"]["answer"]) == ("told", "2021-06-08", "agreed")


def _scheduled(service: Service, windows: Windows) -> None:
    with windows.of("coordinator") as window:
        window.starts()
        window.goes_to("Meetings")
        window.presses("Schedule a meeting")
        window.picks("Which group meets?", "Executive Group")
        window.dates("On which day?", "2021-06-15")
        window.presses("Schedule the meeting")

        assert "M1" in window.banner


def _raised(service: Service, windows: Windows) -> None:
    with windows.of("chair") as window:
        window.starts()
        window.goes_to("Escalations")
        window.presses("Raise an escalation")
        window.types("Title", QUESTION)
        window.types("What is the Executive asked to decide or do?", "Fund two beds from July")
        window.presses("Raise the escalation")

        assert window.banner == "E1 is raised. It waits for an answer."


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
    told = [(f"{who}@thscp.example", "The Executive has answered E1") for who in ("chair", "qap")]
    assert subjects(letters) == told
    letter = sent_to(letters, "chair@")
    assert "Two beds" not in letter.as_string()
    with windows.of("chair") as window:
        window.reads(letter)
        window.follows("Read the answer")

        assert "Two beds from July, by the Integrated Care Board" in window.words
        assert "Group told on 8 June 2021" in window.words
