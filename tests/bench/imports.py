"""Measures the import and the export of a plan beside a program that reads the workbook and inserts its cells bare."""

import json
import sqlite3
import statistics
import subprocess
import sys
from argparse import Namespace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import xlsxwriter
from python_calamine import CalamineWorkbook
from sqlalchemy import Engine

from tests.bench.databases import COORDINATOR, databases
from tests.bench.deeds import NOW
from tests.bench.program import seconds
from tests.bench.table import Table
from tracker import doing
from tracker.database import reading
from tracker.importing.plans import Wishes, import_plan
from tracker.showing.plan_files import write_csv, write_xlsx
from tracker.showing.plan_sheet import sheet_of

SHEETS = 10
# Likely duplicates are measured by themselves.
APART = Wishes(compares=False)
MOST_TIMES, MOST_MEGABYTES, MOST_SECONDS = 20.0, 300.0, 2.0
_HEADER = (
    *("Ref", "Review", "Theme", "Action", "Owner", "Owner e-mail", "Target date", "RAG", "Progress", "Date completed"),
    "Evidence of impact",
)
_VERBS = ("Share", "Check", "Write down", "Ask for", "Count", "Read", "Agree", "Publish", "Teach", "Review")
_THINGS = ("records of visits", "the threshold tool", "names of carers", "missed appointments", "the pathway of care")
_PLACES = ("in every school", "with midwives", "at the front door", "in supervision", "with each GP", "on each ward")
_STATUSES = ("Green", "Amber", "Red", "Blue", "Not started")


def make_workbook(path: Path, rows: int) -> None:
    """Write a plan of ten sheets, always the same one."""
    chance = Random(3)
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for number in range(SHEETS):
            sheet = book.add_worksheet(f"Sheet {number + 1}")
            sheet.write_row(0, 0, _HEADER)
            for row in range(1, rows // SHEETS + 1):
                named, status = f"{number}/{row}", chance.choice(_STATUSES)
                what = (
                    f"{chance.choice(_VERBS)} {chance.choice(_THINGS)} {chance.choice(_PLACES)}, as agreed in {named}"
                )
                owner = chance.randrange(40)
                cells = [named, f"BENCH-{number + 1}", "Neglect", what, f"Owner {owner}", f"owner{owner}@bench.example"]
                sheet.write_row(row, 0, cells)
                sheet.write_datetime(row, 6, date(2022, 1, 1) + timedelta(days=chance.randrange(700)), day)
                sheet.write_row(row, 7, [status, "The first teams have begun"])
                if status == "Blue":
                    sheet.write_datetime(row, 9, date(2022, 3, 1), day)
                    sheet.write(row, 10, "Minutes of March")


def bare(workbook: Path, database: Path) -> None:
    """Read every cell and insert every row with one statement, and nothing else."""
    book = CalamineWorkbook.from_path(str(workbook))
    driver = sqlite3.connect(database)
    marks = ", ".join("?" for _ in _HEADER)
    names = ", ".join(f"c{number}" for number in range(len(_HEADER)))
    driver.execute(f"CREATE TABLE plan ({names})")
    for name in book.sheet_names:
        rows = [[str(cell) for cell in row] for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]
        driver.executemany(f"INSERT INTO plan VALUES ({marks})", rows[1:])
    driver.commit()
    driver.close()


def make_cases(engine: Engine) -> None:
    """Open a case for each sheet."""
    for number in range(SHEETS):
        facts = {"partnership": "thscp", "known_on": "2022-05-01", "reference": f"BENCH-{number + 1}"}
        doing.do(engine, "open-case", None, email=COORDINATOR, facts=facts, now=NOW)


def measure_imports(asked: Namespace, folder: Path) -> None:
    """Measure imports and exports, and print each goal with its figure."""
    workbook = folder / "plan.xlsx"
    make_workbook(workbook, asked.rows)
    table = Table()
    print(f"\nA plan of {asked.rows} rows on {SHEETS} sheets; median of {asked.rounds} rounds")
    took: dict[str, list[float]] = {name: [] for name in ("bare", "dry run", "import", "csv", "xlsx")}
    with databases("sqlite", folder) as fresh:
        for number in range(asked.rounds):
            engine = fresh()
            make_cases(engine)
            took["bare"].append(seconds(lambda: bare(workbook, folder / f"bare-{number}.db")))  # noqa: B023
            took["dry run"].append(seconds(lambda: _import(engine, workbook, dry_run=True)))  # noqa: B023
            took["import"].append(seconds(lambda: _import(engine, workbook, dry_run=False)))  # noqa: B023
            for ending, write in (("csv", write_csv), ("xlsx", write_xlsx)):
                took[ending].append(seconds(lambda: _export(engine, folder / f"out.{ending}", write)))  # noqa: B023
            engine.dispose()
        memory = {words: _memory(fresh(), workbook, *options) for words, options in _PROGRAMS.items()}
    found = {name: statistics.median(times) for name, times in took.items()}
    print("seconds: " + ", ".join(f"{name} {time:.2f}" for name, time in found.items()))
    for name in ("dry run", "import"):
        table.below(f"{name}, times the bare reading and inserting", found[name] / found["bare"], MOST_TIMES)
    for words, megabytes in memory.items():
        table.below(f"{words}, most memory of the program and its child", megabytes, MOST_MEGABYTES, " MB")
    for ending in ("csv", "xlsx"):
        table.below(f"export of {asked.rows} actions as {ending}", found[ending], MOST_SECONDS, " s")
    table.foot()


def _import(engine: Engine, workbook: Path, *, dry_run: bool) -> None:
    """Import the plan; likely duplicates are not looked for."""
    report = import_plan(engine, workbook, email=COORDINATOR, dry_run=dry_run, now=NOW, wishes=APART)
    assert {row.judged.outcome for row in report.rows} == {"import"}, "the plan of the bench has no fault"


def _export(engine: Engine, path: Path, write: object) -> None:
    with reading(engine) as session:
        write(path, sheet_of(session, {}, None, NOW))  # type: ignore[operator]


_PROGRAMS = {"dry run": ("--dry-run",), "import": ()}
_MEMORY = """
import json, resource, sys
from pathlib import Path
from tests.bench.imports import APART, COORDINATOR, NOW, import_plan, make_cases
from tracker.database import engine_for
engine = engine_for(sys.argv[1])
make_cases(engine)
import_plan(engine, Path(sys.argv[2]), email=COORDINATOR, dry_run="--dry-run" in sys.argv, now=NOW, wishes=APART)
used = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(json.dumps(max(used)))
"""


def _memory(engine: Engine, workbook: Path, *options: str) -> float:
    url = engine.url.render_as_string(hide_password=False)
    engine.dispose()
    program = [sys.executable, "-c", _MEMORY, url, str(workbook), *options]
    done = subprocess.run(program, check=True, capture_output=True, text=True)
    return float(json.loads(done.stdout)) / 1024
