"""Runs what is written for an event loop: in a thread of its own, as a browser's loop may go on in this one."""

from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio


def finished(work: Callable[[], Awaitable[Any]]) -> Any:
    """Run it to its end, and give what it gives."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(anyio.run, work).result()
