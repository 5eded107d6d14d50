"""What belongs to a case as documents, as far as they exist: what was recorded in words, the files of its actions."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy
from sqlalchemy import or_
from sqlmodel import Session, col

from tracker.actions.evidence import files_of
from tracker.actions.models import Action, Evidence
from tracker.actions.pairs import joined_with
from tracker.actions.queries import seen_with, sees_action
from tracker.among import among, listed
from tracker.clock import london_day
from tracker.files.models import FileShown, StoredFile
from tracker.people.doer import Doer
from tracker.rows import Question
from tracker.showing.case_sharing import REFLECTION_NAMES
from workflows.dates import PartialDate
from workflows.vocabulary import PanelResponse


@dataclass(frozen=True, slots=True)
class CaseDocument:
    """A document of a case: its day if known, what it is, what it says, where more is read; or a file with its action.

    `place` is the tab or page below the case, or the code of a reflection.
    """

    on: PartialDate | None
    kind: str
    words: tuple[str, ...] = ()
    place: str = ""
    action: str = ""
    file: FileShown | None = None


def documents_of(session: Session, case: dict[str, Any], reader: Doer) -> list[CaseDocument]:
    """Give the documents of a case that a reader sees, the newest first, those without a day last."""
    found = [*_recorded(case), *_files(session, case, reader)]
    dated = [(document.on, place) for place, document in enumerate(found) if document.on is not None]
    newest_first = sorted(dated, key=lambda one: one[0], reverse=True)
    return [found[place] for _, place in newest_first] + [document for document in found if document.on is None]


def _recorded(case: dict[str, Any]) -> Iterator[CaseDocument]:
    """Give what was recorded in words; its whole text stands here, or on the tab that is named."""
    given, answer, decision = case["recommendation"], case["panel_response"], case["decision"]
    if given is not None:
        learning = given["immediate_learning"]
        said = (_OUTCOMES[given["outcome"]], given["reason"], learning and f"Immediate learning: {learning}")
        yield _written(given["on"], "Recommendation of the rapid review", *said)
    if answer is not None:
        yield _written(
            answer["on"], "Answer of the national Panel", PanelResponse(answer["kind"]).words, answer["text"]
        )
    if decision is not None:
        heard = decision["scrutineer_said"]
        words = (_OUTCOMES[decision["outcome"]], decision["reason"], heard and f"The Independent Scrutineer: {heard}")
        yield _written(decision["on"], "Decision", *words)
    if "report_agreed" in case["events"]:
        yield _written(case["events"]["report_agreed"]["date"], "Agreed report", place="actions")
    if "publication" in case["events"]:
        label = case["public_label"]
        yield _written(case["events"]["publication"]["date"], "Publication", label and f"Published as {label}")
    briefing = case["briefing"]
    if briefing is not None and briefing["version"] is not None:
        kind = f"Seven-minute briefing, version {briefing['version']}"
        yield _written(briefing["approved_on"], kind, place=f"briefing/print?version={briefing['version']}")
    for reflection in case["reflections"]:
        yield _written(reflection["on"], REFLECTION_NAMES[reflection["which"]], place=reflection["which"])


_OUTCOMES = {"review": "A learning review", "no_review": "No learning review", "send_back": "Sent back"}


def _written(on: str | None, kind: str, *words: str | None, place: str = "") -> CaseDocument:
    return CaseDocument(PartialDate.parse(on) if on else None, kind, tuple(said for said in words if said), place)


def _files(session: Session, case: dict[str, Any], reader: Doer) -> Iterator[CaseDocument]:
    """Give the files among the evidence of the case's actions, each once, where the reader sees the action."""
    references = listed(action["reference"] for action in case["actions"])
    joined = joined_with(session, references) if case["actions"] else []
    given = {"references": references, "joined": listed(joined)}
    rows = _FILES.rows(session, **given, **seen_with(reader)) if case["actions"] else ()
    places = {row[0]: row[1:] for row in rows}
    # Most cases have no files: only of those that there are is more asked.
    files = files_of(session, *{action_id for action_id, *_ in places.values()}) if places else ()
    seen = set()
    for file in files:
        _, reference, file_id, at = places[file.evidence_id]
        if file_id not in seen:
            seen.add(file_id)
            yield CaseDocument(PartialDate.of(london_day(at)), "Evidence", action=reference, file=file.shown)


_FILES = Question(
    sqlalchemy.select(
        col(Evidence.id), col(Evidence.action_id), col(Action.reference), col(Evidence.file_id), col(StoredFile.at)
    )
    .join(Action, col(Action.id) == Evidence.action_id)
    .join(StoredFile, col(StoredFile.id) == Evidence.file_id)
    .where(or_(among(col(Action.reference), "references"), among(col(Action.id), "joined")), sees_action())
)
