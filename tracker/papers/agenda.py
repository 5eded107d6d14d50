"""The agenda of a meeting, made from the work: its sections with their rows; the item on escalations always stands."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, or_, select

from tracker.actions.queries import actions_barred
from tracker.cases.unnamed import barred_cases_named, without_references
from tracker.clock import london_day
from tracker.escalations.ageing import Ages
from tracker.escalations.models import Escalation
from tracker.escalations.queries import newest_settling
from tracker.escalations.reviewing import to_look_at
from tracker.groups.meeting_queries import meeting_after, meeting_before
from tracker.groups.models import AgendaItem, Group, Meeting
from tracker.papers.case_items import CHANGED, case_headings, case_items
from tracker.papers.digest import digest_figures, has_digest
from tracker.papers.key_points import LAST, last_key_points, released_heading, released_points
from tracker.papers.plan_items import has_plan, plan_headings, plan_items
from tracker.papers.readership import barred_references, references_to_open
from tracker.papers.sections import section
from tracker.people.doer import Doer
from workflows.dates import iso_text
from workflows.escalation import EscalationStatus

Document = dict[str, Any]

STANDING = "escalations"
OWN_ITEM = r"item-\d+"
CASES = "cases"
LOOK_AGAIN, _LOOK_AGAIN = "look_again", "Escalations to look at again"

_WAITING = "Escalations that wait for an answer"
_OF_THE_DECIDING_BODY = (
    ("cases", "for_decision", "decisions", "For decision"),
    ("escalations", "answered", "answered", "Answered since the last meeting"),
    ("cases", "statutory_dates", "statutory_dates", "Statutory dates near or missed"),
    ("cases", "ratifications_open", "ratifications", "Ratifications that are open"),
    ("cases", "in_resolution", "resolutions", "In resolution"),
    ("cases", "on_hold", "on_hold", "On hold"),
    ("cases", "reviews_overdue", "reviews_overdue", "Reviews overdue"),
    ("cases", "reflections_due", "reflections_due", "Reflections due"),
    ("actions", "overdue", "overdue_actions", "Overdue actions"),
    ("actions", "review_dates_passed", "review_dates_passed", "Review dates passed"),
)
_OF_A_GROUP = {
    STANDING: "Is there anything to escalate?",
    "answered": "Answers to what was escalated",
    "for_this_group": "Escalated to this group",
}


def agenda(session: Session, meeting: Meeting, reader: Doer | None, now: datetime) -> list[Document]:
    """Give the sections of a meeting's agenda, without what a conflict bars from the reader or people took out."""
    items = session.exec(select(AgendaItem).where(AgendaItem.meeting_id == meeting.id).order_by(col(AgendaItem.id)))
    changed = {item.code: item for item in items}
    made = _of_the_deciding_body if has_digest(session, meeting) else _of_a_group
    sections = [
        *last_key_points(session, meeting),
        *made(session, meeting, reader, now),
        *_to_look_at(session, meeting, reader, now),
        *(section(item.code, item.text or "", []) for item in items_of(changed.values())),
    ]
    left = [one for one in sections if one["code"] not in changed or not changed[one["code"]].is_removed]
    hidden = () if reader is None else barred_cases_named(session, reader.id)
    shown: list[Document] = without_references(left, hidden) if hidden else left
    return shown


def items_of(items: Iterable[AgendaItem]) -> list[AgendaItem]:
    """Give those of the changes of an agenda that are items of its people's own, and stand."""
    return [item for item in items if item.text is not None and not item.is_removed]


def agenda_codes(session: Session, meeting: Meeting) -> dict[str, str]:
    """Give the headings that a meeting's agenda may have by the work, by their codes."""
    last = {LOOK_AGAIN: _LOOK_AGAIN, LAST: "Key points of the last meeting"}
    if has_digest(session, meeting):
        return last | {STANDING: _WAITING} | {code: title for _, _, code, title in _OF_THE_DECIDING_BODY}
    group = session.get_one(Group, meeting.group_id)
    shown, last = group.shows, last | released_heading(session, group)
    plan = plan_headings() if has_plan(session, group) else {}
    return last | _OF_A_GROUP | plan | (case_headings() if CASES in shown else {})


def _to_look_at(session: Session, meeting: Meeting, reader: Doer | None, now: datetime) -> list[Document]:
    """Give the escalations of the group, raised or waiting, that are to be looked at again by the day it meets."""
    group = session.get_one(Group, meeting.group_id)
    barred = frozenset() if reader is None else barred_references(session, reader.id)
    found = [
        one
        for one in to_look_at(session, [group.partnership_id], None, meeting.on)
        if group.id in (one.group_id, one.level_id) and one.reference not in barred
    ]
    ages = Ages(session, found, london_day(now))
    rows = [
        {"reference": one.reference, "title": one.title, "status": one.status, "review_on": iso_text(one.review_on)}
        | ages.of(one, None)
        for one in found
    ]
    return [section(LOOK_AGAIN, _LOOK_AGAIN, rows)] if rows else []


def _of_the_deciding_body(session: Session, meeting: Meeting, reader: Doer | None, now: datetime) -> list[Document]:
    figures = digest_figures(session, meeting, now, reader)
    sections = [section(STANDING, _WAITING, figures["escalations"]["open"]["rows"], standing=True)]
    return sections + [
        section(code, title, figures[part][key]["rows"]) for part, key, code, title in _OF_THE_DECIDING_BODY
    ]


def _of_a_group(session: Session, meeting: Meeting, reader: Doer | None, now: datetime) -> list[Document]:
    """Ask a group what to escalate, and show it what it holds: the plan, or the cases."""
    group = session.get_one(Group, meeting.group_id)
    today = london_day(now)
    last, following = meeting_before(session, meeting, by=today), meeting_after(session, meeting)
    last_on = None if last is None else last.on
    barred = frozenset() if reader is None else barred_references(session, reader.id)
    sections = released_points(session, meeting, barred, today)
    sections += _escalations(session, group, barred, last_on, today)
    if has_plan(session, group):
        hidden: Sequence[int] = () if reader is None else session.exec(actions_barred(reader.id)).all()
        next_on = None if following is None else following.on
        sections += plan_items(session, group, hidden, last_on=last_on, next_on=next_on, today=today)
    if CASES in group.shows:
        sections += _cases(session, group, reader, barred, last_on, today)
    return sections


def _escalations(
    session: Session, group: Group, barred: frozenset[str], last_on: date | None, today: date
) -> list[Document]:
    """Give what a group raised, the answers that it has not heard at a meeting, and what waits for it."""
    question = select(Escalation).where(or_(Escalation.group_id == group.id, Escalation.level_id == group.id))
    rows = [row for row in session.exec(question.order_by(col(Escalation.id))) if row.reference not in barred]
    settled = newest_settling(session, [row.id for row in rows])
    ages = Ages(session, rows, today)
    shown: dict[str, list[Document]] = {code: [] for code in _OF_A_GROUP}
    for row in rows:
        answer = settled.get(row.id)
        document = {
            "reference": row.reference,
            "title": row.title,
            "status": row.status,
            "waits_here": row.level_id == group.id,
            "raised_on": row.raised_on.isoformat(),
            **ages.of(row, answer),
            "answer": None if answer is None else answer.answer,
            "answered_on": None if answer is None else str(answer.on),
        }
        if row.status == EscalationStatus.WAITING:
            shown["for_this_group" if row.level_id == group.id else STANDING].append(document)
        elif row.group_id == group.id and answer and (last_on is None or answer.on.last >= last_on):
            shown["answered"].append(document)
    return [section(code, title, shown[code], standing=code == STANDING) for code, title in _OF_A_GROUP.items()]


def _cases(
    session: Session, group: Group, reader: Doer | None, barred: frozenset[str], last_on: date | None, today: date
) -> list[Document]:
    """Give the cases; what changed in one is for those who may open it."""
    sections = case_items(session, group, barred, last_on=last_on, today=today)
    rows = next(one["rows"] for one in sections if one["code"] == CHANGED)
    if reader is not None:
        to_open = references_to_open(session, [row["reference"] for row in rows], reader)
        for row in rows:
            row["changes"] = row["changes"] if row["reference"] in to_open else []
    return sections
