"""The whole plan of a partnership compared with itself: read first, compared, then kept in one short unit of work."""

from collections.abc import Collection, Iterable

from sqlalchemy import Engine, and_, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from tracker.actions.alike import keep_pairs, texts_of_plan
from tracker.actions.likeness import Alike, Watched, look_alikes
from tracker.actions.models import Action
from tracker.actions.pair_models import ActionPair
from tracker.among import among, listed
from tracker.database import reading, unit_of_work
from tracker.errors import Refused
from tracker.rows import Question

# So many are compared while somebody waits for a page.
MOST_AT_ONCE = 5000


def compare_whole_plan(engine: Engine, partnership_id: int, *, most: int | None = None, watched: Watched = iter) -> int:
    """Compare every action of a plan with every other one, keep the pairs, and give how many look alike.

    What was decided stays decided. Raises `Refused` for more actions than are compared at once.
    """
    with reading(engine) as session:
        texts = texts_of_plan(session, partnership_id)
    if most is not None and len(texts) > most:
        raise Refused(
            f"The plan has {len(texts):,} actions: that takes too long for a page. Ask whoever runs the service for "
            "`tracker look-alikes`.",
            code="too_many",
        )
    found = look_alikes(texts, None, watched)
    with unit_of_work(engine) as session:
        return keep_pairs(session, partnership_id, found, None)


def pairs_with_plans(session: Session, new: Collection[str]) -> list[tuple[str, str]]:
    """Compare actions that have just come with the plans they stand in, keep the pairs, and give them by reference."""
    if not new:
        return []
    session.flush()
    plans: dict[int, dict[str, str]] = {}
    for number, reference, partnership_id in _NEW.rows(session, references=listed(new)):
        plans.setdefault(partnership_id, {})[str(number)] = reference
    found: list[Alike] = []
    for partnership_id, come in plans.items():
        alike = look_alikes(texts_of_plan(session, partnership_id), come)
        keep_pairs(session, partnership_id, alike, come)
        found += alike
    ids = listed({int(number) for pair in found for number in (pair.one, pair.other)})
    names = {str(number): reference for number, reference in _NAMES.rows(session, ids=ids)}
    return [(names[pair.one], names[pair.other]) for pair in found]


def pairs_decided(session: Session, references: Iterable[str]) -> set[frozenset[str]]:
    """Give the pairs that somebody has decided on, as far as one of their actions is among these."""
    return {frozenset(pair) for pair in _DECIDED.rows(session, references=listed(references))}


_NEW = Question(
    select(Action.id, Action.reference, Action.partnership_id)
    .where(among(col(Action.reference), "references"))
    .order_by(col(Action.id))
)
_NAMES = Question(select(Action.id, Action.reference).where(among(col(Action.id), "ids")))
_other = aliased(Action)
_DECIDED = Question(
    select(Action.reference, _other.reference)
    .select_from(ActionPair)
    .join(Action, or_(col(Action.id) == ActionPair.one_id, col(Action.id) == ActionPair.other_id))
    .join(
        _other,
        and_(
            or_(col(_other.id) == ActionPair.one_id, col(_other.id) == ActionPair.other_id), col(_other.id) != Action.id
        ),
    )
    .where(among(col(Action.reference), "references"), col(ActionPair.answer).is_not(None))
)
