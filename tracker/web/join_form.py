"""The form that joins two actions: which stays, whose it is, by when, why; and what comes of it, said beforehand."""

from collections.abc import Sequence

from tracker.actions.plan_rows import PlanRow
from tracker.actions.source_words import SourceShown
from tracker.web.fields import NO_NAMES, Choice, Field, Kind, filled
from tracker.web.forms import Form
from tracker.web.pages import day
from tracker.web.pair_words import PairShown
from workflows.colour import Colour
from workflows.dates import PartialDate, iso_text
from workflows.wording import capital

_ENDED = (Colour.TEAL, Colour.NONE)


def join_fields(pair: PairShown) -> Sequence[Field]:
    """Give the questions; of what is the same on both nothing is asked."""
    both = (pair.one, pair.other)
    stays = [Choice(row.reference, f"{row.reference}: {row.title or row.text}") for row in both]
    fields = [Field("kept", Kind.ONE_OF, "Which one stays?", missing="Choose which one stays", choices=stays)]
    owners = _owners(pair)
    if len(owners) > 1:
        fields.append(
            Field("owner", Kind.ONE_OF, "Who owns it from now on?", missing="Choose who owns it", choices=owners)
        )
    if any(map(_is_open, both)):
        hint = "The earlier date stands unless you change it. For example, 29 1 2027."
        fields.append(Field("due_on", Kind.DATE, "When is it due? (optional)", hint))
    why = f"It stays with both. {NO_NAMES}"
    return [*fields, Field("reason", Kind.WORDS, "Why are they the same?", why, "Say why they are the same", rows=3)]


def join_known(pair: PairShown) -> Form:
    """Give the form as it is opened: the older open one stays, with the earlier date."""
    stays = next((row for row in (pair.one, pair.other) if _is_open(row)), pair.one)
    return filled(join_fields(pair), {"kept": stays.reference, "due_on": iso_text(_earlier(pair))})


def join_facts(form: Form, fields: Sequence[Field], pair: PairShown) -> Sequence[Field]:
    """Give the questions whose answers are facts; a date that stands is none."""
    sent = [field for field in fields if field.name not in ("kept", "due_on")]
    if form.text("kept") not in (pair.one.reference, pair.other.reference):
        form.says("kept", "Choose which one stays")
    if form.date("due_on") and form.date("due_on") != iso_text(_earlier(pair)):
        sent += [field for field in fields if field.name == "due_on"]
    return sent


def summary_of(pair: PairShown) -> Sequence[tuple[str, Sequence[str]]]:
    """Say what is kept of both, and who is told."""
    owners = [choice.words for choice in _owners(pair)]
    sources = list(dict.fromkeys(_source(source) for row in (pair.one, pair.other) for source in row.sources))
    told = ["Nobody is written to at once."]
    if len(owners) > 1:
        told = ["Whoever is new to it reads of it once, in the email of the next working morning."]
    told.append("Nobody is reminded of the one that goes: its page and its owner’s link name the one that stays.")
    return [
        ("Sources", sources or ["None on either"]),
        ("Themes", list(dict.fromkeys([*pair.one.themes, *pair.other.themes])) or ["None on either"]),
        ("Kept of both", ["Helpers, updates, evidence, impact and the whole history"]),
        ("Date", [f"{day(_earlier(pair))}, the earlier one" if _earlier(pair) else "No date on either"]),
        ("Who is told", told),
        ("Undone", ["A join can be split again: then both are what they were."]),
    ]


def _source(source: SourceShown) -> str:
    case = f" ({source.case})" if source.case else ""
    return f"{capital(source.words)}{case}{source.more}"


def _owners(pair: PairShown) -> list[Choice]:
    owners = dict.fromkeys(row.owner for row in (pair.one, pair.other) if row.owner is not None)
    return [Choice(owner.email or owner.name, owner.name) for owner in owners]


def _is_open(row: PlanRow) -> bool:
    return row.rag.colour not in _ENDED


def _earlier(pair: PairShown) -> PartialDate | None:
    dates = [row.due for row in (pair.one, pair.other) if row.due is not None and _is_open(row)]
    return min(dates, default=None)
