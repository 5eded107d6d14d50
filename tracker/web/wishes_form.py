"""The form of what somebody wishes of our emails: for herself, behind her link, and for who looks after people."""

from dataclasses import replace
from datetime import date, datetime

from fastapi import Request

from tracker.database import unit_of_work
from tracker.errors import Refused
from tracker.loading.wishes import Wishes, change_wishes
from tracker.people.doer import Doer
from tracker.web.fields import Field, Kind, filled
from tracker.web.forms import Form
from tracker.web.house import house_of
from tracker.web.pages import day
from workflows.dates import PartialDate

KEPT = "What you chose is kept."
SAID = {"bad_first_day": ("absent_from", ""), "bad_last_day": ("absent_until", "")}


def wishes_fields(whose: str = "me") -> list[Field]:
    """Give the questions, about the reader herself or about `them`."""
    return [
        Field("absent_from", Kind.DATE, "First day away"),
        Field("absent_until", Kind.DATE, "Last day away", hint="Reminders begin again on the day after it."),
        Field("only_statutory", Kind.TICK, f"Only send {whose} what is statutory"),
    ]


def form_of(known: Wishes) -> Form:
    """Give the form as it stands."""
    ticked = "yes" if known.only_statutory else None
    days = {"absent_from": known.absent_from, "absent_until": known.absent_until}
    return filled(wishes_fields(), {**days, "only_statutory": ticked})


def wishes_in(form: Form, known: Wishes) -> Wishes:
    """Read what was chosen; what is no day is noted beside its field."""
    if form.text("not_away"):
        return replace(known, absent_from=None, absent_until=None)
    first, last = (_day(form, name) for name in ("absent_from", "absent_until"))
    return Wishes(first, last, form.text("only_statutory") == "yes")


def wish(request: Request, form: Form, known: Wishes, by: Doer, now: datetime) -> bool:
    """Keep what somebody wishes for herself; says no when the form has to come back, with its errors noted."""
    wished = wishes_in(form, known)
    if form.errors:
        return False
    try:
        with unit_of_work(house_of(request).engine) as session:
            change_wishes(session, by.id, wished, now=now, by=by)
    except Refused as refused:
        form.says(SAID[refused.code][0], str(refused))
        return False
    return True


def in_words(known: Wishes) -> str:
    """Say which emails somebody gets."""
    which = "Only what is statutory" if known.only_statutory else "All of them"
    if known.absent_from is None:
        return which
    if known.absent_until is None:
        return f"{which}, but none since {day(known.absent_from)}"
    return f"{which}, but none from {day(known.absent_from)} to {day(known.absent_until)}"


def _day(form: Form, name: str) -> date | None:
    typed = form.date(name)
    if not typed:
        return None
    try:
        found = PartialDate.parse(typed).day_or_none
    except ValueError:
        found = None
    if found is None:
        form.says(name, "Enter a day that exists, with its month and year")
    return found
