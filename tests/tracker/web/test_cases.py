"""The list of cases with its filters, and the start of a new one."""

import pytest
from sqlmodel import select

from tests.make import act, make_case, make_theme
from tests.statements import each_statement
from tests.tracker.web.casework import decided, plain
from tests.tracker.web.visitor import served, signed_in
from tracker.cases.models import Case
from tracker.clock import moment_from
from tracker.database import reading, unit_of_work
from tracker.people.doer import doer_by_email
from tracker.showing import case_pages
from tracker.showing.lists import list_rows

KNOWN = {"known_on-day": "1", "known_on-month": "6", "known_on-year": "2021"}
LATER = moment_from("2021-06-18T10:00")


@pytest.fixture
def on(world, closing):
    """Give somebody who is signed in on another day than the first."""

    def opened(who, day):
        now = moment_from(f"{day}T10:00")
        base = closing.enter_context(served(world, now))
        return closing.enter_context(signed_in(world, base, who, now=now))

    return opened


def test_list_says_where_each_case_stands(world, on):
    make_case(world, "TH-2021-001", known_on="2021-06-01")
    decided(world, "TH-2021-002")
    act(world, "hold_case", "TH-2021-002", by="exec@thscp.example", reason="Proceedings", look_again_on="2021-09-01")

    page = on("coordinator", "2021-06-18").opens("/cases")

    assert (page.status, page.heading) == (200, "Cases")
    assert "Kestrel TH-2021-002 4 of 9: Learning review On hold 1 late 22 June 2021" not in plain(page)
    assert "Kestrel TH-2021-002 4 of 9: Learning review On hold None 22 June 2021" in plain(page)
    assert "Plover TH-2021-001 1 of 9: Serious incident 1 late 8 June 2021" in plain(page)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["/cases/TH-2021-002", "/cases/TH-2021-001"]),
        ("?stage=1", ["/cases/TH-2021-001"]),
        ("?stage=4", ["/cases/TH-2021-002"]),
        ("?late=yes", ["/cases/TH-2021-001"]),
        ("?stage=4&late=yes", []),
        ("?status=closed", []),
        ("?status=open&stage=nonsense", ["/cases/TH-2021-002", "/cases/TH-2021-001"]),
    ],
)
def test_list_is_filtered_by_what_stands_in_the_address(world, on, asked, found):
    make_case(world, "TH-2021-001", known_on="2021-06-01")
    decided(world, "TH-2021-002")

    page = on("scrutineer", "2021-06-18").opens(f"/cases{asked}")

    assert [link for link in page.links if link.startswith("/cases/TH")] == found


def test_list_is_read_page_by_page(world, as_, monkeypatch):
    monkeypatch.setattr(case_pages, "A_PAGE", 2)
    for number in range(1, 6):
        make_case(world, f"TH-2021-{number:03d}")

    pages = {asked: as_("coordinator").opens(f"/cases?status=open&page={asked}") for asked in ("1", "3", "9", "x")}

    shown = {asked: [link[-3:] for link in page.links if "/cases/TH" in link] for asked, page in pages.items()}
    assert shown == {"1": ["005", "004"], "3": ["001"], "9": ["001"], "x": ["005", "004"]}
    assert "/cases?status=open&page=2" in pages["1"].links


def test_list_without_a_case_that_matches_offers_to_clear_the_filters(as_):
    page = as_("coordinator").opens("/cases?stage=9")

    assert "No cases match. Remove a filter, or clear the filters ." in page.words


def test_list_of_somebody_who_is_named_on_no_case_is_empty_and_starts_none(world, as_):
    make_case(world)

    page = as_("owner").opens("/cases")

    assert "There is no case that you can open. Ask the business unit." in page.words
    assert [link for link in page.links if link.startswith("/cases/")] == []


def test_coordinator_starts_a_case_and_is_told_so_on_its_page(world, as_):
    with unit_of_work(world) as session:
        make_theme(session, "watchfulness", "Watchfulness")

    page = as_("coordinator").sends("/cases/new", **KNOWN, harm="death", themes="watchfulness", contributing="A\nB")

    assert (page.status, page.address, page.heading) == (200, "/cases/TH-2021-001", "Plover")
    assert "Success Case TH-2021-001 is open" in page.words
    assert "Kind Rapid review Incident A child has died Themes Watchfulness Contributing A, B" in page.words


def test_form_of_a_new_case_keeps_what_was_typed_and_says_what_is_missing(as_):
    page = as_("coordinator").sends("/cases/new", reason="Two services asked", reference="!")

    assert (page.status, page.title) == (422, "Error: Start a new case – Learning tracker")
    assert "Enter the day on which the incident became known" in page.words
    assert (page.forms[-1]["fields"]["reason"], page.forms[-1]["fields"]["reference"]) == ("Two services asked", "!")


def test_date_that_there_is_not_is_said_beside_its_field(as_):
    page = as_("coordinator").sends("/cases/new", **KNOWN | {"known_on-month": "13"})

    assert page.status == 422
    assert 'id="known_on-error"' in page.text


def test_form_of_a_new_case_sent_twice_starts_one(world, as_):
    visitor = as_("coordinator")
    form = visitor.opens("/cases/new")

    answers = [visitor.sends_form(form, form.forms[-1], **KNOWN).address for _ in range(2)]

    with reading(world) as session:
        assert (answers, len(session.exec(select(Case)).all())) == (["/cases/TH-2021-001"] * 2, 1)


@pytest.mark.parametrize("who", ["exec", "scrutineer", "owner", "agency_lead", "admin", "rrp"])
def test_new_case_is_for_coordinators(as_, who):
    assert as_(who).opens("/cases/new").status == 403


def test_list_asks_as_often_for_many_cases_as_for_few(world):
    asked = []
    for wanted in (3, 30):
        for number in range(1 if wanted == 3 else 4, wanted + 1):
            decided(world, f"TH-2021-{number:03d}")
        assert len(_listed(world)) == wanted
        sent = []
        with each_statement(world, lambda sql, _values, sent=sent: sent.append(sql)):
            _listed(world)
        asked.append(len(sent))

    assert asked[0] == asked[1]


def _listed(engine):
    with reading(engine) as session:
        reader = doer_by_email(session, "coordinator@thscp.example", LATER.date())
        return list_rows(session, "cases", {}, reader, LATER)
