"""Cases that have come as far as a test of pages needs, and the words of a page as a reader says them."""

from tests.make import act, make_case

REFERENCE = "TH-2021-001"


def plain(page):
    """Give the words of a page with ordinary spaces."""
    return page.words.replace("\u00a0", " ")


def recommended(engine, reference=REFERENCE, outcome="review"):
    """Take a case to the decision of the Executive."""
    make_case(engine, reference, known_on="2021-06-01", notified_on="2021-06-01", now="2021-06-01T10:00")
    act(engine, "convene_panel", reference, now="2021-06-02T10:00", on="2021-06-02")
    learning = {"outcome": outcome, "immediate_learning": "none", "reason": "Agencies worked apart"}
    by = {"by": "rrp@thscp.example", "now": "2021-06-08T10:00"}
    act(engine, "record_recommendation", reference, on="2021-06-08", **learning, **by)


def decided(engine, reference=REFERENCE, outcome="review"):
    """Take a case to what its decision asks for."""
    recommended(engine, reference, outcome)
    by = {"by": "exec@thscp.example", "now": "2021-06-15T10:00"}
    asked = {"methods": ["partner_authored_report", "multi_agency_audit"]} if outcome == "review" else {}
    act(engine, "record_decision", reference, on="2021-06-15", outcome=outcome, reason="It is known", **asked, **by)
