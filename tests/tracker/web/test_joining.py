"""Choosing a password with a link from an email: an invitation, or a password that was forgotten."""

import re
from datetime import timedelta

import httpx
import pytest
from sqlmodel import select

from notifications.folder import FolderTransport
from notifications.outbox import Message
from tests.make import NOON, address
from tests.serving import PATIENCE
from tests.tracker.web.signing import (
    ANOTHER,
    BASE_URL,
    PASSWORD,
    at,
    code,
    give_proofs,
    gives_password,
    link_in,
    post,
    signs_in,
    token_of,
)
from tests.tracker.web.visitor import SECRET, Visitor
from tracker.database import reading, unit_of_work
from tracker.loading.inviting import invite_person
from tracker.people.models import Identity
from tracker.people.sign_in_models import SignIn, Ticket
from tracker.reminders.jobs import run_due

MINUTE = timedelta(minutes=1)
BROKEN = (404, "This link does not work")


@pytest.fixture
def base(world):
    with at(world) as served_at:
        yield served_at


def invited(engine, folder, who="coordinator", now=NOON):
    """Invite somebody and give the path of the link in her email."""
    with unit_of_work(engine) as session:
        invite_person(session, None, address(who), SECRET, now=now)
    return link_in(post(engine, folder, now)[-1])


def asks(visitor, folder, engine, who="coordinator"):
    """Ask for another password and give the path of the link in the email."""
    visitor.sends("/sign-in/forgotten", email=address(who))
    return link_in(post(engine, folder)[-1])


def key_on(page):
    """Give the key that the page of setting up shows."""
    return re.search(r'class="app-secret">([A-Z2-7 ]+)<', page.text).group(1).replace(" ", "")


def rows(engine):
    """Give all that signing in has left in the records."""
    with reading(engine) as session:
        kept = [session.exec(select(model)).all() for model in (Ticket, Identity, SignIn)]
        return [row.model_dump() for found in kept for row in found]


def test_invitation_leads_to_password_authenticator_recovery_codes_and_today(world, stranger, tmp_path):
    welcome = stranger.opens(invited(world, tmp_path))
    setting_up = stranger.sends_form(welcome, welcome.forms[0], password=PASSWORD)
    key = key_on(setting_up)
    kept = stranger.sends_form(setting_up, setting_up.forms[0], code=code(key=key))
    codes = re.findall(r"[a-z2-9]{4}(?:-[a-z2-9]{4}){3}", kept.words)

    assert [(page.status, page.heading) for page in (welcome, setting_up, kept)] == [
        (200, "Welcome: choose a password"),
        (200, "Set up your authenticator"),
        (200, "Keep your recovery codes"),
    ]
    assert (len(set(codes)), stranger.opens("/").address) == (10, "/today")


def test_qr_code_says_what_the_key_says_and_needs_no_style_of_its_own(world, stranger, tmp_path):
    page = stranger.sends(invited(world, tmp_path), password=PASSWORD)

    drawn = page.text[page.text.index('<svg viewBox="0 0 ', page.text.index("app-qr-frame")) :].partition("</svg>")[0]
    assert ("style=" in page.text, 'class="app-qr"' in drawn, "otpauth" in page.text) == (False, True, False)
    assert key_on(stranger.opens("/sign-in/authenticator")) == key_on(page)


def test_invitation_is_read_once(world, tmp_path):
    invited(world, tmp_path)

    [text] = post(world, tmp_path)

    link = link_in(text)
    assert text.replace(link, "/welcome/…") == (
        "To: coordinator@thscp.example\n"
        "Subject: You are invited to the learning tracker\n\n"
        "You are invited to the learning tracker\n"
        "=======================================\n\n"
        "Dear Casey Morgan,\n\n"
        "THSCP partnership invites you to its learning tracker. Choose a\n"
        "password first, then set up an authenticator app. It takes 5\n"
        "minutes.\n\n"
        "Choose a password:\n"
        f"{BASE_URL}/welcome/…\n\n"
        "The link works once, until midday on 8 June 2021. It is for you\n"
        "alone: please do not forward this email.\n\n\n"
        "---\n"
        "You get this because your partnership has added you to its learning\n"
        "tracker.\n\n"
        "Official - sensitive. This email holds no details of any child.\n"
        "Please do not reply with any.\n"
        "Partnership business unit: coordinator@thscp.example\n"
    )


def test_link_stands_in_no_row_and_no_key(world, tmp_path):
    token = invited(world, tmp_path).rpartition("/")[2]

    with reading(world) as session:
        [message] = session.exec(select(Message)).all()
        written = f"{message.model_dump()} {rows(world)}"
    assert (token in written, len(token)) == (False, 43)


def test_opening_a_link_often_changes_nothing(world, stranger, tmp_path):
    path = invited(world, tmp_path)
    before = rows(world)

    pages = [stranger.opens(path).heading for _ in range(5)]
    looked_at = stranger.http.head(path)

    assert (set(pages), rows(world)) == ({"Welcome: choose a password"}, before)
    assert (looked_at.status_code, looked_at.content) == (200, b"")


def test_invitation_works_once(world, base, tmp_path):
    path = invited(world, tmp_path)
    with Visitor(base) as one, Visitor(base) as other:
        form = other.opens(path)
        one.sends(path, password=PASSWORD)
        pages = [other.sends_form(form, form.forms[0], password=ANOTHER), other.opens(path)]

    assert [(page.status, page.heading) for page in pages] == [BROKEN] * 2


@pytest.mark.parametrize(("now", "works"), [(timedelta(days=7) - MINUTE, True), (timedelta(days=7), False)])
def test_invitation_works_for_seven_days(world, tmp_path, now, works):
    path = invited(world, tmp_path)

    with at(world, NOON + now) as later, Visitor(later) as visitor:
        assert (visitor.opens(path).status == 200) is works


def test_second_invitation_ends_the_first(world, stranger, tmp_path):
    first, second = (invited(world, tmp_path, now=NOON + moment) for moment in (timedelta(), MINUTE))

    assert [stranger.opens(path).status for path in (first, second)] == [404, 200]


def test_every_link_that_does_not_work_has_the_same_page(world, stranger, tmp_path):
    used = invited(world, tmp_path)
    stranger.sends(used, password=PASSWORD)
    stranger.http.cookies.clear()
    token = used.rpartition("/")[2]
    others = ["/welcome/x", "/reset/x", f"/reset/{token}", f"/welcome/{token[:-1]}", "/welcome/%00", "/welcome/%F0%9F"]

    pages = [stranger.opens(path) for path in (used, *others)]

    assert {(page.status, page.heading, page.words) for page in pages} == {(*BROKEN, pages[0].words)}


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", "Enter the password that you choose"),
        ("short", "The password must have 12 characters or more"),
        ("x7" * 101, "The password must have 200 characters or fewer"),
        ("password1234", "This password is one that many people choose"),
        ("casey-walnut-lantern", "The password must not hold your name or your email address"),
    ],
)
def test_password_that_may_not_be_chosen_does_not_use_the_link_up(world, stranger, tmp_path, password, sentence):
    path = invited(world, tmp_path)

    refused = stranger.sends(path, password=password)
    kept = stranger.sends_form(refused, refused.forms[0], password=PASSWORD)

    assert (refused.status, sentence in refused.words) == (422, True)
    assert (refused.title[:7], refused.forms[0]["fields"]["password"]) == ("Error: ", "")
    assert kept.heading == "Set up your authenticator"


def test_whoever_stops_before_the_authenticator_sets_it_up_the_next_time(world, stranger, tmp_path):
    stranger.sends(invited(world, tmp_path), password=PASSWORD)
    stranger.http.cookies.clear()

    page = gives_password(stranger)

    assert (page.address, stranger.opens("/today").address) == ("/sign-in/authenticator", "/sign-in?next=%2Ftoday")


def test_authenticator_is_not_set_up_without_its_first_code(world, stranger, tmp_path):
    page = stranger.sends(invited(world, tmp_path), password=PASSWORD)

    pages = [stranger.sends_form(page, page.forms[0], code=given) for given in ("", "000000")]

    assert [(page.status, page.address) for page in pages] == [(422, "/sign-in/authenticator")] * 2
    assert stranger.opens("/today").address.startswith("/sign-in")


def test_password_alone_does_not_replace_an_authenticator(world, stranger):
    give_proofs(world)
    gives_password(stranger)
    shown = stranger.opens("/sign-in/authenticator?next=/cases")
    form = {"form_token": shown.forms[0]["fields"]["form_token"], "code": "000000"}
    answer = stranger.http.post("/sign-in/authenticator", data=form)

    assert (shown.address, answer.url.path) == ("/sign-in/code?next=%2Fcases", "/sign-in/code")


def test_forgotten_password_is_replaced_and_the_code_is_asked_for_all_the_same(world, stranger, tmp_path):
    give_proofs(world)
    path = asks(stranger, tmp_path, world)
    page = stranger.sends(path, password=ANOTHER)
    opened = stranger.opens("/today").address
    signed_in = stranger.sends("/sign-in/code", 0, code=code())

    assert (path[:7], page.address, opened) == ("/reset/", "/sign-in/code", "/sign-in?next=%2Ftoday")
    assert signed_in.address == "/today"


def test_reset_ends_every_session_and_the_old_password(world, base, tmp_path):
    give_proofs(world)
    with Visitor(base) as thief, Visitor(base) as owner:
        signs_in(thief)
        with at(world, NOON + MINUTE) as later, Visitor(later) as asking:
            asking.sends("/sign-in/forgotten", email=address("coordinator"))
            asking.sends(link_in(post(world, tmp_path, NOON + MINUTE)[-1]), password=ANOTHER)

        assert thief.opens("/account").address.startswith("/sign-in")
        assert [gives_password(owner, given).status for given in (PASSWORD, ANOTHER)] == [422, 200]


@pytest.mark.parametrize(("minutes", "works"), [(29, True), (30, False)])
def test_link_of_a_reset_works_for_half_an_hour(world, stranger, tmp_path, minutes, works):
    give_proofs(world)
    path = asks(stranger, tmp_path, world)

    with at(world, NOON + minutes * MINUTE) as later, Visitor(later) as visitor:
        assert (visitor.opens(path).status == 200) is works


def test_answer_is_the_same_for_every_address_and_only_whoever_signs_in_is_written_to(world, stranger, tmp_path):
    give_proofs(world)
    addresses = (address("coordinator"), address("exec"), "nobody@nowhere.example", "no address", "nul\x00@x.example")

    pages = [stranger.sends("/sign-in/forgotten", email=one) for one in addresses]

    assert {(page.status, page.heading, page.words) for page in pages} == {(200, "Check your email", pages[0].words)}
    assert [text.splitlines()[0] for text in post(world, tmp_path)] == ["To: coordinator@thscp.example"]


def test_three_links_an_hour_and_the_answer_stays_the_same(world, stranger, tmp_path):
    give_proofs(world)

    pages = [stranger.sends("/sign-in/forgotten", email=address("coordinator")) for _ in range(5)]

    assert ({page.words for page in pages}, len(post(world, tmp_path))) == ({pages[0].words}, 3)


def test_who_asks_for_many_addresses_is_stopped(world, stranger):
    statuses = [stranger.sends("/sign-in/forgotten", email=f"p{number}@x.example").status for number in range(21)]

    assert statuses == [200] * 20 + [429]


def test_form_without_an_address_says_so(stranger):
    page = stranger.sends("/sign-in/forgotten", email=" ")

    assert (page.status, "Enter your email address" in page.words) == (422, True)


def test_host_of_a_request_is_in_no_email(world, base, tmp_path):
    give_proofs(world)
    headers = {"host": "evil.example", "x-forwarded-host": "evil.example", "sec-fetch-site": "same-origin"}

    answer = httpx.post(
        f"{base}/sign-in/forgotten", data={"email": address("coordinator")}, headers=headers, timeout=PATIENCE
    )
    [text] = post(world, tmp_path)

    assert (answer.status_code, "evil" in answer.text + text, f"\n{BASE_URL}/reset/" in text) == (200, False, True)


def test_email_waits_while_there_is_no_secret_and_goes_once_there_is_one(world, tmp_path):
    with unit_of_work(world) as session:
        invite_person(session, None, address("coordinator"), SECRET, now=NOON)
    counts = run_due(world, FolderTransport(tmp_path), now=NOON)
    with reading(world) as session:
        [waits] = session.exec(select(Message)).all()
    later = post(world, tmp_path, NOON + 5 * MINUTE)

    assert (counts["sent"], counts["failed"], waits.state) == (0, 0, "queued")
    assert waits.last_error == "TRACKER_SECRET is not set, and an email about signing in needs it for its link."
    assert [text.splitlines()[1] for text in later] == ["Subject: You are invited to the learning tracker"]


def test_email_with_a_link_that_would_not_work_does_not_go(world, tmp_path):
    with unit_of_work(world) as session:
        invite_person(session, None, address("coordinator"), SECRET, now=NOON)

    assert post(world, tmp_path, NOON + timedelta(days=8)) == []


def test_invitation_anew_ends_what_she_signed_in_with(world, stranger, tmp_path):
    give_proofs(world)
    signs_in(stranger)
    token = token_of(stranger)
    with unit_of_work(world) as session:
        invite_person(session, None, address("coordinator"), SECRET, now=NOON, anew=True)
    path = link_in(post(world, tmp_path)[-1])

    assert (stranger.opens("/account").address[:8], gives_password(stranger).status) == ("/sign-in", 422)
    assert stranger.sends(path, password=ANOTHER).address == "/sign-in/authenticator"
    assert token_of(stranger) != token
