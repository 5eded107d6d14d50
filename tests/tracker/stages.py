"""Cases that have come as far as a test needs, and what one deed changes of the document that `show case` prints."""

from typing import Any

from sqlalchemy import Engine

from tests.journeys.story import Story
from tracker.clock import moment_from
from tracker.database import reading
from tracker.showing.lists import list_rows

LEAD = {"person": "reviewer@thscp.example", "level": "senior", "involvement": "none"}
REPORT = "partner_authored_report"
AUDIT = "multi_agency_audit"


def notified(engine: Engine, partnership: str = "thscp", **facts: Any) -> Story:
    """Give a case that became known and was notified on Tuesday 1 June 2021."""
    story = Story(engine, partnership)
    story.opens("2021-06-01", notified_on="2021-06-01", **facts)
    return story


def in_rapid_review(engine: Engine, partnership: str = "thscp") -> Story:
    """Give a case whose panel met the next day."""
    story = notified(engine, partnership)
    story.day("2021-06-02")
    story.does("convene-panel", on="2021-06-02")
    return story


def recommended(engine: Engine, outcome: str = "review", partnership: str = "thscp") -> Story:
    """Give a case on which the panel recommended something on Tuesday 8 June."""
    story = in_rapid_review(engine, partnership)
    story.day("2021-06-08")
    learning = {"immediate_learning": "none", "reason": "Agencies worked apart"}
    story.does("record-recommendation", by="rrp", on="2021-06-08", outcome=outcome, **learning)
    return story


def decided(engine: Engine, *methods: str, partnership: str = "thscp") -> Story:
    """Give a case for which the Executive chose a review on Tuesday 15 June."""
    story = recommended(engine, partnership=partnership)
    story.day("2021-06-15")
    chosen = list(methods or (REPORT, AUDIT))
    story.does("record-decision", by="exec", on="2021-06-15", outcome="review", methods=chosen)
    return story


def agreed(engine: Engine, *recommendations: str, partnership: str = "thscp") -> Story:
    """Give a case whose report was agreed on Monday 4 October."""
    story = decided(engine, partnership=partnership)
    lead = LEAD | {"person": f"reviewer@{partnership}.example"}
    story.does("appoint-lead", by="exec", method=REPORT, **lead)
    story.day("2021-10-04")
    story.does("agree-report", by="exec", on="2021-10-04", recommendations=[{"text": text} for text in recommendations])
    return story


def published(engine: Engine, *recommendations: str, partnership: str = "thscp") -> Story:
    """Give a case whose report was sent ahead on Tuesday 5 October and published on Monday 1 November."""
    story = agreed(engine, *recommendations, partnership=partnership)
    story.day("2021-10-05")
    story.does("record-sent-before-publication", on="2021-10-05")
    story.day("2021-11-01")
    story.does("publish", by="exec", on="2021-11-01")
    return story


def changes(story: Story, deed: str, **facts: Any) -> dict[str, Any]:
    """Do a deed on the case, and give what the document says otherwise than before.

    Of the clocks only those that changed, as due date and state; of the steps their deeds; of the history the new
    lines, as who, for whom, deed, words, old and new.
    """
    before = story.case()
    story.does(deed, **facts)
    after = story.case()
    assert after["version"] == before["version"] + 1
    changed = {key: value for key, value in after.items() if value != before[key] and key != "version"}
    if "clocks" in changed:
        changed["clocks"] = {
            clock["code"]: (clock["due"], clock["state"]) for clock in after["clocks"] if clock not in before["clocks"]
        }
    if "steps" in changed:
        changed["steps"] = [
            step["deed"] + (f" {step['outcome']}" if step["outcome"] else "") for step in after["steps"]
        ]
    changed["history"] = [
        (line["by"], line["role"], line["deed"], line["what"], line["old"], line["new"])
        for line in after["history"][len(before["history"]) :]
    ]
    return changed


def waiting_for_ratification(engine: Engine, outcome: str = "review") -> Story:
    """Give a case of City & Hackney on which the Commissioner decided on Monday 18 October 2021."""
    story = Story(engine, "chscp")
    story.opens("2021-09-06", notified_on="2021-09-06")
    story.does("convene-panel", on="2021-09-08")
    story.does("record-recommendation", by="rrm", on="2021-09-20", outcome=outcome, immediate_learning="none")
    story.does("send-to-national-panel", on="2021-09-24")
    story.day("2021-10-18")
    story.does("record-decision", by="iscc", on="2021-10-18", outcome=outcome, methods=[REPORT], reason="The harm")
    return story


def emails(story: Story, kind: str) -> list[str]:
    """Give to whom emails of a kind go."""
    with reading(story.engine) as session:
        rows = list_rows(session, "emails", {}, None, moment_from(story.now))
    return [row["to"] for row in rows if row["kind"] == kind]


def led(story: Story, method: str = REPORT) -> tuple[list[str], bool]:
    """Give the names of those who lead a method, and whether a lead is missing."""
    work = next(work for work in story.case()["methods"] if work["code"] == method)
    return [lead["name"] for lead in work["leads"]], work["lead_missing"]
