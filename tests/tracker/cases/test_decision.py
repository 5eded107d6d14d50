"""The decision: methods, reasons, agreement and dissent."""

import pytest
from sqlalchemy import Engine

from tests.make import PARTNERS
from tests.tracker.stages import AUDIT, REPORT, changes, in_rapid_review, recommended
from workflows.lifecycle import StepRefused

COUNCIL, NHS, POLICE = PARTNERS["thscp"]


def test_executive_chooses_methods_and_starts_the_review(engine: Engine) -> None:
    """Six months after Tuesday 15 June 2021 is 15 December."""
    story = recommended(engine)
    story.day("2021-06-15")
    facts = {"on": "2021-06-15", "outcome": "review", "methods": [REPORT, AUDIT]}

    changed = changes(story, "record-decision", by="exec", **facts)

    method = {"lead": None, "leads": [], "lead_missing": True, "done_on": None, "note": None}
    assert (changed.pop("events")["decision"], changed) == (
        {"date": "2021-06-15", "precision": "day"},
        {
            "status": "review_in_progress",
            "stage": 4,
            "clocks": {"publish_review": ("2021-12-15", "running")},
            "decision": {
                "on": "2021-06-15",
                "outcome": "review",
                "reason": None,
                "scrutineer_said": None,
                "by": "Executive Group",
                "agreed_by": [COUNCIL, NHS, POLICE],
                "dissent": [],
                "against_recommendation": False,
                "against_panel_advice": False,
                "methods": [REPORT, AUDIT],
                "earlier": [],
            },
            "methods": [
                {"code": REPORT, "label": "Partner Authored Report", "needs_named_lead": True, **method},
                {"code": AUDIT, "label": "Multi Agency Audit", "needs_named_lead": False, **method},
            ],
            "jobs": [
                {
                    "code": "appoint_lead",
                    "deed": "appoint-lead",
                    "sentence": "Appoint a lead for Partner Authored Report.",
                }
            ],
            "steps": [
                "agree-report",
                "send-to-national-panel",
                "record-panel-response",
                "appoint-lead",
                "withdraw-declaration",
                "record-method-done",
                "plan-publication",
                "hold-case",
            ],
            "history": [
                (
                    "Evan Reed",
                    "Executive Group",
                    "record_decision",
                    "Decided on 15 June 2021: review",
                    "recommended",
                    "review_in_progress",
                )
            ],
        },
    )


def test_everything_that_is_missing_is_said_at_once(engine: Engine) -> None:
    story = recommended(engine, "no_review")
    facts = {"on": "2021-06-08", "outcome": "review", "methods": [AUDIT, AUDIT], "agreed_by": [COUNCIL, POLICE]}

    with pytest.raises(StepRefused) as refusal:
        story.does("record-decision", by="exec", **facts)

    assert str(refusal.value) == (
        "Cannot record the decision: Choose 2 or more methods. Give the reason for deciding against the "
        "recommendation. Tick every partner who agreed, or record the disagreement: North East London NHS said neither."
    )
    assert [(blocker.code, blocker.cured_by) for blocker in refusal.value.blockers] == [
        ("methods", "record-decision"),
        ("reason", "record-decision"),
        ("partners", "record-decision"),
    ]
    assert story.status == "recommended"


def test_only_a_member_of_the_body_decides(engine: Engine) -> None:
    story = recommended(engine)
    facts = {"on": "2021-06-08", "outcome": "review", "methods": [REPORT, AUDIT]}

    refused = [story.refused("record-decision", by=by, **facts) for by in ("coordinator", "rrp", "scrutineer")]

    assert refused == [
        f"{name} may not record the decision: it is for the Executive Group."
        for name in ("Casey Morgan", "Priya Shah", "Sam Scully")
    ]


def test_decision_before_the_recommendation_is_refused(engine: Engine) -> None:
    story = recommended(engine)
    facts = {"outcome": "review", "methods": [REPORT, AUDIT]}

    assert story.refused("record-decision", by="exec", on="2021-06-07", **facts) == (
        "The date of the decision must be on or after the recommendation, 8 June 2021."
    )
    story.does("send-to-national-panel", on="2021-06-10")
    assert story.refused("record-decision", by="exec", on="2021-06-09", **facts) == (
        "The date of the decision must be on or after the sending to the national Panel, 10 June 2021."
    )


def test_decision_on_a_case_that_waits_for_no_decision_is_refused(engine: Engine) -> None:
    story = in_rapid_review(engine)
    facts = {"on": "2021-06-15", "outcome": "review", "methods": [REPORT, AUDIT]}

    too_early = story.refused("record-decision", by="exec", **facts)
    learning = {"outcome": "review", "immediate_learning": "none"}
    story.does("record-recommendation", by="rrp", on="2021-06-02", **learning)
    story.does("record-decision", by="exec", **facts)
    twice = story.refused("record-decision", by="exec", **facts)

    assert too_early == (
        "Cannot record the decision: the case is in rapid review. What can be done now: record-recommendation, "
        "send-to-national-panel, record-panel-response, hold-case. Casey Morgan did convene-panel at 10am."
    )
    assert twice.startswith("Cannot record the decision: the case is review in progress. What can be done now: ")
    assert twice.endswith(" Evan Reed did record-decision at 10am.")


@pytest.mark.parametrize("outcome", ["no_review", "send_back"])
def test_decision_against_a_review_needs_a_reason(engine: Engine, outcome: str) -> None:
    story = recommended(engine, "no_review")

    assert story.refused("record-decision", by="exec", on="2021-06-08", outcome=outcome) == (
        "Cannot record the decision: Give the reason."
    )


def test_case_is_decided_without_a_review(engine: Engine) -> None:
    story = recommended(engine, "no_review")

    changed = changes(story, "record-decision", by="exec", on="2021-06-08", outcome="no_review", reason="It is known")

    assert (changed["status"], changed["stage"], changed["steps"]) == (
        "no_review",
        6,
        ["close-case", "send-to-national-panel", "record-panel-response", "hold-case"],
    )
    assert "publish_review" not in story.clocks()


def test_case_that_is_sent_back_is_decided_a_second_time(engine: Engine) -> None:
    story = recommended(engine)
    why = "The school was not asked"

    changed = changes(story, "record-decision", by="exec", on="2021-06-08", outcome="send_back", reason=why)
    story.day("2021-06-10")
    learning = {"outcome": "no_review", "immediate_learning": "none"}
    story.does("record-recommendation", by="rrp", on="2021-06-10", **learning)
    story.does("record-decision", by="exec", on="2021-06-10", outcome="no_review", reason="Asked, and known")

    assert (changed["status"], "events" in changed, "clocks" in changed) == ("rapid_review", False, False)
    assert story.case()["decision"] == {
        "on": "2021-06-10",
        "outcome": "no_review",
        "reason": "Asked, and known",
        "scrutineer_said": None,
        "by": "Executive Group",
        "agreed_by": [COUNCIL, NHS, POLICE],
        "dissent": [],
        "against_recommendation": False,
        "against_panel_advice": False,
        "methods": [],
        "earlier": [{"on": "2021-06-08", "outcome": "send_back", "reason": why, "scrutineer_said": None}],
    }
    assert story.case()["events"]["decision"]["date"] == "2021-06-10"


def test_partner_that_dissents_is_recorded_with_its_reason(engine: Engine) -> None:
    story = recommended(engine)
    dissent = {"partner": POLICE.upper(), "reason": "Proceedings come first"}

    facts = {"on": "2021-06-08", "outcome": "review", "methods": [REPORT, AUDIT]}
    story.does("record-decision", by="exec", **facts, dissent=dissent)

    decision = story.case()["decision"]
    assert (decision["agreed_by"], decision["dissent"]) == (
        [COUNCIL, NHS],
        [{"partner": POLICE, "reason": "Proceedings come first"}],
    )


def test_partner_cannot_agree_and_dissent(engine: Engine) -> None:
    story = recommended(engine)
    facts = {"on": "2021-06-08", "outcome": "review", "methods": [REPORT, AUDIT]}
    dissent = {"partner": POLICE, "reason": "Proceedings come first"}

    both = story.refused("record-decision", by="exec", **facts, agreed_by=[COUNCIL, NHS, POLICE], dissent=[dissent])
    unknown = story.refused("record-decision", by="exec", **facts, agreed_by=["Lighthouse"])

    assert both == "Cannot record the decision: Metropolitan Police Service cannot agree and dissent."
    assert unknown == f"Lighthouse is no safeguarding partner here. They are: {COUNCIL}, {NHS}, {POLICE}."


def test_decision_against_the_national_panels_advice_needs_a_reason_and_says_so(engine: Engine) -> None:
    story = recommended(engine)
    story.does("send-to-national-panel", on="2021-06-08")
    story.does("record-panel-response", on="2021-06-08", kind="advises_against")
    facts = {"on": "2021-06-08", "outcome": "review", "methods": [REPORT, AUDIT]}

    without = story.refused("record-decision", by="exec", **facts)
    story.does("record-decision", by="exec", **facts, reason="The harm, and the public's interest")

    assert without == "Cannot record the decision: Give the reason for going against the national Panel's advice."
    decision = story.case()["decision"]
    assert (decision["against_recommendation"], decision["against_panel_advice"]) == (False, True)


def test_unknown_method_is_refused(engine: Engine) -> None:
    story = recommended(engine)

    sentence = story.refused("record-decision", by="exec", on="2021-06-08", outcome="review", methods=["seance"])

    assert sentence.startswith("The facts do not fit record-decision: methods.0: choose 'single_agency_audit")


def test_everything_that_stands_in_the_way_of_a_decision_is_said_with_the_wrong_day(engine: Engine) -> None:
    story = recommended(engine)

    sentence = story.refused("record-decision", by="exec", on="2021-06-01", outcome="review", methods=[REPORT])

    assert sentence == (
        "Cannot record the decision: Choose 2 or more methods. "
        "The date of the decision must be on or after the recommendation, 8 June 2021."
    )


def test_case_that_was_sent_back_is_recommended_anew_on_a_later_day(engine: Engine) -> None:
    story = recommended(engine)
    story.day("2021-06-10")
    story.does("record-decision", by="exec", on="2021-06-10", outcome="send_back", reason="A partner was not heard")
    again = {"outcome": "review", "immediate_learning": "none"}

    before = story.refused("record-recommendation", by="rrp", on="2021-06-09", **again)
    story.does("record-recommendation", by="rrp", on="2021-06-10", **again)

    assert before == "The date of the recommendation must be on or after the sending back, 10 June 2021."
    assert story.status == "recommended"
