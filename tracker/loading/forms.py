"""The two forms of files that can be loaded; what a form does not name is kept with the case or passed over."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from tracker.facts import Code, Name, Words
from workflows.action import ActionStatus, Level
from workflows.dates import PartialDate
from workflows.vocabulary import Method

Id = Annotated[
    str, StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=40)
]
# What a column of whole numbers holds on both databases.
LARGEST = 2_000_000_000
Count = Annotated[int, Field(ge=0, le=LARGEST)]


def _known_method(code: str) -> str:
    if code not in set(Method):
        raise ValueError(f"There is no method {code!r}. There are: {', '.join(Method)}.")
    return code


class _Form(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)


class GroupForm(_Form):
    """A group of a partnership."""

    id: Id
    name: Name
    kind: Annotated[Code, StringConstraints(max_length=30)] = "group"
    rhythm: dict[str, Any] | None = None  # the words of the file are kept, whatever they are
    escalates_to: Id | None = None
    holds: list[str] = []


class VersionForm(_Form):
    """One version of a partnership's arrangements, of which the groups are taken; the process is a definition file."""

    label: Code
    from_: PartialDate | None = Field(default=None, alias="from")
    groups: list[GroupForm] = []


class PartnershipForm(_Form):
    """A partnership; its groups stand in versions, or directly where there is but one."""

    id: Id
    name: Name
    area: list[Name] = []
    safeguarding_partners: list[Name] | None = None
    agencies: list[Name] = []
    groups: list[GroupForm] = []
    versions: list[VersionForm] = []


class PartnershipsFile(_Form):
    """The form of `partnerships.json`."""

    partnerships: list[PartnershipForm]


class ThemeForm(_Form):
    """A theme."""

    code: Code
    label: Annotated[Name, StringConstraints(max_length=120)]


class DateForm(_Form):
    """A day on which something happened, as precisely as it is known."""

    event: Code
    date: PartialDate | None = None


class StageForm(_Form):
    """How far a case has come in one stage."""

    stage: Code
    state: Code
    date: PartialDate | None = None
    by: str | None = None


class DecisionForm(_Form):
    """What was decided, by whom, and who agreed."""

    decided_by: Name | None = None
    ratified_by: Name | None = None
    outcome: Code
    panel_response: Code | None = None
    reason: Words | None = None


class MethodForm(_Form):
    """A method of the review."""

    code: Annotated[str, AfterValidator(_known_method)]
    note: str | None = None


class AuthorForm(_Form):
    """Who led the review, by role."""

    role: Name
    position: Code | None = None
    independence: str | None = None


class CountsForm(_Form):
    """Numbers that the report states."""

    findings_stated: Count | None = None
    recommendations_stated: Count | None = None


class LearningForm(_Form):
    """A finding or a recommendation."""

    no: Count
    text: Words
    addressee: Name | None = None
    themes: list[Code] = []


class ActionForm(_Form):
    """An action as a report tells it."""

    id: Code
    text: Words
    owner: Name | None = None
    level: Level = Level.SINGLE_AGENCY
    status: ActionStatus
    responds_to: dict[str, int] | None = None
    date: PartialDate | None = None
    date_event: str | None = None
    themes: list[Code] = []


class CaseForm(_Form):
    """A review or another source of learning."""

    id: Code
    partnership: Code
    reference: Annotated[Name, StringConstraints(max_length=120)]
    aliases: list[Name] = []
    kind: Code
    reporting_year: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}$")] | None = None
    harm: str | None = None
    summary: Words | None = None
    themes: list[Code] = []
    key_dates: list[DateForm] = []
    stages: list[StageForm] = []
    decision: DecisionForm | None = None
    methods: list[MethodForm] = []
    authors: list[AuthorForm] = []
    counts: CountsForm = CountsForm()
    findings: list[LearningForm] = []
    recommendations: list[LearningForm] = []
    actions: list[ActionForm] = []
    impact: list[str] = []
    measures: dict[str, Any] | list[Any] | None = None  # figures under whatever names the report has
    scrutiny_areas: list[str] = []
    agencies: list[Name] = []


class YearForm(_Form):
    """The figures of one year of one partnership, under the names of its report."""

    partnership: Code
    year: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}$")]


class CasesFile(_Form):
    """The form of `cases.json`."""

    themes: list[ThemeForm] = []
    cases: list[CaseForm]
    yearly_statistics: list[YearForm] = []
