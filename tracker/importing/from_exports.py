"""What an exported plan names that has to be found again here: agencies, themes, and where actions come from."""

import re
from collections.abc import Iterator

from sqlmodel import Session, col, select

from tracker.cases.models import Case
from tracker.cases.queries import may_see_case
from tracker.groups.models import Group, Theme
from tracker.importing.settling import Settled
from tracker.importing.verdicts import Understood
from tracker.people.models import Agency
from tracker.reviews.models import Finding, Recommendation, ReviewCase
from tracker.rows import write
from tracker.showing.plan_sheet_beside import BETWEEN_PARTS
from tracker.statements import Values
from workflows.action import SourceKind

_REFERENCE = re.compile(r"[A-Z]+-\d{4}-\d+")
_OF_A_CASE = (SourceKind.CASE, SourceKind.RECOMMENDATION, SourceKind.FINDING)


def agency_of(session: Session, partnership_id: int, name: str | None) -> tuple[int | None, str | None]:
    """Give an agency of the partnership by its name; one that is not known stays a name."""
    if name is None:
        return None, None
    here = select(Agency.id, Agency.name).where(Agency.partnership_id == partnership_id)
    found = next((number for number, known in session.exec(here) if known.casefold() == name.casefold()), None)
    return (None, name[:200]) if found is None else (found, None)


def group_of(session: Session, partnership_id: int, name: str | None) -> int | None:
    """Give a group of the partnership by its name; one that is not known is left out."""
    if name is None:
        return None
    here = (Group.partnership_id == partnership_id, Group.name == name)
    return session.exec(select(Group.id).where(*here)).first()


def theme_of_export(session: Session, code: str, partnership_id: int) -> int:
    """Make a theme that is not here yet, for the partnership of the plan."""
    return write(session, Theme(code=code[:60], label=code[:120], partnership_id=partnership_id)).id


def sources_of(session: Session, action_id: int, said: Understood, settled: Settled) -> Iterator[Values]:
    """Give everything that an action comes from; the review of its row at least."""
    assert said.exported is not None, "only a row of an exported plan has such sources"
    found: list[Values] = []
    for kind, words in said.exported.sources:
        if kind not in set(SourceKind) or not words:
            continue
        named, _, more = words.partition(BETWEEN_PARTS)
        may_be = kind in _OF_A_CASE or _REFERENCE.fullmatch(named) is not None
        case_id, numbered = _of_case(session, named, settled) if may_be else (None, {})
        if case_id is not None:
            kept = kind if numbered or kind not in (SourceKind.RECOMMENDATION, SourceKind.FINDING) else SourceKind.CASE
            of_case: Values = {"case_id": case_id, **numbered, "words": more[:200] or None}
            found.append(_NOTHING | {"action_id": action_id, "kind": kept, **of_case})
        elif kind not in _OF_A_CASE:
            found.append(_NOTHING | {"action_id": action_id, "kind": kind, "words": words[:200]})
    if said.case_id is not None and said.case_id not in {source.get("case_id") for source in found}:
        found.insert(0, _NOTHING | {"action_id": action_id, "kind": SourceKind.CASE, "case_id": said.case_id})
    yield from found


_NOTHING: Values = dict.fromkeys(("case_id", "recommendation_id", "finding_id", "words"))


def _of_case(session: Session, words: str, settled: Settled) -> tuple[int | None, Values]:
    """Find a case, and a recommendation or finding of one, among the reviews of the partnerships of the file."""
    reference, _, number = words.partition("/")
    known = {case.reference: case.id for case in settled.cases.values()}
    case_id = known.get(reference)
    if case_id is None:
        here = {case.partnership_id for case in settled.cases.values()}
        may_be = (Case.reference == reference, col(Case.partnership_id).in_(here), may_see_case(settled.by))
        case_id = session.exec(select(Case.id).where(*may_be)).first()
    table = Finding if number.startswith("F") else Recommendation
    number = number.removeprefix("F")
    if case_id is None or not (number.isascii() and number.isdigit() and len(number) < 5):
        return case_id, {}
    question = (
        select(table.id)
        .join(ReviewCase, col(ReviewCase.review_id) == table.review_id)
        .where(ReviewCase.case_id == case_id, table.number == int(number))
        .order_by(col(table.review_id).desc())
    )
    found = session.exec(question).first()
    return case_id, {} if found is None else {"finding_id" if table is Finding else "recommendation_id": found}
