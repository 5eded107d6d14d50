"""What partners answer to a decision, and how a difference is resolved."""

from sqlalchemy import Engine

from tests.make import PARTNERS
from tests.tracker.stages import changes, decided, waiting_for_ratification

FIVE = PARTNERS["chscp"]
COUNCIL = PARTNERS["thscp"][0]


def test_partner_ratifies_and_the_case_waits_for_the_others(engine: Engine) -> None:
    story = waiting_for_ratification(engine)
    story.day("2021-10-25")

    changed = changes(story, "record-ratification", by="partner1", partner=FIVE[0], on="2021-10-25", answer="yes")

    open_still = {"answer": "open", "on": None, "reason": None, "resolved": False}
    assert changed == {
        "ratifications": [
            {"partner": FIVE[0], "answer": "yes", "on": "2021-10-25", "reason": None, "resolved": False},
            *({"partner": partner, **open_still} for partner in FIVE[1:]),
        ],
        "history": [
            (
                "Partner A",
                "Safeguarding partners",
                "record_ratification",
                "Hackney Council answered yes on 25 October 2021",
                "decision_made",
                "decision_made",
            )
        ],
    } | {"steps": changed["steps"]}
    step = next(step for step in story.case()["steps"] if step["deed"] == "record-ratification")
    assert step["choices"] == {"partners": list(FIVE[1:])}


def test_last_ratification_begins_the_review(engine: Engine) -> None:
    story = waiting_for_ratification(engine)
    for partner in FIVE[:4]:
        story.does("record-ratification", partner=partner, on="2021-10-18", answer="yes")
    story.day("2021-10-25")

    changed = changes(story, "record-ratification", by="partner5", partner=FIVE[4], on="2021-10-25", answer="yes")

    assert changed["events"]["ratification"] == {"date": "2021-10-25", "precision": "day"}
    assert [(line[2], line[4], line[5]) for line in changed["history"]] == [
        ("record_ratification", "decision_made", "decision_made"),
        ("moved_on", "decision_made", "ratified"),
        ("moved_on", "ratified", "review_in_progress"),
    ]


def test_ratification_is_refused(engine: Engine) -> None:
    story = waiting_for_ratification(engine)
    yes = {"on": "2021-10-18", "answer": "yes"}

    too_early = story.refused("record-ratification", partner=FIVE[0], on="2021-10-15", answer="yes")
    without = story.refused("record-ratification", partner=FIVE[0], on="2021-10-18", answer="no")
    unknown = story.refused("record-ratification", partner="Lighthouse", **yes)
    not_hers = story.refused("record-ratification", by="exec", partner=FIVE[0], **yes)
    for_another = story.refused("record-ratification", by="partner2", partner=FIVE[0], **yes)
    story.does("record-ratification", partner=FIVE[0], **yes)
    twice = story.refused("record-ratification", by="partner1", partner=FIVE[0], on="2021-10-18", answer="no")

    assert too_early == "The date of the ratification must be on or after the decision, 18 October 2021."
    assert without == "Cannot record a partner's ratification: Say why Hackney Council objects."
    assert unknown == f"Lighthouse is no safeguarding partner here. They are: {', '.join(FIVE)}."
    assert not_hers == "Evan Reed may not record a partner's ratification: it is for the Safeguarding partners."
    assert for_another == "Partner B answers for City of London Corporation, not for Hackney Council."
    assert twice == "Hackney Council has answered on 18 October 2021."


def test_case_that_no_partner_ratifies_refuses_a_ratification(engine: Engine) -> None:
    story = decided(engine)

    sentence = story.refused("record-ratification", partner=COUNCIL, on="2021-06-15", answer="yes")

    assert sentence.startswith("Cannot record a partner's ratification: the case is review in progress.")


def test_objection_goes_to_resolution_and_counts_as_answered_when_it_is_settled(engine: Engine) -> None:
    story = waiting_for_ratification(engine)
    story.does(
        "record-ratification", by="partner1", partner=FIVE[0], on="2021-10-18", answer="no", reason="Criteria not met"
    )
    story.day("2021-11-01")
    in_resolution = story.status
    talks = {"participants": "Iris Cole", "reason": "Talked through"}

    changed = changes(story, "record-resolution", by="iscc", on="2021-11-01", outcome="It goes on", **talks)

    assert in_resolution == "in_resolution"
    assert (changed["status"], changed["resolution"], changed["history"]) == (
        "decision_made",
        {"on": "2021-11-01", "outcome": "It goes on", "participants": ["Iris Cole"], "reason": "Talked through"},
        [
            (
                "Iris Cole",
                "Independent Safeguarding Children Commissioner",
                "record_resolution",
                "Resolved on 1 November 2021: It goes on",
                "in_resolution",
                "in_resolution",
            ),
            (
                "Iris Cole",
                None,
                "moved_on",
                "The case moved on by itself: The difference is resolved and partners have still to answer.",
                "in_resolution",
                "decision_made",
            ),
        ],
    )
    assert [(row["answer"], row["resolved"]) for row in changed["ratifications"]] == [
        ("no", True),
        *[("open", False)] * 4,
    ]
    assert story.refused("record-ratification", partner=FIVE[0], on="2021-11-01", answer="yes") == (
        "Hackney Council has answered on 18 October 2021."
    )


def test_partner_that_objected_may_say_yes_before_a_resolution(engine: Engine) -> None:
    story = waiting_for_ratification(engine)
    story.does("record-ratification", partner=FIVE[0], on="2021-10-18", answer="no", reason="Criteria not met")
    for partner in FIVE[1:]:
        story.does("record-ratification", partner=partner, on="2021-10-18", answer="yes")
    objected = story.status

    story.does("record-ratification", by="partner1", partner=FIVE[0], on="2021-10-18", answer="yes")

    assert (objected, story.status) == ("in_resolution", "review_in_progress")
    assert story.case()["events"]["ratification"]["date"] == "2021-10-18"


def test_resolution_is_refused(engine: Engine) -> None:
    story = waiting_for_ratification(engine)
    facts = {"on": "2021-10-18", "outcome": "It goes on"}

    no_difference = story.refused("record-resolution", by="iscc", **facts)
    story.does("record-ratification", partner=FIVE[0], on="2021-10-25", answer="no", reason="Criteria not met")
    too_early = story.refused("record-resolution", by="iscc", **facts | {"on": "2021-10-15"})
    before_it = story.refused("record-resolution", by="iscc", **facts | {"on": "2021-10-19"})
    not_hers = story.refused("record-resolution", by="exec", **facts)

    assert no_difference.startswith(
        "Cannot record the resolution: the case is decided and waiting for what follows the decision. "
        "What can be done now: "
    )
    assert too_early == "The date of the resolution must be on or after the decision, 18 October 2021."
    assert before_it == "The date of the resolution must be on or after the objection, 25 October 2021."
    assert not_hers == (
        "Evan Reed may not record the resolution: it is for the Safeguarding partners or the "
        "Independent Safeguarding Children Commissioner."
    )


def test_resolution_that_turns_no_review_into_a_review_begins_its_clock_from_the_decision(engine: Engine) -> None:
    """Six months after Monday 18 October 2021, the day of the decision, is 18 April 2022 (K4)."""
    story = waiting_for_ratification(engine, "no_review")
    story.does("record-ratification", partner=FIVE[0], on="2021-10-18", answer="no", reason="The criteria are met")
    for partner in FIVE[1:]:
        story.does("record-ratification", partner=partner, on="2021-10-18", answer="yes")
    story.day("2021-11-01")

    changed = changes(story, "record-resolution", by="iscc", on="2021-11-01", outcome="review", reason="All agree")

    assert (changed["status"], changed["clocks"]) == (
        "review_in_progress",
        {"publish_review": ("2022-04-18", "running")},
    )
    assert [line[2] for line in changed["history"]] == ["record_resolution", "decision_changed", "moved_on", "moved_on"]
