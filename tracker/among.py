"""One of so many values, as a condition whose text is the same for however many: its statement is compiled once."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, String, bindparam, cast, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _EachOf(FunctionElement[Any]):  # a list written as JSON, as a table of its values
    inherit_cache = True


@compiles(_EachOf, "sqlite")
def _on_sqlite(each: _EachOf, compiler: SQLCompiler, **given: Any) -> str:
    return f"json_each({compiler.process(each.clauses, **given)})"


@compiles(_EachOf, "postgresql")
def _on_postgresql(each: _EachOf, compiler: SQLCompiler, **given: Any) -> str:
    return f"json_array_elements_text(CAST({compiler.process(each.clauses, **given)} AS JSON))"


def among(column: Any, name: str) -> ColumnElement[bool]:  # a column of ids, or of references
    """Give the condition that a column has one of the values that are given under a name, as `listed` writes them."""
    each = _EachOf(bindparam(name, type_=String)).table_valued("value")
    condition: ColumnElement[bool] = column.in_(select(cast(each.c.value, column.type)))
    return condition


def listed(values: Iterable[int] | Iterable[str]) -> str:
    """Write the values of such a condition."""
    return json.dumps(list(values))
