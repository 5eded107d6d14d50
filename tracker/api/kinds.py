"""What there is to ask for: the kinds of records and lists, under which address, answered with which document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from tracker.actions.listing import ACTION_FILTERS
from tracker.api.documents import actions, case, meetings, partnerships, rows
from tracker.deeds import About, Deed
from tracker.escalations.listing import ESCALATION_FILTERS
from tracker.groups.meeting_queries import MEETING_FILTERS
from tracker.showing.lists import LISTS


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record: as `show` names it, and what is answered."""

    name: str
    document: type[BaseModel]


# By the first word of their addresses.
KINDS: Mapping[str, Kind] = {
    "cases": Kind("case", case.Case),
    "actions": Kind("action", actions.Action),
    "escalations": Kind("escalation", meetings.Escalation),
    "meetings": Kind("meeting", meetings.Meeting),
    "partnerships": Kind("partnership", partnerships.Partnership),
}

ROWS: Mapping[str, type[BaseModel]] = {
    "cases": rows.CaseRow,
    "actions": actions.ActionRow,
    "escalations": rows.EscalationRow,
    "meetings": rows.MeetingRow,
    "partnerships": rows.PartnershipRow,
    "clocks": rows.ClockRow,
    "jobs": rows.JobRow,
    "themes": rows.ThemeRow,
    "business-plan": rows.BusinessPlanRow,
    "load": rows.LoadRow,
    "ownerless": rows.OwnerlessRow,
    "emails": rows.EmailRow,
}

_OF_STAGES: Mapping[str, Sequence[str]] = {
    "actions": ACTION_FILTERS,
    "escalations": ESCALATION_FILTERS,
    "meetings": MEETING_FILTERS,
}


def filters_of(listed: str) -> Sequence[str]:
    """Name the filters of a list, those of a stage as the stage names them."""
    return (LISTS[listed][1] or _OF_STAGES[listed]) if listed in LISTS else ()


_WHERE: Mapping[About, str] = {
    About.NEW_CASE: "cases",
    About.CASE: "cases",
    About.NEW_ACTION: "actions",
    About.ACTION: "actions",
    About.NEW_ESCALATION: "escalations",
    About.ESCALATION: "escalations",
    About.NEW_MEETING: "meetings",
    About.MEETING: "meetings",
    About.PARTNERSHIP: "partnerships",
    About.CALENDAR: "partnerships",
    About.POST: "partnerships",
}
_ON_A_RECORD = {About.CASE, About.ACTION, About.ESCALATION, About.MEETING, About.PARTNERSHIP}
_NEW = {About.NEW_CASE, About.NEW_ACTION, About.NEW_ESCALATION, About.NEW_MEETING}


def where(deed: Deed) -> str:
    """Give the first word of a deed's address."""
    return _WHERE[deed.about]


def is_on_a_record(deed: Deed) -> bool:
    """Say whether a deed is done to a record that there is."""
    return deed.about in _ON_A_RECORD


def makes_a_record(deed: Deed) -> bool:
    """Say whether a deed leaves a record that was not there before."""
    return deed.about in _NEW


def address_of(deed: Deed) -> str:
    """Give the address under which a deed is done: `/cases/{ref}/deeds/convene-panel`."""
    return f"/{where(deed)}{'/{ref}' if is_on_a_record(deed) else ''}/deeds/{deed.command}"
