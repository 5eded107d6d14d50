"""Finds every form of the pages: opened by address and by link, as each role, each kind of form once."""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx

Fields = dict[str, list[str]]
# A reference, a code or a number in an address: pages that differ in it only are the same page with another record.
_NAMED = re.compile(r"^(?:[A-Z]+-[A-Z0-9-]+|[AEM]\d+|[0-9a-f]{16}|[0-9a-f]{24}|\d[\d-]*)$")
SAME_PAGE = 1


@dataclass
class Found:
    """A form as a page shows it: where it goes, what stands in it, what may be typed, and what may be chosen."""

    page: str
    action: str
    role: str = ""
    fields: Fields = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    areas: set[str] = field(default_factory=set)
    choices: dict[str, list[str]] = field(default_factory=dict)
    many: set[str] = field(default_factory=set)

    @property
    def path(self) -> str:
        """Give the address it goes to, without what is asked there."""
        return self.action.partition("?")[0]

    @property
    def kind(self) -> tuple[object, ...]:
        """Give what makes it another form than the others."""
        return shape(self.action), tuple(sorted({re.sub(r"\d+", "#", name) for name in self.fields | self.choices}))

    def filled(self, facts: Mapping[str, object]) -> Fields:
        """Give what a browser sends when the facts are filled in: dates in three parts, and what has to be chosen."""
        given = {name: list(values) for name, values in self.fields.items()}
        for name, values in self.choices.items():
            if not any(given.get(name, [])) and name not in self.many and "" not in values:
                given[name] = values[:1]
        for name, fact in facts.items():
            if f"{name}-year" in self.texts:
                year, month, day = str(fact).split("-")
                given |= {f"{name}-day": [day], f"{name}-month": [month], f"{name}-year": [year]}
            elif name in given or name in self.choices:
                given[name] = [str(one) for one in fact] if isinstance(fact, list) else [str(fact)]
        return given


def shape(address: str) -> str:
    """Give an address without what names a record."""
    path = address.partition("?")[0].partition("#")[0]
    named = "/".join("{}" if _NAMED.match(part) else part for part in path.split("/"))
    return re.sub("^/admin/clocks/settings/.*", "/admin/clocks/settings/{}", re.sub("^/u/[^/]+", "/u/{}", named))


def forms_in(text: str, page: str) -> list[Found]:
    """Give the forms of a page that change something, but the one to sign out."""
    reader = _Forms(page)
    reader.feed(text)
    return [form for form in reader.forms if form.action != "/sign-out"]


def links_in(text: str) -> list[str]:
    """Give the addresses of our own pages to which a page leads."""
    return [html.unescape(one) for one in re.findall(r'<a [^>]*href="(/[^"#]*)', text)]


def crawl(visitor: httpx.Client, seeds: list[str], *, follows: bool = True) -> Iterator[tuple[str, str]]:
    """Open pages by their addresses, then what they lead to; gives each page that opened, with its text."""
    waiting, seen, shapes = list(seeds), set(seeds), dict[str, int]()
    while waiting:
        address = waiting.pop(0)
        answer = visitor.get(address)
        if answer.status_code != 200 or not answer.headers["content-type"].startswith("text/html"):
            continue
        yield address, answer.text
        for link in links_in(answer.text) if follows else ():
            if link in seen or link.startswith("/static"):
                continue
            seen.add(link)
            shapes[shape(link)] = shapes.get(shape(link), 0) + 1
            if shapes[shape(link)] <= SAME_PAGE:
                waiting.append(link)


class _Forms(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[Found] = []
        self._page = page
        self._form: Found | None = None
        self._area: str | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form" and given.get("method") == "post":
            self._form = Found(self._page, given.get("action") or self._page)
            self.forms.append(self._form)
        if self._form is None:
            return
        name, form = given.get("name", ""), self._form
        if tag == "input" and name:
            self._input(form, name, given)
        if tag == "button" and name not in ("", "add", "change", *form.fields):
            form.fields[name] = [given.get("value", "")]
        if tag == "textarea":
            self._area = name
            form.texts.append(name)
            form.areas.add(name)
            form.fields[name] = [""]
        if tag == "select":
            self._select = name
            form.choices[name] = []
            form.fields[name] = [""]
        if tag == "option" and self._select:
            form.choices[self._select].append(given.get("value", ""))
            if "selected" in given:
                form.fields[self._select] = [given.get("value", "")]

    def _input(self, form: Found, name: str, given: dict[str, str]) -> None:
        kind, value = given.get("type", "text"), given.get("value", "")
        if kind in ("checkbox", "radio"):
            form.choices.setdefault(name, []).append(value)
            if kind == "checkbox":
                form.many.add(name)
            if "checked" in given:
                form.fields.setdefault(name, []).append(value)
        elif kind not in ("file", "submit"):
            form.fields.setdefault(name, []).append(value)
            if kind != "hidden":
                form.texts.append(name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == "textarea":
            self._area = None
        if tag == "select":
            self._select = None

    def handle_data(self, words: str) -> None:
        if self._area is not None and self._form is not None:
            self._form.fields[self._area][0] += words
