"""Every link that somebody reaches from her first page leads somewhere, whatever she is; also signed out, or by email.

A link to a place within a page finds that place.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest

from tests.tracker.conftest import SqliteWorlds
from tests.tracker.walking import LATER, make_walk, person
from tests.tracker.web.visitor import SECRET, Page, Visitor, served
from tracker.database import unit_of_work
from tracker.people import sessions
from tracker.people.links import LinkMaker
from tracker.people.queries import person_by_email
from tracker.people.roles import Role

# What leaves the pages: an email program, and what is saved and not shown.
NOT_FOLLOWED = ("mailto:", "/static/")


@pytest.fixture(scope="module")
def walk(sqlite_worlds: SqliteWorlds) -> Iterator[tuple[str, dict[str, str]]]:
    """Serve the partnership on which every deed can be tried; gives its address, each role's sign-in, and a link."""
    with ExitStack() as closing:
        engine = sqlite_worlds.copy(make_walk, closing)
        base = closing.enter_context(served(engine, LATER))
        with unit_of_work(engine) as session:
            held = {role: person_by_email(session, person(role)).id for role in Role}
            tokens = {role.value: sessions.begin(session, one, LATER, is_whole=True) for role, one in held.items()}
            maker, owner = LinkMaker("", SECRET), person(Role.OWNER)
            tokens["link"] = str(maker.address(session, held[Role.OWNER], owner, days=14, now=LATER))
        yield base, tokens


def dead_links(visitor: Visitor, start: str) -> list[str]:
    """Follow every link from a page on, and give those that lead nowhere with the page on which they stand.

    Of addresses that ask a page the same questions one is opened: filters combine without end.
    """
    waiting, known, dead = [(start, "the beginning")], {_asking(start)}, []
    opened: dict[str, Page] = {}
    within: list[tuple[str, str, str]] = []
    while waiting:
        address, found_on = waiting.pop()
        page = opened[address] = visitor.opens(address)
        if page.status != 200:
            dead.append(f"{address} answers {page.status}, linked from {found_on}")
            continue
        for link in page.links:
            if link.startswith(NOT_FOLLOWED) or urlsplit(link).netloc:
                continue
            place = urlsplit(urljoin(page.address, link))
            there = place.path + (f"?{place.query}" if place.query else "")
            if place.fragment:
                within.append((there, place.fragment, address))
            if _asking(there) not in known and not (place.query and "?" in address):
                known.add(_asking(there))
                waiting.append((there, address))
    missing = [
        f"{there}#{name}, linked from {found_on}"
        for there, name, found_on in within
        if there in opened and not re.search(rf'\sid="{re.escape(name)}"', opened[there].text)
    ]
    return dead + missing


def _asking(address: str) -> tuple[str, ...]:
    place = urlsplit(address)
    return (place.path, *sorted(parse_qs(place.query)))


@pytest.mark.parametrize("role", Role)
def test_whoever_signs_in_finds_no_dead_link(walk: tuple[str, dict[str, str]], role: Role) -> None:
    base, tokens = walk

    with Visitor(base, tokens[role]) as visitor:
        assert dead_links(visitor, "/") == []


def test_stranger_finds_no_dead_link(walk: tuple[str, dict[str, str]]) -> None:
    with Visitor(walk[0]) as visitor:
        assert dead_links(visitor, "/sign-in") == []


def test_owner_behind_her_link_finds_no_dead_link(walk: tuple[str, dict[str, str]]) -> None:
    base, tokens = walk

    with Visitor(base) as visitor:
        assert dead_links(visitor, tokens["link"]) == []
