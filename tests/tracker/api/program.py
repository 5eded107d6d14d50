"""Somebody's own program: asks the JSON interface of a running service, with a token or a browser's session."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import httpx
from sqlalchemy import Engine

from tests.serving import PATIENCE, WITHOUT_TLS, on_a_port
from tests.tracker.walking import LATER
from tracker.database import unit_of_work
from tracker.people import sessions, tokens
from tracker.people.queries import person_by_email
from tracker.serving import create_service
from tracker.settings import Installation

SECRET = "of the tests, and of nothing else: 0123456789"


@contextmanager
def served(engine: Any, now: Any = LATER) -> Iterator[str]:
    """Serve a database whole on this machine while a test asks it; gives the address."""
    standing = Installation("sqlite://", "folder:mail", "http://127.0.0.1", now, SECRET)
    app = create_service(standing, engine, SECRET)
    with on_a_port(app) as base:
        yield base


class Program:
    """Asks as one person; what it sends is JSON."""

    def __init__(self, base: str, token: str | None = None, session: str | None = None) -> None:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        cookies = {"session": session} if session else {}
        given = {"headers": headers, "cookies": cookies, "timeout": PATIENCE, "verify": WITHOUT_TLS}
        self.http = httpx.Client(base_url=f"{base}/api", **given)

    def __enter__(self) -> "Program":
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def asks(self, path: str, **words: Any) -> httpx.Response:
        """Ask for something, with words behind the question mark."""
        return self.http.get(path, params=words)

    def does(self, path: str, facts: Any = None, /, **words: Any) -> httpx.Response:
        """Do the deed of an address; facts may hold what no careful program would send."""
        content = None if facts is None else json.dumps(facts)
        headers = {} if content is None else {"content-type": "application/json"}
        return self.http.post(path, content=content, headers=headers, params=words)

    def sends(self, path: str, content: bytes | str, **headers: str) -> httpx.Response:
        """Send bytes as they are."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.post(path, content=content, headers={"content-type": "application/json", **given})


def token_of(engine: Engine, email: str, name: str = "the tests") -> str:
    """Make a token of somebody."""
    with unit_of_work(engine) as session:
        return tokens.make_token(session, person_by_email(session, email).id, name, LATER)


def session_of(engine: Engine, email: str, *, is_whole: bool = True) -> str:
    """Begin a session of somebody's browser."""
    with unit_of_work(engine) as session:
        return sessions.begin(session, person_by_email(session, email).id, LATER, is_whole=is_whole)


def to(path: str, reference: str) -> str:
    """Write a reference into an address."""
    return path.replace("{ref}", quote(reference, safe=""))
