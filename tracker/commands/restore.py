"""`tracker restore`: brings a backup back into an empty store; the post is held until a person releases it."""

from pathlib import Path

import click

from tracker.backups.restoring import restore_backup
from tracker.clock import uk_moment
from tracker.commands.place import open_place
from tracker.commands.progress import bar
from tracker.commands.saying import say
from tracker.database import reading
from tracker.reminders.holding import held_post
from tracker.reminders.restored import plan_what_may_have_gone


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
def command(file: Path) -> None:
    """Bring a backup back into an empty database, all of it or nothing.

    Everybody signs in again, links and personal tokens of before are dead, and no email goes before a coordinator or
    administrator releases the post: `tracker do release-post --by EMAIL`.
    """
    place = open_place(must_be_ready=False)
    now = place.now()
    restored = restore_backup(place.engine, file, now=now, progress=bar("Restoring"))
    # What is due by now may have gone since the backup: it is planned before the post can be released, and so counted.
    plan_what_may_have_gone(place.engine, now)
    with reading(place.engine) as session:
        held = held_post(session)
    say(
        f"Restored {restored.rows:,} rows, as they were on {uk_moment(restored.made_at)}.\n"
        "Everybody has to sign in again; links and personal tokens of before do not work any more.\n"
        f"{'' if held is None else held.sentence} Release it with `tracker do release-post --by EMAIL`.",
        done=True,
    )
