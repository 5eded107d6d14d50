"""`tracker load`: partnerships and reviews from files of the form of `partnerships.json` and `cases.json`."""

from pathlib import Path

import click

from tracker.commands.place import open_place
from tracker.commands.progress import over
from tracker.commands.saying import on_one_line, say
from tracker.loading.files import load_file


@click.command("load")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
def command(files: tuple[Path, ...]) -> None:
    """Load files of the form of partnerships.json and cases.json; repeating it doubles nothing."""
    place = open_place()
    for file in files:
        said = load_file(place.engine, file, place.now(), over("Loading cases"))
        say(f"{on_one_line(file.name)}: {said}", done=file is files[-1])
