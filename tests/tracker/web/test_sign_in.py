"""Signing in: a password, then a code; how it is refused, how it ends, and where it leads."""

import logging
import re
from datetime import timedelta

import httpx
import pytest

from tests.loops import finished
from tests.make import NOON
from tests.serving import PATIENCE
from tests.tracker.web.signing import (
    KEY,
    LATER,
    PASSWORD,
    at,
    code,
    give_proofs,
    gives_password,
    signs_in,
    token_of,
)
from tests.tracker.web.visitor import SECRET, Visitor, signed_in
from tracker.clock import london_day
from tracker.database import unit_of_work
from tracker.people import attempts, sessions
from tracker.people.attempts import Try
from tracker.people.queries import person_by_email
from tracker.serving import create_service
from tracker.settings import Installation
from tracker.web.doorway import way_on

WRONG = "The email address or the password is not right"
HALF_HOUR = timedelta(minutes=30)
TOO_MANY = "There were too many tries. Wait 5 minutes, then try again."


@pytest.fixture
def recovery_codes(world):
    return give_proofs(world)


@pytest.fixture
def base(world, recovery_codes):
    with at(world) as address:
        yield address


def looks(engine, token, now):
    """Say where somebody with a token comes out when she opens her account at a moment."""
    with at(engine, now) as base, Visitor(base, token) as visitor:
        return visitor.opens("/account").address


def test_coordinator_signs_in_with_password_and_code(stranger):
    half = gives_password(stranger)
    page = stranger.sends_form(half, half.forms[0], code=code())

    assert (half.address, half.heading) == ("/sign-in/code", "Enter the code from your authenticator app")
    assert (page.status, page.address) == (200, "/today")


def test_she_comes_to_the_page_she_wanted(stranger):
    wanted = stranger.opens("/account?one=1&two=%2F")
    half = gives_password(stranger, path=wanted.address)
    page = stranger.sends_form(half, half.forms[0], code=code())

    assert page.address == "/account?one=1&two=%2F"


def test_each_step_gives_the_browser_a_new_token_and_the_old_one_ends(stranger, world):
    gives_password(stranger)
    half = token_of(stranger)
    page = stranger.opens("/sign-in/code")
    stranger.sends_form(page, page.forms[0], code=code())
    whole = token_of(stranger)

    assert len({None, half, whole}) == 3
    assert [looks(world, token, NOON) for token in (half, whole)] == ["/sign-in?next=%2Faccount", "/account"]


def test_token_that_somebody_planted_is_not_the_one_that_signs_in(base):
    with Visitor(base, "planted-by-somebody-else") as visitor:
        signs_in(visitor)

        given = [cookie.value for cookie in visitor.http.cookies.jar if cookie.domain == "127.0.0.1"]
        assert (len(given), "planted-by-somebody-else" in given) == (1, False)


@pytest.mark.parametrize(("is_secure", "name"), [(False, "session"), (True, "__Host-session")])
def test_cookie_is_kept_from_scripts_and_other_sites(world, recovery_codes, is_secure, name):
    address = "https://tracker.example" if is_secure else "http://tracker.example"
    app = create_service(Installation(str(world.url), "folder:mail", address, NOON, SECRET), world, SECRET)
    given = {"email": "coordinator@thscp.example", "password": PASSWORD}

    async def post():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=address) as client:
            return await client.post("/sign-in", data=given, headers={"sec-fetch-site": "same-origin"})

    cookie = finished(post).headers["set-cookie"]

    secure = "; Secure" if is_secure else ""
    assert re.sub(r"=[\w-]{43};", "=…;", cookie) == f"{name}=…; HttpOnly; Path=/; SameSite=lax{secure}"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("coordinator@thscp.example", "wrong-wrong-wrong"),
        ("nobody@thscp.example", PASSWORD),
        ("exec@thscp.example", PASSWORD),
        ("coordinator@thscp.example", PASSWORD + " "),
        ("not an address", "x"),
        ("nul\x00@thscp.example", "x"),
        ("x" * 10_000, "y" * 10_000),
        ("' OR 1=1 --", "{{ 7 * 7 }}"),
    ],
)
def test_whatever_is_wrong_the_words_are_the_same(stranger, email, password):
    page = stranger.sends("/sign-in", email=email, password=password)

    assert (page.status, page.title) == (422, "Error: Sign in – Learning tracker")
    assert page.words.count(WRONG) == 2
    assert (page.forms[-1]["fields"]["password"], token_of(stranger)) == ("", None)


def test_what_is_missing_is_said_beside_its_field(stranger):
    page = stranger.sends("/sign-in", email="", password="")

    assert page.status == 422
    assert ("Enter your email address" in page.words, "Enter your password" in page.words) == (True, True)


def test_password_alone_opens_no_page(stranger):
    gives_password(stranger)

    addresses = [stranger.opens(path).address for path in ("/today", "/account", "/", "/account/authenticator")]

    assert [address.partition("?")[0] for address in addresses] == ["/sign-in"] * 4


def test_wrong_code_is_refused_and_the_page_says_what_to_do(stranger):
    half = gives_password(stranger)
    page = stranger.sends_form(half, half.forms[0], code="000000")

    assert page.status == 422
    assert "The code is not right, or was used before. Wait for the next one and type that" in page.words


def test_code_is_refused_when_it_was_taken_before(base):
    with Visitor(base) as first, Visitor(base) as second:
        addresses = [signs_in(visitor).address for visitor in (first, second)]

    assert addresses == ["/today", "/sign-in/code"]


def test_next_code_is_taken(world, base):
    with Visitor(base) as first:
        signs_in(first)
    with at(world, NOON + LATER) as later, Visitor(later) as second:
        assert signs_in(second, NOON + LATER).address == "/today"


def test_recovery_code_signs_in_once_and_says_how_many_are_left(base, recovery_codes):
    pages = []
    for _ in range(2):
        with Visitor(base) as visitor:
            gives_password(visitor)
            pages.append(visitor.sends("/sign-in/recovery", 0, code=recovery_codes[0]))

    assert [(page.status, page.address) for page in pages] == [(200, "/today"), (422, "/sign-in/recovery")]
    assert "You have used a recovery code: 9 are left." in pages[0].words
    assert "This is not one of your recovery codes, or it was used before" in pages[1].words


def test_ten_wrong_passwords_and_the_right_one_waits_too(base, world):
    with Visitor(base) as visitor:
        statuses = [gives_password(visitor, "wrong-wrong-wrong").status for _ in range(10)]
        page = gives_password(visitor)
    with at(world, NOON + timedelta(minutes=5)) as later, Visitor(later) as visitor:
        afterwards = gives_password(visitor).address

    assert (statuses, page.status, page.heading) == ([422] * 10, 429, "Too many tries")
    assert (TOO_MANY in page.words, afterwards) == (True, "/sign-in/code")


def test_unknown_address_is_locked_out_in_the_same_words(stranger):
    pages = [gives_password(stranger, "wrong-wrong-wrong", who="nobody@nowhere.example") for _ in range(11)]

    assert [page.status for page in pages] == [422] * 10 + [429]
    assert TOO_MANY in pages[-1].words


def test_lock_out_holds_over_two_services_and_a_changing_forwarded_address(world, base):
    with at(world) as other, Visitor(base) as one, Visitor(other) as two:
        statuses = []
        for number in range(12):
            visitor = (one, two)[number % 2]
            visitor.http.headers["x-forwarded-for"] = f"192.0.2.{number}"
            statuses.append(gives_password(visitor, "wrong-wrong-wrong").status)

    assert statuses == [422] * 10 + [429] * 2


def test_one_address_does_not_try_many_accounts(world, stranger):
    for number in range(100):
        tried = (Try.PASSWORD_OF_ACCOUNT, f"p{number}@x.example"), (Try.PASSWORD_FROM_ADDRESS, "127.0.0.1")
        attempts.begin(world, *tried).count(NOON)
    page = gives_password(stranger)

    assert (page.status, TOO_MANY in page.words) == (429, True)


def test_colleagues_behind_one_address_do_not_lock_each_other_out(world, stranger):
    for number in range(99):
        tried = (Try.PASSWORD_OF_ACCOUNT, f"p{number // 9}@x.example"), (Try.PASSWORD_FROM_ADDRESS, "127.0.0.1")
        attempts.begin(world, *tried).count(NOON)

    assert gives_password(stranger).address == "/sign-in/code"


def test_five_wrong_codes_and_the_right_one_waits_too(stranger):
    half = gives_password(stranger)
    statuses = [stranger.sends_form(half, half.forms[0], code="000000").status for _ in range(5)]

    assert [*statuses, stranger.sends_form(half, half.forms[0], code=code()).status] == [422] * 5 + [429]


@pytest.mark.parametrize(("minutes", "ends"), [(30, False), (31, True)])
def test_sign_in_ends_after_half_an_hour_of_rest(stranger, world, minutes, ends):
    signs_in(stranger)

    address = looks(world, token_of(stranger), NOON + timedelta(minutes=minutes))

    assert address.startswith("/sign-in") is ends


def test_sign_in_ends_after_twelve_hours_however_busy_she_is(stranger, world):
    signs_in(stranger)
    token = token_of(stranger)

    for step in range(1, 25):
        with unit_of_work(world) as session:
            found = sessions.find(session, token, NOON + step * HALF_HOUR, HALF_HOUR, timedelta(hours=12))
            sessions.note_seen(session, found.session_id, NOON + step * HALF_HOUR)

    assert [looks(world, token, NOON + hours) for hours in (24 * HALF_HOUR, 24 * HALF_HOUR + LATER)] == [
        "/account",
        "/sign-in?next=%2Faccount",
    ]


def test_password_without_a_code_is_forgotten_after_half_an_hour(stranger, world):
    gives_password(stranger)

    with at(world, NOON + timedelta(minutes=31)) as later, Visitor(later, token_of(stranger)) as visitor:
        assert visitor.opens("/sign-in/code").address == "/sign-in?next=%2Fsign-in%2Fcode"


def test_fourth_browser_ends_the_first(world, base):
    tokens = []
    for step in range(4):
        now = NOON + step * LATER
        with at(world, now) as address, Visitor(address) as visitor:
            signs_in(visitor, now)
            tokens.append(token_of(visitor))

    assert [looks(world, token, NOON + 4 * LATER) == "/account" for token in tokens] == [False, True, True, True]


def test_whoever_has_left_is_out_at_once_and_does_not_come_in_again(stranger, world):
    signs_in(stranger)
    with unit_of_work(world) as session:
        person = person_by_email(session, "coordinator@thscp.example")
        person.ended_on = london_day(NOON)
        session.add(person)

    assert stranger.opens("/account").address.startswith("/sign-in")
    assert WRONG in gives_password(stranger).words


def test_signing_out_ends_the_session_and_empties_the_browser(stranger, world):
    page = signs_in(stranger)
    token = token_of(stranger)
    form = next(form for form in page.forms if form["action"] == "/sign-out")
    answer = stranger.http.post("/sign-out", data=form["fields"], follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?signed=out")
    assert answer.headers["clear-site-data"] == '"cache", "cookies", "storage"'
    assert looks(world, token, NOON).startswith("/sign-in")
    assert "You are signed out." in stranger.opens("/sign-in?signed=out").words


def test_opening_any_page_of_signing_in_signs_nobody_out_or_in(stranger):
    signs_in(stranger)

    statuses = [stranger.http.get(path).status_code for path in ("/sign-out", "/account/end-others")]

    assert (statuses, stranger.opens("/sign-in").address) == ([405, 405], "/today")
    assert [stranger.opens(path).address for path in ("/sign-in/code", "/sign-in/recovery")] == ["/today"] * 2


@pytest.mark.parametrize("token", [None, "", "0" * 64, "of another session"])
def test_form_without_the_token_of_its_session_is_refused(world, base, token):
    paths = ("/sign-out", "/account/end-others", "/account/password", "/account/authenticator", "/sign-in")
    with Visitor(base) as one, signed_in(world, base, "exec") as other:
        signs_in(one)
        if token == "of another session":
            token = other.opens("/account").forms[0]["fields"]["form_token"]
        given = {} if token is None else {"form_token": token}
        answers = [one.http.post(path, data=given) for path in paths]

        assert [(answer.status_code, "This form is too old" in answer.text) for answer in answers] == [(403, True)] * 5
        assert one.opens("/account").address == "/account"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "cross-site"},
        *({"origin": origin} for origin in ("https://evil.example", "http://[", "null", "://", "http://")),
    ],
)
def test_form_of_another_site_is_refused_before_it_is_read(base, headers):
    given = {"email": "a@b.example", "password": PASSWORD}
    paths = ("/sign-in", "/sign-in/forgotten", "/sign-in/code", "/welcome/x", "/reset/x")

    assert [
        httpx.post(f"{base}{path}", data=given, headers=headers, timeout=PATIENCE).status_code for path in paths
    ] == [403] * 5


HOSTILE = [
    *("", "//evil.example", "///evil.example", "////evil.example", "https:evil.example", "https://evil.example"),
    *("http:evil.example", "http:///evil.example", "//evil.example/%2f..", "/\\evil.example", "\\/evil.example"),
    *("\\\\evil.example", "/\\/evil.example", "/ok\\evil", "javascript:alert(1)", "JaVaScRiPt:alert(1)"),
    *("data:text/html,x", "vbscript:x", "ftp://evil.example", "file:///etc/passwd", "mailto:a@b.example"),
    *("evil.example", "evil.example/path", "@evil.example", ".evil.example", "today", "./today", "../today"),
    *("?next=/today", "#today", " /today", "\t/today", "\n/today", "/\t/evil.example", "/\n/evil.example"),
    *("/\r/evil.example", "/today\r\nSet-Cookie: a=b", "/today\r\n\r\n<script>", "/\x00/evil.example", "/today\x00"),
    *("/\x0b/evil.example", "/\x1f/evil.example", "/\x7f/evil.example", "/\u2028/evil.example", "/\u200b/evil.example"),
    *("/\u202e/evil.example", "\u3000/today", "/\uff0fevil.example", "/\u2215evil.example", "/ /evil.example"),
    *("/a//evil.example", "/.//evil.example", "/..//evil.example", "/today//", "/" + "a" * 600, "/é", "/sign-in"),
    *("/sign-in/code", "/sign-out", "/sign-out?x=1", "/static/tracker.css", "/welcome/x", "/reset/x", "/api/cases"),
]


@pytest.mark.parametrize("wanted", HOSTILE, ids=[str(place) for place in range(len(HOSTILE))])
def test_way_on_that_is_not_ours_leads_home(wanted):
    assert way_on(wanted) == "/"


@pytest.mark.parametrize(
    "wanted",
    ["/", "/today", "/cases/TH-2021-001", "/cases?stage=3&late=yes", "/actions?words=a%20b#one", "/u?to=https://x.y"],
)
def test_way_on_that_is_ours_is_kept(wanted):
    assert way_on(wanted) == wanted


@pytest.mark.parametrize("wanted", ["//evil.example", "https:evil.example", "/\\evil.example", "/\t/evil.example"])
def test_nobody_is_sent_to_another_site_after_signing_in(stranger, wanted):
    half = stranger.sends("/sign-in", email="coordinator@thscp.example", password=PASSWORD, next=wanted)
    given = {**half.forms[0]["fields"], "code": code(), "next": wanted}
    answer = stranger.http.post("/sign-in/code", data=given, follow_redirects=False)

    assert (half.address, answer.headers["location"]) == ("/sign-in/code", "/")


def test_host_of_a_request_is_in_no_redirect(base):
    headers = {"host": "evil.example", "sec-fetch-site": "same-origin"}
    given = {"email": "coordinator@thscp.example", "password": PASSWORD}
    answers = [
        httpx.get(f"{base}/today", headers=headers, timeout=PATIENCE),
        httpx.get(f"{base}/sign-in/", headers=headers, timeout=PATIENCE),
        httpx.post(f"{base}/sign-in", data=given, headers=headers, timeout=PATIENCE),
    ]

    assert [answer.headers.get("location") for answer in answers] == [
        "/sign-in?next=%2Ftoday",
        None,
        "/sign-in/code",
    ]
    assert not any("evil" in answer.text + str(answer.headers) for answer in answers)


def test_role_that_ends_takes_its_pages_away_at_once(stranger, world):
    signs_in(stranger)
    with unit_of_work(world) as session:
        person = person_by_email(session, "coordinator@thscp.example")
        session.connection().exec_driver_sql(f"DELETE FROM role_holding WHERE person_id = {person.id}")

    assert [stranger.opens(path).status for path in ("/today", "/account")] == [403, 200]


def test_session_that_is_ended_everywhere_is_over_in_every_service(world, base):
    with Visitor(base) as one:
        signs_in(one)
        token = token_of(one)
    with unit_of_work(world) as session:
        sessions.end_all(session, person_by_email(session, "coordinator@thscp.example").id, NOON)

    assert [looks(world, token, NOON) for _ in range(2)] == ["/sign-in?next=%2Faccount"] * 2


def test_no_password_code_or_token_is_ever_logged(stranger, caplog, recovery_codes):
    caplog.set_level(logging.DEBUG)

    gives_password(stranger, "wrong-wrong-wrong-canary")
    half = gives_password(stranger)
    tokens = [token_of(stranger)]
    stranger.sends_form(half, half.forms[0], code="000000")
    stranger.sends("/sign-in/recovery", 0, code=recovery_codes[0])
    tokens.append(token_of(stranger))
    stranger.opens("/sign-in?next=/canary-address")

    # What the browser of the test itself writes down is not the service's; the log of addresses is switched off where
    # the service is started, and heard here only because the test listens to everything.
    elsewhere = ("httpx", "httpcore", "uvicorn.access")
    logged = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith(elsewhere))
    secrets = ["canary", PASSWORD, "000000", recovery_codes[0], KEY, "@thscp.example", *map(str, tokens)]
    assert [secret for secret in secrets if secret in logged] == []
    assert "a password was not right" in logged
