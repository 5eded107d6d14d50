"""Changing one setting of a partnership, or the length of one of its clocks, from today on."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tracker.errors import NotFound
from tracker.groups.queries import definitions_of, partnership_settings
from tracker.people.doer import Doer
from tracker.policy import policy
from tracker.web.admin import FOR_ADMINISTRATORS, Here, admin_page
from tracker.web.deed_forms import send
from tracker.web.fields import Choice, Field, Kind
from tracker.web.forms import Form, Posted
from tracker.web.messages import leave_message
from tracker.web.pages import see_other
from tracker.web.setting_words import SETTINGS, SettingWords, Typed, Value, as_typed, in_words, read_typed
from tracker.web.visitors import Db, Now, Reader
from workflows.deadlines import Unit

routes = APIRouter()

_CLOCK = "clock."
_YES_NO = [Choice("yes", "Yes"), Choice("no", "No")]
_UNITS = [Choice(unit.value, unit.value.replace("_", " ").capitalize()) for unit in Unit]


@routes.get("/admin/clocks/settings/{key}")
@policy(FOR_ADMINISTRATORS)
def setting(request: Request, db: Db, now: Now, here: Here, key: str) -> Response:
    """Ask for another value of a setting."""
    words = _words(here, key)
    value = _value(here, partnership_settings(db, here.partnership, now), key)
    if words.typed is Typed.LENGTH:
        form = Form({"amount": str(value["amount"]), "unit": value["unit"]})
    else:
        form = Form({"value": as_typed(words.typed, value)})
    return _page(request, here, words, value, form)


@routes.post("/admin/clocks/settings/{key}")
@policy(FOR_ADMINISTRATORS)
def change(request: Request, db: Db, reader: Reader, now: Now, here: Here, key: str, form: Posted) -> Response:
    """Give the setting its value from today on, and go back to all of them."""
    words = _words(here, key)
    value = _typed(words, form)
    if not _sent(request, reader, here, key, words, value, form):
        old = _value(here, partnership_settings(db, here.partnership, now), key)
        return _page(request, here, words, old, form)
    leave_message(request, f"{words.label}: {in_words(words.typed, words.unit, value)} from today.")
    return see_other(here.at("/admin/clocks"))


def _sent(request: Request, reader: Doer, here: Here, key: str, words: SettingWords, value: Value, form: Form) -> bool:
    """Do the deed; what it refuses for the value's sake is said in the words of the setting, beside its field."""
    fact = {"key": key, "value": value}
    if send(request, reader, "change_setting", here.partnership.code, form, (), also=fact) is not None:
        return True
    if form.status == 422 and set(form.errors) == {"form"}:
        del form.errors["form"]
        form.says("amount" if words.typed is Typed.LENGTH else "value", words.wrong)
    return False


def _words(here: Here, key: str) -> SettingWords:
    """Give the words of a setting, or of a clock that one of the partnership's definitions has; raises `NotFound`."""
    if key in SETTINGS:
        return SETTINGS[key]
    for definition in reversed(definitions_of(here.partnership)):
        for rule in definition.clocks:
            if key == f"{_CLOCK}{rule.code}":
                meaning = f"How long it runs, {rule.direction} {rule.start.words}."
                return SettingWords(rule.name, meaning, Typed.LENGTH, "Enter a whole number, 10,000 at most")
    raise NotFound("There is no such setting.")


def _value(here: Here, settings: dict[str, Value], key: str) -> Value:
    """Give the value that holds: the one that was set, or a clock's own length in the newest definition."""
    if key in settings:
        return settings[key]
    rules = [rule for definition in definitions_of(here.partnership) for rule in definition.clocks]
    length = next(rule.length for rule in reversed(rules) if key == f"{_CLOCK}{rule.code}")
    return {"amount": length.amount, "unit": length.unit.value}


def _typed(words: SettingWords, form: Form) -> Value:
    if words.typed is not Typed.LENGTH:
        return read_typed(words, form.text("value"))
    amount = form.text("amount")
    number = int(amount) if amount.isascii() and amount.isdigit() and len(amount) < 10 else amount
    return {"amount": number, "unit": form.text("unit")}


def _fields(words: SettingWords) -> Sequence[Field]:
    if words.typed is Typed.LENGTH:
        return [
            Field("amount", Kind.LINE, "How many", width=4),
            Field("unit", Kind.SELECT, "Of what", choices=_UNITS),
        ]
    if words.typed is Typed.YES_NO:
        return [Field("value", Kind.ONE_OF, words.label, hint=words.meaning, choices=_YES_NO)]
    hints = {
        Typed.NUMBERS: "Write several with commas between them, like 14, 7.",
        Typed.HOUR: "Write it like 8am or 8:30am.",
        Typed.LETTERS: "1 to 8 letters and digits.",
    }
    never = "Leave it empty for never." if words.may_be_never else ""
    unit = words.unit.replace("_", " ")
    label = f"How many {unit}" if unit else words.label
    return [Field("value", Kind.LINE, label, hint=hints.get(words.typed, never), width=10)]


def _page(request: Request, here: Here, words: SettingWords, value: Value, form: Form) -> Response:
    return admin_page(
        request,
        "setting",
        here,
        form.status if form.errors else 200,
        words=words,
        now_is=in_words(words.typed, words.unit, value),
        form=form,
        fields=_fields(words),
    )
