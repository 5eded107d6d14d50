"""`tracker backup`: everything in one file, while the service runs."""

from pathlib import Path

import click

from tracker.backups.writing import write_backup
from tracker.commands.place import open_place
from tracker.commands.progress import bar
from tracker.commands.saying import on_one_line, say


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
def command(file: Path) -> None:
    """Write everything into one new file, while the service runs: records, files, history, the outbox.

    The file holds what the database holds, in the clear: keep it where only those may read it who may read that.
    """
    place = open_place()
    made = write_backup(place.engine, file, now=place.now(), progress=bar("Writing the backup"))
    rows = f"{made.rows:,} row{'' if made.rows == 1 else 's'}"
    say(f"{on_one_line(str(file))}: {rows} in {len(made.parts)} tables, all of one moment.", done=True)
