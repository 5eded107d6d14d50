"""Pages in turn: one after another, never behind a slow reader, never long behind one that waits itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from anyio import Event, create_task_group, fail_after, sleep
from anyio.abc import TaskGroup
from starlette.types import Message, Receive, Scope, Send

from tests.loops import finished
from tracker.web.turns import InTurn

# Seconds: far longer than anything here takes.
NEVER = 60.0


class Pages:
    """An application whose pages are put together when they are told to; it writes down who is at work."""

    def __init__(self) -> None:
        self.may_go_on = {name: Event() for name in ("/a", "/b", "/form")}
        self.course: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = scope["path"]
        self.course.append(f"{name} begins")
        await self.may_go_on[name].wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        self.course.append(f"{name} is there")

    async def asked(self, turns: InTurn, name: str, method: str = "GET", send: Any = None) -> None:
        async def nobody(_message: Message) -> None:
            pass

        async def nothing() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        await turns({"type": "http", "method": method, "path": name}, nothing, send or nobody)


async def settled() -> None:
    """Let everything that can go on go on."""
    for _ in range(20):
        await sleep(0)


@asynccontextmanager
async def at_work(pages: Pages, turns: InTurn, name: str) -> AsyncIterator[TaskGroup]:
    """Let a page be put together from now on; all that is asked for inside comes before the end, or the test fails."""
    with fail_after(NEVER):
        async with create_task_group() as visitors:
            visitors.start_soon(pages.asked, turns, name)
            await settled()
            yield visitors


def test_second_page_begins_when_the_first_is_there() -> None:
    async def course() -> None:
        pages = Pages()
        turns = InTurn(pages, at_once=1, at_most=9, longest_wait=NEVER)

        async with at_work(pages, turns, "/a") as visitors:
            visitors.start_soon(pages.asked, turns, "/b")
            await settled()
            pages.course.append("a goes on")
            pages.may_go_on["/a"].set()
            pages.may_go_on["/b"].set()

        assert pages.course == ["/a begins", "a goes on", "/a is there", "/b begins", "/b is there"]

    finished(course)


def test_form_does_not_wait_for_a_page() -> None:
    async def course() -> None:
        pages = Pages()
        turns = InTurn(pages, at_once=1, at_most=9, longest_wait=NEVER)

        async with at_work(pages, turns, "/a"):
            pages.may_go_on["/form"].set()
            await pages.asked(turns, "/form", "POST")
            pages.may_go_on["/a"].set()

        assert pages.course == ["/a begins", "/form begins", "/form is there", "/a is there"]

    finished(course)


def test_page_that_waits_itself_keeps_the_next_one_only_so_long() -> None:
    async def course() -> None:
        pages = Pages()
        turns = InTurn(pages, at_once=1, at_most=9, longest_wait=0.01)

        async with at_work(pages, turns, "/a"):
            pages.may_go_on["/b"].set()
            await pages.asked(turns, "/b")
            pages.may_go_on["/a"].set()

        assert pages.course == ["/a begins", "/b begins", "/b is there", "/a is there"]

    finished(course)


def test_no_more_than_so_many_are_under_way_however_long_they_wait() -> None:
    async def course() -> None:
        pages = Pages()
        turns = InTurn(pages, at_once=1, at_most=1, longest_wait=0.01)

        async with at_work(pages, turns, "/a") as visitors:
            visitors.start_soon(pages.asked, turns, "/b")
            await sleep(0.1)
            pages.course.append("a goes on")
            pages.may_go_on["/a"].set()
            pages.may_go_on["/b"].set()

        assert pages.course == ["/a begins", "a goes on", "/a is there", "/b begins", "/b is there"]

    finished(course)


def test_reader_who_fetches_slowly_keeps_nobody_waiting() -> None:
    async def course() -> None:
        pages, fetched = Pages(), Event()
        turns = InTurn(pages, at_once=1, at_most=9, longest_wait=NEVER)

        async def slowly(_message: Message) -> None:
            await fetched.wait()

        with fail_after(NEVER):
            async with create_task_group() as visitors:
                pages.may_go_on["/a"].set()
                pages.may_go_on["/b"].set()
                visitors.start_soon(pages.asked, turns, "/a", "GET", slowly)
                await settled()
                await pages.asked(turns, "/b")
                fetched.set()

        assert pages.course == ["/a begins", "/b begins", "/b is there", "/a is there"]

    finished(course)


def test_page_that_fails_gives_its_turn_back() -> None:
    async def course() -> None:
        async def fails(_scope: Scope, _receive: Receive, _send: Send) -> None:
            raise LookupError("no such page")

        turns = InTurn(fails, at_once=1, at_most=9, longest_wait=NEVER)

        with fail_after(NEVER):
            for _ in range(2):
                with pytest.raises(LookupError):
                    await Pages().asked(turns, "/a")

    finished(course)
