"""What is asked: the words behind the question mark, and the facts that were sent, both read strictly."""

from collections.abc import Sequence
from typing import Any

from fastapi import Depends, Request

from tracker.api.problems import NotJson, TooLarge
from tracker.errors import FactsWrong
from tracker.written_facts import read_written_facts, too_large

JSON = "application/json"
_LONGEST_VERSION = 9


def asked(request: Request, keys: Sequence[str] | None) -> dict[str, str]:
    """Give what stands behind the question mark; raises `FactsWrong` for a key that is not one of `keys`, or twice.

    Without `keys` whoever asks for the words checks them.
    """
    found: dict[str, str] = {}
    for key, value in request.query_params.multi_items():
        if keys is not None and key not in keys:
            may = f"but only: {', '.join(keys)}" if keys else "and nothing else"
            raise FactsWrong(f"{key!r} cannot be asked for here, {may}.")
        if key in found:
            raise FactsWrong(f"{key} is given twice: give it once.", {key: "it is given twice, give it once"})
        if not value.strip():
            raise FactsWrong(f"{key} is empty: give a value, or leave it out.", {key: "it is empty, give a value"})
        found[key] = value.strip()
    return found


def version_seen(words: dict[str, str]) -> int | None:
    """Give the version on which she decided, where she says so; raises `FactsWrong` for what is no version."""
    seen = words.get("seen")
    if seen is None:
        return None
    if not (seen.isascii() and seen.isdigit() and len(seen) <= _LONGEST_VERSION):
        raise FactsWrong("seen: write the version as a whole number, like 3.", {"seen": "write a whole number"})
    return int(seen)


def sent(most: int) -> Any:  # what FastAPI makes of it is what it gives
    """Let a route read what was sent, of so many bytes at most, after it is known who sent it.

    Raises `NotJson` or `TooLarge` before it fills the memory.
    """

    async def read(request: Request) -> bytes:
        written = request.headers.get("content-length", "0")
        if written.isdigit() and int(written[:20]) > most:
            raise TooLarge(too_large(most))
        content = bytearray()
        async for part in request.stream():
            content += part
            if len(content) > most:
                raise TooLarge(too_large(most))
        if content or request.headers.get("content-type") is not None:
            _must_be_json(request)
        return bytes(content)

    return Depends(read)


def _must_be_json(request: Request) -> None:
    media, _, more = request.headers.get("content-type", "").partition(";")
    name, _, charset = more.strip().lower().partition("=")
    known = not name or (name.strip() == "charset" and charset.strip(' "') in ("utf-8", "utf8"))
    if media.strip().lower() != JSON or not known:
        raise NotJson("Send the facts as JSON: Content-Type: application/json, in UTF-8.")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise NotJson("Send the facts as they are, without a Content-Encoding.")


def facts_of(content: bytes, most: int) -> dict[str, Any]:
    """Give the facts that were sent, of so many bytes at most; nothing at all is a deed without facts."""
    return read_written_facts(content, "What you sent", most) if content else {}
