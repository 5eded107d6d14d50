"""Finds two actions for a page that shows them side by side, with what was decided on them before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from tracker.actions.models import Action
from tracker.actions.pair_models import ActionPair
from tracker.actions.pairs import MOST_COUNTED, PairRead, decides_in, number_of_pairs, waiting_pairs
from tracker.actions.partners import pair_of
from tracker.actions.plan_rows import PlanRow, plan_rows
from tracker.actions.queries import action_by_reference
from tracker.errors import NotFound
from tracker.facts import storable
from tracker.people.doer import Doer
from tracker.people.permissions import require
from tracker.web.pair_words import PairShown
from tracker.web.plan_filters import Asked
from workflows.action import ActionStatus

_ANSWERS = {
    "joined": "They were joined into one.",
    "split": "They were joined, and split again.",
    "linked": "They are linked: both are kept.",
    "not_alike": "They are not alike.",
}


def two_of(session: Session, pair: str, reader: Doer) -> tuple[Action, Action]:
    """Find the actions of `A198-A231`, the older first; raises `NotFound` or `NotAllowed`."""
    one, between, other = pair.partition("-")
    if not between or not storable(pair):
        raise NotFound("There is no such pair of actions.")
    found = [action_by_reference(session, reference, reader) for reference in (one, other)]
    first, second = sorted(found, key=lambda action: action.id)
    if first.id == second.id or first.partnership_id != second.partnership_id:
        raise NotFound("Two different actions of one plan are compared. Give another reference.")
    require(reader, "merge_actions", first.partnership_id)
    return first, second


def shown_pair(session: Session, two: tuple[Action, Action], reader: Doer, now: datetime) -> PairShown:
    """Give two actions as the page shows them side by side."""
    one, other = plan_rows(session, [action.id for action in two], reader, now)
    decided: ActionPair | None = pair_of(session, *two)
    return PairShown(
        one,
        other,
        answer="" if decided is None or decided.answer is None else _ANSWERS[decided.answer],
        reason=None if decided is None else decided.reason,
        can_be_decided=all(action.status != ActionStatus.MERGED for action in two),
    )


def as_pair(found: PairRead, rows: Sequence[PlanRow], after: str = "/actions") -> PairShown:
    """Give a pair among rows that were read together; `after` is the address of the next one."""
    known = {row.reference: row for row in rows}
    return PairShown(known[found.one], known[found.other], after)


@dataclass(frozen=True, slots=True)
class PairAt:
    """The pair that stands above the plan: which of how many it is, where the reader decides on pairs at all."""

    may_join: bool
    found: PairRead | None = None
    place: int = 1
    number: str = "0"

    @property
    def ids(self) -> tuple[int, ...]:
        """Give its two actions."""
        return () if self.found is None else (self.found.one_id, self.found.other_id)

    def shown(self, rows: Sequence[PlanRow], asked: Asked) -> PairShown | None:
        """Give it as the page shows it, with a link to the next one that keeps what the list asks for."""
        if self.found is None:
            return None
        joint = "&" if asked.query else "?"
        return as_pair(self.found, rows, f"{asked.path}{joint}pair={self.place + 1}#pair")


def pair_at(session: Session, reader: Doer, place: str) -> PairAt:
    """Give the pair at a place among those that wait for a reader, from 1; after the last comes the first again."""
    if not decides_in(reader):
        return PairAt(may_join=False)
    number = number_of_pairs(session, reader)
    if not number:
        return PairAt(may_join=True)
    at = int(place) if place.isascii() and place.isdigit() and len(place) < 7 else 1
    at = at if 0 < at <= min(number, MOST_COUNTED) else 1
    [found] = waiting_pairs(session, reader, 1, at - 1)
    return PairAt(True, found, at, f"more than {MOST_COUNTED}" if number > MOST_COUNTED else str(number))
