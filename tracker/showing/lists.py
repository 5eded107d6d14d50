"""Every list that `list` prints: and which filters each takes."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from notifications.outbox import MessageState
from notifications.rendering import EMAILS
from tracker.actions.listing import list_actions
from tracker.cases.unnamed import barred_cases_named, without_references
from tracker.errors import FactsWrong
from tracker.escalations.listing import list_escalations
from tracker.facts import storable
from tracker.filters import check_filters, filter_date
from tracker.groups.meeting_queries import list_meetings
from tracker.people.doer import Doer
from tracker.showing.business_plan import FILTERS, list_business_plan
from tracker.showing.case_lists import MINE, list_cases, list_clocks
from tracker.showing.emails import list_emails
from tracker.showing.jobs import list_jobs
from tracker.showing.load import list_load
from tracker.showing.owners import list_ownerless
from tracker.showing.themes import list_themes
from workflows.deadlines import ClockState
from workflows.vocabulary import STAGES, ClockKind

Row = dict[str, Any]
Lister = Callable[[Session, Mapping[str, str], Doer | None, datetime], list[Row]]


def list_rows(session: Session, kind: str, where: Mapping[str, str], reader: Doer | None, now: datetime) -> list[Row]:
    """Give the rows of a list as a reader sees them; the operator of the machine (None) sees all.

    Raises `FactsWrong` for a list or a filter that there is not.
    """
    if kind not in LISTS:
        raise FactsWrong(f"There is no list of {kind!r}. There are: {', '.join(LISTS)}.")
    lister, keys = LISTS[kind]
    if keys:
        check_filters(kind, where, keys)
    if not all(storable(value) for value in where.values()):
        raise FactsWrong("A filter holds a character that cannot be kept: type it anew.")
    _known_values(kind, where, keys)
    rows = lister(session, where, reader, now)
    if reader is None:
        return rows
    shown: list[Row] = without_references(rows, barred_cases_named(session, reader.id))
    return shown


def _known_values(kind: str, where: Mapping[str, str], keys: Sequence[str]) -> None:
    """Refuse codes that there are not, and dates that stand in no calendar, in the lists that read them here."""
    for key, value in where.items():
        codes = _CODES.get((kind, key))
        if codes is not None and value not in codes:
            raise FactsWrong(f"{kind.capitalize()} have no {key} {value!r}. There are: {', '.join(codes)}.")
    for key in ("from", "to"):
        if key in where and key in keys:
            filter_date(key, where[key])


_CODES: Mapping[tuple[str, str], Sequence[str]] = {
    ("cases", "coordinator"): (MINE,),
    ("jobs", "coordinator"): (MINE,),
    ("cases", "flag"): ("overdue", "on_hold"),
    ("cases", "stage"): [str(number) for number, _ in enumerate(STAGES, start=1)],
    ("clocks", "flag"): ("overdue",),
    ("clocks", "kind"): [kind.value for kind in ClockKind],
    ("clocks", "state"): [state.value for state in ClockState],
    ("jobs", "kind"): [kind.value for kind in ClockKind],
    ("emails", "kind"): list(EMAILS),
    ("emails", "state"): [state.value for state in MessageState],
}

# Where the filters are empty, the stage's own list checks them.
LISTS: Mapping[str, tuple[Lister, Sequence[str]]] = {
    "cases": (list_cases, ("partnership", "case", "coordinator", "status", "stage", "theme", "kind", "flag")),
    "actions": (list_actions, ()),
    "escalations": (list_escalations, ()),
    "meetings": (list_meetings, ()),
    "clocks": (list_clocks, ("partnership", "case", "status", "theme", "kind", "state", "flag", "from", "to")),
    "jobs": (list_jobs, ("partnership", "case", "coordinator", "theme", "kind", "flag")),
    "themes": (list_themes, ("partnership",)),
    "business-plan": (list_business_plan, FILTERS),
    "load": (list_load, ("partnership", "agency", "owner", "theme", "from")),
    "ownerless": (list_ownerless, ("partnership",)),
    "emails": (list_emails, ("partnership", "kind", "owner", "about", "state")),
}
