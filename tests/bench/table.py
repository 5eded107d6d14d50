"""The table of the pages: a line for each, then every goal with its figure, and in words where it is missed."""

import math
import statistics
from collections.abc import Sequence

from tests.bench.load import CONNECTIONS, Load


class Table:
    """Prints what was measured, and counts the goals that are missed."""

    def __init__(self) -> None:
        self._missed = 0

    def head(self, rounds: int) -> None:
        """Say what the columns are."""
        print(f"\nMedian of {rounds} rounds, {CONNECTIONS} connections, one process that serves; milliseconds")
        print(f"{'':44}{'a second':>10}{'p50':>8}{'p95':>8}{'p99':>8}")

    def line(self, name: str, loads: Sequence[Load]) -> Load:
        """Print what a page took, and give it: the median of each figure."""
        found = Load(*(statistics.median(getattr(one, figure) for one in loads) for figure in Load.__slots__))
        figures = f"{found.per_second:>10.0f}{found.p50:>8.1f}{found.p95:>8.1f}{found.p99:>8.1f}"
        print(f"{name:44}{figures if found.answers else '  no page within five seconds, asked for alone'}")
        return found

    def at_least(self, words: str, figure: float, goal: float, unit: str = "") -> None:
        """Print a figure that should not be smaller than its goal."""
        self._goal(f"{words}: {_written(figure)}{unit} (goal: at least {_written(goal)})", is_met=figure >= goal)

    def below(self, words: str, figure: float, goal: float, unit: str = "") -> None:
        """Print a figure that should be smaller than its goal."""
        self._goal(f"{words}: {_written(figure)}{unit} (goal: below {_written(goal)})", is_met=figure < goal)

    def _goal(self, sentence: str, *, is_met: bool) -> None:
        self._missed += not is_met
        print(f"{'reached' if is_met else 'MISSED':10}{sentence}")

    def foot(self) -> None:
        """Say how many goals are missed."""
        print(f"Goals that are missed: {self._missed}." if self._missed else "Every goal is reached.")


def ratio(ours: Sequence[Load], others: Sequence[Load]) -> float:
    """Give what ours is of the others, in answers a second: the median of the rounds."""
    return statistics.median(one.per_second / other.per_second for one, other in zip(ours, others, strict=True))


def _written(figure: float) -> str:
    if math.isinf(figure):
        return "more than five thousand"
    return f"{figure:.2f}" if figure < 10 else f"{figure:.0f}"
