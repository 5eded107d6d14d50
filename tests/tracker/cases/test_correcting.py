"""A day that was recorded wrongly is corrected, with everything that hangs on it."""

import pytest

from tests import make
from tests.tracker.stages import changes, decided, in_rapid_review, notified, recommended, waiting_for_ratification


def test_corrected_day_dates_its_clocks_anew_with_a_line_for_each(engine):
    """Five working days from Friday 28 May 2021 leave out the bank holiday of 31 May and end on Monday 7 June."""
    story = in_rapid_review(engine)
    facts = {"event": "known", "on": "2021-05-28", "reason": "The hospital knew before"}

    changed = changes(story, "correct-event", **facts)

    assert changed == {
        "events": {
            "incident_known": {"date": "2021-05-28", "precision": "day"},
            "notification": {"date": "2021-06-01", "precision": "day"},
            "panel_convened": {"date": "2021-06-02", "precision": "day"},
        },
        "clocks": {"notify_panel": ("2021-06-07", "met")},
        "history": [
            (
                "Casey Morgan",
                "coordinator",
                "correct_event",
                "Corrected the day the incident became known: 28 May 2021 instead of 1 June 2021. "
                "The hospital knew before",
                "2021-06-01",
                "2021-05-28",
            ),
            (
                "Casey Morgan",
                None,
                "clock_redated",
                "Notify the national Panel: due 7 June 2021 instead of 8 June 2021",
                "2021-06-08",
                "2021-06-07",
            ),
        ],
    }


def test_corrected_day_that_ended_a_clock_ends_it_on_the_right_day(engine):
    """Fifteen working days from Wednesday 9 June 2021 end on Wednesday 30 June."""
    story = notified(engine)
    story.day("2021-06-09")

    story.does("correct-event", event="notification", on="2021-06-09", reason="Misread")

    assert story.clocks() == {"notify_panel": ("2021-06-08", "met_late"), "rapid_review": ("2021-06-30", "running")}


def test_corrected_day_of_a_decision_is_the_day_of_the_decision_everywhere(engine):
    """Six months after Monday 14 June 2021 is 14 December."""
    story = decided(engine)

    story.does("correct-event", event="decided", on="2021-06-14", reason="The minutes say so")

    document = story.case()
    assert (document["decision"]["on"], document["events"]["decision"]["date"]) == ("2021-06-14", "2021-06-14")
    assert story.clocks()["publish_review"] == ("2021-12-14", "running")


def test_corrected_day_of_a_recommendation_is_its_day_everywhere(engine):
    story = recommended(engine)

    story.does("correct-event", event="recommendation", on="2021-06-07", reason="The minutes say so")

    assert story.case()["recommendation"]["on"] == "2021-06-07"


def test_correction_is_refused(engine):
    story = decided(engine)
    why = {"reason": "Misread"}

    assert story.refused("correct-event", by="exec", event="decision", on="2021-06-14", **why) == (
        "Evan Reed may not correct a date: it is for the coordinator. Ask the coordinator."
    )
    assert story.refused("correct-event", event="publication", on="2021-06-14", **why) == (
        "Nothing is recorded for the publication: there is no day to correct."
    )
    assert story.refused("correct-event", event="decision", on="2021-06-07", **why) == (
        "The date of the decision must be on or after the recommendation, 8 June 2021."
    )
    assert story.refused("correct-event", event="notification", on="2021-06-03", **why) == (
        "The date of the notification must be on or before the meeting of the panel, 2 June 2021."
    )
    assert story.refused("correct-event", event="decision", on="2031-06-15", **why) == (
        "The decision on 15 June 2031: that lies more than a year ahead. Check the year."
    )
    assert story.refused("correct-event", event="decision", on="2021-06-14", reason=" ") == (
        "The facts do not fit correct-event: reason: it is empty, write at least one word."
    )
    assert story.refused("correct-event", event="wedding", on="2021-06-14", **why).startswith(
        "The facts do not fit correct-event: event: There is no event 'wedding'. Events are: incident, "
    )


@pytest.mark.parametrize(
    ("event", "on", "sentence"),
    [
        (
            "ratification",
            "2021-10-15",
            "The date of the ratification must be on or after the decision, 18 October 2021.",
        ),
        ("decision", "2021-10-26", "The date of the decision must be on or before the ratification, 25 October 2021."),
        (
            "sent_to_panel",
            "2021-09-07",
            "The date of the sending to the national Panel must be on or after the meeting of the panel, "
            "8 September 2021.",
        ),
    ],
)
def test_corrected_day_stays_between_what_went_before_and_what_came_after(engine, event, on, sentence):
    story = waiting_for_ratification(engine)
    story.day("2021-10-25")
    for partner in make.PARTNERS["chscp"]:
        story.does("record-ratification", partner=partner, on="2021-10-25", answer="yes")

    assert story.refused("correct-event", event=event, on=on, reason="Misread") == sentence


def test_corrected_day_of_the_last_ratification_is_that_of_its_answer(engine):
    story = waiting_for_ratification(engine)
    story.day("2021-10-25")
    for partner in make.PARTNERS["chscp"]:
        story.does("record-ratification", partner=partner, on="2021-10-25", answer="yes")

    story.does("correct-event", event="ratification", on="2021-10-22", reason="Misread")

    assert [row["on"] for row in story.case()["ratifications"]] == [*["2021-10-25"] * 4, "2021-10-22"]
