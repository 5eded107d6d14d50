"""What the page of a reflection shows: each thing that was recommended or done, with what shows where it stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.cases.steps import ask
from tracker.errors import NotAllowed, NotFound
from tracker.showing.at_hand import actions_at_hand
from tracker.showing.case_sharing import REFLECTION_NAMES
from tracker.web.deed_links import REFLECTION_PAGES, reflection_link
from tracker.web.step_forms.form import At
from workflows.arrangement import ReflectsOn
from workflows.checking import EVENT_OF_REFLECTION
from workflows.definition import Definition, Step
from workflows.vocabulary import CaseStatus, Do

Document = Mapping[str, Any]

CLOCKS: Mapping[str, str] = {"6m": "reflection_6m", "12m": "reflection_12m", "update": "update_report"}


@dataclass(frozen=True, slots=True)
class Subject:
    """One recommendation or action that is looked at, the actions that show where it stands, and the answer given."""

    heading: str
    text: str
    actions: Sequence[Document]
    answer: Document | None = None


@dataclass(frozen=True, slots=True)
class State:
    """Where a reflection stands: `held`, `open`, `later` or `never`; its day, when it is due, what it opens after."""

    which: str
    name: str
    path: str
    state: str
    on: str | None
    due: str | None
    is_late: bool
    after: str


def which_of(at: At, name: str) -> str:
    """Give the code of a reflection by its address; raises `NotFound` where the process has none of that name."""
    which = next((code for code, known in REFLECTION_PAGES.items() if known == name), None)
    if which is None or which not in known_to(at.standing.definition, at.case):
        raise NotFound(f"The process of this case has no {name} reflection.")
    return which


def known_to(definition: Definition, case: Document) -> list[str]:
    """Give the reflections that a process has, and those that are recorded although it has none."""
    steps = {step.branch for step in definition.steps if step.do is Do.RECORD_REFLECTION}
    return [which for which, event in EVENT_OF_REFLECTION.items() if which in steps or event.value in case["events"]]


def states_of(at: At) -> list[State]:
    """Give where each reflection of the case stands, in the order in which they are held."""
    return [state_of(at, which) for which in known_to(at.standing.definition, at.case)]


def reflection_waited_for(at: At) -> State:
    """Give the reflection that is open, else the next one, else the last; raises `NotFound` where there is none."""
    states = states_of(at)
    if not states:
        raise NotFound("The process of this case has no reflection.")
    return next((one for wanted in ("open", "later") for one in states if one.state == wanted), states[-1])


def state_of(at: At, which: str) -> State:
    """Give where a reflection of the case stands."""
    case, definition = at.case, at.standing.definition
    held = case["events"].get(EVENT_OF_REFLECTION[which].value)
    clock = next((clock for clock in case["clocks"] if clock["code"] == CLOCKS[which]), None)
    steps = [step for step in definition.steps if step.do is Do.RECORD_REFLECTION and step.branch == which]
    sources = {source for step in steps for source in step.sources}
    if held is not None:
        state = "held"
    elif case["status"] in sources:
        state = "open"
    else:
        state = "later" if _reaches(definition, case["status"], sources) else "never"
    return State(
        which=which,
        name=REFLECTION_NAMES[which],
        path=reflection_link(at.reference, which),
        state=state,
        on=None if held is None else held["date"],
        due=None if clock is None or held is not None else clock["due"],
        is_late=clock is not None and clock["state"] == "late",
        after=_opened_by(definition, sources) if state == "later" else "",
    )


def _reaches(definition: Definition, status: str, wanted: set[str]) -> bool:
    """Say whether a case can still come from a status to one of those wanted."""
    known, coming = {status}, [status]
    while coming:
        here = coming.pop()
        following = {step.to for step in definition.steps if here in step.sources and step.to is not None} - known
        known |= following
        coming += following
    return status != CaseStatus.CLOSED and bool(known & wanted)


def _opened_by(definition: Definition, sources: set[str]) -> str:
    """Name the step after which a reflection opens."""
    before: Iterator[Step] = (step for step in definition.steps if step.to in sources and step.do is not None)
    return next((step.label for step in before), "")


def may_record(at: At, which: str) -> bool:
    """Say whether the reader may record a reflection, as the deed will ask her."""
    try:
        ask(at.standing, Do.RECORD_REFLECTION, at.reader, which)
    except NotAllowed:
        return False
    return True


def subjects_of(at: At, state: State) -> list[Subject]:
    """Give what a reflection looks at, as it will be asked; of one that was held, what it was asked and answered."""
    actions = actions_at_hand(at.session, at.reference, at.reader, at.now)
    given: Sequence[Document] = next(
        (one["answers"] for one in at.case["reflections"] if one["which"] == state.which), []
    )
    answers = {one["of"]: one for one in given}
    if at.standing.definition.reflection_answers == ReflectsOn.ACTIONS:
        by_reference = {row["reference"]: row for row in actions}
        subjects = [_of_action(row, by_reference, answers) for row in at.case["actions"]]
    else:
        subjects = [_of_recommendation(row, actions, answers) for row in at.case["recommendations"]["rows"]]
    return [one for one in subjects if one.answer] if answers else subjects


def _of_action(row: Document, at_hand: Mapping[str, Document], answers: Mapping[str, Document]) -> Subject:
    reference = row["reference"]
    text = row["title"] or row["text"]
    shown = [at_hand[reference]] if reference in at_hand else []
    return Subject(f"Action {reference}", text, shown, answers.get(reference))


def _of_recommendation(row: Document, actions: Sequence[Document], answers: Mapping[str, Document]) -> Subject:
    own = [action for action in actions if action["reference"] in row["actions"]]
    number = str(row["number"])
    return Subject(f"Recommendation {number}", row["text"], own, answers.get(number))
