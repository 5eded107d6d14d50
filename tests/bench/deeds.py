"""Measures deeds in durable transactions beside a bare driver that replays the very same statements."""

import statistics
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from tests.bench.databases import COORDINATOR, EXECUTIVE, databases
from tests.bench.program import resident, seconds, start_up
from tests.statements import each_statement
from tracker import doing

NOW = datetime(2022, 6, 1, 9, tzinfo=UTC)
REVIEW = {"on": "2022-05-20", "outcome": "no_review", "reason": "The learning is met in other ways."}

# Eight deeds take a case from opening to closing; each is one durable transaction.
STEPS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("record-notification", COORDINATOR, {"notified_on": "2022-05-03"}),
    ("convene-panel", COORDINATOR, {"on": "2022-05-05"}),
    (
        "record-recommendation",
        COORDINATOR,
        {"on": "2022-05-10", "outcome": "no_review", "immediate_learning": "none", "reason": "Nothing new."},
    ),
    ("send-to-national-panel", COORDINATOR, {"on": "2022-05-12"}),
    ("record-panel-response", COORDINATOR, {"on": "2022-05-15", "kind": "agrees"}),
    ("record-decision", EXECUTIVE, REVIEW),
    ("close-case", COORDINATOR, {"reason": "Nothing is left to do."}),
)

DEEDS_OF_A_CASE = 1 + len(STEPS)
# So many cases are advanced by the deeds, then by the bare driver, and so on.
TURN = 50

Statement = tuple[str, Any]


def advance(engine: Engine, cases: int) -> None:
    """Take cases through eight deeds each."""
    for _ in range(cases):
        facts = {"partnership": "thscp", "known_on": "2022-05-01"}
        opened = doing.do(engine, "open-case", None, email=COORDINATOR, facts=facts, now=NOW)
        for name, email, given in STEPS:
            doing.do(engine, name, opened.reference, email=email, facts=given, now=NOW)


def recorded(engine: Engine, cases: int) -> list[list[Statement]]:
    """Give the statements of each transaction while cases are advanced, as the driver itself got them."""
    transactions: list[list[Statement]] = [[]]
    with each_statement(engine, lambda sql, values: transactions[-1].append((sql, values))):
        with engine.connect():
            pass  # what a connection is set up with belongs to no transaction
        transactions[:] = [[]]
        event.listen(engine, "commit", lambda _connection: transactions.append([]))
        advance(engine, cases)
    kept = [[statement for statement in each if not statement[0].startswith("BEGIN")] for each in transactions]
    return [each for each in kept if each]


def replay(engine: Engine, transactions: list[list[Statement]]) -> None:
    """Run recorded statements on the bare driver, with a COMMIT for each transaction."""
    raw = engine.raw_connection()
    driver = raw.driver_connection
    assert driver is not None
    cursor = driver.cursor()
    begin = "BEGIN IMMEDIATE" if engine.dialect.name == "sqlite" else None
    for statements in transactions:
        if begin:
            cursor.execute(begin)
        for sql, values in statements:
            cursor.execute(sql, values)
            if cursor.description is not None:
                cursor.fetchall()
        driver.commit()
    raw.close()


def measure(kind: str, cases: int, rounds: int, folder: Path) -> list[tuple[float, float]]:
    """Measure deeds and their bare replay in turn; gives transactions a second of both, a pair for each round."""
    deeds = cases * DEEDS_OF_A_CASE
    pairs = []
    with databases(kind, folder) as fresh:
        transactions = recorded(fresh(), cases)
        assert len(transactions) == deeds, f"{len(transactions)} transactions for {deeds} deeds"
        for number in range(rounds):
            ours, bare = fresh(), fresh()
            advance(fresh(), min(cases, 5))
            # By turns, so that both meet the machine in the same mood.
            took = [0.0, 0.0]
            for first in range(0, cases, TURN):
                part = transactions[first * DEEDS_OF_A_CASE : (first + TURN) * DEEDS_OF_A_CASE]
                took[0] += seconds(lambda: advance(ours, len(part) // DEEDS_OF_A_CASE))  # noqa: B023
                took[1] += seconds(lambda: replay(bare, part))  # noqa: B023
            pairs.append((deeds / took[0], deeds / took[1]))
            print(f"  {kind} round {number + 1} of {rounds}: {pairs[-1][0]:.0f} of {pairs[-1][1]:.0f} a second")
            ours.dispose()
            bare.dispose()
    return pairs


def one_of_each(kind: str, folder: Path, times: int) -> float:
    """Measure transactions of one SELECT, one UPDATE, one INSERT and COMMIT a second, on the bare driver."""
    mark = "?" if kind == "sqlite" else "%s"
    statements: list[Statement] = [
        (f"SELECT name FROM person WHERE id = {mark}", (1,)),
        (f"UPDATE history_head SET seq = seq + 1 WHERE id = {mark}", (1,)),
        (f"INSERT INTO counter (name, value) VALUES ({mark}, 1)", ("",)),
    ]
    transactions = [[*statements[:2], (statements[2][0], (f"bench {number}",))] for number in range(times)]
    with databases(kind, folder) as fresh:
        engine = fresh()
        return times / seconds(lambda: replay(engine, transactions))


def memory_over_a_run(folder: Path, cases: int) -> list[float]:
    """Give the megabytes held after each quarter of a run on SQLite."""
    held = []
    with databases("sqlite", folder) as fresh:
        engine = fresh()
        advance(engine, 10)
        for _ in range(4):
            advance(engine, cases // 4)
            held.append(resident())
    return held


def measure_deeds(asked: Namespace, folder: Path) -> None:
    """Measure deeds on each kind of database, and the program itself, and print the table."""
    rows = []
    for kind, floor in (("sqlite", 0.25), ("postgresql", 0.4)):
        if asked.only not in (None, kind):
            continue
        pairs = measure(kind, asked.cases, asked.rounds, folder)
        ratio = statistics.median(ours / bare for ours, bare in pairs)
        ours, bare = (statistics.median(side) for side in zip(*pairs, strict=True))
        rows.append((kind, f"{ours:.0f}", f"{bare:.0f}", f"{ratio:.2f}", f"{floor:.2f}"))
        simple = statistics.median(one_of_each(kind, folder, 2000) for _ in range(asked.rounds))
        rows.append((f"{kind}: one SELECT, UPDATE, INSERT, COMMIT", "", f"{simple:.0f}", "", ""))
    print(f"\n{asked.cases} cases of {DEEDS_OF_A_CASE} durable deeds each; median of {asked.rounds} rounds; a second")
    print(f"{'':48}{'deeds':>8}{'bare':>8}{'ratio':>8}{'at least':>10}")
    for name, *figures in rows:
        print(f"{name:48}{figures[0]:>8}{figures[1]:>8}{figures[2]:>8}{figures[3]:>10}")
    took, megabytes = start_up()
    print(f"tracker --help: {took:.3f} s (below 0.15), {megabytes:.0f} MB (below 40)")
    held = memory_over_a_run(folder, min(asked.cases, 1000))
    print(f"memory after each quarter of {min(asked.cases, 1000)} cases: {', '.join(f'{one:.0f}' for one in held)} MB")
