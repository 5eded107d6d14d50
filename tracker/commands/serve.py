"""`tracker serve`: the web application on this machine."""

import logging

import click
import uvicorn

from tracker.commands.place import open_place
from tracker.commands.saying import say
from tracker.errors import Refused
from tracker.serving import create_service


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="The port to listen on.")
def command(host: str, port: int) -> None:
    """Serve pages and JSON interface. Set TRACKER_SECRET (32 characters or more) first: it signs links in emails."""
    place = open_place()
    secret = place.installation.secret
    if secret is None:
        raise Refused(
            "There is no secret to sign links with. Set TRACKER_SECRET to 32 characters or more, chosen by a machine: "
            "`openssl rand -hex 32` writes one.",
            code="bad_setting",
        )
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    say(f"Serving on http://{host}:{port}. Stop it with Ctrl+C.")
    app = create_service(place.installation, place.engine, secret)
    # The access log would hold whole addresses, and with them references and tokens.
    uvicorn.run(app, host=host, port=port, log_config=None, access_log=False, server_header=False, date_header=True)
