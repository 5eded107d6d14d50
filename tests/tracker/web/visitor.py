"""Somebody with a browser without scripts: opens pages of a running service, fills in their forms, sends them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cache
from html.parser import HTMLParser
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.datastructures import State

from tests.make import NOON, address
from tests.serving import PATIENCE, WITHOUT_TLS, on_a_port
from tracker.database import unit_of_work
from tracker.people import sessions
from tracker.people.queries import person_by_email
from tracker.settings import Installation
from tracker.web.app import build_inner_app
from tracker.web.security import Guard

Files = Sequence[tuple[str, bytes]]
SECRET = "of the tests, and of nothing else: 0123456789"


@contextmanager
def served(engine: Engine, now: Any = NOON, **given: Any) -> Iterator[str]:
    """Serve the pages of a database on this machine while a test looks at them; gives the address."""
    standing = Installation(str(engine.url), "folder:mail", "http://127.0.0.1", now, SECRET)
    app = copy(_built())
    app.state = State({"house": replace(app.state.house, installation=standing, engine=engine, **given)})
    with on_a_port(Guard(app, is_secure=False)) as base:
        yield base


@cache
def _built() -> FastAPI:
    """Build the pages once, for all tests: they differ in the house alone in which the pages stand."""
    return build_inner_app(Installation("", "folder:mail", "http://127.0.0.1", NOON, SECRET), None, SECRET)


@dataclass
class Page:
    """An answer as a reader meets it: its status, its words, its forms, its links."""

    status: int
    text: str
    address: str
    headers: httpx.Headers
    forms: list[dict[str, Any]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    words: str = ""
    title: str = ""
    heading: str = ""


class Visitor:
    """Opens pages as one person; forms carry what a browser would send."""

    def __init__(self, base: str, token: str | None = None) -> None:
        self.http = httpx.Client(base_url=base, follow_redirects=True, timeout=PATIENCE, verify=WITHOUT_TLS)
        self.http.headers["sec-fetch-site"] = "same-origin"
        if token:
            self.http.cookies.set("session", token)

    def __enter__(self) -> "Visitor":
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def opens(self, path: str) -> Page:
        """Open a page."""
        return _page(self.http.get(path))

    def sends(self, path: str, _form: int = -1, **fields: Any) -> Page:
        """Open a page, fill in its form (the last one unless said otherwise), and send it.

        `_files` are the names and contents of the files chosen in its field `files`.
        """
        page = self.opens(path)
        assert page.forms, f"{path} has no form: {page.status} {page.heading}"
        return self.sends_form(page, page.forms[_form], **fields)

    def sends_form(self, page: Page, form: dict[str, Any], _files: Files = (), **fields: Any) -> Page:
        """Send a form of a page; a field that is given replaces what stands in it."""
        kept = {name: value for name, value in form["fields"].items() if name not in fields}
        given = {name: value for name, value in (kept | fields).items() if value is not None}
        action = form["action"] or page.address
        if form["method"] == "get":
            return _page(self.http.get(action, params=given))
        chosen = [("files", (name, content)) for name, content in _files]
        return _page(self.http.post(action, data=given, files=chosen or None))


def _page(answer: httpx.Response) -> Page:
    reader = _Reader()
    reader.feed(answer.text)
    return Page(
        status=answer.status_code,
        text=answer.text,
        address=answer.url.raw_path.decode(),
        headers=answer.headers,
        forms=reader.forms,
        links=reader.links,
        words=" ".join(" ".join(reader.words).split()),
        title=" ".join("".join(reader.titles).split()),
        heading=" ".join(" ".join(reader.headings).split()),
    )


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.titles: list[str] = []
        self.headings: list[str] = []
        self._inside: list[str] = []
        self._select: str | None = None
        self._area: str | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "form":
            method = given.get("method", "get").lower()
            self.forms.append({"action": given.get("action", ""), "method": method, "fields": {}})
        if tag in ("title", "h1", "script"):
            self._inside.append(tag)
        if not self.forms:
            return
        fields = self.forms[-1]["fields"]
        name = given.get("name", "")
        if tag == "input" and name:
            kind = given.get("type", "text")
            if kind in ("checkbox", "radio"):
                if "checked" in given:
                    _add(fields, name, given.get("value", "on"))
            elif kind not in ("file", "submit"):
                _add(fields, name, given.get("value", ""))
        if tag == "textarea":
            self._area = name
            fields[name] = ""
        if tag == "select":
            self._select = name
        if tag == "option" and self._select and ("selected" in given or self._select not in fields):
            fields[self._select] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if self._inside and tag == self._inside[-1]:
            self._inside.pop()
        if tag == "textarea":
            self._area = None
        if tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        inside = self._inside[-1] if self._inside else ""
        if inside == "script":
            return
        if inside == "title":
            self.titles.append(data)
            return
        if inside == "h1":
            self.headings.append(data)
        if self._area is not None:
            self.forms[-1]["fields"][self._area] += data
        self.words.append(data)


def _add(fields: dict[str, Any], name: str, value: str) -> None:
    if name in fields:
        before = fields[name]
        fields[name] = [*(before if isinstance(before, list) else [before]), value]
    else:
        fields[name] = value


def signed_in(engine: Engine, base: str, who: str, partnership: str = "thscp", now: Any = NOON) -> Visitor:
    """Give somebody of a team who is signed in with both factors."""
    with unit_of_work(engine) as session:
        person = person_by_email(session, address(who, partnership))
        token = sessions.begin(session, person.id, now, is_whole=True)
    return Visitor(base, token)
