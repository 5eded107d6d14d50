"""Shows on a terminal how far a long piece of work has come."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from tracker.backups.progress import Progress


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
