"""Personal tokens on the page of the account: made with the password, shown once, ended by hand or otherwise."""

import re
from datetime import timedelta

import httpx
import pytest
from sqlmodel import select

from tests.make import NOON, address
from tests.serving import PATIENCE, on_a_port
from tests.tracker.web.signing import ANOTHER, BASE_URL, PASSWORD, at, give_proofs, link_in, post
from tests.tracker.web.visitor import SECRET, Visitor
from tracker.database import reading, unit_of_work
from tracker.people.joining import invite
from tracker.people.sign_in_models import PersonalToken
from tracker.serving import create_service
from tracker.settings import Installation

NEW = "/account/tokens/new"
TOKEN = re.compile(r"ltp_[\w-]{43}")
NONE = "Whoever has the token acts as you. You have none."


@pytest.fixture
def base(world):
    give_proofs(world)
    with at(world) as where:
        yield where


@pytest.fixture
def casey(as_):
    return as_("coordinator")


def makes(visitor, name="monthly figures", password=PASSWORD):
    """Make a token as its holder does, and give the page and the token."""
    page = visitor.sends(NEW, name=name, password=password)
    return page, next(iter(TOKEN.findall(page.words)), None)


def kept(engine):
    """Give what is kept of every token."""
    with reading(engine) as session:
        return [(row.name, row.used_on, row.ended_at) for row in session.exec(select(PersonalToken))]


def asked(engine, token, now=NOON):
    """Give how the interface answers whoever has a token."""
    place = Installation(str(engine.url), "folder:mail", "http://127.0.0.1", now, SECRET)
    with on_a_port(create_service(place, engine, SECRET)) as where:
        return httpx.get(
            f"{where}/api/cases", headers={"authorization": f"Bearer {token}"}, timeout=PATIENCE
        ).status_code


def test_account_without_a_token_says_so_and_leads_to_making_one(casey):
    page = casey.opens("/account")

    assert (NONE in page.words, NEW in page.links) == (True, True)


def test_token_is_shown_once_on_a_page_that_is_not_kept(world, casey):
    page, token = makes(casey)

    assert (page.status, page.heading, page.headers["cache-control"]) == (200, "Keep your personal token", "no-store")
    assert asked(world, token) == 200
    assert [TOKEN.findall(casey.opens(path).text) for path in ("/account", NEW)] == [[], []]


def test_account_lists_each_token_with_its_last_use_and_last_day(world, casey):
    _, token = makes(casey)
    before = casey.opens("/account").words
    for _ in range(2):
        asked(world, token, NOON + timedelta(days=1))

    after = casey.opens("/account").words

    listed = re.compile(r"monthly figures (\S+ \S+ \S+) at \S+ (Never|\S+ \S+ \S+) (\S+ \S+ \S+) End it")
    [(made, never, until)], [again] = listed.findall(before), listed.findall(after)
    days = [NOON + timedelta(days=number) for number in (0, 1, 365)]
    written = [f"{day.day}\N{NO-BREAK SPACE}{day:%B}\N{NO-BREAK SPACE}{day.year}" for day in days]
    assert [part.replace(" ", "\N{NO-BREAK SPACE}") for part in (made, until)] == [written[0], written[2]]
    assert (never, again[1].replace(" ", "\N{NO-BREAK SPACE}")) == ("Never", written[1])


@pytest.mark.parametrize(
    ("name", "password", "sentence"),
    [
        ("", PASSWORD, "Write what the token is for"),
        ("monthly figures", "", "Enter your password"),
        ("monthly figures", "wrong-wrong-wrong", "The password is not right"),
        ("x" * 101, PASSWORD, "Write the name of the token on one line, with 100 characters or fewer."),
        ("a\u202eb", PASSWORD, "Write the name of the token on one line, with 100 characters or fewer."),
    ],
)
def test_token_is_not_made_without_name_and_password_and_the_name_stays(world, casey, name, password, sentence):
    page, token = makes(casey, name, password)

    assert (page.status, page.title[:7], sentence in page.words, token) == (422, "Error: ", True, None)
    assert (page.forms[-1]["fields"]["name"], kept(world)) == (name, [])
    assert password not in page.text or not password


def test_form_sent_twice_makes_one_token(world, casey):
    form = casey.opens(NEW)

    pages = [casey.sends_form(form, form.forms[-1], name="monthly figures", password=PASSWORD) for _ in range(2)]

    assert [page.status for page in pages] == [200, 422]
    assert "There is a token 'monthly figures' already: end it first, or choose another name." in pages[1].words
    assert kept(world) == [("monthly figures", None, None)]


def test_name_is_shown_as_it_was_typed(casey):
    page, _ = makes(casey, "<b>{{ 7*7 }}</b>")

    assert "The token “<b>{{ 7*7 }}</b>” is made:" in page.words
    assert "<b>{{ 7*7 }}</b>" in casey.opens("/account").words


def test_password_is_not_guessed_at_for_ever(casey):
    statuses = [makes(casey, password="wrong-wrong-wrong")[0].status for _ in range(11)]

    assert statuses == [422] * 10 + [429]


def test_ended_token_opens_nothing_and_ending_it_twice_says_so_once(world, casey):
    _, token = makes(casey)
    account = casey.opens("/account")
    form = next(form for form in account.forms if form["action"] == "/account/tokens/end")

    pages = [casey.sends_form(account, form) for _ in range(2)]

    assert [page.address for page in pages] == ["/account"] * 2
    said = "The token “monthly figures” has ended."
    assert [said in page.words for page in pages] == [True, False]
    assert (asked(world, token), kept(world)) == (401, [("monthly figures", None, NOON)])


def test_nobody_ends_the_token_of_somebody_else(world, base, as_):
    _, token = makes(as_("coordinator"))
    other = as_("exec")
    account = other.opens("/account")

    other.sends_form(account, account.forms[-1] | {"action": "/account/tokens/end"}, name="monthly figures")

    assert asked(world, token) == 200


def test_signing_out_elsewhere_leaves_tokens_and_the_page_says_so(world, casey, as_):
    as_("coordinator")
    _, token = makes(casey)
    account = casey.opens("/account")
    form = next(form for form in account.forms if form["action"] == "/account/end-others")

    page = casey.sends_form(account, form)

    assert "Signing out does not end it: end each one here that you do not know or need." in page.words
    assert asked(world, token) == 200


def test_another_password_ends_every_token(world, casey):
    _, token = makes(casey)

    page = casey.sends("/account/password", password=PASSWORD, new_password=ANOTHER)

    assert ("Your password is changed." in page.words, NONE in page.words) == (True, True)
    assert asked(world, token) == 401


def test_password_chosen_by_email_ends_every_token(world, base, casey, tmp_path):
    _, token = makes(casey)
    with Visitor(base) as visitor:
        visitor.sends("/sign-in/forgotten", email=address("coordinator"))
        [letter] = post(world, tmp_path)
        visitor.sends(link_in(letter), password=ANOTHER)

    assert (BASE_URL in letter, asked(world, token)) == (True, 401)


def test_invitation_anew_ends_every_token(world, casey):
    _, token = makes(casey)

    with unit_of_work(world) as session:
        invite(session, address("coordinator"), SECRET, NOON, anew=True)

    assert asked(world, token) == 401


@pytest.mark.parametrize("path", [NEW, "/account/tokens/end"])
def test_tokens_are_for_whoever_is_signed_in(stranger, path):
    answer = stranger.http.post(path, data={"name": "monthly figures", "password": PASSWORD})

    assert answer.url.path == "/sign-in"
