"""An engine whose units of work are undone at their end: many deeds are tried on the same state of the records."""

from sqlalchemy import Connection, Engine


class Undoing:
    """Gives connections inside a transaction of their own, which goes back whatever the unit of work commits."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.dialect = engine.dialect

    def connect(self) -> Connection:
        connection = self._engine.connect().execution_options(writing=True)
        transaction = connection.begin()
        # The unit of work begins and commits nothing of its own: closing the connection takes everything back.
        connection.begin = lambda: transaction
        connection.commit = lambda: None
        return connection


def forgetting(engine: Engine) -> Engine:
    """Let an engine commit nothing from now on: each unit of work is done to its end, and then it never was."""
    engine.dialect.do_commit = engine.dialect.do_rollback
    return engine
