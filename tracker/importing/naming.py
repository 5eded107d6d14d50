"""The reviews that a sheet may name: by reference, published label and alias, as far as somebody sees them."""

from collections import Counter
from collections.abc import Mapping

from sqlmodel import Session, col, select

from tracker.cases.models import Case, CaseName
from tracker.cases.queries import may_see_case
from tracker.importing.cells import folded
from tracker.people.doer import Doer


def known_reviews(session: Session, reader: Doer, partnership_id: int | None) -> Mapping[str, int]:
    """Give the ids of reviews by every folded name; a name that two of them have is nobody's."""
    conditions = [may_see_case(reader)]
    if partnership_id is not None:
        conditions.append(col(Case.partnership_id) == partnership_id)
    cases = session.exec(select(Case.id, Case.reference, Case.public_label).where(*conditions)).all()
    names = {(folded(name), case_id) for case_id, *written in cases for name in written if name}
    seen = [case_id for case_id, *_ in cases]
    for case_id, name in session.exec(select(CaseName.case_id, CaseName.folded).where(col(CaseName.case_id).in_(seen))):
        names.add((folded(name), case_id))
    count = Counter(name for name, _ in names)
    return {name: case_id for name, case_id in names if count[name] == 1}
