"""`tracker status`: whether all is well, for a person or for a program that watches."""

import click

from tracker.commands.answers import print_json
from tracker.commands.place import open_place
from tracker.commands.saying import complain, on_one_line, say
from tracker.commands.schedule import how_it_stands
from tracker.showing.health import health_of


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(as_json: bool) -> int:
    """Say whether all is well: database, clocks, when each job last ran, what waits and since when.

    The exit status is 1 while something is not well; each such thing is a sentence.
    """
    place = open_place(must_be_ready=False, must_exist=True)
    health = health_of(place.engine, place.now())
    for problem in health.problems:
        complain(problem)
    if as_json:
        print_json(health.document())
    else:
        for line in how_it_stands(health):
            say(on_one_line(line))
        if health.line is not None:
            say(f"In doubt: {health.line.uncertain}. Failed: {health.line.failed}. Held: {health.line.held}.")
        say("All is well." if health.is_well else "Not all is well.")
    return 0 if health.is_well else 1
