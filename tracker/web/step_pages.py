"""What the page of a step shows: the case it is about, what stands in its way with the cure, what was filled in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from sqlmodel import Session

from tracker.clock import london_day, uk_clock
from tracker.deeds import DEEDS
from tracker.errors import NotAllowed
from tracker.people.doer import Doer
from tracker.people.permissions import ROLES_FOR
from tracker.showing.show import show_case
from tracker.web.deed_forms import SENT_BEFORE
from tracker.web.deed_links import cure_of, link_of
from tracker.web.fields import Field, Kind
from tracker.web.forms import Form
from tracker.web.pages import day
from tracker.web.placing import in_page_words, wrong_date
from tracker.web.step_forms.form import At
from tracker.web.step_forms.table import STEP_FORMS, past_of
from tracker.web.step_forms.whose import must_be_hers
from workflows.dates import uk_date
from workflows.vocabulary import CaseStatus

# What nobody did herself is not who moved a case on.
_BY_ITSELF = {"moved_on", "clock_redated", "decision_changed"}


@dataclass(frozen=True, slots=True)
class Way:
    """Something that stands in the way, and where it is cured; or a step that is open instead."""

    sentence: str
    path: str | None = None
    link: str = ""


def at_case(session: Session, reference: str, reader: Doer, now: datetime) -> At:
    """Give a case for a form; raises `NotFound` where the reader may not see it."""
    document, standing = show_case(session, reference, reader, now)
    return At(session, standing, document, reader, now)


def blockers_of(at: At, deed: str) -> list[Way]:
    """Give what stands in the way of a step, each with the page that cures it, where the reader may go there."""
    ways, step_name = {}, deed.replace("_", "-")
    for step in at.steps(step_name):
        for blocker in step["blockers"]:
            cure = cure_of(blocker, lambda name: name != step_name and _may(at, name.replace("-", "_")))
            path, link = (link_of(at.reference, cure[0]), cure[1]) if cure else (None, "")
            since = f" It can be done from {day(blocker['from'])} on." if blocker["from"] else ""
            ways[blocker["code"]] = Way(f"{in_page_words(blocker['sentence'])}{since}", path, link)
    return list(ways.values())


def _may(at: At, deed: str) -> bool:
    if deed not in STEP_FORMS and deed != "record_decision":
        return bool(ROLES_FOR[deed] & at.reader.roles_in(at.standing.case.partnership_id))
    try:
        must_be_hers(at, deed)
    except NotAllowed:
        return deed == "record_decision" and at.coordinates
    return True


def open_instead(at: At) -> Iterator[Way]:
    """Give the steps that are open where the case stands, and hers."""
    known: set[str] = set()
    for step in at.case["steps"]:
        deed = step["deed"].replace("-", "_")
        if deed not in known and deed in DEEDS and _may(at, deed):
            known.add(deed)
            heading = STEP_FORMS[deed].heading if deed in STEP_FORMS else "Record the decision"
            yield Way("", link_of(at.reference, step["deed"]), heading)


def where_it_stands(at: At) -> str:
    """Say where the case stands, as a page says it after *because*."""
    return f"The case stands at “{CaseStatus(at.case['status']).words}”"


def seen_again(at: At, form: Form) -> int | None:
    """Give the version on which a form that came back was written; nothing where it is the newest from now on.

    Then who moved the case on is said above it.
    """
    if form.status != HTTPStatus.CONFLICT:
        return form.seen
    if form.errors.get("form", SENT_BEFORE) != SENT_BEFORE:
        form.errors["form"] = moved_on(at)
    return None


def moved_on(at: At) -> str:
    """Say who moved the case on, and when, to somebody whose page is older than that and who typed something."""
    return f"{who_moved_on(at)} Your text is kept below."


def who_moved_on(at: At) -> str:
    """Say who moved the case on, and when, to somebody whose page is older than that."""
    done = next((line for line in reversed(at.case["history"]) if line["by"] and line["deed"] not in _BY_ITSELF), None)
    if done is None:
        return "This case has moved on."
    at_moment = datetime.fromisoformat(done["at"])
    when = f"at {uk_clock(at_moment)}"
    if london_day(at_moment) != at.today:
        when += f" on {uk_date(london_day(at_moment))}"
    return f"This case has moved on. {done['by']} {past_of(done['deed'])} {when}."


def said(field: Field, form: Form) -> str:
    """Write what was filled in as the page says it: a date in words, a choice by its words."""
    if field.kind is Kind.DATE and wrong_date(form, field.name):
        return " ".join(form.text(f"{field.name}-{part}") for part in ("day", "month", "year")).strip()
    if field.kind is Kind.DATE:
        return day(form.date(field.name)) if form.date(field.name) else ""
    words = {choice.value: choice.words for choice in field.choices}
    if field.kind is Kind.SOME_OF:
        return ", ".join(words.get(one, one) for one in form.all(field.name))
    typed = form.text(field.name)
    return words.get(typed, typed)


def kept(form: Form, without: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Give everything that was filled in, to be carried on by the next page."""
    for name, values in form.chosen.items():
        if name not in {"form_token", "intent", "seen", *without}:
            for value in values:
                yield name, value


def about_case(at: At) -> dict[str, Any]:
    """Give what every page of a step shows of its case."""
    return {
        "case": at.case,
        "back": f"/cases/{at.reference}",
        "caption": f"{at.case['pseudonym']}, {at.reference}",
    }
