"""A person's own account: her password, her authenticator, her recovery codes, where she is signed in."""

import re

import pytest

from tests.make import NOON
from tests.tracker.web.signing import ANOTHER, KEY, LATER, PASSWORD, at, code, give_proofs, gives_password, signs_in
from tests.tracker.web.visitor import Visitor

NEW_KEY = re.compile(r'class="app-secret">([A-Z2-7 ]+)<')
CODE = re.compile(r"[a-z2-9]{4}(?:-[a-z2-9]{4}){3}")


@pytest.fixture
def recovery_codes(world):
    return give_proofs(world)


@pytest.fixture
def base(world, recovery_codes):
    with at(world) as address:
        yield address


@pytest.fixture
def casey(as_):
    return as_("coordinator")


def test_account_says_who_she_is_and_where_she_is_signed_in(casey):
    page = casey.opens("/account")

    assert (page.status, page.heading) == (200, "Your account")
    said = (
        "Name Casey Morgan Email address coordinator@thscp.example THSCP partnership Coordinator Password Chosen by you"
    )
    assert said in page.words
    assert "after 30 minutes without anything done, and after 12 hours in all" in page.words
    assert (page.words.count("This browser"), page.words.count("Another browser")) == (1, 0)


def test_account_of_a_member_of_a_group_names_the_group(as_):
    assert "THSCP partnership Executive, " in as_("exec").opens("/account").words


@pytest.mark.parametrize("path", ["/account", "/account/password", "/account/authenticator", "/account/recovery-codes"])
def test_account_is_for_whoever_is_signed_in(stranger, path):
    assert stranger.opens(path).address.startswith("/sign-in?next=%2Faccount")


def test_she_ends_all_other_sessions_and_keeps_her_own(base, as_):
    here, elsewhere = as_("coordinator"), as_("coordinator")

    account = here.opens("/account")
    page = here.sends_form(account, next(form for form in account.forms if form["action"] == "/account/end-others"))

    assert (page.address, "You are signed out everywhere else." in page.words) == ("/account", True)
    assert elsewhere.opens("/account").address.startswith("/sign-in")


def test_page_without_another_session_offers_no_ending(casey):
    assert "Sign out everywhere else" not in casey.opens("/account").words


def test_password_is_changed_with_the_old_one_and_others_are_signed_out(base, as_):
    here, elsewhere = as_("coordinator"), as_("coordinator")

    page = here.sends("/account/password", password=PASSWORD, new_password=ANOTHER)

    assert (page.address, "Your password is changed." in page.words) == ("/account", True)
    assert elsewhere.opens("/account").address.startswith("/sign-in")
    with Visitor(base) as visitor:
        assert [gives_password(visitor, given).status for given in (PASSWORD, ANOTHER)] == [422, 200]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("", ANOTHER, "Enter the password that you have now"),
        (PASSWORD, "", "Enter the password that you choose"),
        ("wrong-wrong-wrong", ANOTHER, "The password is not right"),
        (PASSWORD, "short", "The password must have 12 characters or more"),
        (PASSWORD, "Morgan walnut ferry", "The password must not hold your name or your email address"),
    ],
)
def test_password_that_does_not_fit_is_refused_and_the_old_one_stays(base, casey, old, new, sentence):
    page = casey.sends("/account/password", password=old, new_password=new)

    assert (page.status, page.title[:7], sentence in page.words) == (422, "Error: ", True)
    with Visitor(base) as visitor:
        assert gives_password(visitor).address == "/sign-in/code"


def test_old_password_is_not_guessed_at_for_ever(casey):
    given = {"password": "wrong-wrong-wrong", "new_password": ANOTHER}
    statuses = [casey.sends("/account/password", **given).status for _ in range(11)]

    assert statuses == [422] * 10 + [429]


def test_new_authenticator_takes_the_place_of_the_old_one(world, as_, recovery_codes):
    here, elsewhere = as_("coordinator"), as_("coordinator")
    shown = here.opens("/account/authenticator")
    key = NEW_KEY.search(shown.text).group(1).replace(" ", "")
    page = here.sends_form(shown, shown.forms[-1], password=PASSWORD, code=code(key=key))

    assert (page.status, page.heading, len(set(CODE.findall(page.words)))) == (200, "Keep your recovery codes", 10)
    assert not set(CODE.findall(page.words)) & set(recovery_codes)
    assert elsewhere.opens("/account").address.startswith("/sign-in")
    assert here.opens("/account").status == 200
    moment = NOON + 2 * LATER
    with at(world, moment) as later, Visitor(later) as visitor:
        half = gives_password(visitor)
        pages = [visitor.sends_form(half, half.forms[0], code=code(moment, given)) for given in (KEY, key)]
    assert [page.address for page in pages] == ["/sign-in/code", "/today"]


def test_forms_of_the_page_with_the_recovery_codes_work(casey):
    shown = casey.opens("/account/authenticator")
    key = NEW_KEY.search(shown.text).group(1).replace(" ", "")
    page = casey.sends_form(shown, shown.forms[-1], password=PASSWORD, code=code(key=key))

    assert casey.sends_form(page, page.forms[0]).address == "/sign-in?signed=out"


@pytest.mark.parametrize(
    ("password", "is_right", "sentence"),
    [
        ("", True, "Enter your password"),
        ("wrong-wrong-wrong", True, "The password is not right"),
        (PASSWORD, False, "The code is not right"),
        (PASSWORD, None, "Enter the 6 figures that your authenticator app shows"),
    ],
)
def test_authenticator_stays_without_password_and_first_code(world, casey, password, is_right, sentence):
    shown = casey.opens("/account/authenticator")
    key = NEW_KEY.search(shown.text).group(1).replace(" ", "")
    given = {True: code(key=key), False: "000000", None: ""}[is_right]
    page = casey.sends_form(shown, shown.forms[-1], password=password, code=given)

    assert (page.status, sentence in page.words) == (422, True)
    with at(world, NOON + LATER) as later, Visitor(later) as visitor:
        assert signs_in(visitor, NOON + LATER).address == "/today"


def test_new_recovery_codes_end_the_old_ones(base, casey, recovery_codes):
    page = casey.sends("/account/recovery-codes", password=PASSWORD)
    codes = CODE.findall(page.words)
    with Visitor(base) as visitor:
        gives_password(visitor)
        answers = [visitor.sends("/sign-in/recovery", 0, code=given).address for given in (recovery_codes[0], codes[0])]

    assert (len(set(codes)), answers) == (10, ["/sign-in/recovery", "/today"])


def test_recovery_codes_stay_without_the_password(casey, recovery_codes):
    page = casey.sends("/account/recovery-codes", password="wrong-wrong-wrong")

    assert (page.status, "The password is not right" in page.words, CODE.findall(page.words)) == (422, True, [])
    assert "Recovery codes 10 left" in casey.opens("/account").words
