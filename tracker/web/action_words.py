"""What an action says, as questions: for a new one, and for one that is changed."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from tracker.web.action_choices import Around
from tracker.web.fields import NO_NAMES, Choice, Field, Kind, filled
from tracker.web.forms import Form
from workflows.action import REVIEW_SOURCES, Level, SourceKind
from workflows.wording import capital

TITLE_HINT = "This title goes into emails and minutes. It must make sense with no case beside it."
EXAMPLE = "For example, 29 1 2027."
Also = dict[str, Any]

LEVEL_WORDS: Mapping[str, str] = {
    Level.SINGLE_AGENCY.value: "One agency",
    Level.MULTI_AGENCY.value: "Several agencies",
    Level.REGIONAL.value: "The region",
    Level.NATIONAL.value: "The nation",
}
LEVELS = [Choice(code, words) for code, words in LEVEL_WORDS.items()]


def edit_fields(around: Around) -> Sequence[Field]:
    """Give the questions of the form that changes an action."""
    return (
        *words_of_an_action(),
        Field("agency", Kind.SELECT, "Which agency is responsible?", choices=around.agencies),
        Field("level", Kind.ONE_OF, "Who has to act?", choices=LEVELS),
        *optional_questions(around),
        Field("timescale", Kind.LINE, "Its timescale in words (optional)", _TIMESCALE, width=20),
        *belonging(around),
        Field(
            "sources",
            Kind.LINE,
            "Add a review that it comes from (optional)",
            "A case reference like NM-2026-014, its recommendation like NM-2026-014/3, or its finding like "
            "NM-2026-014/F2.",
            width=20,
            as_fact=lambda typed: [str(typed)],
        ),
        *other_source("Or add another source (optional)"),
        Field(_BEFORE, Kind.HIDDEN, ""),
    )


def belonging(around: Around) -> Sequence[Field]:
    """Ask to which group's plan an action belongs, and whether a body outside has to meet it."""
    hint = "Only for what the partnership cannot do itself. It then has no due date: its answer ages."
    groups = Field("group", Kind.SELECT, "Which group’s plan does it belong to? (optional)", choices=around.groups)
    return (
        *((groups,) if around.groups else ()),
        Field("outside_body", Kind.LINE, "Which body outside is asked for it? (optional)", hint),
    )


def other_source(label: str) -> Sequence[Field]:
    """Ask for a source that is no review: what it is, and which one."""
    choices = [Choice(kind.value, capital(kind.words)) for kind in OTHER_SOURCES]
    hint = f"For example, Ofsted, March 2026, or requirement 2.3. {NO_NAMES}"
    return (
        Field("source_kind", Kind.SELECT, label, choices=choices),
        Field("source_words", Kind.LINE, "Which one is it?", hint, most=200),
    )


OTHER_SOURCES = [kind for kind in SourceKind if kind not in REVIEW_SOURCES]
ASKED_APART = ("source_kind", "source_words")


def sources_typed(form: Form, known: Sequence[str]) -> list[Any]:
    """Give all sources of a form as facts; what is half said is noted beside its question."""
    kind, words = form.text("source_kind"), form.text("source_words")
    if kind and not words:
        form.says("source_words", "Say which one it is")
    elif words and not kind:
        form.says("source_kind", "Choose what kind of source it is")
    return [*known, *([{"kind": kind, "words": words}] if kind and words else [])]


# What the action said when the form was opened, by which is known what was changed in it, also when it comes twice.
_BEFORE = "before"
_TIMESCALE = "Words of a plan, like Quarterly, Annual (April), On-going or As identified."


def words_of_an_action() -> Sequence[Field]:
    """Give the questions for what an action says."""
    return (
        Field("text", Kind.WORDS, "What has to be done?", NO_NAMES, "Say what has to be done", rows=4),
        Field("title", Kind.LINE, "Its title (optional)", f"{TITLE_HINT} {NO_NAMES}", most=100),
    )


def optional_questions(around: Around) -> Sequence[Field]:
    """Give the questions that an action may leave open."""
    themes = (Field("themes", Kind.SOME_OF, "Which themes does it have? (optional)", choices=around.themes),)
    return (
        *(themes if around.themes else ()),
        Field("success_measure", Kind.WORDS, "What will be different when it is done? (optional)", NO_NAMES, rows=2),
        Field("baseline", Kind.WORDS, "How is it today? (optional)", NO_NAMES, rows=2),
        Field("review_on", Kind.DATE, "When is it looked at again? (optional)", EXAMPLE),
        Field(
            "helpers",
            Kind.WORDS,
            "Who helps its owner? (optional)",
            "Work email addresses, one on each line.",
            rows=2,
            as_fact=lambda typed: [line.strip() for line in str(typed).splitlines() if line.strip()],
        ),
    )


def as_it_stands(around: Around) -> Form:
    """Give that form with what the action says now."""
    fields = edit_fields(around)
    form = filled(fields, _standing(around))
    prints = (f"{field.name}={_print_of(field, form)}" for field in fields if field.name != _BEFORE)
    form.typed = {**form.typed, _BEFORE: " ".join(prints)}
    return form


def _standing(around: Around) -> dict[str, Any]:
    shown = around.shown
    names = ("text", "title", "agency", "level", "success_measure", "baseline", "review_on", "themes", "outside_body")
    known = {name: shown[name] for name in names} | {"timescale": shown["timescale"]["words"]}
    known["group"] = next((one.value for one in around.groups if one.words == shown["group"]), None)
    return known | {"helpers": "\n".join(shown["helpers"])}


def only_changes(_around: Around, form: Form, fields: Sequence[Field]) -> tuple[Sequence[Field], Also]:
    """Give the questions whose answers change something, and as facts what was emptied."""
    before = set(form.text(_BEFORE).split())
    changed = [
        field for field in fields if field.name != _BEFORE and f"{field.name}={_print_of(field, form)}" not in before
    ]
    sources = sources_typed(form, [form.text("sources")] if form.text("sources") else [])
    changed = [field for field in changed if field.name not in (*ASKED_APART, "sources")]
    emptied: Also = {field.name: [] if field.name in _SEVERAL else None for field in changed if not field.typed(form)}
    emptied.pop("text", None)
    return changed, emptied | ({"sources": sources} if sources else {})


_SEVERAL = ("themes", "helpers")


def _print_of(field: Field, form: Form) -> str:
    """Give a short print of what stands in a field: the same for the same words, and no longer for longer ones."""
    typed = field.typed(form)
    words = "\n".join(sorted(typed)) if isinstance(typed, list) else typed
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:16]
