"""Who gets through which door: every page, for every role, near to the record, far from it, barred, and signed out."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from sqlalchemy import Engine
from sqlmodel import select

from tests.make import make_agency, make_partnership, make_person
from tests.serving import PATIENCE, WITHOUT_TLS
from tests.tracker.conftest import SqliteWorlds
from tests.tracker.walking import CARE, LATER, NAMED, does, make_walk, person
from tests.tracker.web.addresses import NOT_PAGES, RECORDS, pages
from tests.tracker.web.visitor import SECRET, served
from tracker import web
from tracker.database import unit_of_work
from tracker.groups.models import Partnership
from tracker.people import sessions
from tracker.people.models import Agency
from tracker.people.permissions import ROLES_FOR
from tracker.people.queries import person_by_email
from tracker.people.roles import Role
from tracker.policy import Door, Who, doors, must_all_be_declared
from tracker.settings import Installation
from tracker.web.app import build_inner_app

# Who opens a case of the walk (whoever has to be named on it is), and who opens an action that comes from it.
OPENS = {
    "cases": set(Role) - {Role.OWNER, Role.ADMIN},
    "actions": set(Role) - {Role.ADMIN},
    "escalations": set(Role),
    "meetings": set(Role),
}
HIDDEN_FROM_THE_BARRED = {"cases", "actions"}


def far(role: Role) -> str:
    """Give the address of the person of a role in another partnership."""
    return f"{role}.far@chscp.example"


def barred(role: Role) -> str:
    """Give the address of the person of a role who has declared a conflict."""
    return f"{role}.barred@thscp.example"


ADDRESSES = {"own": person, "other": far, "barred": barred}


def make_relations(engine: Engine) -> None:
    """Make the walk, and beside each of its people one of another partnership and one who is barred from its case."""
    make_walk(engine)
    with unit_of_work(engine) as session:
        here = session.exec(select(Partnership)).one()
        care = session.exec(select(Agency).where(Agency.name == CARE)).one()
        there = make_partnership(session, "chscp")
        far_care = make_agency(session, there, "Hackney Care")
        for role in Role:
            leads = role is Role.AGENCY_LEAD
            make_person(session, there, far(role), role, name=f"Far {role.words}", agency=far_care if leads else None)
            make_person(session, here, barred(role), role, name=f"Barred {role.words}", agency=care if leads else None)
    for role in Role:
        if role in NAMED:
            does(engine, "give_access", RECORDS["cases"], person=barred(role), reason="Takes part")
        does(engine, "declare_conflict", RECORDS["cases"], person=barred(role), reason="Kin")


@dataclass
class World:
    """A running service, and a signed-in visitor for each role and relation."""

    base: str
    visitors: dict[tuple[str, Role], httpx.Client] = field(default_factory=dict)


@pytest.fixture(scope="module")
def world(sqlite_worlds: SqliteWorlds) -> Iterator[World]:
    """Serve the pages to one person of each role in each relation."""
    with ExitStack() as closing:
        engine = sqlite_worlds.copy(make_relations, closing)
        made = World(closing.enter_context(served(engine, LATER)))
        for relation, address in ADDRESSES.items():
            for role in Role:
                with unit_of_work(engine) as session:
                    held = person_by_email(session, address(role))
                    token = sessions.begin(session, held.id, LATER, is_whole=True)
                visitor = httpx.Client(
                    base_url=made.base, cookies={"session": token}, timeout=PATIENCE, verify=WITHOUT_TLS
                )
                made.visitors[relation, role] = closing.enter_context(visitor)
        yield made


def inner_app() -> FastAPI:
    """Build the application as far as its routes go."""
    standing = Installation("sqlite://", "folder:mail", "http://127.0.0.1", LATER, SECRET)
    return build_inner_app(standing, None, SECRET)


PAGES = sorted(pages(doors(inner_app())), key=lambda page: page[0])
# Pages of the administration that are about one record: whoever administers another partnership has none such.
OF_THE_PARTNERSHIP = {address for address, door in PAGES if address.startswith("/admin/") and "{" in door.path} - {
    "/admin/clocks/settings/link.days",
    # Every partnership has this theme.
    "/admin/themes/neglect/rename",
}


def expected(address: str, door: Door, relation: str, role: Role) -> set[int]:
    """Say what somebody is answered: by her role, then by what she may see, then by what she may do."""
    assert door.policy is not None
    if door.policy.who is Who.ANYBODY:
        return {404} if "no-such" in address else {200, 303}
    if door.policy.roles and role not in door.policy.roles:
        return {403}
    if "no-such" in address:
        return {404}
    if relation == "other" and address in OF_THE_PARTNERSHIP:
        return {404}
    if door.path == "/actions/owners/{code}" and relation != "own":
        # Of their open actions, those who are barred see none, and others have none here.
        return {404}
    if "/import/{number}" in door.path:
        # A file on its way in is its sender's alone.
        return {200} if relation == "own" else {404}
    if door.path == "/escalations/dismiss-proposal" and relation != "own":
        return {404}
    if "{pair}" in door.path and relation != "own":
        # Neither those who are barred from the case of the two nor those of another partnership know of them.
        return {404}
    parts = address.removesuffix(".ics").strip("/").split("/")
    if door.path == "/admin/emails/{code}" and role is Role.ADMIN:
        # The one that is asked for is about a record of the process, of which administrators open none.
        return {404}
    if len(parts) < 2 or parts[1] != RECORDS.get(parts[0]):
        return {200, 303}
    is_hidden = relation == "barred" and parts[0] in HIDDEN_FROM_THE_BARRED
    if relation == "other" or is_hidden or role not in OPENS[parts[0]]:
        return {404}
    deed = parts[-1].replace("-", "_")
    if deed in ROLES_FOR:
        return {200} if role in ROLES_FOR[deed] else {403}
    return {200, 303, 403}


@pytest.mark.parametrize(("address", "door"), PAGES, ids=[address for address, _ in PAGES])
def test_page_answers_each_role_as_its_policy_says(world, address, door):
    wrong = {}

    for (relation, role), visitor in world.visitors.items():
        answer = visitor.get(address)
        if answer.status_code not in expected(address, door, relation, role):
            wrong[f"{relation} {role}"] = answer.status_code

    assert wrong == {}


@pytest.mark.parametrize(("address", "door"), PAGES, ids=[address for address, _ in PAGES])
def test_page_sends_whoever_is_not_signed_in_to_sign_in(world, address, door):
    answer = httpx.get(world.base + address, timeout=PATIENCE)

    if door.policy.who is Who.ANYBODY:
        assert answer.status_code in {200, 303, 404}
    else:
        assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/sign-in")


def test_every_door_that_is_written_down_is_walked_through():
    written = sum(
        len(re.findall(r"^@routes\.", path.read_text(), flags=re.MULTILINE))
        for path in Path(web.__file__).parent.rglob("*.py")
    )

    found = [door for door in doors(inner_app()) if not door.path.startswith(NOT_PAGES)]

    assert (len(found), [door.path for door in found if door.policy is None]) == (written, [])


def test_service_does_not_start_with_a_door_that_declares_nothing():
    app = inner_app()
    late = APIRouter()
    late.add_api_route("/forgotten", lambda: None)
    app.include_router(late)

    with pytest.raises(RuntimeError) as refused:
        must_all_be_declared(app)

    assert str(refused.value) == "These routes declare no policy: /forgotten."
