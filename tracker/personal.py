"""Words that look like a child's or a family's: a birth date, an NHS number, a postcode, a phone number, a name (K10).

It warns; a person who has looked again confirms. The service holds no list of names.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from pydantic import BaseModel

from tracker.errors import Refused
from workflows.dates import MONTHS

_MONTH = "|".join(f"{month}|{month[:3]}" for month in MONTHS)
_NUMERIC_DATE = r"\b(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2})\b"
_WORDED_DATE = rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTH})\.?,? \d{{4}}\b|\b(?:{_MONTH}) \d{{1,2}},? \d{{4}}\b"

_ANYWHERE: Mapping[str, re.Pattern[str]] = {
    "a date of birth": re.compile(
        rf"\b(?:born|birth|birthday|d\.?o\.?b\.?)\b.{{0,30}}\d|{_NUMERIC_DATE}", re.IGNORECASE
    ),
    "a phone number": re.compile(r"(?<!\d)(?:\+44|0044|0)(?:[ -]?\d){9,10}(?!\d)"),
    "an NHS number": re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)"),
    "a postcode": re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b", re.IGNORECASE),
}
_A_DATE = re.compile(_WORDED_DATE, re.IGNORECASE)
# The second word is looked at without being taken: it may be the first of the next pair.
_NAME_PAIR = re.compile(r"\b([A-ZÀ-Þ][a-zß-ÿ'’]+|[A-ZÀ-Þ]{3,})(?=[ -]([A-ZÀ-Þ][a-zß-ÿ'’]+|[A-ZÀ-Þ]{3,})\b)")

LABELS = ("reference", "title", "public_label")
# Codes, and names of people and bodies that are found in the partnership's own lists, or refused.
_NOT_READ = frozenset(
    "agency agencies owner helpers partner group about agreed_by partnership kind version themes timescale methods "
    "method event answer key how which report level involvement harm to follows theme into former".split()
)

_FIELD_WORDS = frozenset(
    """
    a academy action adult adults agency agree all an and annual answer application april arrange ask assess
    audit august baby board book brief briefing bring british build care case chair check child childline
    children christmas city close collect college commission commissioner community complete confirm consider
    council county court create december decide deliver develop digital director early east education embed
    england english ensure equality escalate evaluate executive exploitation family february find first follow
    foundation general give government graded group guidance health help home hospital house how human immediate
    improve independent information integrated invite january joint july june keep launch lead learning letter
    limited list local london look make march may meet mental metropolitan minute missing monday monitor move
    multi national neglect new nhs north november nursing october offer one online open our out panel parent
    parents partner partners partnership pathway plan police policy practice prepare primary principal probation
    procedure profile protection protocol provide public publish put quality raise rapid read record red refresh
    regional report request research resolve response return review revise road royal run safe safeguarding
    saturday school schools second secretary secure send senior september serious service services set share
    should show sign single six social south special specialist staff start state statutory steering strategic
    strategy street strengthen strip suicide sunday support survey take task team test the think third threshold
    thursday toolkit train training trust tuesday university update use visitor visitors ward we wednesday west
    what when where who why with work working workshop write year young youth
    """.split()
)


def refuse_personal(facts: BaseModel, known: Iterable[str]) -> None:
    """Refuse facts that look personal, naming the field, unless the person has confirmed them (K10).

    `known`: names that are the partnership's own (people on the staff list, agencies, groups, areas).
    """
    if "looks_personal" in getattr(facts, "confirmed", ()):
        return
    own = frozenset(word.casefold() for name in known for word in re.split(r"[\s-]+", name))
    for field, text in _texts(facts):
        looks_like = _what_it_looks_like(field, text, own)
        if looks_like:
            raise Refused(
                f"{field}: this looks like {looks_like}. Take it out, or confirm that it is not "
                'with "confirmed": ["looks_personal"].',
                code="looks_personal",
            )


def may_be_personal(facts: BaseModel) -> bool:
    """Say whether anything in the facts looks personal before the partnership's own names are known."""
    return any(_what_it_looks_like(field, text, frozenset()) for field, text in _texts(facts))


def _texts(facts: BaseModel) -> Iterator[tuple[str, str]]:
    for field in type(facts).model_fields:
        if field not in _NOT_READ and field != "confirmed":
            yield from _within(field, getattr(facts, field))


def _within(field: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, BaseModel):
        yield from _texts(value)
    elif isinstance(value, str):
        yield field, value
    elif isinstance(value, Mapping):
        yield from _within(field, [*value, *value.values()])
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _within(field, part)


def _what_it_looks_like(field: str, text: str, own: frozenset[str]) -> str | None:
    for what, pattern in _ANYWHERE.items():
        if pattern.search(text):
            return what
    if field not in LABELS:
        return None
    if _A_DATE.search(text):
        return "a date of birth"
    return "a name" if _names_somebody(text, own) else None


def _names_somebody(text: str, own: frozenset[str]) -> bool:
    for pair in _NAME_PAIR.finditer(text):
        words = (pair.group(1).casefold(), pair.group(2).casefold())
        if not any(word in _FIELD_WORDS or word in own for word in words):
            return True
    return False
