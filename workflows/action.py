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


# There is nothing to be late for (K15): what goes on is looked at again, what is triggered waits for its occasion.
WITHOUT_DATE = (TimescaleKind.CONTINUING, TimescaleKind.TRIGGERED)


class SourceKind(StrEnum):
    """Where an action comes from: a review of the partnership's own, or something else that is named in words."""

    CASE = "case"
    RECOMMENDATION = "recommendation"
    FINDING = "finding"
    AUDIT = "audit"
    REFLECTION = "reflection"
    ESCALATION = "escalation"
    PRIORITY = "priority"
    OUTSIDE_BODY = "outside_body"
    THREAT_ASSESSMENT = "threat_assessment"
    INSPECTION = "inspection"
    EXTERNAL_REVIEW = "external_review"
    NATIONAL_REVIEW = "national_review"
    SELF_ASSESSMENT = "self_assessment"
    PEER_REVIEW = "peer_review"
    SCRUTINY = "scrutiny"
    LEARNING_SESSION = "learning_session"
    CHILD_DEATH_OVERVIEW = "child_death_overview"
    MEETING = "meeting"
    BUSINESS_PLAN = "business_plan"
    OTHER = "other"

    @property
    def words(self) -> str:
        """Give the kind as a reader says it: `threat assessment`."""
        return _SOURCE_WORDS.get(self.value, self.value.replace("_", " "))


_SOURCE_WORDS = {
    "case": "review",
    "threat_assessment": "threat assessment or intelligence requirement",
    "external_review": "review elsewhere",
    "national_review": "national review",
    "self_assessment": "self-assessment",
    "scrutiny": "independent scrutiny",
    "child_death_overview": "child death overview",
    "outside_body": "body outside",
    "other": "other source",
}
REVIEW_SOURCES = (SourceKind.CASE, SourceKind.RECOMMENDATION, SourceKind.FINDING)


_WHILE_OPEN = (
    *("update-action", "accept-update", "query-update", "complete-action", "edit-action", "review-action"),
    *("hold-action", "release-action", "record-impact", "end-action", "reassign-action", "move-due-date"),
    *("ask-outside", "record-answer"),
)
_BESIDE_OTHERS = ("merge-actions", "split-action", "not-alike", "link-actions")
_WHEN_DONE = ("edit-action", "review-action", "record-impact", "reopen-action", "record-answer")
_WHEN_ENDED = ("edit-action", "review-action", "reopen-action", "record-answer")

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
    """Say why an action takes no deed that only an open one takes, or only one that is closed."""
    return f"{reference} {_CLOSED.get(status, 'is open already.')}"
