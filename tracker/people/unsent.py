"""Forms that came too late: kept for whoever typed them, given back to nobody else, and gone after an hour."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam
from sqlmodel import Session, col, delete, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker.database import UtcDateTime
from tracker.people.sign_in_models import UnsentForm
from tracker.rows import RowsOf, write

KEPT_FOR = timedelta(hours=1)
# So many of one person; the oldest gives way.
MOST = 5
LARGEST = 1_000_000
LONGEST_PLACE = 500


@dataclass(frozen=True, slots=True)
class Unsent:
    """A form that was kept: where it was sent to, what was typed under each name, and whether there was a file."""

    place: str
    typed: Mapping[str, Sequence[str]]
    had_file: bool
    made_at: datetime


def keep(session: Session, person_id: int, form: Unsent, *, intent: str | None = None, by_link: bool = False) -> None:
    """Keep a form that was not recorded; one that is larger than any form of ours is not."""
    # Written in ASCII: a text that no database takes as it is may be kept all the same.
    body = json.dumps({"typed": dict(form.typed), "had_file": form.had_file})
    if len(body) > LARGEST or len(form.place) > LONGEST_PLACE:
        return
    forget_old(session, form.made_at)
    if intent is not None:
        forget(session, person_id, intent)
    whose = select(UnsentForm.id).where(UnsentForm.person_id == person_id)
    older = session.exec(whose.order_by(col(UnsentForm.id).desc()).offset(MOST - 1)).all()
    session.exec(delete(UnsentForm).where(col(UnsentForm.id).in_(older)))
    kept = UnsentForm(
        person_id=person_id, by_link=by_link, place=form.place, body=body, intent=intent, made_at=form.made_at
    )
    write(session, kept)


def unsent_forms(session: Session, person_id: int, now: datetime) -> list[Unsent]:
    """Give the forms of somebody who signs in that were kept in the last hour, the newest first."""
    return [_read(row) for row in session.exec(_kept(person_id, now, by_link=False))]


def unsent_behind_link(session: Session, person_id: int, place: str, now: datetime) -> Unsent | None:
    """Give the newest form that was kept for the owner of an action."""
    row = _BEHIND_LINK.first(session, person=person_id, place=place, since=now - KEPT_FOR)
    return None if row is None else _read(row)


_BEHIND_LINK = RowsOf(
    UnsentForm,
    select(UnsentForm)
    .where(UnsentForm.person_id == bindparam("person"), col(UnsentForm.by_link), UnsentForm.place == bindparam("place"))
    .where(col(UnsentForm.made_at) > bindparam("since", type_=UtcDateTime))
    .order_by(col(UnsentForm.id).desc())
    .limit(1),
)


def forget(session: Session, person_id: int, intent: str) -> None:
    """Forget a form that has been recorded since."""
    session.exec(delete(UnsentForm).where(col(UnsentForm.person_id) == person_id, col(UnsentForm.intent) == intent))


def forget_old(session: Session, now: datetime) -> None:
    """Forget every form whose hour is over."""
    session.exec(delete(UnsentForm).where(col(UnsentForm.made_at) <= now - KEPT_FOR))


def _kept(person_id: int, now: datetime, *, by_link: bool) -> SelectOfScalar[UnsentForm]:
    question = select(UnsentForm).where(UnsentForm.person_id == person_id, col(UnsentForm.by_link).is_(by_link))
    return question.where(UnsentForm.made_at > now - KEPT_FOR).order_by(col(UnsentForm.id).desc())


def _read(row: UnsentForm) -> Unsent:
    known = json.loads(row.body)
    return Unsent(row.place, known["typed"], known["had_file"], row.made_at)
