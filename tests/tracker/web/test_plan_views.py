"""The plan's page seen by one thing, what stands beside a date, and the forms of requests and re-checks."""

import re
from html import unescape

import pytest

from tests import make
from tests.statements import each_statement
from tracker.actions.grouping import BY

OWNER = "owner@thscp.example"


def add(world, reference="thscp", **facts):
    return make.act(world, "add_action", reference, **{"text": "Share the records", **facts}).reference


def test_each_view_counts_and_links_to_its_list(world, as_):
    add(world, level="multi_agency", due_on="2021-06-30")
    add(world, level="multi_agency", due_on="2021-05-01")
    add(world, level="single_agency")

    page = as_("coordinator").opens("/actions?by=level")

    assert "3 open actions by tracker" in page.words
    assert "Single-agency tracker 1 0 1" in " ".join(page.words.split())
    assert {"/actions?level=multi_agency", "/actions?status=red&level=multi_agency"} <= set(page.links)
    assert "2 open actions" in as_("coordinator").opens("/actions?level=multi_agency").words


def heaps(page):
    """Give the lines of a view: the link of each, with its number."""
    rows = re.findall(r'<th scope="row"[^>]*><a [^>]*href="([^"]*)".*?</th>\s*<td[^>]*>([0-9]+)', page.text, re.DOTALL)
    return {unescape(link): int(number) for link, number in rows}


def listed(page):
    """Give how many actions a list has."""
    found = re.search(r"Showing 1 to [0-9]+ of ([0-9]+)", page.words)
    return int(found[1]) if found else 0


@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("who", ["coordinator", "agency_lead"])
def test_a_number_of_a_view_is_that_of_the_list_behind_it(world, as_, by, who):
    for reference in ("TH-2021-001", "TH-2021-002"):
        make.make_case(world, reference)
    # The lead may open the second of the two only.
    make.act(world, "give_access", "TH-2021-002", person="agency_lead@thscp.example", reason="Sits on it")
    both = {"sources": ["TH-2021-001", "TH-2021-002"], "agency": "Children's Social Care"}
    for due in ("2021-05-01", "2021-06-08", "2021-08-20", "2023", None):
        add(world, **both, **({"due_on": due} if due else {"timescale": "On-going"}))
    add(world, "TH-2021-001", agency="Children's Social Care", themes=["neglect"])
    for reference in (add(world), add(world, agency="Children's Social Care", owner=OWNER)):
        make.act(world, "end_action", reference, how="not_taken_forward", reason="Not needed")

    reader = as_(who)
    shown = heaps(reader.opens(f"/actions?by={by}&status=all"))

    assert shown
    assert {link: listed(reader.opens(link)) for link in shown} == shown


@pytest.mark.parametrize("by", BY)
def test_a_view_asks_as_often_for_many_actions_as_for_few(world, as_, by):
    coordinator = as_("coordinator")
    coordinator.opens(f"/actions?by={by}")
    counts = []
    for _ in range(2):
        for number in range(5):
            add(world, sources=[{"kind": "audit", "words": f"Audit {number}"}], owner=OWNER, themes=["neglect"])
        asked = []
        coordinator.opens("/actions")
        with each_statement(world, lambda sql, _, asked=asked: asked.append(str(sql))):
            assert coordinator.opens(f"/actions?by={by}").status == 200
        counts.append(len([sql for sql in asked if not sql.startswith("PRAGMA")]))

    assert counts[0] == counts[1]


def test_a_row_says_how_often_its_date_was_moved_and_what_has_none(world, as_):
    add(world, due_on="2021-06-30")
    for month in ("08", "09"):
        make.act(world, "move_due_date", "A1", due_on=f"2021-{month}-30", reason="Later", agreed_with="The Executive")
    add(world, timescale="On-going", review_on="2021-12-01")
    add(world, timescale="As identified")
    add(world, outside_body="The Home Office", asked_on="2021-05-03")
    add(world, due_on="2021-06-30")
    make.act(world, "end_action", "A5", how="done_differently", reason="The council did it")

    words = as_("coordinator").opens("/actions?status=all").words

    for said in (
        "Moved twice, first 30 June 2021",
        "Goes on Look again 1 December 2021",
        "When it arises",
        "Asked of The Home Office",
        "Asked 29 days ago, no answer",
        "Reason: The council did it",
    ):
        assert said in words
    assert "agreed by The Executive , recorded by Casey Morgan" in as_("coordinator").opens("/actions/A1").words


def test_an_action_is_added_with_another_source(world, as_):
    page = as_("coordinator").sends(
        "/actions/new", text="Train staff", source_kind="inspection", source_words="Ofsted, May 2021", level="regional"
    )

    assert page.address == "/actions/A1"
    assert "Inspection: Ofsted, May 2021" in page.words


def test_a_source_that_is_half_said_comes_back(world, as_):
    page = as_("coordinator").sends("/actions/new", text="Train staff", source_kind="inspection")

    assert page.status == 422
    assert "Say which one it is" in page.words


def test_a_body_outside_is_asked_answers_and_the_action_is_opened_again(world, as_):
    add(world, due_on="2021-06-30")
    coordinator = as_("coordinator")
    on = {"on-day": "1", "on-month": "6", "on-year": "2021"}

    asked = coordinator.sends("/actions/A1/ask-outside", body="The Home Office", **on)
    answered = coordinator.sends("/actions/A1/record-answer", text="In the autumn", **on)
    coordinator.sends("/actions/A1/complete-action", evidence="The letter", **on)
    opened = coordinator.sends("/actions/A1/reopen-action", reason="It was withdrawn")

    assert "Asked on 1 June 2021: today, no answer" in asked.words
    assert "Answered on 1 June 2021: In the autumn" in answered.words
    assert "Open again on 1 June 2021, was complete on 1 June 2021, by Casey Morgan: It was withdrawn" in opened.words
