"""A process at work: which steps are open, why one is refused, and the case moved on when it is not."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from transitions import EventData, Machine

from workflows.definition import NEW, Definition, Step
from workflows.requirements import Requirement, Unmet
from workflows.subject import Subject
from workflows.vocabulary import CaseStatus, Do
from workflows.wording import listed


class StepRefused(Exception):
    """A step that cannot be taken: every unmet requirement at once, and what may be done instead."""

    def __init__(self, sentence: str, code: str, blockers: Sequence[Unmet], open_steps: Sequence[str]) -> None:
        """Take the sentence for the reader, and its parts for a program."""
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
        """Build the machine once; it is shared by all cases and by all threads."""
        self.definition = definition
        self._ways = _ways_from(definition)
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
                # None leaves the case where it stands, without leaving and entering its status.
                step.to,
                conditions=[_condition(requirement) for requirement in step.needs],
            )

    @property
    def triggers(self) -> list[str]:
        """Name everything that can move a case on this machine."""
        return list(self._machine.events)

    def take(self, subject: Subject, do: Do, branch: str = "", also: Iterable[Unmet] = ()) -> Taken:
        """Move the case on by a step; raises `StepRefused` with everything that stands in the way.

        `also`: what the deed itself found missing, so that it is said together with the rest.
        """
        step = self.step_from(subject.state, do, branch)
        if step is None:
            raise self._not_open(subject, do, branch)
        blockers = [*self.unmet(subject, step), *also]
        if blockers:
            raise StepRefused(_sentence(do, blockers), blockers[0].code, blockers, self.open_deeds(subject.state))
        return self._trigger(subject, step)

    def settle(self, subject: Subject) -> list[Taken]:
        """Take the steps that need nobody's deed, as long as one is open and nothing stands in its way."""
        taken: list[Taken] = []
        visited = {subject.state}
        while step := self._next_automatic(subject):
            # A partnership's own file may hold two steps that lead to each other.
            if step.to in visited:
                break
            taken.append(self._trigger(subject, step))
            visited.add(subject.state)
        return taken

    def step_from(self, state: str, do: Do, branch: str = "") -> Step | None:
        """Find the step that a deed takes from a status, if it takes one; that of its outcome before one for any."""
        ways = self._ways.get((state, do), {})
        return ways.get(branch) or ways.get("")

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

    def _not_open(self, subject: Subject, do: Do, branch: str) -> StepRefused:
        deeds = self.open_deeds(subject.state)
        instead = f" What can be done now: {', '.join(deeds)}." if deeds else ""
        others = [_words(outcome) for outcome in self._ways.get((subject.state, do), {})]
        if others:
            label = f"{do.words} as {_words(branch)}" if branch else do.words
            why, instead = f"what the case can have now is {listed(others, 'or')}", ""
        else:
            label = do.words
            why = "it is not opened yet" if subject.state == NEW else f"the case is {CaseStatus(subject.state).words}"
        return StepRefused(f"Cannot {label}: {why}.{instead}", "wrong_status", (), deeds)


def _ways_from(definition: Definition) -> dict[tuple[str, Do], dict[str, Step]]:
    ways: dict[tuple[str, Do], dict[str, Step]] = {}
    for step in definition.steps:
        if step.do is not None:
            for source in step.sources:
                ways.setdefault((source, step.do), {})[step.branch] = step
    return ways


def _words(outcome: str) -> str:
    return outcome.replace("_", " ")


def _condition(requirement: Requirement) -> Callable[[EventData], bool]:
    def met(event: EventData) -> bool:
        return requirement.why_not(cast(Subject, event.model)) is None

    return met


def _sentence(do: Do, blockers: Sequence[Unmet]) -> str:
    return f"Cannot {do.words}: " + " ".join(blocker.sentence for blocker in blockers)
