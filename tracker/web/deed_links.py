"""Where the form of a deed stands, and what a link to it says."""

from collections.abc import Callable, Mapping
from typing import Any
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
    "declare-independence": "Record a lead’s answer about independence",
}

# What comes of a deed, said beside its link.
HINTS: Mapping[str, str] = {
    "ask-return": "Says by when; its lead can then open the case",
    "record-return": "Says on which day it came",
    "correct-event": "Keeps the old date, and counts the clocks anew",
    "add-action": "Goes straight into the action plan",
    "hold-case": "Says why, and when to look again; no clock stops",
    "release-case": "Agrees a new date for the review",
    "record-delay-notice": "Says who was told that the review will be late",
    "declare-conflict": "Closes the case to that person at once",
    "appoint-lead": "Says who leads a method, and whether they are independent",
    "withdraw-declaration": "Ends an appointment, and says why",
    "record-method-done": "Says on which day it was done",
    "send-to-national-panel": "Ends the clock of the rapid review",
    "record-panel-response": "Keeps what the Panel advises",
    "plan-publication": "Starts the clock of sending the report before",
    "record-sent-before-publication": "To the national Panel and the Secretary of State",
    "record-learning-session": "Says when it was held, and who came",
    "write-briefing": "One page of A4 for all staff",
}

# The code of what blocks a step while leads have not said whether they are independent.
LEADS_ASKED = "leads_independent"

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


def cure_of(blocker: Mapping[str, Any], may: Callable[[str], bool]) -> tuple[str, str] | None:
    """Name the deed by which a reader clears what blocks a step, and what its link says; nothing that she may not do.

    Leads who are asked about independence are appointed already: what clears that is their answer, or somebody else.
    """
    if blocker["code"] == LEADS_ASKED:
        ways = [("declare-independence", words_of("declare-independence")), ("appoint-lead", "Appoint somebody else")]
    else:
        ways = [(blocker["deed"], words_of(blocker["deed"]))] if blocker["deed"] else []
    return next((way for way in ways if may(way[0])), None)
