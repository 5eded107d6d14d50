"""Traps in which other trackers fell, as tests with their numbers: the link in an email."""

import json
import logging
import re
from collections.abc import Iterator

import httpx
import pytest

from notifications.folder import FolderTransport
from tests.make import act, make_case, make_person, shown
from tests.serving import PATIENCE
from tests.tracker.everything import contents
from tests.tracker.reminders.post import OWNER, Post, add, partnership, read, text_of
from tests.tracker.web.visitor import SECRET, Visitor, served, signed_in
from tracker.clock import moment_from
from tracker.database import reading, unit_of_work
from tracker.people.links import LinkMaker
from tracker.reminders.jobs import run_due
from tracker.showing.lists import list_rows

NOW = "2021-06-16T09:00"
SAID = {"report": "at_risk", "text": "6 of 8 moves were shared in time"}


@pytest.fixture
def mailed(post: Post) -> Post:
    """Let the owner and somebody else have an action of a case, and be reminded of it with links."""
    make_case(post.engine)
    with unit_of_work(post.engine) as session:
        make_person(session, partnership(session), "nadia@thscp.example", "owner", name="Nadia Brook")
    add(post.engine, sources=["TH-2021-001"])
    add(post.engine, owner="nadia@thscp.example", title="Of somebody else")
    links = LinkMaker("https://tracker.example", SECRET)
    run_due(post.engine, FolderTransport(post.folder), now=moment_from("2021-06-16T08:00"), links=links)
    return post


@pytest.fixture
def path(mailed: Post) -> str:
    """Give the address in the owner's email, on whatever machine."""
    [text] = [text for text in mailed.texts() if "Dear Owen Field" in text]
    found = re.search(r"https://tracker\.example(/u/[\w.-]+)/A1", text)
    assert found is not None
    return found.group(1)


@pytest.fixture
def base(mailed: Post) -> Iterator[str]:
    """Give the address of the pages, an hour after the email went."""
    with served(mailed.engine, moment_from(NOW)) as address:
        yield address


def all_but_visits(post: Post) -> dict[str, list[tuple[object, ...]]]:
    return {table: rows for table, rows in contents(post.engine).items() if table != "link_visit"}


def test_trap_04_link_fetched_ten_times_by_a_scanner_changes_nothing_and_still_works(mailed, path, base):
    before = all_but_visits(mailed)

    with httpx.Client(base_url=base, timeout=PATIENCE) as scanner:
        looked = [scanner.request(method, f"{path}/A1") for method in ("GET", "HEAD") for _ in range(10)]
        typed = {**SAID, "form_token": "0" * 64}
        forged = scanner.post(f"{path}/A1", data=typed, headers={"sec-fetch-site": "same-origin"})

    assert ({answer.status_code for answer in looked}, forged.status_code) == ({200}, 404)
    assert all_but_visits(mailed) == before
    with Visitor(base) as owner:
        sent = owner.sends(f"{path}/A1", **SAID)
    updates = shown(mailed.engine, "A1", kind="action", now=NOW)["updates"]
    assert (sent.status, [update["text"] for update in updates]) == (200, [SAID["text"]])


def test_trap_05_token_opens_no_other_action_no_case_and_no_page_of_an_account(mailed, path, base):
    pseudonym = shown(mailed.engine, "TH-2021-001")["pseudonym"]
    with Visitor(base) as owner:
        own = [owner.opens(f"{path}{rest}") for rest in ("", "/A1", "/not-me")]
        other = owner.opens(f"{path}/A2")
        staff = [owner.opens(place) for place in ("/cases/TH-2021-001", "/actions/A1", "/account", "/today")]

    assert ([page.status for page in own], other.status) == ([200] * 3, 404)
    assert {page.address.partition("?")[0] for page in staff} == {"/sign-in"}
    for hidden in ("TH-2021-001", pseudonym, "Of somebody else", "Nadia Brook"):
        assert [page.address for page in [*own, other, *staff] if hidden in page.words] == []


def test_trap_05_token_stands_in_no_log_in_no_archive_of_the_mail_and_on_no_page_of_staff(mailed, path, base, caplog):
    secret = path.rpartition(".")[2]
    with caplog.at_level(logging.DEBUG), Visitor(base) as owner:
        owner.opens(path)
        owner.sends(f"{path}/A1", **SAID)
    with signed_in(mailed.engine, base, "coordinator", now=moment_from(NOW)) as coordinator:
        places = ("/today", "/actions", "/actions/A1", "/cases/TH-2021-001")
        pages = "\n".join(coordinator.opens(place).text for place in places)
    with reading(mailed.engine) as session:
        archive = json.dumps(list_rows(session, "emails", {}, None, moment_from(NOW)))

    # The browser of the test writes down its own addresses, and the log of addresses is switched off where it serves.
    elsewhere = ("httpx", "httpcore", "uvicorn.access")
    logged = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith(elsewhere))
    rows = repr(contents(mailed.engine))
    assert [secret in place for place in (logged, pages, archive, rows)] == [False] * 4
    assert (OWNER in archive, "A1" in pages) == (True, True)
    # What the owner said by it is hers in the history, without the way by which she came.
    line = shown(mailed.engine, "A1", kind="action", now=NOW)["history"][-1]
    assert (line["by"], line["deed"]) == ("Owen Field", "update_action")
    act(mailed.engine, "accept_update", "A1", now=NOW)


def test_trap_13_unsubscribing_works_from_the_mail_and_only_when_a_person_does_it(mailed, path, base):
    [mail] = [one for one in map(read, sorted(mailed.folder.glob("*.eml"))) if one["To"] == OWNER]
    header = str(mail["List-Unsubscribe"])
    add(mailed.engine, due_on="2021-07-07")
    mailed.new()

    # What mail programs do by themselves, with one click or none, changes nothing.
    with httpx.Client(base_url=base, timeout=PATIENCE) as program:
        by_itself = [program.request(method, f"{path}/emails").status_code for method in ("GET", "HEAD")]
        by_itself.append(program.post(f"{path}/emails", data={"List-Unsubscribe": "One-Click"}).status_code)
    still = mailed.run("2021-06-23T08:00")
    with Visitor(base) as owner:
        done = owner.sends(f"{path}/emails", only_statutory="yes")
        silent = mailed.runs(["2021-06-30", "2021-07-07"])
        owner.sends(f"{path}/emails", only_statutory=None)
    again = mailed.run("2021-07-14T08:00")

    assert (header, "List-Unsubscribe-Post" in mail) == (f"<https://tracker.example{path}/emails>", False)
    assert f"Stop these emails or say that you are away:\nhttps://tracker.example{path}/emails\n" in text_of(mail)
    assert by_itself == [200, 200, 403]
    assert (to_owner(still), done.status) == ([f"{OWNER}: 2 actions need an update by 7 July 2021"], 200)
    assert ([to_owner(emails) for emails in silent.values()], len(to_owner(again))) == ([[]] * len(silent), 1)


def to_owner(sent: list[str]) -> list[str]:
    return [line for line in sent if line.startswith(OWNER)]
