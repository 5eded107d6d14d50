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
from tracker.people.doer import doer_by_email
from tracker.people.sign_in_models import PersonalToken
from tracker.people.tokens import end_token, last_day, make_token, tokens_of


@click.command("token")
@click.argument("email")
@click.option("--name", default="token", show_default=True, help="What the token is for, to tell it from others.")
@click.option("--end", "ends", is_flag=True, help="End the token of that name instead.")
@click.option("--list", "lists", is_flag=True, help="List the tokens that work instead.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(email: str, name: str, ends: bool, lists: bool, as_json: bool) -> None:
    """Make a personal token for the JSON interface: whoever has it acts as that person, for a year. It is shown once.

    It ends sooner when that person chooses another password or leaves.
    """
    if ends and lists:
        raise FactsWrong("Give --end or --list, not both.")
    if lists:
        _list(email, as_json)
        return
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
        complain(
            "Keep it like a password: it is not shown again, and works for a year. "
            f"`tracker token {email} --end` ends it."
        )


def _list(email: str, as_json: bool) -> None:
    place = open_place()
    with reading(place.engine) as session:
        rows = [_row(token) for token in tokens_of(session, _person(session, email, place.now()), place.now())]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        used = f"last used {row['used_on']}" if row["used_on"] else "never used"
        say(on_one_line(f"{row['name']}  made {row['made_on']}, works until {row['works_until']}, {used}"))
    if not rows:
        say("There is no token.")


def _row(token: PersonalToken) -> dict[str, str | None]:
    return {
        "name": token.name,
        "made_at": token.made_at.isoformat(),
        "made_on": london_day(token.made_at).isoformat(),
        "works_until": last_day(token).isoformat(),
        "used_on": token.used_on.isoformat() if token.used_on else None,
    }


def _person(session: Session, email: str, now: datetime) -> int:
    return doer_by_email(session, email, london_day(now)).id
