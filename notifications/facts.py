"""What an email may hold: references, titles, dates, counts, status and answer words, agencies, groups and links.

There is no field here for anything else. A pseudonym, the text of an action, what an escalation asks or is answered has
no way into an email.
"""

from dataclasses import dataclass
from datetime import date

from notifications.lines import (
    ActionLine,
    AgreedLine,
    AnsweredLine,
    CaseLine,
    ClockLine,
    Day,
    DecidedLine,
    Due,
    EarlierAnswer,
    EscalationLine,
    EscalationRaised,
    HoldLine,
    OverdueLine,
    RatificationLine,
    ReflectionLine,
    ReturnLine,
    TitledDay,
)

MOST_SHOWN = 8


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
class Morning(MailFacts):
    """Everything routine that one person is asked on one morning, in one email (K13)."""

    answer_by: date | None = None
    actions: tuple[ActionLine, ...] = ()
    new_actions: tuple[ActionLine, ...] = ()
    moved: tuple[TitledDay, ...] = ()
    returns: tuple[ReturnLine, ...] = ()
    reviews: tuple[TitledDay, ...] = ()
    rechecks: tuple[TitledDay, ...] = ()
    statutory: tuple[ClockLine, ...] = ()
    holds: tuple[HoldLine, ...] = ()
    reflections: tuple[ReflectionLine, ...] = ()
    link: str | None = None
    today_link: str | None = None
    emails_link: str | None = None

    @property
    def email(self) -> str | None:
        """Name the email by what presses most, or give `None` when there is nothing to write."""
        pressing = {
            "action_reminder": self.actions,
            "statutory_dates": self.statutory,
            "reflection_due": self.reflections,
            "look_again": self.holds,
            "return_due": self.returns,
            "review_due": self.looked_at_again,
            "new_action": self.new_actions,
            "date_moved": self.moved,
        }
        return next((name for name, lines in pressing.items() if lines), None)

    @property
    def can_be_stopped(self) -> bool:
        """Say whether something of it would not go to whoever wants nothing but what is statutory."""
        of_actions = (self.actions, self.new_actions, self.moved, self.looked_at_again)
        return any((*of_actions, self.returns, self.holds, self.reflections)) or not all(
            line.goes_always for line in self.statutory
        )

    @property
    def looked_at_again(self) -> tuple[TitledDay, ...]:
        """Give the actions whose review date has come: her own, and those that she looks after for others."""
        return (*self.reviews, *self.rechecks)

    @property
    def asked(self) -> tuple[ActionLine, ...]:
        """Give the actions overdue first, then by date; one of which only the month is known after its days (K5)."""
        return tuple(sorted(self.actions, key=lambda line: (line.due is not Due.OVERDUE, _place(line.due_on))))


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationDigest(MailFacts):
    """What the Executive is told before a meeting: what waits for it, what is late, what became of the rest (K9).

    A copy goes to the coordinator, of whom nothing is asked in it.
    """

    meeting_on: date
    respond_by: date | None = None
    last_meeting_on: date | None = None
    replaces_sent_on: date | None = None
    moved_from: date | None = None
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
    papers_pdf_link: str | None = None
    is_copy: bool = False

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
    """What the asking group is told of its escalation: each answer in its word and on its day, in their order.

    Or that it goes on waiting: until the day on which the Executive decides, or because the group is asked something.
    """

    escalation: AnsweredLine
    earlier: tuple[EarlierAnswer, ...] = ()
    decides_on: date | None = None
    is_at_meeting: bool = False
    is_asked_back: bool = False
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingHeld(MailFacts):
    """What a group is sent after its meeting instead of minutes: decisions, answers, escalations and actions."""

    group: str
    held_on: date
    decisions: tuple[DecidedLine, ...] = ()
    answers: tuple[DecidedLine, ...] = ()
    escalations: tuple[EscalationRaised, ...] = ()
    actions: tuple[AgreedLine, ...] = ()
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


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerUnreachable(MailFacts):
    """What an agency's lead is told when no email reaches the owner of actions: which, and never whose they are."""

    actions: tuple[ActionLine, ...]
    link: str | None = None


def _place(day: Day | None) -> str:
    """Give what sorts a day: a tilde stands after every digit and dash, so a month stands after its days."""
    return f"{day or '~'!s:~<10}"
