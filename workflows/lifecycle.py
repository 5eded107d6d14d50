"""A process at work: which steps are open, why one is refused, and the case moved on when it is not."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from transitions import EventData, Machine

from workflows.definition import NEW, Definition, Step
from workflows.requirements import Requirement, Subject, Unmet
from workflows.vocabulary import CaseStatus, Do


class StepRefused(Exception):
    """A step that cannot be taken: every unmet requirement at once, and what may be done instead."""

    def __init__(self, sentence: str, code: str, blockers: Sequence[Unmet], open_steps: Sequence[str]) -> None:
        super().__init__(sentence)
        self.code = code
        self.blockers = tuple(blockers)
        self.open_steps = tuple(open_steps)


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken, from which status to which."""

    step: Step
    from_status: str
    to_status: str


class Lifecycle:
    """The steps of one definition, on one flat machine that all cases share.

    The machine holds no case: it is asked with a subject, whose `state` it sets. No callback has an effect.
    """

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self._machine = Machine(
            model=None,
            states=[NEW, *(status.value for status in definition.statuses)],
            initial=NEW,
            auto_transitions=False,
            send_event=True,
        )
        for step in definition.steps:
            self._machine.add_transition(
                step.trigger,
                [*step.sources],
                step.to or "=",
                conditions=[_condition(requirement) for requirement in step.needs],
            )

    def take(self, subject: Subject, do: Do, branch: str = "", also: Iterable[Unmet] = ()) -> Taken:
        """Move the case on by a step; raises `StepRefused` with everything that stands in the way.

        `also`: what the deed itself found missing, so that it is said together with the rest.
        """
        step = self.step_from(subject.state, do, branch)
        if step is None:
            raise self._not_open(subject, do)
        blockers = [*self.unmet(subject, step), *also]
        if blockers:
            raise StepRefused(_sentence(do, blockers), blockers[0].code, blockers, self.open_deeds(subject.state))
        return self._trigger(subject, step)

    def settle(self, subject: Subject) -> list[Taken]:
        """Take the steps that need nobody's deed, as long as one is open and nothing stands in its way."""
        taken: list[Taken] = []
        while step := self._next_automatic(subject):
            taken.append(self._trigger(subject, step))
        return taken

    def step_from(self, state: str, do: Do, branch: str = "") -> Step | None:
        """Find the step that a deed takes from a status, if it takes one."""
        for step in self.definition.steps:
            if step.do is do and step.branch in ("", branch) and state in step.sources:
                return step
        return None

    def steps_from(self, state: str) -> list[Step]:
        """Give the steps that deeds may take from a status, in the order of the definition."""
        return [step for step in self.definition.steps if step.do is not None and state in step.sources]

    def open_deeds(self, state: str) -> list[str]:
        """Name the deeds that are steps from a status."""
        return list(dict.fromkeys(step.do.deed for step in self.steps_from(state) if step.do))

    def unmet(self, subject: Subject, step: Step, of_facts: bool = True) -> list[Unmet]:
        """Give every requirement of a step that is not met; without those about the step's own facts if wanted."""
        found = (need.unmet(subject) for need in step.needs if of_facts or not need.of_facts)
        return [unmet for unmet in found if unmet is not None]

    def _next_automatic(self, subject: Subject) -> Step | None:
        for step in self.definition.automatic_from(subject.state):
            if not self.unmet(subject, step):
                return step
        return None

    def _trigger(self, subject: Subject, step: Step) -> Taken:
        before = subject.state
        if not self._machine.events[step.trigger].trigger(subject):
            raise StepRefused(f"Cannot {step.label}.", "refused", (), self.open_deeds(before))
        return Taken(step, before, subject.state)

    def _not_open(self, subject: Subject, do: Do) -> StepRefused:
        deeds = self.open_deeds(subject.state)
        status = CaseStatus(subject.state)
        instead = f" What can be done now: {', '.join(deeds)}." if deeds else ""
        sentence = f"Cannot {_lower(do.label)}: the case is {status.words}.{instead}"
        return StepRefused(sentence, "wrong_status", (), deeds)


def _condition(requirement: Requirement) -> Callable[[EventData], bool]:
    def met(event: EventData) -> bool:
        return requirement.why_not(event.model) is None

    return met


def _lower(label: str) -> str:
    return label[0].lower() + label[1:]


def _sentence(do: Do, blockers: Sequence[Unmet]) -> str:
    return f"Cannot {_lower(do.label)}: " + " ".join(blocker.sentence for blocker in blockers)
