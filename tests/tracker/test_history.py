"""The history: one line for every deed, one sequence without a gap, and never changed by anybody."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, select

from tests.make import NOON, act, make_case, make_world, shown
from tracker import history
from tracker.database import reading, unit_of_work
from tracker.errors import Refused
from tracker.history import HistoryHead, HistoryLine

LINE = {"about": "CASE-1", "deed": "correct_event", "at": NOON, "by": None}


def lines(engine: Engine) -> list[HistoryLine]:
    with reading(engine) as session:
        return list(session.exec(select(HistoryLine).order_by(HistoryLine.seq)))


def newest(session: Session) -> int:
    return session.exec(select(HistoryHead.seq)).one()


def test_line_keeps_who_did_what_in_which_role_and_when(engine: Engine) -> None:
    make_world(engine)
    make_case(engine, "CASE-1", now="2021-06-01T09:30")

    line = shown(engine, "CASE-1")["history"][0]

    assert line == {
        "seq": 1,
        "at": "2021-06-01T08:30:00+00:00",
        "by": "Casey Morgan",
        "role": "coordinator",
        "deed": "open_case",
        "what": "Opened, known on 1 June 2021",
        "old": "new",
        "new": "incident",
        "on": "2021-06-01",
        "definition": "thscp/2020-21",
    }


def test_body_is_kept_as_the_bytes_that_were_written(engine: Engine) -> None:
    more = {"text": "Zoë’s £5 \u2028 “déjà vu” 🐦", "confirmed": ["looks_personal"]}
    with unit_of_work(engine) as session:
        history.note(session, **LINE, what="Corrected", old=None, new=[1, 2.5, True], more=more)
        history.write_noted(session)

    body = lines(engine)[0].body

    # Sorted, without spaces, and every letter as it is: the same words are the same bytes.
    written = (
        '{"confirmed":["looks_personal"],"new":[1,2.5,true],"old":null,'
        '"text":"Zoë’s £5 \u2028 “déjà vu” 🐦","what":"Corrected"}'
    )
    assert (type(body), body) == (bytes, written.encode())


def test_lines_of_a_unit_of_work_are_numbered_in_the_order_in_which_they_were_noted(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        places = [history.note(session, **LINE, what=what) for what in ("one", "two", "three")]
        before = newest(session)
        history.write_noted(session)
        history.write_noted(session)

    kept = [(line.seq, json.loads(line.body)["what"]) for line in lines(engine)]
    assert (places, before, kept) == ([1, 2, 3], 0, [(1, "one"), (2, "two"), (3, "three")])


def test_unit_of_work_that_is_given_up_takes_no_number(engine: Engine) -> None:
    for what in ("kept", "given up", "kept too"):
        try:
            with unit_of_work(engine) as session:
                history.note(session, **LINE, what=what)
                history.write_noted(session)
                if what == "given up":
                    raise Refused("Something else was wrong.")
        except Refused:
            pass

    assert [(line.seq, json.loads(line.body)["what"]) for line in lines(engine)] == [(1, "kept"), (2, "kept too")]


def test_sequence_has_no_gap_when_eight_write_at_once_and_some_give_up(engine: Engine) -> None:
    def write(number: int) -> int:
        with unit_of_work(engine) as session:
            for part in range(1 + number % 3):
                history.note(session, **LINE, what=f"{number} {part}")
            history.write_noted(session)
            if number % 5 == 0:
                raise Refused("Given up.")
        return 1 + number % 3

    def attempt(number: int) -> int:
        try:
            return write(number)
        except Refused:
            return 0

    with ThreadPoolExecutor(8) as pool:
        written = sum(pool.map(attempt, range(80)))

    kept = lines(engine)
    with reading(engine) as session:
        assert newest(session) == written
    assert [line.seq for line in kept] == list(range(1, written + 1))
    # The lines of one deed stand together.
    order = [json.loads(line.body)["what"].split()[0] for line in kept]
    assert [one for one, before in zip(order, [None, *order], strict=False) if one != before] == list(
        dict.fromkeys(order)
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE history_line SET deed = 'other'",
        "UPDATE history_line SET body = body WHERE seq = 1",
        "DELETE FROM history_line",
        "DELETE FROM history_line WHERE seq = 2",
    ],
)
def test_line_that_is_written_can_be_neither_changed_nor_deleted(engine: Engine, statement: str) -> None:
    with unit_of_work(engine) as session:
        for what in ("one", "two"):
            history.note(session, **LINE, what=what)
        history.write_noted(session)
    before = [(line.seq, line.deed, line.body) for line in lines(engine)]

    with pytest.raises(DatabaseError) as refused, engine.begin() as connection:
        connection.exec_driver_sql(statement)

    assert str(refused.value.orig).splitlines()[0] == "The history is never changed"
    assert [(line.seq, line.deed, line.body) for line in lines(engine)] == before


def test_history_cannot_be_emptied_on_postgresql(postgresql_engine: Engine) -> None:
    with pytest.raises(DatabaseError) as refused, postgresql_engine.begin() as connection:
        connection.exec_driver_sql("TRUNCATE history_line")

    assert str(refused.value.orig).splitlines()[0] == "The history is never changed"


def test_line_cannot_be_replaced_on_sqlite(sqlite_engine: Engine) -> None:
    with unit_of_work(sqlite_engine) as session:
        history.note(session, **LINE, what="one")
        history.write_noted(session)

    with pytest.raises(DatabaseError) as refused, sqlite_engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT OR REPLACE INTO history_line (seq, at, deed, about, body) VALUES (1, '', 'other', 'CASE-1', x'')"
        )

    assert str(refused.value.orig) == "The history is never changed"
    assert [line.deed for line in lines(sqlite_engine)] == ["correct_event"]


def test_line_changed_through_the_session_is_refused_too(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        history.note(session, **LINE, what="one")
        history.write_noted(session)

    with pytest.raises(DatabaseError), unit_of_work(engine) as session:
        line = session.exec(select(HistoryLine)).one()
        line.at = datetime(2020, 1, 1, tzinfo=UTC)
        session.add(line)

    assert [line.at for line in lines(engine)] == [NOON]


def test_refused_deed_leaves_no_line(engine: Engine) -> None:
    make_world(engine)
    make_case(engine, "CASE-1", notified_on="2021-06-01")

    with pytest.raises(Refused):
        act(engine, "convene_panel", "CASE-1", on="2021-05-31")

    assert [(line.seq, line.deed) for line in lines(engine)] == [(1, "open_case")]
