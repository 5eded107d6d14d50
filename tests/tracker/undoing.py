"""An engine whose units of work are undone at their end: many deeds are tried on the same state of the records."""

from sqlalchemy import Engine


def forgetting(engine: Engine) -> Engine:
    """Let an engine commit nothing from now on: each unit of work is done to its end, and then it never was."""
    engine.dialect.do_commit = engine.dialect.do_rollback
    return engine
