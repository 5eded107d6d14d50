"""A whole plan comes in from a file: read, understood, judged and stored, or only tried."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from tracker import history
from tracker.actions.comparing import pairs_decided, pairs_with_plans
from tracker.actions.likeness import look_alikes
from tracker.clock import london_day
from tracker.database import reading, unit_of_work
from tracker.errors import Refused
from tracker.groups.queries import partnership_by_code
from tracker.importing.judging import Outcome, Verdict, judge
from tracker.importing.kinds import Kind
from tracker.importing.naming import known_reviews
from tracker.importing.reading import read_file
from tracker.importing.storing import Stored, Watched, store
from tracker.people.doer import doer_by_email


@dataclass(frozen=True)
class Report:
    """What became of a file, row by row: the same after a trial as after the import itself."""

    file: str
    verdict: Verdict
    rows: Sequence[Stored]
    notes: Sequence[str]
    look_alikes: Sequence[tuple[str, str]] = ()

    @property
    def passed_over(self) -> int:
        """Count the lines that hold no action."""
        return sum(self.verdict.passed_over.values())

    def count(self, outcome: Outcome) -> int:
        """Count the rows of which this became."""
        return sum(row.judged.outcome is outcome for row in self.rows)

    def document(self) -> Mapping[str, Any]:
        """Give the report as `tracker import --json` prints it."""
        return {
            "file": self.file,
            "seen": len(self.rows),
            "imported": self.count(Outcome.IMPORT),
            "flagged": self.count(Outcome.FLAG),
            "refused": self.count(Outcome.REFUSE),
            "recognised": self.count(Outcome.RECOGNISED),
            "changed": self.count(Outcome.CHANGED),
            "passed_over": self.passed_over,
            "lines_passed_over": {kind.value: count for kind, count in self.verdict.passed_over.items()},
            "hidden_sheets": list(self.verdict.hidden_sheets),
            "notes": list(self.notes),
            "rows": [_row(stored) for stored in self.rows],
            "look_alikes": [list(pair) for pair in self.look_alikes],
        }


_NO_HEADER = (
    "No sheet has a header. Above the rows there must be a heading for the action (Action, Action required, "
    "Recommendation / Action or Outcome) and at least three more, such as Review, Owner, Target date and Status."
)


class _OnlyTried(Exception):
    """The report is made, and nothing of it is kept."""


def import_plan(
    engine: Engine,
    path: Path,
    *,
    email: str,
    partnership: str | None,
    dry_run: bool,
    now: datetime,
    watched: Watched = iter,
) -> Report:
    """Import a file of actions whole, or only try it; both give the same report.

    Raises `Refused` for a file that cannot be read, `NotFound` or `NotAllowed`; then nothing is kept.
    """
    file = read_file(path)
    # Nobody else waits while the rows are judged.
    with reading(engine) as session:
        by = doer_by_email(session, email, london_day(now))
        of = None if partnership is None else partnership_by_code(session, partnership).id
        verdict = judge(file.sheets, known_reviews(session, by, of))
    if Kind.HEADER not in verdict.passed_over:
        raise Refused(f"{path.name}: {_NO_HEADER} Nothing was imported.", code="bad_file")
    report: Report | None = None
    try:
        with unit_of_work(engine) as session:
            by = doer_by_email(session, email, london_day(now))
            rows = store(session, verdict.rows, path.name, now=now, by=by, watched=watched)
            report = Report(path.name, verdict, rows, file.notes, _look_alikes(session, rows))
            if dry_run:
                raise _OnlyTried
            session.flush()
            history.write_noted(session)
    except _OnlyTried:
        pass
    assert report is not None, "it is made before the end of the unit of work"
    return report


def _look_alikes(session: Session, rows: Sequence[Stored]) -> Sequence[tuple[str, str]]:
    """Give the pairs that likely mean the same and that nobody has decided on (K12): in the file, and with the plan.

    Those of one partnership are kept, for its coordinator to decide on.
    """
    texts = {
        row.action: row.judged.understood.action
        for row in rows
        if row.action is not None and row.judged.understood is not None
    }
    new = [row.action for row in rows if row.action is not None and row.judged.outcome in _STORED]
    with_plan = pairs_with_plans(session, new)
    decided = pairs_decided(session, texts)
    in_file = [(pair.one, pair.other) for pair in look_alikes(texts)]
    found = dict.fromkeys((*in_file, *with_plan))
    return [pair for pair in found if frozenset(pair) not in decided]


_STORED = (Outcome.IMPORT, Outcome.FLAG)


def _row(stored: Stored) -> Mapping[str, Any]:
    judged = stored.judged
    found: dict[str, Any] = {
        "sheet": judged.sheet,
        "row": judged.number,
        "outcome": judged.outcome.value,
        "reasons": list(judged.reasons),
        "case": stored.case,
        "action": stored.action,
    }
    return found | ({"differences": list(stored.differences)} if stored.differences else {})
