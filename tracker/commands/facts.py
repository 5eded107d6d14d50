"""Where the command line finds the facts of a deed: as JSON, in @FILE, or on standard input for -."""

import sys
from pathlib import Path
from typing import Any

from tracker.errors import FactsWrong
from tracker.written_facts import LARGEST, read_written_facts


def read_facts_option(written: str) -> dict[str, Any]:
    """Read what `--facts` gives; raises `FactsWrong` with a sentence for everything that is no JSON object."""
    if written == "-":
        return read_written_facts(sys.stdin.buffer.read(LARGEST + 1), "Standard input")
    if written.startswith("@"):
        return read_written_facts(_read_file(written[1:]), written[1:])
    return read_written_facts(written.encode(), "What --facts gives")


def _read_file(name: str) -> bytes:
    try:
        with Path(name).open("rb") as file:
            return file.read(LARGEST + 1)
    except (OSError, ValueError) as fault:
        why = fault.strerror if isinstance(fault, OSError) and fault.strerror else "no such file"
        raise FactsWrong(f"The file {name!r} with the facts cannot be read: {why}.") from None
