"""Cases in great number: one that went its whole way through the real deeds, written again under other references."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Table

from tests.bench.in_bulk import Row, insert_into, newest
from tracker.tables import METADATA


def copy_case(driver: sqlite3.Connection, reference: str, copies: Iterable[str]) -> None:
    """Write a case again under other references, with everything that belongs to it and its history."""
    pieces = _pieces_of(driver, reference)
    tables = [METADATA.tables[name] for name in pieces]
    numbers = {table.name: newest(driver, table.name, _key(table)) for table in tables}
    for copied in copies:
        moved: dict[str, dict[int, int]] = {}
        for table in tables:
            rows = pieces[table.name]
            first = numbers[table.name] + 1
            numbers[table.name] += len(rows)
            moved[table.name] = {row[_key(table)]: number for number, row in enumerate(rows, first)}
            columns = [column.name for column in table.c if column.computed is None]
            made = [_copied(table, row, moved, reference, copied) for row in rows]
            driver.executemany(insert_into(table.name, columns), made)
    driver.execute("UPDATE history_head SET seq = (SELECT max(seq) FROM history_line)")


def _copied(table: Table, row: Row, moved: Mapping[str, Mapping[int, int]], reference: str, copied: str) -> Row:
    """Give a row of the case as a row of its copy: its own number, and the numbers of what it points at."""
    made = row | {_key(table): moved[table.name][row[_key(table)]]}
    for one in table.foreign_keys:
        name, numbers = one.parent.name, moved.get(one.column.table.name, {})
        made[name] = numbers.get(row[name], row[name])
    return made | {name: copied for name in ("reference", "about") if row.get(name) == reference}


def _pieces_of(driver: sqlite3.Connection, reference: str) -> Mapping[str, Sequence[Row]]:
    """Give the rows of a case, of its review, and of whatever points at one of these, by table."""
    case = _rows(driver, "case_record", "reference = ?", reference)
    of_case = "id IN (SELECT review_id FROM review_case WHERE case_id = ?)"
    found = {"review": _rows(driver, "review", of_case, case[0]["id"]), "case_record": case}
    for table in METADATA.sorted_tables:
        if table.name not in found:
            known = {one: found[to] for one in table.foreign_keys if (to := one.column.table.name) in found}
            ids = {one.parent.name: {row["id"] for row in rows} for one, rows in known.items()}
            rows = _rows(driver, table.name) if ids else []
            found[table.name] = [row for row in rows if any(row[name] in kept for name, kept in ids.items())]
    found["history_line"] = _rows(driver, "history_line", "about = ?", reference)
    return {name: rows for name, rows in found.items() if rows}


def _rows(driver: sqlite3.Connection, table: str, condition: str = "1", *values: object) -> list[Row]:
    found = driver.execute(f'SELECT * FROM "{table}" WHERE {condition}', values)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found]


def _key(table: Table) -> str:
    [key] = table.primary_key.columns
    return key.name
