"""The migrations make exactly the tables that the models describe, on both databases."""

import importlib
import pkgutil
from typing import Any

from sqlalchemy import Engine, inspect
from sqlmodel import SQLModel

import notifications
import tracker


def shape(engine: Engine) -> dict[str, dict[str, Any]]:
    """Give everything that a database says about each of our tables, in an order that is always the same."""
    inspector = inspect(engine)
    return {
        table: {
            "columns": {one["name"]: (str(one["type"]), one["nullable"]) for one in inspector.get_columns(table)},
            "key": inspector.get_pk_constraint(table)["constrained_columns"],
            "foreign keys": _by_name(inspector.get_foreign_keys(table)),
            "indexes": _by_name(inspector.get_indexes(table)),
            "unique": _by_name(inspector.get_unique_constraints(table)),
            "checks": _by_name(inspector.get_check_constraints(table)),
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def _by_name(found: list[Any]) -> dict[str, Any]:
    return {str(one["name"]): {word: value for word, value in one.items() if word != "name"} for one in found}


def load_every_model() -> None:
    """Import every module of models and records, so that the metadata knows all tables."""
    for package in (tracker, notifications):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" not in found.name and not found.name.endswith("__main__"):
                importlib.import_module(found.name)


def test_migrations_make_the_tables_that_the_models_describe(engine):
    load_every_model()
    migrated = shape(engine)
    with engine.begin() as connection:
        for table in [*migrated, "alembic_version"]:
            cascade = " CASCADE" if engine.dialect.name == "postgresql" else ""
            connection.exec_driver_sql(f'DROP TABLE "{table}"{cascade}')

    SQLModel.metadata.create_all(engine)

    assert migrated == shape(engine)
    assert migrated != {}
