"""Every page asks the database as often for many records as for few, whatever its number of rows."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from notifications.folder import FolderTransport
from tests.make import NOON, act
from tests.statements import each_statement
from tests.tracker.api.program import SECRET, served
from tests.tracker.conftest import SqliteWorlds
from tests.tracker.multiplying import multiply
from tests.tracker.walking import CARE, CASES, CONTROL, LATER, METHODS, WALK, does, make_walk, person
from tests.tracker.web.addresses import pages
from tests.tracker.web.test_doors import inner_app
from tests.tracker.web.visitor import Visitor
from tracker.api.kinds import ROWS
from tracker.cases.drafts import DecisionDraft
from tracker.cases.models import Case
from tracker.clock import moment_from
from tracker.database import unit_of_work
from tracker.people import sessions
from tracker.people.links import LinkMaker
from tracker.people.queries import person_by_email
from tracker.people.roles import Role
from tracker.policy import doors
from tracker.reminders.jobs import run_due
from tracker.reviews.models import Lead
from tracker.rows import write

OWNER, EXECUTIVE = person("owner"), person("executive")
# Opened by the first of them who may.
READERS = (Role.COORDINATOR, Role.ADMIN, Role.EXECUTIVE, Role.OWNER)
LINKS = LinkMaker("", SECRET)
# The digest of the next meeting has gone, and so have the reminders of the morning.
TODAY = moment_from("2021-06-18T09:00")


def make_full(engine: Engine) -> None:
    """Make the walk, with something more of everything that pages show."""
    make_walk(engine)
    asked = {"agency": CARE, "due_on": "2021-06-10"}
    does(engine, "ask_return", "AT-REVIEW", **asked)
    does(engine, "send_to_national_panel", "AT-RECOMMENDED", on="2021-05-12")
    does(engine, "record_panel_response", "AT-RECOMMENDED", on="2021-05-13", kind="agrees")
    does(engine, "record_delay_notice", "AT-HELD", on="2021-06-01", to="national Panel")
    does(engine, "record_learning_session", "AT-PUBLISHED", on="2021-06-01", attendance={CARE: 3})
    does(engine, "record_method_done", "AT-REVIEW", method=METHODS[0], on="2021-06-01")
    does(engine, "add_closure", "thscp", on="2021-06-21", name="Council closed")
    act(engine, "close_meeting", "M2", by=CONTROL, now=LATER, key_points="We agreed", attendance={CARE: "yes"})
    _actions(engine)
    _escalations(engine)
    with unit_of_work(engine) as session:
        drafted = session.exec(select(Case).where(Case.reference == "AT-RAPID")).one()
        draft = {"version": 1, "body": "{}", "saved_by_id": drafted.id, "saved_at": NOON}
        write(session, DecisionDraft(case_id=drafted.id, stands_for_id=drafted.id, **draft))
    run_due(engine, FolderTransport(Path(f"{engine.url.database}.mail")), now=TODAY, links=LINKS)


def _actions(engine: Engine) -> None:
    owned = {"owner": OWNER, "agency": CARE, "helpers": [person("reviewer")], "themes": ["neglect"]}
    for _ in ("A4", "A5"):
        does(engine, "add_action", "AT-PUBLISHED", text="Ring the schools", due_on="2021-06-10", **owned)
    does(engine, "update_action", "A4", by=OWNER, report="at_risk", text="It is late", evidence="Minutes")
    does(engine, "query_update", "A4", reason="By when?")
    does(engine, "move_due_date", "A5", due_on="2021-06-11", reason="Half-term")
    does(engine, "record_impact", "A5", text="Calls come sooner")


def _escalations(engine: Engine) -> None:
    for title in ("More time", "More room"):
        does(engine, "raise_escalation", group="qap", title=title, ask="May we?", about=["AT-REVIEW", "A1"])
    does(engine, "respond_to_escalation", "E2", by=EXECUTIVE, on="2021-06-01", answer="agreed")


@dataclass
class World:
    """A running service with its visitors; keeps every statement that its database is sent."""

    visitors: Sequence[Visitor]
    links: Sequence[str]
    statements: list[str]

    def asked_for(self, path: str) -> tuple[int, list[str]]:
        """Open a page, and give its status with what the database was asked.

        It is opened twice: the first time may note that it was read, and keeps what never changes.
        """
        reader = next((one for one in self.visitors if one.opens(path).status == 200), self.visitors[0])
        self.statements.clear()
        return reader.opens(path).status, list(self.statements)


@contextmanager
def running(engine: Engine, times: int) -> Iterator[World]:
    """Serve records so many times over."""
    with unit_of_work(engine) as session:
        known = [person_by_email(session, person(role)).id for role in READERS]
        tokens = [sessions.begin(session, number, TODAY, is_whole=True) for number in known]
        asked = session.exec(select(Lead).where(Lead.involvement == "not_known")).one()
        about = {"about": f"AT-HELD/{asked.id}"}
        its = [(OWNER, {}), (person("reviewer"), about)]
        found = [(person_by_email(session, email).id, email, more) for email, more in its]
        links = [LINKS.address(session, number, email, days=14, now=TODAY, **more) for number, email, more in found]
    multiply(engine, times)
    statements: list[str] = []
    with ExitStack() as closing:
        closing.enter_context(each_statement(engine, lambda sql, _values: statements.append(str(sql))))
        base = closing.enter_context(served(engine, TODAY))
        visitors = [closing.enter_context(Visitor(base, token)) for token in tokens]
        yield World(visitors, [str(link) for link in links], statements)


@pytest.fixture(scope="module")
def worlds(sqlite_worlds: SqliteWorlds) -> Iterator[list[World]]:
    """Serve the same records, few and many."""
    with ExitStack() as closing:
        engines = [(sqlite_worlds.copy(make_full, closing), times) for times in (1, 4)]
        yield [closing.enter_context(running(engine, times)) for engine, times in engines]


def _addresses() -> Iterator[str]:
    """Give every page that is opened with GET, those of each case and of each deed, and the records of the programs."""
    yield from (address for address, _ in pages(doors(inner_app())) if "no-such" not in address)
    for case in CASES:
        yield from (f"/cases/{case}", f"/cases/{case}/timeline", f"/cases/{case}/actions", f"/cases/{case}/decision")
    for name, tried in WALK.items():
        deed, of = name.replace("_", "-"), tried.reference
        if of in CASES:
            yield f"/cases/{of}/steps/{deed}"
        elif of is not None and of[0] in "AM":
            yield f"/{'actions' if of[0] == 'A' else 'meetings'}/{of}/{deed}"
    yield from (f"/actions/A{number}" for number in range(2, 6))
    yield from ("/escalations/E2", "/meetings/M2", "/today?show=all", "/cases?status=open", "/actions?status=open")
    yield from (f"/api/{name}" for name in ROWS)
    records = ("cases/AT-REVIEW", "cases/AT-PUBLISHED", "actions/A4", "escalations/E2", "meetings/M1")
    yield from (f"/api/{record}" for record in (*records, "meetings/M1/digest", "partnerships/thscp"))
    yield "/api/years/thscp/2021-22"


OF_A_LINK = ("", "/A1", "/A4", "/not-me", "/emails", "/sent")


@pytest.mark.parametrize("path", sorted(set(_addresses())))
def test_page_asks_as_often_for_many_records_as_for_few(worlds: list[World], path: str) -> None:
    _must_ask_the_same(worlds, [path, path])


@pytest.mark.parametrize("page", OF_A_LINK)
def test_page_of_a_link_asks_as_often_for_many_records_as_for_few(worlds: list[World], page: str) -> None:
    _must_ask_the_same(worlds, [world.links[0] + page for world in worlds])


def test_declaration_asks_as_often_for_many_records_as_for_few(worlds: list[World]) -> None:
    _must_ask_the_same(worlds, [world.links[1] for world in worlds])


def _must_ask_the_same(worlds: list[World], paths: Sequence[str]) -> None:
    """Compare what two worlds are asked; tells the statements of which the larger was sent more."""
    (status, few), (other, many) = (world.asked_for(path) for world, path in zip(worlds, paths, strict=True))
    more = Counter(map(_table_of, many))
    more.subtract(map(_table_of, few))

    assert (status, {table: times for table, times in more.items() if times}) == (other, {})


def _table_of(statement: str) -> str:
    """Give the end of a statement, which names its table: the number of its values may differ."""
    return statement.partition("FROM ")[2].partition(" IN (")[0][:200] or statement[:80]
