"""The bench runs through, in small: it is run by hand, and should not rot until then."""

import re
import subprocess
import sys

import pytest

from tests.bench.load import load
from tests.serving import on_a_port

PAGES = ["pages", "--actions", "300", "--held-cases", "20", "--rounds", "1", "--seconds", "0.2", "--requests", "100"]
DEEDS = ["deeds", "--cases", "2", "--rounds", "1", "--only", "sqlite"]


def run(*words: str) -> str:
    ran = subprocess.run([sys.executable, "-m", "tests.bench", *words], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_bench_of_the_deeds_runs_through():
    printed = run(*DEEDS)

    assert re.findall(r"^(sqlite|tracker --help|memory after)", printed, re.MULTILINE) == [
        *("sqlite", "sqlite"),
        *("tracker --help", "memory after"),
    ]


# Five services are started and eleven pages measured, which lasts where the machine is busy with something else.
@pytest.mark.timeout(900)
def test_bench_of_the_pages_measures_every_page_and_judges_every_goal():
    printed = run(*PAGES)

    pages = re.findall(r"^ *(\S.*?) {2,}(?:\d+) +[\d.]+ +[\d.]+ +[\d.]+$", printed, re.MULTILINE)
    assert pages == [
        *("overdue actions of an agency", "the bare program", "page 20", "sorted by a column", "of ten times as many"),
        *("the whole plan", "an action", "today", "a case", "all cases", "an owner's link"),
    ]
    goals = re.findall(r"^(?:reached|MISSED) +\S.*\(goal: (?:at least|below) [\d.]+\)$", printed, re.MULTILINE)
    assert len(goals) == 10


async def answer(scope, receive, send):
    status = 404 if scope["path"] == "/none" else 200
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"100")]})
    await send({"type": "http.response.body", "body": b"x" * 100})


@pytest.mark.parametrize("seconds", [1, 0.2], ids=["wrk", "its own"])
def test_load_counts_whole_pages_only(seconds):
    with on_a_port(answer) as base:
        found = load(f"{base}/?a=b", "session=1", seconds, least=100)
        with pytest.raises(SystemExit, match="were no whole pages"):
            load(f"{base}/none", "session=1", seconds, least=100)
        with pytest.raises(SystemExit, match="were no whole pages"):
            load(f"{base}/", "session=1", seconds, least=101)

    assert (found.answers > 0, found.wrong, 0 < found.p50 <= found.p95 <= found.p99) == (True, 0, True)
