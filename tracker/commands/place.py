"""Where a command works: the installation with its moment, and its database, checked before it is used."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import Engine, make_url
from sqlalchemy.exc import ArgumentError

from tracker.database import engine_for, explained
from tracker.errors import Refused
from tracker.fitting import must_fit
from tracker.settings import Installation, installation


@dataclass(frozen=True, slots=True)
class Place:
    """The installation a command works in, and the engine of its database."""

    installation: Installation
    engine: Engine

    def now(self) -> datetime:
        """Give the moment by which the command acts."""
        return self.installation.now()


def open_place(*, must_be_ready: bool = True, must_exist: bool = False) -> Place:
    """Open the installation's database; raises `Refused` where it is missing, older or newer than the program.

    Its connections are closed when the command ends.
    """
    settings = installation()
    if must_be_ready or must_exist:
        _must_exist(settings.database_url)
    place = Place(settings, _engine(settings.database_url))
    click.get_current_context().call_on_close(place.engine.dispose)
    if must_be_ready:
        with explained():
            must_fit(place.engine)
    return place


def _engine(url: str) -> Engine:
    try:
        return engine_for(url)
    except ArgumentError:
        raise Refused(
            "TRACKER_DATABASE_URL cannot be read. Write it like sqlite:///tracker.db.", "bad_setting"
        ) from None


def _must_exist(url: str) -> None:
    """Refuse before an empty file is left behind where there is no database."""
    try:
        name = make_url(url).database if url.startswith("sqlite") else None
    except ArgumentError:
        name = None
    if name and name != ":memory:" and not name.startswith("file:") and not Path(name).exists():
        raise Refused(f"There is no database at {name} yet. Run `tracker upgrade` first.", code="database_missing")
