"""The end of a program that runs on: Ctrl+C and the end from outside, noted so that nothing is torn apart."""

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

SIGNS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def at_its_end(
    end: Callable[[int, FrameType | None], object], signs: Sequence[signal.Signals] = SIGNS
) -> Iterator[None]:
    """Let every sign of the end do the same while the block runs."""
    before = [(sign, signal.signal(sign, end)) for sign in signs]
    try:
        yield
    finally:
        for sign, earlier in before:
            signal.signal(sign, earlier)
