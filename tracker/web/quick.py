"""Pages that ask for a few rows are put together where they are asked for: handing them over takes as long as a third.

Threads of one interpreter work by turns. A page that goes over to another one, and so to another processor, finds
nothing there of what the last one left.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from tracker.web.house import house_of

Page = Callable[..., Response]


def quick(page: Page) -> Any:  # what is awaited has no type that a route would look at
    """Let a page be put together in the thread that answers requests, where the database is a file beside us.

    Only for a page that writes nothing, for it would wait for another writer, and that takes milliseconds: nobody else
    is answered meanwhile. (Once a minute the counts of a plan of 100,000 actions take a tenth of a second.) A database
    server is waited for in a thread, as always.
    """

    @wraps(page)
    async def put_together(**asked: Any) -> Response:  # whatever the page asks for, by its name
        request: Request = asked["request"]
        if house_of(request).engine.dialect.name == "sqlite":
            return page(**asked)
        return await run_in_threadpool(page, **asked)

    return put_together
