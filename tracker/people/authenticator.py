"""The second factor: the codes of an authenticator app, each taken once, and recovery codes for when it is lost."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

import pyotp
from pyotp.exceptions import OTPVerificationError
from sqlalchemy import func
from sqlmodel import Session, col, delete, or_, select, update

from tracker.people.identities import Proof, identity_of, keep
from tracker.people.models import Identity
from tracker.people.sessions import digest
from tracker.people.sign_in_models import RecoveryCode
from tracker.rows import write

ISSUER = "Learning tracker"
RECOVERY_CODES = 10
# A phone's clock may be half a minute off, to either side.
_STEPS_OFF = 1
_DIGITS = 6
# No letter that looks like a figure; sixteen of these letters are 79 bits.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_LETTERS_OF_CODE = 16


def has_authenticator(session: Session, person_id: int) -> bool:
    """Say whether somebody has set up an authenticator."""
    return identity_of(session, person_id, Proof.AUTHENTICATOR) is not None


def offered_secret(house_secret: str, token: str, since: str) -> str:
    """Give the secret that is offered to a session for a new authenticator: the same each time its page is opened.

    It is made from the token that only the browser keeps, so nothing is written before the first code confirms it.
    `since` names the authenticator that it replaces.
    """
    made = hmac.new(house_secret.encode(), f"authenticator|{since}|{token}".encode(), hashlib.sha256).digest()
    return base64.b32encode(made[:20]).decode()


def address_for_app(secret: str, email: str) -> str:
    """Give the address that a QR code holds, from which an app takes the secret."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """Give the time step of which a code is the code, if it is one of this moment."""
    figures = "".join(code.split())
    if not (figures.isascii() and figures.isdigit() and len(figures) == _DIGITS):
        return None
    try:
        return pyotp.TOTP(secret).verify_and_get_timecode(figures, for_time=at, valid_window=_STEPS_OFF)
    except OTPVerificationError:
        return None


def take_code(session: Session, person_id: int, code: str, at: datetime) -> bool:
    """Take a code of somebody's authenticator; says no to a wrong one, and to one of a step that was taken before."""
    identity = identity_of(session, person_id, Proof.AUTHENTICATOR)
    step = step_of(identity.secret, code, at) if identity is not None and identity.secret else None
    if identity is None or step is None:
        return False
    newer = or_(col(Identity.last_step).is_(None), col(Identity.last_step) < step)
    taken = session.exec(update(Identity).where(col(Identity.id) == identity.id, newer).values(last_step=step))
    return taken.rowcount == 1


def set_up(session: Session, person_id: int, secret: str, code: str, now: datetime, at: datetime) -> bool:
    """Keep a new authenticator once its first code is right, in the place of the one before."""
    step = step_of(secret, code, at)
    if step is None:
        return False
    keep(session, person_id, Proof.AUTHENTICATOR, secret, now, step=step)
    return True


def new_recovery_codes(session: Session, person_id: int, now: datetime) -> list[str]:
    """Make ten recovery codes in the place of those before, and give them: they are shown once."""
    forget_recovery_codes(session, person_id)
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(_LETTERS_OF_CODE)) for _ in range(RECOVERY_CODES)]
    for code in codes:
        write(session, RecoveryCode(person_id=person_id, code_digest=digest(code), made_at=now))
    return ["-".join(code[place : place + 4] for place in range(0, _LETTERS_OF_CODE, 4)) for code in codes]


def forget_recovery_codes(session: Session, person_id: int) -> None:
    """Take all recovery codes of somebody away."""
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.person_id) == person_id))


def take_recovery_code(session: Session, person_id: int, code: str, now: datetime) -> bool:
    """Take a recovery code, once."""
    typed = "".join(letter for letter in code.lower() if letter.isalnum())[: _LETTERS_OF_CODE + 1]
    hers = (col(RecoveryCode.person_id) == person_id, col(RecoveryCode.code_digest) == digest(typed))
    unused = col(RecoveryCode.used_at).is_(None)
    return session.exec(update(RecoveryCode).where(*hers, unused).values(used_at=now)).rowcount == 1


def recovery_codes_left(session: Session, person_id: int) -> int:
    """Count the recovery codes that are left."""
    question = select(func.count()).select_from(RecoveryCode)
    unused = col(RecoveryCode.used_at).is_(None)
    return session.exec(question.where(col(RecoveryCode.person_id) == person_id, unused)).one()
