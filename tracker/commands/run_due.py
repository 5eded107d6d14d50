"""`tracker run-due`: does once everything that is due at this moment, then delivers what waits."""

from collections.abc import Sequence

import click

from notifications import outbox
from notifications.outbox import Message
from notifications.transports import Transport
from notifications.ways_out import PostSettings, transport_for
from tracker.clock import uk_clock
from tracker.commands.answers import print_json
from tracker.commands.place import open_place
from tracker.commands.saying import complain, say
from tracker.database import reading
from tracker.errors import Refused
from tracker.people.links import LinkMaker
from tracker.reminders.holding import held_post
from tracker.reminders.jobs import run_due
from tracker.settings import Installation


@click.command("run-due")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(as_json: bool) -> int:
    """Do what is due now: reminders, digests, holds to look at again; then deliver the outbox.

    The exit status is 1 while emails wait because they could not go, or because the post is held.
    """
    place = open_place()
    now = place.now()
    counts = run_due(
        place.engine,
        transport_of(place.installation),
        now=now,
        links=links_of(place.installation),
        waits_for_the_dead=True,
    )
    with reading(place.engine) as session:
        resting = outbox.turned_away(session, now)
        held = held_post(session)
    if held is not None:
        complain(f"{held.sentence} Release it with `tracker do release-post --by EMAIL`.")
    elif resting:
        complain(_waits(resting))
    if as_json:
        print_json(counts, done=True)
    else:
        say("\n".join(f"{count:>6}  {what.replace('_', ' ')}" for what, count in counts.items()), done=True)
    return 1 if resting or held else 0


def _waits(resting: Sequence[Message]) -> str:
    """Say why emails wait, and what to do."""
    count = "1 email waits" if len(resting) == 1 else f"{len(resting)} emails wait"
    again = max(message.not_before for message in resting)
    return (
        f"{count}: {resting[0].last_error} Nothing is lost: put it right, or name another way in TRACKER_MAIL, and run "
        f"`tracker run-due` again after {uk_clock(again)}."
    )


def links_of(settings: Installation) -> LinkMaker | None:
    """Give what makes the links in emails; without a secret they hold none and ask for a reply."""
    return None if settings.secret is None else LinkMaker(settings.base_url, settings.secret)


def transport_of(settings: Installation) -> Transport:
    """Give the way by which emails go; raises `Refused` for one that there is not."""
    try:
        return transport_for(settings.mail, PostSettings(settings.mail_from, settings.notify))
    except ValueError as wrong:
        raise Refused(f"TRACKER_MAIL cannot be used: {wrong}", code="bad_setting") from None
