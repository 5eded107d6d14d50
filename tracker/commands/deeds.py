"""`tracker deeds`: every deed with the schema of its facts and the roles that may do it."""

import click

from tracker.commands.answers import print_json
from tracker.commands.saying import say
from tracker.deeds import DEEDS
from tracker.people.permissions import ROLES_FOR


@click.command("deeds")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(as_json: bool) -> None:
    """List every deed: its name, the JSON Schema of its facts, the roles that may do it."""
    if as_json:
        print_json(
            [
                {
                    "name": deed.command,
                    "about": deed.about.value,
                    "schema": deed.facts.model_json_schema(),
                    "roles": sorted(ROLES_FOR[deed.name]),
                }
                for deed in DEEDS.values()
            ]
        )
        return
    for deed in DEEDS.values():
        fields = [f"{name}{'' if field.is_required() else '?'}" for name, field in deed.facts.model_fields.items()]
        say(f"{deed.command}  ({deed.about.value})")
        say(f"    facts: {', '.join(name for name in fields if name != 'confirmed?') or 'none'}")
        say(f"    roles: {', '.join(sorted(ROLES_FOR[deed.name]))}")
