"""A reminder that a coordinator sends at once to whom she waits for: once a day, and none beside the morning's."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from tracker import history
from tracker.actions.models import Action
from tracker.actions.queries import action_by_reference, is_barred, waiting_update
from tracker.among import among, listed
from tracker.cases.models import AgencyReturn, Case
from tracker.cases.named import barred_case_ids
from tracker.cases.queries import case_by_reference
from tracker.clock import london_day
from tracker.database import write_once
from tracker.errors import NotAllowed, Refused
from tracker.groups.queries import agency_by_name
from tracker.people.doer import Doer
from tracker.people.models import Person
from tracker.people.queries import holder_of, leads_of
from tracker.people.reach import may_be_written_to, tell
from tracker.people.roles import Role
from tracker.reminders.calls import Kind, about
from tracker.reminders.models import RungTold
from tracker.reminders.told import BY_HAND, Told
from tracker.rows import Question
from tracker.standing import WholeStanding

DEED = "send_reminder"


def remind_of_return(session: Session, reference: str, agency: str, *, now: datetime, by: Doer) -> list[str]:
    """Remind the leads of an agency of the return it was asked for, also of a case on hold; names whom."""
    case = case_by_reference(session, reference, by)
    _ask(by, case.partnership_id)
    known = agency_by_name(session, case.partnership_id, agency)
    question = select(AgencyReturn).where(AgencyReturn.case_id == case.id, AgencyReturn.agency_id == known.id)
    asked = session.exec(question.where(col(AgencyReturn.returned_on).is_(None))).first()
    if asked is None:
        raise Refused(f"{known.name} owes no return on {case.reference}.", code="already_done")
    subject, version = about(Kind.RETURN, asked.id), asked.due_on.isoformat()
    leads = [lead for lead in leads_of(session, known.id, london_day(now)) if _may_read(session, lead, case, now)]
    told = _untold(session, leads, subject, f"the leads of {known.name}", now)
    for lead in told:
        key = f"{DEED}:{subject}:{lead.id}:{london_day(now)}"
        facts: dict[str, object] = {"calls": [[Kind.RETURN.value, asked.id, version]]}
        tell(session, lead, kind="return_due", about=case.reference, key=key, facts=facts, now=now)
        _keep(session, subject, lead, version, now)
    return _noted(session, case.reference, f"its return on {case.reference}", told, now, by)


def remind_of_declaration(session: Session, reference: str, name: str, *, now: datetime, by: Doer) -> list[str]:
    """Remind a lead of the question about her independence; names her."""
    case = case_by_reference(session, reference, by)
    _ask(by, case.partnership_id)
    standing = WholeStanding(session, case)
    lead = next((lead for lead in standing.leads if lead.name == name and lead.involvement == "not_known"), None)
    if lead is None or name not in standing.leads_not_confirmed:
        raise Refused(f"{name} is not asked about independence any more.", code="already_done")
    person = None if lead.person_id is None else session.get_one(Person, lead.person_id)
    readers = [person] if person is not None and _may_read(session, person, case, now) else []
    subject = of_lead(lead.id)
    told = _untold(session, readers, subject, name, now)
    for reader in told:
        facts: dict[str, object] = {"case": case.reference, "lead": lead.id}
        key = f"{DEED}:{subject}:{london_day(now)}"
        tell(session, reader, kind="independence", about=case.reference, key=key, facts=facts, now=now)
        _keep(session, subject, reader, "", now)
    return _noted(session, case.reference, "the question about independence", told, now, by)


def remind_of_question(session: Session, reference: str, *, now: datetime, by: Doer) -> list[str]:
    """Remind the owner of an action of the question about her update; names her."""
    action = action_by_reference(session, reference, by)
    _ask(by, action.partnership_id)
    update = waiting_update(session, action)
    if update is None or update.state != "queried":
        raise Refused(f"No question about {action.reference} is open any more.", code="already_done")
    owner = None if action.owner_id is None else session.get_one(Person, action.owner_id)
    answers = None if owner is None else holder_of(session, owner, london_day(now))
    readers = [answers] if answers is not None and _may_answer(session, answers, action, now) else []
    subject, version = about(Kind.ACTION, action.id), str(action.due_version)
    told = _untold(session, readers, subject, f"the owner of {action.reference}", now)
    for reader in told:
        facts: dict[str, object] = {"action": action.reference, "update": update.id}
        key = f"{DEED}:{subject}:{reader.id}:{london_day(now)}"
        tell(session, reader, kind="update_queried", about=action.reference, key=key, facts=facts, now=now)
        _keep(session, subject, reader, version, now)
    return _noted(session, action.reference, "the question about the update", told, now, by)


def of_lead(lead_id: int) -> str:
    """Name the question about a lead's independence, as the rung keeps it."""
    return f"lead:{lead_id}"


def _ask(by: Doer, partnership_id: int) -> None:
    if not by.has(Role.COORDINATOR, partnership_id):
        raise NotAllowed(f"{by.name} may not send reminders: that is for the coordinator.")


def _may_read(session: Session, person: Person, case: Case, now: datetime) -> bool:
    return may_be_written_to(person, london_day(now)) and case.id not in barred_case_ids(session, person.id)


def _may_answer(session: Session, person: Person, action: Action, now: datetime) -> bool:
    return may_be_written_to(person, london_day(now)) and not is_barred(session, action.id, person.id)


def _untold(session: Session, readers: Iterable[Person], subject: str, whom: str, now: datetime) -> list[Person]:
    """Give those who were not reminded today; refuses where there is nobody to write to, or nobody left."""
    known = list(readers)
    if not known:
        raise Refused(f"No email reaches {whom}. Ring them instead.", code="nobody_to_write_to")
    told = Told(session, [subject])
    left = [one for one in known if told.newest(subject, one.id) != london_day(now)]
    if not left:
        names = " and ".join(one.name for one in known)
        raise Refused(f"{names} was reminded of it today already. Remind again tomorrow.", code="already_done")
    return left


def _keep(session: Session, subject: str, person: Person, version: str, now: datetime) -> None:
    day = london_day(now)
    row = {"about": subject, "person_id": person.id, "version": version, "name": f"{BY_HAND}{day}", "day": day}
    write_once(session, RungTold, row | {"told_at": now})


def reminded_today(session: Session, subjects: Iterable[str], now: datetime) -> set[str]:
    """Give those of the subjects of which a coordinator reminded somebody today."""
    name = f"{BY_HAND}{london_day(now)}"
    return {about for (about,) in _TOLD.rows(session, subjects=listed(set(subjects)), name=name)}


_TOLD = Question(
    select(RungTold.about).where(among(col(RungTold.about), "subjects"), RungTold.name == bindparam("name"))
)


def _noted(session: Session, reference: str, of: str, told: list[Person], now: datetime, by: Doer) -> list[str]:
    names = [person.name for person in told]
    what = f"Reminded {' and '.join(names)} of {of}"
    history.note(session, reference, DEED, at=now, by=by, role=Role.COORDINATOR.words, what=what)
    history.write_noted(session)
    return names
