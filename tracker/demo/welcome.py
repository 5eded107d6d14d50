"""What somebody reads first who tries the demonstration: where it is served, how she signs in as whom, which links."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from notifications.links import Purpose, path_of, token_of
from tracker.actions.models import Action
from tracker.clock import london_day, uk_clock
from tracker.database import reading
from tracker.demo.cast import PLAYERS
from tracker.demo.sign_ins import SignIns, give_sign_ins
from tracker.demo.words import fitted, heading
from tracker.people.models import Person
from tracker.people.sign_in_models import Link
from workflows.action import OPEN_STATUSES
from workflows.dates import uk_date

# One player for each role, and what she finds in the pages; whoever tries it begins at the top.
_FOR_EACH_ROLE = (
    ("coordinator@thscp.example", "what is due today, every case, every step"),
    ("council@thscp.example", "meetings, decisions, escalations to answer"),
    ("scrutineer@thscp.example", "reads every case, its decisions and reasons"),
    ("social.care@thscp.example", "the actions of the agency, and what is late"),
    ("nadia.brook@thscp.example", "the actions that are hers"),
    ("admin@thscp.example", "people, agencies, settings, emails; no case"),
    ("panel@thscp.example", "what a rapid review recommends"),
    ("quality@thscp.example", "actions and escalations of the quality group"),
    ("reviewer@thscp.example", "the case whose review she leads"),
    ("commissioner@chscp.example", "decides on the reviews of City & Hackney"),
    ("hackney@chscp.example", "agrees to decisions, or objects"),
    ("lead@chscp.example", "reads for the partners of City & Hackney"),
)
# So many of her ten codes are printed: three fit on a line.
_CODES = 3
_FOUR = 4


def welcome(engine: Engine, base_url: str, secret: str, folder: Path, now: datetime) -> Iterator[str]:
    """Give every player who is shown a way to sign in, and the lines that say how."""
    sign_ins = give_sign_ins(engine, [PLAYERS[address] for address, _ in _FOR_EACH_ROLE], now)
    yield from heading("Try it in a browser")
    yield ""
    yield f"  Open      {base_url}"
    yield f"  Password  {sign_ins.password}, the same for everybody below"
    yield "  Code      choose “use a recovery code”, then type one of those below; each works once"
    yield "            or add this key to an authenticator app; its codes fit everybody below:"
    yield f"            {_spaced(sign_ins.key)}"
    yield ""
    yield "  Sign in as one of these (role, name, what the pages hold; email address, codes):"
    yield ""
    yield from _people(sign_ins)
    yield ""
    yield from _links(engine, base_url, secret, now)
    yield ""
    clock = f"The clock here goes on from {uk_date(london_day(now))}, {uk_clock(now)}. "
    yield from fitted(f"{clock}Emails, also those to come, are files in {folder}.", "  ", "  ")


def _people(sign_ins: SignIns) -> Iterator[str]:
    words = dict(_FOR_EACH_ROLE)
    for player, codes in sign_ins.recovery_codes:
        role = player.role.replace("_", " ").capitalize()
        yield f"  {role:<19}  {player.name:<14}  {words[player.address]}"
        yield f"    {player.address:<28}{'  '.join(codes[:_CODES])}"


def _links(engine: Engine, base_url: str, secret: str, now: datetime) -> Iterator[str]:
    """Show the newest link of each kind that opens something: it stands in an email, and needs no sign-in."""
    yield "  Without signing in, by a link that stands in an email:"
    with reading(engine) as session:
        for purpose, what in (
            (Purpose.ACTIONS, "updates her actions"),
            (Purpose.INDEPENDENCE, "says whether she is independent"),
        ):
            found = _newest(session, purpose, now)
            if found is not None:
                link, person = found
                yield f"    {person.name} {what}:"
                yield f"    {base_url}{path_of(purpose, token_of(secret, purpose, link.public_id))}"


def _newest(session: Session, purpose: Purpose, now: datetime) -> tuple[Link, Person] | None:
    living = (Link.purpose == purpose.value, col(Link.ended_at).is_(None), col(Link.expires_at) > now)
    question = select(Link, Person).join(Person, col(Person.id) == Link.person_id).where(*living)
    if purpose is Purpose.ACTIONS:
        busy = select(Action.owner_id).where(col(Action.status).in_(OPEN_STATUSES))
        question = question.where(col(Person.id).in_(busy))
    return session.exec(question.order_by(col(Link.expires_at).desc(), col(Link.id).desc())).first()


def _spaced(key: str) -> str:
    return " ".join(key[place : place + _FOUR] for place in range(0, len(key), _FOUR))
