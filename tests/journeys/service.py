"""The service as people meet it: its pages on a port, its clock moved from day to day, its post in a folder."""

import email
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pyotp
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine

from tests.make import address
from tests.serving import on_a_port
from tests.tracker.web.visitor import SECRET
from tracker.cli import run
from tracker.clock import moment_from
from tracker.database import unit_of_work
from tracker.people import passwords, sessions
from tracker.people.identities import Proof, keep
from tracker.people.queries import person_by_email
from tracker.settings import Installation
from tracker.web.app import build_inner_app
from tracker.web.security import Guard

PASSWORD = "walnut-ferry-lantern-42"
KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class Service:
    """A service that runs: its clock stands at a moment until a test moves it."""

    def __init__(self, engine: Engine, folder: Path, environment: pytest.MonkeyPatch, partnership: str) -> None:
        self.engine, self.folder, self.partnership = engine, folder, partnership
        self.base = ""
        self.now = moment_from("2000-01-01T10:00")
        self._environment = environment
        self._app: FastAPI | None = None
        self._read: set[str] = set()

    @contextmanager
    def running(self) -> Iterator["Service"]:
        """Serve the pages until the block ends."""
        standing = Installation(str(self.engine.url), f"folder:{self.folder}", "http://127.0.0.1", self.now, SECRET)
        self._app = build_inner_app(standing, self.engine, SECRET, codes_by=lambda: self.now)
        with on_a_port(Guard(self._app, is_secure=False)) as self.base:
            yield self

    def at(self, moment: str | datetime) -> None:
        """Let the time pass until a moment; a text is one in London."""
        assert self._app is not None, "the clock moves while the service runs"
        self.now = moment_from(moment) if isinstance(moment, str) else moment
        house = self._app.state.house
        standing = replace(house.installation, standing_still_at=self.now)
        self._app.state.house = replace(house, installation=standing)

    def runs_due(self) -> list[EmailMessage]:
        """Let `tracker run-due` do what is due at this moment, and give the emails that it wrote."""
        settings = {
            "TRACKER_DATABASE_URL": self.engine.url.render_as_string(hide_password=False),
            "TRACKER_NOW": self.now.isoformat(),
            "TRACKER_MAIL": f"folder:{self.folder}",
            "TRACKER_BASE_URL": self.base,
            "TRACKER_SECRET": SECRET,
        }
        for name, value in settings.items():
            self._environment.setenv(name, value)
        assert run(["run-due"]) == 0
        paths = [path for path in sorted(self.folder.glob("*.eml")) if path.name not in self._read]
        self._read.update(path.name for path in paths)
        return [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]

    def cookie_of(self, who: str) -> str:
        """Give the cookie of somebody of the team who has signed in with both factors."""
        with unit_of_work(self.engine) as session:
            person = person_by_email(session, address(who, self.partnership))
            return sessions.begin(session, person.id, self.now, is_whole=True)

    def gives_proofs(self, who: str) -> None:
        """Give somebody of the team a password and an authenticator."""
        long_ago = self.now - timedelta(days=30)
        with unit_of_work(self.engine) as session:
            person = person_by_email(session, address(who, self.partnership))
            keep(session, person.id, Proof.PASSWORD, passwords.hashed(PASSWORD), long_ago)
            keep(session, person.id, Proof.AUTHENTICATOR, KEY, long_ago)

    @property
    def code(self) -> str:
        """Give the code that the authenticator shows at this moment."""
        return pyotp.TOTP(KEY).at(self.now)


def sent_to(emails: list[EmailMessage], who: str) -> EmailMessage:
    """Give the one email of somebody among those that were written."""
    [found] = [one for one in emails if who in str(one["To"])]
    return found


def subjects(emails: list[EmailMessage]) -> list[tuple[str, str]]:
    """Give to whom the emails went, and what they are about, by address."""
    return sorted((str(one["To"]).split("<")[-1].strip(">"), str(one["Subject"])) for one in emails)
