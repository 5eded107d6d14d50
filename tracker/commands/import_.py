"""`tracker import`: a spreadsheet of actions, as a workbook or as comma-separated values."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from tracker.commands.answers import print_json
from tracker.commands.by import by_option
from tracker.commands.place import open_place
from tracker.commands.progress import over
from tracker.commands.saying import on_one_line, say
from tracker.errors import Refused
from tracker.importing.choosing import read_choices
from tracker.importing.plans import Wishes, import_plan
from tracker.importing.reporting import Report, write_report
from tracker.importing.settling import Stored
from tracker.importing.verdicts import Outcome
from tracker.importing.wording import REASONS


@click.command("import")
@click.argument("plan", type=click.Path(path_type=Path), metavar="PLAN")
@by_option("Who imports it: the coordinator.", required=True)
@click.option("--partnership", metavar="ID", help="Know only the reviews of this partnership.")
@click.option("--review", default="", metavar="REF", help="What the rows come from, where no column says it.")
@click.option("--map", "chosen", multiple=True, metavar="SHEET:HEADING=FIELD", help="What it means; - is nothing.")
@click.option("--leave-out", multiple=True, metavar="ROW", help="A row that is not imported: Sheet!7, or 7.")
@click.option("--accept", multiple=True, metavar="all|ROW", help="Take over what a row says differently: A12, Sheet!7.")
@click.option("--reject", multiple=True, metavar="all|ROW", help="Never propose again what a row says differently.")
@click.option("--copy-of", default="", metavar="WHOSE", help="Whose copy of the plan it is, for the history.")
@click.option("--report", type=click.Path(path_type=Path), metavar="FILE", help="Write the report, .xlsx or .csv.")
@click.option("--dry-run", is_flag=True, help="Only say what would become of each row; nothing is kept.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(
    plan: Path,
    email: str,
    partnership: str | None,
    review: str,
    chosen: tuple[str, ...],
    leave_out: tuple[str, ...],
    accept: tuple[str, ...],
    reject: tuple[str, ...],
    copy_of: str,
    report: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Bring in a spreadsheet of actions, .xlsx or .csv; the same file again changes nothing."""
    wishes = Wishes(partnership, read_choices(chosen), leave_out, accept, reject, copy_of.strip()[:200], review=review)
    place = open_place()
    watched = over("Importing actions")
    found = import_plan(
        place.engine, plan, email=email, dry_run=dry_run, now=place.now(), wishes=wishes, watched=watched
    )
    if report is not None:
        _write(report, found)
    if as_json:
        print_json(found.document())
        return
    for line in _lines(found, dry_run=dry_run):
        say(on_one_line(line), done=not dry_run)


def _write(path: Path, found: Report) -> None:
    try:
        write_report(path, found.document(with_originals=True))
    except OSError as fault:
        raise Refused(f"{path} cannot be written: {fault.strerror or fault}.", code="bad_file") from None


def _lines(report: Report, *, dry_run: bool) -> Iterator[str]:
    yield f"{report.file}: {len(report.rows)} rows" + (" (a trial: nothing was kept)" if dry_run else "")
    for outcome, words in _WORDS.items():
        if outcome is not Outcome.LEFT_OUT or report.count(outcome):
            yield f"{report.count(outcome):6}  {words}"
    yield f"{report.passed_over:6}  other lines passed over"
    for name in report.verdict.hidden_sheets:
        yield f"The hidden sheet {name} was not imported."
    for name in report.without_header:
        yield f"On the sheet {name} no line of headings was found: nothing of it was imported."
    yield from report.notes
    for one, other in report.look_alikes:
        yield f"{one} and {other} may be the same action in other words. Look at them side by side."
    for row in report.rows:
        if row.judged.reasons or row.differences:
            yield f"{_place(row)}: {row.judged.outcome.value}: {_why(row)}"


_WORDS: Mapping[Outcome, str] = {
    Outcome.IMPORT: "imported",
    Outcome.FLAG: "imported, to be looked at",
    Outcome.REFUSE: "refused",
    Outcome.RECOGNISED: "known from before",
    Outcome.CHANGED: "known from before and changed since",
    Outcome.LEFT_OUT: "left out",
}


def _place(row: Stored) -> str:
    where = f"{row.judged.sheet}, row {row.judged.number}" if row.judged.sheet else f"row {row.judged.number}"
    return f"{where} ({row.action})" if row.action else where


def _why(row: Stored) -> str:
    said = [f"{reason}: {REASONS[reason]}" for reason in row.judged.reasons]
    return " ".join([*said, *(f"{one}." for one in row.differences), *_became(row)])


def _became(row: Stored) -> Iterator[str]:
    if row.accepted:
        yield "Taken over."
    elif row.refused_why:
        yield f"Not taken over: {row.refused_why}"
    elif row.is_stale:
        yield "The action was changed here since the copy was made. Look at both, and accept it by itself."
    elif row.differences:
        yield f"Nothing was changed here: --accept {row.action} takes it over."
