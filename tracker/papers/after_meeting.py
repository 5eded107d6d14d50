"""After a meeting: its action list, made from what was recorded there, and mailed to the group the same day."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from notifications.facts import Letterhead, MeetingHeld
from notifications.lines import AgreedLine, DecidedLine, EscalationRaised
from notifications.outbox import Message
from tracker.actions.models import Action, ActionSource
from tracker.actions.sources import of_meeting
from tracker.cases.decision_models import Decision
from tracker.cases.models import Case
from tracker.cases.unnamed import barred_cases_named, without_references
from tracker.clock import london_day
from tracker.escalations.models import Escalation, EscalationResponse
from tracker.groups import meetings
from tracker.groups.bodies import deciding_group, groups_by_id, sitting_on
from tracker.groups.letterheads import letterhead_of
from tracker.groups.models import Group, Meeting
from tracker.groups.queries import meeting_by_reference, partnership_settings, partnership_with_id
from tracker.papers.readership import barred_references
from tracker.people.doer import Doer
from tracker.people.models import Agency
from tracker.people.reach import tell
from workflows.action import SourceKind
from workflows.dates import PartialDate, iso_text

Document = dict[str, Any]

KIND = "meeting_held"
OUTCOMES = {"review": "a review", "no_review": "no review", "send_back": "sent back to the panel"}
PARTS = ("decisions", "answers", "escalations", "actions")


def close_meeting(session: Session, meeting: Meeting, facts: meetings.CloseMeeting, *, now: datetime, by: Doer) -> None:
    """Close a meeting, and send its members what was decided, answered, asked and agreed there, each one email."""
    meetings.close_meeting(session, meeting, facts, now=now, by=by)
    group = session.get_one(Group, meeting.group_id)
    if not any(action_list(session, meeting, None).values()):
        return
    for person in sitting_on(session, group, london_day(now)):
        key = f"{KIND}:{meeting.reference}:{person.id}"
        named = {"meeting": meeting.reference}
        tell(session, person, kind=KIND, about=meeting.reference, key=key, facts=named, now=now)


def action_list(session: Session, meeting: Meeting, reader_id: int | None) -> Document:
    """Give what was recorded at a meeting, without what a conflict bars from a reader; nobody (None) sees all."""
    group = session.get_one(Group, meeting.group_id)
    rows = {
        "decisions": _decisions(session, group, meeting),
        "answers": _answers(session, group, meeting),
        "escalations": _escalations(session, meeting),
        "actions": _actions(session, group, meeting),
    }
    if reader_id is None:
        return rows
    barred = barred_references(session, reader_id)
    seen = {part: [row for row in rows[part] if row["reference"] not in barred] for part in PARTS}
    shown: Document = without_references(seen, barred_cases_named(session, reader_id))
    return shown


def _decisions(session: Session, group: Group, meeting: Meeting) -> list[Document]:
    """Give what the body that decides decided on cases on the day of its meeting."""
    deciding = deciding_group(session, group.partnership_id)
    if deciding is None or deciding.id != group.id:
        return []
    question = (
        select(Case.reference, Decision.outcome)
        .join(Decision, col(Decision.case_id) == Case.id)
        .where(Case.partnership_id == group.partnership_id, col(Decision.on) == PartialDate.of(meeting.on))
    )
    found = session.exec(question.order_by(col(Decision.id)))
    return [{"reference": reference, "outcome": outcome} for reference, outcome in found]


def _answers(session: Session, group: Group, meeting: Meeting) -> list[Document]:
    question = (
        select(Escalation, EscalationResponse)
        .join(EscalationResponse, col(EscalationResponse.escalation_id) == Escalation.id)
        .where(Escalation.level_id == group.id, col(EscalationResponse.on) == PartialDate.of(meeting.on))
        .order_by(col(EscalationResponse.id))
    )
    # The newest of a day counts: an answer may be added to.
    newest = {one.reference: (one, answer) for one, answer in session.exec(question)}
    groups = groups_by_id(session, [one.group_id for one, _ in newest.values()])
    return [
        {
            "reference": one.reference,
            "title": one.title,
            "group_name": groups[one.group_id].name,
            "answer": answer.answer,
            "by_whom": answer.by_whom,
            "by_when": iso_text(answer.by_when),
        }
        for one, answer in newest.values()
    ]


def _escalations(session: Session, meeting: Meeting) -> list[Document]:
    question = select(Escalation).where(Escalation.meeting_id == meeting.id, Escalation.group_id == meeting.group_id)
    found = session.exec(question.order_by(col(Escalation.id))).all()
    levels = groups_by_id(session, [one.level_id for one in found])
    return [{"reference": one.reference, "title": one.title, "level_name": levels[one.level_id].name} for one in found]


def _actions(session: Session, group: Group, meeting: Meeting) -> list[Document]:
    question = (
        select(Action, Agency.name)
        .join(ActionSource, col(ActionSource.action_id) == Action.id)
        .join(Agency, col(Agency.id) == Action.agency_id, isouter=True)
        .where(Action.partnership_id == group.partnership_id, ActionSource.kind == SourceKind.MEETING.value)
        .where(col(ActionSource.words).startswith(of_meeting(meeting.reference), autoescape=True))
        .order_by(col(Action.id))
    )
    return [
        {
            "reference": action.reference,
            "title": action.title,
            "agency": agency or action.agency_name,
            "due": iso_text(action.due),
        }
        for action, agency in session.exec(question)
    ]


def held_facts(
    session: Session, message: Message, now: datetime, letterhead: Letterhead | None = None
) -> MeetingHeld | None:
    """Give what the email after a meeting says to its reader; nothing when a conflict leaves nothing of it."""
    meeting = meeting_by_reference(session, message.known()["meeting"])
    group = session.get_one(Group, meeting.group_id)
    found = action_list(session, meeting, message.person_id)
    if not any(found.values()):
        return None
    partnership = partnership_with_id(session, group.partnership_id)
    titles = bool(partnership_settings(session, partnership, now)["email.titles"])
    return MeetingHeld(
        letterhead=letterhead or letterhead_of(session, partnership.id, london_day(now)),
        to_name=message.to_name,
        group=group.name,
        held_on=meeting.on,
        decisions=tuple(
            DecidedLine(reference=row["reference"], outcome=OUTCOMES[row["outcome"]]) for row in found["decisions"]
        ),
        answers=tuple(
            DecidedLine(
                reference=row["reference"],
                outcome=row["answer"].replace("_", " "),
                title=row["title"] if titles else None,
            )
            for row in found["answers"]
        ),
        escalations=tuple(
            EscalationRaised(
                reference=row["reference"], asked_of=row["level_name"], title=row["title"] if titles else None
            )
            for row in found["escalations"]
        ),
        actions=tuple(
            AgreedLine(
                reference=row["reference"],
                title=row["title"] if titles else None,
                agency=row["agency"],
                due_on=None if row["due"] is None else PartialDate.parse(row["due"]).day_or_text,
            )
            for row in found["actions"]
        ),
    )
