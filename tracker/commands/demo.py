"""`tracker demo`: the main job on real reviews, told as a story."""

from pathlib import Path

import click

from tracker.commands.load import with_bar
from tracker.commands.saying import say
from tracker.demo.story import tell


@click.command("demo")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Where database and emails shall lie.")
@click.option("--no-serve", is_flag=True, help="End after the story; nothing is served yet, so this is what happens.")
def command(out: Path | None, no_serve: bool) -> None:
    """Run the main job on real reviews, in a throw-away database, and print it as a story."""
    tell(out, say, with_bar)
