"""What the process asks of a case: where it stands, what is recorded of it, and what comes with the step at hand."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from workflows.dates import PartialDate
from workflows.vocabulary import Event, Outcome


class Subject(Protocol):
    """A case as the process sees it: where it stands and what is known, and the facts of the step that is asked for."""

    state: str

    @property
    def notified(self) -> bool:
        """Say whether the day of the notification is recorded."""

    @property
    def returns_outstanding(self) -> Sequence[str]:
        """Give the agencies that were asked and have not answered."""

    @property
    def returns_asked(self) -> bool:
        """Say whether any agency was asked for a return."""

    @property
    def immediate_learning(self) -> str | None:
        """Give the immediate learning of the recommendation at hand, or `none` where there is none."""

    @property
    def intended_actions(self) -> bool:
        """Say whether an action or the immediate learning of this case is recorded."""

    @property
    def outcome(self) -> Outcome | None:
        """Give what the newest decision says, after any resolution."""

    @property
    def methods(self) -> Sequence[str]:
        """Give the methods that the newest decision chose."""

    @property
    def only_audits(self) -> bool:
        """Say whether the decision asks for assurance only: no method but audits, and at least one."""

    @property
    def proposed_methods(self) -> int:
        """Say how many methods the decision at hand chooses."""

    @property
    def methods_at_least(self) -> int:
        """Say how many the definition asks for."""

    @property
    def reason(self) -> str | None:
        """Give the reason given with the step at hand."""

    @property
    def partners_to_answer(self) -> Sequence[str]:
        """Give the partners whose ratification is open."""

    @property
    def objections(self) -> Sequence[str]:
        """Give the partners that said no and with whom it is not settled."""

    @property
    def methods_without_lead(self) -> Sequence[str]:
        """Give the methods that need a named lead and have none."""

    @property
    def leads_not_confirmed(self) -> Sequence[str]:
        """Give the leads whose independence is not known."""

    @property
    def findings(self) -> int:
        """Say how many findings are recorded, with the report at hand."""

    @property
    def recommendations(self) -> int:
        """Say how many recommendations are recorded, with the report at hand."""

    @property
    def report_agreed(self) -> bool:
        """Say whether the report is agreed."""

    @property
    def sent_early_enough(self) -> bool:
        """Say whether the full report went out long enough before the publication, or why not was said."""

    @property
    def publication_possible_from(self) -> date | None:
        """Give the first day on which publication would do, given when the report was sent."""

    @property
    def unanswered(self) -> Sequence[str]:
        """Give the recommendations (or actions) to which the reflection at hand gives no answer."""

    @property
    def open_actions(self) -> Sequence[str]:
        """Give the references of the case's actions that are neither complete nor ended."""

    @property
    def actions(self) -> int:
        """Say how many actions the case has."""

    @property
    def graded(self) -> bool:
        """Say whether an evaluation is recorded."""

    def day_of(self, event: Event) -> PartialDate | None:
        """Give the day of an event, if it is recorded."""
