"""`tracker serve`: the web application on this machine."""

import gc
import logging
from collections.abc import Callable
from contextlib import nullcontext

import click
import uvicorn

from tracker.commands.place import Place, open_place
from tracker.commands.run_due import links_of, transport_of
from tracker.commands.saying import say
from tracker.errors import Refused
from tracker.reminders.jobs import run_due
from tracker.scheduler import ticking
from tracker.serving import create_service


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="The port to listen on.")
@click.option("--no-scheduler", is_flag=True, help="Leave reminders and post to somebody else.")
def command(host: str, port: int, no_scheduler: bool) -> None:
    """Serve pages and JSON interface. Set TRACKER_SECRET (32 characters or more) first: it signs links in emails.

    With the embedded database it also does, every minute, what `tracker run-due` does.
    """
    place = open_place()
    secret = place.installation.secret
    if secret is None:
        raise Refused(
            "There is no secret to sign links with. Set TRACKER_SECRET to 32 characters or more, chosen by a machine: "
            "`openssl rand -hex 32` writes one.",
            code="bad_setting",
        )
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # It would write a line at every tick.
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    say(f"Serving on http://{host}:{port}. Stop it with Ctrl+C.")
    app = create_service(place.installation, place.engine, secret)
    # Nearly all that a page makes is gone with the page: looking for the rest less often finds as much.
    gc.freeze()
    gc.set_threshold(_MADE_BETWEEN_LOOKS)
    with nullcontext() if no_scheduler or not _is_embedded(place) else ticking(_due(place)):
        # The access log would hold whole addresses, and with them references and tokens.
        uvicorn.run(app, host=host, port=port, log_config=None, access_log=False, server_header=False)


_MADE_BETWEEN_LOOKS = 20_000


def _is_embedded(place: Place) -> bool:
    """Say whether the database belongs to this machine alone; several machines run their scheduler apart."""
    return place.engine.dialect.name == "sqlite"


def _due(place: Place) -> Callable[[], object]:
    transport, links = transport_of(place.installation), links_of(place.installation)
    return lambda: run_due(place.engine, transport, now=place.now(), links=links)
