"""Where the form of a deed stands, and what a link to it says."""

from collections.abc import Mapping
from urllib.parse import quote

from workflows.vocabulary import Do

# What the deeds say that no process names as a step.
_WORDS: Mapping[str, str] = {
    "ask-return": "Ask an agency for its return",
    "record-return": "Record a return",
    "correct-event": "Correct a date",
    "hold-case": "Put the case on hold",
    "release-case": "Release the case",
    "record-delay-notice": "Record a notice of delay",
    "declare-conflict": "Declare a conflict of interest",
    "withdraw-conflict": "Withdraw a conflict of interest",
    "give-access": "Give somebody access",
    "end-access": "End somebody’s access",
    "add-action": "Add an action",
    "complete-action": "See the open actions",
    "write-briefing": "Write the seven-minute briefing",
}

# The reflections by their codes, as they stand in addresses.
REFLECTION_PAGES: Mapping[str, str] = {"6m": "six-month", "12m": "one-year", "update": "update"}


def link_of(reference: str, deed: str) -> str:
    """Give the address of the form that does a deed to a case."""
    at = f"/cases/{quote(reference)}"
    elsewhere = {
        "record-decision": f"{at}/decision",
        "add-action": f"/actions/new?case={quote(reference)}",
        "complete-action": f"/actions?case={quote(reference)}&status=open",
        "write-briefing": f"{at}/briefing",
        "show": at,
    }
    return elsewhere.get(deed, f"{at}/steps/{deed}")


def reflection_link(reference: str, which: str) -> str:
    """Give the address of a reflection of a case."""
    return f"/cases/{quote(reference)}/reflections/{REFLECTION_PAGES[which]}"


def words_of(deed: str) -> str:
    """Say a deed to a case as a link does: `Appoint a lead`."""
    known = Do(deed.replace("-", "_")).label if deed.replace("-", "_") in set(Do) else None
    return _WORDS.get(deed) or known or deed.replace("-", " ").capitalize()
