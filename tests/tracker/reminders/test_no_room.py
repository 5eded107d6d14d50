"""A disk that is full and a database that cannot be written, at every step of the post: a sentence, nothing lost."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, event

from notifications import doubts
from notifications.folder import FolderTransport
from tests.aging import age_leases
from tests.make import act, make_person, make_world
from tests.statements import each_statement
from tests.tracker.reminders.post import Post, add, partnership, states
from tracker.clock import moment_from
from tracker.database import reading, unit_of_work
from tracker.errors import Refused
from tracker.reminders.jobs import run_due

OWNERS = [f"owner{number}@thscp.example" for number in range(1, 4)]
NOW = moment_from("2021-06-16T08:00")
FULL = "The disk is full. Nothing was changed: make room and try again."
READ_ONLY = {
    "sqlite": "The database file cannot be written. Nothing was changed: give this account the right to write it.",
    "postgresql": "The database can only be read now. Nothing was changed: try again when it can be written.",
}
# Each step by what it writes to the outbox: the state that a message gets, and nothing where it is put in.
STEPS = {"sweep": "queued", "claim": "sending", "commit": "committing", "mark": "sent"}


@pytest.fixture
def post(engine: Engine, tmp_path: Path) -> Post:
    """Give three owners an action each that is asked about this morning."""
    make_world(engine)
    with unit_of_work(engine) as session:
        for owner in OWNERS:
            make_person(session, partnership(session), owner, "owner")
    for owner in OWNERS:
        add(engine, owner=owner, now="2021-05-03T12:00")
    run_due(engine, FolderTransport(tmp_path / "before"), now=moment_from("2021-05-04T08:00"))
    return Post(engine, tmp_path / "mail")


@contextmanager
def full_at(engine: Engine, step: str) -> Iterator[None]:
    """Let the disk be full for whatever a step of the post writes."""
    with engine.begin() as connection:
        for statement in _FILLING[engine.dialect.name]:
            connection.exec_driver_sql(statement.replace("STATE", STEPS[step]))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "begin", _let_nothing_grow)
    try:
        yield
    finally:
        if engine.dialect.name == "sqlite":
            event.remove(engine, "begin", _let_nothing_grow)
            engine.dispose()
        with engine.begin() as connection:
            for statement in _EMPTYING[engine.dialect.name]:
                connection.exec_driver_sql(statement)


def _let_nothing_grow(connection: Any) -> None:
    connection.exec_driver_sql("PRAGMA max_page_count = 1")


# A page more than there is room for; a server says it of a table that it cannot make longer.
_FILLING = {
    "sqlite": (
        "CREATE TABLE ballast (bytes BLOB)",
        *(
            f"CREATE TRIGGER full_{when} AFTER {when} ON message WHEN NEW.state = 'STATE' "
            "BEGIN INSERT INTO ballast VALUES (zeroblob(1000000)); END"
            for when in ("INSERT", "UPDATE")
        ),
    ),
    "postgresql": (
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING "
        "ERRCODE = '53100', MESSAGE = 'could not extend file \"base/16384/2619\": No space left on device'; END $$",
        "CREATE TRIGGER full_disk AFTER INSERT OR UPDATE ON message FOR EACH ROW WHEN (NEW.state = 'STATE') "
        "EXECUTE FUNCTION full_disk()",
    ),
}
_EMPTYING = {
    "sqlite": ("DROP TRIGGER full_INSERT", "DROP TRIGGER full_UPDATE", "DROP TABLE ballast"),
    "postgresql": ("DROP TRIGGER full_disk ON message", "DROP FUNCTION full_disk"),
}


@contextmanager
def read_only_at(engine: Engine, step: str) -> Iterator[None]:
    """Let the database be one that can only be read when a step of the post writes."""
    is_sqlite = engine.dialect.name == "sqlite"
    begins = "INSERT INTO message" if step == "sweep" else "UPDATE message"

    def before(connection: Any, _cursor: object, statement: str, given: Any, *_: object) -> None:
        values = given.values() if isinstance(given, dict) else given
        is_now = statement.startswith(begins) and (step == "sweep" or STEPS[step] in values)
        if is_sqlite:
            connection.connection.driver_connection.execute(f"PRAGMA query_only = {int(is_now)}")
        elif is_now:
            driver = connection.connection.driver_connection
            # A statement that is a transaction of its own takes the session's word for it.
            alone = driver.autocommit
            driver.execute("SET default_transaction_read_only = on" if alone else "SET TRANSACTION READ ONLY")

    event.listen(engine, "before_cursor_execute", before)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", before)
        engine.dispose()


@contextmanager
def busy_at(engine: Engine, step: str, most: int) -> Iterator[None]:
    """Let others write for too long when a step of the post does, so often at most."""
    fault = {"sqlite": sqlite3.OperationalError, "postgresql": psycopg.errors.LockNotAvailable}[engine.dialect.name]
    begins, refused = "INSERT INTO message" if step == "sweep" else "UPDATE message", []

    def seen(sql: object, given: Any) -> None:
        values = given.values() if isinstance(given, dict) else given
        if str(sql).startswith(begins) and STEPS[step] in values and len(refused) < most:
            refused.append(sql)
            raise fault("database is locked: lock timeout")

    with each_statement(engine, seen):
        yield
    assert len(refused) == most


TROUBLES = {"the disk is full": full_at, "the database is read-only": read_only_at}


@dataclass(frozen=True)
class Silent(FolderTransport):
    """A folder that cannot be asked afterwards, as a mail server cannot."""

    tells_after: timedelta | None = None


def run(engine: Engine, transport: FolderTransport, minutes: int) -> None:
    # Where not even the lease could be given back, its end is waited for.
    age_leases(engine)
    run_due(engine, transport, now=NOW + timedelta(minutes=minutes), waits_for_the_dead=minutes > 0)


def sentence_of(trouble: str, engine: Engine) -> str:
    return FULL if trouble == "the disk is full" else READ_ONLY[engine.dialect.name]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("trouble", TROUBLES)
def test_post_that_cannot_be_written_down_says_so_and_each_email_goes_once_afterwards(post, trouble, step):
    with TROUBLES[trouble](post.engine, step), pytest.raises(Refused) as refused:
        run(post.engine, FolderTransport(post.folder), 0)
    gone = len(list(post.folder.glob("*.eml")))

    run(post.engine, FolderTransport(post.folder), 1)

    assert (str(refused.value), gone) == (sentence_of(trouble, post.engine), 1 if step == "mark" else 0)
    assert Counter(mail["To"] for mail in post.new()) == Counter(OWNERS)
    assert Counter(states(post.engine))["action_reminder", "sent"] == len(OWNERS)


@pytest.mark.parametrize("trouble", TROUBLES)
def test_email_whose_mark_found_no_room_stands_in_the_list_of_doubts_where_nobody_can_be_asked(post, trouble):
    with TROUBLES[trouble](post.engine, "mark"), pytest.raises(Refused):
        run(post.engine, Silent(post.folder), 0)

    run(post.engine, Silent(post.folder), 1)

    with reading(post.engine) as session:
        listed = [message.to_address for message in doubts.uncertain(session)]
    assert listed == OWNERS[:1]
    assert Counter(mail["To"] for mail in post.new()) == Counter(OWNERS)


def test_email_whose_mark_finds_the_database_busy_for_a_moment_is_marked_a_moment_later(post):
    with busy_at(post.engine, "mark", most=2):
        run(post.engine, Silent(post.folder), 0)

    assert Counter(mail["To"] for mail in post.new()) == Counter(OWNERS)
    assert Counter(states(post.engine))["action_reminder", "sent"] == len(OWNERS)


def test_what_waits_goes_also_where_nothing_can_be_planned(post):
    act(post.engine, "raise_escalation", group="qap", title="Beds", ask="May we?", now="2021-06-14T12:00")
    answer = {"on": "2021-06-15", "answer": "agreed"}
    act(post.engine, "respond_to_escalation", "E1", by="exec@thscp.example", now="2021-06-15T12:00", **answer)

    with busy_at(post.engine, "sweep", most=1), pytest.raises(Refused) as refused:
        run(post.engine, Silent(post.folder), 0)

    assert str(refused.value) == "The database is busy with another writer. Nothing was changed: try again in a moment."
    assert [mail["Subject"] for mail in post.new()] == ["The Executive has answered E1"]
