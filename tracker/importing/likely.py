"""Which actions of a file likely say the same in other words: as others of the file, or of the plans they come into."""

from collections.abc import Sequence

from sqlalchemy import Engine
from sqlmodel import Session, select

from tracker.actions.alike import texts_of_plan
from tracker.actions.comparing import compare_whole_plan, pairs_decided, pairs_with_plans
from tracker.actions.likeness import look_alikes
from tracker.actions.models import Action
from tracker.importing.settling import Settled, Stored

# So many new actions are compared with the whole plan while nobody else can write; of more the pairs come afterwards.
MOST_AT_ONCE = 1000
Pairs = Sequence[tuple[str, str]]


def pairs_to_come(session: Session, settled: Settled, rows: Sequence[Stored]) -> Pairs:
    """Give the pairs that an import would name (K12), and keep none of them."""
    plans: dict[int, dict[str, str]] = {}
    for row in rows:
        said = row.judged.understood
        if row.is_new and row.action is not None and said is not None:
            plans.setdefault(settled.partnership_of(said), {})[row.action] = said.action
    found = []
    for partnership_id, come in plans.items() if _count(rows) <= MOST_AT_ONCE else ():
        alike = look_alikes(texts_of_plan(session, partnership_id) | come, come)
        here = select(Action.id, Action.reference).where(Action.partnership_id == partnership_id)
        names = {str(number): reference for number, reference in session.exec(here)}
        found += [(names.get(pair.one, pair.one), names.get(pair.other, pair.other)) for pair in alike]
    return _undecided(session, settled, rows, found)


def pairs_kept(session: Session, settled: Settled, rows: Sequence[Stored]) -> Pairs:
    """Give the same pairs of actions that are stored now, and keep those with the plan for its coordinator."""
    new = [row.action for row in rows if row.is_new and row.action is not None]
    return _undecided(session, settled, rows, pairs_with_plans(session, new) if len(new) <= MOST_AT_ONCE else [])


def compare_afterwards(engine: Engine, settled: Settled, rows: Sequence[Stored]) -> None:
    """Compare the plans into which very many actions came, once they are stored."""
    if _count(rows) > MOST_AT_ONCE:
        said = [row.judged.understood for row in rows if row.is_new and row.judged.understood is not None]
        for partnership_id in sorted({settled.partnership_of(one) for one in said}):
            compare_whole_plan(engine, partnership_id)


def _count(rows: Sequence[Stored]) -> int:
    return sum(row.is_new for row in rows)


def _undecided(session: Session, settled: Settled, rows: Sequence[Stored], with_plan: Pairs) -> Pairs:
    """Leave out what somebody decided on, and what a declared conflict hides from whoever imports."""
    texts = {
        row.action: row.judged.understood.action
        for row in rows
        if row.action is not None and row.judged.understood is not None
    }
    in_file = [(pair.one, pair.other) for pair in look_alikes(texts)]
    decided = pairs_decided(session, texts)
    pairs = dict.fromkeys((*in_file, *with_plan))
    return [pair for pair in pairs if frozenset(pair) not in decided and settled.hidden.isdisjoint(pair)]
