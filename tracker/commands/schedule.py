"""`tracker schedule`: the scheduler and the post alone, for installations of several machines."""

import logging
from collections.abc import Iterator
from urllib.parse import urlsplit

import click
from sqlalchemy import Engine

from tracker.clock import uk_moment
from tracker.commands.ending import Ending, at_its_end
from tracker.commands.place import Place, open_place
from tracker.commands.run_due import links_of, transport_of
from tracker.commands.saying import complain, on_one_line, say
from tracker.errors import Refused
from tracker.reminders.jobs import PostRoom
from tracker.reminders.runs import work_of
from tracker.scheduler import jobs_of, ticking
from tracker.showing.health import Health, health_of


@click.command("schedule")
def command() -> None:
    """Plan reminders and digests, and deliver the post, every minute until it is stopped.

    Any number of these may run, on any number of machines, over one database.
    """
    place = open_place()
    _must_have_a_clock_that_goes(place)
    ending = Ending()
    with at_its_end(ending.ask_for_it):
        room = post_room(place)
        log_to_the_end()
        for line in _what_it_does(place):
            say(on_one_line(line))
        with ticking(jobs_of(room)):
            ending.wait()
    say("Stopped. What was in hand is finished; what waits goes when it is started again.")


def post_room(place: Place) -> PostRoom:
    """Give the post room of an installation; raises `Refused` where its mail has no way out."""
    transport, links = transport_of(place.installation), links_of(place.installation)
    return PostRoom(place.engine, transport, place.now, links)


def log_to_the_end() -> None:
    """Write what happens on standard error; not each tick."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # It would write a line at every tick, and one for each that comes while a long round goes on.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    # It would write the address of every request to the mail service.
    logging.getLogger("httpx").setLevel(logging.WARNING)


def _must_have_a_clock_that_goes(place: Place) -> None:
    if place.installation.standing_still_at is not None:
        raise Refused(
            "The clock stands still at TRACKER_NOW, so nothing would ever become due. Take TRACKER_NOW away, or do "
            "what is due at that moment once with `tracker run-due`.",
            code="clock_stands_still",
        )


def _what_it_does(place: Place) -> Iterator[str]:
    """Say what runs, where and how, without anything that is secret; then how it stands."""
    yield "Planning reminders and digests and delivering the post, every minute. Stop it with Ctrl+C."
    yield f"Database: {_database(place.engine)}."
    yield way_in_words(place.installation.mail)
    health = health_of(place.engine, place.now())
    yield from how_it_stands(health)
    for problem in health.problems:
        complain(problem)


def how_it_stands(health: Health) -> Iterator[str]:
    """Say when each job ran last, and what waits."""
    for run in health.runs.values():
        yield f"{work_of(run.job)} was last done on {uk_moment(run.began_at)}."
    if not health.runs:
        yield "No scheduler has run on this database yet."
    if health.line is not None:
        since = health.line.oldest_since
        oldest = "" if since is None else f", the oldest since {uk_moment(since)}"
        yield f"Emails that wait: {health.line.waiting}{oldest}."


def _database(engine: Engine) -> str:
    url = engine.url
    if engine.dialect.name == "sqlite":
        return f"the file {url.database}"
    return f"{url.database} on the PostgreSQL server {url.host or 'of this machine'}"


def way_in_words(mail: str) -> str:
    """Say how emails leave, by the kind of the way and its host or folder: what stands beside them may be a secret."""
    scheme, _, rest = mail.partition(":")
    if scheme.lower() == "folder":
        return f"Emails are written into the folder {rest}."
    if scheme.lower() == "notify":
        return "Emails go by GOV.UK Notify."
    return f"Emails go by {scheme.upper()}, to {urlsplit(mail).hostname}."
