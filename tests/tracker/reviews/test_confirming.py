"""What a lead who was asked answers about her independence."""

from sqlalchemy import Engine

from tests.tracker.stages import REPORT, changes, decided, led
from workflows.vocabulary import Method

REVIEWER = "reviewer@thscp.example"
LABEL = Method(REPORT).label


def test_lead_confirms_that_she_was_not_involved_and_the_report_can_be_agreed(engine: Engine) -> None:
    story = decided(engine)
    story.does("appoint-lead", by="exec", method=REPORT, person=REVIEWER, level="senior")

    changed = changes(story, "declare-independence", by="reviewer", method=REPORT, involvement="none")

    assert changed["history"] == [
        (
            "Rene Viner",
            "lead",
            "declare_independence",
            f"Rene Viner was not involved in the case, and leads: {LABEL}",
            "not_known",
            "none",
        )
    ]
    assert changed["jobs"] == []
    assert led(story) == (["Rene Viner"], False)


def test_lead_who_was_involved_leads_no_longer_and_somebody_else_is_needed(engine: Engine) -> None:
    story = decided(engine)
    story.does("appoint-lead", by="exec", method=REPORT, person=REVIEWER, level="senior")

    changed = changes(story, "declare-independence", by="reviewer", method=REPORT, involvement="direct")

    assert [line[3] for line in changed["history"]] == [
        f"Rene Viner was directly involved in the case, and no longer leads: {LABEL}"
    ]
    assert [job["sentence"] for job in changed["jobs"]] == [f"Appoint a lead for {LABEL}."]
    assert led(story) == ([], True)


def test_coordinator_records_what_a_lead_told_her(engine: Engine) -> None:
    story = decided(engine)
    for person in (REVIEWER, "Jo Author"):
        story.does("appoint-lead", by="exec", method=REPORT, person=person, level="senior")
    facts = {"method": REPORT, "involvement": "none"}

    ambiguous = story.refused("declare-independence", **facts)
    changed = changes(story, "declare-independence", **facts, person="Jo Author")

    assert ambiguous == f"Several people lead {LABEL}. Say whose: Rene Viner or Jo Author."
    assert [(line[1], line[3]) for line in changed["history"]] == [
        ("coordinator", f"Jo Author was not involved in the case, and leads: {LABEL}")
    ]


def test_declaration_of_independence_is_refused(engine: Engine) -> None:
    story = decided(engine)
    facts = {"method": REPORT, "involvement": "none"}
    nobody = story.refused("declare-independence", **facts)
    for person in (REVIEWER, "Jo Author"):
        story.does("appoint-lead", by="exec", method=REPORT, person=person, level="senior")

    not_hers = story.refused("declare-independence", by="scrutineer", **facts)
    of_another = story.refused("declare-independence", by="reviewer", **facts, person="Jo Author")
    story.does("declare-independence", by="reviewer", **facts)
    again = story.refused("declare-independence", by="reviewer", **facts)

    assert nobody == f"Nobody leads {LABEL}: appoint somebody first."
    whose = "may not declare independence: it is for the coordinator or reviewer. Ask the coordinator."
    assert (not_hers, of_another) == (f"Sam Scully {whose}", f"Rene Viner {whose}")
    assert again == "The independence of Rene Viner is recorded already."
