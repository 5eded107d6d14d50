"""Pages on which people say which emails they want: on the account, behind the link, and for who looks after them."""

from datetime import date

import pytest

from tests.make import make_person
from tests.tracker.reminders.post import COORDINATOR, OWNER, add, change_person, partnership
from tests.tracker.web.test_admin import lines_of, page_of
from tests.tracker.web.test_owner_links import BROKEN, LATER, everything_but_visits, link_of
from tests.tracker.web.visitor import Visitor, served
from tracker.database import reading, unit_of_work
from tracker.people.queries import person_by_email

STILL = (
    "You will still get statutory notices, news of decisions and meetings, answers to what you ask, and questions "
    "about what you sent."
)
NADIA = "nadia@thscp.example"


def days(first, last):
    """Give two days as the fields of the form hold them."""
    parts = ("day", "month", "year")
    filled = {"absent_from": first.split(), "absent_until": last.split()}
    return {f"{name}-{part}": text for name, texts in filled.items() for part, text in zip(parts, texts, strict=False)}


AWAY = days("5 7 2021", "9 7 2021")


def kept(engine, email):
    """Give what is kept of somebody's wishes."""
    with reading(engine) as session:
        person = person_by_email(session, email)
        return (person.absent_from, person.absent_until, person.opted_out)


AS_AWAY = (date(2021, 7, 5), date(2021, 7, 9))
AS_EVER = (None, None, False)


@pytest.fixture
def link(world):
    return f"{link_of(world)}/emails"


@pytest.fixture(params=["account", "link", "administration"])
def place(request, world, as_, stranger):
    """Give each page with its visitor, whom it is about, and where it leads."""
    if request.param == "account":
        return as_("coordinator"), "/account/emails", COORDINATOR, "/account"
    if request.param == "link":
        link = f"{link_of(world)}/emails"
        return stranger, link, OWNER, f"{link}?kept=yes"
    coordinator = as_("coordinator")
    page = page_of(coordinator, "Owen")
    return coordinator, f"{page}/wishes", OWNER, page


def test_days_away_are_kept_shown_and_ended_with_one_button(world, place):
    visitor, path, email, leads_to = place
    page = visitor.sends(path, only_statutory="yes", **AWAY)
    as_kept, again = kept(world, email), visitor.opens(path)
    back = visitor.sends_form(again, again.forms[-2])

    assert (page.status, page.address, as_kept) == (200, leads_to, (*AS_AWAY, True))
    assert "get no reminders from 5 July 2021 to 9 July 2021." in again.words
    assert {name: again.forms[-1]["fields"][name] for name in (*AWAY, "only_statutory")} == {
        **AWAY,
        "only_statutory": "yes",
    }
    # What she chose beside it stays.
    assert (back.address, kept(world, email)) == (leads_to, (None, None, True))


def test_opting_out_is_taken_back_by_taking_the_tick_away(world, place):
    visitor, path, email, _ = place
    visitor.sends(path, only_statutory="yes")
    opted_out = kept(world, email)
    visitor.sends(path, only_statutory=None)

    assert (opted_out, kept(world, email)) == ((None, None, True), AS_EVER)
    assert lines_of(world, "wishes") == [
        ("thscp", "coordinator" if path.startswith("/admin") else None),
        ("thscp", "coordinator" if path.startswith("/admin") else None),
    ]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (days("31 6 2021", "9 7 2021"), "Enter a day that exists, with its month and year"),
        (days("5 7 2021", "x 7 2021"), "Enter a day that exists, with its month and year"),
        ({"absent_from-year": "20210705"}, "Enter a day that exists, with its month and year"),
        (days("5 7 2021", ""), "Enter the last day. It can be changed later."),
        (days("", "9 7 2021"), "Enter the first day, or leave both days empty."),
        (days("5 7 2021", "4 7 2021"), "The last day is before the first one."),
        (days("5 7 2021", "9 7 2121"), "Enter a last day in the next 2 years."),
        (days("5 5 2021", "9 5 2021"), "The last day is over. Enter one that is not, or leave both days empty."),
    ],
)
def test_days_that_cannot_be_come_back_with_the_sentence_and_nothing_is_kept(world, place, typed, sentence):
    visitor, path, email, _ = place
    page = visitor.sends(path, only_statutory="yes", **typed)

    assert (page.status, page.title[:7], sentence in page.words) == (422, "Error: ", True)
    assert {name: page.forms[-1]["fields"][name] for name in typed} == typed
    assert (kept(world, email), lines_of(world, "wishes")) == (AS_EVER, [])


def test_form_that_is_sent_twice_changes_once(world, place):
    visitor, path, email, leads_to = place
    page = visitor.opens(path)
    answers = [visitor.sends_form(page, page.forms[-1], only_statutory="yes").address for _ in range(2)]

    assert (answers, kept(world, email)) == ([leads_to] * 2, (None, None, True))
    assert len(lines_of(world, "wishes")) == 1


def test_page_says_in_plain_words_what_still_comes(place):
    visitor, path, _, _ = place

    said = STILL.replace("You", "They").replace("you", "they") if path.startswith("/admin") else STILL

    assert said in visitor.opens(path).words


def test_link_changes_nothing_for_anybody_but_its_person(world, stranger, link):
    with unit_of_work(world) as session:
        make_person(session, partnership(session), NADIA, "owner", name="Nadia Brook")
    hers = f"{link_of(world, NADIA)}/emails"
    page = stranger.opens(hers)
    stranger.sends(link, only_statutory="yes", **AWAY)

    # The form of one link, sent to another, is no form of that page.
    forged = stranger.sends_form(page, page.forms[-1] | {"action": link}, only_statutory=None)

    assert (forged.status, forged.heading) == (404, BROKEN)
    assert (kept(world, NADIA), kept(world, OWNER)) == (AS_EVER, (*AS_AWAY, True))


def test_looking_behind_the_link_changes_nothing_whatever_its_address_says(world, base, link):
    before = everything_but_visits(world)
    with Visitor(base) as scanner:
        asked = f"{link}?kept=yes&only_statutory=yes&not_away=yes&absent_from-day=1"
        answers = [scanner.http.request(method, asked).status_code for method in ("GET", "HEAD")]

    assert (answers, everything_but_visits(world)) == ([200, 200], before)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_link_that_ran_out_or_is_none_changes_nothing(world, link, method):
    with served(world, LATER) as later, Visitor(later) as visitor:
        old = visitor.http.request(method, link, data={"only_statutory": "yes"} if method == "POST" else None)
        none = visitor.http.request(method, "/u/no-such-token/emails")

    # A form without the token of its page is told nothing of the link.
    assert (old.status_code, none.status_code) == ({"GET": 410, "POST": 404}[method], 404)
    assert kept(world, OWNER) == AS_EVER


def test_owners_page_leads_to_it_also_when_she_has_no_open_action(world, stranger, link):
    without = stranger.opens(link.removesuffix("/emails")).links
    add(world)

    assert (link in without, link in stranger.opens(link.removesuffix("/emails")).links) == (True, True)


@pytest.mark.parametrize(
    ("wished", "words"),
    [
        ({}, "All of them"),
        ({"opted_out": True}, "Only what is statutory"),
        ({"absent_from": date(2021, 7, 5), "absent_until": date(2021, 7, 9)}, "but none from 5 July 2021 to 9 July"),
        ({"absent_from": date(2021, 5, 5)}, "All of them, but none since 5 May 2021"),
        ({"absent_from": date(2021, 5, 5), "absent_until": date(2021, 5, 31)}, "All of them Change"),
    ],
)
def test_account_and_the_persons_page_say_which_emails_come(world, as_, wished, words):
    for email in (COORDINATOR, OWNER):
        change_person(world, email, **wished)
    coordinator = as_("coordinator")

    pages = [coordinator.opens(path).words for path in ("/account", page_of(coordinator, "Owen"))]

    assert [words in page for page in pages] == [True, True]


def test_page_of_somebody_whom_nobody_writes_to_offers_nothing(world, as_):
    change_person(world, OWNER, email=None)
    coordinator = as_("coordinator")
    page = page_of(coordinator, "Owen")

    assert f"{page}/wishes" not in coordinator.opens(page).links
    assert coordinator.opens(f"{page}/wishes").status == 404


def test_person_page_is_for_who_looks_after_people(world, as_):
    path = f"{page_of(as_('coordinator'), 'Owen')}/wishes"

    assert [as_(who).opens(path).status for who in ("coordinator", "admin", "exec", "owner")] == [200, 200, 403, 403]
