"""The plan as a list: the filters of the command line and the pages, red first, then by due date."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from tracker.actions.filtering import OF_REVIEWS, has_theme, of_source
from tracker.actions.models import Action, ActionSource
from tracker.actions.pairs import looks_like
from tracker.actions.queries import Condition, may_see_action
from tracker.actions.reading import ActionRead, Document, read_actions, row
from tracker.cases.queries import case_by_reference
from tracker.errors import FactsWrong
from tracker.filters import filter_date
from tracker.groups.queries import group_by_code, partnership_by_code
from tracker.groups.themes import themes_meant
from tracker.people.doer import Doer
from tracker.people.models import Agency
from tracker.people.queries import person_named
from workflows.action import OPEN_STATUSES, ActionStatus, Level, SourceKind
from workflows.colour import Colour
from workflows.dates import PartialDate

LOOKS_LIKE = "looks_like"


def list_actions(session: Session, where: Mapping[str, str], reader: Doer | None, now: datetime) -> list[Document]:
    """Give the actions that a reader sees and that fit every filter; red first, then by due date, the ended ones last.

    Raises `FactsWrong` for a filter or a code that there is not, `NotFound` for a name that there is not.
    """
    return [row(read) for read in find_actions(session, where, reader, now)]


def find_actions(session: Session, where: Mapping[str, str], reader: Doer | None, now: datetime) -> list[ActionRead]:
    """Give the same list as `list_actions`, as records with everything that is reckoned from them."""
    for key in where:
        if key not in _BY_ROW and key not in _BY_READING:
            raise FactsWrong(f"Actions have no filter {key!r}. There are: {', '.join([*_BY_ROW, *_BY_READING])}.")
    conditions = row_conditions(session, where, reader)
    tests = [_BY_READING[key](value) for key, value in where.items() if key in _BY_READING]
    found = read_actions(session, *conditions, reader=reader, now=now)
    return in_order(read for read in found if all(fits(read) for fits in tests))


def in_order(reads: Iterable[ActionRead]) -> list[ActionRead]:
    """Give actions red first, then by due date, the ended ones last."""
    return sorted(reads, key=_place)


def row_conditions(session: Session, where: Mapping[str, str], reader: Doer | None) -> list[Condition]:
    """Give the conditions of those filters that the rows themselves decide; that the reader sees them is the first."""
    return [
        may_see_action(reader),
        *([looks_like(reader)] if where.get("flag") == LOOKS_LIKE else []),
        *(_BY_ROW[key](session, value, reader) for key, value in where.items() if key in _BY_ROW),
    ]


def _place(read: ActionRead) -> tuple[int, bool, PartialDate, int]:
    due = read.action.due
    group = 2 if not read.is_open else int(read.rag.colour is not Colour.RED)
    return group, due is None, due or PartialDate(2200), read.action.id


def _partnership(session: Session, value: str, _reader: Doer | None) -> Condition:
    return col(Action.partnership_id) == partnership_by_code(session, value).id


def _case(session: Session, value: str, reader: Doer | None) -> Condition:
    case = case_by_reference(session, value, reader)
    return col(Action.id).in_(select(ActionSource.action_id).where(ActionSource.case_id == case.id))


def _agency(session: Session, value: str, reader: Doer | None) -> Condition:
    """`mine` are the agencies that the reader leads; otherwise a name, whatever the case of its letters."""
    if value == "mine" and reader is not None:
        return col(Action.agency_id).in_(reader.led_agencies)
    agencies = session.exec(select(Agency.id, Agency.name)).all()
    ids = [agency_id for agency_id, name in agencies if name.casefold() == value.strip().casefold()]
    return col(Action.agency_id).in_(ids) | (col(Action.agency_name) == value.strip())


def _owner(session: Session, value: str, _reader: Doer | None) -> Condition:
    return col(Action.owner_id) == person_named(session, value).id


def _theme(session: Session, value: str, _reader: Doer | None) -> Condition:
    return has_theme(themes_meant(session, value))


def _status(_session: Session, value: str, _reader: Doer | None) -> Condition:
    if value == "open":
        return col(Action.status).in_(OPEN_STATUSES)
    return col(Action.status) == _one_of("status", value, ["open", *ActionStatus])


def _level(_session: Session, value: str, _reader: Doer | None) -> Condition:
    return col(Action.level) == _one_of("level", value, list(Level))


def _source(_session: Session, value: str, _reader: Doer | None) -> Condition:
    return of_source(_one_of("source", value, [*SourceKind, OF_REVIEWS]))


def _group(session: Session, value: str, reader: Doer | None) -> Condition:
    return col(Action.group_id) == group_by_code(session, value, reader).id


_BY_ROW: Mapping[str, Callable[[Session, str, Doer | None], Condition]] = {
    "partnership": _partnership,
    "case": _case,
    "agency": _agency,
    "owner": _owner,
    "theme": _theme,
    "status": _status,
    "level": _level,
    "source": _source,
    "group": _group,
}


def _colour(value: str) -> Callable[[ActionRead], bool]:
    colour = _one_of("colour", value, list(Colour))
    return lambda read: read.rag.colour == colour


def _from(value: str) -> Callable[[ActionRead], bool]:
    first = filter_date("from", value).first
    return lambda read: read.action.due is not None and read.action.due.last >= first


def _to(value: str) -> Callable[[ActionRead], bool]:
    last = filter_date("to", value).last
    return lambda read: read.action.due is not None and read.action.due.last <= last


def _flag(value: str) -> Callable[[ActionRead], bool]:
    return _FLAGS[_one_of("flag", value, list(_FLAGS))]


_FLAGS: Mapping[str, Callable[[ActionRead], bool]] = {
    "overdue": lambda read: read.overdue_days > 0,
    "on_hold": lambda read: read.hold is not None,
    "no_owner": lambda read: (
        read.is_open and read.action.outside_body is None and (read.owner is None or read.owner.is_gone)
    ),
    "cannot_be_reminded": lambda read: read.is_open and read.owner is not None and not read.owner.can_be_reminded,
    "no_update": lambda read: read.no_update,
    # The rows themselves decide it.
    LOOKS_LIKE: lambda read: True,
}

_BY_READING: Mapping[str, Callable[[str], Callable[[ActionRead], bool]]] = {
    "colour": _colour,
    "from": _from,
    "to": _to,
    "flag": _flag,
}

ACTION_FILTERS = (*_BY_ROW, *_BY_READING)


def _one_of(key: str, value: str, known: list[str]) -> str:
    if value not in known:
        raise FactsWrong(f"There is no {key} {value!r}. There are: {', '.join(known)}.")
    return str(value)
