"""`tracker list`: cases, actions, escalations, meetings, clocks, jobs, themes, emails."""

import click

from tracker.clock import london_day
from tracker.commands.answers import print_json
from tracker.commands.by import by_option
from tracker.commands.filters import filters
from tracker.commands.place import open_place
from tracker.commands.saying import say
from tracker.commands.tables import rows_in_words
from tracker.database import reading
from tracker.people.doer import doer_by_email
from tracker.showing.lists import LISTS, list_rows


@click.command("list")
@click.argument("kind", type=click.Choice(list(LISTS)))
@click.option("--where", "wanted", multiple=True, metavar="KEY=VALUE", help="A filter; several are joined by and.")
@by_option("As that person sees it; without it the operator sees all.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(kind: str, wanted: tuple[str, ...], email: str | None, as_json: bool) -> None:
    """List records of one kind; jobs is what Today shows."""
    where = filters(wanted)
    place = open_place()
    with reading(place.engine) as session:
        reader = None if email is None else doer_by_email(session, email, london_day(place.now()))
        rows = list_rows(session, kind, where, reader, place.now())
    if as_json:
        print_json(rows)
    else:
        say(rows_in_words(kind, rows))
