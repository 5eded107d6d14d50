"""The texts of a document, whatever its shape."""

from collections.abc import Callable
from typing import Any


def in_each_text(value: Any, change: Callable[[str], str]) -> Any:  # whatever JSON can hold
    """Give a document with every text in it changed; the names of its parts stay."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [in_each_text(part, change) for part in value]
    if isinstance(value, dict):
        return {key: in_each_text(part, change) for key, part in value.items()}
    return value
