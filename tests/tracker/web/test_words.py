"""The pages of words: for anybody, also signed out; true of the service that shows them."""

from datetime import timedelta

import pytest

from tests.tracker.web.visitor import served
from tracker.people.roles import Role
from tracker.web.words import written

PAGES = {
    "/help": "Help",
    "/privacy": "Privacy notice",
    "/accessibility": "Accessibility statement",
    "/cookies": "Cookies",
}


@pytest.mark.parametrize("path", PAGES)
def test_page_of_words_opens_for_anybody(stranger, as_, path):
    pages = [stranger.opens(path), as_("owner").opens(path), as_("admin").opens(path)]

    assert [(page.status, page.heading) for page in pages] == [(200, PAGES[path])] * 3
    assert "Sign out" not in pages[0].words
    assert "Sign out" in pages[1].words


@pytest.mark.parametrize("path", PAGES)
def test_links_of_a_page_of_words_lead_somewhere(stranger, path):
    links = [link for link in stranger.opens(path).links if link.startswith("/") and link != "/"]

    assert {link: stranger.opens(link).status for link in links} == dict.fromkeys(links, 200)


def test_help_speaks_of_every_role(stranger):
    page = stranger.opens("/help")

    assert [role for role in Role if f"{role.words.capitalize()} You " not in page.words] == []


def test_help_begins_with_the_roles_of_its_reader(as_):
    words = as_("agency_lead").opens("/help").words

    assert words.index("Agency lead You look after") < words.index("For people with other roles")
    assert words.index("For people with other roles") < words.index("Coordinator You take a case")


def test_help_names_whom_to_ask(as_, stranger):
    assert (
        "Write to the business unit of THSCP partnership: coordinator@thscp.example"
        in as_("owner").opens("/help").words
    )
    assert "Ask the business unit of your partnership." in stranger.opens("/help").words


@pytest.mark.parametrize(
    "words",
    [
        "Working days are Monday to Friday without the bank holidays of England and Wales",
        "6 months after 31 August is 28 February",
        "A deadline stays where it falls",
        "counts from the decision, not from the ratification",
        "It is overdue when its month or year is over.",
        "London times",
        "clocks that run keep the length they began with",
        "Overdue begins on the day after the due date.",
        "Due in 14 days or fewer",
        "no update for 60 days",
    ],
)
def test_help_says_how_dates_are_counted_and_colours_found(stranger, words):
    assert words in stranger.opens("/help").words.replace("\u00a0", " ")


def test_privacy_says_what_is_not_held_and_what_the_partnership_has_to_add(stranger):
    words = stranger.opens("/privacy").words

    assert (
        "There is no field for the name, the initials, the date of birth, the address or the school of a child."
        in words
    )
    assert "What your partnership has to add" in words
    assert "You are signed out after 30 minutes without use, and after 12 hours in any case." in words
    assert "A link in an email works for 14 days" in words


def test_cookies_names_the_one_cookie_and_how_long_it_lasts(world, stranger):
    assert "session Until" not in stranger.opens("/cookies").words
    assert "session It tells the service that you are signed in." in stranger.opens("/cookies").words
    with served(world, idle=timedelta(minutes=5)) as base:
        stranger.http.base_url = base

        words = stranger.opens("/cookies").words

    assert "The service forgets it after 5 minutes without use, and after 12 hours in any case." in words


def test_accessibility_claims_no_more_than_is_so(stranger):
    words = stranger.opens("/accessibility").words

    assert "We do not claim full conformance yet." in words
    assert "Nobody outside has audited it" in words


@pytest.mark.parametrize(
    ("lasts", "words"),
    [
        (timedelta(days=7), "7 days"),
        (timedelta(hours=12), "12 hours"),
        (timedelta(minutes=30), "30 minutes"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(seconds=90), "90 seconds"),
    ],
)
def test_lengths_are_written_in_the_largest_unit_that_fits(lasts, words):
    assert written(lasts) == words
