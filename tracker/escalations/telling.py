"""Telling the group that asked: the email about an answer, and the day on which it went."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from notifications.facts import EscalationAnswered, Letterhead
from notifications.lines import AnsweredLine, EarlierAnswer
from notifications.outbox import Message, MessageState
from tracker import history
from tracker.cases.unnamed import barred_cases_named, without_references
from tracker.clock import london_day
from tracker.escalations.models import Escalation, EscalationResponse
from tracker.escalations.queries import SETTLING, escalations_barred, newest_settling, responses_to
from tracker.groups.bodies import members_and_chair
from tracker.groups.letterheads import letterhead_of
from tracker.groups.meeting_queries import meets_on
from tracker.groups.models import Group, Partnership
from tracker.groups.queries import partnership_settings
from tracker.people.models import Person
from tracker.people.queries import people_with_role, person_with_id
from tracker.people.reach import tell
from tracker.people.roles import Role
from workflows.escalation import Answer, EscalationStatus

KIND = "escalation_answered"


def put_answers(session: Session, escalation: Escalation, response: EscalationResponse, now: datetime) -> int:
    """Put an email beside an answer to every member of the asking group, to whoever raised it, and to its sponsor.

    Says to how many. Nobody is written to whom a declared conflict bars from what the escalation is about.
    """
    put = 0
    for person in _asking(session, escalation, london_day(now)):
        if not _is_barred(session, escalation, person.id):
            key = f"{_key(escalation.reference, response)}:{person.id}"
            facts = {"escalation": escalation.reference, "response": response.id}
            put += tell(
                session, person, kind=KIND, about=escalation.reference, key=key, facts=facts, now=now, critical=True
            )
    return put


def _asking(session: Session, escalation: Escalation, today: date) -> list[Person]:
    """Give who waits for an answer, each once: the members of the group first.

    A coordinator who wrote it down for the group has the tracker before her, and is not written to.
    """
    group = session.get_one(Group, escalation.group_id)
    found = {person.id: person for person, _ in members_and_chair(session, group, today)}
    coordinators = {one.id for one in people_with_role(session, group.partnership_id, Role.COORDINATOR, today)}
    for person_id in {escalation.raised_by_id, group.sponsor_id} - coordinators:
        person = None if person_id is None else person_with_id(session, person_id)
        if person is not None and not person.has_left(today):
            found.setdefault(person.id, person)
    return list(found.values())


def answered_facts(
    session: Session, message: Message, now: datetime, letterhead: Letterhead | None = None
) -> EscalationAnswered | None:
    """Give what the email about an answer says at this moment: every answer that settles, in their order.

    Nothing when a newer answer has its own email, or when what put the escalation off holds no longer.
    """
    escalation = session.exec(select(Escalation).where(Escalation.reference == message.about)).first()
    if escalation is None or _is_barred(session, escalation, message.person_id):
        return None
    *earlier, newest = responses_to(session, escalation.id)
    if newest.id != message.known()["response"] or not _still_holds(escalation, newest):
        return None
    partnership = session.get_one(Partnership, escalation.partnership_id)
    titles = partnership_settings(session, partnership, now)["email.titles"]
    hidden = barred_cases_named(session, message.person_id)
    line = AnsweredLine(
        reference=escalation.reference,
        answer=_word(newest),
        answered_on=newest.on.last,
        group=session.get_one(Group, escalation.group_id).name,
        title=without_references(escalation.title, hidden) if titles else None,
    )
    return EscalationAnswered(
        letterhead=letterhead or letterhead_of(session, partnership.id, london_day(now)),
        to_name=message.to_name,
        escalation=line,
        earlier=_settling(earlier) if newest.answer in SETTLING else (),
        decides_on=newest.until,
        is_at_meeting=newest.until is not None and meets_on(session, escalation.level_id, newest.until),
        is_asked_back=newest.answer == Answer.ASKED_BACK,
    )


def _still_holds(escalation: Escalation, newest: EscalationResponse) -> bool:
    """Say whether an answer is still how things stand: one that put off may have been passed up or withdrawn since."""
    if newest.answer in SETTLING:
        return True
    return escalation.status == EscalationStatus.WAITING and escalation.deferred_until == newest.until


def _settling(responses: Sequence[EscalationResponse]) -> tuple[EarlierAnswer, ...]:
    settled = (response for response in responses if response.answer in SETTLING)
    return tuple(EarlierAnswer(answer=_word(response), answered_on=response.on.last) for response in settled)


def _word(response: EscalationResponse) -> str:
    return response.answer.replace("_", " ")


def groups_to_mark_told(session: Session) -> list[int]:
    """Give the escalations of which the email about the newest answer was accepted, and the group not yet marked told.

    The email about an earlier answer, or about one that put off, tells nothing of the newest.
    """
    question = select(Escalation.id, Escalation.reference).where(Escalation.status == EscalationStatus.ANSWERED)
    references = dict(session.exec(question).all())
    newest = newest_settling(session, list(references))
    went = col(Message.state).in_([MessageState.SENT.value, MessageState.ASSUMED_SENT.value])
    keys = select(Message.key).where(Message.kind == KIND, went, col(Message.about).in_(references.values()))
    accepted = {key.rpartition(":")[0] for key in session.exec(keys)}
    return [id_ for id_, reference in references.items() if _key(reference, newest[id_]) in accepted]


def _key(reference: str, response: EscalationResponse) -> str:
    return f"{KIND}:{reference}:{response.id}"


def mark_told(session: Session, escalation_id: int, now: datetime) -> bool:
    """Record that the asking group was told, when its email was accepted; says whether that is new.

    For the delivery, in the unit of work in which it marks the message; it writes the history with `write_noted`.
    """
    question = select(Escalation).where(Escalation.id == escalation_id).with_for_update()
    escalation = session.exec(question).one()
    if escalation.status != EscalationStatus.ANSWERED:
        return False
    escalation.status = EscalationStatus.TOLD
    escalation.told_on = london_day(now)
    session.add(escalation)
    session.flush()
    group = session.get_one(Group, escalation.group_id)
    old, new = EscalationStatus.ANSWERED, EscalationStatus.TOLD
    what = f"{group.name} was told"
    history.note(session, escalation.reference, "told", at=now, by=None, what=what, old=old, new=new)
    return True


def _is_barred(session: Session, escalation: Escalation, person_id: int) -> bool:
    barred = col(Escalation.id).in_(escalations_barred(person_id))
    return session.exec(select(Escalation.id).where(Escalation.id == escalation.id, barred)).first() is not None
