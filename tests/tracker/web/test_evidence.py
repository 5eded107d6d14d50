"""Files in the browser: chosen in a form, refused beside their field, handed out only to be saved."""

import re
import socket
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text
from sqlmodel import func, select

from tests import files
from tests.make import NOON, act, make_case, make_person
from tests.tracker.reminders.post import COORDINATOR, OWNER, add, partnership
from tests.tracker.web.visitor import SECRET
from tracker.cases.models import Reading
from tracker.database import reading, unit_of_work
from tracker.files.models import StoredFile
from tracker.people.links import LinkMaker
from tracker.people.queries import person_by_email

LINKS = LinkMaker("", SECRET)
DONE = {"report": "done", "text": "It went live"}
ON = {"on-day": "1", "on-month": "6", "on-year": "2021"}
AUDIT = ("Audit.pdf", files.PDF)


@pytest.fixture
def plan(world):
    """Give a plan with one action from a case."""
    make_case(world, "TH-2021-001")
    add(world, title="Share records", text="Share records", sources=["TH-2021-001"])
    return world


@pytest.fixture
def path(plan):
    with unit_of_work(plan) as session:
        person = person_by_email(session, OWNER)
        return LINKS.address(session, person.id, OWNER, days=14, now=NOON)


def stored(engine):
    with reading(engine) as session:
        return session.exec(select(func.count()).select_from(StoredFile)).one()


def readings(engine):
    with reading(engine) as session:
        return [(one.person_id, one.about) for one in session.exec(select(Reading).order_by(Reading.id))]


def test_owner_adds_a_file_by_her_link_and_gets_it_back(stranger, plan, path):
    sent = stranger.sends(path, **DONE, _files=[AUDIT, ("Board.png", files.png())])

    assert (sent.status, sent.heading, stored(plan)) == (200, "Update sent", 2)
    page = stranger.opens(f"{path}/A1")
    assert "Audit.pdf (PDF, 1 KB, not scanned for viruses)" in page.words
    assert "The files you gave stay with it." in page.words
    answer = stranger.http.get(f"{path}/A1/evidence/1")
    assert (answer.status_code, answer.content) == (200, files.PDF)


def test_file_leaves_only_to_be_saved(as_, plan):
    act(plan, "update_action", "A1", report="done", files=[{"file_name": "Café “1”.pdf", "content": files.PDF}])

    answer = as_("coordinator").http.get("/actions/A1/evidence/1")

    names = "content-disposition content-type content-security-policy x-content-type-options cache-control".split()
    assert {name: answer.headers.get_list(name) for name in names} == {
        "content-disposition": [
            "attachment; filename=\"Cafe _1_.pdf\"; filename*=UTF-8''Caf%C3%A9%20%E2%80%9C1%E2%80%9D.pdf"
        ],
        "content-type": ["application/pdf"],
        "content-security-policy": ["default-src 'none'; sandbox"],
        "x-content-type-options": ["nosniff"],
        "cache-control": ["no-store"],
    }


def test_who_had_a_file_is_noted(as_, plan):
    act(plan, "update_action", "A1", report="done", files=[{"file_name": "Audit.pdf", "content": files.PDF}])

    for _ in range(2):
        as_("scrutineer").http.get("/actions/A1/evidence/1")

    with reading(plan) as session:
        scrutineer = person_by_email(session, "scrutineer@thscp.example")
    assert readings(plan) == [(scrutineer.id, "A1/evidence/1")]


def test_every_hostile_file_comes_back_with_its_sentence_and_none_is_kept(stranger, plan, path):
    wrong = {}

    form = stranger.opens(path)
    for sentence, given in files.HOSTILE.items():
        for what, file in given.items():
            page = stranger.sends_form(form, form.forms[-1], **DONE, _files=[file])
            found = (page.status, sentence in page.words, page.forms[-1]["fields"].get("text") if page.forms else "")
            if found != (422, True, DONE["text"]):
                wrong[what] = (*found, page.words[:300])

    assert (wrong, stored(plan)) == ({}, 0)


@pytest.mark.parametrize("deed", ["update-action", "complete-action"])
@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (("Film.pdf", b"x" * 31 * 2**20), "The file is 31 MB. It must be smaller than 10 MB"),
        (("Film.pdf", b"x" * 10 * 2**20), "The file is 10 MB. It must be smaller than 10 MB"),
        (("Film.mp4", b"x"), "Choose a PDF, Word, Excel or image file"),
        (("Minutes.pdf", b""), "The file is empty"),
        (("Minutes.pdf", b"<html>"), "We could not accept this file"),
    ],
)
def test_file_that_is_refused_keeps_what_was_typed(as_, plan, deed, file, sentence):
    typed = {**DONE, "evidence": "The audit"} if deed == "update-action" else {**ON, "evidence": "The audit"}

    page = as_("coordinator").sends(f"/actions/A1/{deed}", **typed, _files=[file])

    assert (page.status, page.title[:6], page.words.count(sentence)) == (422, "Error:", 2)
    assert page.forms[-1]["fields"]["evidence"] == "The audit"
    assert "Choose your files again" in page.words
    assert stored(plan) == 0


def test_second_of_three_files_is_named(stranger, plan, path):
    page = stranger.sends(path, **DONE, _files=[AUDIT, ("page.html", b"<html>"), AUDIT])

    assert (page.status, "File 2: Choose a PDF, Word, Excel or image file" in page.words, stored(plan)) == (
        422,
        True,
        0,
    )


def test_four_files_are_one_too_many(stranger, plan, path):
    page = stranger.sends(path, **DONE, _files=[AUDIT] * 4)

    assert (page.status, "Choose 3 files or fewer (you have 4)" in page.words, stored(plan)) == (422, True, 0)


def test_good_files_of_every_kind_are_kept(as_, plan):
    coordinator = as_("coordinator")

    found = {}
    for name, content in files.GOOD.items():
        page = coordinator.sends(
            "/actions/A1/update-action", report="on_track", text="It goes", _files=[(name, content)]
        )
        found[name] = page.heading
    held = [coordinator.http.get(f"/actions/A1/evidence/{number}") for number in (1, 3, 6)]

    assert set(found.values()) == {"Action A1 Share records"}
    assert [answer.status_code for answer in held] == [200] * 3


def test_form_sent_twice_keeps_its_file_once(stranger, plan, path):
    form = stranger.opens(path)

    pages = [stranger.sends_form(form, form.forms[-1], **DONE, _files=[AUDIT]) for _ in range(2)]

    assert ([page.heading for page in pages], stored(plan)) == (["Update sent"] * 2, 1)


def test_photo_that_says_where_it_was_taken_is_kept_when_that_is_confirmed(stranger, plan, path):
    photo = ("Room.jpg", files.photo())
    page = stranger.sends(path, **DONE, _files=[photo])

    again = stranger.sends_form(page, page.forms[-1], confirmed="looks_personal", report="done", _files=[photo])

    assert (page.status, "This photo says where it was taken." in page.words) == (422, True)
    assert (again.heading, stored(plan)) == ("Update sent", 1)


def test_done_without_words_or_file_is_refused_beside_the_question(stranger, path):
    page = stranger.sends(path, **DONE)

    assert (page.status, page.words.count("Say what shows that it is done, or add a file")) == (422, 2)


def test_owner_changes_her_words_and_her_file_stays(stranger, plan, path):
    stranger.sends(path, **DONE, _files=[AUDIT])

    sent = stranger.sends(f"{path}/A1", report="done", text="It went live on Monday")

    assert (sent.heading, stored(plan)) == ("Update sent", 1)


def test_pages_about_the_action_name_the_file(as_, plan):
    act(plan, "update_action", "A1", by=OWNER, report="done", files=[{"file_name": "Audit.pdf", "content": files.PDF}])

    coordinator = as_("coordinator")
    pages = {page: coordinator.opens(page) for page in ("/actions/A1", "/actions/updates", "/actions/A1/accept-update")}

    for page, opened in pages.items():
        assert "Audit.pdf (PDF, 1 KB, not scanned for viruses)" in opened.words, page
        assert "/actions/A1/evidence/1" in opened.links, page


def test_file_is_not_there_for_whoever_may_not_see_the_action(as_, stranger, plan, path):
    act(plan, "update_action", "A1", by=OWNER, report="done", files=[{"file_name": "Audit.pdf", "content": files.PDF}])
    with unit_of_work(plan) as session:
        make_person(session, partnership(session), "nadia@thscp.example", "owner", name="Nadia Brook")
        nadia = person_by_email(session, "nadia@thscp.example")
        hers = LINKS.address(session, nadia.id, "nadia@thscp.example", days=14, now=NOON)
    act(plan, "declare_conflict", "TH-2021-001", person="exec@thscp.example", reason="Kin")

    answers = {
        "barred": as_("exec").http.get("/actions/A1/evidence/1"),
        "somebody else's link": stranger.http.get(f"{hers}/A1/evidence/1"),
        "no such file": as_("coordinator").http.get("/actions/A1/evidence/2"),
        "no number": as_("coordinator").http.get("/actions/A1/evidence/1%00"),
        "no such action": as_("coordinator").http.get("/actions/A9/evidence/1"),
        "admin": as_("admin").http.get("/actions/A1/evidence/1"),
    }

    assert {who: answer.status_code for who, answer in answers.items()} == {
        **dict.fromkeys(answers, 404),
        "admin": 403,
    }
    assert stranger.http.get("/actions/A1/evidence/1").url.path == "/sign-in"


def test_owner_is_not_handed_by_her_link_what_somebody_else_gave(stranger, plan, path):
    act(
        plan,
        "update_action",
        "A1",
        by=COORDINATOR,
        report="on_track",
        files=[{"file_name": "N.pdf", "content": files.PDF}],
    )

    answer = stranger.http.get(f"{path}/A1/evidence/1")

    assert (answer.status_code, "N.pdf" in stranger.opens(f"{path}/A1").text) == (404, False)


@pytest.mark.parametrize("cookie", [None, "scrutineer", "exec"])
@pytest.mark.parametrize("address", ["/u/no-such-token/A1", "/actions/A1/update-action", "/actions/A9/complete-action"])
def test_nothing_is_read_of_what_somebody_sends_who_may_not(base, plan, as_, address, cookie):
    """The answer comes although not one byte of the file was sent."""
    host = urlsplit(base)
    token = as_(cookie).http.cookies["session"] if cookie else "none"

    with socket.create_connection((host.hostname, host.port), timeout=20) as wire:
        wire.sendall(
            f"POST {address} HTTP/1.1\r\nHost: {host.netloc}\r\nOrigin: {base}\r\nCookie: session={token}\r\n"
            "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 30000000\r\n\r\n".encode()
        )
        answer = wire.recv(4096).decode()

    assert re.match(r"HTTP/1.1 (404|403|303)", answer), answer


def test_body_without_a_length_or_far_too_large_is_refused(base, plan, path, stranger):
    def pieces():
        yield b"--x\r\n"

    unknown = stranger.http.post(
        f"{path}/A1", content=pieces(), headers={"content-type": "multipart/form-data; boundary=x"}
    )
    large = stranger.http.post(f"{path}/A1", content=b"x" * 50_000_001)

    assert (unknown.status_code, large.status_code, stored(plan)) == (411, 413, 0)
    assert "What you sent is too large" in large.text
    assert "The link in your email leads back to your page." in large.text


def test_fault_after_a_file_was_written_leaves_nothing(stranger, plan, path):
    with plan.connect() as connection, connection.begin():
        connection.execute(text("CREATE TRIGGER gone BEFORE INSERT ON evidence BEGIN SELECT RAISE(ABORT, 'gone'); END"))

    page = stranger.sends(path, **DONE, _files=[AUDIT])

    assert (page.status, stored(plan)) == (500, 0)
