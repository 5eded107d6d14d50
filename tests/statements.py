"""Every statement that a database is sent, as its driver gets it: to count, to keep, or to fail at."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Engine, event

Seen = Callable[[str, Any], None]


@contextmanager
def each_statement(engine: Engine, seen: Seen) -> Iterator[None]:
    """Call `seen` with the text and the values of each statement before it runs; what it raises, the caller gets."""

    class Lite(sqlite3.Cursor):
        def execute(self, sql: str, values: Any = (), /) -> Any:
            seen(sql, values)
            return super().execute(sql, values)

        def executemany(self, sql: str, values: Any, /) -> Any:
            seen(sql, values)
            return super().executemany(sql, values)

    class LiteConnection(sqlite3.Connection):
        def cursor(self, factory: Any = Lite) -> Any:
            return super().cursor(factory)

    class Server(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **more: Any) -> Any:
            seen(query, params)
            return super().execute(query, params, **more)

        def executemany(self, query: Any, params_seq: Any, **more: Any) -> Any:
            seen(query, params_seq)
            return super().executemany(query, params_seq, **more)

    def instead(_dialect: object, _record: object, _given: object, named: dict[str, Any]) -> None:
        named |= {"factory": LiteConnection} if engine.dialect.name == "sqlite" else {"cursor_factory": Server}

    engine.dispose()
    event.listen(engine, "do_connect", instead)
    try:
        yield
    finally:
        event.remove(engine, "do_connect", instead)
        engine.dispose()
