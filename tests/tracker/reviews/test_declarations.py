"""The declaration of independence of a lead: asked for while it is not known, and withdrawn."""

import pytest
from sqlalchemy import Engine

from tests.tracker.stages import (
    LEAD,
    REPORT,
    changes,
    decided,
    emails,
    led,
)
from tracker.errors import NotFound


def test_lead_whose_involvement_is_not_known_is_asked_once_and_blocks_the_report_until_then(engine: Engine) -> None:
    story = decided(engine)
    facts = {"method": REPORT, "person": "reviewer@thscp.example"}

    for _ in range(2):
        story.does("appoint-lead", by="exec", level="senior", **facts)
    blocked = story.refused("agree-report", by="exec", on="2021-06-15")
    story.does("appoint-lead", by="exec", involvement="none", **facts)

    assert emails(story, "independence") == ["reviewer@thscp.example"]
    assert blocked == (
        "Cannot agree the report: Confirm that Rene Viner had no direct involvement in the case, "
        "or appoint somebody else."
    )
    assert [lead["involvement"] for lead in story.case()["methods"][0]["leads"]] == ["none"]


def test_lead_withdraws_her_own_declaration_and_somebody_else_is_needed(engine: Engine) -> None:
    story = decided(engine)
    story.does("appoint-lead", by="exec", method=REPORT, **LEAD)

    changed = changes(story, "withdraw-declaration", by="reviewer", method=REPORT, reason="She knew the school")

    assert (led(story), [job["sentence"] for job in changed["jobs"]], changed["history"]) == (
        ([], True),
        ["Appoint a lead for Partner Authored Report."],
        [
            (
                "Rene Viner",
                "lead",
                "withdraw_declaration",
                "Rene Viner no longer leads: Partner Authored Report. She knew the school",
                "review_in_progress",
                "review_in_progress",
            )
        ],
    )
    with pytest.raises(NotFound):
        story.case(by="reviewer")


def test_coordinator_says_whose_declaration_is_withdrawn_where_several_lead(engine: Engine) -> None:
    story = decided(engine)
    facts = {"method": REPORT, "reason": "Involved after all"}
    nobody = story.refused("withdraw-declaration", **facts)
    for person in ("reviewer@thscp.example", "Jo Author"):
        story.does("appoint-lead", by="exec", method=REPORT, **LEAD | {"person": person})

    ambiguous = story.refused("withdraw-declaration", **facts)
    unknown = story.refused("withdraw-declaration", **facts, person="Dan Marsh")
    story.does("withdraw-declaration", **facts, person="jo author")

    assert nobody == "Nobody leads Partner Authored Report: there is nothing to withdraw."
    assert ambiguous == ("Several people lead Partner Authored Report. Say whose: Rene Viner or Jo Author.")
    assert unknown == ("Dan Marsh does not lead Partner Authored Report. Its leads are Rene Viner and Jo Author.")
    assert led(story) == (["Rene Viner"], False)


def test_withdrawal_of_a_declaration_is_refused(engine: Engine) -> None:
    story = decided(engine)
    for person in ("reviewer@thscp.example", "Jo Author"):
        story.does("appoint-lead", by="exec", method=REPORT, **LEAD | {"person": person})
    facts = {"method": REPORT, "reason": "Involved after all"}

    not_hers = story.refused("withdraw-declaration", by="scrutineer", **facts)
    of_another = story.refused("withdraw-declaration", by="reviewer", **facts, person="Jo Author")
    not_chosen = story.refused("withdraw-declaration", **facts | {"method": "cyp_workshop"})

    assert not_hers == ("Sam Scully may not withdraw a declaration of independence: it is for the coordinator.")
    assert of_another == ("Rene Viner may not withdraw a declaration of independence: it is for the coordinator.")
    assert not_chosen == (
        "Cannot withdraw a declaration of independence: Children and Young People Workshop was not chosen for this "
        "case. The methods are Partner Authored Report and Multi Agency Audit."
    )
