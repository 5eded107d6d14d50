"""The ways in which a person proves who she is: one password and one authenticator, each kept once for a person."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, select, update

from tracker.people.models import Identity
from tracker.rows import write


class Proof(StrEnum):
    """The kinds of identity there are now; others may come beside them."""

    PASSWORD = "password"
    AUTHENTICATOR = "totp"


def identity_of(session: Session, person_id: int, proof: Proof) -> Identity | None:
    """Give what is kept of one proof of a person, while it holds."""
    question = select(Identity).where(
        Identity.kind == proof.value, Identity.subject == str(person_id), col(Identity.ended_at).is_(None)
    )
    return session.exec(question).first()


def keep(
    session: Session, person_id: int, proof: Proof, secret: str, now: datetime, *, step: int | None = None
) -> None:
    """Keep a proof of a person, in the place of the one before."""
    known = (col(Identity.kind) == proof.value, col(Identity.subject) == str(person_id))
    changed = {"secret": secret, "made_at": now, "ended_at": None, "last_step": step}
    if session.exec(update(Identity).where(*known).values(changed)).rowcount:
        return
    row = Identity(person_id=person_id, kind=proof.value, subject=str(person_id), secret=secret, made_at=now)
    row.last_step = step
    write(session, row)


def take_away(session: Session, person_id: int, now: datetime) -> None:
    """Take every proof of a person away, so that she begins anew; nothing of the secrets is kept."""
    hers = col(Identity.person_id) == person_id
    session.exec(update(Identity).where(hers).values(secret=None, ended_at=now))
