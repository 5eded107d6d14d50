"""`tracker import`: a spreadsheet of actions, as a workbook or as comma-separated values."""

from collections.abc import Iterator
from pathlib import Path

import click

from tracker.commands.answers import print_json
from tracker.commands.by import by_option
from tracker.commands.place import open_place
from tracker.commands.progress import over
from tracker.commands.saying import on_one_line, say
from tracker.importing.judging import Outcome
from tracker.importing.plans import Report, import_plan
from tracker.importing.storing import Stored
from tracker.importing.wording import REASONS


@click.command("import")
@click.argument("plan", type=click.Path(path_type=Path), metavar="PLAN")
@by_option("Who imports it: the coordinator.", required=True)
@click.option("--partnership", metavar="ID", help="Know only the reviews of this partnership.")
@click.option("--dry-run", is_flag=True, help="Only say what would become of each row; nothing is kept.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(plan: Path, email: str, partnership: str | None, dry_run: bool, as_json: bool) -> None:
    """Bring in a spreadsheet of actions, .xlsx or .csv; the same file again changes nothing."""
    place = open_place()
    watched = over("Importing actions")
    report = import_plan(
        place.engine, plan, email=email, partnership=partnership, dry_run=dry_run, now=place.now(), watched=watched
    )
    if as_json:
        print_json(report.document())
        return
    for line in _lines(report, dry_run=dry_run):
        say(on_one_line(line), done=not dry_run)


def _lines(report: Report, *, dry_run: bool) -> Iterator[str]:
    yield f"{report.file}: {len(report.rows)} rows" + (" (a trial: nothing was kept)" if dry_run else "")
    for outcome, words in _WORDS.items():
        yield f"{report.count(outcome):6}  {words}"
    yield f"{report.passed_over:6}  other lines passed over"
    for name in report.verdict.hidden_sheets:
        yield f"The hidden sheet {name} was not imported."
    yield from report.notes
    for one, other in report.look_alikes:
        yield f"{one} and {other} may be the same action in other words. Look at them side by side."
    for row in report.rows:
        if row.judged.reasons or row.differences:
            yield f"{_place(row)}: {row.judged.outcome.value}: {_why(row)}"


_WORDS = {
    Outcome.IMPORT: "imported",
    Outcome.FLAG: "imported, to be looked at",
    Outcome.REFUSE: "refused",
    Outcome.RECOGNISED: "known from before",
    Outcome.CHANGED: "known from before and changed since; nothing was changed here",
}


def _place(row: Stored) -> str:
    where = f"{row.judged.sheet}, row {row.judged.number}" if row.judged.sheet else f"row {row.judged.number}"
    return f"{where} ({row.action})" if row.action else where


def _why(row: Stored) -> str:
    said = [f"{reason}: {REASONS[reason]}" for reason in row.judged.reasons]
    return " ".join([*said, *row.differences])
