"""A case on hold: beside its status, with its clocks running on, until somebody looks again (K3, K14)."""

from sqlalchemy import Engine

from tests.tracker.stages import changes, decided, in_rapid_review, notified

WHY = "Criminal proceedings"


def test_case_is_put_on_hold_beside_its_status(engine: Engine) -> None:
    story = decided(engine)

    changed = changes(story, "hold-case", by="exec", reason=WHY, look_again_on="2021-09-01")

    assert changed == {
        "hold": {"reason": WHY, "since": "2021-06-15", "look_again_on": "2021-09-01"},
        "holds": [
            {
                "reason": WHY,
                "since": "2021-06-15",
                "look_again_on": "2021-09-01",
                "until": None,
                "days": 0,
                "revised_due_on": None,
            }
        ],
        "jobs": [
            {
                "code": "delay_notice",
                "deed": "record-delay-notice",
                "sentence": "Tell the national Panel and the Secretary of State that the review will be late, and why.",
            },
            *story.case()["jobs"][1:],
        ],
        "history": [
            (
                "Evan Reed",
                "Executive Group",
                "hold_case",
                f"On hold: {WHY}. Look again on 1 September 2021",
                "review_in_progress",
                "review_in_progress",
            )
        ],
    }


def test_case_is_not_put_on_hold(engine: Engine) -> None:
    story = decided(engine)
    facts = {"reason": WHY, "look_again_on": "2021-09-01"}

    past = story.refused("hold-case", by="exec", reason=WHY, look_again_on="2021-06-14")
    not_hers = story.refused("hold-case", by="scrutineer", **facts)
    empty = story.refused("hold-case", by="exec", reason="", look_again_on="2021-09-01")
    story.does("hold-case", **facts)
    twice = story.refused("hold-case", by="exec", **facts)

    assert past == "The date to look again must be today or later."
    assert not_hers == "Sam Scully may not put the case on hold: it is for the Executive Group."
    assert empty == "The facts do not fit hold-case: reason: it is empty, write at least one word."
    assert twice == "The case is on hold already, since 15 June 2021."
    assert story.case()["history"][-1]["role"] == "coordinator, on behalf of Executive Group"


def test_clock_that_passes_its_date_on_hold_is_explained_and_keeps_its_date(engine: Engine) -> None:
    """The rapid review was due on Tuesday 22 June 2021; Thursday 24 June is two working days later."""
    story = in_rapid_review(engine)
    story.does("hold-case", reason=WHY, look_again_on="2021-07-01")
    story.day("2021-06-24")

    on_hold = next(clock for clock in story.case()["clocks"] if clock["code"] == "rapid_review")
    story.does("release-case", revised_due_on="2021-07-30")
    released = next(clock for clock in story.case()["clocks"] if clock["code"] == "rapid_review")

    assert [(clock["due"], clock["state"], clock["late_by"]) for clock in (on_hold, released)] == [
        ("2021-06-22", "explained", 2),
        ("2021-06-22", "late", 2),
    ]


def test_hold_does_not_end_by_itself_but_asks_to_look_again(engine: Engine) -> None:
    story = in_rapid_review(engine)
    story.does("hold-case", reason=WHY, look_again_on="2021-07-01")
    jobs = []

    for day in ("2021-06-30", "2021-07-01", "2021-08-01"):
        story.day(day)
        jobs.append([job["sentence"] for job in story.case()["jobs"]])

    again = "Look again at the hold: release the case, or hold it on."
    assert jobs == [[], [again], [again]]
    assert story.case()["holds"][0]["days"] == 60


def test_released_case_has_a_revised_date_beside_the_first(engine: Engine) -> None:
    """From 15 June to 15 September 2021 are 92 days."""
    story = decided(engine)
    story.does("hold-case", by="exec", reason=WHY, look_again_on="2021-09-01")
    story.day("2021-09-15")

    changed = changes(story, "release-case", by="exec", revised_due_on="2022-02-28")

    line = story.case()["history"][-1]
    assert (changed["hold"], changed["holds"][0]["until"], changed["holds"][0]["days"], line["held_days"]) == (
        None,
        "2021-09-15",
        92,
        92,
    )
    assert changed["clocks"] == {"rapid_review": ("2021-06-22", "late"), "publish_review": ("2022-02-28", "running")}
    assert changed["history"] == [
        (
            "Evan Reed",
            "Executive Group",
            "release_case",
            "Released; revised date 28 February 2022",
            "2021-12-15",
            "2022-02-28",
        )
    ]
    clock = next(clock for clock in story.case()["clocks"] if clock["code"] == "publish_review")
    assert (clock["original_due"], clock["due"]) == ("2021-12-15", "2022-02-28")


def test_release_is_refused(engine: Engine) -> None:
    story = decided(engine)

    not_held = story.refused("release-case", by="exec", revised_due_on="2022-02-28")
    story.does("hold-case", by="exec", reason=WHY, look_again_on="2021-09-01")
    past = story.refused("release-case", by="exec", revised_due_on="2021-06-14")
    not_hers = story.refused("release-case", by="scrutineer", revised_due_on="2022-02-28")

    assert not_held == "The case is not on hold."
    assert past == "The date must be today or later."
    assert not_hers == "Sam Scully may not release the case: it is for the Executive Group."


def test_case_may_be_held_a_second_time(engine: Engine) -> None:
    story = decided(engine)
    story.does("hold-case", by="exec", reason=WHY, look_again_on="2021-09-01")
    story.day("2021-09-01")
    story.does("release-case", by="exec", revised_due_on="2022-02-28")

    story.does("hold-case", by="exec", reason="An inquest", look_again_on="2021-12-01")

    assert [(hold["reason"], hold["until"]) for hold in story.case()["holds"]] == [
        (WHY, "2021-09-01"),
        ("An inquest", None),
    ]


def test_delay_is_told_to_both_and_each_is_asked_for_until_then(engine: Engine) -> None:
    story = decided(engine)
    story.does("hold-case", by="exec", reason=WHY, look_again_on="2021-09-01")
    story.day("2021-06-17")

    changed = changes(story, "record-delay-notice", on="2021-06-16", to="national Panel")
    story.does("record-delay-notice", on="2021-06-17", to="Secretary of State")

    assert changed["jobs"][0]["sentence"] == "Tell the Secretary of State that the review will be late, and why."
    assert changed["history"] == [
        (
            "Casey Morgan",
            "coordinator",
            "record_delay_notice",
            "Told the national Panel of the delay on 16 June 2021",
            None,
            None,
        )
    ]
    assert [job["code"] for job in story.case()["jobs"]] == ["appoint_lead"]


def test_notice_of_an_earlier_delay_does_not_tell_of_another_hold(engine: Engine) -> None:
    story = decided(engine)
    for reader in ("national Panel", "Secretary of State"):
        story.does("record-delay-notice", on="2021-06-15", to=reader)
    story.day("2021-09-01")

    story.does("hold-case", by="exec", reason="An inquest", look_again_on="2021-12-01")

    assert [job["code"] for job in story.case()["jobs"]] == ["delay_notice", "appoint_lead"]


def test_notice_of_delay_is_refused(engine: Engine) -> None:
    story = notified(engine)

    not_hers = story.refused("record-delay-notice", by="exec", on="2021-06-01", to="national Panel")
    unknown = story.refused("record-delay-notice", on="2021-06-01", to="Parliament")
    far_ahead = story.refused("record-delay-notice", on="2031-06-01", to="national Panel")

    assert not_hers == "Evan Reed may not record a notice of delay: it is for the coordinator. Ask the coordinator."
    assert unknown == ("The facts do not fit record-delay-notice: to: choose 'national Panel' or 'Secretary of State'.")
    assert far_ahead == "The notice on 1 June 2031: that lies more than a year ahead. Check the year."
