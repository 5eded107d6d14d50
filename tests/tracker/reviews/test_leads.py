"""Who leads a method: the rule of independence, conflicts, and a second lead."""

from datetime import date

import pytest
from sqlalchemy import Engine

from tests.make import PARTNERS, make_person
from tests.tracker.stages import (
    LEAD,
    REPORT,
    changes,
    decided,
    emails,
    led,
    recommended,
    waiting_for_ratification,
)
from tracker.clock import moment_from
from tracker.database import unit_of_work
from tracker.groups.queries import partnership_by_code
from tracker.loading.leaving import end_person
from workflows.lifecycle import StepRefused

RULE = (
    "The rule: Everyone chosen to carry out a task of the review is at senior management level "
    "and has no direct involvement in the case."
)


def test_lead_is_appointed_and_may_open_the_case(engine: Engine) -> None:
    story = decided(engine)

    changed = changes(story, "appoint-lead", by="exec", method=REPORT, agency="Outside Ltd", **LEAD)

    lead = {
        "name": "Rene Viner",
        "agency": "Outside Ltd",
        "level": "senior",
        "involvement": "none",
        "declaration": None,
        "appointed_on": "2021-06-15",
    }
    assert changed.pop("methods")[0] == {
        "code": REPORT,
        "label": "Partner Authored Report",
        "needs_named_lead": True,
        "lead": lead,
        "leads": [lead],
        "lead_missing": False,
        "done_on": None,
        "note": None,
    }
    assert changed == {
        "jobs": [],
        "steps": changed["steps"],
        "history": [
            (
                "Evan Reed",
                "Executive Group",
                "appoint_lead",
                "Appointed Rene Viner to lead: Partner Authored Report",
                "review_in_progress",
                "review_in_progress",
            )
        ],
    }
    assert story.case(by="reviewer")["reference"] == "CASE-1"
    assert emails(story, "independence") == []


def test_everything_that_speaks_against_a_lead_is_said_at_once(engine: Engine) -> None:
    story = decided(engine)
    facts = {"method": "cyp_workshop", "person": "Dan Marsh", "level": "operational", "involvement": "direct"}

    with pytest.raises(StepRefused) as refusal:
        story.does("appoint-lead", by="exec", **facts)

    assert str(refusal.value) == (
        "Cannot appoint a lead: Children and Young People Workshop was not chosen for this case. "
        "The methods are Partner Authored Report and Multi Agency Audit. "
        "Dan Marsh works at operational level: appoint somebody else. "
        f"Dan Marsh was directly involved in the case: appoint somebody else. {RULE}"
    )
    assert [blocker.code for blocker in refusal.value.blockers] == [
        "method_not_chosen",
        "independence",
        "independence",
    ]


def test_lead_is_refused(engine: Engine) -> None:
    story = decided(engine)
    with unit_of_work(engine) as session:
        partnership = partnership_by_code(session, "thscp")
        left = {"ended_on": date(2021, 6, 1)}
        make_person(session, partnership, "gone@thscp.example", "reviewer", name="Gwen Gone", **left)
    story.does("declare-conflict", person="reviewer@thscp.example", reason="A neighbour")
    outside = LEAD | {"person": "Jo Author"}

    assert story.refused("appoint-lead", by="exec", method=REPORT, person="Jo Author", involvement="none") == (
        f"Cannot appoint a lead: Say at which level Jo Author works: senior or operational. {RULE}"
    )
    assert story.refused("appoint-lead", by="exec", method=REPORT, **LEAD) == (
        "Cannot appoint a lead: Rene Viner has declared a conflict of interest in this case: appoint somebody else."
    )
    assert story.refused("appoint-lead", by="exec", method=REPORT, **LEAD | {"person": "gone@thscp.example"}) == (
        "Cannot appoint a lead: Gwen Gone left on 1 June 2021: appoint somebody else."
    )
    assert story.refused("appoint-lead", by="exec", method=REPORT, **LEAD | {"person": "no@thscp.example"}) == (
        "There is nobody with the address no@thscp.example. `tracker people list` shows everybody."
    )
    assert story.refused("appoint-lead", by="rrp", method=REPORT, **outside) == (
        "Priya Shah may not appoint a lead: it is for the Executive Group."
    )


def test_lead_is_appointed_only_while_the_case_is_reviewed(engine: Engine) -> None:
    story = recommended(engine)

    sentence = story.refused("appoint-lead", by="exec", method=REPORT, **LEAD)

    assert sentence == (
        "Cannot appoint a lead: the case is recommended. What can be done now: record-decision, "
        "send-to-national-panel, record-panel-response, hold-case. Priya Shah did record-recommendation at 10am."
    )


def test_lead_from_outside_leads_by_name_alone(engine: Engine) -> None:
    story = decided(engine)
    facts = LEAD | {"person": "Jo Author", "involvement": "not_known"}

    story.does("appoint-lead", by="exec", method=REPORT, agency="Outside Ltd", **facts)
    asked = [job["sentence"] for job in story.case()["jobs"]]
    story.does("appoint-lead", by="exec", method=REPORT, person="jo  AUTHOR", involvement="none")

    assert asked == ["Ask Jo Author about direct involvement."]
    assert led(story) == (["Jo Author"], False)
    assert story.case()["jobs"] == []
    assert emails(story, "independence") == []


def test_second_lead_stands_beside_the_first(engine: Engine) -> None:
    story = decided(engine)
    story.does("appoint-lead", by="exec", method=REPORT, **LEAD)

    story.does("appoint-lead", by="exec", method=REPORT, **LEAD | {"person": "Jo Author"})

    assert led(story) == (["Rene Viner", "Jo Author"], False)
    assert story.case()["methods"][0]["lead"]["name"] == "Rene Viner"


def test_lead_who_took_the_decision_declares_the_interest_in_every_process(engine: Engine) -> None:
    story = decided(engine)
    facts = {"method": REPORT, "person": "exec@thscp.example", "level": "senior", "involvement": "none"}

    without = story.refused("appoint-lead", by="exec", **facts)
    story.does("appoint-lead", by="exec", **facts, declaration="Took the decision")

    assert without.startswith(
        "Cannot appoint a lead: Evan Reed took part in the decision: record the declaration of this interest. The rule:"
    )
    assert [lead["declaration"] for method in story.case()["methods"] for lead in method["leads"]] == [
        "Took the decision"
    ]


def test_lead_who_took_the_decision_declares_the_interest(engine: Engine) -> None:
    story = waiting_for_ratification(engine)
    for partner in PARTNERS["chscp"]:
        story.does("record-ratification", partner=partner, on="2021-10-18", answer="yes")
    facts = {"method": REPORT, "person": "iscc@chscp.example", "level": "senior", "involvement": "none"}

    without = story.refused("appoint-lead", by="crsg", **facts)
    story.does("appoint-lead", by="crsg", **facts, declaration="Took the decision")

    assert without == (
        "Cannot appoint a lead: Iris Cole took part in the decision: record the declaration of this interest. "
        "The rule: Whoever leads a review is independent of operational work; "
        "whoever took the decision declares the interest."
    )
    assert story.case()["methods"][0]["lead"]["declaration"] == "Took the decision"


def test_lead_who_declares_a_conflict_leads_no_more_until_it_is_withdrawn(engine: Engine) -> None:
    story = decided(engine)
    story.does("appoint-lead", by="exec", method=REPORT, **LEAD)

    story.does("declare-conflict", by="reviewer", person="reviewer@thscp.example", reason="A neighbour")
    barred = led(story)
    blocked = story.refused("agree-report", by="exec", on="2021-06-15")
    story.does("withdraw-conflict", person="reviewer@thscp.example", reason="Another street")

    assert barred == ([], True)
    assert blocked == "Cannot agree the report: Appoint a lead for Partner Authored Report first."
    assert led(story) == (["Rene Viner"], False)


def test_who_has_left_leads_no_longer(engine: Engine) -> None:
    story = decided(engine)
    story.does("appoint-lead", by="exec", method=REPORT, **LEAD)
    before = led(story)

    with unit_of_work(engine) as session:
        end_person(session, LEAD["person"], "coordinator@thscp.example", moment_from(story.now))

    assert (before, led(story)) == ((["Rene Viner"], False), ([], True))
    assert story.case()["history"][-1]["what"].startswith("Rene Viner has left, and leads the ")
