"""`tracker do`: does one deed as a person and shows the record as it stands then."""

import click

from tracker.clock import london_day
from tracker.commands.answers import print_json
from tracker.commands.by import by_option
from tracker.commands.facts import read_facts_option
from tracker.commands.place import Place, open_place
from tracker.commands.saying import say
from tracker.commands.wording import in_words
from tracker.database import reading
from tracker.doing import deed_named, do
from tracker.intents import Done, seen_by
from tracker.people.doer import doer_by_email
from tracker.showing.show import Document


@click.command("do")
@click.argument("deed")
@click.argument("reference", required=False)
@by_option("Who does it.", required=True)
@click.option("--facts", default="{}", metavar="JSON|@FILE|-", help="The facts of the deed.")
@click.option("--seen", type=int, metavar="VERSION", help="Refuse when the record has changed since this version.")
@click.option("--intent", metavar="ID", help="Repeated with the same id, it answers as the first time.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(
    deed: str, reference: str | None, email: str, facts: str, seen: int | None, intent: str | None, as_json: bool
) -> None:
    """Do one deed as that person. `tracker deeds` lists them all."""
    known = deed_named(deed)
    given, name = read_facts_option(facts, known.largest), known.name
    place = open_place()
    done = do(place.engine, name, reference, email=email, facts=given, now=place.now(), seen=seen, intent=intent)
    document = done.answer or _as_it_stands(place, done, email)
    if as_json:
        print_json(document or {"reference": done.reference}, done=True)
    elif document:
        say(in_words(done.kind, document), done=True)
    else:
        say(f"Done: {done.reference}.", done=True)


def _as_it_stands(place: Place, done: Done, email: str) -> Document | None:
    """Give the record after the deed; nothing for somebody who has just declared a conflict of her own."""
    with reading(place.engine) as session:
        doer = doer_by_email(session, email, london_day(place.now()))
        return seen_by(session, doer, done, place.now())
