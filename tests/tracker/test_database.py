"""The database keeps what it was given: whole, once, and nothing that it cannot hold."""

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from socket import socket
from threading import Barrier
from typing import Any

import pytest
from alembic import command
from sqlalchemy import CheckConstraint, Column, Engine, MetaData, Table, event, insert
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import Session, select
from sqlmodel.sql.sqltypes import AutoString

from tests.make import act, make_action, make_case, make_team
from tests.statements import each_statement
from tests.tracker.everything import Breakable, DatabaseGone, contents
from tracker.database import PartialDateText, UtcDateTime, engine_for, reading, unit_of_work, write_once
from tracker.errors import NotFound, Refused
from tracker.fitting import must_fit, newest_revision, revision_of
from tracker.groups.models import Partnership
from tracker.groups.queries import next_number
from tracker.people.models import Person
from tracker.rows import write
from tracker.tables import METADATA
from tracker.upgrading import alembic_config, upgrade
from workflows.dates import PartialDate

THREADS = 8


def test_every_connection_to_sqlite_loses_nothing_and_minds_its_foreign_keys(sqlite_engine: Engine) -> None:
    connections = [sqlite_engine.connect() for _ in range(4)]

    set_to = [
        tuple(
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        )
        for connection in connections
    ]

    for connection in connections:
        connection.close()
    # Two stands for FULL: a commit is on the disk before anybody hears of it.
    assert set_to == [("wal", 2, 1, 5000)] * 4


def test_connection_to_postgresql_never_waits_for_ever(postgresql_engine: Engine) -> None:
    names = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")

    with postgresql_engine.connect() as connection:
        bounds = [connection.exec_driver_sql(f"SHOW {name}").scalar_one() for name in names]

        line = connection.connection.driver_connection.info.get_parameters()

    assert bounds == ["10s", "1min", "30s"]
    # Of a server that falls silent it is known after a minute.
    assert {name: line[name] for name in line if name.startswith(("connect_", "keepalives", "tcp_"))} == {
        "connect_timeout": "10",
        "keepalives_idle": "30",
        "keepalives_interval": "10",
        "keepalives_count": "3",
        "tcp_user_timeout": "60000",
    }


def test_eight_that_read_and_then_write_at_once_lose_nothing(engine: Engine) -> None:
    def take(_: int) -> int:
        with unit_of_work(engine) as session:
            return next_number(session, "action")

    with ThreadPoolExecutor(THREADS) as pool:
        taken = list(pool.map(take, range(200)))

    assert sorted(taken) == list(range(1, 201))


def test_reading_first_and_writing_later_waits_its_turn_on_sqlite(sqlite_engine: Engine) -> None:
    def add(_: int) -> None:
        with unit_of_work(sqlite_engine) as session:
            connection = session.connection()
            seen = connection.exec_driver_sql("SELECT seq FROM history_head").scalar_one()
            connection.exec_driver_sql("UPDATE history_head SET seq = ?", (seen + 1,))

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(add, range(200)))

    with sqlite_engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT seq FROM history_head").scalar_one() == 200


def test_reader_sees_one_state_from_the_first_question_to_the_last(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        make_team(session)

    with reading(engine) as session:
        before = _names(session)
        with unit_of_work(engine) as other:
            write(other, Partnership(code="later", name="Later"))
        after = _names(session)

    with reading(engine) as session:
        assert (before, after, _names(session)) == (["THSCP partnership"],) * 2 + (["Later", "THSCP partnership"],)


def _names(session: Session) -> list[str]:
    return list(session.exec(select(Partnership.name).order_by(Partnership.name)))


def test_reader_is_not_kept_waiting_by_a_writer(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        make_team(session)

    with unit_of_work(engine) as writing:
        write(writing, Partnership(code="later", name="Later"))
        with reading(engine) as session:
            seen = _names(session)

    assert seen == ["THSCP partnership"]


def test_file_that_another_holds_for_too_long_is_one_sentence(
    sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.database.BUSY_SECONDS", 0)
    hurried = engine_for(str(sqlite_engine.url))

    with (
        sqlite_engine.connect().execution_options(writing=True) as held,
        held.begin(),
        pytest.raises(Refused) as refused,
        unit_of_work(hurried) as session,
    ):
        write(session, Partnership(code="later", name="Later"))

    hurried.dispose()
    assert (refused.value.code, str(refused.value)) == (
        "database_unavailable",
        "The database is busy with another writer. Nothing was changed: try again in a moment.",
    )


def test_row_that_another_holds_for_too_long_is_one_sentence_on_postgresql(postgresql_engine: Engine) -> None:
    take = "UPDATE history_head SET seq = seq + 1"

    with (
        postgresql_engine.begin() as held,
        pytest.raises(Refused) as refused,
        unit_of_work(postgresql_engine) as session,
    ):
        held.exec_driver_sql(take)
        session.connection().exec_driver_sql("SET LOCAL lock_timeout = '50ms'")
        session.connection().exec_driver_sql(take)

    assert (refused.value.code, str(refused.value)) == (
        "database_unavailable",
        "The database is busy with another writer. Nothing was changed: try again in a moment.",
    )


def test_two_that_wait_for_each_other_are_parted_with_one_sentence_on_postgresql(postgresql_engine: Engine) -> None:
    with unit_of_work(postgresql_engine) as session:
        for code in ("one", "two"):
            write(session, Partnership(code=code, name=code))
    take = "UPDATE partnership SET version = version + 1 WHERE code = %s"
    each_has_one = Barrier(2)

    def second_after_first(pair: tuple[str, str]) -> str:
        try:
            with unit_of_work(postgresql_engine) as session:
                session.connection().exec_driver_sql(take, (pair[0],))
                each_has_one.wait(20)
                session.connection().exec_driver_sql(take, (pair[1],))
        except Refused as refused:
            return str(refused)
        return "done"

    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(second_after_first, [("one", "two"), ("two", "one")]))

    with reading(postgresql_engine) as session:
        versions = list(session.exec(select(Partnership.version)))
    assert sorted(ended) == [
        "The database is busy with another writer. Nothing was changed: try again in a moment.",
        "done",
    ]
    assert versions == [2, 2]


@pytest.mark.parametrize(
    ("lost_by", "sentence"),
    [
        (
            "SET LOCAL statement_timeout = '20ms'; SELECT pg_sleep(5)",
            "The database is busy with another writer. Nothing was changed: try again in a moment.",
        ),
        (
            "SELECT pg_terminate_backend(pg_backend_pid())",
            "The database server went away meanwhile. Look whether it was done, then try again.",
        ),
    ],
)
def test_server_that_gives_up_or_goes_away_is_one_sentence_on_postgresql(
    postgresql_engine: Engine, lost_by: str, sentence: str
) -> None:
    with pytest.raises(Refused) as refused, unit_of_work(postgresql_engine) as session:
        write(session, Partnership(code="later", name="Later"))
        session.connection().exec_driver_sql(lost_by)

    with reading(postgresql_engine) as session:
        assert (str(refused.value), _names(session)) == (sentence, [])


def test_server_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    engine = engine_for(f"postgresql+psycopg://tracker@/postgres?host={tmp_path}")

    with pytest.raises(Refused) as refused, reading(engine) as session:
        session.connection()

    assert str(refused.value) == (
        "The database server cannot be reached. Nothing was changed: check TRACKER_DATABASE_URL and the server."
    )


def test_server_that_says_nothing_is_one_sentence() -> None:
    with socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        # Sooner than ten seconds: who runs the service may say so.
        engine = engine_for(f"postgresql+psycopg://tracker@127.0.0.1:{silent.getsockname()[1]}/x?connect_timeout=2")

        with pytest.raises(Refused) as refused, reading(engine) as session:
            session.connection()

    assert str(refused.value) == (
        "The database server cannot be reached. Nothing was changed: check TRACKER_DATABASE_URL and the server."
    )


def test_full_disk_is_one_sentence_and_nothing_is_left_of_the_deed(sqlite_engine: Engine) -> None:
    with unit_of_work(sqlite_engine) as session:
        make_team(session)

    # The file may not grow by one page: to SQLite that is a full disk.
    event.listen(sqlite_engine, "begin", lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 1"))
    deeds, refused = 0, None
    while refused is None:
        before = contents(sqlite_engine)
        try:
            act(sqlite_engine, "raise-escalation", group="qap", title="Beds", ask="two beds " * 400)
            deeds += 1
        except Refused as full:
            refused = full

    with sqlite_engine.connect() as connection:
        whole = connection.exec_driver_sql("PRAGMA integrity_check").scalar_one()
    assert (refused.code, str(refused)) == (
        "database_unavailable",
        "The disk is full. Nothing was changed: make room and try again.",
    )
    assert (contents(sqlite_engine), len(before["escalation"]), whole) == (before, deeds, "ok")


def test_file_without_the_right_to_write_is_one_sentence(sqlite_engine: Engine) -> None:
    before = contents(sqlite_engine)
    read_only = engine_for(f"sqlite:///file:{sqlite_engine.url.database}?mode=ro&uri=true")

    with pytest.raises(Refused) as refused, unit_of_work(read_only) as session:
        write(session, Partnership(code="later", name="Later"))

    read_only.dispose()
    assert str(refused.value) == (
        "The database file cannot be written. Nothing was changed: give this account the right to write it."
    )
    assert contents(sqlite_engine) == before


def test_file_in_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    engine = engine_for(f"sqlite:///{tmp_path}/missing/tracker.db")

    with pytest.raises(Refused) as refused, reading(engine) as session:
        session.connection()

    assert str(refused.value) == (
        "The database file cannot be opened. Check TRACKER_DATABASE_URL and the rights of its folder."
    )
    assert list(tmp_path.iterdir()) == []


def test_fault_that_nobody_foresaw_stays_a_fault(engine: Engine) -> None:
    with pytest.raises(IntegrityError), unit_of_work(engine) as session:
        for _ in range(2):
            write(session, Partnership(code="twice", name="Twice"))


@pytest.fixture
def empty_file(tmp_path: Path) -> Any:
    engine = engine_for(f"sqlite:///{tmp_path / 'new.db'}")
    yield engine
    engine.dispose()


def test_older_database_is_refused_until_it_is_brought_up_to_date(empty_file: Engine) -> None:
    command.upgrade(alembic_config(empty_file), "0001")

    with pytest.raises(Refused) as refused:
        must_fit(empty_file)
    upgrade(empty_file)
    must_fit(empty_file)

    assert (refused.value.code, str(refused.value)) == (
        "database_old",
        "The database has no tables yet, or old ones. Run `tracker upgrade` first.",
    )
    assert revision_of(empty_file) == newest_revision()


def test_newer_database_is_refused_and_stays_as_it_is(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    sentences = []
    for attempt in (must_fit, upgrade):
        with pytest.raises(Refused) as refused:
            attempt(engine)
        sentences.append((refused.value.code, str(refused.value)))

    sentence = "The database is newer than this program. Install the newer program, or restore an older backup."
    assert sentences == [("database_newer", sentence)] * 2
    assert revision_of(engine) == "9999"


@dataclass(frozen=True)
class OneDeed:
    """A deed on the prepared records with facts that do, and others, or another record, with which it is refused."""

    name: str
    reference: str | None
    facts: Mapping[str, Any]
    wrong: Mapping[str, Any]
    sentence: str
    by: str = "coordinator@thscp.example"
    wrong_reference: str | None = None


ONE_OF_EACH = [
    OneDeed(
        "open-case",
        None,
        {"partnership": "thscp", "known_on": "2021-06-01", "notified_on": "2021-06-01", "themes": ["neglect"]},
        {"themes": ["no_such_theme"]},
        "There is no theme no_such_theme. `tracker list themes` shows all.",
    ),
    OneDeed(
        "convene-panel",
        "READY",
        {"on": "2021-06-01"},
        {"on": "2021-05-28"},
        "The date of the panel must be on or after the notification, 1 June 2021.",
    ),
    OneDeed(
        "record-recommendation",
        "LOOKED-AT",
        {"on": "2021-06-01", "outcome": "review", "immediate_learning": "Ask who else lives there"},
        {"on": "2021-05-28"},
        "The date of the recommendation must be on or after the meeting of the panel, 1 June 2021.",
    ),
    OneDeed(
        "add-action",
        None,
        {"text": "Train the team", "sources": ["READY"], "owner": "owner@thscp.example", "due_on": "2021-09-01"},
        {"themes": ["no_such_theme"]},
        "There is no theme no_such_theme. `tracker list themes` shows all.",
    ),
    OneDeed(
        "update-action",
        "A1",
        {"report": "done", "text": "All trained", "evidence": ["The list of who came"]},
        {"evidence": [], "text": None},
        "Say what shows that it is done, or add a file.",
        by="owner@thscp.example",
    ),
    OneDeed(
        "raise-escalation",
        None,
        {"group": "qap", "title": "Should beds wait?", "ask": "Fund two beds", "about": ["READY"]},
        {"meeting": "M99"},
        "There is no meeting 'M99'.",
    ),
    OneDeed(
        "respond-to-escalation",
        "E1",
        {"on": "2021-06-01", "answer": "agreed", "text": "We fund two"},
        {"answer": "deferred"},
        "Say until when it is deferred: `until` is a date.",
        by="exec@thscp.example",
    ),
    OneDeed(
        "schedule-meeting",
        None,
        {"group": "exec", "on": "2021-08-02"},
        {"on": "2021-05-03"},
        "The date of the meeting must be today or later.",
    ),
    OneDeed(
        "close-meeting",
        "M1",
        {"key_points": ["Two beds"], "attendance": {"Metropolitan Police Service": "yes"}},
        {},
        "M2 is on 1 July 2021: close it on that day or later.",
        wrong_reference="M2",
    ),
    OneDeed(
        "change-setting",
        "thscp",
        {"key": "colour.amber_days", "value": 7},
        {"value": "soon"},
        'colour.amber_days cannot be "soon". It is a whole number of days.',
    ),
    OneDeed(
        "add-closure",
        None,
        {"on": "2021-06-14", "name": "Late bank holiday"},
        {"on": "2021-06-12"},
        "12 June 2021 is a Saturday: it is no working day already.",
    ),
]


@pytest.fixture
def prepared(engine: Engine) -> Engine:
    """Give a database in which each of the deeds has its record."""
    with unit_of_work(engine) as session:
        partnership = make_team(session)
        owner = session.exec(select(Person.id).where(Person.email == "owner@thscp.example")).one()
        make_action(session, partnership, owner_id=owner, due=PartialDate(2021, 9, 1))
    for reference in ("READY", "LOOKED-AT"):
        make_case(engine, reference, notified_on="2021-06-01")
    act(engine, "convene-panel", "LOOKED-AT", on="2021-06-01")
    act(engine, "raise-escalation", group="qap", title="Beds", ask="Fund two beds")
    act(engine, "schedule-meeting", group="exec", on="2021-06-01", at="09:00", now="2021-05-04T12:00")
    act(engine, "schedule-meeting", group="exec", on="2021-07-01", at="09:00", now="2021-05-04T12:00")
    return engine


def test_deed_cut_short_at_any_writing_leaves_nothing_behind(prepared: Engine) -> None:
    breakable = Breakable(prepared)
    before = contents(prepared)
    cut_short = {}
    with each_statement(prepared, breakable.see):
        for deed in ONE_OF_EACH:
            with pytest.raises(DatabaseGone), breakable.gone_at(None) as asked:
                act(prepared, deed.name, deed.reference, by=deed.by, intent=deed.name, **deed.facts)
            for number in range(1, len(asked) + 1):
                with pytest.raises(DatabaseGone), breakable.gone_at(number):
                    act(prepared, deed.name, deed.reference, by=deed.by, intent=deed.name, **deed.facts)
            cut_short[deed.name] = len(asked)

    # Record, history, its number, the intent, the answer to it: no deed writes less.
    assert contents(prepared) == before
    assert min(cut_short.values()) >= 5

    for deed in ONE_OF_EACH:
        act(prepared, deed.name, deed.reference, by=deed.by, intent=deed.name, **deed.facts)

    after = contents(prepared)
    assert len(after["intent"]) == len(ONE_OF_EACH)
    assert sorted(line[0] for line in after["history_line"]) == list(range(1, after["history_head"][0][1] + 1))


def test_refused_deed_leaves_nothing_behind(prepared: Engine) -> None:
    before = contents(prepared)
    sentences = []
    for deed in ONE_OF_EACH:
        facts = {**deed.facts, **deed.wrong}
        with pytest.raises((NotFound, Refused)) as refused:
            act(prepared, deed.name, deed.wrong_reference or deed.reference, by=deed.by, intent=deed.name, **facts)
        sentences.append(str(refused.value))

    assert sentences == [deed.sentence for deed in ONE_OF_EACH]
    assert contents(prepared) == before


# Which of our codes a column may hold, as the models say it: `status IN ('planned', 'closed')`.
ONE_OF = re.compile(r"(\w+) IN \((.*)\)")


def codes_of(table: Table) -> dict[str, list[str]]:
    checks = (one for one in table.constraints if isinstance(one, CheckConstraint))
    found = (ONE_OF.fullmatch(str(check.sqltext)) for check in checks)
    return {match[1]: re.findall(r"'(\w+)'", match[2]) for match in found if match}


def dull_row(table: Table, **values: object) -> dict[str, object]:
    """Give a row that says nothing and that every rule but those on other tables lets through."""
    codes = codes_of(table)
    row: dict[str, object] = {}
    for column in table.columns:
        if column.name in codes:
            row[column.name] = codes[column.name][0]
        elif column.foreign_keys:
            row[column.name] = 987_654
        elif not column.nullable and column.name != "id":
            row[column.name] = DULL[type(column.type)] if type(column.type) in DULL else DULL[column.type.python_type]
    return row | values


DULL = {
    str: "x",
    int: 7,
    bool: False,
    bytes: b"x",
    date: date(2021, 6, 1),
    time: time(10),
    UtcDateTime: datetime(2021, 6, 1, 12, tzinfo=UTC),
    PartialDateText: PartialDate(2021, 6, 1),
    AutoString: "x",
}
TABLES = list(METADATA.sorted_tables)
WITH_CODES = [(table, column) for table in TABLES for column in codes_of(table)]


def test_tables_with_codes_are_all_known() -> None:
    assert len(WITH_CODES) == 38


def test_code_that_there_is_not_is_refused_in_every_column(engine: Engine) -> None:
    let_through = []
    for table, column in WITH_CODES:
        try:
            with engine.begin() as connection:
                connection.execute(insert(table), dull_row(table, **{column: "?"}))
        except IntegrityError as refused:
            if f"ck_{table.name}_{column}" in str(refused.orig):
                continue
        let_through.append(f"{table.name}.{column}")

    assert let_through == []


def test_row_that_points_nowhere_is_refused_in_every_table(engine: Engine) -> None:
    let_through = []
    for table in TABLES:
        if not table.foreign_keys:
            continue
        try:
            with engine.begin() as connection:
                connection.execute(insert(table), dull_row(table))
        except IntegrityError as refused:
            if "foreign key" in str(refused.orig).lower():
                continue
        let_through.append(table.name)

    assert let_through == []


def test_message_is_sent_at_a_moment_or_not_sent(engine: Engine) -> None:
    message = METADATA.tables["message"]
    refused = []
    for number, values in enumerate([{"state": "sent"}, {"state": "queued", "sent_at": DULL[UtcDateTime]}]):
        with pytest.raises(IntegrityError) as wrong, engine.begin() as connection:
            connection.execute(insert(message), dull_row(message, key=str(number), **values))
        refused.append("ck_message_sent_at" in str(wrong.value.orig))

    assert refused == [True, True]


KEPT = Table("kept", MetaData(), Column("day", PartialDateText))


def test_date_is_kept_as_precisely_as_it_is_known(engine: Engine) -> None:
    days = [PartialDate(2020, 12, 17), PartialDate(2020, 12), PartialDate(2020)]
    with engine.begin() as connection:
        KEPT.create(connection)
        connection.execute(insert(KEPT), [{"day": day} for day in [*days, None]])

    with engine.connect() as connection:
        read = connection.execute(select(KEPT.c.day)).scalars().all()
        stored = connection.exec_driver_sql("SELECT day FROM kept").scalars().all()

    assert (read, stored) == ([*days, None], ["2020-12-17", "2020-12", "2020", None])


@pytest.mark.parametrize("nonsense", ["17.12.2020", "2020-13", "2021-02-29", "20", ""])
def test_text_that_is_no_date_never_reaches_a_table(engine: Engine, nonsense: str) -> None:
    with engine.begin() as connection:
        KEPT.create(connection)

    with pytest.raises(StatementError), engine.begin() as connection:
        connection.execute(insert(KEPT), {"day": nonsense})

    with engine.connect() as connection:
        assert connection.execute(select(KEPT.c.day)).all() == []


def test_row_whose_key_is_there_already_is_not_written_again(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        first = write_once(session, Partnership, {"code": "one", "name": "First", "areas": "[]", "version": 1})
        second = write_once(session, Partnership, {"code": "one", "name": "Second", "areas": "[]", "version": 1})

    with reading(engine) as session:
        kept = session.exec(select(Partnership.id, Partnership.name)).all()
    assert (second, kept) == (None, [(first, "First")])
