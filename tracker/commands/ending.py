"""The end of a program that runs on: Ctrl+C and the end from outside, noted so that nothing is torn apart."""

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

SIGNS = (signal.SIGINT, signal.SIGTERM)
STEP_SECONDS = 0.2


class Ending:
    """Whether a program that runs on was told to end: a sign of the end notes it, the program waits for it.

    A plain mark that is looked at again and again, and no `Event`: `set` in a sign that interrupts `wait` would wait
    for the lock of that `wait`, for ever; and a sign that comes just before a program goes to sleep does not wake it.
    """

    def __init__(self) -> None:
        self._is_asked_for = False

    def ask_for_it(self, *_sign: object) -> None:
        """Note that the program has to end; safe wherever a sign may come."""
        self._is_asked_for = True

    def wait(self) -> None:
        """Come back when the end was asked for, a fifth of a second later at most."""
        while not self._is_asked_for:
            time.sleep(STEP_SECONDS)


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
