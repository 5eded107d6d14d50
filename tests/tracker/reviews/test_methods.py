"""The methods of a review as work: each is done on a day, once."""

from sqlalchemy import Engine

from tests.tracker.stages import (
    AUDIT,
    LEAD,
    REPORT,
    changes,
    decided,
)


def test_method_is_done_by_its_lead(engine: Engine) -> None:
    story = decided(engine)
    story.does("appoint-lead", by="exec", method=REPORT, **LEAD)
    story.day("2021-09-01")

    changed = changes(story, "record-method-done", by="reviewer", method=REPORT, on="2021-09-01", note="In 40 pages")

    work = changed["methods"][0]
    assert (work["done_on"], work["note"], changed["history"]) == (
        "2021-09-01",
        "In 40 pages",
        [
            (
                "Rene Viner",
                "lead",
                "record_method_done",
                "Partner Authored Report done on 1 September 2021",
                "review_in_progress",
                "review_in_progress",
            )
        ],
    )


def test_audit_begins_the_clock_of_its_follow_up_and_a_corrected_day_dates_it_anew(engine: Engine) -> None:
    """Six months after 31 August 2021 is 28 February 2022, the last day of its month (K2)."""
    story = decided(engine)
    story.day("2021-09-01")

    changed = changes(story, "record-method-done", method=AUDIT, on="2021-09-01")
    story.does("correct-event", event="audit", on="2021-08-31", reason="The day before")

    assert changed["clocks"] == {"audit_follow_up": ("2022-03-01", "running")}
    assert story.clocks()["audit_follow_up"] == ("2022-02-28", "running")
    assert [work["done_on"] for work in story.case()["methods"]] == [None, "2021-08-31"]


def test_method_that_is_done_is_refused(engine: Engine) -> None:
    story = decided(engine)

    too_early = story.refused("record-method-done", method=REPORT, on="2021-06-14")
    not_chosen = story.refused("record-method-done", method="cyp_outreach", on="2021-06-15")
    not_hers = story.refused("record-method-done", by="exec", method=REPORT, on="2021-06-15")
    story.does("record-method-done", method=REPORT, on="2021-06-15")
    twice = story.refused("record-method-done", method=REPORT, on="2021-06-15")

    assert too_early == "The date of the completion must be on or after the decision, 15 June 2021."
    assert not_chosen == (
        "Cannot record that a method is done: Children and Young People Outreach Activities was not chosen for this "
        "case. The methods are Partner Authored Report and Multi Agency Audit."
    )
    assert not_hers == "Evan Reed may not record that a method is done: it is for the coordinator."
    assert twice == "Partner Authored Report was done on 15 June 2021."
