"""`tracker upgrade`: creates the tables or brings them up to date."""

import click

from tracker.commands.place import open_place
from tracker.commands.saying import say
from tracker.database import explained
from tracker.upgrading import upgrade


@click.command("upgrade")
def command() -> None:
    """Create the tables or bring them up to date; safe to repeat."""
    place = open_place(must_be_ready=False)
    with explained():
        upgrade(place.engine)
    say("The database is up to date.", done=True)
