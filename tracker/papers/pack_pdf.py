"""A pack as one tagged PDF (PDF/UA): headings, tables with header cells, language and title, read in their order."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

import typst

from tracker.papers.pack_words import cells_of, heading_of, more_of, none_of, said_of

Document = dict[str, Any]


def pack_as_pdf(pack: Document, partnership: str) -> bytes:
    """Write a pack that was numbered for its reader."""
    shown = {
        "heading": heading_of(pack),
        "partnership": partnership,
        "said": said_of(pack),
        "sections": [
            section
            | {
                "none": none_of(section, pack),
                "more": more_of(section),
                "items": [one | {"cells": cells_of(one, section["columns"])} for one in section["items"]],
            }
            for section in pack["sections"]
        ],
    }
    inputs = {"pack": json.dumps(shown)}
    try:
        return typst.compile(_template(), sys_inputs=inputs, pdf_standards="ua-1")
    except typst.TypstError as error:
        # A character that no font of this machine has: it stands as an empty box, and all the rest is tagged as before.
        if "could not be displayed" not in str(error):
            raise
        return typst.compile(_template(), sys_inputs=inputs)


@cache
def _template() -> bytes:
    return (files("templates") / "papers" / "pack.typ").read_bytes()
