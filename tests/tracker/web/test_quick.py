"""Pages that are put together where they are asked for: which they are, and that they write nothing."""

import inspect
import threading

import pytest
from fastapi.routing import iter_route_contexts
from sqlalchemy import Engine

from tests.statements import each_statement
from tests.tracker.web.test_doors import inner_app
from tests.tracker.web.visitor import served, signed_in

# Each with an address at which it is found.
QUICK = {
    "/today": "/today",
    "/cases": "/cases",
    "/actions": "/actions?status=all&sort=-due",
    "/actions/{reference}": "/actions/A1",
}


def test_no_other_pages_are_quick() -> None:
    endpoints = {
        context.path: getattr(context.original_route, "endpoint", None)
        for context in iter_route_contexts(inner_app().routes)
    }

    assert {path for path, endpoint in endpoints.items() if inspect.iscoroutinefunction(endpoint)} == QUICK.keys()


@pytest.mark.parametrize("path", QUICK.values())
def test_quick_page_writes_nothing_and_goes_to_a_thread_for_a_server_only(walk: Engine, path: str) -> None:
    asked: list[tuple[str, str]] = []

    def note(sql: object, _values: object) -> None:
        asked.append((str(sql).lstrip(), threading.current_thread().name))

    with each_statement(walk, note), served(walk) as base, signed_in(walk, base, "coordinator") as visitor:
        # The first time, what is known of the visitor may be written down.
        visitor.opens(path)
        asked.clear()
        page = visitor.opens(path)
        statements, threads = [sql for sql, _ in asked], {thread for _, thread in asked}

    assert page.status == 200
    assert statements
    assert not [sql for sql in statements if sql.startswith(("INSERT", "UPDATE", "DELETE"))]
    handed_over = {thread for thread in threads if thread.startswith("AnyIO")}
    assert handed_over == (set() if walk.dialect.name == "sqlite" else threads)
