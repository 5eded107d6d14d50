"""Pages behind an owner's link: her own actions and nothing else; opening changes nothing, a form does one deed."""

import logging
import re
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text
from sqlmodel import col, select

from notifications import outbox
from notifications.links import Purpose, token_of
from tests.make import NOON, act, make_action, make_agency, make_case, make_person, shown
from tests.serving import PATIENCE
from tests.tracker.reminders.post import COORDINATOR, OWNER, add, partnership
from tests.tracker.web.visitor import SECRET, Visitor, served
from tracker import history
from tracker.actions.models import ActionUpdate
from tracker.database import reading, unit_of_work
from tracker.people.links import LinkMaker
from tracker.people.queries import person_by_email
from tracker.people.sign_in_models import Link, LinkVisit, UnsentForm

LINKS = LinkMaker("", SECRET)
LATER = NOON + timedelta(days=20)
SAID = {"report": "at_risk", "text": "6 of 8 moves were shared in time"}
BROKEN = "This link does not work"


def link_of(engine, email=OWNER, now=NOON, **given):
    """Give the path behind somebody's link, as an email would hold it."""
    with unit_of_work(engine) as session:
        person = person_by_email(session, email)
        return LINKS.address(session, person.id, email, days=14, now=now, **given)


@pytest.fixture
def plan(world):
    """Give a plan in which the owner has three actions, and somebody else has one."""
    for title, due_on in (("Share records", "2021-06-30"), ("Ring schools", "2021-07-31"), ("Test the policy", None)):
        add(world, title=title, text=f"{title}, and say so", due_on=due_on, success_measure="18 of 20 in time")
    with unit_of_work(world) as session:
        make_person(session, partnership(session), "nadia@thscp.example", "owner", name="Nadia Brook")
    add(world, title="Of somebody else", owner="nadia@thscp.example")
    return world


@pytest.fixture
def path(plan):
    return link_of(plan)


def test_link_names_no_case_from_which_the_owner_is_barred(plan, base):
    make_case(plan, "TH-2021-777")
    add(plan, title="As TH-2021-777 says", text="Do what TH-2021-777 says", success_measure="TH-2021-777 is done")
    act(plan, "declare_conflict", "TH-2021-777", person=OWNER, reason="Kin")

    with Visitor(base) as visitor:
        page = visitor.opens(f"{link_of(plan)}/A5")

    assert (page.status, "As [a case] says" in page.words, "TH-2021-777" in page.text) == (200, True, False)


def updates(engine):
    with reading(engine) as session:
        return session.exec(select(ActionUpdate).order_by(col(ActionUpdate.id))).all()


def visits(engine):
    with reading(engine) as session:
        return [visit.what for visit in session.exec(select(LinkVisit).order_by(col(LinkVisit.id)))]


def everything_but_visits(engine):
    with engine.connect() as connection:
        lines = connection.connection.driver_connection.iterdump()
        return [line for line in lines if "link_visit" not in line]


def end_link(engine):
    with unit_of_work(engine) as session:
        link = session.exec(select(Link)).one()
        link.ended_at = NOON
        session.add(link)


def test_owner_opens_her_actions_with_the_form_of_the_first(stranger, path):
    page = stranger.opens(path)

    assert (page.status, page.heading) == (200, "Share records")
    assert "Owen Field: action 1 of your 3" in page.words
    assert "Due 30 June 2021, in 29 days" in page.words
    assert "Done means 18 of 20 in time Your last update None yet" in page.words
    assert "It works until 15 June 2021." in page.words
    assert [link for link in page.links if link.startswith(path)] == [
        f"{path}/A2",
        f"{path}/A2",
        f"{path}/A3",
        f"{path}/emails",
        f"{path}/not-me",
    ]
    assert "report" not in page.forms[0]["fields"]


def test_owner_with_one_action_is_shown_its_form(stranger, plan):
    page = stranger.opens(link_of(plan, "nadia@thscp.example"))

    assert (page.heading, "Your 1 action" in page.words, len(page.forms)) == ("Of somebody else", False, 1)


def test_owner_without_open_actions_is_thanked(stranger, world):
    page = stranger.opens(link_of(world))

    assert (page.status, page.heading) == (200, "You have no open actions")


def test_page_behind_a_link_has_no_navigation_whoever_is_signed_in(as_, path):
    page = as_("coordinator").opens(path)

    assert (page.status, "Sign out" in page.words, "Casey Morgan" in page.words) == (200, False, False)
    assert {link for link in page.links if link.startswith("/")} - {
        "/",
        "/help",
        "/privacy",
        "/accessibility",
        "/cookies",
    } == {
        f"{path}/A2",
        f"{path}/A3",
        f"{path}/emails",
        f"{path}/not-me",
    }


def test_page_shows_nothing_of_the_case_and_of_nobody_elses_actions(stranger, plan):
    make_case(plan, "TH-2021-001")
    add(plan, title="From a case", sources=["TH-2021-001"])
    pseudonym = shown(plan, "TH-2021-001")["pseudonym"]
    path = link_of(plan)

    pages = [stranger.opens(f"{path}{rest}") for rest in ("", "/A1", "/A5", "/emails", "/not-me")]

    assert [page.status for page in pages] == [200] * 5
    for hidden in ("TH-2021-001", pseudonym, "Of somebody else", "A4", "Nadia Brook"):
        # As a word: a token that is drawn by lot may hold any two letters.
        assert [page.address for page in pages if re.search(rf"\b{hidden}\b", page.text)] == []


def test_answers_behind_a_link_are_kept_nowhere_and_name_it_to_nobody_else(base, path):
    answer = httpx.get(f"{base}{path}", timeout=PATIENCE)

    assert {name: answer.headers[name] for name in ("referrer-policy", "cache-control", "x-robots-tag")} == {
        "referrer-policy": "same-origin",
        "cache-control": "no-store",
        "x-robots-tag": "noindex, nofollow",
    }


def test_thousand_looks_by_machines_change_nothing_but_that_one_was_seen(plan, base, path):
    before = everything_but_visits(plan)

    times = {path: 50, f"{path}/A1": 50, f"{path}/not-me": 150, f"{path}/emails": 50, f"{path}/sent": 200}
    with httpx.Client(base_url=base, timeout=PATIENCE) as scanner:
        asked = [(method, place) for place, count in times.items() for method in ("GET", "HEAD") for _ in range(count)]
        answers = [scanner.request(method, place) for method, place in asked]

    assert len(answers) == 1000
    assert {(answer.request.method, answer.status_code) for answer in answers} == {
        *((method, status) for method in ("GET", "HEAD") for status in (200, 303))
    }
    assert everything_but_visits(plan) == before
    assert visits(plan) == ["fetched"]


def test_update_by_link_leaves_the_same_line_as_by_the_command_line(stranger, plan, path):
    page = stranger.sends(
        f"{path}/A1", **SAID, **{"expected_on-day": "9", "expected_on-month": "7", "expected_on-year": "2021"}
    )
    act(plan, "update_action", "A2", by=OWNER, **SAID, expected_on="2021-07-09")

    by_link, by_command = (shown(plan, reference, kind="action") for reference in ("A1", "A2"))
    assert (page.status, page.address) == (200, f"{path}/sent?action=A1")
    assert by_link["updates"] == by_command["updates"]
    numbered = [line | {"seq": 0} for line in (by_link["history"][-1], by_command["history"][-1])]
    assert numbered[0] == numbered[1]
    assert visits(plan) == ["fetched", "answered"]


def test_sent_page_says_what_happens_next_and_leads_to_the_next_action(stranger, path):
    page = stranger.sends(f"{path}/A1", **SAID)

    assert "Update sent A1: at risk What happens next The business unit checks it." in page.words
    assert "Update your next action, A2 1 more after that: A3. Or close this page: nothing is lost." in page.words
    assert [link for link in page.links if link.startswith(path)] == [f"{path}/A1", f"{path}/A2"]


def test_update_that_is_sent_twice_is_recorded_once(stranger, plan, path):
    page = stranger.opens(f"{path}/A1")
    first, second = (stranger.sends_form(page, page.forms[0], **SAID) for _ in range(2))

    assert (first.address, first.words) == (second.address, second.words)
    assert [update.text for update in updates(plan)] == [SAID["text"]]


def test_later_of_two_tabs_is_told_of_the_update_that_was_sent_and_keeps_its_text(stranger, plan, path):
    one, other = stranger.opens(f"{path}/A1"), stranger.opens(f"{path}/A1")
    stranger.sends_form(one, one.forms[0], **SAID)

    told = stranger.sends_form(other, other.forms[0], report="on_track", text="All of them by now")
    again = stranger.sends_form(told, told.forms[0], report="on_track")

    assert (told.status, told.title) == (409, "Error: Share records – Learning tracker")
    assert "You already sent an update at midday." in told.words
    assert SAID["text"] in told.words
    assert told.forms[0]["fields"]["text"] == "All of them by now"
    assert again.address == f"{path}/sent?action=A1"
    assert [(update.text, update.state) for update in updates(plan)] == [
        (SAID["text"], "replaced"),
        ("All of them by now", "sent"),
    ]


def test_form_that_was_opened_before_the_action_changed_keeps_its_text(stranger, plan, path):
    page = stranger.opens(f"{path}/A1")
    act(plan, "edit_action", "A1", by=COORDINATOR, title="Share all records")

    told = stranger.sends_form(page, page.forms[0], **SAID)

    assert (told.status, told.heading, updates(plan)) == (409, "Share all records", [])
    assert "This action has changed since you opened it." in told.words
    assert told.forms[0]["fields"]["text"] == SAID["text"]


def test_update_may_be_changed_until_it_is_checked(stranger, plan, path):
    stranger.sends(f"{path}/A1", **SAID)

    page = stranger.opens(f"{path}/A1")
    stranger.sends_form(page, page.forms[0], report="on_track")
    act(plan, "accept_update", "A1", by=COORDINATOR)
    checked = stranger.opens(f"{path}/A1")

    assert "Until then you can change it here." in page.words
    assert (page.forms[0]["fields"]["text"], "report" in page.forms[0]["fields"]) == (SAID["text"], False)
    assert [update.state for update in updates(plan)] == ["replaced", "accepted"]
    assert checked.forms[0]["fields"]["text"] == ""
    assert "What has happened since 1 June 2021?" in checked.words


def test_date_given_last_time_is_filled_in_unless_it_has_passed(plan, path):
    act(plan, "update_action", "A1", by=OWNER, **SAID, expected_on="2021-06-10")
    filled_in = []
    for now in (NOON, NOON + timedelta(days=12)):
        with served(plan, now) as base, Visitor(base) as owner:
            fields = owner.opens(f"{path}/A1").forms[0]["fields"]
            filled_in.append([fields[f"expected_on-{part}"] for part in ("day", "month", "year")])

    assert filled_in == [["10", "6", "2021"], ["", "", ""]]


def test_question_about_an_update_is_read_on_the_page(stranger, plan, path):
    act(plan, "update_action", "A1", by=OWNER, **SAID)
    act(plan, "query_update", "A1", by=COORDINATOR, reason="Which two were late?")

    page = stranger.opens(f"{path}/A1")
    stranger.sends_form(page, page.forms[0], report="at_risk", text="The two to areas that take post only")

    assert "A question about your last update Which two were late? Answer it below" in page.words
    assert [update.state for update in updates(plan)] == ["replaced", "sent"]


def test_action_that_is_not_hers_needs_nothing_else(stranger, plan, path):
    page = stranger.sends(f"{path}/A1", report="not_mine", **{"expected_on-day": "99"})

    assert "The business unit will find the right person." in page.words
    assert [(update.report, update.text, update.expected_on) for update in updates(plan)] == [("not_mine", None, None)]


@pytest.mark.parametrize(
    ("fields", "sentences"),
    [
        ({}, ["Say where this action is now", "Say what has happened so far"]),
        ({"report": "stuck"}, ["Say what has happened so far"]),
        ({"report": "done", "text": "It went live"}, ["Say what shows that it is done, or add a file"]),
        ({"report": "wrong", "text": "It went live"}, ["Choose"]),
        ({**SAID, "text": "x" * 1184}, ["What has happened must be 1,000 characters or fewer (you have 1,184)"]),
        ({**SAID, "text": "x" * 100_000}, ["What has happened must be 1,000 characters or fewer (you have 100,000)"]),
        ({**SAID, "text": "Went\x00live"}, ["The text holds a character that cannot be kept: type it anew"]),
        ({**SAID, "text": "NHS number 943 476 5919"}, ["Take it out, or confirm that it is not."]),
        (
            {**SAID, "expected_on-day": "29", "expected_on-month": "1", "expected_on-year": "2021"},
            ["must be today or later"],
        ),
        (
            {**SAID, "expected_on-day": "31", "expected_on-month": "2", "expected_on-year": "2022"},
            ["Enter a real date"],
        ),
    ],
)
def test_form_that_does_not_fit_comes_back_with_what_was_typed(stranger, plan, path, fields, sentences):
    page = stranger.sends(f"{path}/A1", **fields)

    assert (page.status, page.title[:6], updates(plan)) == (422, "Error:", [])
    assert [sentence for sentence in sentences if sentence not in page.words] == []
    kept = page.forms[0]["fields"]
    assert {name: kept.get(name) for name in fields if name != "report"} == {
        name: value for name, value in fields.items() if name != "report"
    }


def test_what_looks_personal_is_recorded_once_it_is_confirmed(stranger, plan, path):
    page = stranger.sends(f"{path}/A1", report="at_risk", text="NHS number 943 476 5919")
    stranger.sends_form(page, page.forms[0], report="at_risk", confirmed="looks_personal")

    assert [update.text for update in updates(plan)] == ["NHS number 943 476 5919"]


def test_complete_action_is_read_only(stranger, plan, path):
    page = stranger.opens(f"{path}/A1")
    act(plan, "complete_action", "A1", by=COORDINATOR, on="2021-06-01", evidence="Minutes")

    closed = stranger.opens(f"{path}/A1")
    late = stranger.sends_form(page, page.forms[0], **SAID)

    assert (closed.status, closed.forms, "This action is complete. Thank you." in closed.words) == (200, [], True)
    assert (late.status, SAID["text"] in late.words, updates(plan)) == (409, True, [])


def refusals(path):
    """Give addresses that open nothing, each for a reason of its own."""
    token = path.removeprefix("/u/")
    public_id, _, signature = token.partition(".")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other_spelling = letters[letters.index(signature[-1]) ^ 1]
    flipped = "A" if signature[0] != "A" else "B"
    return {
        "tampered": f"/u/{public_id}.{flipped}{signature[1:]}",
        "another spelling": f"/u/{token[:-1]}{other_spelling}",
        "for another purpose": f"/u/{token_of(SECRET, Purpose.INDEPENDENCE, public_id)}",
        "of another installation": f"/u/{token_of(SECRET[::-1], Purpose.ACTIONS, public_id)}",
        "of no row": f"/u/{token_of(SECRET, Purpose.ACTIONS, 'A' * 22)}",
        "on the other page": f"/i/{token}",
        "cut short": path[:-5],
        "too long": f"{path}{'x' * 1000}",
        "with a character that none has": "/u/%00",
        "of no action": f"{path}/A999",
        "of somebody else's action": f"{path}/A4",
        "of an action that passed to somebody else": f"{path}/A2",
        "of an action that she is barred from": f"{path}/A5",
        "of no reference": f"{path}/%00",
    }


def test_every_link_that_opens_nothing_has_one_answer(base, plan, path):
    make_case(plan, "TH-2021-001")
    add(plan, title="From a case", sources=["TH-2021-001"])
    act(plan, "reassign_action", "A2", by=COORDINATOR, owner="nadia@thscp.example", reason="Moved")
    act(plan, "declare_conflict", "TH-2021-001", by=COORDINATOR, person=OWNER, reason="Kin")
    asked = refusals(path)

    answers = {why: httpx.get(f"{base}{address}", timeout=PATIENCE) for why, address in asked.items()}
    answers["of somebody who left"] = gone(plan, base, path, ended_on=NOON.date())
    answers["of nobody's address"] = gone(plan, base, path, ended_on=None, email=None)
    change_person_by_id(plan, email=OWNER)
    end_link(plan)
    answers["that was ended"] = httpx.get(f"{base}{path}", timeout=PATIENCE)

    assert {(answer.status_code, len(answer.content), plain(answer)) for answer in answers.values()} == {
        (404, len(answers["tampered"].content), plain(answers["tampered"]))
    }
    assert BROKEN in answers["tampered"].text
    assert len(answers) == 17


def gone(engine, base, path, **values):
    change_person_by_id(engine, **values)
    return httpx.get(f"{base}{path}", timeout=PATIENCE)


def change_person_by_id(engine, **values):
    with unit_of_work(engine) as session:
        person = session.exec(select(Link)).one().person_id
        columns = ", ".join(f"{name} = :{name}" for name in values)
        session.connection().execute(text(f"UPDATE person SET {columns} WHERE id = :id"), {**values, "id": person})


def plain(answer):
    nonce = answer.text.partition('nonce="')[2].partition('"')[0]
    return answer.text.replace(nonce, "")


@pytest.mark.parametrize("rest", ["", "/A1", "/emails", "/new-link", "/not-me"])
def test_form_without_the_token_of_its_page_opens_nothing(base, plan, path, rest):
    answers = [
        httpx.post(
            f"{base}{path}{rest}",
            data={**SAID, "form_token": token},
            headers={"sec-fetch-site": "same-origin"},
            timeout=PATIENCE,
        )
        for token in ("", "0" * 64, "é")
    ]

    assert {(answer.status_code, BROKEN in answer.text) for answer in answers} <= {(404, True), (405, False)}
    assert (updates(plan), outbox_of(plan)) == ([], [])


def outbox_of(engine):
    with reading(engine) as session:
        return [(message.kind, message.to_address, message.about) for message in outbox.messages(session)]


def test_page_of_a_new_link_says_that_the_link_works_and_leads_to_the_actions(plan, base, path):
    with Visitor(base) as owner:
        page = owner.opens(f"{path}/new-link")
        actions = owner.opens(page.links[-1]) if path in page.links else None

    assert (page.status, page.heading) == (200, "Your link works")
    assert "yours works until 15 June 2021. Go to your actions" in page.words.replace("\u00a0", " ")
    assert actions is not None
    assert outbox_of(plan) == []


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_page_of_a_new_link_that_has_run_out_offers_one_and_of_no_link_nothing(plan, path, method):
    with served(plan, LATER) as base:
        answers = [httpx.request(method, f"{base}{at}/new-link", timeout=PATIENCE) for at in (path, f"{path}x")]

    assert [answer.status_code for answer in answers] == [410, 404]
    assert outbox_of(plan) == []


def test_link_that_has_run_out_offers_a_new_one_to_the_address_that_is_held(plan, path):
    with served(plan, LATER) as base, Visitor(base) as owner:
        expired = owner.opens(path)
        asked = owner.sends(path)

    assert (expired.status, expired.heading) == (410, "This link has expired")
    assert "Links work for 14 days, to keep the action plan safe." in expired.words
    assert "It starts with own and ends with @thscp.example ." in expired.words
    assert OWNER not in expired.text
    assert (asked.status, asked.heading) == (200, "Look in your email")
    assert outbox_of(plan) == [("new_link", OWNER, "A1, A2, A3")]


def test_owner_is_told_that_a_form_with_a_large_file_is_lost_when_her_link_has_run_out(plan, path):
    with served(plan) as base, Visitor(base) as owner:
        form = owner.opens(f"{path}/A1").forms[-1]
    large = [("audit.pdf", b"%PDF-1.4" + b"x" * 1_000_000)]
    with served(plan, LATER) as base, Visitor(base) as owner:
        opened = owner.opens(path)
        expired = owner.sends_form(opened, form | {"action": f"{path}/A1"}, large, **SAID)

    told = ["With so large a file it could not be kept either" in page.words for page in (opened, expired)]
    assert (expired.status, told, updates(plan)) == (410, [False, True], [])


def test_three_new_links_an_hour_go_and_every_answer_is_the_same(plan, path):
    with served(plan, LATER) as base, Visitor(base) as owner:
        answers = [owner.sends(path) for _ in range(5)]

    assert {(answer.status, answer.words) for answer in answers} == {(200, answers[0].words)}
    assert len(outbox_of(plan)) == 3


def test_wish_for_a_new_link_that_is_sent_twice_sends_one_which_goes_on_working(plan, path):
    with served(plan, LATER) as base, Visitor(base) as owner:
        page = owner.opens(path)
        answers = [owner.sends_form(page, page.forms[0])]
        fresh = link_of(plan, now=LATER)
        # The page is loaded again, which sends the form again; each counts as the first.
        answers += [owner.sends_form(page, page.forms[0]) for _ in range(4)]
        works = owner.opens(fresh).status
        answers.append(owner.sends(path))

    assert {answer.words for answer in answers} == {answers[0].words}
    assert (works, len(outbox_of(plan))) == (200, 2)


def test_new_link_ends_the_one_that_lived(plan, path):
    living = link_of(plan, now=LATER)
    with served(plan, LATER) as base, Visitor(base) as owner:
        before = owner.opens(living)
        owner.sends(path)
        after = owner.opens(living)

    assert (before.status, after.status, after.heading) == (200, 404, BROKEN)


def test_whoever_is_not_the_owner_ends_the_link_and_the_coordinator_is_told(stranger, plan, path):
    asked = stranger.opens(f"{path}/not-me")
    answers = [stranger.sends_form(asked, asked.forms[0]) for _ in range(2)]
    after = stranger.opens(path)

    assert asked.heading == "I am not Owen Field"
    assert {(answer.status, answer.heading) for answer in answers} == {(200, "The link has ended")}
    assert (after.status, after.heading) == (404, BROKEN)
    assert outbox_of(plan) == [("link_not_theirs", COORDINATOR, "A1, A2, A3")]
    assert [line["what"] for line in lines_about(plan)] == [
        "A signed link of Owen Field reached somebody else and was ended."
    ]


def lines_about(engine):
    with reading(engine) as session:
        return [line for line in history.lines_about(session, "thscp") if line["deed"] == "link_end"]


def test_work_of_somebody_who_left_is_her_successors(stranger, plan):
    with unit_of_work(plan) as session:
        make_action(session, partnership(session), title="Of somebody who left", owner_id=leaver(session).id)

    page = stranger.opens(link_of(plan))

    assert "action 1 of your 4" in page.words
    assert "A5" in page.words


def leaver(session):
    successor = person_by_email(session, OWNER).id
    care = make_agency(session, partnership(session), "Housing")
    return make_person(
        session,
        partnership(session),
        "left@thscp.example",
        "owner",
        agency=care,
        ended_on=NOON.date() - timedelta(days=3),
        passes_to_id=successor,
    )


def test_token_stands_in_no_log_also_not_of_a_fault(plan, base, path, caplog):
    token = path.removeprefix("/u/")
    with caplog.at_level(logging.DEBUG), Visitor(base) as owner:
        for place in (path, f"{path}/A1", f"{path}/A999", f"{path}/not-me"):
            owner.opens(place)
        owner.sends(f"{path}/A1", **SAID)
        with plan.connect() as connection:
            connection.connection.driver_connection.execute("UPDATE action SET due = 'no date at all'")
        fault = owner.opens(path)

    # What the browser of the test writes down is not the service's; and the log of addresses is switched off where the
    # service is started, and heard here only because the test listens to everything.
    elsewhere = ("httpx", "httpcore", "uvicorn.access")
    ours = [record for record in caplog.records if not record.name.startswith(elsewhere)]
    written = [logging.Formatter("%(name)s %(message)s").format(record) for record in ours]
    assert fault.status == 500
    assert any("Fault" in line and "/u/{token}" in line for line in written)
    assert [line for line in written if token in line or token.rpartition(".")[2] in line] == []


def sends_too_late(engine, path, **typed):
    """Open a form while the link works and send it when it has run out; gives the page."""
    with served(engine) as base, Visitor(base) as owner:
        page = owner.opens(f"{path}/A1")
    with served(engine, LATER) as base, Visitor(base) as owner:
        return owner.sends_form(page, page.forms[0], **typed)


def test_text_sent_when_the_link_has_run_out_is_shown_to_copy(plan, path):
    expired = sends_too_late(plan, path, **SAID, evidence="<i>minutes</i> of May")

    assert (expired.status, expired.heading, updates(plan)) == (410, "This link has expired", [])
    assert "It has not been recorded. If you open a fresh link within an hour, the form is filled in" in expired.words
    shown_again = expired.forms[-1]["fields"]
    assert [shown_again["text-1"], shown_again["text-2"]] == [SAID["text"], "<i>minutes</i> of May"]
    assert path.split("/")[2] not in str(kept(plan))


def test_fresh_link_has_the_form_as_it_was_sent_too_late_until_it_is_recorded(plan, path):
    sends_too_late(plan, path, **SAID)
    fresh = link_of(plan, now=LATER)
    with served(plan, LATER) as base, Visitor(base) as owner:
        page = owner.opens(f"{fresh}/A1")
        other = owner.opens(f"{fresh}/A2")
        done = owner.sends_form(page, page.forms[0])
        after = owner.opens(f"{fresh}/A1")

    assert "This update has not been sent yet. You typed it before your link ran out" in page.words
    assert (page.forms[0]["fields"]["text"], page.forms[0]["fields"]["report"]) == (SAID["text"], "at_risk")
    assert ("has not been sent yet" in other.words, SAID["text"] in other.text) == (False, False)
    assert (done.heading, [update.text for update in updates(plan)]) == ("Update sent", [SAID["text"]])
    assert ("has not been sent yet" in after.words, kept(plan)) == (False, [])


def test_form_sent_too_late_by_whoever_forged_its_token_is_not_kept(plan, path):
    answer = sends_too_late(plan, path, form_token="0" * 64, **SAID)

    assert (answer.status, answer.heading, kept(plan)) == (404, BROKEN, [])


def kept(engine):
    with reading(engine) as session:
        return [row.model_dump() for row in session.exec(select(UnsentForm))]
