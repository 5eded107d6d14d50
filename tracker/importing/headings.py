"""The headings of a sheet of actions, recognised by their words, whatever their order."""

import re
from collections.abc import Mapping, Sequence

from tracker.importing.cells import Line, as_text, folded

# The fields of a row, each with the headings that mean it, the plainest first.
HEADINGS: Mapping[str, Sequence[str]] = {
    "ref": ("ref", "ref no", "no"),
    "review": ("review", "case"),
    "theme": ("theme", "objective"),
    "action": ("action", "action required", "recommendation / action", "outcome"),
    "owner": ("owner", "lead", "responsible officer", "responsible"),
    "email": ("owner e-mail", "email", "contact", "e-mail"),
    "due": ("target date", "by when", "deadline", "timescale"),
    "status": ("rag", "status", "brag", "progress update"),
    "progress": ("progress", "update", "comments", "notes"),
    "completed": ("date completed", "completed on", "date closed", "achieved on"),
    "evidence": ("evidence of impact", "evidence", "impact / evidence", "impact"),
}
# What a heading means where another one of the sheet says better what it would mean first.
_ELSE = {"progress update": "progress"}

# Headings of other workbooks of the kind: by their words, for fields that no heading above has taken.
_BY_WORDS: Mapping[str, re.Pattern[str]] = {
    field: re.compile("|".join(words))
    for field, words in {
        "email": (r".*\be-?mail\b.*", r"contact details"),
        "completed": (
            r"(date )?(completed|closed|achieved|done)( date| on)?",
            r"(completion|closure) date",
            r"date of completion",
        ),
        "due": (
            r"due( date| by)?",
            r"date due",
            r"(target|completion) (date|timescale)",
            r"time ?(scale|frame)s?",
            r"target",
            r"deadline date",
        ),
        "status": (
            r"(b?rag|current|action|progress)[ -](rating|status)",
            r"rag rated",
            r"(rag|status) ?/ ?(rag|status)",
        ),
        "evidence": (r"evidence.*", r"impact.*", r"outcomes? and impact"),
        "progress": (r"progress.*", r"latest updates?", r"update.*", r"commentary", r"comments?.*", r"notes?"),
        "action": (
            r"(agreed )?actions?( required| needed| to be taken| agreed)?",
            r"recommendations?( ?/ ?actions?)?",
            r"actions? ?/ ?recommendations?",
            r"what (will|needs to) be done",
        ),
        "owner": (
            r"(action |lead )?owners?",
            r"leads?( officer| person| professional| agency| name)?",
            r"responsible (person|lead|agency|officer)",
            r"person responsible",
            r"responsibility",
            r"by whom",
            r"who",
        ),
        "ref": (r"(action )?(ref|reference|no|number|id)( no| number)?",),
        "review": (r"(review|case)( name| / case| ref| title)?", r"case ?/ ?review", r"source( review)?"),
        "theme": (r"themes?", r"objectives?", r"area", r"topic", r"priority( area)?"),
    }.items()
}
_LEAST = 4

Columns = Mapping[str, int]


def columns_of(line: Line) -> Columns | None:
    """Give the columns of the fields, where a line is a header: it has a word for Action and at least three more."""
    named = {column: _heading(line, column) for column in line.filled}
    columns = _named(named)
    if "action" in columns and len(columns) >= _LEAST:
        return _worded(named, columns)
    worded = _worded(named, columns)
    return worded if "action" in worded and len(worded) >= _LEAST and _is_short(named) else None


def with_names_below(columns: Columns, header: Line, below: Line) -> Columns:
    """Give the columns with what the line directly under a header adds to those that have no name."""
    free = [column for column in below.filled if not as_text(header.value(column))]
    found = _named({column: _heading(below, column) for column in free})
    more = {field: column for field, column in found.items() if field not in columns}
    is_only_names = bool(more) and len(free) == len(below.filled) == len(found)
    return {**columns, **more} if is_only_names else columns


def _heading(line: Line, column: int) -> str:
    return folded(as_text(line.value(column))).strip(" .:*?")


def _named(named: Mapping[int, str]) -> dict[str, int]:
    """Give the fields by the names that are known; of two columns for one field the plainer heading has it."""
    columns: dict[str, int] = {}
    left: dict[int, str] = {}
    for field, names in HEADINGS.items():
        known = sorted((names.index(name), column) for column, name in named.items() if name in names)
        if known:
            columns[field] = known[0][1]
            left |= {column: named[column] for _, column in known[1:]}
    for column, name in left.items():
        other = _ELSE.get(name)
        if other is not None and other not in columns:
            columns[other] = column
    return columns


def _worded(named: Mapping[int, str], columns: Columns) -> dict[str, int]:
    found = dict(columns)
    free = {column: name for column, name in named.items() if column not in found.values()}
    for field, words in _BY_WORDS.items():
        column = next((column for column, name in free.items() if words.fullmatch(name)), None)
        if field not in found and column is not None:
            found[field] = column
            del free[column]
    return found


def _is_short(named: Mapping[int, str]) -> bool:
    return all(len(name) <= 40 for name in named.values())
