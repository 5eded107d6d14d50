"""The draft of a decision: what the coordinator has prepared for the body that decides, kept as it was typed.

A draft decides nothing: what is missing in it or does not fit is said when somebody goes on with it, and it ends with
the decision.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Field, Session, col, select

from tracker import history
from tracker.among import among, listed
from tracker.cases.standing import Standing
from tracker.cases.steps import belongs
from tracker.database import UtcDateTime, to_json
from tracker.errors import NotAllowed, Refused
from tracker.facts import Facts, storable, visible
from tracker.people.doer import Doer
from tracker.people.permissions import refusal
from tracker.people.roles import Role
from tracker.personal import refuse_personal
from tracker.rows import Question, Record, write
from workflows.vocabulary import Do

DEED = "draft_decision"
LONGEST = 4000


class DecisionDraft(Record, table=True):
    """What was typed so far about a decision that is not recorded yet; a case has one at most that has not ended."""

    __tablename__ = "decision_draft"

    id: int = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_record.id", index=True)
    # The case while the draft stands, nothing once it has ended: so that no case has two.
    stands_for_id: int | None = Field(default=None, foreign_key="case_record.id", unique=True)
    version: int = 1
    body: str = "{}"
    saved_by_id: int = Field(foreign_key="person.id")
    saved_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def mark(self) -> str:
        """Give what tells this draft, in this version, from every other."""
        return f"{self.id}.{self.version}"


@dataclass(slots=True)
class Drafted:
    """What a draft holds, by the names of the fields: what was typed, and what was ticked."""

    typed: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, list[str]] = field(default_factory=dict)

    def with_more(self, typed: Mapping[str, str], chosen: Mapping[str, list[str]]) -> "Drafted":
        """Give the draft with the answers of another page over its own."""
        return Drafted(self.typed | dict(typed), self.chosen | dict(chosen))


class _Texts(Facts):
    """The free texts of a draft, as they are looked through for what is personal."""

    text: list[str] = []


def body_of(draft: DecisionDraft | None) -> Drafted:
    """Give what a draft holds; nothing where there is none."""
    known = {} if draft is None else json.loads(draft.body)
    return Drafted(known.get("typed", {}), known.get("chosen", {}))


def draft_of(session: Session, case_id: int) -> DecisionDraft | None:
    """Give the draft that stands for a case, if there is one."""
    return session.exec(select(DecisionDraft).where(DecisionDraft.stands_for_id == case_id)).first()


def drafted_cases(session: Session, case_ids: Iterable[int]) -> set[int]:
    """Give those of the cases that have a draft which stands."""
    return {case_id for (case_id,) in _DRAFTED.rows(session, ids=listed(case_ids))}


_DRAFTED = Question(select(DecisionDraft.case_id).where(among(col(DecisionDraft.stands_for_id), "ids")))


def draft_with_id(session: Session, case_id: int, draft_id: int) -> DecisionDraft | None:
    """Give a draft of a case by its id, also one that has ended."""
    question = select(DecisionDraft).where(DecisionDraft.case_id == case_id, DecisionDraft.id == draft_id)
    return session.exec(question).first()


def may_draft(standing: Standing, by: Doer) -> str | None:
    """Give the role in which somebody may prepare the decision: the coordinator, or a member of the deciding body."""
    body = standing.definition.decided_by
    if belongs(standing, by, body):
        return standing.definition.body_named(body).name
    return "coordinator" if by.has(Role.COORDINATOR, standing.case.partnership_id) else None


def save_draft(
    standing: Standing, drafted: Drafted, *, seen: str, now: datetime, by: Doer, confirmed: bool = False
) -> DecisionDraft:
    """Save a draft beside its case, with a line in the history; what looks personal is refused once (K10).

    Saved as it stands already, nothing is written.

    `seen` is the mark of the draft on which she wrote, empty for the first. Raises `NotAllowed`, and `Refused` when
    somebody else has saved meanwhile, when the case has moved on, or for a text that cannot be kept.
    """
    session, case = standing.session, standing.case
    role = may_draft(standing, by)
    if role is None:
        raise NotAllowed(refusal(by, Do.RECORD_DECISION))
    if not is_to_be_decided(standing):
        raise Refused(_moved_on(standing, now), code="wrong_status")
    draft = draft_of(session, case.id)
    body = to_json({"typed": drafted.typed, "chosen": drafted.chosen})
    if draft is not None and draft.mark != seen and (draft.body, draft.saved_by_id) == (body, by.id):
        # The same form came twice, as it does after a double click.
        return draft
    _check_texts(drafted, body_of(draft), confirmed)
    if (draft.mark if draft else "") != seen:
        raise Refused(_moved_on(standing, now), code="stale")
    body = to_json({"typed": drafted.typed, "chosen": drafted.chosen})
    if draft is not None and draft.body == body and not confirmed:
        return draft
    more = {"confirmed": ["looks_personal"]} if confirmed else None
    what = "Saved a draft of the decision"
    history.note(session, case.reference, DEED, at=now, by=by, role=role, what=what, more=more)
    if draft is None:
        draft = DecisionDraft(case_id=case.id, stands_for_id=case.id, body=body, saved_by_id=by.id, saved_at=now)
        return write(session, draft)
    draft.body, draft.saved_by_id, draft.saved_at = body, by.id, now
    draft.version += 1
    session.add(draft)
    return draft


def is_to_be_decided(standing: Standing) -> bool:
    """Say whether a decision may be recorded where the case stands."""
    return any(step.do is Do.RECORD_DECISION for step in standing.lifecycle.steps_from(standing.state))


def end_draft(session: Session, case_id: int, now: datetime) -> None:
    """End the draft of a case whose decision is recorded."""
    draft = draft_of(session, case_id)
    if draft is not None:
        draft.stands_for_id, draft.ended_at = None, now
        session.add(draft)
        session.flush()


def _check_texts(drafted: Drafted, before: Drafted, confirmed: bool) -> None:
    """Refuse what cannot be kept; of what is new, also what looks personal: the rest was confirmed before."""
    texts = [*drafted.typed.values(), *(one for many in drafted.chosen.values() for one in many)]
    if any(len(one) > LONGEST for one in texts):
        raise Refused(f"Write {LONGEST:,} characters or fewer into each field.", code="too_long")
    if not all(storable(one) and visible(one) for one in texts):
        raise Refused("The text holds a character that cannot be kept or seen: type it anew.", code="cannot_be_kept")
    if not confirmed:
        new = {name: one for name, one in drafted.typed.items() if before.typed.get(name) != one}
        refuse_personal(_Texts(text=_free(new)), ())


def _free(typed: Mapping[str, str]) -> Sequence[str]:
    """Give the texts that somebody wrote freely: neither parts of a date nor an address."""
    return [one for name, one in typed.items() if one and not name.endswith(("-day", "-month", "-year", "-email"))]


def _moved_on(standing: Standing, now: datetime) -> str:
    reference = standing.case.reference
    return f"{reference} has moved on since you looked at it. {history.last_deed(standing.session, reference, now)}"
