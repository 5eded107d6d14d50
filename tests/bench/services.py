"""Servers as processes of their own: the real service, and the bare program beside it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from sqlalchemy import Engine

from tests.bench.filling import COORDINATOR, NOW
from tests.bench.load import Load, load
from tests.machine import free_port
from tests.statements import each_statement
from tests.tracker.web.visitor import SECRET, Visitor, served
from tracker.database import unit_of_work
from tracker.people import sessions
from tracker.people.queries import person_by_email

# Seconds: a page that takes longer while nobody else asks is not measured; a server that does is given up.
FOR_A_PAGE, FOR_A_SERVER = 30.0, 120.0


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that runs: its address, its visitor's cookie, its process, and the seconds from starting to a page."""

    base: str
    cookie: str
    pid: int
    first_page: float

    def size(self, path: str, patience: float = FOR_A_SERVER) -> int:
        """Give the bytes of a page, which must be there."""
        answer = httpx.get(self.base + path, headers={"Cookie": self.cookie}, timeout=patience)
        if answer.status_code != httpx.codes.OK:
            raise SystemExit(f"{path} answers {answer.status_code}, and is no page to measure.")
        return len(answer.content)

    def gives(self, path: str) -> bool:
        """Say whether a page comes while anybody would wait for it."""
        try:
            return self.size(path, FOR_A_PAGE) > 0
        except httpx.ReadTimeout:
            return False

    def load(self, path: str, seconds: float) -> Load:
        """Ask for a page for so many seconds; each answer must be about as long as the first one."""
        return load(self.base + path, self.cookie, seconds, int(self.size(path) * 0.98))

    @property
    def megabytes(self) -> float:
        """Give the memory that the process holds now."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def sign_in(engine: Engine) -> str:
    """Sign the coordinator in, and give the token that her browser would keep."""
    with unit_of_work(engine) as session:
        person = person_by_email(session, COORDINATOR)
        return sessions.begin(session, person.id, NOW, is_whole=True)


@contextmanager
def service(engine: Engine, first: str) -> Iterator[Serving]:
    """Run `tracker serve` on a database until the block ends; `first` is the page that is asked for at once.

    Its clock stands at the moment for which the database was made. Reminders and post are left to somebody else: the
    database has never sent any, and the first morning's would be a hundred thousand.
    """
    port = free_port()
    program = Path(sys.executable).with_name("tracker")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    # Whoever installs the program has it compiled: it would else be compiled again at each start.
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    settings = {
        "TRACKER_DATABASE_URL": str(engine.url),
        "TRACKER_ENV": "test",
        "TRACKER_NOW": NOW.isoformat(),
        "TRACKER_SECRET": SECRET,
    }
    words = [str(program), "serve", "--no-scheduler", "--port", str(port)]
    with _running(words, kept | settings, port, f"session={sign_in(engine)}", first) as serving:
        yield serving


@contextmanager
def bare_service(engine: Engine, path: str, folder: Path) -> Iterator[Serving]:
    """Run the bare program with the statements and the size of a page until the block ends."""
    port, recording = free_port(), folder / "recorded.json"
    recording.write_text(json.dumps(_recorded(engine, path)))
    words = [sys.executable, "-m", "tests.bench.bare", str(engine.url.database), str(recording), str(port)]
    with _running(words, dict(os.environ), port, "", path) as serving:
        yield serving


def _recorded(engine: Engine, path: str) -> dict[str, object]:
    """Give the statements with which the service makes a page that it has made before, and how many bytes it has."""
    statements: list[tuple[str, object]] = []
    with (
        each_statement(engine, lambda sql, values: statements.append((sql, values))),
        served(engine, NOW) as base,
        Visitor(base, sign_in(engine)) as visitor,
    ):
        for _ in range(3):
            statements.clear()
            page = visitor.opens(path)
    return {"statements": statements, "size": len(page.text.encode())}


@contextmanager
def _running(
    words: Sequence[str], environment: dict[str, str], port: int, cookie: str, first: str
) -> Iterator[Serving]:
    began = time.perf_counter()
    process = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        base = f"http://127.0.0.1:{port}"
        _await_page(process, base + first, cookie)
        yield Serving(base, cookie, process.pid, time.perf_counter() - began)
    finally:
        process.terminate()
        try:
            process.communicate(timeout=FOR_A_SERVER)
        except subprocess.TimeoutExpired:
            # It is still busy with a page that nobody waits for any more.
            process.kill()
            process.communicate()


def _await_page(process: "subprocess.Popen[str]", address: str, cookie: str) -> None:
    """Ask for a page until it is there."""
    ends = time.perf_counter() + FOR_A_SERVER
    with httpx.Client(headers={"Cookie": cookie}, timeout=FOR_A_SERVER) as visitor:
        while time.perf_counter() < ends and process.poll() is None:
            try:
                answer = visitor.get(address)
            except httpx.ConnectError:
                time.sleep(0.005)
                continue
            if answer.status_code == httpx.codes.OK:
                return
            raise SystemExit(f"The first page answers {answer.status_code}.")
    said = process.stderr.read() if process.stderr and process.poll() is not None else ""
    raise SystemExit(f"The server did not start. {said}")
