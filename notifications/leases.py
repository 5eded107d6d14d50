"""Leases: who is at work, for as long as it says so again and again; kept by the clock of the database."""

import logging
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Event, Thread
from typing import Any, Protocol

from sqlalchemy import (
    ColumnElement,
    Float,
    PrimaryKeyConstraint,
    Select,
    cast,
    delete,
    extract,
    func,
    select,
    update,
)
from sqlalchemy.sql.elements import conv
from sqlmodel import Field, Session, SQLModel

from notifications.upserts import insert_into

LOG = logging.getLogger(__name__)


class OpenSession(Protocol):
    """Opens a unit of work that begins by writing; one that makes a single change may say so, which spares time."""

    def __call__(self, *, of_one_statement: bool = False) -> AbstractContextManager[Session]:
        """Open it."""


LEASE_SECONDS = 15.0
_RENEWALS_IN_A_LEASE = 3
_DAY = 86400.0


class Lease(SQLModel, table=True):
    """A name that somebody holds until a moment of the database's clock, in seconds since 1970."""

    __tablename__ = "lease"
    __table_args__ = (PrimaryKeyConstraint("name", name=conv("pk_lease")),)

    name: str = Field(primary_key=True, max_length=120)
    holder: str = Field(max_length=120)
    expires_at: float


TABLE = SQLModel.metadata.tables["lease"]


def new_holder() -> str:
    """Give a name for whoever is at work here, which nobody else has: the machine, the process, and chance."""
    return f"{socket.gethostname()[:80]}:{os.getpid()}:{secrets.token_hex(6)}"


def take(session: Session, name: str, holder: str, seconds: float = LEASE_SECONDS) -> bool:
    """Take a lease that nobody holds, or keep one's own; says whether it is one's own now."""
    connection = session.connection()
    clock = _clock(connection.dialect.name)
    # What ended long ago has nothing to say any more.
    connection.execute(delete(TABLE).where(TABLE.c.expires_at < clock - _DAY))
    fresh = insert_into(TABLE, connection.dialect.name).values(name=name, holder=holder, expires_at=clock + seconds)
    taken = fresh.on_conflict_do_update(
        index_elements=["name"],
        set_={"holder": holder, "expires_at": clock + seconds},
        where=(TABLE.c.expires_at <= clock) | (TABLE.c.holder == holder),
    )
    return connection.execute(taken.returning(TABLE.c.name)).scalar_one_or_none() is not None


def renew(session: Session, name: str, holder: str, seconds: float = LEASE_SECONDS) -> bool:
    """Hold a lease for longer; says whether it was still held. One that ran out is lost, whoever has it now."""
    clock = _clock(session.connection().dialect.name)
    change = (
        update(TABLE)
        .where(TABLE.c.name == name, TABLE.c.holder == holder, TABLE.c.expires_at > clock)
        .values(expires_at=clock + seconds)
        .returning(TABLE.c.name)
    )
    return session.connection().execute(change).scalar_one_or_none() is not None


def give_back(session: Session, name: str, holder: str) -> None:
    """Let a lease go that one holds."""
    session.connection().execute(delete(TABLE).where(TABLE.c.name == name, TABLE.c.holder == holder))


def holders(session: Session) -> Select[Any]:
    """Ask in SQL for everybody who holds a lease at this moment."""
    return holders_on(session.connection().dialect.name)


def holders_on(dialect: str) -> Select[Any]:
    """Ask for the same, on a kind of database."""
    return select(TABLE.c.holder).where(TABLE.c.expires_at > _clock(dialect))


def left(session: Session, holder: str) -> float:
    """Say how many seconds somebody holds a lease still, if nothing more is heard; nothing or less: not any more."""
    clock = _clock(session.connection().dialect.name)
    until = select(func.max(TABLE.c.expires_at) - clock).where(TABLE.c.holder == holder)
    return float(session.connection().execute(until).scalar_one_or_none() or 0.0)


@contextmanager
def held(open_session: OpenSession, name: str, holder: str, seconds: float = LEASE_SECONDS) -> Iterator[bool]:
    """Hold a lease while the block runs, and say so again and again; gives whether it could be taken."""
    with open_session() as session:
        has_it = take(session, name, holder, seconds)
    if not has_it:
        yield False
        return
    ended = Event()
    renewing = Thread(target=_renew_until, args=(ended, open_session, name, holder, seconds), daemon=True)
    renewing.start()
    try:
        yield True
    finally:
        ended.set()
        renewing.join()
        with open_session() as session:
            give_back(session, name, holder)


def _renew_until(ended: Event, open_session: OpenSession, name: str, holder: str, seconds: float) -> None:
    while not ended.wait(seconds / _RENEWALS_IN_A_LEASE):
        try:
            with open_session() as session:
                is_held = renew(session, name, holder, seconds)
        except Exception as fault:
            # The database may be back before the lease is over; if not, whoever writes under it finds it lost.
            LOG.warning("the lease %s could not be renewed (%s); it is tried again", name, type(fault).__name__)
            continue
        if not is_held:
            LOG.warning("the lease %s ran out", name)
            return


def _clock(dialect: str) -> ColumnElement[float]:
    """Give the moment by the database's own clock, in seconds since 1970, as SQL."""
    if dialect == "postgresql":
        return cast(extract("epoch", func.clock_timestamp()), Float)
    return (func.julianday("now") - 2440587.5) * _DAY
