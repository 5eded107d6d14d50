"""An INSERT that can say what happens where a row with its key is there already, as each database has it."""

from importlib import import_module
from typing import Any


def insert_into(table: Any, dialect: str) -> Any:  # a table or its model; each dialect has a class of its own
    """Give the INSERT of a kind of database, whose own module is there since the database was opened."""
    return import_module(f"sqlalchemy.dialects.{dialect}").insert(table)
