"""What is done to a partnership itself from a form: in one unit of work, and once, however often the form is sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import Request
from sqlmodel import Session

from tracker.clock import london_day
from tracker.database import to_json, unit_of_work
from tracker.errors import NotFound, Refused
from tracker.groups.models import Partnership
from tracker.intents import Done, check_intent, claim, keep_answer
from tracker.people.doer import Doer, doer_by_email
from tracker.web.forms import Form
from tracker.web.house import house_of
from tracker.web.keeping import was_sent

STALE = {"already_done", "intent_reused"}


@dataclass(frozen=True, slots=True)
class Doing:
    """What is being done: its name, in which partnership, with which facts; they tell one intent from another."""

    name: str
    partnership: Partnership
    facts: Mapping[str, object]


def done_once(
    request: Request,
    reader: Doer,
    form: Form,
    doing: Doing,
    act: Callable[[Session, Doer], object],
    said: Mapping[str, tuple[str, str]] | None = None,
) -> bool:
    """Do it, unless this form did it before; says no when the form has to come back, with its errors noted.

    `said` gives for the code of a refusal the field it belongs to and the sentence beside it; without a sentence the
    refusal's own stands there. Raises `NotAllowed`.
    """
    if form.errors:
        return False
    house = house_of(request)
    now = house.now()
    asked = to_json({"deed": doing.name, "reference": doing.partnership.code, "facts": dict(doing.facts)})
    check_intent(form.intent)
    try:
        with unit_of_work(house.engine) as session:
            by = doer_by_email(session, str(reader.email), london_day(now))
            if claim(session, by, doing.name, form.intent, asked, now) is None:
                act(session, by)
                keep_answer(session, by, form.intent, Done("partnership", doing.partnership.code), now)
            was_sent(request, reader, form, session)
    except (Refused, NotFound) as refused:
        _note(form, refused, said or {})
        return False
    return True


def _note(form: Form, refused: Refused | NotFound, said: Mapping[str, tuple[str, str]]) -> None:
    form.status = HTTPStatus.CONFLICT if refused.code in STALE else HTTPStatus.UNPROCESSABLE_ENTITY
    place, sentence = said.get(refused.code, ("form", ""))
    form.says(place, sentence or str(refused))
