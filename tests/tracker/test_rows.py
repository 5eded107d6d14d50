"""Rows read, written and changed with statements that are compiled once: the same as through the session."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Date, Engine, bindparam
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session, select

from tests.make import NOON, make_partnership
from tracker.cases.models import Case, CaseEvent
from tracker.database import reading, unit_of_work
from tracker.errors import Refused
from tracker.groups.models import Closure, DefinitionVersion, Partnership
from tracker.history import HistoryLine
from tracker.rows import Question, RowsOf, change, write
from workflows.dates import PartialDate

CLOSURES = RowsOf(Closure, select(Closure).where(Closure.on >= bindparam("since", type_=Date)).order_by(Closure.on))


def closure(on: date, name: str = "Fair") -> Closure:
    return Closure(partnership_id=None, on=on, name=name, added_at=NOON)


def test_row_that_is_written_can_be_read_both_ways(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        written = [write(session, closure(date(2021, 6, day))) for day in (14, 15)]

    with reading(engine) as session:
        compiled = [row.model_dump() for row in CLOSURES.all(session, since=date(2021, 6, 14))]
        loaded = [row.model_dump() for row in session.exec(select(Closure).order_by(Closure.id))]
    assert compiled == loaded == [row.model_dump() for row in written]
    assert [(row["on"], row["added_at"]) for row in compiled] == [
        (date(2021, 6, 14), datetime(2021, 6, 1, 11, tzinfo=UTC)),
        (date(2021, 6, 15), datetime(2021, 6, 1, 11, tzinfo=UTC)),
    ]


def test_same_question_with_other_values_has_another_answer(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        for day in (14, 15, 16):
            write(session, closure(date(2021, 6, day)))

        firsts = [CLOSURES.first(session, since=date(2021, 6, day)) for day in (15, 16, 17)]

    assert [row and row.on for row in firsts] == [date(2021, 6, 15), date(2021, 6, 16), None]


def test_values_of_every_kind_come_back_as_they_were(engine: Engine) -> None:
    question = Question(select(CaseEvent.name, CaseEvent.on))
    with unit_of_work(engine) as session:
        case = _case(session)
        for name, on in (("incident", PartialDate(2020)), ("notification", PartialDate(2021, 5))):
            write(session, CaseEvent(case_id=case.id, name=name, on=on))
        write(session, HistoryLine(seq=1, at=NOON, deed="open_case", about="K-1", body="Zoë\n".encode()))

    with reading(engine) as session:
        days = dict(question.rows(session))
        line = RowsOf(HistoryLine, select(HistoryLine)).first(session)
    assert days == {"incident": PartialDate(2020), "notification": PartialDate(2021, 5)}
    assert line is not None
    assert (line.at, bytes(line.body), line.person_id) == (NOON, "Zoë\n".encode(), None)


def test_changed_columns_are_written_and_no_other(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        case = _case(session)
        case.status, case.version, case.pseudonym = "notified", 2, "Never written"
        change(session, case, "status", "version")

    with reading(engine) as session:
        kept = session.exec(select(Case)).one()
    assert (kept.status, kept.version, kept.pseudonym) == ("notified", 2, "Robin")


def test_row_of_a_unit_of_work_that_is_given_up_is_not_kept(engine: Engine) -> None:
    with pytest.raises(Refused), unit_of_work(engine) as session:
        write(session, closure(date(2021, 6, 14)))
        raise Refused("Something else was wrong.")

    with reading(engine) as session:
        assert CLOSURES.all(session, since=date(2021, 1, 1)) == []


def test_rule_of_the_database_is_the_same_fault_as_through_the_session(engine: Engine) -> None:
    faults = []
    for write_twice in (write, lambda session, row: (session.add(row), session.flush())):
        with pytest.raises(IntegrityError) as fault, unit_of_work(engine) as session:
            for _ in range(2):
                write_twice(session, Partnership(code="twice", name="Twice"))
        faults.append(type(fault.value.orig))

    assert faults[0] is faults[1]


def test_fault_never_shows_the_values_that_were_written(sqlite_engine: Engine) -> None:
    with pytest.raises(DBAPIError) as fault, unit_of_work(sqlite_engine) as session:
        case = _case(session)
        write(session, CaseEvent(case_id=case.id, name="Canary", on=PartialDate(2021)))

    assert "Canary" not in str(fault.value)


def test_word_that_is_no_column_is_a_fault() -> None:
    with pytest.raises(TypeError) as fault:
        Closure(partnership_id=None, on=date(2021, 6, 14), added_at=NOON, nmae="Fair")

    assert str(fault.value) == "Closure has no nmae."


def test_connection_lost_while_a_row_is_written_is_not_used_again(postgresql_engine: Engine) -> None:
    with pytest.raises(Refused) as refused, unit_of_work(postgresql_engine) as session:
        lost = session.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        with postgresql_engine.begin() as other:
            other.exec_driver_sql("SELECT pg_terminate_backend(%s, 5000)", (lost,))
        write(session, closure(date(2021, 6, 14)))

    with unit_of_work(postgresql_engine) as session:
        write(session, closure(date(2021, 6, 15)))
        kept = [row.on for row in CLOSURES.all(session, since=date(2021, 1, 1))]
    assert str(refused.value) == "The database server went away meanwhile. Look whether it was done, then try again."
    assert kept == [date(2021, 6, 15)]


def _case(session: Session) -> Case:
    partnership = make_partnership(session)
    definition = write(session, DefinitionVersion(name="thscp/2020-21", text="", text_sha256="", read_at=NOON))
    return write(
        session,
        Case(
            reference="K-1",
            partnership_id=partnership.id,
            definition_id=definition.id,
            kind="rapid_review",
            status="incident",
            pseudonym="Robin",
            opened_at=NOON,
        ),
    )
