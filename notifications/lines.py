"""The lines of which an email is made: what it may say of one action, escalation, clock or case.

A day is a date, or its text where only the month or year is known (`2020-12`, `2020`).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

Day = date | str


class Due(StrEnum):
    """How near an action's date is, in the words a reader sees."""

    OVERDUE = "Overdue"
    TODAY = "Due today"
    SOON = "Due soon"
    LATER = "Due"
    NEW = "New"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionLine:
    """One action of the reader that is asked about."""

    reference: str
    due: Due
    due_on: Day | None
    title: str | None = None
    last_update_on: date | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnLine:
    """An agency's return that is asked for."""

    reference: str
    agency: str
    due_on: date
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TitledDay:
    """An action or escalation, by reference and title, with one day: reviewed by, withdrawn on."""

    reference: str
    day: Day
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockLine:
    """A clock of a case: its name, its date, its state (“2 working days late”), and whether it is statutory.

    `goes_always`: it is law itself, and goes also to whoever wants nothing but that.
    """

    reference: str
    name: str
    due_on: Day
    state: str
    statutory: bool = True
    goes_always: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLine:
    """A case or action on hold: since when, and when to look at it again."""

    reference: str
    since: date
    look_again_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReflectionLine:
    """A reflection that is due: its case and which one (“Six-month reflection”)."""

    reference: str
    which: str
    due_on: Day


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationLine:
    """An escalation that waits for the Executive: also one that it put off, or about which it asked the group back."""

    reference: str
    group: str
    days_waiting: int
    title: str | None = None
    carried_over: bool = False
    deferred_to: date | None = None
    asked_back_on: date | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """A case that waits for the Executive, and since when."""

    reference: str
    since: Day
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RatificationLine:
    """A decision that partners still ratify: how many have answered, of how many."""

    reference: str
    answered: int
    partners: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueLine:
    """An action past its date."""

    reference: str
    due_on: Day
    days_overdue: int
    title: str | None = None
    agency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierAnswer:
    """An answer to which another was added since: its word, and its day."""

    answer: str
    answered_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedLine:
    """What a meeting decided on a case, or answered an escalation, in a word."""

    reference: str
    outcome: str
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationRaised:
    """An escalation that a meeting raised, and of whom it asks."""

    reference: str
    asked_of: str
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedLine:
    """An action that a meeting agreed."""

    reference: str
    title: str | None = None
    agency: str | None = None
    due_on: Day | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredLine:
    """An escalation that was answered: the answer's word, and when the group was told."""

    reference: str
    answer: str
    answered_on: date
    group: str
    title: str | None = None
    told_on: date | None = None
