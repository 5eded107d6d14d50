"""Measures pages of the real service over HTTP, beside a bare program that does the same work without the service."""

import statistics
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import Engine

from tests.bench.filling import AGENCY, NOW, ONE_OWNER, OPEN_CASE, fill
from tests.bench.load import Load
from tests.bench.services import Serving, bare_service, service
from tests.bench.table import Table, ratio
from tests.tracker.web.visitor import SECRET
from tracker.database import unit_of_work
from tracker.people.links import LinkMaker
from tracker.people.queries import person_by_email

PLAN = f"/actions?{urlencode({'agency': AGENCY, 'due': 'overdue'})}"

PAGE, BARE, LATER, LARGER = "overdue actions of an agency", "  the bare program", "  page 20", "  of ten times as many"
TODAY, CASE, LINK = "today", "a case", "an owner's link"
# What has no goal of its own, and is good to know.
COLUMN, WHOLE, ACTION, CASES = "  sorted by a column", "the whole plan", "an action", "all cases"

Measured = Mapping[str, Sequence[Load]]


def measure_pages(asked: Namespace, folder: Path) -> None:
    """Fill the databases, measure every page by turns, and print the table."""
    print("Pages: filling databases")
    with (
        _filled(folder / "plan.db", asked.actions, asked.held_cases) as engine,
        _filled(folder / "larger.db", asked.actions * 10, asked.held_cases) as larger,
    ):
        print("    starting the service", flush=True)
        first_page = statistics.median(_seconds_to_first_page(engine) for _ in range(asked.rounds))
        with ExitStack() as running:
            ours = running.enter_context(service(engine, PLAN))
            bare = running.enter_context(bare_service(engine, PLAN, folder))
            beside = running.enter_context(service(larger, PLAN))
            places = {**_places(engine, ours), BARE: (bare, PLAN), LARGER: (beside, PLAN)}
            measured = by_turns(places, asked.rounds, asked.seconds)
            answers = sum(load.answers for name, loads in measured.items() for load in loads if places[name][0] is ours)
            _ask_on(ours, places[LINK][1], asked.requests - answers, asked.seconds)
            _print(measured, asked, first_page, ours.megabytes)


@contextmanager
def _filled(path: Path, actions: int, cases: int) -> Iterator[Engine]:
    engine = fill(path, actions=actions, cases=cases)
    yield engine
    engine.dispose()


def _seconds_to_first_page(engine: Engine) -> float:
    with service(engine, PLAN) as started:
        return started.first_page


def _places(engine: Engine, ours: Serving) -> Mapping[str, tuple[Serving, str]]:
    """Give the pages of our service that are measured."""
    with unit_of_work(engine) as session:
        owner = person_by_email(session, ONE_OWNER)
        link = LinkMaker("", SECRET).address(session, owner.id, ONE_OWNER, days=14, now=NOW)
    paths = {
        PAGE: PLAN,
        LATER: f"{PLAN}&page=20",
        COLUMN: f"{PLAN}&sort=-due",
        WHOLE: "/actions",
        TODAY: "/today",
        CASE: f"/cases/{OPEN_CASE}",
        LINK: str(link),
        ACTION: "/actions/A1",
        CASES: "/cases",
    }
    return {name: (ours, path) for name, path in paths.items()}


def by_turns(places: Mapping[str, tuple[Serving, str]], rounds: int, seconds: int) -> Measured:
    """Measure pages by turns, so that all meet the machine in the same mood; each is opened once before."""
    for server, path in places.values():
        server.size(path)
    measured: dict[str, list[Load]] = {name: [] for name in places}
    for turn in range(rounds):
        for name, (server, path) in places.items():
            print(f"\r    round {turn + 1} of {rounds}: {name.strip():40}", end="", flush=True)
            measured[name].append(server.load(path, seconds))
    return measured


def _ask_on(ours: Serving, path: str, requests: int, seconds: int) -> None:
    """Ask until the process has answered as often as its memory is to be judged by."""
    while requests > 0:
        print(f"\r    asking on, for the memory: {requests:>10,} to go{'':20}", end="", flush=True)
        requests -= ours.load(path, seconds).answers


def _print(measured: Measured, asked: Namespace, first_page: float, megabytes: float) -> None:
    table = Table()
    table.head(asked.rounds)
    order = (PAGE, BARE, LATER, COLUMN, LARGER, WHOLE, ACTION, TODAY, CASE, CASES, LINK)
    found = {name: table.line(name, measured[name]) for name in order}
    print(f"\nOf {asked.actions:,} actions and {asked.held_cases:,} cases")
    table.at_least("filtered plan beside the bare program", ratio(measured[PAGE], measured[BARE]), 0.3)
    table.at_least("filtered plan, pages a second", found[PAGE].per_second, 250)
    table.below("filtered plan, p95", found[PAGE].p95, 30, " ms")
    table.at_least(f"the same of {asked.actions * 10:,}", ratio(measured[LARGER], measured[PAGE]), 0.8)
    table.at_least("page 20 beside page 1", ratio(measured[LATER], measured[PAGE]), 0.8)
    for name in (TODAY, CASE, LINK):
        table.below(f"{name}, p95", found[name].p95, 40, " ms")
    table.below("first page after starting", first_page, 1.5, " s")
    table.below(f"memory after {asked.requests:,} requests", megabytes, 150, " MB")
    table.foot()
