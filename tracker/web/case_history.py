"""The history of a case as a timeline: what happened, by whom, what changed from and to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tracker.web.pages import day
from workflows.vocabulary import CaseStatus

Document = Mapping[str, Any]


class Sort(StrEnum):
    """The sorts of entries by which a timeline is filtered; the value stands in the address."""

    DECISION = "decisions"
    RECORD = "records"
    CHANGE = "changes"


# What each deed is called once it is done, and which sort of entry it makes.
_DONE: Mapping[str, tuple[str, Sort]] = {
    "open_case": ("Case opened", Sort.RECORD),
    "loaded": ("Case loaded", Sort.RECORD),
    "record_notification": ("Notification recorded", Sort.RECORD),
    "ask_return": ("Agency asked for its return", Sort.RECORD),
    "record_return": ("Return recorded", Sort.RECORD),
    "convene_panel": ("Panel convened", Sort.RECORD),
    "record_recommendation": ("Recommendation recorded", Sort.DECISION),
    "send_to_national_panel": ("Sent to the national Panel", Sort.RECORD),
    "record_panel_response": ("Response of the national Panel recorded", Sort.RECORD),
    "draft_decision": ("Decision drafted", Sort.CHANGE),
    "record_decision": ("Decision recorded", Sort.DECISION),
    "record_ratification": ("Ratification recorded", Sort.DECISION),
    "record_resolution": ("Resolution recorded", Sort.DECISION),
    "appoint_lead": ("Lead appointed", Sort.RECORD),
    "declare_independence": ("Answer about independence recorded", Sort.RECORD),
    "withdraw_declaration": ("Declaration of independence withdrawn", Sort.CHANGE),
    "record_method_done": ("Method done", Sort.RECORD),
    "agree_report": ("Report agreed", Sort.DECISION),
    "link_recommendation": ("Recommendation linked with its findings", Sort.CHANGE),
    "record_evaluation": ("Evaluation recorded", Sort.DECISION),
    "start_contribution": ("Contribution begun", Sort.RECORD),
    "plan_publication": ("Publication planned", Sort.RECORD),
    "record_sent_before_publication": ("Report sent before publication", Sort.RECORD),
    "publish": ("Report published", Sort.DECISION),
    "record_learning_session": ("Learning session recorded", Sort.RECORD),
    "record_reflection": ("Reflection recorded", Sort.RECORD),
    "write_briefing": ("Briefing drafted", Sort.CHANGE),
    "approve_briefing": ("Briefing approved", Sort.DECISION),
    "add_comment": ("Comment", Sort.RECORD),
    "close_case": ("Case closed", Sort.DECISION),
    "hold_case": ("Case put on hold", Sort.DECISION),
    "release_case": ("Case released", Sort.DECISION),
    "record_delay_notice": ("Notice of delay recorded", Sort.RECORD),
    "correct_event": ("Date corrected", Sort.CHANGE),
    "moved_on": ("Case moved on", Sort.CHANGE),
    "clock_redated": ("Clock dated anew", Sort.CHANGE),
    "decision_changed": ("Decision changed", Sort.CHANGE),
    "declare_conflict": ("Conflict of interest recorded", Sort.CHANGE),
    "withdraw_conflict": ("Conflict of interest withdrawn", Sort.CHANGE),
    "send_reminder": ("Reminder sent", Sort.CHANGE),
    "give_access": ("Access given", Sort.CHANGE),
    "end_access": ("Access ended", Sort.CHANGE),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a timeline."""

    title: str
    sort: Sort
    by: str | None
    role: str | None
    at: str
    what: str
    was: str
    now: str

    @property
    def is_small(self) -> bool:
        """Say whether the entry is a small change, whose dot is a ring."""
        return self.sort is Sort.CHANGE


def entries_of(history: Sequence[Document], sort: str = "") -> list[Entry]:
    """Give the history as entries, newest first; only those of a sort where one is named."""
    entries = [_entry(line) for line in reversed(history)]
    return [entry for entry in entries if sort in ("", entry.sort.value)]


def _entry(line: Document) -> Entry:
    title, sort = _DONE.get(line["deed"], (line["deed"].replace("_", " ").capitalize(), Sort.CHANGE))
    was, now = _value(line["old"]), _value(line["new"])
    has_changed = was != now and bool(was) and bool(now)
    return Entry(
        title=title,
        sort=sort,
        by=line["by"],
        role=line["role"],
        at=line["at"],
        what=line["what"],
        was=was if has_changed else "",
        now=now if has_changed else "",
    )


def _value(value: object) -> str:
    """Write an old or new value as a reader says it: a status, a date, or the words themselves."""
    if not isinstance(value, str) or not value or value == "new":
        return ""
    if value in set(CaseStatus):
        return CaseStatus(value).words
    try:
        return day(value)
    except ValueError:
        return value
