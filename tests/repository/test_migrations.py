"""The migrations make exactly the tables that the models describe, on both databases."""

import importlib
import os
import pkgutil
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Engine, MetaData, Table, event, inspect
from sqlmodel import SQLModel

import notifications
import tracker
from tests import postgres
from tests.tracker.everything import contents
from tracker.database import engine_for
from tracker.fitting import newest_revision, revision_of, revisions
from tracker.upgrading import alembic_config, upgrade


def shape(engine: Engine) -> dict[str, dict[str, Any]]:
    """Give everything that a database says about each of our tables, in an order that is always the same."""
    inspector = inspect(engine)
    return {
        table: {
            "columns": {one["name"]: (str(one["type"]), one["nullable"]) for one in inspector.get_columns(table)},
            "key": inspector.get_pk_constraint(table)["constrained_columns"],
            "foreign keys": _by_name(inspector.get_foreign_keys(table)),
            "indexes": _by_name(inspector.get_indexes(table)),
            "unique": _by_name(inspector.get_unique_constraints(table)),
            "checks": _by_name(inspector.get_check_constraints(table)),
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def _by_name(found: list[Any]) -> dict[str, Any]:
    return {str(one["name"]): {word: _plain(value) for word, value in one.items() if word != "name"} for one in found}


def _plain(value: Any) -> Any:
    """Give the condition of an index, which some databases give as an object, as its words."""
    return {word: str(one) for word, one in value.items()} if isinstance(value, dict) else value


def load_every_model() -> None:
    """Import every module of models and records, so that the metadata knows all tables."""
    for package in (tracker, notifications):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" not in found.name and not found.name.endswith("__main__"):
                importlib.import_module(found.name)


def test_migrations_make_the_tables_that_the_models_describe(engine):
    load_every_model()
    migrated = shape(engine)
    with engine.begin() as connection:
        for table in [*migrated, "alembic_version"]:
            cascade = " CASCADE" if engine.dialect.name == "postgresql" else ""
            connection.exec_driver_sql(f'DROP TABLE "{table}"{cascade}')

    SQLModel.metadata.create_all(engine)

    assert migrated == shape(engine)
    assert migrated != {}


REVISIONS = [script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()][::-1]
Rows = dict[str, dict[str, Any]]


def fill(engine: Engine) -> Rows:
    """Write a row into every table that the database has now, each pointing at the rows written before."""
    tables = MetaData()
    tables.reflect(engine)
    # Asked for once: a database asked table by table takes longer to say it than to be brought up to date.
    checks = {table: each for (_, table), each in inspect(engine).get_multi_check_constraints().items()}
    written: Rows = {}
    with engine.begin() as connection:
        for table in tables.sorted_tables:
            if table.name == "alembic_version":
                continue
            there = connection.execute(table.select()).mappings().first()
            if there is not None:
                written[table.name] = dict(there)
                continue
            codes = dict(re.findall(r"(\w+)(?: IN \(|::text = ANY \(ARRAY\[)'(\w+)'", _in_words(checks[table.name])))
            given = [column for column in table.columns if column.computed is None]
            row = {column.name: _value(column, written, codes) for column in given}
            written[table.name] = {name: value for name, value in row.items() if value is not None}
            connection.execute(table.insert(), written[table.name])
    return written


def _in_words(checks: Iterable[Any]) -> str:
    words = " AND ".join(str(check["sqltext"]) for check in checks)
    return re.sub(r"\(?(\w+)\)?::text", r"\1::text", words)


def _value(column: Column[Any], written: Rows, codes: dict[str, str]) -> object:
    for key in column.foreign_keys:
        return written[key.column.table.name][key.column.name] if key.column.table.name in written else None
    if column.name in codes:
        return codes[column.name]
    if column.nullable and column.name == "sent_at":  # a message that waits has none
        return None
    return SOMETHING[column.type.python_type]


SOMETHING: dict[type, object] = {
    float: 1.5,
    str: "2021",
    int: 987_654,  # no number that a sequence gives
    bool: True,
    bytes: b"x",
    date: date(2021, 6, 1),
    time: time(10),
    datetime: datetime(2021, 6, 1, 12, tzinfo=UTC),
}


def tables_of(engine: Engine) -> dict[str, Table]:
    """Give the tables that a database has now, with nothing but their columns."""
    columns = {table: each for (_, table), each in inspect(engine).get_multi_columns().items()}
    return {
        name: Table(name, MetaData(), *(Column(one["name"], one["type"]) for one in each))
        for name, each in columns.items()
    }


def kept(engine: Engine, written: Rows, tables: dict[str, Table]) -> list[str]:
    """Name the tables that still hold the row that was written, in the columns that there still are."""
    found = []
    with engine.connect() as connection:
        for name, row in written.items():
            table = tables[name]
            same = [table.c[word] == value for word, value in row.items() if word in table.c]
            if connection.execute(table.select().where(*same)).first() is not None:
                found.append(name)
    return found


# Each migration is done once, and all after it once more for each: half a minute, and longer on a busy machine.
@pytest.mark.timeout(900)
def test_upgrade_of_a_filled_database_keeps_every_row_whichever_migration_it_stands_at(empty_engine: Engine) -> None:
    lost: dict[str, list[str]] = {}
    tables: dict[str, Table] = {}
    for revision in REVISIONS[:-1]:
        command.upgrade(alembic_config(empty_engine), revision)
        with copied(empty_engine) as engine:
            written = fill(engine)
            upgrade(engine)
            tables = tables or tables_of(engine)  # whatever it began with, in the end it is the same
            left = kept(engine, written, tables)
        if len(written) <= 50 or left != list(written):
            lost[revision] = sorted(written.keys() - left)

    assert lost == {}


@contextmanager
def copied(engine: Engine) -> Iterator[Engine]:
    """Give an engine on a copy of a database, which is thrown away when the block ends."""
    with ExitStack() as closing:
        if engine.dialect.name == "sqlite":
            with engine.connect() as connection:
                # Without this the tables might still lie in the write-ahead log beside the file.
                connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            address = shutil.copyfile(str(engine.url.database), f"{engine.url.database}.copy")
            copy = engine_for(f"sqlite:///{address}")
        else:
            name, server = f"{engine.url.database}_copy", engine.url.set(database="postgres").render_as_string()
            engine.dispose()
            postgres.copy(server, str(engine.url.database), name)
            closing.callback(postgres.administer, server, f"DROP DATABASE {name} WITH (FORCE)")
            copy = engine_for(postgres.address(server, name))
        closing.callback(copy.dispose)
        yield copy


def test_second_upgrade_changes_nothing(empty_engine: Engine) -> None:
    upgrade(empty_engine)
    written = fill(empty_engine)
    before = contents(empty_engine)

    upgrade(empty_engine)

    assert written != {}
    assert contents(empty_engine) == before


def test_connection_after_an_upgrade_minds_its_foreign_keys(sqlite_engine: Engine) -> None:
    upgrade(sqlite_engine)

    with sqlite_engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


def test_upgrade_that_is_cut_short_leaves_nothing_and_can_be_repeated(empty_engine: Engine) -> None:
    statements = 0
    left = []
    while True:
        # Not at every one of a hundred and more: `make faults` does that.
        statements += 1 if statements < 3 else 37
        if not cut_short(empty_engine, statements):
            break
        left.append(inspect(empty_engine).get_table_names())

    assert len(left) > 5
    assert left == [[]] * len(left)
    assert revision_of(empty_engine) == newest_revision()


class CutShort(Exception):
    """Stands for whatever ends an upgrade in the middle."""


def cut_short(engine: Engine, number: int) -> bool:
    """Upgrade until the statement with a number; says whether there was one."""
    left = number

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise CutShort

    event.listen(engine, "before_cursor_execute", count)
    try:
        upgrade(engine)
    except CutShort:
        return True
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return False


def test_two_upgrades_at_once_make_the_tables_once(empty_engine: Engine) -> None:
    address = empty_engine.url.render_as_string(hide_password=False)
    words = [Path(sys.executable).with_name("tracker"), "upgrade"]

    running = [
        subprocess.Popen(words, env=os.environ | {"TRACKER_DATABASE_URL": address}, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    ended = [(process.communicate()[1], process.returncode) for process in running]

    # On a slow machine the second may have waited too long, and says so.
    busy = "The database is busy with another writer. Nothing was changed: try again in a moment.\n"
    assert {("", 0)} <= set(ended) <= {("", 0), (busy, 1)}
    assert revision_of(empty_engine) == newest_revision()
    with empty_engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM history_head").scalar_one() == 1


def test_migrations_stand_in_one_line_and_each_says_what_it_does() -> None:
    scripts = list(ScriptDirectory.from_config(alembic_config()).walk_revisions())

    assert [f"{number:04d}" for number in range(1, len(scripts) + 1)] == REVISIONS == list(revisions())
    assert [script.revision for script in scripts if len(script.doc.split()) < 3] == []
