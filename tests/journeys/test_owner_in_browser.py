"""An owner answers one email in a real browser: three updates, a question about one of them, and its answer."""

from tests.journeys.service import Service, subjects
from tests.journeys.window import Windows
from tests.make import act, shown

OWNER = "owner@thscp.example"


def test_owner_sends_three_updates_from_one_email_and_answers_a_question(service: Service, windows: Windows) -> None:
    _planned(service)
    _sends_three(service, windows)
    _accepts_two_and_asks(service, windows)
    _answers(service, windows)

    found = [shown(service.engine, reference, kind="action", now=service.now) for reference in ("A1", "A2", "A3")]
    assert [[(one["report"], one["text"], one["state"]) for one in action["updates"]] for action in found] == [
        [("on_track", "News of A1", "accepted")],
        [("at_risk", "News of A2", "accepted")],
        [("stuck", "News of A3", "replaced"), ("on_track", "The police have answered", "sent")],
    ]


def _planned(service: Service) -> None:
    """One email tells the owner of all three new actions, and one asks about them two weeks before they are due."""
    for title in ("Share records", "Ring schools", "Test the policy"):
        facts = {"text": title, "agency": "Children's Social Care", "owner": OWNER, "due_on": "2021-06-22"}
        act(service.engine, "add_action", title=title, now="2021-06-01T12:00", **facts)
    service.at("2021-06-02T08:00")
    assert subjects(service.runs_due()) == [(OWNER, "3 new actions for you")]


def _sends_three(service: Service, windows: Windows) -> None:
    service.at("2021-06-08T08:00")
    letters = service.runs_due()
    assert subjects(letters) == [(OWNER, "3 actions need an update by 22 June 2021")]
    service.at("2021-06-08T12:15")
    with windows.of("owner", is_signed_in=False) as window:
        window.reads(letters[0])
        window.follows("Update your 3 actions")
        for reference, answer in (("A1", "On track"), ("A2", "At risk or late"), ("A3", "Stuck")):
            assert reference in window.words
            window.chooses(answer)
            window.types("What has happened", f"News of {reference}")
            window.presses("Send update")
            assert f"Update sent {reference}: " in window.words
            if reference != "A3":
                window.presses("Update your next action")


def _accepts_two_and_asks(service: Service, windows: Windows) -> None:
    with windows.of("coordinator") as window:
        window.starts()
        window.follows("Check 3 updates sent by owners")
        window.presses("Accept the update to A1")
        window.presses("Accept the update to A2")
        window.page.get_by_text("Ask the owner about A3").click()
        window.types("What do you ask?", "Whom did you ask?")
        window.presses("Ask the owner")

        assert "Asked back, with their owners now (1)" in window.words


def _answers(service: Service, windows: Windows) -> None:
    letters = service.runs_due()
    assert (OWNER, "A question about your update to A3") in subjects(letters)
    question = next(letter for letter in letters if "question" in str(letter["Subject"]))
    with windows.of("owner", is_signed_in=False) as window:
        window.reads(question)
        window.follows("Answer the question")
        assert "Whom did you ask?" in window.words
        window.chooses("On track")
        window.types("What has happened", "The police have answered")
        window.presses("Send update")
    with windows.of("coordinator") as window:
        window.starts()

        assert "Check the update to A3" in window.words
