"""The headings of a sheet of actions, recognised by their words, whatever their order."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tracker.actions.exported import columns_of_export
from tracker.importing.cells import Line, as_text, folded
from tracker.importing.heading_words import BY_WORDS, ELSE, HEADINGS, OBJECTIVE, OUTCOMES

_LEAST = 4
_LONGEST = 80
_LONGEST_PART = 30
_DIGIT = re.compile(r"\d")

Columns = Mapping[str, int]
# What somebody has chosen a heading to mean: a field, or nothing for a column that is left out.
Chosen = Mapping[str, str]
LEFT_OUT = ""
_NOTHING_CHOSEN: Chosen = {}
# Texts of which the others stay in the original; of all other fields one column alone has to be meant.
_MAY_BE_TWO = {"ref", "theme", "progress", "evidence"}


@dataclass(frozen=True, slots=True)
class Doubt:
    """A field for which several headings of a header stand; somebody has to say which is meant."""

    row: int
    field: str
    headings: Sequence[str]


def columns_of(line: Line, chosen: Chosen = _NOTHING_CHOSEN) -> Columns | None:
    """Give the columns of the fields, where a line is a header: it has a word for Action and at least three more.

    What was chosen for a heading comes before what its words say; a line that holds one chosen for the action is a
    header however few headings are known.
    """
    is_chosen = "action" in chosen.values()
    short = (value for value in line.values if isinstance(value, str) and len(value) <= _LONGEST)
    if not is_chosen and not any(_may_be_action(value) for value in short):
        return None
    named = names_of(line)
    found = _columns(named, chosen)
    if found is None or "review" in found or "theme" not in found:
        return found
    # A business plan of old: what its outcomes are for stands in the place of the review.
    is_objective = OBJECTIVE.fullmatch(named.get(found["theme"], "")) is not None
    return {"objective": found["theme"], **found} if is_objective else found


def _columns(named: dict[int, str], chosen: Chosen) -> Columns | None:
    hand_made = {chosen[name]: column for column, name in reversed(named.items()) if chosen.get(name)}
    free = {column: name for column, name in named.items() if name not in chosen}
    columns = _without_taken(_named(free), hand_made)
    worded = _without_taken(_worded(free, columns), hand_made)
    if "action" in hand_made:
        return columns_of_export(named) | worded | hand_made
    if "action" in columns and len(columns) + len(hand_made) >= _LEAST:
        return columns_of_export(named) | worded | hand_made
    is_header = "action" in worded and len(worded) + len(hand_made) >= _LEAST and _is_short(named)
    return worded | hand_made if is_header else None


def with_names_below(columns: Columns, header: Line, below: Line, chosen: Chosen = _NOTHING_CHOSEN) -> Columns:
    """Give the columns with what the line directly under a header adds to those that have no name.

    Beside them the line may part what one heading spans: "Name" and "Email" under "Owner".
    """
    free = [column for column in below.filled if not as_text(header.value(column))]
    if len(free) < len(below.filled) and not _parts_headings(columns, below):
        return columns
    below_names = {column: _heading(below, column) for column in free}
    found = {chosen[name]: column for column, name in below_names.items() if chosen.get(name)}
    found |= _named({column: name for column, name in below_names.items() if name not in chosen})
    more = {field: column for field, column in found.items() if field not in columns}
    return {**columns, **more}


def _parts_headings(columns: Columns, below: Line) -> bool:
    """Say whether a line holds nothing but names for parts of what stands above, and so no action and no answer."""
    told = {column for field, column in columns.items() if field not in ("owner", "due", "completed")}
    texts = [below.value(column) for column in below.filled]
    return told.isdisjoint(below.filled) and all(
        isinstance(text, str) and len(text) <= _LONGEST_PART and "@" not in text and not _DIGIT.search(text)
        for text in texts
    )


def doubts_of(line: Line, chosen: Chosen = _NOTHING_CHOSEN) -> list[Doubt]:
    """Give the fields for which two headings of a header are equally good, and nobody has chosen between them."""
    named = names_of(line)
    settled = {field for name, field in chosen.items() if field and name in named.values()}
    found: dict[str, list[str]] = {}
    for name in named.values():
        field = _field_named(name.rpartition(" (")[0] if _REPEATED.fullmatch(name) else name)
        if field is not None and name not in chosen:
            found.setdefault(field, []).append(name)
    for name, other in ELSE.items():
        field = _field_named(name)
        if field in found and name in found[field] and other not in found:
            found[field].remove(name)
    return [
        Doubt(line.number, field, names)
        for field, names in found.items()
        if len(names) > 1 and field not in settled and field not in _MAY_BE_TWO
    ]


_REPEATED = re.compile(r".* \(\d+\)")


def names_of(line: Line) -> dict[int, str]:
    """Give the headings of a line by their columns, as they are compared; one that comes again has its number."""
    found: dict[int, str] = {}
    count: dict[str, int] = {}
    for column in line.filled:
        name = _heading(line, column)
        count[name] = count.get(name, 0) + 1
        found[column] = name if count[name] == 1 else f"{name} ({count[name]})"
    return found


# Most cells of a plan stand there many times: statuses, names of agencies and of people.
@lru_cache(maxsize=4096)
def _may_be_action(words: str) -> bool:
    """Say at little cost whether a heading may stand over the actions: every cell of a sheet is asked."""
    name = _IN_BRACKETS.sub("", as_heading(words))
    is_known = name in HEADINGS["action"] or BY_WORDS["action"].fullmatch(name) is not None
    return is_known or OUTCOMES.fullmatch(name) is not None


def _field_named(name: str) -> str | None:
    return next((field for field, names in HEADINGS.items() if name in names), None)


def _without_taken(columns: Mapping[str, int], taken: Mapping[str, int]) -> dict[str, int]:
    return {field: column for field, column in columns.items() if field not in taken}


def as_heading(words: str) -> str:
    """Give a heading as it is compared: without case, points and blanks around it."""
    return folded(as_text(words)).strip(" .:*?")


def _heading(line: Line, column: int) -> str:
    return as_heading(as_text(line.value(column)))


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
        other = ELSE.get(name)
        if other is not None and other not in columns:
            columns[other] = column
    return columns


_IN_BRACKETS = re.compile(r"(?<=\S) ?[(\[][^()\[\]]*[\D][^()\[\]]*[)\]]$")


def _worded(named: Mapping[int, str], columns: Columns) -> dict[str, int]:
    found = dict(columns)
    # What stands in brackets explains a heading: "Target date (dd/mm/yyyy)".
    bare = {column: _IN_BRACKETS.sub("", name) for column, name in named.items() if column not in found.values()}
    found |= {field: column for field, column in _named(bare).items() if field not in found}
    free = {column: name for column, name in bare.items() if column not in found.values()}
    for field, words in BY_WORDS.items():
        column = next((column for column, name in free.items() if words.fullmatch(name)), None)
        if field not in found and column is not None:
            found[field] = column
            del free[column]
    outcomes = next((column for column, name in free.items() if OUTCOMES.fullmatch(name)), None)
    return found if outcomes is None else {"action": outcomes, **found}


def _is_short(named: Mapping[int, str]) -> bool:
    return all(len(name) <= 40 for name in named.values())
