"""A statement compiled once for each kind of database, run on the driver itself with the driver's own values."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine
from sqlalchemy.engine.interfaces import DBAPICursor, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlmodel import Session

# A driver's values: whatever its columns hold.
Values = dict[str, Any]


class Compiled:
    """A statement as one driver wants it, with what turns our values into its own and back."""

    def __init__(self, statement: Any, dialect: Dialect, columns: Iterable[ColumnElement[Any]] = ()) -> None:
        compiled = statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler), "only statements are compiled here"
        is_open = {name for bound, name in compiled.bind_names.items() if not bound.unique}
        # With the lists of fixed values written out; one that differs from time to time is asked for with `among`.
        expanded = compiled.construct_expanded_state(dict.fromkeys(is_open))
        processors = {
            name: processor
            for bound, name in compiled.bind_names.items()
            if (processor := bound.type.dialect_impl(dialect).bind_processor(dialect)) is not None
        } | dict(expanded.processors)
        self._text = expanded.statement
        self._order: Sequence[str] | None = expanded.positiontup if compiled.positional else None
        self._to_driver = [(name, processor) for name, processor in processors.items() if name in is_open]
        self._fixed = {
            name: processors[name](value) if name in processors else value
            for name, value in expanded.parameters.items()
            if name not in is_open
        }
        self._from_driver = [
            (place, processor)
            for place, column in enumerate(columns)
            if (processor := column.type.dialect_impl(dialect).result_processor(dialect, None)) is not None
        ]

    def run(self, session: Session, values: Values) -> DBAPICursor:
        """Run the statement with values for its parameters, on the driver itself; its faults are SQLAlchemy's."""
        if self._fixed:
            values = self._fixed | values
        for name, processor in self._to_driver:
            values[name] = processor(values[name])
        given = values if self._order is None else list(map(values.__getitem__, self._order))
        return on_driver(_connection(session), self._text, given)

    def run_for_each(self, session: Session, every: Sequence[Values]) -> None:
        """Run the statement once for each of many values, which the driver takes together."""
        given: list[Any] = []
        for values in every:
            for name, processor in self._to_driver:
                values[name] = processor(values[name])
            given.append(values if self._order is None else list(map(values.__getitem__, self._order)))
        connection = _connection(session)
        fault_of_driver = connection.dialect.loaded_dbapi.Error
        try:
            connection.connection.cursor().executemany(self._text, given)
        except fault_of_driver as fault:
            raise DBAPIError.instance(self._text, None, fault, fault_of_driver, hide_parameters=True) from fault

    def rows(self, session: Session, values: Values) -> Sequence[Any]:  # each row as its columns are
        """Run the statement and give every row, in our own values."""
        found = self.run(session, values).fetchall()
        if not self._from_driver:
            return found
        rows = [list(row) for row in found]
        for row in rows:
            for place, processor in self._from_driver:
                row[place] = processor(row[place])
        return rows


def on_driver(connection: Connection, text: str, given: Any = ()) -> DBAPICursor:
    """Run a statement on the driver itself, with the driver's own values; its faults are SQLAlchemy's."""
    cursor = connection.connection.cursor()
    fault_of_driver = connection.dialect.loaded_dbapi.Error
    try:
        cursor.execute(text, given)
    except fault_of_driver as fault:
        raise DBAPIError.instance(text, given, fault, fault_of_driver, hide_parameters=True) from fault
    return cursor


def _connection(session: Session) -> Connection:
    """Give the connection of a unit of work, which is its session's own; asking the session each time costs more."""
    known = session.bind
    if isinstance(known, Connection) and known.in_transaction():
        return known
    asks_on: tuple[Any, Connection] | None = session.info.get("asks on")
    if asks_on is None or asks_on[0] is not session.get_transaction():
        connection = session.connection()
        asks_on = session.info["asks on"] = session.get_transaction(), connection
    return asks_on[1]


def engine_of(session: Session) -> Engine:
    """Give the engine of the database that a session asks, without taking a connection."""
    return (session.bind if session.bind is not None else session.get_bind()).engine


def dialect_of(session: Session) -> Dialect:
    """Give the dialect of the database that a session asks."""
    return session.bind.dialect if session.bind is not None else session.get_bind().dialect
