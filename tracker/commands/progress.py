"""Shows on a terminal how far a long piece of work has come."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import click

from tracker.backups.progress import Progress

_Part = TypeVar("_Part")


def over(label: str) -> Callable[[Sequence[_Part]], Iterator[_Part]]:
    """Give what goes through the parts of a piece of work and shows on a terminal how far it has come."""

    def watched(parts: Sequence[_Part]) -> Iterator[_Part]:
        if not sys.stderr.isatty():
            yield from parts
            return
        with click.progressbar(parts, label=label, file=sys.stderr) as drawn:
            yield from drawn

    return watched


def bar(label: str) -> Progress:
    """Give what shows a bar with a label; without a terminal it shows nothing."""

    @contextmanager
    def shown(rows: int) -> Iterator[Callable[[int], object]]:
        if not sys.stderr.isatty():
            yield lambda more: None
            return
        with click.progressbar(length=rows, label=label, file=sys.stderr) as drawn:
            yield drawn.update

    return shown
