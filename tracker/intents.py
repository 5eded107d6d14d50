"""Deeds that are asked for twice under one id: done once, and answered the second time as the first."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from tracker.cases.models import Intent
from tracker.cases.unnamed import without_references
from tracker.database import write_once
from tracker.errors import FactsWrong, NotFound, Refused
from tracker.facts import storable
from tracker.papers.readership import barred_references
from tracker.people.doer import Doer
from tracker.showing.show import show

LONGEST = 100


@dataclass(frozen=True, slots=True)
class Done:
    """What a deed left behind: the record's kind and reference; with an intent also the answer that was given first."""

    kind: str
    reference: str
    answer: dict[str, Any] | None = None


def check_intent(intent: str | None) -> None:
    """Raise `FactsWrong` for an id that is empty or too long to keep."""
    if intent is not None and not 1 <= len(intent) <= LONGEST:
        raise FactsWrong(f"An intent id has 1 to {LONGEST} characters.")


def claim(session: Session, by: Doer, deed: str, intent: str, asked: str, now: datetime) -> Done | None:
    """Claim an intent for this deed, or give the answer it had the first time.

    Where that names what a declared conflict hides by now, it is the record as it stands. Whoever comes second waits
    for the first to end. Raises `Refused` when the intent was used for something else.
    """
    values = {"person_id": by.id, "intent": intent, "deed": deed, "asked": asked, "answer": b"", "at": now}
    if write_once(session, Intent, values) is not None:
        return None
    kept = _kept(session, by, intent)
    if kept.asked != asked:
        raise Refused("This intent id was used for another deed: choose a new one.", code="intent_reused")
    answer = json.loads(kept.answer)
    if answer["document"] is not None:
        # Whoever may not see the record any more is not told by its first answer either: this raises `NotFound`.
        shown = show(session, answer["kind"], answer["reference"], by, now)
        told = answer["document"]
        if without_references(told, barred_references(session, by.id)) != told:
            # It names a case, or what comes from one, from which a conflict, declared since, bars her.
            answer["document"] = shown
    return Done(answer["kind"], answer["reference"], answer["document"])


def is_claimed(session: Session, by: Doer, intent: str) -> bool:
    """Say whether something was done under an intent already: a form that comes a second time."""
    known = select(Intent.deed).where(Intent.person_id == by.id, Intent.intent == intent)
    return storable(intent) and session.exec(known).first() is not None


def keep_answer(session: Session, by: Doer, intent: str, done: Done, now: datetime) -> Done:
    """Keep the record as it stands after the deed as the answer to a repetition, and give it."""
    written = json.dumps(seen_by(session, by, done, now), ensure_ascii=False, default=str)
    answer = Done(done.kind, done.reference, json.loads(written))
    kept = _kept(session, by, intent)
    kept.answer = f'{{"kind": "{done.kind}", "reference": "{done.reference}", "document": {written}}}'.encode()
    session.add(kept)
    session.flush()
    return answer


def _kept(session: Session, by: Doer, intent: str) -> Intent:
    return session.exec(select(Intent).where(Intent.person_id == by.id, Intent.intent == intent)).one()


def seen_by(session: Session, by: Doer, done: Done, now: datetime) -> dict[str, Any] | None:
    """Give the record as it stands; nothing for somebody who by this deed ceased to see it."""
    try:
        return show(session, done.kind, done.reference, by, now)
    except NotFound:
        return None
