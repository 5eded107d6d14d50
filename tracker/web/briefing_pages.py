"""What the pages of a briefing show: its questions, the sheet as it is laid out, its versions, what it still lacks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse

from tracker.briefings.boxes import BOXES, NAMES, TITLE, Part, parts_of
from tracker.briefings.fitting import fits
from tracker.briefings.queries import Briefings, Written, briefings_of
from tracker.briefings.writing import learning_from, what_is_wrong
from tracker.errors import NotFound
from tracker.groups.letterheads import letterhead_of
from tracker.people.permissions import ROLES_FOR
from tracker.reflections.commenting import BRIEFING
from tracker.web.comments import comments_shown
from tracker.web.fields import NO_NAMES, Field, Kind
from tracker.web.forms import Form
from tracker.web.pages import page
from tracker.web.step_forms.form import At
from tracker.web.step_pages import about_case

_POINTS = "Begin a line with a hyphen to make a list."
_HINTS = {
    "why_this_matters": "What is at stake for children, and how often it happens.",
    "what_happened": "No age, sex, date, place or family make-up.",
    "what_we_learnt": _POINTS,
    "what_worked_well": "Good practice that others can take up.",
    "what_is_changing": "What agencies have agreed to do, and by when.",
    "what_you_can_do_today": "What everybody can do without waiting for anybody.",
    "talk_about_it": "Questions for a team meeting.",
}
FIELDS: Sequence[Field] = (
    Field(
        TITLE,
        Kind.LINE,
        "Title",
        f"This title stands on a sheet for all staff. It must make sense with no case beside it. {NO_NAMES}",
    ),
    *(
        Field(box.name, Kind.WORDS, box.heading, f"{_HINTS[box.name]} {NO_NAMES}", most=box.most, rows=6)
        for box in BOXES
    ),
)


@dataclass(frozen=True, slots=True)
class SheetBox:
    """One box of the sheet as it is laid out."""

    number: int
    name: str
    heading: str
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A briefing as it goes to all staff: nothing on it names the case as this service knows it."""

    partnership: str
    contact: str | None
    title: str
    learning_from: str
    boxes: Sequence[SheetBox]
    number: int | None
    approved_on: str | None


def briefing_path(at: At) -> str:
    """Give the address of the briefing of a case."""
    return f"/cases/{quote(at.reference)}/briefing"


def may_write(at: At) -> bool:
    """Say whether the reader may write the briefing as the case stands."""
    held = ROLES_FOR["write_briefing"] & at.reader.roles_in(at.standing.case.partnership_id)
    return bool(held) and at.standing.case.closed_at is None


def sheet_of(at: At, written: Written | None) -> Sheet:
    """Lay a briefing out; an empty one where nothing is written yet."""
    letterhead = letterhead_of(at.session, at.standing.case.partnership_id, at.today)
    texts = {} if written is None else written.texts
    approved_on = None if written is None or written.approved_on is None else written.approved_on.isoformat()
    return Sheet(
        partnership=letterhead.partnership,
        contact=letterhead.reply_to,
        title=texts.get(TITLE, ""),
        learning_from=(written.learning_from if written else None) or learning_from(at.standing),
        boxes=[
            SheetBox(number, box.name, box.heading, parts_of(texts.get(box.name, "")))
            for number, box in enumerate(BOXES, 1)
        ],
        number=None if written is None else written.number,
        approved_on=approved_on,
    )


def wanted_version(found: Briefings, asked: str) -> Written:
    """Give the version that an address asks for: a number, `draft`, or the newest approved one; raises `NotFound`."""
    wanted: Written | None
    if asked == "draft":
        wanted = found.draft
    elif asked:
        wanted = found.version(int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 6 else None
    else:
        wanted = found.versions[0] if found.versions else found.draft
    if wanted is None:
        raise NotFound("There is no such version of this briefing.")
    return wanted


def changed_in(form: Form) -> tuple[list[Field], dict[str, str]]:
    """Give the questions whose answers differ from what the page began with, and those that were emptied as facts.

    What somebody else has written meanwhile into another box is left as it is.
    """
    changed = [field for field in FIELDS if form.text(field.name) != form.text(f"was-{field.name}")]
    return changed, {field.name: "" for field in changed if not form.text(field.name)}


def began_with(at: At, form: Form | None) -> dict[str, str]:
    """Give the words with which a page of the form begins; one that came back keeps those it began with."""
    if form is not None:
        return {name: form.text(f"was-{name}") for name in NAMES}
    newest = briefings_of(at.session, at.standing.case).newest
    return {name: newest.texts.get(name, "") if newest else "" for name in NAMES}


def briefing_page(
    request: Request, at: At, form: Form | None = None, *, seen: int | None = None, comment_form: Form | None = None
) -> HTMLResponse:
    """Show the briefing: to be written by whoever may, to be read by everybody who sees the case."""
    found = briefings_of(at.session, at.standing.case)
    began = began_with(at, form)
    wrong = form or comment_form or Form()
    shown = _about(at, found) | {
        "form": (form or Form(began)) if may_write(at) else None,
        "wrong": wrong,
        "began": began,
        "fields": FIELDS,
        "seen": at.case["version"] if seen is None else seen,
    }
    shown |= comments_shown(at, BRIEFING, comment_form)
    return page(request, "pages/briefing/briefing.html", wrong.status if wrong.errors else 200, **shown)


def _about(at: At, found: Briefings) -> dict[str, Any]:
    newest = found.newest
    return about_case(at) | {
        "at": briefing_path(at),
        "found": found,
        "newest": newest,
        "sheet": sheet_of(at, newest),
        "fits": newest is not None and fits(newest.texts),
    }


def check_page(request: Request, at: At, draft: Written, form: Form) -> HTMLResponse:
    """Show the draft as it will be approved, with what it lacks."""
    found = briefings_of(at.session, at.standing.case)
    shown = _about(at, found) | {
        "form": form,
        "lacks": what_is_wrong(draft.texts),
        "sheet": sheet_of(at, draft),
        "next_number": (found.versions[0].number or 0) + 1 if found.versions else 1,
        "is_published": "publication" in at.case["events"],
        "version": at.case["version"],
    }
    return page(request, "pages/briefing/check.html", form.status if form.errors else 200, **shown)
