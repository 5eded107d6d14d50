"""An INSERT that can say what happens where a row with its key is there already, as each database has it."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite


def insert_into(table: Any, dialect: str) -> Any:  # a table or its model; each dialect has a class of its own
    """Give the INSERT of a kind of database."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
