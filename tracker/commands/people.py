"""`tracker people`: adds people, invites them to sign in, lists them, and ends somebody's time."""

import click

from tracker.commands.answers import print_json
from tracker.commands.place import open_place
from tracker.commands.saying import on_one_line, say
from tracker.database import reading, unit_of_work
from tracker.errors import Refused
from tracker.loading.inviting import invite_person
from tracker.loading.leaving import end_person
from tracker.loading.people import NewPerson, add_person
from tracker.loading.roll import list_people


@click.group("people")
def command() -> None:
    """Add people, invite them to sign in, list them, end somebody's time."""


@command.command("add")
@click.option("--name", required=True)
@click.option("--partnership", required=True, help="The partnership's id, like thscp.")
@click.option("--role", "roles", multiple=True, help="May be repeated.")
@click.option("--email", help="Without it nobody writes to her.")
@click.option("--agency", help="An agency of the partnership.")
@click.option("--new-agency", help="An agency that the partnership does not have yet: it is made.")
@click.option("--group", "groups", multiple=True, help="A group she belongs to, like exec or thscp/exec; repeatable.")
@click.option("--chair", "chairs", multiple=True, help="A group she chairs; repeatable.")
@click.option("--post", help="The post she holds; it stays when she leaves.")
@click.option("--deputy", is_flag=True, help="She deputises for the lead of her agency.")
@click.option("--from", "from_day", metavar="DATE", help="From which day; today if it is not said.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def add(
    name: str,
    partnership: str,
    roles: tuple[str, ...],
    email: str | None,
    agency: str | None,
    new_agency: str | None,
    groups: tuple[str, ...],
    chairs: tuple[str, ...],
    post: str | None,
    deputy: bool,
    from_day: str | None,
    as_json: bool,
) -> None:
    """Add a person; the same address again adds roles and groups to the same person."""
    new = NewPerson(name, partnership, roles, email, agency, new_agency, groups, chairs, post, deputy, from_day)
    place = open_place()
    with unit_of_work(place.engine) as session:
        document = add_person(session, new, place.now())
    if as_json:
        print_json(document, done=True)
    else:
        say(on_one_line(f"{document['name']} is added to {partnership}."), done=True)


@command.command("invite")
@click.argument("email")
@click.option("--anew", is_flag=True, help="She has lost password or authenticator: both are taken away first.")
def invite(email: str, anew: bool) -> None:
    """Invite somebody who was added to sign in: an email with a link, which works once, for 7 days."""
    place = open_place()
    secret = place.installation.secret
    if secret is None:
        raise Refused(
            "There is no secret to sign links with. Set TRACKER_SECRET to the one of `tracker serve`.", "bad_setting"
        )
    with unit_of_work(place.engine) as session:
        name = invite_person(session, None, email, secret, now=place.now(), anew=anew).name
    say(on_one_line(f"{name} is invited. The email goes with what is due next, by `tracker run-due`."), done=True)


@command.command("list")
@click.option("--partnership", help="Only of this partnership.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def listed(partnership: str | None, as_json: bool) -> None:
    """List everybody with roles, groups, agency and posts."""
    place = open_place()
    with reading(place.engine) as session:
        people = list_people(session, partnership, place.now())
    if as_json:
        print_json(people)
        return
    for person in people:
        held = ", ".join([*person["roles"], *person["groups"]])
        ended = f"  ended {person['ended_on']}" if person["ended_on"] else ""
        say(on_one_line(f"{person['email'] or '-':<40} {person['name']:<30} {held}{ended}"))
    if not people:
        say("There is nobody yet. Add somebody with `tracker people add`.")


@command.command("end")
@click.argument("email")
@click.option("--passes-to", required=True, metavar="EMAIL", help="Who takes over her actions.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def end(email: str, passes_to: str, as_json: bool) -> None:
    """End somebody's time: roles, groups and access end today, her actions pass on, nothing is deleted."""
    place = open_place()
    with unit_of_work(place.engine) as session:
        document = end_person(session, email, passes_to, place.now())
    if as_json:
        print_json(document, done=True)
    else:
        passed = document["actions"]
        said = f"{document['name']} has left. {len(passed)} actions pass to {document['passes_to']}."
        say(on_one_line(said), done=True)
