"""Measures what the Executive is shown before a meeting: agenda, digest and papers of a partnership as large as any."""

import shutil
import statistics
import subprocess
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from tests.bench.filling import NOW, filled
from tests.bench.program import seconds
from tests.bench.table import Table
from tests.make import act
from tests.statements import each_statement
from tests.tracker.walking import person
from tracker.clock import moment_from
from tracker.database import engine_for, reading
from tracker.groups.models import Meeting
from tracker.groups.queries import meeting_by_reference
from tracker.papers.agenda import agenda
from tracker.papers.digest import digest_figures
from tracker.papers.pack import pack_now
from tracker.papers.pack_changes import changes

ESCALATIONS, OPEN = 2_000, 300
_ASKED = moment_from("2022-08-20T12:00")


def measure_papers(asked: Namespace, folder: Path) -> None:
    """Measure each on a database file of its own, and print the table."""
    print("Papers: filling a database")
    with filled(asked.kept_in or folder, actions=asked.actions, cases=asked.held_cases) as held:
        copy = folder / "papers.db"
        shutil.copy(str(held.url.database), copy)
    engine = engine_for(f"sqlite:///{copy}")
    _escalate(engine)
    table = Table()
    print(f"\nOf {asked.actions:,} actions, {asked.held_cases:,} cases, {ESCALATIONS:,} escalations, {OPEN} open")
    with reading(engine) as session:
        meeting = meeting_by_reference(session, "M1")
        table.below("the agenda", _median(lambda: _agenda(session, meeting)), 400, " ms")
        table.below("the digest", _median(lambda: digest_figures(session, meeting, NOW)), 400, " ms")
        figures = digest_figures(session, meeting, NOW)
        whole = pack_now(session, meeting, figures, NOW)
        print(f"  the papers are put together in {_median(lambda: pack_now(session, meeting, figures, NOW)):.0f} ms")
        now = {section["code"]: section["items"] for section in whole["sections"]}
        compared = _median(lambda: changes(session, whole["sections"], now, NOW))
        table.below("two packs compared", compared, 200, " ms")
    print(f"  the agenda asks the database {_questions(engine)} times, however long it is")
    sheets, took, megabytes = _pdf(copy)
    table.below(f"its PDF of {sheets} pages", took, 2, " s")
    table.below("memory of the process that writes it", megabytes, 250, " MB")
    table.foot()
    engine.dispose()


def _escalate(engine: Engine) -> None:
    for number in range(ESCALATIONS):
        title, ask = f"Should it go on {number}?", "May it go on, and who pays for it until the end of the year?"
        made = act(engine, "raise_escalation", now=_ASKED, group="qap", title=title, ask=ask).reference
        if number >= OPEN - 10:
            answer: dict[str, Any] = {"on": "2022-08-21", "answer": "agreed", "text": "Yes, from next month on"}
            act(engine, "respond_to_escalation", made, by=person("executive"), now="2022-08-21T12:00", **answer)
        if number % 100 == 0:
            print(f"\r    {number:,} of {ESCALATIONS:,} escalations", end="", flush=True)


def _agenda(session: Session, meeting: Meeting) -> object:
    return agenda(session, meeting, None, NOW)


def _median(work: Callable[[], object]) -> float:
    """Give the median of five, in milliseconds."""
    return 1000 * statistics.median(seconds(lambda: _done(work)) for _ in range(5))


def _done(work: Callable[[], object]) -> None:
    work()


def _questions(engine: Engine) -> int:
    asked: list[str] = []
    with each_statement(engine, lambda sql, _: asked.append(sql)), reading(engine) as session:
        _agenda(session, meeting_by_reference(session, "M1"))
    return len(asked)


def _pdf(path: Path) -> tuple[int, float, float]:
    """Write the PDF in a process of its own, and give its pages, seconds and megabytes."""
    done = subprocess.run([sys.executable, "-c", _WRITES, str(path)], check=True, capture_output=True, text=True)
    sheets, took, kilobytes = done.stdout.split()
    return int(sheets), float(took), int(kilobytes) / 1024


_WRITES = """
import re, sys, time
from pathlib import Path
from tests.bench.filling import NOW
from tracker.database import engine_for, reading
from tracker.showing.meeting import pack_document
from tracker.papers.pack_pdf import pack_as_pdf

with reading(engine_for(f"sqlite:///{sys.argv[1]}")) as session:
    pack = pack_document(session, "M1", None, NOW)
# As much as fills about forty pages: papers of the usual length.
pack["sections"] = [section | {"items": section["items"][:260]} for section in pack["sections"]]
started = time.perf_counter()
written = pack_as_pdf(pack, "A partnership")
took = time.perf_counter() - started
pages = max(map(int, re.findall(rb"/Count (\\d+)", written)))
# Its own peak: what `getrusage` says is never less than that of the process which began this one.
peak = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]
print(pages, took, peak)
"""
