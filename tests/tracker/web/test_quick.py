"""Pages that are put together where they are asked for: which they are, and that they write nothing."""

import inspect
import threading

import pytest
from fastapi.routing import iter_route_contexts
from sqlalchemy import Engine

from tests.statements import each_statement
from tests.tracker.web.test_doors import inner_app
from tests.tracker.web.visitor import served, signed_in

# What the counts and the order of a large plan take longer with.
SLOWER = ("/actions?words=records", "/actions?sort=-owner", "/actions?by=theme")
# Each with an address at which it is found.
QUICK = {
    "/today": "/today",
    "/cases": "/cases",
    "/actions": "/actions?status=all&agency=&words=&page=1",
    "/actions/{reference}": "/actions/A1",
}


def test_no_other_pages_are_quick() -> None:
    endpoints = {
        context.path: getattr(context.original_route, "endpoint", None)
        for context in iter_route_contexts(inner_app().routes)
    }

    assert {path for path, endpoint in endpoints.items() if inspect.iscoroutinefunction(endpoint)} == QUICK.keys()


@pytest.mark.parametrize("who", ["coordinator", "owner"])
def test_quick_page_writes_nothing_and_what_takes_longer_goes_to_a_thread(walk: Engine, who: str) -> None:
    asked: list[tuple[str, str]] = []

    def note(sql: object, _values: object) -> None:
        asked.append((str(sql).lstrip(), threading.current_thread().name))

    with each_statement(walk, note), served(walk) as base, signed_in(walk, base, who) as visitor:
        # The first time, what is known of the visitor may be written down.
        visitor.opens("/account")
        for path in (*QUICK.values(), *SLOWER):
            asked.clear()
            page = visitor.opens(path)
            threads = {thread for _, thread in asked}

            assert page.status == 200 or who == "owner"
            assert asked
            writing = ("INSERT", "UPDATE", "DELETE", "BEGIN IMMEDIATE")
            assert not [sql for sql, _ in asked if sql.startswith(writing)]
            handed_over = {thread for thread in threads if thread.startswith("AnyIO")}
            if walk.dialect.name == "postgresql":
                assert handed_over == threads
            else:
                # Who asks is looked up where it is asked, whatever becomes of the page.
                assert bool(handed_over) == (path in SLOWER)
