"""A newer version comes while web and post processes of the older one work on: no page fails, no email goes astray.

The newer version is this one with a migration that only adds, as all of them do from now on; its programs run from a
tree of their own, beside those of the older one, over one PostgreSQL.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import httpx
import pytest
from sqlalchemy import Engine

from notifications import outbox
from notifications.in_line import line
from tests.faults.size import scaled
from tests.machine import free_port
from tests.make import act, make_world
from tests.notifications.smtp_server import Act, Play, SmtpServer
from tests.waiting import until
from tracker.clock import machine_now
from tracker.database import reading, unit_of_work
from tracker.fitting import newest_revision, revision_of
from tracker.people import sessions
from tracker.people.queries import person_by_email

ROOT = Path(__file__).parents[2]
SECRET = "of the tests, and of nothing else: 0123456789"
COORDINATOR = "coordinator@thscp.example"
ANSWERS = scaled(30)
# An email takes a third of a second, so that some are in hand whatever happens.
SLOWLY = Act(says="250 2.0.0 Ok: queued as 4F1A2B", pace=0.01)

ONLY_ADDS = '''"""More of everything, and nothing less."""
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9998", "{head}", None, None


def upgrade() -> None:
    op.add_column("message", sa.Column("more", sa.String(20), nullable=True))
    op.add_column("person", sa.Column("more", sa.String(20), server_default="", nullable=False))
    op.add_column("sign_in", sa.Column("more", sa.Integer(), nullable=True))
    op.create_index("ix_message_more", "message", ["more"])
    op.create_table("more", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    op.drop_table("more")
'''


@dataclass
class Version:
    """A version of the programs, in a tree of its own, over one database and one mail server."""

    tree: Path
    url: str
    mail: str

    def starts(self, *words: str) -> subprocess.Popen[str]:
        """Start a command."""
        setting = os.environ | {
            "PYTHONPATH": str(self.tree),
            "TRACKER_DATABASE_URL": self.url,
            "TRACKER_MAIL": self.mail,
            "TRACKER_MAIL_FROM": "post@thscp.example",
            "TRACKER_SECRET": SECRET,
        }
        command = [sys.executable, "-c", "from tracker.cli import main; main()", *words]
        out = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        return subprocess.Popen(command, env=setting, cwd=self.tree, **out)  # type: ignore[call-overload,no-any-return]

    def runs(self, *words: str) -> tuple[int, str]:
        """Run a command to its end."""
        process = self.starts(*words)
        said, _ = process.communicate(timeout=120)
        return process.returncode, said


@dataclass
class Reader:
    """Somebody who opens pages without a pause, on whichever web process is told."""

    token: str
    bases: list[str]
    answers: Counter[str] = field(default_factory=Counter)
    ended: Event = field(default_factory=Event)

    def reads(self) -> None:
        while not self.ended.is_set():
            for path in ("/today", "/actions", "/escalations/E1", "/health/live"):
                base = self.bases[-1]
                try:
                    status = httpx.get(base + path, cookies={"session": self.token}, timeout=30).status_code
                    self.answers[str(status)] += 1
                except httpx.HTTPError as fault:
                    self.answers[type(fault).__name__] += 1


@contextmanager
def reading_on(token: str, bases: list[str]) -> Iterator[Reader]:
    reader = Reader(token, bases)
    thread = Thread(target=reader.reads)
    thread.start()
    try:
        yield reader
    finally:
        reader.ended.set()
        thread.join()


def newer(folder: Path) -> Path:
    """Make the tree of the newer version."""
    for package in ("tracker", "notifications", "workflows", "templates"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    added = folder / "tracker" / "migrations" / "versions" / "9998_more.py"
    added.write_text(ONLY_ADDS.format(head=newest_revision()))
    return folder


def answered(engine: Engine, first: int) -> None:
    """Let answers to escalations be written and wait for the post."""
    for number in range(first, first + ANSWERS):
        act(engine, "raise_escalation", group="qap", title=f"Beds {number}", ask="May we?")
        answer = {"on": "2021-06-01", "answer": "agreed"}
        act(engine, "respond_to_escalation", f"E{number}", by="exec@thscp.example", **answer)


def serving(version: Version, closing: ExitStack) -> tuple[subprocess.Popen[str], str]:
    """Start a web process, and wait until it answers."""
    port = free_port()
    process = version.starts("serve", "--no-scheduler", "--port", str(port))
    closing.callback(process.kill)
    base = f"http://127.0.0.1:{port}"

    def lives() -> bool:
        try:
            return httpx.get(f"{base}/health/live").status_code == 200
        except httpx.HTTPError:
            return False

    until(lives)
    return process, base


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """End a process from outside; gives its exit status and what it said."""
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=60)
    return process.returncode, said


@pytest.mark.timeout(600)
def test_newer_version_comes_while_the_older_works_on(postgresql_engine: Engine, tmp_path: Path) -> None:
    engine = postgresql_engine
    make_world(engine)
    answered(engine, 1)
    with unit_of_work(engine) as session:
        token = sessions.begin(session, person_by_email(session, COORDINATOR).id, machine_now(), is_whole=True)
    url = engine.url.render_as_string(hide_password=False)
    with ExitStack() as closing:
        server = SmtpServer()
        closing.callback(server.close)
        record = server.plays(Play({"dot": [SLOWLY] * 10 * ANSWERS}))
        mail = f"smtp://127.0.0.1:{server.port}?starttls=off"
        old, new = Version(ROOT, url, mail), Version(newer(tmp_path / "new"), url, mail)
        old_web, base = serving(old, closing)
        old_post = old.starts("schedule")
        closing.callback(old_post.kill)
        bases = [base]
        with reading_on(token, bases) as reader:
            until(lambda: record.taken)

            status, said = new.runs("upgrade")
            assert status == 0, said
            answered(engine, ANSWERS + 1)
            seen = dict(reader.answers)
            of_old = httpx.get(f"{base}/health/ready")
            new_post = new.starts("schedule")
            closing.callback(new_post.kill)
            new_web, base = serving(new, closing)
            bases.append(base)
            time.sleep(1)
            ends = [ended(old_web), ended(old_post)]
            started_again = old.runs("status")
            until(lambda: not _waiting(engine), 300)
        ends += [ended(new_post), ended(new_web)]

    assert revision_of(engine) == "9998"
    assert [status for status, _ in ends] == [0, 0, 0, 0], ends
    assert (of_old.status_code, of_old.json()["database"]["fits"]) == (503, False)
    assert (started_again[0], "The database is newer than this program." in started_again[1]) == (1, True)
    assert set(seen) == {"200"}
    assert set(reader.answers) == {"200"}, reader.answers
    with reading(engine) as session:
        states = Counter(message.state for message in outbox.messages(session))
    went = Counter(re.search(rb"Message-ID: (\S+)", one.content)[1] for one in record.taken)  # type: ignore[index]
    assert (set(states), set(went.values()), len(went)) == ({"sent"}, {1}, states["sent"])
    print(f"{sum(reader.answers.values())} pages, {len(went)} emails: no page failed, none lost, none twice")


def _waiting(engine: Engine) -> int:
    with reading(engine) as session:
        return line(session, machine_now()).waiting
