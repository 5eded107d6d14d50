"""`tracker serve`: the web application on this machine."""

from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

import click
import uvicorn

from tracker.commands.ending import at_its_end
from tracker.commands.garbage import leave_alone
from tracker.commands.place import Place, open_place
from tracker.commands.saying import say
from tracker.commands.schedule import log_to_the_end, post_room
from tracker.errors import Refused
from tracker.scheduler import jobs_of, ticking
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
    log_to_the_end()
    say(f"Serving on http://{host}:{port}. Stop it with Ctrl+C.")
    app = create_service(place.installation, place.engine, secret)
    leave_alone()
    server = uvicorn.Server(uvicorn.Config(app, host=host, port=port, **_SERVER))
    is_alone = not no_scheduler and _is_embedded(place)
    # The server gives the sign of the end on when it has ended: without this it would end the scheduler in mid-air.
    with (
        at_its_end(lambda *_: setattr(server, "should_exit", True)),
        ticking(jobs_of(post_room(place))) if is_alone else nullcontext(),
    ):
        server.run()


_SERVER: Mapping[str, Any] = {
    "log_config": None,
    # It would hold whole addresses, and with them references and tokens.
    "access_log": False,
    "server_header": False,
    # Seconds: whoever still fetches a file then asks again for it.
    "timeout_graceful_shutdown": 20,
}


def _is_embedded(place: Place) -> bool:
    """Say whether the database belongs to this machine alone; several machines run their scheduler apart."""
    return place.engine.dialect.name == "sqlite"
