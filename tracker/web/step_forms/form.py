"""What the form of a step is made of: its words, its fields, the parts that repeat, and for which case it is shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlmodel import Session

from tracker.clock import london_day
from tracker.groups.queries import partnership_with_id, safeguarding_partners
from tracker.groups.themes import vocabulary
from tracker.people.doer import Doer
from tracker.people.roles import Role
from tracker.showing.show import show
from tracker.standing import WholeStanding
from tracker.web.fields import Choice, Field
from tracker.web.forms import Form

Document = dict[str, Any]
Blocks = Sequence[tuple[Mapping[str, Field], Mapping[str, str | list[str]]]]


@dataclass
class At:
    """A case for which a form is shown, as its reader sees it; what forms offer to choose from is asked when needed."""

    session: Session
    standing: WholeStanding
    case: Document
    reader: Doer
    now: datetime

    @property
    def reference(self) -> str:
        """Give the reference under which the case is kept, whatever name was asked for."""
        return str(self.case["reference"])

    @property
    def today(self) -> date:
        """Give the day in London."""
        return london_day(self.now)

    @property
    def coordinates(self) -> bool:
        """Say whether the reader coordinates the case's partnership."""
        return self.reader.has(Role.COORDINATOR, self.standing.case.partnership_id)

    @cached_property
    def agencies(self) -> list[Choice]:
        """Give the agencies of the partnership."""
        code = partnership_with_id(self.session, self.standing.case.partnership_id).code
        document = show(self.session, "partnership", code, None, self.now)
        return [Choice(agency["name"], agency["name"]) for agency in document["agencies"]]

    @cached_property
    def partners(self) -> list[str]:
        """Name the safeguarding partners."""
        return safeguarding_partners(self.session, self.standing.case.partnership_id)

    @cached_property
    def themes(self) -> list[Choice]:
        """Give the themes that the partnership uses, by their names."""
        in_use = vocabulary(self.session).in_use([self.standing.case.partnership_id])
        return [Choice(code, label) for code, label in in_use.items()]

    def steps(self, deed: str) -> list[Document]:
        """Give the steps that a deed may take from where the case stands, one for each outcome."""
        return [step for step in self.case["steps"] if step["deed"] == deed]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part of a form that is filled in several times: for each finding, or once for each thing that is given.

    `name` is the fact; `add` the button that gives one more, where there may be more; `titles` head the parts that are
    given, and `keys` name them in the fields, so that each answer stays with what it was given for. `as_fact` puts
    together what was filled in, part by part; `homes` says beside which of all the parts a refusal with a code belongs.
    """

    name: str
    legend: str
    one: str
    fields: Sequence[Field]
    hint: str = ""
    add: str = ""
    at_first: int = 1
    titles: Sequence[tuple[str, str]] = ()
    keys: Sequence[str] = ()
    as_fact: Callable[[Form, Blocks], Any] | None = None  # whatever the facts model takes
    homes: Callable[[Blocks], Mapping[str, Field]] | None = None


def _no_repeats(_at: At) -> list[Repeat]:
    return []


def _nothing(_at: At) -> dict[str, Any]:
    return {}


def _nothing_more(_form: Form, _at: At) -> dict[str, Any]:
    return {}


def _always(_at: At) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class StepForm:
    """The form of one deed about a case. `past` says the deed as done: `recorded the notification`.

    `warning`: what stands on the page that is shown before an act which cannot be undone; empty: there is none.
    `beside`: fields that are no facts themselves; `more` makes facts of them. `why_not` says why there is nothing to
    do. `may_override`: the answers of the form itself may clear what stands in the way.
    """

    deed: str
    heading: str
    button: str
    past: str
    fields: Callable[[At], list[Field]]
    intro: str = ""
    repeats: Callable[[At], list[Repeat]] = _no_repeats
    known: Callable[[At], dict[str, Any]] = _nothing
    more: Callable[[Form, At], dict[str, Any]] = _nothing_more
    beside: frozenset[str] = frozenset()
    why_not: Callable[[At], str | None] = _always
    warning: str = ""
    may_override: bool = False

    @property
    def path(self) -> str:
        """Give the deed as it stands in addresses."""
        return self.deed.replace("_", "-")
