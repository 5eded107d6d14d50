"""Where the command line finds the facts of a deed: as JSON, in @FILE, or on standard input for -."""

import sys
from pathlib import Path
from typing import Any

from tracker.errors import FactsWrong
from tracker.written_facts import read_written_facts


def read_facts_option(written: str, most: int) -> dict[str, Any]:
    """Read what `--facts` gives, of so many bytes at most.

    Raises `FactsWrong` with a sentence for everything that is no JSON object.
    """
    if written == "-":
        return read_written_facts(sys.stdin.buffer.read(most + 1), "Standard input", most)
    if written.startswith("@"):
        return read_written_facts(_read_file(written[1:], most), written[1:], most)
    return read_written_facts(written.encode(), "What --facts gives")


def _read_file(name: str, most: int) -> bytes:
    try:
        with Path(name).open("rb") as file:
            return file.read(most + 1)
    except (OSError, ValueError) as fault:
        why = fault.strerror if isinstance(fault, OSError) and fault.strerror else "no such file"
        raise FactsWrong(f"The file {name!r} with the facts cannot be read: {why}.") from None
