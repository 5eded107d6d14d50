"""Who asks: found by the session of her browser, or by the token of her program, before anything is read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Engine

from tracker.api.problems import Forged, SignInNeeded
from tracker.clock import london_day
from tracker.database import if_it_can_be, reading, unit_of_work
from tracker.errors import NotFound
from tracker.people import sessions, tokens
from tracker.people.doer import Doer, doer_by_email
from tracker.people.sessions import SignedIn
from tracker.policy import SIGNED_IN, policy_of
from tracker.settings import Installation


@dataclass(frozen=True, slots=True)
class Place:
    """Where the interface works: the installation, its records, and the sessions that the pages began."""

    installation: Installation
    engine: Engine
    cookie: str
    idle: timedelta
    longest: timedelta

    def now(self) -> datetime:
        """Give the moment by which the service acts."""
        return self.installation.now()


def place_of(request: Request) -> Place:
    """Give the place that a request came to."""
    place = request.app.state.place
    assert isinstance(place, Place), "the application is built with its place"
    return place


def enforce(request: Request) -> None:
    """Let nobody through who is not signed in; runs before every route, and before what was sent is read."""
    if policy_of(request.scope["endpoint"]) != SIGNED_IN:
        raise RuntimeError("A route was reached that is not for people who are signed in.")
    place = place_of(request)
    given = request.headers.get("authorization")
    # Who brings a token is judged by it alone: a browser's session would open what the token does not.
    request.state.reader = _by_session(request, place) if given is None else _by_token(place, given)


def _by_token(place: Place, given: str) -> Doer:
    scheme, _, token = given.partition(" ")
    now = place.now()
    with reading(place.engine) as session:
        holder = tokens.holder_of(session, token.strip(), now) if scheme.lower() == "bearer" else None
        if holder is None or holder.email is None:
            raise SignInNeeded(with_token=True)
        try:
            reader = doer_by_email(session, holder.email, london_day(now))
        except NotFound:
            # She has left meanwhile: her tokens end with her time.
            raise SignInNeeded(with_token=True) from None
    if holder.wants_note:
        with if_it_can_be("That a token was used"), unit_of_work(place.engine) as session:
            tokens.note_used(session, holder, now)
    return reader


def _by_session(request: Request, place: Place) -> Doer:
    token, now = request.cookies.get(place.cookie), place.now()
    if not token:
        raise SignInNeeded(with_token=False)
    with reading(place.engine) as session:
        found, reader = sessions.find_reader(session, token, now, place.idle, place.longest)
    if found is None or reader is None:
        raise SignInNeeded(with_token=False)
    if not getattr(request.state, "is_from_here", False):
        raise Forged("This came from another site. Send it from the service, or with a personal token.")
    _note_seen(place, found, now)
    return reader


def _note_seen(place: Place, found: SignedIn, now: datetime) -> None:
    # A message that waits is for the next page she sees, and no program shows it.
    if found.wants_note and found.message is None:
        with if_it_can_be("That somebody was here"), unit_of_work(place.engine) as session:
            sessions.note_seen(session, found.session_id, now)


def reader_of(request: Request) -> Doer:
    """Give the person who asks, with her roles of the day."""
    reader = request.state.reader
    assert isinstance(reader, Doer), "nobody comes here who is not signed in"
    return reader


def moment_of(request: Request) -> datetime:
    """Give the moment at which something is asked for."""
    return place_of(request).now()


Reader = Annotated[Doer, Depends(reader_of)]
Now = Annotated[datetime, Depends(moment_of)]
