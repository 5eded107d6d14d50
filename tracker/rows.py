"""Reading, writing and changing rows with statements that are compiled once for each table and database.

What every deed does goes this way: a flush of one object costs four times as much. Such rows are not attached to the
session; whatever is loaded through the session itself is changed by setting its attributes, as usual.
"""

from collections.abc import Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import ColumnElement, SelectBase, Table, TextClause, bindparam, insert, update
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.orm import ClassManager, class_mapper
from sqlmodel import Session, SQLModel

from tracker.statements import Compiled, Values, dialect_of

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

    # What reads such a row from somebody's words is never asked for: without it the program starts quicker.
    model_config = {"defer_build": True}

    if not TYPE_CHECKING:  # the columns, as the types see them, are what can be given

        def __init__(self, **values: Any) -> None:
            defaults, columns = _columns(type(self))
            if not values.keys() <= columns:
                raise TypeError(f"{type(self).__name__} has no {', '.join(values.keys() - columns)}.")
            self.__dict__.update(defaults, **values)


@cache
def _columns(model: type[SQLModel]) -> tuple[dict[str, Any], frozenset[str]]:
    fields = model.model_fields
    return {name: field.default for name, field in fields.items() if not field.is_required()}, frozenset(fields)


class Question:
    """A SELECT that is asked often; its open values are named with `bindparam`.

    Written as text it gives what the driver gives: good for numbers and words, not for dates.
    """

    def __init__(self, statement: SelectBase | TextClause) -> None:
        self._statement = statement
        self._compiled: dict[str, Compiled] = {}

    def rows(self, session: Session, **values: Any) -> Sequence[Any]:  # each row as its columns are
        """Ask, and give every row."""
        dialect = dialect_of(session)
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = Compiled(self._statement, dialect, self._columns)
        return compiled.rows(session, values)

    # Looked at when it is first asked, not when the program starts.
    @cached_property
    def _columns(self) -> list[ColumnElement[Any]]:
        return [] if isinstance(self._statement, TextClause) else list(self._statement.selected_columns)


class RowsOf(Question, Generic[Row]):
    """A SELECT of whole rows of one table."""

    def __init__(self, model: type[Row], statement: SelectBase) -> None:
        super().__init__(statement)
        self._model = model

    def all(self, session: Session, **values: Any) -> list[Row]:
        """Ask, and give every row as what it is; not attached to the session."""
        return [self._row(parts) for parts in self.rows(session, **values)]

    def first(self, session: Session, **values: Any) -> Row | None:
        """Ask, and give the first row, if there is one."""
        found = self.rows(session, **values)
        return self._row(found[0]) if found else None

    @cached_property
    def _manager(self) -> ClassManager[Any]:
        return class_mapper(self._model).class_manager

    @cached_property
    def _names(self) -> list[str]:
        return [str(column.key) for column in self._columns]

    def _row(self, parts: Sequence[Any]) -> Row:
        row: Row = self._manager.new_instance()
        row.__dict__.update(zip(self._names, parts, strict=True))
        return row


def write(session: Session, row: Row) -> Row:
    """Write one new row at once and give it its id."""
    known = row.__dict__
    dialect = dialect_of(session)
    statement, names = _INSERTS.get((type(row), dialect.name)) or _insert(type(row), dialect)
    cursor = statement.run(session, {name: known.get(name) for name in names})
    if "id" in known:
        [known["id"]] = cursor.fetchall()[0]
    return row


def write_many(session: Session, model: type[SQLModel], rows: Sequence[Values]) -> None:
    """Write new rows of one table together; their ids are for the database to give, and are not asked for.

    They are given as values by the names of their columns: to make what they are of each takes longer than to write it.
    """
    if not rows:
        return
    dialect = dialect_of(session)
    known = _INSERTS_OF_MANY.get((model, dialect.name))
    if known is None:
        columns = [column for column in _table(model).c if column.name != "id" and column.computed is None]
        values = {column.name: bindparam(column.name, type_=column.type) for column in columns}
        compiled = Compiled(insert(_table(model)).values(values), dialect)
        known = _INSERTS_OF_MANY[model, dialect.name] = compiled, [column.name for column in columns]
    statement, names = known
    defaults, there_are = _columns(model)
    if not rows[0].keys() <= there_are:
        raise TypeError(f"{model.__name__} has no {', '.join(rows[0].keys() - there_are)}.")
    dull = {name: defaults.get(name) for name in names}
    statement.run_for_each(session, [dull | row for row in rows])


_INSERTS_OF_MANY: dict[tuple[type[SQLModel], str], tuple[Compiled, list[str]]] = {}
_INSERTS: dict[tuple[type[SQLModel], str], tuple[Compiled, list[str]]] = {}


def _insert(model: type[SQLModel], dialect: Dialect) -> tuple[Compiled, list[str]]:
    table = _table(model)
    columns = [column for column in table.c if column.name != "id" and column.computed is None]
    statement = insert(table).values({column.name: bindparam(column.name, type_=column.type) for column in columns})
    compiled = Compiled(statement.returning(table.c.id) if "id" in table.c else statement, dialect)
    made = _INSERTS[model, dialect.name] = compiled, [column.name for column in columns]
    return made


def change(session: Session, row: SQLModel, *names: str) -> None:
    """Write changed columns of a row that was read with `RowsOf` or written with `write`."""
    known = row.__dict__
    dialect = dialect_of(session)
    statement = _UPDATES.get((type(row), dialect.name, names)) or _update(type(row), dialect, names)
    values = {name: known[name] for name in names}
    values["this_row"] = known["id"]
    statement.run(session, values)


_UPDATES: dict[tuple[type[SQLModel], str, tuple[str, ...]], Compiled] = {}


def _update(model: type[SQLModel], dialect: Dialect, names: tuple[str, ...]) -> Compiled:
    table = _table(model)
    values = {name: bindparam(name, type_=table.c[name].type) for name in names}
    statement = update(table).where(table.c.id == bindparam("this_row")).values(values)
    made = _UPDATES[model, dialect.name, names] = Compiled(statement, dialect)
    return made


def _table(model: type[SQLModel]) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table
