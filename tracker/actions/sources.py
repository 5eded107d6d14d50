"""Where an action comes from: cases, their recommendations, or what lies outside every case."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from sqlmodel import Session, col, select

from tracker.actions.models import Action, ActionSource
from tracker.cases.models import Case
from tracker.cases.queries import case_by_reference
from tracker.errors import NotFound, Refused
from tracker.facts import Name
from tracker.groups.models import Group
from tracker.groups.queries import meeting_by_reference
from tracker.people.doer import Doer
from tracker.reviews.models import Finding, Recommendation, ReviewCase
from tracker.rows import write
from workflows.action import REVIEW_SOURCES, SourceKind
from workflows.dates import uk_date

_NUMBER = re.compile(r"([fF]?)([0-9]{1,4})")
_ALSO: Mapping[str, SourceKind] = {
    "review": SourceKind.CASE,
    "intelligence_requirement": SourceKind.THREAT_ASSESSMENT,
    "outside_review": SourceKind.EXTERNAL_REVIEW,
    "cdop": SourceKind.CHILD_DEATH_OVERVIEW,
}


def _kind_said(given: object) -> object:
    """Read a kind as somebody says it: `Threat assessment`, `self-assessment`, `review`."""
    if not isinstance(given, str):
        return given
    code = re.sub(r"[ -]+", "_", given.strip().casefold())
    return _ALSO.get(code, code)


class OtherSource(BaseModel):
    """A source said in full: an audit, an inspection, a priority and the like in words; a review by its case.

    A review's recommendation or finding is named by its number, as `show action` prints it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Annotated[SourceKind, BeforeValidator(_kind_said)]
    words: Name | None = None
    case: Name | None = None
    recommendation: Annotated[int, Field(ge=1, le=9999)] | None = None
    finding: Annotated[int, Field(ge=1, le=9999)] | None = None

    @model_validator(mode="after")
    def _says_which(self) -> Self:
        """Refuse a source that does not say which one it is."""
        numbers = {SourceKind.RECOMMENDATION: self.recommendation, SourceKind.FINDING: self.finding}
        if self.kind in numbers and numbers[self.kind] is None:
            raise ValueError(f"Give the number of the {self.kind.words}, as `{self.kind.value}`.")
        if self.kind is SourceKind.CASE and self.case is None:
            raise ValueError("Name the review by the reference of its case, as `case`.")
        if self.kind not in REVIEW_SOURCES and self.words is None and self.case is None:
            raise ValueError(f"Say which {self.kind.words} it is, as `words`.")
        return self


def read_sources(
    session: Session, given: Sequence[Name | OtherSource], case: Case | None, by: Doer | None
) -> list[ActionSource]:
    """Find what the given sources name: `TH-2020-001`, its recommendation `TH-2020-001/3`, or finding `TH-2020-001/F2`.

    The number alone, `3` or `F2`, is one of the case at hand.

    The case at hand is a source itself, unless one of its recommendations is named. Raises `NotFound` or `Refused`.
    """
    sources = [_read(session, source, case, by) for source in given]
    if case is not None and case.id not in {source.case_id for source in sources}:
        sources.insert(0, ActionSource(action_id=0, kind=SourceKind.CASE, case_id=case.id))
    unlike = {_sameness(one): one for one in sources}
    return list(unlike.values())


def of_meeting(reference: str) -> str:
    """Give how the words of a source begin that names a meeting."""
    return f"{reference}: "


def from_meeting(session: Session, reference: str, partnership_id: int) -> ActionSource:
    """Find the meeting of a partnership at which an action was agreed, as its source; raises `NotFound`."""
    meeting = meeting_by_reference(session, reference)
    group = session.get_one(Group, meeting.group_id)
    if group.partnership_id != partnership_id:
        raise NotFound(f"There is no meeting {reference!r}.")
    if meeting.status == "cancelled":
        raise Refused(f"{meeting.reference} is cancelled: nothing was agreed there.", code="bad_meeting")
    words = f"{of_meeting(meeting.reference)}{group.name}, {uk_date(meeting.on)}"
    return ActionSource(action_id=0, kind=SourceKind.MEETING, words=words[:200])


def write_sources(session: Session, action: Action, sources: Sequence[ActionSource]) -> None:
    """Write the sources of an action that is new to them; one that it has already is not written twice."""
    rows = session.exec(select(ActionSource).where(ActionSource.action_id == action.id))
    known = {_sameness(row) for row in rows}
    for source in sources:
        if _sameness(source) not in known:
            write(session, ActionSource(**source.model_dump(exclude={"id", "action_id"}), action_id=action.id))


def _sameness(source: ActionSource) -> tuple[str, int | None, int | None, int | None, str | None]:
    return source.kind, source.case_id, source.recommendation_id, source.finding_id, source.words


def _read(session: Session, source: str | OtherSource, case: Case | None, by: Doer | None) -> ActionSource:
    if isinstance(source, OtherSource):
        return _said_in_full(session, source, case, by)
    if found := _NUMBER.fullmatch(source):
        if case is None:
            raise Refused(
                f"{'Finding' if found[1] else 'Recommendation'} {found[2]} of which case? Write it like "
                f"TH-2020-001/{source}.",
                code="which_case",
            )
        return _numbered(session, case, found)
    reference, _, number = source.rpartition("/")
    if reference and (found := _NUMBER.fullmatch(number)):
        return _numbered(session, case_by_reference(session, reference, by), found)
    of_case = case_by_reference(session, source, by)
    return ActionSource(action_id=0, kind=SourceKind.CASE, case_id=of_case.id)


def _said_in_full(session: Session, source: OtherSource, case: Case | None, by: Doer | None) -> ActionSource:
    named = case if source.case is None else case_by_reference(session, source.case, by)
    if source.kind in REVIEW_SOURCES:
        number = source.finding if source.kind is SourceKind.FINDING else source.recommendation
        if named is None:
            raise Refused(f"{source.kind.words.capitalize()} {number} of which case? Name it as `case`.", "which_case")
        if source.kind is SourceKind.CASE:
            return ActionSource(action_id=0, kind=source.kind, case_id=named.id, words=source.words)
        assert number is not None, "the model asks for it"
        return _of_case(session, named, source.kind, number)
    of_case = named.id if named is not None and source.case is not None else None
    return ActionSource(action_id=0, kind=source.kind, case_id=of_case, words=source.words)


def _numbered(session: Session, case: Case, found: re.Match[str]) -> ActionSource:
    return _of_case(session, case, SourceKind.FINDING if found[1] else SourceKind.RECOMMENDATION, int(found[2]))


def _of_case(session: Session, case: Case, kind: SourceKind, number: int) -> ActionSource:
    table = Finding if kind is SourceKind.FINDING else Recommendation
    question = (
        select(table.id)
        .join(ReviewCase, col(ReviewCase.review_id) == table.review_id)
        .where(ReviewCase.case_id == case.id, table.number == number)
        .order_by(col(table.review_id).desc())
    )
    found = session.exec(question).first()
    if found is None:
        raise NotFound(f"{case.reference} has no {kind.words} {number}. `tracker show case` lists those it has.")
    source = ActionSource(action_id=0, kind=kind, case_id=case.id)
    if kind is SourceKind.FINDING:
        source.finding_id = found
    else:
        source.recommendation_id = found
    return source
