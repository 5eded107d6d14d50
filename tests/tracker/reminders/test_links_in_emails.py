"""Links in emails: each leads where its reader answers, and is made as the email goes."""

import re

import pytest
from sqlalchemy import inspect, text

from notifications.folder import FolderTransport
from tests.make import act, make_case, make_world
from tests.tracker.reminders.post import (
    CARE,
    COORDINATOR,
    LEAD,
    OWNER,
    Post,
    add,
    change_person,
    read,
    setting,
    text_of,
)
from tests.tracker.stages import REPORT, decided
from tracker.clock import moment_from
from tracker.people.links import LinkMaker
from tracker.reminders.jobs import run_due

LINKS = LinkMaker("https://tracker.example", "of the tests, and of nothing else: 0123456789")
TOKEN = r"[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}"


@pytest.fixture
def post(engine, tmp_path):
    make_world(engine)
    return Post(engine, tmp_path)


def run(post, now, links=LINKS):
    run_due(post.engine, FolderTransport(post.folder), now=moment_from(now), links=links)


def addresses(written):
    return re.findall(r"https://tracker\.example\S*", written)


def test_reminder_and_new_action_lead_to_the_owners_page_and_each_to_its_form(post):
    add(post.engine)
    run(post, "2021-06-02T08:00")
    add(post.engine, now="2021-06-15T12:00", due_on="2021-09-30")
    run(post, "2021-06-16T08:00")

    first, second = post.texts()
    [page] = set(re.findall(rf"https://tracker\.example/u/{TOKEN}", first + second))
    assert addresses(first) == [f"{page}/A1", f"{page}/emails"]
    assert addresses(second) == [page, f"{page}/A1", f"{page}/A2", f"{page}/emails"]
    assert "You do not need an account." in " ".join(second.split())


def test_two_emails_to_one_person_that_go_together_hold_the_same_new_link(post):
    add(post.engine)
    act(post.engine, "update_action", "A1", by=OWNER, report="on_track", text="All well", now="2021-06-15T09:00")
    act(post.engine, "query_update", "A1", by=COORDINATOR, reason="Since when?", now="2021-06-15T10:00")
    add(post.engine, now="2021-06-15T12:00", due_on="2021-06-16")
    run(post, "2021-06-16T08:00")

    question, reminder = sorted(post.texts(), key=lambda written: "A2" in written)
    [page] = set(re.findall(rf"https://tracker\.example/u/{TOKEN}", question + reminder))
    assert (f"{page}/A1" in question, f"{page}/A2" in reminder) == (True, True)


def test_without_a_secret_emails_ask_for_a_reply(post):
    add(post.engine)
    run(post, "2021-06-16T08:00", links=None)

    assert addresses(post.texts()[0]) == []
    assert "Reply to this email" in " ".join(post.texts()[0].split())


def test_email_about_a_question_leads_to_the_action(post):
    add(post.engine)
    act(post.engine, "update_action", "A1", by=OWNER, report="on_track", text="All well")
    act(post.engine, "query_update", "A1", by=COORDINATOR, reason="Since when?")
    run(post, "2021-06-01T12:05")

    [address] = addresses(post.texts()[0])
    assert re.fullmatch(rf"https://tracker\.example/u/{TOKEN}/A1", address)


def test_email_about_independence_leads_to_the_declaration(engine, tmp_path):
    story = decided(engine)
    story.does("appoint-lead", by="exec", method=REPORT, person="reviewer@thscp.example", level="senior")
    post = Post(engine, tmp_path)

    run(post, "2021-06-15T18:00")

    [asked] = [written for written in post.texts() if "independent" in written]
    [address] = addresses(asked)
    assert re.fullmatch(rf"https://tracker\.example/i/{TOKEN}", address)


def test_link_lasts_as_long_as_the_partnership_has_set(post):
    setting(post.engine, "link.days", 5)
    add(post.engine)
    run(post, "2021-06-16T08:00")

    with post.engine.connect() as connection:
        [[until]] = connection.execute(text("SELECT expires_at FROM link"))
    assert str(until).startswith("2021-06-21 23:00")
    assert "by 21 June 2021" in post.texts()[0]


def test_email_that_waits_goes_to_the_address_that_its_reader_has_by_now(post):
    add(post.engine)
    act(post.engine, "update_action", "A1", by=OWNER, report="on_track", text="All well")
    act(post.engine, "query_update", "A1", by=COORDINATOR, reason="Since when?")
    change_person(post.engine, OWNER, email="owen@thscp.example")
    run(post, "2021-06-01T12:05")

    [mail] = post.new()
    [link] = addresses(text_of(mail))
    assert (mail["To"], link.endswith("/A1")) == ("owen@thscp.example", True)


def test_token_lies_in_no_row_of_any_table(post):
    add(post.engine)
    run(post, "2021-06-16T08:00")
    [token] = set(re.findall(TOKEN, post.texts()[0]))
    signature = token.rpartition(".")[2]

    kept = []
    with post.engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            kept += [str(tuple(row)) for row in connection.execute(text(f'SELECT * FROM "{table}"'))]

    assert len(kept) > 50
    assert [row for row in kept if signature in row] == []


def stopped_at(post):
    """Give for each email so far: to whom, where its header has such emails stopped, and whether text and HTML do."""
    found = []
    for path in sorted(post.folder.glob("*.eml")):
        mail = read(path)
        header = str(mail["List-Unsubscribe"] or "").strip("<>")
        line = f"Stop these emails or say that you are away:\n{header}\n"
        shown = mail.get_body(("html",)).get_content()
        found.append((str(mail["To"]), header, line in text_of(mail), f'href="{header}"' in shown))
    return found


def test_every_routine_email_says_in_text_html_and_header_where_such_emails_are_stopped(post):
    make_case(post.engine)
    act(post.engine, "record_notification", "TH-2021-001", notified_on="2021-06-02", now="2021-06-02T12:00")
    act(post.engine, "ask_return", "TH-2021-001", agency=CARE, due_on="2021-06-17", now="2021-06-02T12:00")
    add(post.engine)
    run(post, "2021-06-16T08:00")

    found = stopped_at(post)

    # The coordinator is asked for the rapid review, whose 15 working days are guidance here.
    assert sorted(to for to, *_ in found) == sorted([COORDINATOR, LEAD, OWNER])
    assert [(in_text, in_html) for _, _, in_text, in_html in found] == [(True, True)] * 3
    pages = {header for _, header, *_ in found}
    assert len(pages) == 3
    assert [page for page in pages if not re.fullmatch(rf"https://tracker\.example/u/{TOKEN}/emails", page)] == []


def test_email_of_statutory_dates_alone_cannot_be_stopped_and_does_not_offer_it(post):
    make_case(post.engine)
    run(post, "2021-06-08T08:00")

    assert stopped_at(post) == [(COORDINATOR, "", False, False)]


def test_what_goes_at_once_because_of_a_deed_does_not_offer_to_be_stopped(post):
    add(post.engine)
    act(post.engine, "update_action", "A1", by=OWNER, report="on_track", text="All well")
    act(post.engine, "query_update", "A1", by=COORDINATOR, reason="Since when?")
    run(post, "2021-06-01T12:05")

    assert stopped_at(post) == [(OWNER, "", False, False)]


def test_link_in_a_routine_email_without_actions_lasts_as_long_as_its_readers_partnership_has_set(post):
    setting(post.engine, "link.days", 5)
    make_case(post.engine)
    act(post.engine, "record_notification", "TH-2021-001", notified_on="2021-06-02", now="2021-06-02T12:00")
    act(post.engine, "ask_return", "TH-2021-001", agency=CARE, due_on="2021-06-11", now="2021-06-02T12:00")
    run(post, "2021-06-04T08:00")

    with post.engine.connect() as connection:
        [[until]] = connection.execute(text("SELECT expires_at FROM link"))
    assert str(until).startswith("2021-06-09 23:00")
