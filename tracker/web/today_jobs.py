"""The jobs of a day as Today shows them: by urgency, each a link that starts with a verb."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from tracker.showing.email_jobs import IN_DOUBT, NOT_GONE, WITHOUT_END
from tracker.showing.escalation_jobs import PASS_ON, PROPOSED
from tracker.web.deed_links import link_of, reflection_link
from workflows.deadlines import counted
from workflows.vocabulary import stage_words
from workflows.wording import listed

Row = dict[str, Any]

SOON = 5
# Of these somebody else's answer is waited for: they stand under what is waited for, and are no work of hers yet.
_OF_OTHERS = ("independence",)
_OF_EMAILS = (IN_DOUBT, NOT_GONE, WITHOUT_END)
# The reflections by the clocks that run until they are held.
_REFLECTIONS = {"reflection_6m": "6m", "reflection_12m": "12m", "update_report": "update"}


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to do: a link that starts with a verb, what it is about, why, and by when."""

    words: str
    link: str
    about: str
    why: str
    number: str
    unit: str
    due: str | None
    kind: str
    missing_link: str = ""


@dataclass(frozen=True, slots=True)
class Jobs:
    """The jobs of a day by urgency."""

    overdue: Sequence[Job]
    soon: Sequence[Job]
    later: Sequence[Job]

    @property
    def next_dated(self) -> Job | None:
        """Give the first of the later jobs that has a date."""
        return next((job for job in self.later if job.due and job.number), None)


def jobs_by_urgency(rows: Sequence[Row], cases: Sequence[Row], waiting: Sequence[Row]) -> Jobs:
    """Part jobs by their dates, without those of which somebody else's answer is waited for."""
    stages = {row["reference"]: row["stage"] for row in cases}
    missing: dict[str, list[str]] = {}
    for row in waiting:
        if row["code"] == "return":
            missing.setdefault(row["case"], []).append(row["who"])
    hers = [row for row in rows if not _is_of_others(row)]
    parts: dict[str, list[Job]] = {"overdue": [], "soon": [], "later": []}
    for row in hers:
        parts[_part(row)].append(_job(row, stages, missing))
    return Jobs(**parts)


def _part(row: Row) -> str:
    if row["late_by"] is not None:
        return "overdue"
    left = row["working_days_left"]
    return "soon" if left is not None and left <= SOON else "later"


def _is_of_others(row: Row) -> bool:
    if row["code"] == "return":
        return row["late_by"] is None
    return row["code"] in _OF_OTHERS


def _job(row: Row, stages: Mapping[str, int], missing: Mapping[str, Sequence[str]]) -> Job:
    number, unit = _counted(row)
    gone = missing.get(row["case"], ()) if row["code"] == "rapid_review" else ()
    return Job(
        words=row["sentence"].removesuffix("."),
        link=_link(row),
        about=_about(row, stages),
        why=f"{counted(len(gone), 'returns')} missing: {listed(list(gone))}." if gone else "",
        number=number,
        unit=unit,
        due=row["due"],
        kind=row["kind"],
        missing_link=link_of(row["case"], "record-return") if gone else "",
    )


def _link(row: Row) -> str:
    if row["code"] == "updates":
        return "/actions/updates"
    if row["code"] in _OF_EMAILS:
        return f"/admin/emails/doubts?partnership={quote(row['partnership'])}"
    if row["escalation"] is not None:
        return f"/escalations/{quote(row['escalation'])}/review"
    if row["deed"] == PROPOSED:
        return _proposed(row)
    if row["deed"] == PASS_ON:
        return f"/admin/groups/{quote(row['title'])}/end-group?partnership={quote(row['partnership'])}"
    if row["deed"] == "reassign-all":
        return "/actions/owners"
    if row["action"] is not None:
        return f"/actions/{quote(row['action'])}/{row['deed']}"
    if row["code"] in _REFLECTIONS:
        return reflection_link(row["case"], _REFLECTIONS[row["code"]])
    return link_of(row["case"], row["deed"])


def _proposed(row: Row) -> str:
    """Give the form to raise what is proposed, filled in; from there it can be dismissed."""
    query = {"about": row["action"] or row["case"], "rule": row["code"]}
    return f"/escalations/new?{urlencode(query | ({'clock': row['title']} if row['action'] is None else {}))}"


def _about(row: Row, stages: Mapping[str, int]) -> str:
    if row["code"] == "updates" or row["code"] in _OF_EMAILS:
        return str(row["title"])
    if row["deed"] == PASS_ON:
        return f"Group {row['title']}"
    if row["escalation"] is not None:
        return f"{row['escalation']}: {row['title']}"
    if row["action"] is not None:
        return f"{row['action']}: {row['title']}" if row["title"] else f"Action {row['action']}"
    stage = stages.get(row["case"])
    return f"{row['case']}, {stage_words(stage).lower()}" if stage else str(row["case"])


def _counted(row: Row) -> tuple[str, str]:
    """Part the words of a job's date into the number that stands large and the rest."""
    number, _, rest = str(row["words"] or "").partition(" ")
    return (number, rest) if number.replace(",", "").isdigit() else ("", str(row["words"] or "No date"))
