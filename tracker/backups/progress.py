"""How far a long piece of work has come, told to whoever waits for it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

# Of so many rows; what it gives is told how many more are done.
Progress = Callable[[int], AbstractContextManager[Callable[[int], object]]]


@contextmanager
def untold(_rows: int) -> Iterator[Callable[[int], object]]:
    """Tell nobody how far the work has come."""
    yield lambda more: None
