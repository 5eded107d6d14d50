"""`tracker show`: one record with its clocks, steps, blockers and history."""

import click

from tracker.cases.reading import note_read
from tracker.clock import london_day
from tracker.commands.answers import print_json
from tracker.commands.by import by_option
from tracker.commands.place import open_place
from tracker.commands.saying import say
from tracker.commands.wording import in_words
from tracker.database import reading
from tracker.people.doer import Doer, doer_by_email
from tracker.showing.show import READS_A_CASE, SHOWS, show


@click.command("show")
@click.argument("kind", type=click.Choice(list(SHOWS)))
@click.argument("reference")
@by_option("As that person sees it; without it the operator sees all.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(kind: str, reference: str, email: str | None, as_json: bool) -> None:
    """Show one record: a digest by its meeting (M3), a year as thscp/2020-21."""
    place = open_place()
    reader: Doer | None = None
    with reading(place.engine) as session:
        if email is not None:
            reader = doer_by_email(session, email, london_day(place.now()))
        document = show(session, kind, reference, reader, place.now())
    if reader is not None and kind in READS_A_CASE:
        note_read(place.engine, reader.id, document["reference"], place.now())
    if as_json:
        print_json(document)
    else:
        say(in_words(kind, document))
