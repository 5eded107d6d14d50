"""Tests that wait for what other processes do."""

import time
from collections.abc import Callable


def until(is_so: Callable[[], object], seconds: float = 120) -> None:
    """Wait until something is so; it has failed when it is not within so many seconds."""
    over = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < over, f"it was not so within {seconds} seconds"
        time.sleep(0.02)
