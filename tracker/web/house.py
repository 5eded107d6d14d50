"""What every page needs of the installation, put together once when the service starts."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import Request
from jinja2 import Environment
from sqlalchemy import Engine

from tracker.clock import machine_now
from tracker.settings import Installation


@dataclass(frozen=True, slots=True)
class House:
    """The installation, its database, its templates, and how long a sign-in lasts.

    `codes_by`: the clock of authenticators, which goes on also where the service's own stands still.
    """

    installation: Installation
    engine: Engine
    templates: Environment
    secret: str
    idle: timedelta = timedelta(minutes=30)
    longest: timedelta = timedelta(hours=12)
    codes_by: Callable[[], datetime] = machine_now

    def now(self) -> datetime:
        """Give the moment by which the service acts."""
        return self.installation.now()

    @property
    def is_embedded(self) -> bool:
        """Say whether the database is a file beside us, that is read at once, and no server that is waited for."""
        return self.engine.dialect.name == "sqlite"

    @property
    def is_secure(self) -> bool:
        """Say whether people reach the service by https."""
        return self.installation.base_url.startswith("https://")

    @property
    def cookie(self) -> str:
        """Give the name of the session's cookie; the prefix binds it to this host, which browsers allow with https."""
        return "__Host-session" if self.is_secure else "session"

    def form_token(self, holder: str) -> str:
        """Give the token that every form of a holder (of a session, of a link) carries."""
        return hmac.new(self.secret.encode(), f"form|{holder}".encode(), hashlib.sha256).hexdigest()


def house_of(request: Request) -> House:
    """Give the house that a request came to."""
    house = request.app.state.house
    assert isinstance(house, House), "the application is built with its house"
    return house
