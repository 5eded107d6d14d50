"""A pack as one tagged PDF (PDF/UA): headings, tables with header cells, language and title, read in their order."""

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

import typst

from tracker.papers.pack_words import ROOM, cells_of, empty_of, filled_of, heading_of, in_short, more_of, said_of
from tracker.texts import in_each_text

Document = dict[str, Any]


def pack_as_pdf(pack: Document, partnership: str) -> bytes:
    """Write a pack that was numbered for its reader."""
    shown = {
        "heading": heading_of(pack),
        "partnership": partnership,
        "said": said_of(pack),
        "in_short": in_short(pack),
        "sections": [_section(section) for section in filled_of(pack)],
        "empty": empty_of(pack),
    }
    inputs = {"pack": json.dumps(_breakable(shown), ensure_ascii=False)}
    try:
        return typst.compile(_template(), sys_inputs=inputs, pdf_standards="ua-1")
    except typst.TypstError as error:
        # A character that no font of this machine has: it stands as an empty box, and all the rest is tagged as before.
        if "could not be displayed" not in str(error):
            raise
        return typst.compile(_template(), sys_inputs=inputs)


def _section(section: Document) -> Document:
    return section | {
        "shown": f"{section['count']:,}",
        "more": more_of(section),
        "room": [ROOM.get(column, 1) for column in section["columns"]],
        "items": [one | {"cells": cells_of(one, section["columns"])} for one in section["items"]],
    }


def _breakable(value: Any) -> Any:  # a document of any shape, walked to its texts
    """Let words break that are longer than a column is wide, like addresses: they would run over the edge."""
    return in_each_text(value, lambda text: _TOO_LONG.sub(lambda found: _MAY_BREAK.join(found[0]), text))


_TOO_LONG, _MAY_BREAK = re.compile(r"[^\s\u00a0]{30,}"), "\u200b"


@cache
def _template() -> bytes:
    return (files("templates") / "papers" / "pack.typ").read_bytes()
