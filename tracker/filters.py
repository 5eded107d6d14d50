"""Filters of lists, as they are typed: refused in one sentence where there is no such key or no such date."""

from collections.abc import Mapping, Sequence

from tracker.errors import FactsWrong
from workflows.dates import PartialDate


def check_filters(kind: str, where: Mapping[str, str], keys: Sequence[str]) -> None:
    """Raise `FactsWrong` for a filter by which records of a kind are not listed."""
    unknown = [key for key in where if key not in keys]
    if unknown:
        raise FactsWrong(f"{kind.capitalize()} are not listed by {', '.join(unknown)}, but by: {', '.join(keys)}.")


def filter_date(key: str, value: str) -> PartialDate:
    """Read the date of a filter; raises `FactsWrong` where it stands in no calendar."""
    try:
        return PartialDate.parse(value)
    except ValueError as wrong:
        raise FactsWrong(f"{key}: {wrong}") from None
