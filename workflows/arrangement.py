"""The parts of a definition: how one partnership arranges the words of the process, in one version."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from workflows.deadlines import Direction, Length
from workflows.requirements import Requirement
from workflows.vocabulary import ClockKind, Do, Event, Independence, Outcome

NEW = "new"
COORDINATOR = "coordinator"


class Basis(StrEnum):
    """Where a part of a definition comes from; the value is the code."""

    SEED = "seed"
    CARRIED_OVER = "carried_over"
    STATUTE = "statute"
    INFERRED = "inferred"

    @property
    def words(self) -> str:
        """Give the words a reader sees."""
        return {
            "seed": "stated by the partnership",
            "carried_over": "carried over from the version before",
            "statute": "Working Together",
            "inferred": "inferred, to be confirmed",
        }[self.value]


class PlanModel(StrEnum):
    """How the actions of reviews are kept together."""

    ONE_COMBINED_PLAN = "one_combined_plan"
    PLAN_FOR_EACH_REVIEW = "plan_for_each_review"
    TWO_TRACKERS_FOR_EACH_REVIEW = "two_trackers_for_each_review"


class PlanView(StrEnum):
    """How a plan may be read."""

    BY_REVIEW = "by_review"
    BY_THEME = "by_theme"
    BY_LEVEL = "by_level"


class ReflectsOn(StrEnum):
    """What a reflection gives an answer for."""

    RECOMMENDATIONS = "recommendations"
    ACTIONS = "actions"


class Anchor(StrEnum):
    """What a rhythm of the partnership is reckoned from."""

    PREVIOUS_MEETING = "previous_meeting"
    PREVIOUS_REPORT = "previous_report"
    PREVIOUS_ISSUE = "previous_issue"
    LAST_YEARLY_REPORT = "last_yearly_report"
    DELIVERY_GROUP_MEETING = "delivery_group_meeting"
    SIGNED = "signed"
    RECOMMENDATION = "recommendation"
    YEAR = "year"
    YEAR_START = "year_start"
    YEAR_END = "year_end"


@dataclass(frozen=True, slots=True)
class Status:
    """A status that a definition uses, and the stage it counts as."""

    value: str
    stage: int
    line: int = field(default=1, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Step:
    """A transition: the deed that takes it (none: the case moves on by itself), whose it is, and what it needs.

    `to` is None for a record, which leaves the case where it stands. `branch` tells the outcomes of one deed apart.
    `stops` names the clocks that no longer count on this way.
    """

    do: Do | None
    branch: str
    sources: tuple[str, ...]
    to: str | None
    by: tuple[str, ...]
    needs: tuple[Requirement, ...]
    creates: tuple[str, ...]
    label: str
    basis: str
    stops: tuple[str, ...] = ()
    line: int = field(default=1, compare=False, repr=False)

    @property
    def trigger(self) -> str:
        """Give the step's name on the machine."""
        if self.do is None:
            return f"by_itself:{self.sources[0]}:{self.to}"
        return f"{self.do.value}:{self.branch}" if self.branch else self.do.value


@dataclass(frozen=True, slots=True)
class ClockRule:
    """A clock that a definition runs: from which event, how long, and which event ends it."""

    code: str
    name: str
    kind: ClockKind
    start: Event
    length: Length
    direction: Direction
    met_by: Event | None
    only_for: Outcome | None
    basis: str
    line: int = field(default=1, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What comes round for the partnership itself and belongs to no case: so long after its anchor, or in a month."""

    code: str
    name: str
    anchor: Anchor
    length: Length | None
    month: str | None
    basis: str


@dataclass(frozen=True, slots=True)
class Body:
    """A body that takes steps: a group of the partnership, everybody with a role, or both."""

    code: str
    name: str
    role: str | None


@dataclass(frozen=True, slots=True)
class Definition:
    """How one partnership takes a case through, in one version; the text it was read from goes with it."""

    name: str
    partnership: str
    label: str
    title: str
    in_force_from: str
    in_force_until: str | None
    source: str
    bodies: Mapping[str, Body]
    recommended_by: str
    decided_by: str
    ratified_by_partners: bool
    methods_at_least: int
    independence: Independence
    reflection_answers: str
    review_kinds: tuple[str, ...]
    grades: tuple[str, ...]
    plan_model: PlanModel
    plan_held_by: str
    plan_oversight: tuple[str, ...]
    plan_views: tuple[str, ...]
    escalation_path: tuple[str, ...]
    escalation_tracker: bool
    statuses: tuple[Status, ...]
    steps: tuple[Step, ...]
    clocks: tuple[ClockRule, ...]
    rhythms: tuple[Rhythm, ...]
    settings: Mapping[str, object]
    prefix: str
    text: str = field(repr=False)

    @property
    def sha256(self) -> str:
        """Give the fingerprint of the text, by which two versions are told apart."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def stage_of(self, status: str) -> int:
        """Give the stage, 1 to 9, that a status counts as."""
        return next(known.stage for known in self.statuses if known.value == status)

    def automatic_from(self, state: str) -> Iterator[Step]:
        """Give the steps that a case takes by itself from a status."""
        return (step for step in self.steps if step.do is None and state in step.sources)

    def body_named(self, code: str) -> Body:
        """Give a body by its code; a role counts as the body of everybody who has it."""
        return self.bodies.get(code, Body(code, code.replace("_", " "), code))
