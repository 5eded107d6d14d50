"""What an email may hold: references, titles, dates, counts, status and answer words, agencies, groups and links.

There is no field here for anything else. A pseudonym, the text of an action, what an escalation asks or is answered has
no way into an email. A day is a date, or its text where only the month or year is known (`2020-12`, `2020`).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

Day = date | str
MOST_SHOWN = 8


class Due(StrEnum):
    """How near an action's date is, in the words a reader sees."""

    OVERDUE = "Overdue"
    TODAY = "Due today"
    SOON = "Due soon"
    LATER = "Due"
    NEW = "New"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """Whose email it is and how to reach them: the partnership's name, one line of contact, the address for replies."""

    partnership: str
    contact: str = ""
    reply_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailFacts:
    """What every email has: its letterhead and the reader's own name."""

    letterhead: Letterhead
    to_name: str


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
    """A clock of a case: its name, its date, and its state in words (“2 working days late”)."""

    reference: str
    name: str
    due_on: Day
    state: str


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
class Morning(MailFacts):
    """Everything routine that one person is asked on one morning, in one email (K13)."""

    answer_by: date | None = None
    actions: tuple[ActionLine, ...] = ()
    new_actions: tuple[ActionLine, ...] = ()
    returns: tuple[ReturnLine, ...] = ()
    reviews: tuple[TitledDay, ...] = ()
    statutory: tuple[ClockLine, ...] = ()
    holds: tuple[HoldLine, ...] = ()
    reflections: tuple[ReflectionLine, ...] = ()
    link: str | None = None

    @property
    def email(self) -> str | None:
        """Name the email by what presses most, or give `None` when there is nothing to write."""
        pressing = {
            "action_reminder": self.actions,
            "statutory_dates": self.statutory,
            "reflection_due": self.reflections,
            "look_again": self.holds,
            "return_due": self.returns,
            "review_due": self.reviews,
            "new_action": self.new_actions,
        }
        return next((name for name, lines in pressing.items() if lines), None)

    @property
    def asked(self) -> tuple[ActionLine, ...]:
        """Give the actions overdue first, then by date; one of which only the month is known after its days (K5)."""
        return tuple(sorted(self.actions, key=lambda line: (line.due is not Due.OVERDUE, _place(line.due_on))))


def _place(day: Day | None) -> str:
    """Give what sorts a day: a tilde stands after every digit and dash, so a month stands after its days."""
    return f"{day or '~'!s:~<10}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationLine:
    """An escalation that waits for the Executive."""

    reference: str
    group: str
    days_waiting: int
    title: str | None = None
    carried_over: bool = False
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
class AnsweredLine:
    """An escalation that was answered: the answer's word, and when the group was told."""

    reference: str
    answer: str
    answered_on: date
    group: str
    title: str | None = None
    told_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationDigest(MailFacts):
    """What the Executive is told before a meeting: what waits for it, what is late, what became of the rest (K9)."""

    meeting_on: date
    respond_by: date | None = None
    last_meeting_on: date | None = None
    replaces_sent_on: date | None = None
    waiting: tuple[EscalationLine, ...] = ()
    for_decision: tuple[CaseLine, ...] = ()
    ratifications: tuple[RatificationLine, ...] = ()
    resolutions: tuple[CaseLine, ...] = ()
    on_hold: tuple[HoldLine, ...] = ()
    overdue_actions: tuple[OverdueLine, ...] = ()
    review_dates_passed: tuple[TitledDay, ...] = ()
    reviews_overdue: tuple[ClockLine, ...] = ()
    statutory: tuple[ClockLine, ...] = ()
    answered: tuple[AnsweredLine, ...] = ()
    withdrawn: tuple[TitledDay, ...] = ()
    papers_link: str | None = None

    @property
    def nothing_open(self) -> bool:
        """Say whether nothing at all is open; what was answered or withdrawn is not."""
        return not any(
            (
                self.waiting,
                self.for_decision,
                self.ratifications,
                self.resolutions,
                self.on_hold,
                self.overdue_actions,
                self.review_dates_passed,
                self.reviews_overdue,
                self.statutory,
            )
        )

    @property
    def carried_over(self) -> int:
        """Count the escalations that the last meeting had already."""
        return sum(line.carried_over for line in self.waiting)


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationAnswered(MailFacts):
    """What the asking group is told: that its escalation is answered, in which word, and when."""

    escalation: AnsweredLine
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutCase(MailFacts):
    """An email that names a case and nothing of it: a decision recorded, independence asked for."""

    reference: str
    answer_by: date | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutAction(MailFacts):
    """An email about one action: an update received or queried, or help needed from the agency."""

    reference: str
    title: str | None = None
    due_on: Day | None = None
    unanswered: int = 0
    link: str | None = None
