"""Figures of tables, each a link to what it counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of a table, and what it counts where there is a page of it."""

    number: int
    href: str = ""


def plan_link(**filters: str | Sequence[str]) -> str:
    """Give the address of the plan with some filters."""
    return f"/actions?{urlencode(filters, doseq=True)}"
