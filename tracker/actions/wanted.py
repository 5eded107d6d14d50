"""What of the plan is asked for in words, and the records that these words mean."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, select

from tracker.cases.queries import case_by_reference
from tracker.errors import NotFound
from tracker.groups.models import Group, Partnership
from tracker.groups.themes import Meant, vocabulary
from tracker.people.doer import Doer
from tracker.people.models import Person
from tracker.people.queries import agency_names
from workflows.action import ActionStatus
from workflows.colour import Colour

# In the place of a name it asks for what has none: no owner, no agency, no theme, no review, no group, no source.
NO_ONE = "none"
MINE = "mine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What of the plan is asked for; what is left empty asks for everything, and no status for the open ones."""

    words: str = ""
    statuses: tuple[str, ...] = ()
    agency: str = ""
    theme: str = ""
    review: str = ""
    due: str = ""
    owner: str = ""
    group: str = ""
    level: str = ""
    source: str = ""
    sort: str = ""
    looks_like: bool = False

    @property
    def asks_for_open_ones(self) -> bool:
        """Say whether only open actions are asked for."""
        return all(status in OPEN_COLOURS for status in self.statuses)


OPEN_COLOURS: Mapping[str, Colour] = {
    "red": Colour.RED,
    "amber": Colour.AMBER,
    "green": Colour.GREEN,
    "not_started": Colour.GREY,
}
ENDED: Mapping[str, tuple[ActionStatus, ...]] = {
    "complete": (ActionStatus.COMPLETE,),
    "embedded": (ActionStatus.EMBEDDED,),
    "closed": (ActionStatus.DONE_DIFFERENTLY, ActionStatus.NOT_TAKEN_FORWARD, ActionStatus.MERGED),
}
STATUSES = (*OPEN_COLOURS, *ENDED)
DUES = ("overdue", "soon", "quarter", "later", "none")
SORTS = ("owner", "due", "status")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is wanted, with the records that its words mean: nothing else has to be looked up for it."""

    wanted: Wanted
    reader: Doer
    agencies: tuple[int, ...] = ()
    case: int | None = None
    themes: Meant = ()
    owners: tuple[int, ...] = ()
    groups: tuple[int, ...] = ()


def known_as(session: Session, wanted: Wanted, reader: Doer) -> Known:
    """Look up the names in what is wanted; of a case that the reader may not open nothing is known."""
    agencies = _agencies(session, wanted.agency, reader) if wanted.agency else ()
    is_of_case = wanted.review not in ("", NO_ONE)
    return Known(
        wanted=wanted,
        reader=reader,
        agencies=agencies,
        case=_case(session, wanted.review, reader) if is_of_case else None,
        themes=vocabulary(session).meant_by(wanted.theme) if wanted.theme not in ("", NO_ONE) else (),
        owners=_owners(session, wanted.owner) if wanted.owner else (),
        groups=_groups(session, wanted.group) if wanted.group else (),
    )


def _agencies(session: Session, name: str, reader: Doer) -> tuple[int, ...]:
    """`mine` are the agencies that the reader leads."""
    if name == MINE:
        return tuple(sorted(reader.led_agencies))
    wanted = name.casefold()
    return tuple(number for number, known in agency_names(session).items() if known.casefold() == wanted)


def _owners(session: Session, name: str) -> tuple[int, ...]:
    """Give the people and posts with a name or an address, whatever the case of its letters."""
    column = Person.email if "@" in name else Person.name
    return tuple(session.exec(select(Person.id).where(func.lower(column) == name.strip().lower())))


def _groups(session: Session, name: str) -> tuple[int, ...]:
    """Give the groups with a code or a name, `qap` or `thscp/qap`, whatever the case of its letters."""
    wanted = name.strip().casefold()
    rows = session.exec(select(Group.id, Group.code, Group.name, Partnership.code).join(Partnership))
    return tuple(
        number
        for number, code, called, partnership in rows
        if wanted in (code.casefold(), called.casefold(), f"{partnership}/{code}".casefold())
    )


def _case(session: Session, reference: str, reader: Doer) -> int | None:
    try:
        return case_by_reference(session, reference, reader).id
    except NotFound:
        return None
