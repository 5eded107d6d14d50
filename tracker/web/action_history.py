"""The history of an action as a timeline: what happened, by whom, what changed from and to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Document = Mapping[str, Any]

_DONE: Mapping[str, str] = {
    "add_action": "Action added",
    "loaded": "Action taken over",
    "record_reflection": "Action made at a reflection",
    "update_action": "Update sent",
    "accept_update": "Update accepted",
    "query_update": "Owner asked back",
    "complete_action": "Recorded as complete",
    "edit_action": "Action changed",
    "review_action": "Action looked at",
    "hold_action": "Put on hold",
    "release_action": "Released from hold",
    "record_impact": "Impact recorded",
    "end_action": "Action closed",
    "reassign_action": "Passed to a new owner",
    "move_due_date": "Due date moved",
    "import": "Action taken over from a spreadsheet",
    "merge_actions": "Actions joined",
    "split_action": "Actions split again",
    "not_alike": "Said not to be the same",
    "link_actions": "Linked with another action",
    "reassign_all": "Passed to a new owner",
    "reassign_agency": "Passed to another agency",
    "add_theme": "Theme added",
    "rename_theme": "Theme renamed",
    "merge_themes": "Themes merged",
    "retire_theme": "Theme retired",
    "restore_theme": "Theme brought back",
    "reopen_action": "Open again",
    "ask_outside": "Body outside asked",
    "record_answer": "Body outside answered",
}
_SMALL = (
    *("edit_action", "reassign_action", "reassign_all", "reassign_agency", "move_due_date", "release_action"),
    *("not_alike", "link_actions"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the timeline of an action; a small change has a ring for its dot."""

    title: str
    by: str | None
    role: str | None
    at: str
    what: str
    is_small: bool
    was: str = ""
    now: str = ""


def entries_of(history: Sequence[Document]) -> list[Entry]:
    """Give the history as entries, newest first."""
    return [_entry(line) for line in reversed(history)]


def _entry(line: Document) -> Entry:
    deed = line["deed"]
    title = _DONE.get(deed, deed.replace("_", " ").capitalize())
    if "of" in line:
        title = f"{line['of']}: {title[:1].lower()}{title[1:]}"
    return Entry(title, line["by"], line["role"], line["at"], _what(line), deed in _SMALL)


def _what(line: Document) -> str:
    """Say what was done; of an action that was changed, each change with what stood there before."""
    old, new = line.get("old"), line.get("new")
    if line["deed"] != "edit_action" or not isinstance(old, dict) or not isinstance(new, dict):
        return str(line["what"])
    changes = [f"{_name(key)}{_was(old[key])} is “{_said(new.get(key))}”" for key in old]
    return "; ".join(changes) or str(line["what"])


def _was(value: object) -> str:
    return f" was “{_said(value)}”," if _said(value) else ""


def _name(key: str) -> str:
    return key.replace("_", " ").capitalize()


def _said(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return "" if value is None else str(value)
