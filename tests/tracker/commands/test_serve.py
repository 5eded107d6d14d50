"""`tracker serve`: what it needs, and that it writes nothing down that is nobody's business."""

import os
import socket
import subprocess
import sys

import httpx
import pytest

from tests import make
from tests.serving import PATIENCE
from tests.tracker.command_line import CommandLine
from tests.waiting import until

NO_SECRET = (
    "There is no secret to sign links with. Set TRACKER_SECRET to 32 characters or more, chosen by a machine: "
    "`openssl rand -hex 32` writes one.\n"
)
SHORT = "The secret is too short: give 32 characters or more, chosen by a machine. `openssl rand -hex 32` writes one.\n"
SECRET = "canary-secret-0123456789-0123456789"


@pytest.fixture
def tracker(sqlite_engine, monkeypatch, capsys):
    make.make_world(sqlite_engine)
    return CommandLine(monkeypatch, capsys, str(sqlite_engine.url))


@pytest.mark.parametrize(("secret", "sentence"), [(None, NO_SECRET), ("", NO_SECRET), ("short", SHORT)])
def test_serve_refuses_without_a_secret_or_with_a_short_one(tracker, secret, sentence):
    if secret is not None:
        tracker.monkeypatch.setenv("TRACKER_SECRET", secret)

    answer = tracker("serve")

    assert (answer.status, answer.out, answer.err) == (1, "", sentence)


def test_secret_is_read_from_a_file_that_is_named(tracker, tmp_path):
    (tmp_path / "secret").write_text("short\n")
    tracker.monkeypatch.setenv("TRACKER_SECRET_FILE", str(tmp_path / "secret"))

    assert tracker("serve").err == SHORT


@pytest.mark.parametrize("name", ["TRACKER_SIGN_IN_IDLE_MINUTES", "TRACKER_SIGN_IN_HOURS"])
@pytest.mark.parametrize("value", ["0", "-5", "half", "1.5", "99999", "١٢"])
def test_length_of_a_sign_in_that_is_no_length_is_refused(tracker, name, value):
    tracker.monkeypatch.setenv(name, value)

    answer = tracker("serve")

    assert (answer.status, answer.err.startswith(f"{name} must be a whole number from 1 to ")) == (1, True)


def test_help_names_serve_and_stays_fast():
    program = (
        "import sys; from tracker.cli import run; run(['--help']); "
        "heavy = {'fastapi', 'starlette', 'uvicorn', 'argon2', 'pyotp', 'segno', 'sqlalchemy', 'jinja2'}; "
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )

    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert (ran.stderr, "serve" in ran.stdout) == ("[]\n", True)


def test_served_pages_write_down_no_address_and_nothing_that_was_typed(sqlite_engine, tmp_path):
    make.make_world(sqlite_engine)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    setting = os.environ | {"TRACKER_DATABASE_URL": str(sqlite_engine.url), "TRACKER_SECRET": SECRET}
    words = [sys.executable, "-c", "from tracker.cli import main; main()", "serve", "--port", str(port)]
    running = subprocess.Popen(
        words, env=setting, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        until(lambda: running.poll() is not None or _answers(f"http://127.0.0.1:{port}"))
        statuses = _visits(f"http://127.0.0.1:{port}")
        running.terminate()
        written, _ = running.communicate(timeout=60)
    finally:
        running.kill()
        running.communicate()

    assert statuses == [404, 404, 422, 200]
    assert ("Serving on http://127.0.0.1:" in written, "canary" in written) == (True, False)


def _answers(base: str) -> bool:
    try:
        httpx.get(f"{base}/canary-page?token=canary", timeout=PATIENCE)
    except httpx.TransportError:
        return False
    return True


def _visits(base: str) -> list[int]:
    ours = {"sec-fetch-site": "same-origin"}
    given = {"email": "canary@x.example", "password": "canary-password"}
    answers = [
        httpx.get(f"{base}/canary-page?token=canary", timeout=PATIENCE),
        httpx.get(f"{base}/reset/canary-token", timeout=PATIENCE),
        httpx.post(f"{base}/sign-in", data=given, headers=ours, timeout=PATIENCE),
        httpx.post(f"{base}/sign-in/forgotten", data=given, headers=ours, timeout=PATIENCE),
    ]
    return [answer.status_code for answer in answers]
