"""`tracker look-alikes`: the whole plan of a partnership compared with itself, and the pairs to decide on."""

import click

from tracker.actions.comparing import compare_whole_plan
from tracker.actions.pairs import waiting_pairs
from tracker.commands.answers import print_json
from tracker.commands.place import open_place
from tracker.commands.progress import over
from tracker.commands.saying import on_one_line, say
from tracker.database import reading
from tracker.groups.queries import every_partnership, partnership_by_code

_MOST = 1_000_000


@click.command("look-alikes")
@click.option("--partnership", metavar="ID", help="Only the plan of this partnership.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(partnership: str | None, as_json: bool) -> None:
    """Compare every action of a plan with every other one, and keep the pairs for the coordinator to decide on.

    Actions are compared within one partnership: across its reviews, agencies and years. What was decided stays decided.
    """
    place = open_place()
    with reading(place.engine) as session:
        known = [partnership_by_code(session, partnership)] if partnership else every_partnership(session)
        wanted = [(one.id, one.code) for one in known]
    rows = []
    for number, code in wanted:
        compare_whole_plan(place.engine, number, watched=over(f"Comparing {code}"))
        with reading(place.engine) as session:
            pairs = waiting_pairs(session, None, _MOST, partnership_id=number)
        rows += [
            {"partnership": code, "one": pair.one, "other": pair.other, "alike": pair.score / 100} for pair in pairs
        ]
    if as_json:
        print_json(rows)
        return
    say(f"{len(rows):,} {'pair looks' if len(rows) == 1 else 'pairs look'} alike", done=True)
    for row in rows:
        say(
            on_one_line(f"{row['one']} and {row['other']} may be the same action in other words ({row['partnership']})")
        )
