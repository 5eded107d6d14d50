"""Forms that come after the sign-in has ended: kept for whoever typed them, given back, and recorded only then."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlmodel import select

from tests.make import NOON, act, address
from tests.tracker.web.casework import REFERENCE, recommended
from tests.tracker.web.signing import at, code, give_proofs, token_of
from tests.tracker.web.visitor import Visitor, signed_in
from tracker.database import reading, unit_of_work
from tracker.escalations.models import Escalation
from tracker.people import sessions
from tracker.people.queries import person_by_email
from tracker.people.sign_in_models import UnsentForm
from tracker.people.unsent import forget_old

TEXT = "May <b>staff</b> have a day?\nWe asked twice already"
RAISED = {"group": "thscp/qap", "title": "Time for training", "ask": TEXT, "urgency": "routine"}
LATE = NOON + timedelta(minutes=31)


def signs_in_again(visitor, page, who="coordinator", when=LATE):
    """Sign in from the page of signing in to which a form led."""
    half = visitor.sends_form(page, page.forms[-1], email=address(who), password="walnut-ferry-lantern-42")
    return visitor.sends_form(half, half.forms[0], code=code(when))


@contextmanager
def too_late(engine, path, _when=LATE, **typed):
    """Open a form in time and send it too late; gives who did, and the page she comes to."""
    with at(engine) as base, signed_in(engine, base, "coordinator") as visitor:
        page = visitor.opens(path)
        form = page.forms[-1]
        token = token_of(visitor)
    with at(engine, _when) as base, Visitor(base, token) as visitor:
        yield visitor, visitor.sends_form(page, form | {"action": form["action"] or path}, **typed)


def raised(engine):
    with reading(engine) as session:
        return [escalation.ask for escalation in session.exec(select(Escalation))]


def kept(engine):
    with reading(engine) as session:
        return len(session.exec(select(UnsentForm)).all())


@pytest.fixture
def proofs(world):
    give_proofs(world)
    give_proofs(world, "exec")


def test_form_that_comes_too_late_comes_back_as_it_was_and_can_be_sent(world, proofs):
    with too_late(world, "/escalations/new", **RAISED) as (visitor, page):
        assert (page.address, page.heading) == ("/sign-in?next=/unsent", "Sign in")
        assert "nothing of it has been recorded. Sign in, and it comes back as you left it." in page.words

        waiting = signs_in_again(visitor, page)
        assert (waiting.address, waiting.heading) == ("/unsent", "Your form has not been recorded")
        assert ("<b>staff</b>" in waiting.text, "&lt;b&gt;staff&lt;/b&gt;" in waiting.text) == (False, True)

        form = visitor.sends_form(waiting, waiting.forms[-1])
        assert (form.status, form.address, raised(world)) == (422, "/escalations/new", [])
        assert "Nothing of this form has been recorded yet. Check what you typed, then send it" in form.words
        assert {name: form.forms[-1]["fields"][name].strip() for name in ("title", "ask")} == {
            name: RAISED[name] for name in ("title", "ask")
        }

        done = visitor.sends_form(form, form.forms[-1], group="thscp/qap", urgency="routine")
        assert (done.status, done.heading, raised(world)) == (200, "Escalation E1 Time for training", [TEXT])
        assert (kept(world), visitor.opens("/unsent").heading) == (0, "No form waits here")


def test_form_with_a_large_file_is_not_kept_and_its_sender_is_told(world, proofs):
    act(world, "add_action", "thscp", text="Ring the ward", owner=address("coordinator"), due_on="2021-09-30")
    large = {"_files": [("audit.pdf", b"%PDF-1.4" + b"x" * 1_000_000)], "report": "on_track", "text": TEXT}
    with too_late(world, "/actions/A1/update-action", **large) as (visitor, page):
        waiting = signs_in_again(visitor, page)

    assert (waiting.address, waiting.heading, kept(world)) == ("/unsent", "No form waits here", 0)
    assert "A form with a large file cannot be kept, and was not recorded." in waiting.words


def test_page_says_that_a_form_waits_until_it_is_looked_at(world, proofs):
    with too_late(world, "/escalations/new", **RAISED) as (visitor, page):
        signs_in_again(visitor, page)

        assert "A form that you sent has not been recorded. See what you typed" in visitor.opens("/today").words


def test_somebody_else_who_signs_in_gets_nothing_of_it(world, proofs):
    with too_late(world, "/escalations/new", **RAISED) as (visitor, page):
        found = signs_in_again(visitor, page, "exec")

        assert (found.address, found.heading, "staff" in found.words) == ("/unsent", "No form waits here", False)
        assert "has not been recorded" not in visitor.opens("/meetings").words


def test_form_sent_while_somebody_else_is_signed_in_waits_for_whoever_typed_it(world, proofs):
    with at(world) as base:
        with signed_in(world, base, "coordinator") as owner:
            page = owner.opens("/escalations/new")
        with signed_in(world, base, "exec") as other:
            answer = other.sends_form(page, page.forms[-1], **RAISED)
        with signed_in(world, base, "coordinator") as owner:
            waiting = owner.opens("/unsent")

    assert (answer.status, answer.heading, raised(world)) == (403, "This form is somebody else’s", [])
    assert ("We asked twice" in answer.words, "We asked twice" in waiting.words) == (False, True)


def test_form_opened_before_signing_in_again_elsewhere_comes_back_at_once(world, proofs):
    with at(world) as base, signed_in(world, base, "coordinator") as before:
        page = before.opens("/escalations/new")
        with signed_in(world, base, "coordinator") as now:
            waiting = now.sends_form(page, page.forms[-1], **RAISED)

    assert (waiting.address, "We asked twice" in waiting.words, raised(world)) == ("/unsent", True, [])


@pytest.mark.parametrize("token", ["", "0" * 64, "\x00", "é"])
def test_form_without_the_token_of_a_session_is_not_kept(world, proofs, token):
    with too_late(world, "/escalations/new", form_token=token, **RAISED) as (_, page):
        assert (page.address, kept(world)) == ("/sign-in", 0)


def test_form_from_another_site_is_refused_before_it_is_read(world):
    with at(world) as base, signed_in(world, base, "coordinator") as visitor:
        token = visitor.opens("/escalations/new").forms[-1]["fields"]["form_token"]
        answer = visitor.http.post(
            "/escalations/new", data=RAISED | {"form_token": token}, headers={"sec-fetch-site": "cross-site"}
        )

    assert (answer.status_code, kept(world)) == (403, 0)


def test_button_without_anything_typed_is_not_kept(world):
    with too_late(world, "/escalations/new", title=None, ask=None, urgency=None, group=None) as (_, page):
        assert (page.heading, kept(world)) == ("Sign in", 0)


@pytest.mark.parametrize("path", ["/account/password", "/account/recovery-codes", "/account/authenticator"])
def test_passwords_and_codes_are_never_kept(world, proofs, path):
    with too_late(world, path, password="walnut-ferry-lantern-42", code="123456") as (_, page):
        assert (page.address, kept(world)) == ("/sign-in", 0)


def test_form_sent_twice_too_late_is_kept_once(world):
    with at(world) as base, signed_in(world, base, "coordinator") as owner:
        page = owner.opens("/escalations/new")
        with signed_in(world, base, "exec") as other:
            for _ in (1, 2):
                other.sends_form(page, page.forms[-1], **RAISED)

    assert kept(world) == 1


def test_only_the_newest_forms_of_somebody_are_kept(world):
    with at(world) as base, signed_in(world, base, "coordinator") as owner:
        pages = [owner.opens("/escalations/new") for _ in range(7)]
        with signed_in(world, base, "exec") as other:
            for page in pages:
                other.sends_form(page, page.forms[-1], **RAISED)

    assert kept(world) == 5


def test_form_is_forgotten_after_an_hour(world, proofs):
    with too_late(world, "/escalations/new", **RAISED):
        pass
    with at(world, LATE + timedelta(hours=1)) as base, Visitor(base) as visitor:
        page = signs_in_again(visitor, visitor.opens("/sign-in?next=/unsent"), when=LATE + timedelta(hours=1))
    with unit_of_work(world) as session:
        forget_old(session, LATE + timedelta(hours=1))

    assert (page.heading, kept(world)) == ("No form waits here", 0)


def test_form_about_a_case_from_which_its_sender_is_barred_since_does_not_come_back(world, proofs):
    recommended(world)
    typed = {"on-day": "1", "on-month": "6", "on-year": "2021", "reason": "We wait for the inquest"}
    with too_late(world, f"/cases/{REFERENCE}/steps/hold-case", **typed) as (visitor, page):
        assert kept(world) == 1
        act(
            world,
            "declare_conflict",
            REFERENCE,
            by="coordinator@thscp.example",
            person=address("coordinator"),
            reason="Kin",
        )
        found = signs_in_again(visitor, page)

    assert (found.heading, REFERENCE in found.text, "inquest" in found.text) == ("No form waits here", False, False)


@pytest.mark.parametrize("about", [REFERENCE, "A1", f"NM-2026-014 {REFERENCE}", "A2 A1", "none"])
def test_form_that_names_what_its_sender_is_barred_from_since_does_not_come_back(world, proofs, about):
    recommended(world)
    act(
        world, "add_action", None, text="Ring the ward", sources=[REFERENCE], due_on="2021-09-30", level="single_agency"
    )
    with too_late(world, "/escalations/new", **RAISED | ({} if about == "none" else {"about": about})) as (she, page):
        act(world, "declare_conflict", REFERENCE, person=address("coordinator"), reason="Kin")
        found = signs_in_again(she, page)

    assert ("may &lt;b&gt;staff" in found.text.lower(), "A1" in found.words) == (about == "none", False)


def test_form_about_an_escalation_from_which_its_sender_is_barred_since_does_not_come_back(world, proofs):
    recommended(world)
    act(world, "raise_escalation", None, about=[REFERENCE], **RAISED)
    with too_late(world, "/escalations/E1/withdraw", reason="It was answered") as (visitor, page):
        assert kept(world) == 1
        act(world, "declare_conflict", REFERENCE, person=address("coordinator"), reason="Kin")
        found = signs_in_again(visitor, page)

    assert (found.heading, "E1" in found.words, "answered" in found.words) == ("No form waits here", False, False)


@pytest.mark.parametrize("is_barred", [False, True])
@pytest.mark.parametrize("path", ["/actions/import", "/actions/pairs/A1-A2", "/actions/a1/split-action"])
def test_form_on_any_page_of_the_plan_comes_back_unless_its_sender_is_barred_since(world, proofs, path, is_barred):
    recommended(world)
    for text in ("Ring the ward", "Ring the wards"):
        act(world, "add_action", None, text=text, sources=[REFERENCE], due_on="2021-09-30")
    with at(world) as base, signed_in(world, base, "coordinator") as visitor:
        # Any page of the session gives the token by which it is known whose form it is.
        opened, token = visitor.opens("/escalations/new"), token_of(visitor)
    with at(world, LATE) as base, Visitor(base, token) as visitor:
        page = visitor.sends_form(opened, opened.forms[-1] | {"action": path}, ask="Ward 7 asked")
        if is_barred:
            act(world, "declare_conflict", REFERENCE, person=address("coordinator"), reason="Kin")
        found = signs_in_again(visitor, page)

    is_told = not is_barred or path == "/actions/import"
    assert ("Ward 7" in found.text, found.heading) == (
        is_told,
        "Your form has not been recorded" if is_told else "No form waits here",
    )


def test_form_that_comes_back_without_a_session_that_ended_lets_nothing_be_done(as_, world):
    page = as_("coordinator").sends("/escalations/new", given_back="yes", **RAISED)

    assert (page.status, raised(world)) == (422, [])


def test_former_session_of_a_week_ago_is_not_known_any_more(world):
    with unit_of_work(world) as session:
        person = person_by_email(session, address("coordinator"))
        sessions.begin(session, person.id, NOON - timedelta(days=7), is_whole=True)
        begun = sessions.begun_lately(session, NOON)

    assert begun == []
