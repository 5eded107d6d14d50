"""`tracker export`: the action plan as a file for a spreadsheet."""

from pathlib import Path

import click

from tracker.clock import london_day
from tracker.commands.by import by_option
from tracker.commands.filters import filters
from tracker.commands.place import open_place
from tracker.commands.saying import on_one_line, say
from tracker.database import reading
from tracker.errors import FactsWrong, Refused
from tracker.facts import storable
from tracker.people.doer import doer_by_email
from tracker.showing.plan_files import write_csv, write_xlsx
from tracker.showing.plan_sheet import sheet_of

_WRITERS = {"csv": write_csv, "xlsx": write_xlsx}


@click.command("export")
@click.argument("kind", type=click.Choice(["actions"]))
@click.option("--format", "form", type=click.Choice(list(_WRITERS)), required=True, help="What kind of file.")
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FILE", help="Where it is written.")
@click.option("--where", "wanted", multiple=True, metavar="KEY=VALUE", help="A filter; several are joined by and.")
@by_option("As that person sees it; without it the operator sees all.")
def command(kind: str, form: str, out: Path, wanted: tuple[str, ...], email: str | None) -> None:
    """Write the plan, with the same filters as `tracker list actions`."""
    where = filters(wanted)
    if not all(storable(value) for value in where.values()):
        raise FactsWrong("A filter holds a character that cannot be kept: type it anew.")
    place = open_place()
    with reading(place.engine) as session:
        reader = None if email is None else doer_by_email(session, email, london_day(place.now()))
        rows = sheet_of(session, where, reader, place.now())
    try:
        _WRITERS[form](out, rows)
    except OSError as fault:
        raise Refused(f"{out} cannot be written: {fault.strerror or fault}.", code="bad_file") from None
    say(on_one_line(f"{len(rows)} {kind} in {out}."), done=True)
