"""What a day recorded for a case has to fit: the days before it, those after it, and a year that can be right."""

from collections.abc import Mapping
from datetime import datetime

from tracker.cases.standing import Standing
from tracker.clock import london_day
from tracker.errors import Refused
from workflows.dates import PartialDate, uk_date
from workflows.requirements import Unmet
from workflows.vocabulary import Event

_LATEST_AHEAD_DAYS = 366
OUT_OF_ORDER = "out_of_order"


def not_before(standing: Standing, on: PartialDate, what: str, *events: Event) -> list[Unmet]:
    """Give the first event that a day has to follow and certainly lies before: it stands in the way of the step."""
    for event in events:
        earlier = standing.day_of(event)
        if earlier is not None and on.certainly_before(earlier):
            return [out_of_order(what, event.words, earlier)]
    return []


def out_of_order(what: str, words: str, earlier: PartialDate) -> Unmet:
    """Say that a day lies before one that it has to follow; the sentence names both."""
    return Unmet(OUT_OF_ORDER, f"The date of {what} must be on or after {words}, {uk_date(earlier)}.", None)


def must_follow(standing: Standing, on: PartialDate, what: str, *events: Event) -> None:
    """Refuse a day that certainly lies before one it has to follow, where no step is taken."""
    for misplaced in not_before(standing, on, what, *events):
        raise Refused(misplaced.sentence, code=OUT_OF_ORDER)


def not_far_ahead(on: PartialDate, now: datetime, what: str) -> None:
    """Refuse a day more than a year ahead: a year was misspelt."""
    if (on.first - london_day(now)).days > _LATEST_AHEAD_DAYS:
        raise Refused(f"{what} on {uk_date(on)}: that lies more than a year ahead. Check the year.", code="bad_date")


_IN_ORDER = (
    Event.INCIDENT,
    Event.INCIDENT_KNOWN,
    Event.NOTIFICATION,
    Event.PANEL_CONVENED,
    Event.RECOMMENDATION,
    Event.DECISION,
    Event.REPORT_AGREED,
    Event.PUBLICATION,
    Event.REFLECTION_6M,
    Event.REFLECTION_12M,
    Event.CLOSURE,
)
# What happens beside that order, each after the events that its deed asks for.
_AFTER: Mapping[Event, tuple[Event, ...]] = {
    Event.SENT_TO_PANEL: (Event.PANEL_CONVENED, Event.NOTIFICATION, Event.INCIDENT_KNOWN),
    Event.PANEL_RESPONSE: (Event.SENT_TO_PANEL, Event.NOTIFICATION),
    Event.RATIFICATION: (Event.DECISION,),
    Event.RESOLUTION: (Event.DECISION,),
    Event.AUDIT_HELD: (Event.DECISION,),
    Event.AUDIT_FOLLOW_UP: (Event.AUDIT_HELD,),
    Event.EVALUATION: (Event.REPORT_AGREED, Event.DECISION),
    Event.PUBLICATION_PLANNED: (Event.REPORT_AGREED, Event.DECISION),
    Event.SENT_BEFORE_PUBLICATION: (Event.REPORT_AGREED, Event.DECISION),
    Event.LEARNING_SESSION: (Event.REPORT_AGREED, Event.DECISION),
    Event.UPDATE_REPORT: (Event.PUBLICATION, Event.REPORT_AGREED, Event.DECISION),
}


def must_keep_order(standing: Standing, event: Event, on: PartialDate) -> None:
    """Refuse a corrected day that certainly lies before what went before the event, or after what came after it."""
    place = _IN_ORDER.index(event) if event in _IN_ORDER else 0
    must_follow(standing, on, event.words, *reversed(_IN_ORDER[:place]), *_AFTER.get(event, ()))
    beside = [later for later, earlier in _AFTER.items() if event in earlier]
    for later in (*(_IN_ORDER[place + 1 :] if event in _IN_ORDER else ()), *beside):
        after = standing.day_of(later)
        if after is not None and after.certainly_before(on):
            raise Refused(
                f"The date of {event.words} must be on or before {later.words}, {uk_date(after)}.", code=OUT_OF_ORDER
            )
