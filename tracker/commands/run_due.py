"""`tracker run-due`: does once everything that is due at this moment, then delivers what waits."""

import click

from notifications.transports import Transport, transport_for
from tracker.commands.answers import print_json
from tracker.commands.place import open_place
from tracker.errors import Refused
from tracker.reminders.jobs import run_due


@click.command("run-due")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(as_json: bool) -> None:
    """Do what is due now: reminders, digests, holds to look at again; then deliver the outbox."""
    place = open_place()
    counts = run_due(place.engine, _transport(place.installation.mail), now=place.installation.now())
    if as_json:
        print_json(counts)
        return
    for what, count in counts.items():
        click.echo(f"{count:>6}  {what.replace('_', ' ')}")


def _transport(mail: str) -> Transport:
    try:
        return transport_for(mail)
    except ValueError as wrong:
        raise Refused(f"TRACKER_MAIL cannot be used: {wrong}", code="bad_setting") from None
