"""`tracker demo`: a stranger signs in with what it prints, opens its links, stops it; no other place is touched."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from tests import make
from tests.tracker.web.visitor import Visitor
from tracker.clock import machine_now, moment_from
from tracker.database import reading
from tracker.demo.cast import PLAYERS
from tracker.demo.story import Told
from tracker.people.models import Identity, Person
from tracker.people.roles import Role
from tracker.people.sign_in_models import RecoveryCode
from tracker.settings import installation

FIRST_PAGES = {
    "coordinator": ("/today", "What needs you today"),
    "executive": ("/meetings/M2", "Meeting M2 Executive Group, 27 March 2025"),
    "commissioner": ("/meetings", "Meetings"),
    "scrutineer": ("/cases", "Cases"),
    "agency_lead": ("/actions?agency=mine", "Action plan"),
    "owner": ("/actions", "Action plan"),
    "admin": ("/admin/people", "Administration People"),
    "panel": ("/cases", "Cases"),
    "group_chair": ("/cases", "Cases"),
    "reviewer": ("/cases", "Cases"),
    "partner": ("/cases", "Cases"),
    "lead_representative": ("/cases", "Cases"),
}
PASSWORD = re.compile(r"^  Password  (\S+), the same for everybody below$", re.MULTILINE)
SIGN_IN = re.compile(r"^    (\S+@\S+\.example) +(\S+)  (\S+)  (\S+)$", re.MULTILINE)
LINK = re.compile(r"^    http://127\.0\.0\.1:\d+(/[ui]/\S+)$", re.MULTILINE)
OPEN = re.compile(r"^  Open      (http://127\.0\.0\.1:\d+)$", re.MULTILINE)
PROGRAM = [sys.executable, "-c", "from tracker.cli import main; main()", "demo"]


@dataclass
class Running:
    """A demonstration that is served, and what it has printed so far."""

    ran: subprocess.Popen[str]
    printed: str

    @property
    def base(self) -> str:
        """Give the address that it prints."""
        [found] = OPEN.findall(self.printed)
        return str(found)

    def stops(self, sign: signal.Signals) -> tuple[int, str]:
        """End it from outside, and give its exit status and all that it wrote after it was served."""
        self.ran.send_signal(sign)
        rest, _ = self.ran.communicate(timeout=90)
        return self.ran.returncode, rest


@contextmanager
def demonstration(where: Path, *more: str, **settings: str) -> Iterator[Running]:
    """Run the demonstration without a terminal until it is served."""
    environment = os.environ | {"TMPDIR": str(where), "HOME": str(where)} | settings
    ran = subprocess.Popen(
        [*PROGRAM, *more], cwd=where, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        printed = ""
        assert ran.stdout is not None
        for line in ran.stdout:
            printed += line
            if line == "  Stop with Ctrl+C.\n":
                break
        yield Running(ran, printed)
    finally:
        if ran.poll() is None:
            ran.kill()
        ran.communicate()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a demonstration."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def running(folder: Path) -> Iterator[Running]:
    """Give a demonstration that is served, for all who only look."""
    with demonstration(folder, "--out", str(folder / "out")) as served:
        yield served


def test_sign_in_is_printed_for_each_role(running):
    roles = [PLAYERS[address].role for address, *_ in SIGN_IN.findall(running.printed)]

    assert sorted(roles) == sorted(Role)
    assert sorted(FIRST_PAGES) == sorted(Role)


def test_everybody_signs_in_with_what_is_printed_and_meets_her_first_page(running):
    [password] = PASSWORD.findall(running.printed)
    met = {}

    for address, code, *_ in SIGN_IN.findall(running.printed):
        with Visitor(running.base) as visitor:
            visitor.sends("/sign-in", email=address, password=password)
            page = visitor.sends("/sign-in/recovery", 0, code=code)
        met[PLAYERS[address].role] = (page.status, page.address, page.heading)

    assert met == {role: (200, *page) for role, page in FIRST_PAGES.items()}


def test_links_that_are_printed_open_a_page_with_a_form(running):
    paths = LINK.findall(running.printed)

    with Visitor(running.base) as visitor:
        pages = [visitor.opens(path) for path in paths]

    assert [path[:3] for path in paths] == ["/u/", "/i/"]
    assert [(page.status, page.headers["referrer-policy"]) for page in pages] == [(200, "same-origin")] * 2


def test_printed_lines_fit_a_terminal(running):
    assert [line for line in running.printed.splitlines() if len(line) > 96] == []


def test_emails_of_the_story_lead_to_the_address_that_is_served(running, folder):
    emails = [path.read_text() for path in (folder / "out" / "mail").glob("*.eml")]

    assert len(emails) > 30
    assert any(f"{running.base}/u/" in text for text in emails)


def test_served_demonstration_ends_at_ctrl_c_on_another_port_and_leaves_nothing(tmp_path):
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            other.bind(("127.0.0.1", 8000))
            other.listen()
        except OSError:
            # Somebody has it already, which is as good.
            pass
        with demonstration(tmp_path) as served:
            status, rest = served.stops(signal.SIGINT)

    assert "  Port 8000 is taken on this machine, so the address above has another one.\n" in served.printed
    assert not served.base.endswith(":8000")
    assert (status, rest.strip()) == (0, "Stopped. Everything is removed.")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("tracker-demo-")] == []


def test_demonstration_stopped_in_its_story_leaves_nothing(tmp_path):
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    ran = subprocess.Popen(PROGRAM, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert ran.stdout is not None
    ran.stdout.readline()

    ran.send_signal(signal.SIGTERM)
    _, complaint = ran.communicate(timeout=90)

    assert (ran.returncode, complaint.strip()) == (1, "Stopped.")
    assert list(tmp_path.glob("tracker-demo-*")) == []


def test_demonstration_ends_at_sigterm_and_has_touched_no_other_place(sqlite_engine, tmp_path):
    make.make_world(sqlite_engine)
    there = {"TRACKER_DATABASE_URL": str(sqlite_engine.url), "TRACKER_MAIL": f"folder:{tmp_path / 'real-mail'}"}

    with demonstration(tmp_path, "--out", "kept", **there) as served:
        status, rest = served.stops(signal.SIGTERM)

    assert (status, rest.strip()) == (0, f"Stopped. Everything stays in {tmp_path / 'kept'}.")
    assert {"mail", "secret", "tracker.db"} <= {path.name for path in (tmp_path / "kept").iterdir()}
    with reading(sqlite_engine) as session:
        proofs = [list(session.exec(select(kind))) for kind in (Identity, RecoveryCode)]
        players = session.exec(select(Person).where(Person.name == "Ada Fenwick")).all()
    assert (proofs, players, (tmp_path / "real-mail").exists()) == ([[], []], [], False)


def test_clock_of_an_installation_is_not_put_back_by_any_setting():
    settings = dict.fromkeys(("TRACKER_BEHIND", "TRACKER_CLOCK", "TRACKER_DEMO"), "2025-03-18T10:00")

    place = installation(settings)

    assert (place.behind, place.standing_still_at) == (timedelta(), None)
    assert abs(machine_now() - place.now()) < timedelta(minutes=1)


def test_clock_of_a_demonstration_goes_on_from_the_end_of_its_story(tmp_path):
    (tmp_path / "secret").write_text("x" * 64)
    ended = moment_from("2025-03-18T10:00")

    place = Told(tmp_path, ended).settings("http://127.0.0.1:8000")
    first, second = place.now(), place.now()

    assert ended <= first < second < ended + timedelta(minutes=1)
