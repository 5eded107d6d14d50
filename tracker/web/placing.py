"""Says beside which field a sentence belongs, and in the words of a page instead of those of the command line."""

import re
from collections.abc import Iterable, Mapping, Sequence

from tracker.deeds import DEEDS
from tracker.facts import Reason
from tracker.personal import may_be_personal
from tracker.web.fields import Field, Kind
from tracker.web.forms import Form
from workflows.dates import PartialDate
from workflows.vocabulary import Do
from workflows.wording import capital

REAL_DATE = "Enter a real date, like 29 1 2027"
Places = Mapping[str, Field]

# Which questions a refusal is about, by its code; the first that the form has.
_ABOUT: Mapping[str, Sequence[str]] = {
    "reason": ("reason",),
    "methods": ("methods",),
    "immediate_learning": ("immediate_learning",),
    "partners": ("agreed_by",),
    "independence": ("involvement",),
    "unknown_grade": ("grade",),
    "unknown_kind": ("kind",),
    "method_not_chosen": ("method",),
    "not_asked": ("agency",),
    "sent_before_publication": ("override_reason",),
    "no_evidence": ("evidence",),
    "bad_timescale": ("timescale",),
    "no_outside_body": ("outside_body", "body"),
    **dict.fromkeys(("far_off", "no_due_date", "no_date_ahead"), ("due_on", "review_on", "timescale")),
    "says_where": ("files",),
    "too_many_files": ("files",),
    "reference_taken": ("reference",),
    **dict.fromkeys(("left", "conflict", "is_a_post", "opens_no_case", "not_named", "ambiguous"), ("person",)),
}
_OF_DATES = {"bad_date", "out_of_order"}


def home_of(code: str, fields: Iterable[Field], places: Places | None = None) -> str | None:
    """Name the field beside which a refusal with a code is said, if the form has one."""
    known = list(fields)
    if places and code in places:
        return places[code].name
    names = [field.name for field in known]
    if code in _OF_DATES:
        return next((field.name for field in known if field.kind is Kind.DATE), None)
    return next((name for name in _ABOUT.get(code, ()) if name in names), None)


def personal_home(name: str, form: Form, fields: Iterable[Field], places: Places | None = None) -> str | None:
    """Name the field that looks personal; of several that become facts of one name, the first that looks so."""
    known = [field.name for field in fields]
    if name in known:
        return name
    if name == "file_name":
        return next((field.name for field in fields if field.kind is Kind.FILES), None)
    among = [field for place, field in (places or {}).items() if place.rpartition(".")[2] == name]
    for field in among:
        if may_be_personal(Reason.model_construct(reason=form.text(field.name))):
            return field.name
    return None


def wrong_date(form: Form, name: str) -> str | None:
    """Say what is wrong with a date in three parts; a month or a year alone is one, nothing at all is none."""
    day, month, year = (form.text(f"{name}-{part}") for part in ("day", "month", "year"))
    if not (day or month or year):
        return None
    if not year:
        return "The date must include a year"
    if day and not month:
        return "The date must include a month"
    if not all(part.isascii() and part.isdigit() for part in (day or "1", month or "1", year)):
        return REAL_DATE
    if len(year) != 4:
        return "The year must have 4 numbers, like 2027"
    try:
        PartialDate.parse(form.date(name))
    except ValueError:
        return REAL_DATE
    return None


def too_long(field: Field, typed: str) -> str | None:
    """Say that more was typed than the page allows."""
    if field.most is None or len(typed) <= field.most:
        return None
    return f"{subject(field)} must be {field.most:,} characters or fewer (you have {len(typed):,})"


def subject(field: Field) -> str:
    """Name an answer at the beginning of a sentence: by its label, or as the answer where that is a question."""
    label = field.label.removesuffix(" (optional)")
    return "Your answer" if label.endswith("?") else label


def said_of(field: Field | None, words: str, typed: str) -> str:
    """Write what does not fit, which begins small and without its subject, as the sentence beside a field."""
    if field is None:
        return capital(words)
    if field.missing and words in ("it is missing, give it", "it is empty, write at least one word"):
        return field.missing
    if words.startswith("The day is needed"):
        return "The date must include a day"
    if words.startswith("it must be") and words.endswith("characters or fewer"):
        return f"{subject(field)} {words[3:]} (you have {len(typed):,})"
    if words.startswith("it "):
        return f"{subject(field)} {words[3:]}"
    return capital(words)


def which_file(form: Form, field: Field | None, place: str, sentence: str) -> str:
    """Say which of several files a sentence is about, by its number: `files.1` is the second."""
    number = place.partition(".")[2].partition(".")[0]
    if field is None or field.kind is not Kind.FILES or not number.isdigit() or len(field.typed(form)) < 2:
        return sentence
    return f"File {int(number) + 1}: {sentence}"


def in_page_words(sentence: str) -> str:
    """Write a refusal for a page: deeds by the words on their buttons, without what only the command line has."""
    kept = [part for part in re.split(r"(?<=[.?!]) ", sentence) if "`" not in part]
    words = " ".join(kept) or sentence.replace("`", "")
    words = words.replace("give the reason in override_reason", "say why it does not wait")
    words = words.replace("or leave it out and give due_on", "or leave it empty and enter the date")
    words = words.replace(", as outside_body", "")
    words = words.replace("Look again, then decide.", "Your text is kept below.")
    return _COMMANDS.sub(lambda found: f"“{_labels()[found.group()]}”", words)


def _labels() -> Mapping[str, str]:
    named = {do.deed: do.label for do in Do}
    return {deed.command: named.get(deed.command) or _words(deed.command) for deed in DEEDS.values()}


def _words(command: str) -> str:
    return command.replace("-", " ").capitalize()


_COMMANDS = re.compile(
    r"\b(" + "|".join(sorted((deed.command for deed in DEEDS.values() if "-" in deed.command), reverse=True)) + r")\b"
)
