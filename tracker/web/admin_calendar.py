"""The clocks, settings and calendar of a partnership, and days on which it is closed."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session, col, select

from tracker.errors import NotFound
from tracker.groups.models import Setting
from tracker.groups.queries import definitions_of, partnership_settings
from tracker.policy import policy
from tracker.showing.show import show
from tracker.web.admin import FOR_ADMINISTRATORS, Here, Place, admin_page
from tracker.web.deed_forms import send
from tracker.web.fields import Choice, Field, Kind
from tracker.web.forms import Form, Posted
from tracker.web.messages import leave_message
from tracker.web.pages import day, see_other
from tracker.web.setting_words import SETTINGS, Typed, Value, in_words
from tracker.web.visitors import Db, Now, Reader
from workflows.arrangement import Basis
from workflows.definition import Definition
from workflows.working_days import LAST_COUNTED_YEAR, bank_holidays, by_rule_only

routes = APIRouter()

YEARS_SHOWN = 3
_BEFORE_ALL_CHANGES = datetime(1970, 1, 1, tzinfo=UTC)
FIELDS = [
    Field("on", Kind.DATE, "Which day?", missing="Enter the day that is no working day"),
    Field(
        "name",
        Kind.LINE,
        "What is it called?",
        width=30,
        hint="For example, Office closed.",
        missing="Enter a name for the day",
    ),
    Field(
        "whose",
        Kind.ONE_OF,
        "Who is closed?",
        missing="Choose who is closed",
        choices=[
            Choice("partnership", "This partnership only"),
            Choice("all", "Everybody", "A bank holiday that was proclaimed late, for every partnership here."),
        ],
    ),
]


@routes.get("/admin/clocks")
@policy(FOR_ADMINISTRATORS)
def clocks(request: Request, db: Db, reader: Reader, now: Now, here: Here) -> Response:
    """Show the clocks with their lengths and sources, every setting, the bank holidays, and the own closures."""
    settings = partnership_settings(db, here.partnership, now)
    changed = {row.key: row for row in _changes(db, here)}
    first = partnership_settings(db, here.partnership, _BEFORE_ALL_CHANGES)
    return admin_page(
        request,
        "clocks",
        here,
        definitions=[(one, _clocks(one, settings, changed)) for one in reversed(definitions_of(here.partnership))],
        settings=[
            {
                "key": key,
                "words": words,
                "first": in_words(words.typed, words.unit, first[key]),
                "value": in_words(words.typed, words.unit, settings[key]),
                "since": changed[key].since if key in changed else None,
            }
            for key, words in SETTINGS.items()
        ],
        years=_years(reader.day.year),
        closures=show(db, "partnership", here.partnership.code, reader, now)["closures"],
    )


@routes.get("/admin/clocks/closures/new")
@policy(FOR_ADMINISTRATORS)
def new_closure(request: Request, here: Here) -> Response:
    """Ask which day is no working day."""
    return admin_page(request, "closure_new", here, form=Form(), fields=FIELDS)


@routes.post("/admin/clocks/closures/new")
@policy(FOR_ADMINISTRATORS)
def add_closure(request: Request, reader: Reader, here: Here, form: Posted) -> Response:
    """Add the day, and show which dates it changed."""
    asked = FIELDS[:2]
    also = {"partnership": here.partnership.code}
    if not form.text("whose"):
        form.says("whose", FIELDS[2].missing)
    for_all = form.text("whose") == "all"
    beside = {"already_done": FIELDS[0]}
    done = send(request, reader, "add_closure", None, form, asked, also={} if for_all else also, places=beside)
    if done is None:
        return admin_page(request, "closure_new", here, form.status, form=form, fields=FIELDS)
    leave_message(request, f"{day(form.date('on'))} is no working day from now on.")
    return see_other(here.at(f"/admin/clocks/closures/{form.date('on')}"))


@routes.get("/admin/clocks/closures/{on}")
@policy(FOR_ADMINISTRATORS)
def closure(request: Request, db: Db, reader: Reader, now: Now, here: Here, on: str) -> Response:
    """Show a day that was added, with every date that it changed, as far as the reader sees the cases."""
    listed = show(db, "partnership", here.partnership.code, reader, now)["closures"]
    found = [one for one in listed if one["on"] == on]
    if not found:
        raise NotFound("This day was not added to the calendar.")
    names = {rule.code: rule.name for one in definitions_of(here.partnership) for rule in one.clocks}
    return admin_page(request, "closure", here, closure=found[0], names=names)


def _changes(db: Session, here: Place) -> Sequence[Setting]:
    """Give every change of a setting, oldest first."""
    question = select(Setting).where(Setting.partnership_id == here.partnership.id)
    return db.exec(question.order_by(col(Setting.id))).all()


def _clocks(definition: Definition, settings: dict[str, Value], changed: dict[str, Setting]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for rule in definition.clocks:
        key = f"clock.{rule.code}"
        value = settings.get(key)
        rows.append(
            {
                "key": key,
                "rule": rule,
                "runs": f"{rule.direction} {rule.start.words}",
                "first": str(rule.length),
                "value": str(rule.length) if value is None else in_words(Typed.LENGTH, "", value),
                "since": changed[key].since if key in changed else None,
                "source": Basis(rule.basis).words,
            }
        )
    return rows


def _years(first: int) -> list[tuple[int, bool, list[tuple[date, str]]]]:
    """Give the bank holidays of a year and the next two, and whether they follow from the rules alone."""
    years = range(first, min(first + YEARS_SHOWN, LAST_COUNTED_YEAR + 1))
    return [(year, by_rule_only(date(year, 1, 1)), sorted(bank_holidays(year).items())) for year in years]
