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


def quick(*slower_with: str) -> Callable[[Page], Any]:  # what is awaited has no type that a route would look at
    """Let a page be put together in the thread that answers requests, where the database is a file beside us.

    Only for a page that writes nothing, for it would wait for another writer, and that is done in milliseconds: nobody
    else is answered meanwhile. `slower_with` are the words of its address with which it takes longer; then, and
    whenever the database is a server that is waited for, it goes to a thread of its own. (What is counted at the head
    of a plan of 100,000 actions takes a tenth of a second after each deed.)
    """

    def declare(page: Page) -> Any:
        @wraps(page)
        async def put_together(**asked: Any) -> Response:  # whatever the page asks for, by its name
            request: Request = asked["request"]
            is_slow = any(request.query_params.get(word) for word in slower_with)
            if house_of(request).is_embedded and not is_slow:
                return page(**asked)
            return await run_in_threadpool(page, **asked)

        return put_together

    return declare
