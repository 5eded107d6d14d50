"""`tracker demo`: a stranger signs in with what it prints, opens its links, stops it; no other place is touched."""

import os
import re
import shutil
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
from sqlalchemy import Engine
from sqlmodel import select

from tests import make
from tests.tracker.web.visitor import Page, Visitor
from tests.waiting import until
from tracker.clock import machine_now, moment_from
from tracker.database import engine_for, reading
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


@dataclass
class Looked:
    """A demonstration beside an installation: what it printed, whom it let in, what its links opened, how it ended."""

    folder: Path
    installed: Engine
    printed: str
    base: str
    met: dict[Role, tuple[int, str, str]]
    opened: list[Page]
    ended: tuple[int, str]


@pytest.fixture(scope="module")
def looked(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looked]:
    """Give a demonstration that was told once for all who look at it, and has ended at SIGTERM."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copyfile(sqlite_template, folder / "installed.db")
    installed = engine_for(f"sqlite:///{folder / 'installed.db'}")
    make.make_world(installed)
    there = {"TRACKER_DATABASE_URL": str(installed.url), "TRACKER_MAIL": f"folder:{folder / 'real-mail'}"}
    with demonstration(folder, "--out", "kept", **there) as served:
        met = {PLAYERS[address].role: first_page(served, address, code) for address, code in signing_in(served)}
        with Visitor(served.base) as visitor:
            opened = [visitor.opens(path) for path in LINK.findall(served.printed)]
        ended = served.stops(signal.SIGTERM)
    yield Looked(folder, installed, served.printed, served.base, met, opened, ended)
    installed.dispose()


def signing_in(served: Running) -> list[tuple[str, str]]:
    """Give the address of everybody who signs in, and the first of her codes."""
    return [(address, code) for address, code, *_ in SIGN_IN.findall(served.printed)]


def first_page(served: Running, address: str, code: str) -> tuple[int, str, str]:
    """Sign somebody in with what is printed; gives the page that she meets."""
    [password] = PASSWORD.findall(served.printed)
    with Visitor(served.base) as visitor:
        visitor.sends("/sign-in", email=address, password=password)
        page = visitor.sends("/sign-in/recovery", 0, code=code)
    return page.status, page.address, page.heading


def test_sign_in_is_printed_for_each_role(looked):
    roles = [PLAYERS[address].role for address, *_ in SIGN_IN.findall(looked.printed)]

    assert sorted(roles) == sorted(Role)
    assert sorted(FIRST_PAGES) == sorted(Role)


def test_everybody_signs_in_with_what_is_printed_and_meets_her_first_page(looked):
    assert looked.met == {role: (200, *page) for role, page in FIRST_PAGES.items()}


def test_links_that_are_printed_open_a_page_with_a_form(looked):
    paths = LINK.findall(looked.printed)

    assert [path[:3] for path in paths] == ["/u/", "/i/"]
    assert [(page.status, page.headers["referrer-policy"]) for page in looked.opened] == [(200, "same-origin")] * 2


def test_printed_lines_fit_a_terminal(looked):
    assert [line for line in looked.printed.splitlines() if len(line) > 96] == []


def test_emails_of_the_story_lead_to_the_address_that_is_served(looked):
    emails = [path.read_text() for path in (looked.folder / "kept" / "mail").glob("*.eml")]

    assert len(emails) > 30
    assert any(f"{looked.base}/u/" in text for text in emails)


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


def test_demonstration_ends_at_sigterm_and_has_touched_no_other_place(looked):
    kept = looked.folder / "kept"
    with reading(looked.installed) as session:
        proofs = [list(session.exec(select(kind))) for kind in (Identity, RecoveryCode)]
        players = session.exec(select(Person).where(Person.name == "Ada Fenwick")).all()

    status, rest = looked.ended
    assert (status, rest.strip()) == (0, f"Stopped. Everything stays in {kept}.")
    assert {"mail", "secret", "tracker.db"} <= {path.name for path in kept.iterdir()}
    assert (proofs, players, (looked.folder / "real-mail").exists()) == ([[], []], [], False)


def test_clock_of_an_installation_is_not_put_back_by_any_setting():
    settings = dict.fromkeys(("TRACKER_BEHIND", "TRACKER_CLOCK", "TRACKER_DEMO"), "2025-03-18T10:00")

    place = installation(settings)

    assert (place.behind, place.standing_still_at) == (timedelta(), None)
    assert abs(machine_now() - place.now()) < timedelta(minutes=1)


def test_clock_of_a_demonstration_goes_on_from_the_end_of_its_story(tmp_path):
    (tmp_path / "secret").write_text("x" * 64)
    ended = moment_from("2025-03-18T10:00")

    place = Told(tmp_path, ended).settings("http://127.0.0.1:8000")
    first = place.now()
    until(lambda: place.now() > first)

    assert ended <= first < ended + timedelta(minutes=1)
