"""Who asks: enforces what a route has declared, and gives routes the reader, the moment and the records."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import Depends, Request
from sqlmodel import Session

from notifications.facts import Letterhead
from tracker.database import if_it_can_be, reading, unit_of_work
from tracker.errors import NotAllowed
from tracker.escalations.queries import waiting_for
from tracker.groups.letterheads import letterhead_of
from tracker.people import sessions
from tracker.people.doer import Doer
from tracker.people.sessions import SignedIn
from tracker.policy import Who, policy_of
from tracker.web.house import House, house_of
from tracker.web.turns import READING


class SignInNeeded(Exception):
    """The page is for people who are signed in; the edge sends the visitor to sign in, and back."""


async def request_session(request: Request) -> AsyncIterator[Session]:
    """Give a session that only reads, for as long as the page is put together: also who asks for it is read there."""
    house = house_of(request)
    with reading(house.engine) as session:
        try:
            yield session
        finally:
            if not house.is_embedded:
                # The server is told that nothing more is read, and says that it has understood.
                await run_sync(session.close)


Db = Annotated[Session, Depends(request_session, scope="function")]


async def enforce(request: Request, db: Db) -> None:
    """Let a request through to its route when the visitor is whom the route is for; runs before every route."""
    request.state.signed_in = None
    request.state.reader = None
    request.state.letterhead = None
    request.state.waiting_escalations = 0
    declared = policy_of(request.scope["endpoint"])
    if declared is None:
        raise RuntimeError("A route without a policy was reached.")
    house = house_of(request)
    token = request.cookies.get(house.cookie)
    if token and not declared.knows_nobody:
        await _recognise(request, house, token, db)
    if declared.who in (Who.ANYBODY, Who.LINK):
        return
    signed_in: SignedIn | None = request.state.signed_in
    if signed_in is None or (declared.who is Who.SIGNED_IN and not signed_in.is_whole):
        raise SignInNeeded
    reader: Doer | None = request.state.reader
    held = frozenset[str]().union(*reader.roles.values()) if reader else frozenset[str]()
    is_member = declared.or_members and reader is not None and any(reader.groups.values())
    if declared.roles and not declared.roles & held and not is_member:
        raise NotAllowed("This page is for people with another role. Ask the coordinator if you need it.")


async def _recognise(request: Request, house: House, token: str, db: Session) -> None:
    if request.method not in READING:
        # What is done may be read again afterwards: the route's own reading has not begun yet.
        await run_sync(recognise, request, house, token)
        return
    if house.is_embedded:
        # A few rows of the file beside us: handing them to a thread would take longer than reading them.
        _look_up(request, house, token, db)
    else:
        await run_sync(_look_up, request, house, token, db)
    if _wants_note(request):
        await run_sync(_note, request, house)


def recognise(request: Request, house: House, token: str) -> None:
    """Let a request be one of whoever holds a token; also of a token that its answer gives to the browser."""
    with reading(house.engine) as session:
        _look_up(request, house, token, session)
    if _wants_note(request):
        _note(request, house)


def _look_up(request: Request, house: House, token: str, session: Session) -> None:
    found, reader = sessions.find_reader(session, token, house.now(), house.idle, house.longest)
    if reader is not None:
        request.state.letterhead = _letterhead(session, reader)
        request.state.waiting_escalations = waiting_for(session, reader)
    request.state.signed_in = found
    request.state.reader = reader


def _wants_note(request: Request) -> bool:
    found: SignedIn | None = request.state.signed_in
    return found is not None and (found.wants_note or _shows_message(request, found))


def _note(request: Request, house: House) -> None:
    found: SignedIn = request.state.signed_in
    now = house.now()
    with if_it_can_be("That somebody was here"):
        with unit_of_work(house.engine) as session:
            sessions.note_seen(session, found.session_id, now, shows_message=_shows_message(request, found))
        request.state.signed_in = replace(found, rests_until=now + house.idle)


def _shows_message(request: Request, found: SignedIn) -> bool:
    # The front door only sends on: a message would not be seen there.
    return bool(found.message) and request.method == "GET" and request.url.path != "/"


def _letterhead(session: Session, reader: Doer) -> Letterhead | None:
    """Give the letterhead of the partnership in which she works: the first, where she works in several."""
    return letterhead_of(session, min(reader.roles), reader.day) if reader.roles else None


# These two only look at what is there already: no thread has to be waited for.
async def reader_of(request: Request) -> Doer:
    """Give the person who reads a page, with her roles of the day."""
    reader = request.state.reader
    if not isinstance(reader, Doer):
        raise SignInNeeded
    return reader


async def moment_of(request: Request) -> datetime:
    """Give the moment at which a page is asked for."""
    return house_of(request).now()


Reader = Annotated[Doer, Depends(reader_of)]
Now = Annotated[datetime, Depends(moment_of)]
