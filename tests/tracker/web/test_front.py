"""The front door, and what stands before every page."""

import httpx
import pytest

from tests.serving import PATIENCE


def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_back(base):
    answer = httpx.get(f"{base}/today?all=1", timeout=PATIENCE)

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Ftoday%3Fall%3D1")


def test_coordinator_begins_with_what_needs_her_today(as_):
    page = as_("coordinator").opens("/")

    assert (page.status, page.address, page.heading) == (200, "/today", "What needs you today")


@pytest.mark.parametrize(
    ("who", "begins"),
    [
        ("coordinator", "/today"),
        ("exec", "/meetings/next"),
        ("agency_lead", "/actions?agency=mine"),
        ("scrutineer", "/cases"),
        ("admin", "/admin/people"),
        ("rrp", "/cases"),
        ("reviewer", "/cases"),
        ("partner1", "/cases"),
    ],
)
def test_everybody_begins_where_her_work_is(as_, who, begins):
    answer = as_(who).http.get("/", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, begins)


@pytest.mark.parametrize("path", ["/nowhere", "/static/nothing.css", "/today/"])
def test_unknown_page_says_so_in_plain_words(stranger, path):
    page = stranger.opens(path)

    assert (page.status, page.heading) == (404, "Page not found")


@pytest.mark.parametrize("path", ["/", "/nowhere", "/static/tracker.css"])
def test_every_answer_has_its_headers(base, path):
    answer = httpx.get(f"{base}{path}", timeout=PATIENCE)

    assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self' 'nonce-")
    assert {
        name: answer.headers[name] for name in ("x-frame-options", "x-content-type-options", "referrer-policy")
    } == {
        "x-frame-options": "DENY",
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
    }


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "null"},
        {"origin": "http://evil.example"},
    ],
)
def test_form_of_another_site_is_refused(base, headers):
    answer = httpx.post(f"{base}/sign-out", headers=headers, timeout=PATIENCE)

    assert (answer.status_code, answer.text) == (
        403,
        "This form came from another site. Go back and send it from the service.",
    )
