"""Publishing: the day planned, the copy that goes seven working days ahead, and what begins with the publication."""

from sqlalchemy import Engine

from tests.make import make_case, shown
from tests.tracker.stages import agreed, changes, decided, published

LATE_COPY = (
    "Cannot publish the report: The full report has to be with the national Panel and the Secretary of State "
    "7 working days before publication: record the sending, choose a later day, or give the reason in override_reason."
)


def test_planned_day_counts_back_to_the_day_of_the_copy(engine: Engine) -> None:
    """Seven working days before Thursday 14 October 2021 is Tuesday 5 October."""
    story = agreed(engine)

    changed = changes(story, "plan-publication", on="2021-10-14")

    assert (changed["events"]["publication_planned"], changed["clocks"], changed["history"]) == (
        {"date": "2021-10-14", "precision": "day"},
        {"send_before_publication": ("2021-10-05", "running")},
        [
            (
                "Casey Morgan",
                "coordinator",
                "plan_publication",
                "Publication planned for 14 October 2021",
                "report_agreed",
                "report_agreed",
            )
        ],
    )


def test_newest_plan_counts_and_the_clock_is_dated_anew(engine: Engine) -> None:
    """Seven working days before Tuesday 4 January 2022 leave out the bank holidays of 27, 28 December and 3 January."""
    story = agreed(engine)
    story.does("plan-publication", on="2021-10-14")

    changed = changes(story, "plan-publication", on="2022-01-04")

    assert changed["clocks"] == {"send_before_publication": ("2021-12-21", "running")}
    assert [(line[2], line[4], line[5]) for line in changed["history"]] == [
        ("plan_publication", "report_agreed", "report_agreed"),
        ("clock_redated", "2021-10-05", "2021-12-21"),
    ]


def test_copy_that_goes_ahead_meets_its_clock(engine: Engine) -> None:
    story = agreed(engine)
    story.does("plan-publication", on="2021-10-14")
    story.day("2021-10-05")

    changed = changes(story, "record-sent-before-publication", on="2021-10-05")

    assert (changed["events"]["sent_before_publication"]["date"], changed["clocks"], changed["history"]) == (
        "2021-10-05",
        {"send_before_publication": ("2021-10-05", "met")},
        [
            (
                "Casey Morgan",
                "coordinator",
                "record_sent_before_publication",
                "Full report sent on 5 October 2021",
                "report_agreed",
                "report_agreed",
            )
        ],
    )


def test_plan_and_copy_are_refused(engine: Engine) -> None:
    story = agreed(engine)

    planned_early = story.refused("plan-publication", on="2021-10-01")
    far_ahead = story.refused("plan-publication", on="2031-10-01")
    not_hers = story.refused("plan-publication", by="exec", on="2021-11-01")
    sent_early = story.refused("record-sent-before-publication", on="2021-10-01")
    not_hers_either = story.refused("record-sent-before-publication", by="exec", on="2021-10-04")
    story.does("record-sent-before-publication", on="2021-10-04")
    twice = story.refused("record-sent-before-publication", on="2021-10-04")

    after = "must be on or after the agreement of the report, 4 October 2021."
    assert planned_early == f"The date of the planned publication {after}"
    assert far_ahead == "Plan the publication on 1 October 2031: that lies more than a year ahead. Check the year."
    assert not_hers == "Evan Reed may not plan the publication: it is for the coordinator."
    assert sent_early == f"The date of the sending {after}"
    assert not_hers_either == "Evan Reed may not record the sending before publication: it is for the coordinator."
    assert twice == "The full report was sent on 4 October 2021. correct-event mends a wrong day."


def test_report_is_published_and_what_follows_begins(engine: Engine) -> None:
    """From Thursday 14 October 2021 the report is public for a year; the reflection is due after six months."""
    story = agreed(engine)
    story.does("record-sent-before-publication", on="2021-10-05")
    story.day("2021-10-14")

    changed = changes(story, "publish", by="exec", on="2021-10-14", public_label="Case Robin")

    assert (changed.pop("events")["publication"], changed) == (
        {"date": "2021-10-14", "precision": "day"},
        {
            "status": "published",
            "stage": 6,
            "public_label": "Case Robin",
            "clocks": {
                "publish_review": ("2021-12-15", "met"),
                "keep_public": ("2022-10-14", "running"),
                "reflection_6m": ("2022-04-14", "running"),
            },
            "steps": [
                "record-reflection 6m",
                "send-to-national-panel",
                "record-panel-response",
                "record-learning-session",
                "hold-case",
            ],
            "history": [
                (
                    "Evan Reed",
                    "Executive Group",
                    "publish",
                    "Published on 14 October 2021",
                    "report_agreed",
                    "published",
                )
            ],
        },
    )


def test_clock_of_the_copy_ends_with_the_reason_why_nobody_waited(engine: Engine) -> None:
    story = agreed(engine)
    story.does("plan-publication", on="2021-10-14")
    story.day("2021-10-06")

    story.does("publish", by="exec", on="2021-10-06", override_reason="The inquest was public")

    clock = next(clock for clock in story.case()["clocks"] if clock["code"] == "send_before_publication")
    assert (clock["state"], clock["words"]) == (
        "stopped",
        "Stopped: published without waiting: The inquest was public",
    )


def test_copy_is_reckoned_from_the_publication_that_came_before_the_plan(engine: Engine) -> None:
    """Seven working days before Monday 18 October 2021 is Thursday 7 October, before Monday 25 October the 14th."""
    story = agreed(engine)
    story.does("plan-publication", on="2021-10-25")
    story.day("2021-10-08")
    story.does("record-sent-before-publication", on="2021-10-08")
    story.day("2021-10-18")

    planned = story.clocks()["send_before_publication"]
    story.does("publish", by="exec", on="2021-10-18", override_reason="The inquest was public")

    assert (planned, story.clocks()["send_before_publication"]) == (("2021-10-14", "met"), ("2021-10-07", "met_late"))


def test_copy_has_to_go_seven_working_days_ahead(engine: Engine) -> None:
    """From Tuesday 5 October 2021 the seventh working day is Thursday 14 October."""
    story = agreed(engine)

    not_sent = story.refused("publish", by="exec", on="2021-10-14")
    story.does("record-sent-before-publication", on="2021-10-05")
    a_day_early = story.refused("publish", by="exec", on="2021-10-13")
    story.does("publish", by="exec", on="2021-10-14")

    assert (not_sent, a_day_early) == (LATE_COPY, LATE_COPY)


def test_report_is_published_earlier_with_a_reason(engine: Engine) -> None:
    story = agreed(engine)

    story.does("publish", by="exec", on="2021-10-06", override_reason="The inquest was public")

    line = story.case()["history"][-1]
    assert (story.status, line["override_reason"]) == ("published", "The inquest was public")


def test_publication_is_refused(engine: Engine) -> None:
    story = decided(engine)
    under_way = story.refused("publish", by="exec", on="2021-06-15")
    assert under_way.startswith("Cannot publish the report: the case is review in progress. What can be done now: ")

    story.does(
        "appoint-lead", by="exec", method="partner_authored_report", person="Jo", level="senior", involvement="none"
    )
    story.day("2021-10-04")
    story.does("agree-report", by="exec", on="2021-10-04")
    story.does("record-sent-before-publication", on="2021-10-05")

    assert story.refused("publish", by="exec", on="2021-10-04") == (
        f"{LATE_COPY} The date of the publication must be on or after the sending before publication, 5 October 2021."
    )
    assert story.refused("publish", by="scrutineer", on="2021-11-01") == (
        "Sam Scully may not publish the report: it is for the Executive Group."
    )
    assert story.refused("publish", by="exec", on="2021-11-01", override_reason=" ") == (
        "The facts do not fit publish: override_reason: it is empty, write at least one word."
    )
    assert story.refused("publish", by="exec", on="2021-11-01", public_label="Jane Smith") == (
        "public_label: this looks like a name. Take it out, or confirm that it is not with "
        '"confirmed": ["looks_personal"].'
    )
    assert story.refused("publish", by="exec", on="2021-11-01", public_label="Child born 3 May 2019") == (
        "public_label: this looks like a date of birth. Take it out, or confirm that it is not with "
        '"confirmed": ["looks_personal"].'
    )


def test_label_that_looks_like_a_name_is_published_when_it_is_confirmed(engine: Engine) -> None:
    story = agreed(engine)
    confirmed = {"confirmed": ["looks_personal"], "override_reason": "Public already"}

    story.does("publish", by="exec", on="2021-11-01", public_label="Robin Hood", **confirmed)

    line = story.case()["history"][-1]
    assert (story.case()["public_label"], line["confirmed"]) == ("Robin Hood", ["looks_personal"])


def test_published_case_is_found_by_its_public_name_in_any_spelling(engine: Engine) -> None:
    story = agreed(engine)
    story.does("publish", by="exec", on="2021-11-01", public_label="Case Robin", override_reason="Public already")

    found = [shown(engine, name, now=story.now)["reference"] for name in ("Case Robin", "case  ROBIN ", "CASE-1")]

    assert found == ["CASE-1"] * 3


def test_reference_is_found_before_the_public_name_of_another_case(engine: Engine) -> None:
    story = agreed(engine)
    make_case(engine, "ROBIN", now=story.now)

    story.does("publish", by="exec", on="2021-11-01", public_label="Robin", override_reason="Public already")

    assert shown(engine, "robin", now=story.now)["reference"] == "ROBIN"


def test_case_is_published_once(engine: Engine) -> None:
    story = published(engine)

    assert story.refused("publish", by="exec", on="2021-11-01").startswith(
        "Cannot publish the report: the case is published. What can be done now: record-reflection, "
    )
