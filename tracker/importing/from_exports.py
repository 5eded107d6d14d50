"""What an exported plan names that has to be found again here: agencies, themes, and where actions come from."""

from collections.abc import Iterator

from sqlmodel import Session, col, select

from tracker.cases.models import Case
from tracker.cases.queries import may_see_case
from tracker.groups.models import Theme
from tracker.importing.judging import Understood
from tracker.importing.settling import Settled
from tracker.people.models import Agency
from tracker.reviews.models import Recommendation, ReviewCase
from tracker.rows import Values, write
from workflows.action import SourceKind

_OF_A_CASE = (SourceKind.CASE, SourceKind.RECOMMENDATION, SourceKind.FINDING)


def agency_of(session: Session, partnership_id: int, name: str | None) -> tuple[int | None, str | None]:
    """Give an agency of the partnership by its name; one that is not known stays a name."""
    if name is None:
        return None, None
    here = select(Agency.id, Agency.name).where(Agency.partnership_id == partnership_id)
    found = next((number for number, known in session.exec(here) if known.casefold() == name.casefold()), None)
    return (None, name[:200]) if found is None else (found, None)


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
        case_id, recommendation_id = _of_case(session, words, settled) if kind in _OF_A_CASE else (None, None)
        if kind not in _OF_A_CASE:
            found.append({"action_id": action_id, "kind": kind, "words": words[:200]})
        elif case_id is not None:
            kept = SourceKind.RECOMMENDATION if recommendation_id else SourceKind.CASE
            one = {"kind": kept, "case_id": case_id, "recommendation_id": recommendation_id}
            found.append({"action_id": action_id, **one})
    if said.case_id is not None and said.case_id not in {source.get("case_id") for source in found}:
        found.insert(0, {"action_id": action_id, "kind": SourceKind.CASE, "case_id": said.case_id})
    yield from found


def _of_case(session: Session, words: str, settled: Settled) -> tuple[int | None, int | None]:
    """Find a case, or a recommendation of one, among the reviews of the partnerships of the file."""
    reference, _, number = words.partition("/")
    known = {case.reference: case.id for case in settled.cases.values()}
    case_id = known.get(reference)
    if case_id is None:
        here = {case.partnership_id for case in settled.cases.values()}
        may_be = (Case.reference == reference, col(Case.partnership_id).in_(here), may_see_case(settled.by))
        question = select(Case.id).where(*may_be)
        case_id = session.exec(question).first()
    if case_id is None or not number.isdigit():
        return case_id, None
    question = (
        select(Recommendation.id)
        .join(ReviewCase, col(ReviewCase.review_id) == Recommendation.review_id)
        .where(ReviewCase.case_id == case_id, Recommendation.number == int(number))
        .order_by(col(Recommendation.review_id).desc())
    )
    return case_id, session.exec(question).first()
