"""Measures pages of the real service over HTTP, beside a bare program that does the same work without the service."""

import statistics
from argparse import Namespace
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import Engine

from tests.bench.filling import AGENCY, NOW, ONE_OWNER, OPEN_CASE, filled
from tests.bench.load import NEVER, Load
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
        filled(asked.kept_in or folder, actions=asked.actions, cases=asked.held_cases) as engine,
        filled(asked.kept_in or folder, actions=asked.actions * 10, cases=asked.held_cases) as larger,
    ):
        print("    starting the service", flush=True)
        first_page = statistics.median(_seconds_to_first_page(engine) for _ in range(asked.rounds))
        paths = _paths(engine)
        with service(engine, PLAN) as trial:
            slow = [name for name, path in paths.items() if not trial.gives(path)]
        with ExitStack() as running:
            ours = running.enter_context(service(engine, PLAN))
            bare = running.enter_context(bare_service(engine, PLAN, folder))
            beside = running.enter_context(service(larger, PLAN))
            # What is compared stands side by side: the machine is quicker at one moment than at another.
            compared = {PAGE: (ours, PLAN), BARE: (bare, PLAN), LARGER: (beside, PLAN)}
            places = compared | {name: (ours, path) for name, path in paths.items() if name not in slow}
            measured = by_turns(places, asked.rounds, asked.seconds) | {name: [NEVER] * asked.rounds for name in slow}
            answers = sum(
                load.answers for name, (server, _) in places.items() if server is ours for load in measured[name]
            )
            _ask_on(ours, paths[LINK], asked.requests - answers, asked.seconds)
            _print(measured, asked, first_page, ours.megabytes)


def _seconds_to_first_page(engine: Engine) -> float:
    with service(engine, PLAN) as started:
        return started.first_page


def _paths(engine: Engine) -> Mapping[str, str]:
    """Give the pages of our service that are measured, and where they stand."""
    with unit_of_work(engine) as session:
        owner = person_by_email(session, ONE_OWNER)
        link = LinkMaker("", SECRET).address(session, owner.id, ONE_OWNER, days=14, now=NOW)
    return {
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


def by_turns(places: Mapping[str, tuple[Serving, str]], rounds: int, seconds: float) -> dict[str, Sequence[Load]]:
    """Measure pages by turns, so that all meet the machine in the same mood; each is opened once before."""
    for server, path in places.values():
        server.size(path)
    measured: dict[str, list[Load]] = {name: [] for name in places}
    for turn in range(rounds):
        for name, (server, path) in places.items():
            print(f"\r    round {turn + 1} of {rounds}: {name.strip():40}", end="", flush=True)
            measured[name].append(server.load(path, seconds))
    return dict(measured)


def _ask_on(ours: Serving, path: str, requests: int, seconds: float) -> None:
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
