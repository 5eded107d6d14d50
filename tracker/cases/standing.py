"""A case at the moment of a deed: its row, its process, and everything the process may ask about it."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any

from sqlmodel import Session

from tracker.cases import recorded
from tracker.cases.decision_models import Decision, MethodWork, PanelRecommendation, Ratification, Resolution
from tracker.cases.models import Case, Clock, Hold
from tracker.groups.definitions_kept import lifecycle_kept
from tracker.groups.queries import safeguarding_partners, working_days_of
from workflows.dates import PartialDate
from workflows.deadlines import Direction, Length, Unit, deadline, earliest_day
from workflows.definition import Definition
from workflows.lifecycle import Lifecycle
from workflows.vocabulary import AUDIT_METHODS, Event, Outcome
from workflows.working_days import WorkingDays


class Standing(ABC):
    """What is known of a case; asked only when something needs it, and then once.

    What belongs to later stages (leads, findings, actions) is answered above them all, by the class built there.
    A deed says with `propose` which facts come with its step.
    """

    def __init__(self, session: Session, case: Case) -> None:
        self.session = session
        self.case = case
        self.proposed: dict[str, Any] = {}  # facts of the step at hand, of whatever kind the step takes

    @property
    def state(self) -> str:
        """Give the status of the case; the machine sets it."""
        return self.case.status

    @state.setter
    def state(self, status: str) -> None:
        self.case.status = status

    def propose(self, **facts: Any) -> None:
        """Say which facts come with the step at hand; what was recorded before stands behind them."""
        self.proposed.update(facts)

    @cached_property
    def lifecycle(self) -> Lifecycle:
        """Give the process that the case keeps."""
        return lifecycle_kept(self.session, self.case.definition_id)

    @property
    def definition(self) -> Definition:
        """Give the definition that the case keeps."""
        return self.lifecycle.definition

    @cached_property
    def calendar(self) -> WorkingDays:
        """Give the working days of the partnership."""
        return working_days_of(self.session, self.case.partnership_id)

    @cached_property
    def events(self) -> dict[str, PartialDate]:
        """Give the days recorded for the case, by the name of the event."""
        return recorded.days_of(self.session, self.case.id)

    def day_of(self, event: Event) -> PartialDate | None:
        """Give the day of an event, if it is recorded."""
        return self.events.get(event)

    @property
    def notified(self) -> bool:
        """Say whether the day of the notification is recorded."""
        return Event.NOTIFICATION in self.events or self.proposed.get("notified_on") is not None

    @cached_property
    def _returns(self) -> list[tuple[str, PartialDate | None]]:
        return recorded.returns_of(self.session, self.case.id)

    @property
    def returns_asked(self) -> bool:
        """Say whether any agency was asked for a return."""
        return bool(self._returns)

    @property
    def returns_outstanding(self) -> Sequence[str]:
        """Name the agencies that were asked and have not answered."""
        return [name for name, returned_on in self._returns if returned_on is None]

    @cached_property
    def recommendation(self) -> PanelRecommendation | None:
        """Give the newest recommendation of the body that looked first."""
        return recorded.newest_recommendation(self.session, self.case.id)

    @property
    def immediate_learning(self) -> str | None:
        """Give the immediate learning at hand, or that of the newest recommendation."""
        if "immediate_learning" in self.proposed:
            at_hand: str | None = self.proposed["immediate_learning"]
            return at_hand
        return self.recommendation.immediate_learning if self.recommendation else None

    @cached_property
    def decision(self) -> Decision | None:
        """Give the newest decision."""
        return recorded.newest_decision(self.session, self.case.id)

    @cached_property
    def resolution(self) -> Resolution | None:
        """Give the newest resolution of a difference about the decision."""
        return None if self.decision is None else recorded.newest_resolution(self.session, self.decision.id)

    @property
    def outcome(self) -> Outcome | None:
        """Give what was decided; a resolution that names another outcome replaces it."""
        if self.resolution is not None and self.resolution.outcome in (Outcome.REVIEW, Outcome.NO_REVIEW):
            return Outcome(self.resolution.outcome)
        return Outcome(self.decision.outcome) if self.decision else None

    @property
    def reason(self) -> str | None:
        """Give the reason of the step at hand."""
        return self.proposed.get("reason")

    @property
    def proposed_methods(self) -> int:
        """Say how many methods the decision at hand chooses."""
        return len(set(self.proposed.get("methods", ())))

    @property
    def methods_at_least(self) -> int:
        """Say how many methods the definition asks for."""
        return self.definition.methods_at_least

    @property
    def only_audits(self) -> bool:
        """Say whether the decision chose audits and nothing else: an assurance exercise."""
        return bool(self.methods) and set(self.methods) <= AUDIT_METHODS

    @cached_property
    def _ratifications(self) -> list[Ratification]:
        return [] if self.decision is None else recorded.ratifications_of(self.session, self.decision.id)

    @property
    def answers(self) -> dict[str, Ratification]:
        """Give the newest answer of each partner to the newest decision."""
        return {answer.partner: answer for answer in self._ratifications}

    @property
    def partners_to_answer(self) -> Sequence[str]:
        """Name the partners whose ratification is open."""
        partners = safeguarding_partners(self.session, self.case.partnership_id)
        return [partner for partner in partners if partner not in self.answers]

    @property
    def objections(self) -> Sequence[str]:
        """Name the partners that said no and with whom it is not settled."""
        return [partner for partner, given in self.answers.items() if given.answer == "no" and not given.resolved]

    @property
    def graded(self) -> bool:
        """Say whether an evaluation is recorded."""
        return Event.EVALUATION in self.events

    @property
    def report_agreed(self) -> bool:
        """Say whether the report is agreed."""
        return Event.REPORT_AGREED in self.events

    @property
    def sent_early_enough(self) -> bool:
        """Say whether the full report went out long enough before publication, or why not was said."""
        if (self.proposed.get("override_reason") or "").strip() or self._lead_time is None:
            return True
        sent = self.day_of(Event.SENT_BEFORE_PUBLICATION)
        if sent is None:
            return False
        day: PartialDate | None = self.proposed.get("published_on") or self.day_of(Event.PUBLICATION_PLANNED)
        if day is None:
            return True
        return not deadline(day, self._lead_time, Direction.BEFORE, self.calendar).certainly_before(sent)

    @property
    def publication_possible_from(self) -> date | None:
        """Give the first day on which publication would do, given when the report was sent."""
        sent = self.day_of(Event.SENT_BEFORE_PUBLICATION)
        if sent is None or self._lead_time is None:
            return None
        return earliest_day(sent.last, self._lead_time, self.calendar)

    @cached_property
    def _lead_time(self) -> Length | None:
        for clock in self.case_clocks():
            if clock.code == "send_before_publication":
                return Length(clock.amount, Unit(clock.unit))
        rules = (rule for rule in self.definition.clocks if rule.code == "send_before_publication")
        return next((rule.length for rule in rules), None)

    def case_clocks(self) -> list[Clock]:
        """Give the clocks of the case, oldest first."""
        if "_clocks" not in self.__dict__:
            self.__dict__["_clocks"] = recorded.clocks_of_case(self.session, self.case.id)
        clocks: list[Clock] = self.__dict__["_clocks"]
        return clocks

    @cached_property
    def hold(self) -> Hold | None:
        """Give the hold that stands, if one does."""
        return recorded.standing_hold(self.session, self.case.id)

    @cached_property
    def method_works(self) -> list[MethodWork]:
        """Give the methods that the newest decision chose, as work items."""
        decision_id = None if self.decision is None else self.decision.id
        return recorded.methods_of(self.session, self.case.id, decision_id)

    @property
    def methods(self) -> Sequence[str]:
        """Give the codes of the methods that the newest decision chose."""
        return [work.code for work in self.method_works]

    @property
    @abstractmethod
    def methods_without_lead(self) -> Sequence[str]:
        """Name the methods that need a named lead and have none."""

    @property
    @abstractmethod
    def leads_not_confirmed(self) -> Sequence[str]:
        """Name the leads whose independence is not known."""

    @property
    @abstractmethod
    def findings(self) -> int:
        """Count the findings recorded, with the report at hand."""

    @property
    @abstractmethod
    def recommendations(self) -> int:
        """Count the recommendations recorded, with the report at hand."""

    @property
    @abstractmethod
    def unanswered(self) -> Sequence[str]:
        """Name what the reflection at hand gives no answer to."""

    @property
    @abstractmethod
    def open_actions(self) -> Sequence[str]:
        """Name the actions of the case that are neither complete nor ended."""

    @property
    @abstractmethod
    def actions(self) -> int:
        """Count the actions of the case."""

    @property
    def intended_actions(self) -> bool:
        """Say whether an action or the immediate learning of the case is recorded."""
        return bool(self.immediate_learning) or self.actions > 0

    def forget(self) -> None:
        """Forget what was asked before, after something was written; what is kept up as it is written stays."""
        kept = {"session", "case", "proposed", "lifecycle", "calendar", "events", "_clocks"}
        for name in set(self.__dict__) - kept:
            del self.__dict__[name]
