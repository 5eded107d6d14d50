"""Words put together as people write them."""

from collections.abc import Sequence


def capital(words: str) -> str:
    """Let words begin with a capital; the others stay as they are."""
    return words[:1].upper() + words[1:]


def listed(words: Sequence[str], joined_by: str = "and") -> str:
    """Write words as a sentence lists them: a, b and c."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joined_by} {words[-1]}"
