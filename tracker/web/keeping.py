"""Keeps a form that came too late, and forgets it once it has been recorded after all."""

from datetime import datetime

from fastapi import Request
from sqlmodel import Session

from tracker.database import if_it_can_be, unit_of_work
from tracker.facts import storable
from tracker.intents import LONGEST
from tracker.people.doer import Doer
from tracker.people.unsent import Unsent, forget, keep
from tracker.policy import Who, policy_of
from tracker.web.forms import CARRIED, Form
from tracker.web.house import house_of


def keep_form(
    request: Request, person_id: int, form: Form, place: str, now: datetime, *, by_link: bool = False
) -> None:
    """Keep what somebody typed into a form, files apart; a form into which nobody typed anything is not kept."""
    if not any(any(values) for name, values in form.chosen.items() if name not in CARRIED):
        return
    typed = {name: values for name, values in form.chosen.items() if name not in ("form_token", "given_back")}
    intent = form.intent if len(form.intent) <= LONGEST and storable(form.intent) else None
    with unit_of_work(house_of(request).engine) as session:
        keep(session, person_id, Unsent(place, typed, bool(form.uploads), now), intent=intent, by_link=by_link)


def was_sent(request: Request, reader: Doer, form: Form, session: Session | None = None) -> None:
    """Forget a form that was kept and has been recorded now; in the unit of work that recorded it, where it is open."""
    signed_in = request.state.signed_in
    declared = policy_of(request.scope["endpoint"])
    is_by_link = declared is not None and declared.who is Who.LINK
    if is_by_link or (signed_in is not None and signed_in.has_unsent):
        if session is not None:
            forget(session, reader.id, form.intent)
            return
        with if_it_can_be("That a form was sent"), unit_of_work(house_of(request).engine) as writing:
            forget(writing, reader.id, form.intent)
