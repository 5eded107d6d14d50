"""Opens a file that somebody sent, in a process of its own with little memory and little time; prints what it holds.

`python -m tracker.importing.child FILE` prints one JSON document for each sheet, and a last one that says it is whole,
or why the file is refused. Nothing of the file is ever evaluated or followed.
"""

import json
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tracker.importing.bounds import SAVE_AS, Unreadable
from tracker.importing.opening_csv import csv_sheets
from tracker.importing.opening_workbooks import workbook_sheets

MEMORY = 512 * 2**20
SECONDS = 10
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OF_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


def main(path: str) -> None:
    """Print what a file holds."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    try:
        content = Path(path).read_bytes()
        for sheet in _sheets(content, Path(path).suffix.lower()):
            print(json.dumps(sheet, ensure_ascii=True))
        print(json.dumps({"is_whole": True}))
    except Unreadable as why:
        print(json.dumps({"refused": str(why)}))


def _sheets(content: bytes, ending: str) -> Iterator[dict[str, Any]]:
    if not content.strip():
        raise Unreadable("The file is empty.")
    if content.startswith(_OLD_OR_LOCKED):
        raise Unreadable(f"The workbook is locked with a password, or is of an old kind (.xls). {SAVE_AS}")
    if content.startswith(b"PK"):
        return workbook_sheets(content)
    if ending in _OF_WORKBOOKS:
        raise Unreadable(f"The file is no workbook, whatever its name says. {SAVE_AS}")
    return csv_sheets(content)


if __name__ == "__main__":
    main(sys.argv[1])
