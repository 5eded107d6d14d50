"""Somebody who signs in as people do: with a password and the codes of an authenticator, at a pretended moment."""

import email
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email import policy
from functools import cache
from pathlib import Path

import pyotp
from sqlalchemy import Engine

from notifications.folder import FolderTransport
from tests.make import NOON, address
from tests.tracker.web.visitor import SECRET, Page, Visitor, served
from tracker.database import unit_of_work
from tracker.people import authenticator, passwords
from tracker.people.identities import Proof, keep
from tracker.people.links import LinkMaker
from tracker.people.queries import person_by_email
from tracker.reminders.jobs import run_due

PASSWORD = "walnut-ferry-lantern-42"
ANOTHER = "saddle-thistle-beacon-77"
KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
BASE_URL = "https://tracker.example"
LATER = timedelta(seconds=30)


def code(at: datetime = NOON, key: str = KEY) -> str:
    """Give the code that the authenticator shows at a moment."""
    return pyotp.TOTP(key).at(at)


def give_proofs(engine: Engine, who: str = "coordinator", *, key: str | None = KEY) -> list[str]:
    """Give somebody of the team a password and an authenticator, and give her recovery codes."""
    kept = _kept_password()
    long_ago = NOON - timedelta(days=30)
    with unit_of_work(engine) as session:
        person = person_by_email(session, address(who))
        keep(session, person.id, Proof.PASSWORD, kept, long_ago)
        if key is None:
            return []
        keep(session, person.id, Proof.AUTHENTICATOR, key, long_ago)
        return authenticator.new_recovery_codes(session, person.id, long_ago)


@cache
def _kept_password() -> str:
    """Give the password as it is kept, made once: it is meant to be slow to make."""
    return passwords.hashed(PASSWORD)


@contextmanager
def at(engine: Engine, now: datetime = NOON) -> Iterator[str]:
    """Serve the pages with a clock that stands, also that of the authenticators."""
    with served(engine, now, codes_by=lambda: now) as base:
        yield base


def gives_password(
    visitor: Visitor, password: str = PASSWORD, who: str = "coordinator", path: str = "/sign-in"
) -> Page:
    """Take the first step of signing in."""
    return visitor.sends(path, email=address(who), password=password)


def signs_in(visitor: Visitor, when: datetime = NOON, who: str = "coordinator") -> Page:
    """Take both steps of signing in."""
    page = gives_password(visitor, who=who)
    return visitor.sends_form(page, page.forms[0], code=code(when))


def token_of(visitor: Visitor) -> str | None:
    """Give the token that the browser keeps."""
    return visitor.http.cookies.get("session")


def post(engine: Engine, folder: Path, now: datetime = NOON) -> list[str]:
    """Let the service send what waits, and give the texts of all emails so far, oldest first."""
    run_due(engine, FolderTransport(folder), now=now, links=LinkMaker(BASE_URL, SECRET))
    return [_text(path) for path in sorted(folder.glob("*.eml"))]


def _text(path: Path) -> str:
    message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    part = message.get_body(("plain",))
    assert part is not None
    return f"To: {message['to']}\nSubject: {message['subject']}\n\n{part.get_content()}".replace("\r\n", "\n")


def link_in(text: str) -> str:
    """Give the path of the link that stands in an email."""
    found = re.search(rf"{re.escape(BASE_URL)}(/\S+)", text)
    assert found is not None, text
    return found.group(1)
