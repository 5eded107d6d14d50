"""Reading, writing and changing rows with statements that are compiled once for each table and database.

What every deed does goes this way: a flush of one object costs four times as much. Such rows are not attached to the
session; whatever is loaded through the session itself is changed by setting its attributes, as usual.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Connection, SelectBase, Table, TextClause, bindparam, insert, update
from sqlalchemy.engine.interfaces import DBAPICursor, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import class_mapper
from sqlalchemy.sql.compiler import SQLCompiler
from sqlmodel import Session, SQLModel

# Set before the first table, so that every constraint has a name that a later migration can use on both databases.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

Row = TypeVar("Row", bound=SQLModel)


class Record(SQLModel):
    """A row of a table, made from values that are checked already; a word that is no column is a fault of the code."""

    if not TYPE_CHECKING:  # the columns, as the types see them, are what can be given

        def __init__(self, **values: Any) -> None:
            self.__dict__.update(_defaults(type(self)), **values)
            if not values.keys() <= type(self).model_fields.keys():
                raise TypeError(f"{type(self).__name__} has no {', '.join(values.keys() - type(self).model_fields)}.")


@cache
def _defaults(model: type[SQLModel]) -> dict[str, Any]:
    return {name: field.default for name, field in model.model_fields.items() if not field.is_required()}


# A driver's values: whatever its columns hold.
Values = dict[str, Any]
Processor = Callable[[Any], Any]


class _Compiled:
    """A statement as one driver wants it, with what turns our values into its own and back."""

    def __init__(self, statement: Any, dialect: Dialect, columns: Iterable[ColumnElement[Any]] = ()) -> None:
        compiled = statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler), "only statements are compiled here"
        self._text = str(compiled)
        self._fault = dialect.loaded_dbapi.Error
        self._order: Sequence[str] | None = compiled.positiontup if compiled.positional else None
        self._given = dict(compiled.params)
        self._to_driver = {
            name: processor
            for name, bound in compiled.binds.items()
            if (processor := bound.type.dialect_impl(dialect).bind_processor(dialect)) is not None
        }
        self.from_driver: list[Processor | None] = [
            column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns
        ]

    def run(self, session: Session, values: Values) -> DBAPICursor:
        """Run the statement with values for its parameters, on the driver itself; its faults are SQLAlchemy's."""
        bound = self._given | values
        for name, processor in self._to_driver.items():
            bound[name] = processor(bound[name])
        given = bound if self._order is None else tuple([bound[name] for name in self._order])
        cursor = _connection(session).connection.cursor()
        try:
            cursor.execute(self._text, given)
        except self._fault as fault:
            raise DBAPIError.instance(self._text, given, fault, self._fault, hide_parameters=True) from fault
        return cursor


def _connection(session: Session) -> Connection:
    """Give the connection of a unit of work, which is its session's own; asking the session each time costs more."""
    known = session.bind
    return known if isinstance(known, Connection) and known.in_transaction() else session.connection()


def _dialect(session: Session) -> Dialect:
    return session.bind.dialect if session.bind is not None else session.get_bind().dialect


_compiled: dict[tuple[object, ...], _Compiled] = {}


def _once(key: tuple[object, ...], make: Callable[[], _Compiled]) -> _Compiled:
    known = _compiled.get(key)
    if known is None:
        known = _compiled[key] = make()
    return known


class Question:
    """A SELECT that is asked often; its open values are named with `bindparam`.

    Written as text it gives what the driver gives: good for numbers and words, not for dates.
    """

    def __init__(self, statement: SelectBase | TextClause) -> None:
        self._statement = statement
        self._columns = [] if isinstance(statement, TextClause) else list(statement.selected_columns)

    def rows(self, session: Session, **values: Any) -> Sequence[tuple[Any, ...]]:
        """Ask, and give every row."""
        dialect = _dialect(session)
        compiled = _once((self, dialect.name), lambda: _Compiled(self._statement, dialect, self._columns))
        found = compiled.run(session, values).fetchall()
        processors = compiled.from_driver
        if not any(processors):
            return found
        return [
            tuple([processor(part) if processor else part for processor, part in zip(processors, row, strict=True)])
            for row in found
        ]


class RowsOf(Question, Generic[Row]):
    """A SELECT of whole rows of one table."""

    def __init__(self, model: type[Row], statement: SelectBase) -> None:
        super().__init__(statement)
        self._manager = class_mapper(model).class_manager
        self._names = [str(column.key) for column in self._columns]

    def all(self, session: Session, **values: Any) -> list[Row]:
        """Ask, and give every row as what it is; not attached to the session."""
        return [self._row(parts) for parts in self.rows(session, **values)]

    def first(self, session: Session, **values: Any) -> Row | None:
        """Ask, and give the first row, if there is one."""
        found = self.rows(session, **values)
        return self._row(found[0]) if found else None

    def _row(self, parts: tuple[Any, ...]) -> Row:
        row: Row = self._manager.new_instance()
        row.__dict__.update(zip(self._names, parts, strict=True))
        return row


def write(session: Session, row: Row) -> Row:
    """Write one new row at once and give it its id."""
    table = _table(type(row))
    dialect = _dialect(session)
    columns = [column for column in table.c if column.name != "id"]

    def compiled() -> _Compiled:
        statement = insert(table).values({column.name: bindparam(column.name, type_=column.type) for column in columns})
        return _Compiled(statement.returning(table.c.id) if "id" in table.c else statement, dialect)

    known = row.__dict__
    statement = _once((table, dialect.name), compiled)
    cursor = statement.run(session, {column.name: known.get(column.name) for column in columns})
    if "id" in table.c:
        [known["id"]] = cursor.fetchall()[0]
    return row


def change(session: Session, row: SQLModel, *names: str) -> None:
    """Write changed columns of a row that was read with `RowsOf` or written with `write`."""
    table = _table(type(row))
    dialect = _dialect(session)

    def compiled() -> _Compiled:
        values = {name: bindparam(name, type_=table.c[name].type) for name in names}
        return _Compiled(update(table).where(table.c.id == bindparam("this_row")).values(values), dialect)

    known = row.__dict__
    values = {name: known[name] for name in names}
    _once((table, dialect.name, names), compiled).run(session, values | {"this_row": known["id"]})


def _table(model: type[SQLModel]) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table
