"""Fresh databases of each kind with the people that the deeds need, to measure on."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import sqlalchemy
from sqlalchemy import Engine

from tests import postgres
from tracker.database import engine_for, unit_of_work
from tracker.groups.models import Group, Membership, Partnership
from tracker.people.models import Agency, Person, RoleHolding
from tracker.rows import write
from tracker.upgrading import upgrade

COORDINATOR, EXECUTIVE = "coordinator@bench.example", "executive@bench.example"


def fill(engine: Engine) -> None:
    """Give an empty database the people and bodies that the deeds need."""
    since = date(2020, 1, 1)
    with unit_of_work(engine) as session:
        partnership = write(session, Partnership(code="thscp", name="Tower Hamlets"))
        for name in ("Council", "Integrated Care Board", "Police"):
            write(session, Agency(partnership_id=partnership.id, name=name, is_safeguarding_partner=True))
        group = write(session, Group(partnership_id=partnership.id, code="exec", name="Executive Group"))
        for address, role in ((COORDINATOR, "coordinator"), (EXECUTIVE, "executive")):
            person = write(session, Person(name=role.capitalize(), email=address))
            write(session, RoleHolding(person_id=person.id, partnership_id=partnership.id, role=role, from_on=since))
        write(session, Membership(group_id=group.id, person_id=person.id, from_on=since))


@contextmanager
def databases(kind: str, folder: Path) -> Iterator[Callable[[], Engine]]:
    """Give a maker of fresh, filled databases of one kind."""
    if kind == "sqlite":
        folder = Path(tempfile.mkdtemp(dir=folder))
        template = folder / "template.db"
        engine = engine_for(f"sqlite:///{template}")
        upgrade(engine)
        fill(engine)
        engine.dispose()
        numbers = iter(range(1000))

        def copy() -> Engine:
            path = folder / f"{next(numbers)}.db"
            shutil.copy(template, path)
            return engine_for(f"sqlite:///{path}")

        yield copy
        return
    with postgres.running_server(durable=True) as server:
        admin = sqlalchemy.create_engine(server, isolation_level="AUTOCOMMIT")
        address = sqlalchemy.make_url(server)
        with admin.connect() as connection:
            connection.exec_driver_sql("CREATE DATABASE bench_template")
        engine = engine_for(address.set(database="bench_template").render_as_string(hide_password=False))
        upgrade(engine)
        fill(engine)
        engine.dispose()
        numbers = iter(range(1000))

        def clone() -> Engine:
            name = f"bench_{next(numbers)}"
            with admin.connect() as connection:
                connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE bench_template")
            return engine_for(address.set(database=name).render_as_string(hide_password=False))

        yield clone
        admin.dispose()
