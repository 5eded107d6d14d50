"""The themes of a partnership: the list, and adding, renaming, merging, retiring one, or taking that back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from tracker.errors import NotFound
from tracker.facts import storable
from tracker.groups.themes import ThemeHere, vocabulary
from tracker.people.doer import Doer
from tracker.policy import policy
from tracker.showing.themes import count_themes, theme_history
from tracker.web.action_history import entries_of
from tracker.web.admin import FOR_ADMINISTRATORS, Here, Place, admin_page
from tracker.web.deed_forms import send
from tracker.web.fields import NO_NAMES, Choice, Field, Kind
from tracker.web.forms import Form, Posted
from tracker.web.messages import leave_message
from tracker.web.pages import see_other
from tracker.web.visitors import Db, Now, Reader

routes = APIRouter()

_LATEST = 20
_LABEL = "What is it called?"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The form of one deed to a theme: its heading, what it says beforehand, its button, and what is said after it."""

    heading: str
    before: str
    button: str
    done: str
    deed: str
    fields: Callable[[Session, Place, ThemeHere], Sequence[Field]]


def _why(missing: str = "Say why") -> Field:
    return Field("reason", Kind.WORDS, "Why?", NO_NAMES, missing, rows=3)


def _rename(_session: Session, _here: Place, _theme: ThemeHere) -> Sequence[Field]:
    return Field("label", Kind.LINE, "What is it called from now on?", missing="Enter a name", width=30), _why()


def _merge(session: Session, here: Place, theme: ThemeHere) -> Sequence[Field]:
    in_use = vocabulary(session).in_use([here.partnership.id])
    choices = [Choice(code, label) for code, label in in_use.items() if code != theme.code]
    missing = "Choose the theme into which it is merged"
    return Field("into", Kind.SELECT, "Into which theme is it merged?", choices=choices, missing=missing), _why()


def _only_why(_session: Session, _here: Place, _theme: ThemeHere) -> Sequence[Field]:
    return (_why(),)


SHEETS: Mapping[str, Sheet] = {
    "rename": Sheet(
        "Rename the theme",
        "Everything that has the theme keeps it. The earlier name is still understood, here and in files that are "
        "imported.",
        "Rename the theme",
        "The theme {0} has a new name",
        "rename_theme",
        _rename,
    ),
    "merge": Sheet(
        "Merge the theme into another one",
        "What has either theme is counted under the other one from now on, and the words for this one still find it. "
        "No action and no case is changed, so that it can be taken back.",
        "Merge the themes",
        "The theme {0} is merged",
        "merge_themes",
        _merge,
    ),
    "retire": Sheet(
        "Retire the theme",
        "It is no longer offered. What has it keeps it, and is still counted.",
        "Retire the theme",
        "The theme {0} is retired",
        "retire_theme",
        _only_why,
    ),
    "restore": Sheet(
        "Bring the theme back",
        "It stands for itself again, with everything that had it before.",
        "Bring the theme back",
        "The theme {0} stands for itself again",
        "restore_theme",
        _only_why,
    ),
}
_NEW = [Field("label", Kind.LINE, _LABEL, "As it is to stand in lists.", missing="Enter a name", width=30)]
# Beside which question a refusal is said.
_PLACES = {
    "theme_exists": _NEW[0],
    "same_theme": Field("into", Kind.SELECT, ""),
    "retired": Field("into", Kind.SELECT, ""),
}


@routes.get("/admin/themes")
@policy(FOR_ADMINISTRATORS)
def themes(request: Request, db: Db, reader: Reader, now: Now, here: Here) -> Response:
    """List the themes with what may be done to each; how much has each is shown to whoever sees cases."""
    known = vocabulary(db)
    rows = sorted(known.here(here.partnership.id).values(), key=lambda row: row.label.casefold())
    counts = count_themes(db, [here.partnership.id], reader, now, known) if here.sees_cases else {}
    decided = entries_of(theme_history(db, here.partnership))[:_LATEST]
    labels = known.labels([here.partnership.id])
    return admin_page(request, "themes", here, rows=rows, counts=counts, decided=decided, labels=labels)


@routes.get("/admin/themes/new")
@policy(FOR_ADMINISTRATORS)
def new(request: Request, here: Here) -> Response:
    """Ask for a theme of the partnership's own."""
    return admin_page(request, "theme_new", here, form=Form(), fields=_NEW)


@routes.post("/admin/themes/new")
@policy(FOR_ADMINISTRATORS)
def add(request: Request, reader: Reader, here: Here, form: Posted) -> Response:
    """Add a theme, and go back to the list."""
    if send(request, reader, "add_theme", here.partnership.code, form, _NEW, places=_PLACES) is None:
        return admin_page(request, "theme_new", here, form.status, form=form, fields=_NEW)
    leave_message(request, f"The theme {form.text('label')} has been added")
    return see_other(here.at("/admin/themes"))


@routes.get("/admin/themes/{code}/{deed}")
@policy(FOR_ADMINISTRATORS)
def ask(request: Request, db: Db, reader: Reader, here: Here, code: str, deed: str) -> Response:
    """Ask for what a deed to a theme needs."""
    theme, sheet = _found(db, here, code, deed)
    if (deed == "restore") == theme.is_in_use:
        raise NotFound("This has been done to the theme already.")
    return _page(request, db, here, theme, sheet, Form())


@routes.post("/admin/themes/{code}/{deed}")
@policy(FOR_ADMINISTRATORS)
def do_it(request: Request, db: Db, reader: Reader, here: Here, code: str, deed: str, form: Posted) -> Response:
    """Do a deed to a theme, and go back to the list."""
    theme, sheet = _found(db, here, code, deed)
    fields = sheet.fields(db, here, theme)
    if not _done(request, reader, here, theme, sheet, form, fields):
        return _page(request, db, here, theme, sheet, form)
    leave_message(request, sheet.done.format(theme.label))
    return see_other(here.at("/admin/themes"))


def _done(
    request: Request, reader: Doer, here: Place, theme: ThemeHere, sheet: Sheet, form: Form, fields: Sequence[Field]
) -> bool:
    also = {"theme": theme.code}
    try:
        done = send(request, reader, sheet.deed, here.partnership.code, form, fields, also=also, places=_PLACES)
    except NotFound as nothing:
        form.says("into", str(nothing).split(". ")[0])
        return False
    return done is not None


def _found(db: Session, here: Place, code: str, deed: str) -> tuple[ThemeHere, Sheet]:
    sheet = SHEETS.get(deed)
    themes = vocabulary(db).here(here.partnership.id).values() if storable(code) else ()
    theme = next((one for one in themes if one.code == code), None)
    if sheet is None or theme is None:
        raise NotFound("There is no such theme here.")
    return theme, sheet


def _page(request: Request, db: Session, here: Place, theme: ThemeHere, sheet: Sheet, form: Form) -> Response:
    status = form.status if form.errors else 200
    fields = sheet.fields(db, here, theme)
    return admin_page(request, "theme_deed", here, status, theme=theme, sheet=sheet, form=form, fields=fields)
