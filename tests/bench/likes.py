"""Measures how quickly like actions are found: for one new action, and over a whole plan, beside a bare rapidfuzz."""

import json
import random
import statistics
from argparse import Namespace
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from rapidfuzz import fuzz, process
from sqlalchemy import Engine, insert
from sqlmodel import Session, select

from tests.bench.databases import databases
from tests.bench.program import seconds
from tests.bench.table import Table
from tracker.actions.alike import alike_to, read_words
from tracker.actions.comparing import compare_whole_plan
from tracker.actions.models import Action
from tracker.database import reading, unit_of_work
from tracker.groups.models import Partnership

SIZES = ((10_000, 0.030), (100_000, 0.250))
WHOLE_PLAN, LONGEST = 5_000, 20.0
_CASES = Path(__file__).parents[2] / "tracker" / "demo" / "data" / "cases.json"
_ASKED = 20


def texts(number: int) -> Iterator[str]:
    """Give texts of the length of real actions, put together from pieces of them."""
    drawn = random.Random(5)
    real = [action["text"].split() for case in json.loads(_CASES.read_text())["cases"] for action in case["actions"]]
    own = [f"{drawn.choice('bcdfglmnprst')}{drawn.choice('aeiou')}{part}" for part in range(3000)]
    letters = str.maketrans("0123456789", "abcdefghij")
    for _ in range(number):
        words = drawn.choice(real)[: drawn.randint(4, 12)] + drawn.choice(real)[-drawn.randint(3, 10) :]
        # As in any plan there are names of places, tools and teams, each in a few actions only.
        words.insert(drawn.randint(0, len(words)), drawn.choice(own).translate(letters))
        yield " ".join(words)


def measure_likes(asked: Namespace, folder: Path) -> None:
    """Measure both on each kind of database, and print the table."""
    table = Table()
    for kind in ("sqlite", "postgresql"):
        if asked.only in (None, kind):
            with databases(kind, folder) as fresh:
                for number, goal in SIZES:
                    _one_among(fresh(), kind, number, goal, table)
                _whole(fresh(), kind, table)
    table.foot()


def _one_among(engine: Engine, kind: str, number: int, goal: float, table: Table) -> None:
    said = _fill(engine, number)
    new = list(texts(number + _ASKED))[-_ASKED:]
    with reading(engine) as session:
        partnership_id = _partnership(session)
        took = [seconds(lambda: alike_to(session, partnership_id, text)) for text in new]  # noqa: B023
    bare = [seconds(lambda: process.extract(text, said, scorer=fuzz.token_set_ratio, limit=5)) for text in new]  # type: ignore[arg-type, return-value]  # noqa: B023
    ours, theirs = (1000 * statistics.median(times) for times in (took, bare))
    print(f"  {kind}: rapidfuzz in a straight loop over {number:,} texts in memory: {theirs:.1f} ms")
    table.below(f"{kind}: one new action among {number:,} open ones", ours, 1000 * goal, " ms")


def _whole(engine: Engine, kind: str, table: Table) -> None:
    said = _fill(engine, WHOLE_PLAN)
    with reading(engine) as session:
        partnership_id = _partnership(session)
    some = said[:100]
    bare = seconds(lambda: [process.extract(text, said, scorer=fuzz.token_set_ratio, limit=5) for text in some])  # type: ignore[arg-type, return-value]
    print(f"  {kind}: rapidfuzz for each of {WHOLE_PLAN:,} texts, reckoned from 100: {bare * WHOLE_PLAN / 100:.0f} s")
    took = seconds(lambda: compare_whole_plan(engine, partnership_id))  # type: ignore[arg-type, return-value]
    table.below(f"{kind}: the whole plan of {WHOLE_PLAN:,} actions compared", took, LONGEST, " s")


def _fill(engine: Engine, number: int) -> list[str]:
    """Fill a plan with so many open actions, and give what they say."""
    said = list(texts(number))
    with unit_of_work(engine) as session:
        known = {"partnership_id": _partnership(session), "made_on": date(2022, 1, 4), "status": "planned"}
        rows = [
            {"reference": f"A{place}", "text": text, "level": "single_agency", "timescale_kind": "date", **known}
            | {"due_version": 1, "version": 1}
            for place, text in enumerate(said, 1)
        ]
        session.connection().execute(insert(Action), rows)
        read_words(session)
    if engine.dialect.name == "postgresql":
        # As the server does by itself after a while.
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE action_word")
            connection.exec_driver_sql("ANALYZE action")
    return said


def _partnership(session: Session) -> int:
    return session.exec(select(Partnership.id)).one()
