"""The one way to do a deed: who, on which record, with which facts; refused whole or committed whole, and done once."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Engine
from sqlmodel import Session, select

from tracker import history
from tracker.actions.queries import action_by_reference, lock_actions
from tracker.cases.opening import OpenCase, new_case
from tracker.cases.queries import case_for_deed
from tracker.clock import london_day
from tracker.database import to_json, unit_of_work
from tracker.deeds import DEEDS, About, Deed
from tracker.errors import FactsWrong, NotFound, Refused
from tracker.escalations.queries import escalation_by_reference
from tracker.facts import Facts, storable
from tracker.groups.belonging import meeting_for_deed, partnership_for_deed
from tracker.groups.models import Group, Partnership
from tracker.groups.queries import partnership_by_code
from tracker.intents import Done, check_intent, claim, keep_answer
from tracker.misfits import by_place, sentences
from tracker.people.doer import Doer, doer_by_email
from tracker.people.models import Agency, Person
from tracker.personal import may_be_personal, refuse_personal
from tracker.rows import change
from tracker.standing import WholeStanding, move_cases_on
from workflows.definition import shipped, shipped_names
from workflows.lifecycle import StepRefused
from workflows.working_days import OutsideTheCalendar, bank_holidays


def do(
    engine: Engine,
    name: str,
    reference: str | None,
    *,
    email: str,
    facts: Mapping[str, Any],
    now: datetime,
    seen: int | None = None,
    intent: str | None = None,
) -> Done:
    """Do a deed as a person.

    `seen` is the version of the record on which she decided; `intent` an id under which a repeated call answers as the
    first one. Raises `FactsWrong`, `NotFound`, `NotAllowed`, `Refused` or `StepRefused`; then nothing is left behind.
    """
    deed = deed_named(name)
    checked = read_facts(deed, facts)
    _must_be_storable(reference, email, intent)
    _load_beforehand(deed, now)
    with unit_of_work(engine) as session:
        by = doer_by_email(session, email, london_day(now))
        if intent is not None:
            asked = to_json({"deed": deed.name, "reference": reference, "facts": checked.model_dump(mode="json")})
            answered = claim(session, by, deed.name, intent, asked, now)
            if answered is not None:
                return answered
        try:
            done = _do(session, deed, reference, checked, now=now, by=by, seen=seen)
        except OutsideTheCalendar as beyond:
            raise Refused(str(beyond), code="bad_date") from beyond
        session.flush()
        history.write_noted(session)
        if intent is not None:
            done = keep_answer(session, by, intent, done, now)
    return done


def _must_be_storable(reference: str | None, email: str, intent: str | None) -> None:
    if not all(storable(text) for text in (reference or "", email, intent or "")):
        raise FactsWrong("The reference, the address or the intent id holds a character that none has: type it anew.")
    check_intent(intent)


def _load_beforehand(deed: Deed, now: datetime) -> None:
    """Load what is slow the first time, and not while everybody else waits for the end of this unit of work."""
    bank_holidays(now.year)
    if deed.about is About.NEW_CASE:
        for name in shipped_names():
            shipped(name)


def deed_named(name: str) -> Deed:
    """Find a deed by its name, with hyphens or underscores; raises `FactsWrong`: the command is misspelt."""
    deed = DEEDS.get(name.strip().lower().replace("-", "_"))
    if deed is None:
        raise FactsWrong(f"There is no deed {name!r}. `tracker deeds` lists them all.")
    return deed


def read_facts(deed: Deed, facts: Mapping[str, Any]) -> Facts:
    """Read the facts of a deed; raises `FactsWrong` with a sentence for each one that does not fit."""
    try:
        return deed.facts.model_validate(facts)
    except ValidationError as wrong:
        sentence = f"The facts do not fit {deed.command}: {' '.join(sentences(wrong))}"
        raise FactsWrong(sentence, by_place(wrong)) from None


def _do(
    session: Session, deed: Deed, reference: str | None, facts: Facts, *, now: datetime, by: Doer, seen: int | None
) -> Done:
    if may_be_personal(facts):
        refuse_personal(facts, _own_names(session))
    if facts.confirmed:
        history.note_confirmed(session, deed.name, facts.confirmed)
    if deed.about is About.NEW_CASE:
        if reference is not None:
            raise FactsWrong("open-case makes a new case: leave the reference out, or give it as the fact `reference`.")
        assert isinstance(facts, OpenCase), "the table pairs open_case with its facts"
        # Locked, so that two people who open a case at once get two references and two pseudonyms.
        partnership = partnership_by_code(session, facts.partnership, lock=True)
        written = new_case(session, partnership, facts, now=now, by=by)
        deed.function(WholeStanding(session, written), facts, now=now, by=by)
        change(session, written, *_CHANGED_BY_DEEDS)
        return Done("case", written.reference)
    if deed.about in _MAKES:
        made = deed.function(session, reference, facts, now=now, by=by)
        if deed.about is About.NEW_ACTION:
            move_cases_on(session, made.id, now=now, by=by)
        return Done(_MAKES[deed.about], made.reference if hasattr(made, "reference") else made.code)
    return _change(session, deed, _reference(deed, reference), facts, now=now, by=by, seen=seen)


_MAKES = {
    About.NEW_ACTION: "action",
    About.NEW_ESCALATION: "escalation",
    About.NEW_MEETING: "meeting",
    About.CALENDAR: "partnership",
    About.POST: "partnership",
}


def _reference(deed: Deed, reference: str | None) -> str:
    if reference is None:
        raise FactsWrong(f"Say which {deed.about.value}: tracker do {deed.command} REFERENCE --by EMAIL.")
    return reference


def _change(
    session: Session, deed: Deed, reference: str, facts: Facts, *, now: datetime, by: Doer, seen: int | None
) -> Done:
    """Do a deed on a record that nobody else can change meanwhile, and count its version on."""
    other = getattr(facts, "other", None)
    if deed.about is About.ACTION and isinstance(other, str):
        lock_actions(session, [reference, other])
    record = _find(session, deed.about, reference, by)
    about = record.code if isinstance(record, Partnership) else record.reference
    if seen is not None and seen != record.version:
        raise Refused(history.moved_on(session, about, now), code="stale")
    try:
        if deed.about is About.CASE:
            deed.function(WholeStanding(session, record), facts, now=now, by=by)
        else:
            deed.function(session, record, facts, now=now, by=by)
        if deed.about is About.ACTION:
            move_cases_on(session, record.id, now=now, by=by)
    except StepRefused as refused:
        if refused.code == "wrong_status":
            sentence = f"{refused} {history.last_deed(session, about, now)}".strip()
            raise StepRefused(sentence, refused.code, refused.blockers, refused.open_steps) from refused
        raise
    record.version += 1
    if deed.about is About.CASE:
        change(session, record, *_CHANGED_BY_DEEDS)
    elif deed.about is About.PARTNERSHIP:
        change(session, record, "version")
    else:
        session.add(record)
    return Done(deed.about.value, about)


_CHANGED_BY_DEEDS = ("status", "public_label", "closed_at", "version")


def _find(session: Session, about: About, reference: str, by: Doer) -> Any:  # a row of the deed's kind of record
    if about is About.CASE:
        return case_for_deed(session, reference, by)
    if about is About.ACTION:
        return action_by_reference(session, reference, by, lock=True)
    if about is About.ESCALATION:
        return escalation_by_reference(session, reference, by, lock=True)
    if about is About.MEETING:
        return meeting_for_deed(session, reference, by)
    if about is About.PARTNERSHIP:
        return partnership_for_deed(session, reference, by)
    raise NotFound(f"There is no {about.value} {reference!r}.")


def _own_names(session: Session) -> list[str]:
    names = list(session.exec(select(Person.name)))
    names += session.exec(select(Agency.name))
    names += session.exec(select(Group.name))
    for name, areas in session.exec(select(Partnership.name, Partnership.areas)):
        names += [name, *json.loads(areas)]
    return names
