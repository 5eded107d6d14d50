"""The clocks of a case: reckoned from its days, anew when one was wrong, and never from what changed later (K1-K8)."""

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.make import act, make_case, make_world, shown
from tracker.errors import Refused

EXEC = "exec@thscp.example"
TWO_METHODS = ["multi_agency_audit", "partner_led_workshop"]


@pytest.fixture
def world(engine: Engine) -> Engine:
    make_world(engine)
    return engine


def clock(world: Engine, reference: str, code: str, now: str = "2021-06-01T12:00") -> dict[str, Any]:
    found = {each["code"]: each for each in shown(world, reference, now=now)["clocks"]}
    return found[code]


def some(document: dict[str, Any], *keys: str) -> tuple[Any, ...]:
    return tuple(document[key] for key in keys)


def redated(world: Engine, reference: str) -> list[tuple[str, str, str]]:
    """Give what the history says about clocks that were dated anew: words, old and new."""
    lines = shown(world, reference)["history"]
    return [(line["what"], line["old"], line["new"]) for line in lines if line["deed"] == "clock_redated"]


def decide(world: Engine, reference: str, on: str) -> str:
    """Take a case from opening to the decision for a review on one day."""
    now = f"{on}T10:00"
    make_case(world, reference, known_on=on, notified_on=on, now=now)
    act(world, "convene_panel", reference, on=on, now=now)
    act(world, "record_recommendation", reference, on=on, outcome="review", immediate_learning="none", now=now)
    act(world, "record_decision", reference, by=EXEC, on=on, outcome="review", methods=TWO_METHODS, now=now)
    return reference


def publish_planned(world: Engine, on: str) -> str:
    """Take a case to a planned publication."""
    reference = decide(world, "REPORT", "2021-06-01")
    for method in TWO_METHODS:
        lead = {"person": "reviewer@thscp.example", "level": "senior", "involvement": "none"}
        act(world, "appoint_lead", reference, by=EXEC, method=method, **lead)
    texts = {"findings": [{"text": "Apart"}], "recommendations": [{"text": "Share"}]}
    act(world, "agree_report", reference, by=EXEC, on="2021-06-01", **texts)
    act(world, "plan_publication", reference, on=on)
    return reference


# Known and notified on Thursday 17 December 2020.


def test_clock_shows_its_working_over_christmas(world: Engine) -> None:
    make_case(world, "XMAS", known_on="2020-12-17", notified_on="2020-12-17", now="2020-12-17T10:00")

    review = clock(world, "XMAS", "rapid_review", now="2020-12-21T10:00")

    # 18 | 21 to 24 | 29 to 31 December | 4 to 8 | 11 and 12 January: 1 + 4 + 3 + 5 + 2. On the 21st, 13 are left.
    assert review == {
        "code": "rapid_review",
        "name": "Rapid review sent to the national Panel",
        "kind": "guidance",
        "start": "2020-12-17",
        "due": "2021-01-12",
        "original_due": "2021-01-12",
        "precision": "day",
        "length": "15 working days",
        "direction": "after",
        "state": "running",
        "words": "13 working days left",
        "met_on": None,
        "working_days_left": 13,
        "late_by": None,
        "unit": "working_days",
        "excluded": [
            {"on": "2020-12-19", "why": "Saturday"},
            {"on": "2020-12-20", "why": "Sunday"},
            {"on": "2020-12-25", "why": "Christmas Day"},
            {"on": "2020-12-26", "why": "Saturday"},
            {"on": "2020-12-27", "why": "Sunday"},
            {"on": "2020-12-28", "why": "Boxing Day (substitute day)"},
            {"on": "2021-01-01", "why": "New Year's Day"},
            {"on": "2021-01-02", "why": "Saturday"},
            {"on": "2021-01-03", "why": "Sunday"},
            {"on": "2021-01-09", "why": "Saturday"},
            {"on": "2021-01-10", "why": "Sunday"},
        ],
        "stopped_why": None,
    }


NOTIFIED_AND_DUE = {
    # Good Friday 2 and Easter Monday 5 April 2021: 23 to 26 | 29 March to 1 April | 6 to 9 | 12 to 14.
    "2021-03-22": "2021-04-14",
    # Monday 3 May 2021 is the early May bank holiday: 30 April | 4 to 7 | 10 to 14 | 17 to 21.
    "2021-04-29": "2021-05-21",
    # Monday 30 August 2021 is the summer one: 20 | 23 to 27 | 31 to 3 | 6 to 10.
    "2021-08-19": "2021-09-10",
    # Two of the Jubilee, Thursday 2 and Friday 3 June 2022, the last Monday of May not being one:
    # 31, 1 | 6 to 10 | 13 to 17 | 20 to 22.
    "2022-05-30": "2022-06-22",
    # Monday 8 May 2023 is the Coronation's, beside Monday 1 May: 27, 28 | 2 to 5 | 9 to 12 | 15 to 19.
    "2023-04-26": "2023-05-19",
}


def test_rapid_review_has_fifteen_working_days_after_the_notification(world: Engine) -> None:
    for number, day in enumerate(NOTIFIED_AND_DUE):
        make_case(world, f"CASE-{number}", known_on=day, notified_on=day, now=f"{day}T10:00")

    reviews = [clock(world, f"CASE-{number}", "rapid_review") for number in range(len(NOTIFIED_AND_DUE))]
    assert {each["start"]: each["due"] for each in reviews} == NOTIFIED_AND_DUE


# Known and notified on Tuesday 1 June 2021: fifteen working days later is Tuesday 22 June.


def test_corrected_day_dates_its_clocks_anew_with_a_line_in_the_history(world: Engine) -> None:
    make_case(world, "CASE-1", notified_on="2021-06-01")

    act(world, "correct_event", "CASE-1", event="notification", on="2021-06-03", reason="Read the email again")

    # From Thursday 3 June: 4 | 7 to 11 | 14 to 18 | 21 to 24: 1 + 5 + 5 + 4.
    case = shown(world, "CASE-1")
    lines = [some(line, "deed", "by", "role", "what", "old", "new") for line in case["history"][1:]]
    assert case["events"]["notification"] == {"date": "2021-06-03", "precision": "day"}
    assert [some(each, "code", "start", "due", "original_due", "met_on") for each in case["clocks"]] == [
        ("notify_panel", "2021-06-01", "2021-06-08", "2021-06-08", "2021-06-03"),
        ("rapid_review", "2021-06-03", "2021-06-24", "2021-06-24", None),
    ]
    assert lines == [
        (
            "correct_event",
            "Casey Morgan",
            "coordinator",
            "Corrected the notification: 3 June 2021 instead of 1 June 2021. Read the email again",
            "2021-06-01",
            "2021-06-03",
        ),
        (
            "clock_redated",
            "Casey Morgan",
            None,
            "Rapid review sent to the national Panel: due 24 June 2021 instead of 22 June 2021",
            "2021-06-22",
            "2021-06-24",
        ),
    ]


def test_correction_to_the_same_day_moves_no_clock(world: Engine) -> None:
    make_case(world, "CASE-1", notified_on="2021-06-01")

    act(world, "correct_event", "CASE-1", event="notification", on="2021-06-01", reason="It was right")

    assert redated(world, "CASE-1") == []
    assert some(clock(world, "CASE-1", "rapid_review"), "start", "due") == ("2021-06-01", "2021-06-22")


def test_correction_can_show_that_a_clock_was_met_late(world: Engine) -> None:
    make_case(world, "CASE-1", notified_on="2021-06-01")
    before = clock(world, "CASE-1", "notify_panel", now="2021-06-14T12:00")

    act(world, "correct_event", "CASE-1", event="notification", on="2021-06-10", reason="Sent later", now="2021-06-14")

    # Five working days after 1 June are over on Tuesday 8 June: 2, 3, 4, 7 and 8.
    after = clock(world, "CASE-1", "notify_panel", now="2021-06-14T12:00")
    keys = ("due", "state", "met_on", "late_by", "unit")
    assert [some(each, *keys) for each in (before, after)] == [
        ("2021-06-08", "met", "2021-06-01", None, "working_days"),
        ("2021-06-08", "met_late", "2021-06-10", 2, "working_days"),
    ]


OUT_OF_ORDER = {
    "2021-05-31": "The date of the notification must be on or after the day the incident became known, 1 June 2021.",
    "2021-06-11": "The date of the notification must be on or before the meeting of the panel, 10 June 2021.",
    "2023-06-01": "The notification on 1 June 2023: that lies more than a year ahead. Check the year.",
}


def test_correction_out_of_order_in_time_is_refused_and_moves_nothing(world: Engine) -> None:
    make_case(world, "CASE-1", notified_on="2021-06-01")
    act(world, "convene_panel", "CASE-1", on="2021-06-10", now="2021-06-10T12:00")
    before = shown(world, "CASE-1")

    sentences = {}
    for on in OUT_OF_ORDER:
        with pytest.raises(Refused) as refused:
            act(world, "correct_event", "CASE-1", event="notification", on=on, reason="Misread", now="2021-06-14T12:00")
        sentences[on] = str(refused.value)

    assert sentences == OUT_OF_ORDER
    assert shown(world, "CASE-1") == before


def test_day_that_was_never_recorded_cannot_be_corrected(world: Engine) -> None:
    make_case(world, "CASE-1")

    with pytest.raises(Refused) as refused:
        act(world, "correct_event", "CASE-1", event="notification", on="2021-06-01", reason="Misread")

    assert str(refused.value) == "Nothing is recorded for the notification: there is no day to correct."


# Dates known to the month or the year (K5).


def test_month_makes_a_clock_due_in_a_month_that_is_late_when_the_month_is_over(world: Engine) -> None:
    make_case(world, "MONTH", known_on="2021-05")

    # Monday 31 May 2021 is a bank holiday; five working days after it is Monday 7 June.
    keys = ("start", "due", "precision", "state", "late_by", "excluded")
    seen = [some(clock(world, "MONTH", "notify_panel", now=now), *keys) for now in ("2021-06-30", "2021-07-01")]
    assert seen == [
        ("2021-05", "2021-06", "month", "running", None, []),
        ("2021-05", "2021-06", "month", "late", 1, []),
    ]


def test_month_that_turns_out_to_be_a_day_makes_a_clock_of_days(world: Engine) -> None:
    make_case(world, "MONTH", known_on="2021-05")

    act(world, "correct_event", "MONTH", event="incident_known", on="2021-05-20", reason="The email was found")

    # After Thursday 20 May: 21 | 24 to 27.
    assert some(clock(world, "MONTH", "notify_panel"), "start", "due", "precision") == (
        "2021-05-20",
        "2021-05-27",
        "day",
    )
    assert redated(world, "MONTH") == [
        ("Notify the national Panel: due 27 May 2021 instead of June 2021", "2021-06", "2021-05-27")
    ]


def test_day_that_is_only_known_to_the_month_after_all_makes_a_clock_of_months(world: Engine) -> None:
    make_case(world, "CASE-1", known_on="2021-06-01", notified_on="2021-06-01", now="2021-07-01T12:00")

    act(world, "correct_event", "CASE-1", event="notification", on="2021-06", reason="Not sure", now="2021-07-01")

    # After Wednesday 30 June 2021: 1, 2 | 5 to 9 | 12 to 16 | 19 to 21 July.
    assert some(clock(world, "CASE-1", "rapid_review"), "start", "due", "precision") == ("2021-06", "2021-07", "month")
    assert some(clock(world, "CASE-1", "notify_panel"), "state", "met_on") == ("met", "2021-06")


def test_year_makes_a_clock_due_in_a_year(world: Engine) -> None:
    make_case(world, "YEAR", known_on="2020", version="2020-21")

    # Five working days after 31 December 2020 leave out New Year's Day and a weekend: 4 to 8 January 2021.
    keys = ("start", "due", "precision", "state")
    seen = [some(clock(world, "YEAR", "notify_panel", now=now), *keys) for now in ("2021-12-31", "2022-01-01")]
    assert seen == [("2020", "2021", "year", "running"), ("2020", "2021", "year", "late")]


# Months (K2, K3).


DECIDED_AND_DUE = {
    "2021-08-31": "2022-02-28",  # no 31 February
    "2023-08-31": "2024-02-29",  # 2024 is a leap year
    "2023-08-29": "2024-02-29",
    "2021-03-31": "2021-09-30",
    "2021-06-04": "2021-12-04",  # a Saturday: a deadline in months stays
    "2021-06-25": "2021-12-25",  # Christmas Day, a Saturday too
    "2024-02-29": "2024-08-29",
}


def test_six_months_end_on_the_same_day_number_or_the_last_of_the_month(world: Engine) -> None:
    cases = [decide(world, f"CASE-{number}", day) for number, day in enumerate(DECIDED_AND_DUE)]

    reviews = [clock(world, reference, "publish_review") for reference in cases]
    assert {each["start"]: each["due"] for each in reviews} == DECIDED_AND_DUE
    assert {each["length"] for each in reviews} == {"6 months"}


# Overdue (K8), on London's days (K6).


LEFT_OR_LATE = {
    "2021-06-21T12:00": ("running", 1, None),
    "2021-06-22T12:00": ("running", 0, None),
    "2021-06-22T22:59:59+00:00": ("running", 0, None),  # one second before midnight in London
    "2021-06-22T23:00:00+00:00": ("late", None, 1),
    "2021-06-25T12:00": ("late", None, 3),
    "2021-06-26T12:00": ("late", None, 3),  # a Saturday
    "2021-06-28T12:00": ("late", None, 4),
}


def test_clock_is_late_from_the_day_after_its_last_in_london(world: Engine) -> None:
    make_case(world, "CASE-1", notified_on="2021-06-01")

    seen = {
        now: some(clock(world, "CASE-1", "rapid_review", now), "state", "working_days_left", "late_by")
        for now in LEFT_OR_LATE
    }
    assert seen == LEFT_OR_LATE


def test_clock_is_met_by_the_day_that_is_recorded_and_not_by_the_day_of_recording(world: Engine) -> None:
    for reference, sent_on in (("SENT-1", "2021-06-22"), ("SENT-2", "2021-06-24")):
        make_case(world, reference, notified_on="2021-06-01")
        act(world, "convene_panel", reference, on="2021-06-01")
        act(world, "send_to_national_panel", reference, on=sent_on, now="2021-07-01T12:00")

    seen = {
        reference: some(clock(world, reference, "rapid_review", "2021-07-01"), "state", "met_on", "late_by")
        for reference in ("SENT-1", "SENT-2")
    }
    assert seen == {"SENT-1": ("met", "2021-06-22", None), "SENT-2": ("met_late", "2021-06-24", 2)}


# Settings (K7).


def test_clock_keeps_the_length_with_which_it_began_when_the_setting_changes(world: Engine) -> None:
    make_case(world, "BEFORE", notified_on="2021-06-01")
    ten = {"amount": 10, "unit": "working_days"}
    act(world, "change_setting", "thscp", key="clock.rapid_review", value=ten)
    make_case(world, "AFTER", notified_on="2021-06-01")

    # Ten working days after 1 June: 2 to 4 | 7 to 11 | 14 and 15.
    lengths = [some(clock(world, each, "rapid_review"), "length", "due") for each in ("BEFORE", "AFTER")]
    act(world, "correct_event", "BEFORE", event="notification", on="2021-06-03", reason="Misread")
    corrected = some(clock(world, "BEFORE", "rapid_review"), "length", "due")

    assert lengths == [("15 working days", "2021-06-22"), ("10 working days", "2021-06-15")]
    assert corrected == ("15 working days", "2021-06-24")


# From Sunday 31 January 2021; what is not counted in working days may end on Sunday 28 February.
LENGTHS_AND_DUE = [
    (1, "months", "1 month", "2021-02-28"),
    (4, "weeks", "4 weeks", "2021-02-28"),
    (28, "days", "28 days", "2021-02-28"),
    (3, "years", "3 years", "2024-01-31"),
    (1, "working_days", "1 working day", "2021-02-01"),
]


def test_partnership_may_count_a_clock_in_any_unit(world: Engine) -> None:
    seen = []
    for number, (amount, unit, _, _) in enumerate(LENGTHS_AND_DUE):
        value = {"amount": amount, "unit": unit}
        act(world, "change_setting", "thscp", key="clock.rapid_review", value=value, now="2021-01-31T12:00")
        make_case(world, f"CASE-{number}", known_on="2021-01-31", notified_on="2021-01-31", now="2021-01-31T12:00")
        seen.append(some(clock(world, f"CASE-{number}", "rapid_review"), "length", "due"))

    assert seen == [(length, due) for _, _, length, due in LENGTHS_AND_DUE]


# Holds (K3): no clock stops, but the overrun is explained.


def test_hold_explains_what_passes_its_date_and_after_the_release_it_is_late(world: Engine) -> None:
    make_case(world, "CASE-1", notified_on="2021-06-01")
    hold = {"reason": "Criminal trial", "look_again_on": "2021-07-01"}
    act(world, "hold_case", "CASE-1", by=EXEC, **hold, now="2021-06-10T12:00")
    on_hold = [clock(world, "CASE-1", "rapid_review", now) for now in ("2021-06-22", "2021-06-23", "2021-07-02")]
    act(world, "release_case", "CASE-1", by=EXEC, revised_due_on="2021-09-30", now="2021-07-05T12:00")
    released = clock(world, "CASE-1", "rapid_review", "2021-07-05T12:00")

    # After Tuesday 22 June: 23 to 25 | 28 June to 2 July | 5 July.
    keys = ("due", "original_due", "state", "late_by")
    assert [some(each, *keys) for each in (*on_hold, released)] == [
        ("2021-06-22", "2021-06-22", "running", None),
        ("2021-06-22", "2021-06-22", "explained", 1),
        ("2021-06-22", "2021-06-22", "explained", 8),
        ("2021-06-22", "2021-06-22", "late", 9),
    ]


def test_review_released_with_a_revised_date_is_explained_until_that_and_then_late_from_its_first(
    world: Engine,
) -> None:
    decide(world, "CASE-1", "2021-06-04")
    hold = {"reason": "Criminal trial", "look_again_on": "2022-02-01"}
    act(world, "hold_case", "CASE-1", by=EXEC, **hold, now="2021-12-01T12:00")
    on_hold = [clock(world, "CASE-1", "publish_review", now) for now in ("2021-12-04", "2021-12-06")]
    act(world, "release_case", "CASE-1", by=EXEC, revised_due_on="2022-03-31", now="2022-01-10T12:00")
    released = [
        clock(world, "CASE-1", "publish_review", now)
        for now in ("2022-01-10", "2022-03-31", "2022-04-01", "2022-04-02")
    ]

    # Since Saturday 4 December 2021: 27 days to 31 December, 10, 90 or 91 more in 2022.
    keys = ("due", "original_due", "state", "late_by", "unit")
    assert [some(each, *keys) for each in on_hold + released] == [
        ("2021-12-04", "2021-12-04", "running", None, "days"),
        ("2021-12-04", "2021-12-04", "explained", 2, "days"),
        ("2022-03-31", "2021-12-04", "explained", 37, "days"),
        ("2022-03-31", "2021-12-04", "explained", 117, "days"),
        ("2022-03-31", "2021-12-04", "late", 118, "days"),
        ("2022-03-31", "2021-12-04", "late", 119, "days"),
    ]


def test_corrected_decision_leaves_a_revised_date_as_it_was_agreed(world: Engine) -> None:
    decide(world, "CASE-1", "2021-06-04")
    hold = {"reason": "Criminal trial", "look_again_on": "2021-07-01"}
    act(world, "hold_case", "CASE-1", by=EXEC, **hold, now="2021-06-10T12:00")
    act(world, "release_case", "CASE-1", by=EXEC, revised_due_on="2022-03-31", now="2021-07-05T12:00")

    correction = {"event": "decision", "on": "2021-06-07", "reason": "Read the minutes again"}
    act(world, "correct_event", "CASE-1", **correction, now="2021-07-06T12:00")

    review = clock(world, "CASE-1", "publish_review", "2021-07-06")
    assert some(review, "start", "due", "original_due") == ("2021-06-07", "2022-03-31", "2021-12-07")
    assert redated(world, "CASE-1") == [
        ("Review carried out and published: due 7 December 2021 instead of 4 December 2021", "2021-12-04", "2021-12-07")
    ]


# Days that are proclaimed late, or closed.


def test_closure_after_the_fact_gives_a_late_clock_its_day_back(world: Engine) -> None:
    make_case(world, "CASE-1", notified_on="2021-06-01")
    before = clock(world, "CASE-1", "rapid_review", "2021-06-24")

    act(world, "add_closure", on="2021-06-14", name="Day of mourning", now="2021-06-24T12:00")

    after = clock(world, "CASE-1", "rapid_review", "2021-06-24")
    keys = ("due", "original_due", "state", "late_by")
    assert [some(each, *keys) for each in (before, after)] == [
        ("2021-06-22", "2021-06-22", "late", 2),
        ("2021-06-23", "2021-06-23", "late", 1),
    ]
    assert {"on": "2021-06-14", "why": "Day of mourning"} in after["excluded"]


def test_closure_moves_no_clock_of_months_and_none_that_it_lies_beyond(world: Engine) -> None:
    decide(world, "MONTHS", "2021-06-01")
    make_case(world, "EARLIER", known_on="2021-06-01")
    before = [shown(world, reference)["clocks"] for reference in ("MONTHS", "EARLIER")]

    # The sixth working day after 1 June, Wednesday 9 June; and the last day of the six months.
    act(world, "add_closure", on="2021-06-09", name="Fair")
    act(world, "add_closure", on="2021-12-01", name="Fair")

    after = [shown(world, reference)["clocks"] for reference in ("MONTHS", "EARLIER")]
    moved = [
        (old["code"], old["due"], new["due"])
        for olds, news in zip(before, after, strict=True)
        for old, new in zip(olds, news, strict=True)
        if old["due"] != new["due"]
    ]
    assert moved == [("rapid_review", "2021-06-22", "2021-06-23")]


def test_closure_moves_the_first_date_and_leaves_the_revised_one(world: Engine) -> None:
    twenty = {"amount": 20, "unit": "working_days"}
    act(world, "change_setting", "thscp", key="clock.publish_review", value=twenty, now="2021-05-31T12:00")
    decide(world, "CASE-1", "2021-06-01")
    hold = {"reason": "Criminal trial", "look_again_on": "2021-06-10"}
    act(world, "hold_case", "CASE-1", by=EXEC, **hold, now="2021-06-02T12:00")
    act(world, "release_case", "CASE-1", by=EXEC, revised_due_on="2021-09-30", now="2021-06-03T12:00")

    act(world, "add_closure", on="2021-06-14", name="Fair", now="2021-06-04T12:00")

    # Twenty working days after 1 June 2021 is Tuesday 29 June; without the 14th, Wednesday 30 June.
    assert some(clock(world, "CASE-1", "publish_review"), "due", "original_due") == ("2021-09-30", "2021-06-30")


# Seven working days before Monday 12 July 2021: 9 to 5 July are five, 2 and 1 July.


def test_moved_publication_moves_the_day_of_sending_before_it(world: Engine) -> None:
    reference = publish_planned(world, on="2021-07-12")
    first = clock(world, reference, "send_before_publication")

    act(world, "plan_publication", reference, on="2021-07-15")

    # Before Thursday 15 July: 14 to 12 are three, 9 to 6 July four.
    second = clock(world, reference, "send_before_publication")
    keys = ("start", "due", "direction", "length")
    assert [some(each, *keys) for each in (first, second)] == [
        ("2021-07-12", "2021-07-01", "before", "7 working days"),
        ("2021-07-15", "2021-07-06", "before", "7 working days"),
    ]
    assert redated(world, reference)[-1] == (
        "Full report with the national Panel and the Secretary of State: due 6 July 2021 instead of 1 July 2021",
        "2021-07-01",
        "2021-07-06",
    )


def test_closure_before_the_publication_moves_the_day_of_sending_forward(world: Engine) -> None:
    reference = publish_planned(world, on="2021-07-12")

    act(world, "add_closure", on="2021-07-06", name="Fair")

    sending = clock(world, reference, "send_before_publication")
    assert some(sending, "due", "original_due") == ("2021-06-30", "2021-06-30")
