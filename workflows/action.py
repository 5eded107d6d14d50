"""Statuses of an action, what may be done in each, and the words around it: the same in every partnership."""

from enum import StrEnum


class ActionStatus(StrEnum):
    """Where an action stands; the value is the code."""

    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    ONGOING = "ongoing"
    COMPLETE = "complete"
    EMBEDDED = "embedded"
    DONE_DIFFERENTLY = "done_differently"
    NOT_TAKEN_FORWARD = "not_taken_forward"
    MERGED = "merged"

    @property
    def words(self) -> str:
        """Give the status as a reader says it: `in progress`."""
        return self.value.replace("_", " ")


OPEN_STATUSES = (ActionStatus.PLANNED, ActionStatus.IN_PROGRESS, ActionStatus.ONGOING)
ENDED_STATUSES = tuple(status for status in ActionStatus if status not in OPEN_STATUSES)


class Report(StrEnum):
    """The owner's last word on an action."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    STUCK = "stuck"
    DONE = "done"
    NOT_MINE = "not_mine"

    @property
    def words(self) -> str:
        """Give the report as a reader says it: `at risk`."""
        return self.value.replace("_", " ")


class Level(StrEnum):
    """Who has to act: one agency, several, the region, or the nation."""

    SINGLE_AGENCY = "single_agency"
    MULTI_AGENCY = "multi_agency"
    REGIONAL = "regional"
    NATIONAL = "national"


class TimescaleKind(StrEnum):
    """What kind of *by when* an action has (K15)."""

    DATE = "date"
    RECURRING = "recurring"
    CONTINUING = "continuing"
    TRIGGERED = "triggered"
    SEVERAL = "several"


class SourceKind(StrEnum):
    """Where an action comes from."""

    CASE = "case"
    RECOMMENDATION = "recommendation"
    FINDING = "finding"
    AUDIT = "audit"
    REFLECTION = "reflection"
    ESCALATION = "escalation"
    PRIORITY = "priority"
    OUTSIDE_BODY = "outside_body"


_WHILE_OPEN = (
    *("update-action", "accept-update", "query-update", "complete-action", "edit-action", "review-action"),
    *("hold-action", "release-action", "record-impact", "end-action", "reassign-action", "move-due-date"),
)
_BESIDE_OTHERS = ("merge-actions", "split-action", "not-alike", "link-actions")
_WHEN_DONE = ("edit-action", "review-action", "record-impact")
_WHEN_ENDED = ("edit-action", "review-action")

_CLOSED = {
    ActionStatus.COMPLETE: "is complete. Thank you.",
    ActionStatus.EMBEDDED: "is complete and embedded. Thank you.",
    ActionStatus.DONE_DIFFERENTLY: "is closed: it was done differently.",
    ActionStatus.NOT_TAKEN_FORWARD: "is closed: it is not taken forward.",
    ActionStatus.MERGED: "was joined with another action. Use that one.",
}


def deeds_in(status: ActionStatus) -> tuple[str, ...]:
    """Name the deeds that an action in a status allows."""
    if status is ActionStatus.MERGED:
        return ("split-action",)
    if status in OPEN_STATUSES:
        return (*_WHILE_OPEN, *_BESIDE_OTHERS)
    done = status in (ActionStatus.COMPLETE, ActionStatus.EMBEDDED)
    return (*(_WHEN_DONE if done else _WHEN_ENDED), *_BESIDE_OTHERS)


def why_closed(reference: str, status: ActionStatus) -> str:
    """Say why an action that is not open takes no more of what only an open one does."""
    return f"{reference} {_CLOSED[status]}"
