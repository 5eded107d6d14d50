"""Statuses of an action and the words around it: the same in every partnership."""

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


OPEN_STATUSES = (ActionStatus.PLANNED, ActionStatus.IN_PROGRESS, ActionStatus.ONGOING)
ENDED_STATUSES = tuple(status for status in ActionStatus if status not in OPEN_STATUSES)


class Report(StrEnum):
    """The owner's last word on an action."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    STUCK = "stuck"
    DONE = "done"
    NOT_MINE = "not_mine"


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
