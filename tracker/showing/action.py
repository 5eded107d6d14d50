"""An action as `show action` prints it: how it stands, whose it is, where it comes from, and all that was said."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, bindparam
from sqlmodel import Session, col, select

from tracker import history
from tracker.actions.models import (
    Action,
    ActionDate,
    ActionHelper,
    ActionHold,
)
from tracker.actions.queries import action_by_reference
from tracker.actions.reading import ActionRead, read_these, row
from tracker.clock import london_day
from tracker.people.doer import Doer
from tracker.people.models import Person
from tracker.people.queries import names_of
from tracker.rows import Question, RowsOf
from tracker.showing.action_said import said_of
from tracker.showing.beside import Beside
from workflows.action import ActionStatus, TimescaleKind, deeds_in
from workflows.dates import iso_text

Document = dict[str, Any]


def action_document(session: Session, reference: str, reader: Doer | None, now: datetime) -> Document:
    """Give an action with everything recorded about it; a case that the reader may not open is not named."""
    action = action_by_reference(session, reference, reader)
    read = read_these(session, [action.id], reader, now)[0]
    beside = Beside(session, action, reader)
    return row(read) | {
        "helpers": _helpers(session, action),
        **_dates(session, action),
        "success_measure": action.success_measure,
        "baseline": action.baseline,
        "outside_body": action.outside_body,
        "asked_on": iso_text(action.asked_on),
        "answered_on": iso_text(action.answered_on),
        "answer": action.answer,
        "made_on": action.made_on.isoformat(),
        "owner_since": iso_text(action.owner_since),
        "completed_on": iso_text(action.completed_on),
        "ended_why": action.ended_why,
        **_holds(session, read, london_day(now)),
        **said_of(session, action.id, beside),
        **beside.document(),
        "jobs": action_jobs(read, london_day(now)),
        "steps": _steps(read, has_joined=bool(beside.references)),
        "history": _history(session, read, beside),
    }


def _dates(session: Session, action: Action) -> Document:
    """Give the timescale, the first due date, and every time it was moved."""
    dates = _DATES.all(session, action=action.id)
    has_next = action.timescale_kind in (TimescaleKind.RECURRING, TimescaleKind.SEVERAL)
    names = names_of(session, {one.person_id for one in dates if one.person_id is not None})
    of_kind = {kind: [one for one in dates if one.kind == kind] for kind in ("several", "round", "moved", "reopened")}
    return {
        "timescale": {
            "kind": action.timescale_kind,
            "words": action.timescale_words,
            "every": action.every,
            "next": iso_text(action.due) if has_next else None,
            "dates": [iso_text(one.due) for one in of_kind["several"]],
            "met": [
                {"due": iso_text(one.due), "on": iso_text(one.met_on)}
                for one in (*of_kind["several"], *of_kind["round"])
                if one.met_on is not None
            ],
        },
        "first_due": iso_text(action.first_due),
        "moved": [_change(one, names) | {"agreed_with": one.agreed_with} for one in of_kind["moved"]],
        "reopened": [_change(one, names) | {"was_complete_on": iso_text(one.met_on)} for one in of_kind["reopened"]],
    }


def _change(one: ActionDate, people: Mapping[int, str]) -> Document:
    shown = {"due": iso_text(one.due), "reason": one.reason, "at": one.at.isoformat()}
    return shown | {"by": None if one.person_id is None else people[one.person_id]}


def _helpers(session: Session, action: Action) -> list[str]:
    return [name for (name,) in _HELPERS.rows(session, action=action.id)]


def _holds(session: Session, read: ActionRead, today: date) -> Document:
    shown = [
        {
            "reason": hold.reason,
            "since": hold.since.isoformat(),
            "look_again_on": hold.look_again_on.isoformat(),
            "until": iso_text(hold.until),
            "days": ((hold.until or today) - hold.since).days,
        }
        for hold in _HOLDS.all(session, action=read.action.id)
    ]
    standing = shown[-1] if read.hold is not None else None
    kept = ("reason", "since", "look_again_on")
    return {"hold": standing and {key: standing[key] for key in kept}, "holds": shown}


_ACTION = bindparam("action", type_=Integer)
_DATES = RowsOf(ActionDate, select(ActionDate).where(ActionDate.action_id == _ACTION).order_by(col(ActionDate.id)))
_HOLDS = RowsOf(ActionHold, select(ActionHold).where(ActionHold.action_id == _ACTION).order_by(col(ActionHold.id)))
_HELPERS = Question(
    select(Person.name)
    .join(ActionHelper, col(ActionHelper.person_id) == Person.id)
    .where(ActionHelper.action_id == _ACTION)
    .order_by(col(ActionHelper.id))
)


def action_jobs(read: ActionRead, today: date) -> list[Document]:
    """Give what waits for somebody: an update to check, a hold or a review date to look at, an owner to name."""
    action, jobs = read.action, []
    if read.waits:
        jobs.append(("check_update", "accept-update", "Accept the update, or ask its owner back."))
    if read.hold is not None and read.hold.look_again_on <= today:
        jobs.append(("look_again", "release-action", "Look again at the hold: release the action, or hold it on."))
    if action.review_on is not None and action.review_on.last <= today:
        passed = "has passed" if action.review_on.overdue_on(today) else "is today"
        jobs.append(("review", "review-action", f"Look again at the action: its review date {passed}."))
    jobs += _of_request(read)
    if read.is_open and action.outside_body is None and (read.owner is None or read.owner.is_gone):
        jobs.append(("no_owner", "reassign-action", "Name an owner: nobody answers for this action."))
    if read.is_open and action.timescale_kind == TimescaleKind.CONTINUING and action.review_on is None:
        jobs.append(("review_date", "edit-action", "Name a review date: the action goes on without an end."))
    return [{"code": code, "deed": deed, "sentence": sentence} for code, deed, sentence in jobs]


def _of_request(read: ActionRead) -> list[tuple[str, str, str]]:
    """Give what waits about a request to a body outside: that it is asked, or that its answer is acted on."""
    action = read.action
    if not read.is_open or action.outside_body is None:
        return []
    if action.asked_on is None:
        return [("ask_outside", "ask-outside", f"Record when {action.outside_body} was asked.")]
    if action.answered_on is not None:
        return [("answered", "complete-action", f"{action.outside_body} has answered: complete the action, or end it.")]
    return []


def _steps(read: ActionRead, *, has_joined: bool) -> list[Document]:
    """Give the deeds that the action allows as it stands."""
    not_now = {"release-action"} if read.hold is None else {"hold-action"}
    if not read.waits:
        not_now |= {"accept-update", "query-update"}
    if not has_joined and read.action.status != ActionStatus.MERGED:
        not_now |= {"split-action"}
    if read.action.asked_on is None:
        not_now |= {"record-answer"}
    allowed = deeds_in(ActionStatus(read.action.status))
    return [{"deed": deed, "ready": deed not in not_now} for deed in allowed]


def _history(session: Session, read: ActionRead, beside: Beside) -> list[Document]:
    """Give the history, with that of what was joined; old and new values may name a case she may not open."""
    lines = history.lines_about_these(session, [read.action.reference, *beside.references.values()])
    lines = beside.without_unseen(lines)
    for line in lines:
        if (about := line.pop("about")) != read.action.reference:
            line["of"] = about
    if all(source.case or source.words for source in read.sources):
        return lines
    kept = ("seq", "at", "by", "role", "deed", "what", "of")
    return [{key: line[key] for key in kept if key in line} for line in lines]
