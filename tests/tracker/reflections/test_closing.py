"""Closing a case: every action ended, with a reason; its clocks stop, a hold ends, and nothing more is done on it."""

from sqlalchemy import Engine

from tests.journeys.story import Story
from tests.tracker.stages import changes, decided, notified, published, recommended


def without_review(engine: Engine) -> Story:
    """Give a case that was decided without a review on Tuesday 8 June 2021."""
    story = recommended(engine, "no_review")
    story.does("record-decision", by="exec", on="2021-06-08", outcome="no_review", reason="It is known")
    return story


def test_case_is_closed_with_a_reason_and_its_open_clocks_stop(engine: Engine) -> None:
    story = without_review(engine)
    story.day("2021-06-14")

    changed = changes(story, "close-case", by="exec", reason="The learning is in place")

    assert (changed.pop("events")["closure"], changed) == (
        {"date": "2021-06-14", "precision": "day"},
        {
            "status": "closed",
            "stage": 9,
            "closed_at": "2021-06-14T09:00:00+00:00",
            "clocks": {"rapid_review": ("2021-06-22", "stopped")},
            "steps": [],
            "history": [
                (
                    "Evan Reed",
                    "Executive Group",
                    "close_case",
                    "Closed on 14 June 2021: The learning is in place",
                    "no_review",
                    "closed",
                )
            ],
        },
    )
    clock = next(clock for clock in story.case()["clocks"] if clock["code"] == "rapid_review")
    assert clock["stopped_why"] == "the case was closed"


def test_report_stays_public_after_its_case_is_closed(engine: Engine) -> None:
    """The report was published on 1 November 2021: it is public until 1 November 2022, also of a closed case."""
    story = published(engine)
    story.does("record-reflection", on="2021-11-01")
    story.does("close-case", by="exec", reason="All is done")
    running = story.clocks()["keep_public"]

    story.day("2022-11-02")

    assert (running, story.clocks()["keep_public"]) == (("2022-11-01", "running"), ("2022-11-01", "met"))


def test_case_with_open_actions_is_not_closed(engine: Engine) -> None:
    story = without_review(engine)
    for text in ("Share records", "Train schools", "Write it down"):
        story.does("add-action", about="CASE-1", text=text, due_on="2021-12-01")

    three = story.refused("close-case", by="exec", reason="All is done")
    story.does("complete-action", about="A1", on="2021-06-08", evidence="The protocol")
    story.does("end-action", about="A2", how="not_taken_forward", reason="The schools closed")
    one = story.refused("close-case", by="exec", reason="All is done")
    story.does("end-action", about="A3", how="done_differently", reason="Said instead")
    story.does("close-case", by="exec", reason="All is done")

    assert three == "Cannot close the case: Complete A1, A2 and A3, or end them with a reason, first."
    assert one == "Cannot close the case: Complete A3, or end it with a reason, first."
    assert story.status == "closed"


def test_closing_is_refused(engine: Engine) -> None:
    story = without_review(engine)

    not_hers = story.refused("close-case", by="scrutineer", reason="All is done")
    empty = story.refused("close-case", by="exec", reason="  ")
    too_early = story.refused("close-case", by="exec", reason="All is done", on="2021-06-07")
    story.does("close-case", by="exec", reason="All is done")
    twice = story.refused("close-case", by="exec", reason="All is done")
    held = story.refused("hold-case", by="exec", reason="Rest", look_again_on="2021-07-01")

    assert not_hers == "Sam Scully may not close the case: it is for the Executive Group."
    assert empty == "The facts do not fit close-case: reason: it is empty, write at least one word."
    assert too_early == "The date of the closure must be on or after the decision, 8 June 2021."
    assert twice == "Cannot close the case: the case is closed. Evan Reed did close-case at 10am."
    assert held == "Cannot put the case on hold: the case is closed. Evan Reed did close-case at 10am."


def test_case_that_is_under_way_is_not_closed(engine: Engine) -> None:
    story = decided(engine)

    sentence = story.refused("close-case", by="exec", reason="All is done")

    assert sentence.startswith("Cannot close the case: the case is review in progress. What can be done now: ")


def test_incident_that_is_not_to_be_notified_is_closed_by_the_coordinator(engine: Engine) -> None:
    story = Story(engine, "thscp")
    story.opens("2021-06-01")

    changed = changes(story, "close-case", reason="No abuse or neglect")

    assert (changed["status"], changed["clocks"]) == ("closed", {"notify_panel": ("2021-06-08", "stopped")})


def test_hold_ends_when_its_case_is_closed(engine: Engine) -> None:
    story = without_review(engine)
    story.does("hold-case", by="exec", reason="An inquest", look_again_on="2021-09-01")
    story.day("2021-06-18")

    changed = changes(story, "close-case", by="exec", reason="All is done")

    assert (changed["hold"], [(hold["until"], hold["days"]) for hold in changed["holds"]]) == (
        None,
        [("2021-06-18", 10)],
    )


def test_closed_case_takes_a_corrected_day_and_its_stopped_clocks_stay_stopped(engine: Engine) -> None:
    """Fifteen working days from Wednesday 2 June 2021 end on Wednesday 23 June."""
    story = without_review(engine)
    story.does("close-case", by="exec", reason="All is done")

    story.does("correct-event", event="notification", on="2021-06-02", reason="Misread")

    assert story.status == "closed"
    assert story.clocks() == {"notify_panel": ("2021-06-08", "met"), "rapid_review": ("2021-06-23", "stopped")}


def test_step_after_the_closure_of_a_notified_case_is_refused(engine: Engine) -> None:
    story = notified(engine)

    sentence = story.refused("close-case", reason="Not to be notified")

    assert sentence == (
        "Cannot close the case: the case is notified. What can be done now: convene-panel, hold-case. "
        "Casey Morgan did open-case at 10am."
    )
