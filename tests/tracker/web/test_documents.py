"""The documents of a case: what was recorded and the files of its actions, for whoever sees them."""

import pytest
from sqlmodel import select

from tests import files
from tests.make import act, make_case
from tests.tracker.reminders.post import OWNER, add
from tracker.cases.decision_models import Decision
from tracker.database import unit_of_work

CASE = "TH-2021-001"


@pytest.fixture
def case(world):
    """Give a case with a decision, and an action whose owner gave a file."""
    make_case(world, CASE, known_on="2021-04-01", notified_on="2021-04-06")
    act(world, "convene_panel", CASE, on="2021-04-12")
    said = {"outcome": "review", "reason": "Much to learn", "immediate_learning": "Ask twice"}
    act(world, "record_recommendation", CASE, on="2021-04-13", **said)
    chosen = {"outcome": "review", "methods": ["multi_agency_audit", "partner_led_workshop"], "reason": "It is so"}
    act(world, "record_decision", CASE, by="exec@thscp.example", on="2021-04-20", **chosen)
    add(world, title="Share records", text="Share records", sources=[CASE])
    for _ in range(2):
        given = [{"file_name": "Audit.pdf", "content": files.PDF}]
        act(world, "update_action", "A1", by=OWNER, report="done", files=given)
    return world


def test_documents_stand_there_newest_first_each_once(as_, case):
    page = as_("scrutineer").opens(f"/cases/{CASE}/documents")

    assert (page.status, "Documents (3)" in page.words) == (200, True)
    told = page.words[page.words.index("Date Document") :]
    assert told.startswith(
        "Date Document 1 June 2021 Evidence of A1 Audit.pdf (PDF, 1 KB, not scanned for viruses) "
        "20 April 2021 Decision A learning review It is so "
        "13 April 2021 Recommendation of the rapid review A learning review Much to learn Immediate learning: Ask twice"
    )
    assert "/actions/A1/evidence/1" in page.links


def test_decision_of_which_no_day_is_known_stands_last(as_, case):
    with unit_of_work(case) as session:
        session.exec(select(Decision)).one().on = None

    page = as_("scrutineer").opens(f"/cases/{CASE}/documents")

    assert (page.status, "Ask twice Not known Decision A learning review It is so" in page.words) == (200, True)


def test_case_without_documents_says_what_will_be_there(as_, world):
    make_case(world, CASE)

    page = as_("coordinator").opens(f"/cases/{CASE}/documents")

    assert (page.status, "Documents (0)" in page.words) == (200, True)
    assert "There are no documents yet." in page.words


def test_file_of_an_action_that_the_reader_may_not_see_is_not_counted(as_, case):
    make_case(case, "TH-2021-002")
    act(case, "edit_action", "A1", sources=[CASE, "TH-2021-002"])
    act(case, "declare_conflict", "TH-2021-002", person="scrutineer@thscp.example", reason="Kin")

    page = as_("scrutineer").opens(f"/cases/{CASE}/documents")

    assert (page.status, "Documents (2)" in page.words, "Audit.pdf" in page.text) == (200, True, False)


def test_documents_of_a_barred_case_are_not_there(as_, case):
    act(case, "declare_conflict", CASE, person="exec@thscp.example", reason="Kin")

    assert as_("exec").opens(f"/cases/{CASE}/documents").status == 404
