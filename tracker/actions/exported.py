"""The columns of an exported plan, by which a file is known as one of ours, and the words of its statuses."""

from collections.abc import Mapping

from workflows.action import ActionStatus, Report

# What other sheets say as well stands under the headings that every import knows.
PLAIN_COLUMNS: Mapping[str, str] = {
    "ref": "Ref",
    "review": "Review",
    "theme": "Theme",
    "action": "Action",
    "owner": "Owner",
    "email": "Owner e-mail",
    "due": "Target date",
    "status": "Status",
    "progress": "Progress",
    "completed": "Date completed",
    "evidence": "Evidence of impact",
}
# What only our own plan says.
OWN_COLUMNS: Mapping[str, str] = {
    "title": "Title",
    "agency": "Agency",
    "level": "Level",
    "helpers": "Helpers",
    "sources": "All sources",
    "kind": "Kind of timescale",
    "words": "Timescale in words",
    "every": "Every",
    "dates": "All dates",
    "first_due": "First date",
    "review_on": "Looked at again on",
    "success_measure": "Done means",
    "baseline": "Baseline",
    "outside_body": "Body outside",
    "ended_why": "Why it ended",
    "group": "Group",
    "asked_on": "Asked on",
    "answered_on": "Answered on",
    "answer": "Answer",
    "rhythm_from": "Rhythm counts from",
    "moves": "Moved to, agreed with, why",
    "impact": "What changed, since, embedded, measure",
    "partnership": "Partnership",
    "version": "Version",
}
WHY = "Why it stands so"
HEADER = (*PLAIN_COLUMNS.values(), *OWN_COLUMNS.values(), WHY)
_MARKS = ("title", "level", "first_due", "version")
_BY_HEADING = {heading.casefold(): field for field, heading in OWN_COLUMNS.items()}

_REPORTS: Mapping[str, str] = {
    Report.ON_TRACK: "Green",
    Report.AT_RISK: "Amber",
    Report.STUCK: "Red",
    Report.DONE: "Reported as done",
    Report.NOT_MINE: "Reported as not theirs",
}
_STATUSES: Mapping[str, str] = {
    ActionStatus.PLANNED: "Not started",
    ActionStatus.IN_PROGRESS: "In progress",
    ActionStatus.ONGOING: "Ongoing",
    ActionStatus.COMPLETE: "Complete",
    ActionStatus.EMBEDDED: "Complete and embedded",
    ActionStatus.DONE_DIFFERENTLY: "Done differently",
    ActionStatus.NOT_TAKEN_FORWARD: "Closed - not taken forward",
    ActionStatus.MERGED: "Joined with another action",
}


def columns_of_export(named: Mapping[int, str]) -> dict[str, int]:
    """Give the columns that only an exported plan has, by the folded headings of a line; none for any other sheet."""
    found = {_BY_HEADING[name]: column for column, name in named.items() if name in _BY_HEADING}
    return found if all(mark in found for mark in _MARKS) else {}


def status_words(status: str, report: str | None) -> str:
    """Say how an action stands in one cell: by its colour where its owner has said one."""
    said = _REPORTS.get(report or "")
    if said is None or status not in (ActionStatus.PLANNED, ActionStatus.IN_PROGRESS, ActionStatus.ONGOING):
        return _STATUSES[status]
    return said if status == ActionStatus.IN_PROGRESS else f"{_STATUSES[status]}: {said}"


# How an action stands by the words of its cell; what waits to be checked is no report of a sheet.
_KEPT = (Report.ON_TRACK, Report.AT_RISK, Report.STUCK)
STANDING_BY_WORDS: Mapping[str, tuple[ActionStatus, Report | None]] = {
    status_words(status, report).casefold(): (status, report if report in _KEPT else None)
    for status in reversed(ActionStatus)
    for report in (*reversed(Report), None)
    if report is None or status in (ActionStatus.PLANNED, ActionStatus.IN_PROGRESS, ActionStatus.ONGOING)
}
