"""`tracker token`: a personal token for the JSON interface, shown once; which there are; the end of one."""

from datetime import datetime

import click
from sqlmodel import Session

from tracker.clock import london_day
from tracker.commands.answers import print_json
from tracker.commands.place import open_place
from tracker.commands.saying import complain, on_one_line, say
from tracker.database import reading, unit_of_work
from tracker.errors import FactsWrong
from tracker.facts import is_one_line, storable, visible
from tracker.people.doer import doer_by_email
from tracker.people.tokens import end_token, make_token, tokens_of

LONGEST_NAME = 100


@click.command("token")
@click.argument("email")
@click.option("--name", default="token", show_default=True, help="What the token is for, to tell it from others.")
@click.option("--end", "ends", is_flag=True, help="End the token of that name instead.")
@click.option("--list", "lists", is_flag=True, help="List the tokens that have not ended instead.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(email: str, name: str, ends: bool, lists: bool, as_json: bool) -> None:
    """Make a personal token for the JSON interface: whoever has it acts as that person. It is shown once."""
    if ends and lists:
        raise FactsWrong("Give --end or --list, not both.")
    if lists:
        _list(email, as_json)
        return
    _must_be_a_name(name)
    place = open_place()
    with unit_of_work(place.engine) as session:
        person_id = _person(session, email, place.now())
        token = None if ends else make_token(session, person_id, name, place.now())
        if ends:
            end_token(session, person_id, name, place.now())
    if as_json:
        print_json({"name": name, "token": token}, done=True)
    elif token is None:
        say(on_one_line(f"The token {name!r} has ended."), done=True)
    else:
        # Alone on its line, so that a script takes it as it is.
        say(token, done=True)
        complain(f"Keep it like a password: it is not shown again. `tracker token {email} --end` ends it.")


def _list(email: str, as_json: bool) -> None:
    place = open_place()
    with reading(place.engine) as session:
        tokens = tokens_of(session, _person(session, email, place.now()))
        rows = [{"name": token.name, "made_at": token.made_at.isoformat()} for token in tokens]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        say(on_one_line(f"{row['made_at'][:10]}  {row['name']}"))
    if not rows:
        say("There is no token.")


def _person(session: Session, email: str, now: datetime) -> int:
    return doer_by_email(session, email, london_day(now)).id


def _must_be_a_name(name: str) -> None:
    if not name.strip() or len(name) > LONGEST_NAME or not (storable(name) and visible(name) and is_one_line(name)):
        raise FactsWrong(f"Write the name of the token on one line, with {LONGEST_NAME} characters or fewer.")
