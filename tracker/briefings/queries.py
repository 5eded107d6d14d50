"""The briefings of a case: its draft, and the versions that were approved."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from tracker.briefings.models import Briefing
from tracker.cases.models import Case
from tracker.clock import london_day
from tracker.people.queries import names_of
from tracker.rows import RowsOf


@dataclass(frozen=True, slots=True)
class Written:
    """One briefing as it is read: its words, who wrote it and when, and for a version its number and its approval."""

    number: int | None
    texts: dict[str, str]
    learning_from: str | None
    written_by: str
    written_at: datetime
    approved_by: str | None
    approved_on: date | None


@dataclass(frozen=True, slots=True)
class Briefings:
    """All briefings of a case: the draft, if one is being written, and the approved versions, the newest first."""

    draft: Written | None
    versions: Sequence[Written]

    @property
    def newest(self) -> Written | None:
        """Give the draft, or the newest version where nothing is being written."""
        return self.draft or (self.versions[0] if self.versions else None)

    def version(self, number: int) -> Written | None:
        """Give the version with a number."""
        return next((one for one in self.versions if one.number == number), None)


def briefings_of(session: Session, case: Case) -> Briefings:
    """Give the briefings of a case, in two questions."""
    rows = _OF_A_CASE.all(session, case=case.id)
    people = [person for row in rows for person in (row.written_by_id, row.approved_by_id) if person is not None]
    names = names_of(session, people)
    found = [_written(row, names) for row in rows]
    draft = next((one for one in found if one.number is None), None)
    return Briefings(draft, [one for one in found if one.number is not None])


_OF_A_CASE = RowsOf(
    Briefing, select(Briefing).where(Briefing.case_id == bindparam("case")).order_by(col(Briefing.number).desc())
)


def _written(row: Briefing, names: dict[int, str]) -> Written:
    return Written(
        number=row.number,
        texts=texts_of(row),
        learning_from=row.learning_from,
        written_by=names[row.written_by_id],
        written_at=row.written_at,
        approved_by=None if row.approved_by_id is None else names[row.approved_by_id],
        approved_on=None if row.approved_at is None else london_day(row.approved_at),
    )


def texts_of(briefing: Briefing | None) -> dict[str, str]:
    """Give the title and the boxes of a briefing by their names; what is empty is left out."""
    known: dict[str, str] = {} if briefing is None else json.loads(briefing.texts)
    return known


def draft_of(session: Session, case_id: int) -> Briefing | None:
    """Give the draft of a case, if one is being written."""
    return session.exec(select(Briefing).where(Briefing.draft_of_id == case_id)).first()


def newest_version(session: Session, case_id: int) -> Briefing | None:
    """Give the newest version of a case that was approved, if there is one."""
    question = select(Briefing).where(Briefing.case_id == case_id, col(Briefing.number).is_not(None))
    return session.exec(question.order_by(col(Briefing.number).desc())).first()
