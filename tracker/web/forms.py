"""Forms: what was typed comes in, becomes the facts of a deed, or comes back as it was with the sentences beside it."""

import hmac
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from tracker.people.links import LinkBroken
from tracker.policy import Who, policy_of
from tracker.web.house import House, house_of
from tracker.web.problems import Forged

LARGEST_FORM = 400_000
LARGEST_BODY = 512_000
# Room for as many files as are taken, and for one that is far too large: then its form comes back with a sentence.
LARGEST_WITH_FILES = 50_000_000
# What a route says whose forms are counted here: the answer of the frame would be bare text.
COUNTED_HERE = 2**62
_MOST_FILE_PARTS = 20
# What a form carries beside what was typed into it.
CARRIED = frozenset({"form_token", "intent", "seen", "given_back"})
NOT_RECORDED = "Nothing of this form has been recorded yet. Check what you typed, then send it"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was chosen: the name it has there, and what it holds."""

    name: str
    content: bytes


@dataclass(slots=True)
class Form:
    """What was typed into a form, and what is wrong with it: a sentence for each field."""

    typed: Mapping[str, str] = field(default_factory=dict)
    chosen: Mapping[str, list[str]] = field(default_factory=dict)
    uploads: Mapping[str, list[Upload]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    intent: str = field(default_factory=lambda: secrets.token_hex(16))
    seen: int | None = None
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY
    wants_confirming: bool = False

    def text(self, name: str) -> str:
        """Give what was typed into a field, without the spaces around it."""
        return self.typed.get(name, "").strip()

    def all(self, name: str) -> list[str]:
        """Give everything that was ticked under a name."""
        return list(self.chosen.get(name, []))

    def date(self, name: str) -> str:
        """Give a date typed in three parts as ISO text: as much of it as there is, and nothing for nothing."""
        day, month, year = (self.text(f"{name}-{part}") for part in ("day", "month", "year"))
        if not year and not month and not day:
            return ""
        parts = [year, *([month.zfill(2)] if month or day else []), *([day.zfill(2)] if day else [])]
        return "-".join(parts)

    def says(self, name: str, sentence: str) -> None:
        """Note what is wrong with a field; the first sentence stands."""
        self.errors.setdefault(name, sentence)


async def posted(request: Request) -> Form:
    """Read a form that was sent, after it is known who sent it; raises `Forged` without the token of its page.

    One that was kept for its sender and comes back to her is shown to her as it was: its error lets nothing be done.
    """
    return _checked(request, await read_form(request))


def form_with_files(admit: Callable[..., None]) -> Callable[..., Awaitable[Form]]:
    """Give what reads a form with files, once `admit` has let its sender through: it raises, or nothing is read.

    Its route says `COUNTED_HERE`.
    """

    async def read(request: Request, _admitted: Annotated[None, Depends(admit)]) -> Form:
        return _checked(request, await read_form(request, LARGEST_WITH_FILES, _MOST_FILE_PARTS))

    return read


def _checked(request: Request, form: Form) -> Form:
    request.state.form = form
    holder = _holder(request)
    if holder is not None and not is_token_of(house_of(request), holder, form.text("form_token")):
        raise LinkBroken if _is_by_link(request) else Forged
    if form.typed.get("given_back"):
        form.says("form", NOT_RECORDED)
    return form


def is_token_of(house: House, holder: str, token: str) -> bool:
    """Say whether a form carries the token of a holder."""
    return hmac.compare_digest(token.encode("utf-8", "replace"), house.form_token(holder).encode())


async def read_form(request: Request, largest: int = LARGEST_BODY, most_files: int = 1) -> Form:
    """Read a form that was sent, by whomever; raises `HTTPException` for one that is larger, or does not say its size.

    The frame counts too, but not where a route takes files.
    """
    if length_of(request) > largest:
        raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    async with request.form(max_files=most_files, max_fields=500, max_part_size=LARGEST_FORM) as given:
        return await _form(given)


def length_of(request: Request) -> int:
    """Give how long what was sent says it is, which the server holds it to."""
    length = request.headers.get("content-length", "0")
    if "transfer-encoding" in request.headers or not (length.isascii() and length.isdigit()):
        raise HTTPException(HTTPStatus.LENGTH_REQUIRED)
    return int(length[:20])


def texts_of(chosen: Mapping[str, Sequence[str]]) -> list[str]:
    """Give the texts among what was typed, without what was only chosen or counted."""
    typed = [value for name, values in chosen.items() if name not in CARRIED for value in values]
    return [value for value in typed if len(value.split()) > 1]


async def _form(given: FormData) -> Form:
    chosen: dict[str, list[str]] = {}
    uploads: dict[str, list[Upload]] = {}
    for name, value in given.multi_items():
        if isinstance(value, str):
            # Browsers send line breaks as two characters; the records keep one.
            chosen.setdefault(name, []).append(value.replace("\r\n", "\n"))
        elif value.filename:
            uploads.setdefault(name, []).append(Upload(value.filename, await value.read()))
    form = as_typed(chosen)
    form.uploads = uploads
    return form


def as_typed(chosen: Mapping[str, Sequence[str]]) -> Form:
    """Give a form with what was typed under each of its names."""
    typed = {name: values[0] for name, values in chosen.items() if values}
    seen = typed.get("seen", "")
    known = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else None
    form = Form(typed, {name: list(values) for name, values in chosen.items()}, seen=known)
    if typed.get("intent"):
        form.intent = typed["intent"]
    return form


def _holder(request: Request) -> str | None:
    """Name the session or the link whose form it is; of everybody else only the origin of a form is known."""
    if _is_by_link(request):
        return f"link {request.path_params['token']}"
    signed_in = request.state.signed_in
    return f"session {signed_in.session_id}" if signed_in is not None else None


def _is_by_link(request: Request) -> bool:
    declared = policy_of(request.scope["endpoint"])
    return declared is not None and declared.who is Who.LINK


Posted = Annotated[Form, Depends(posted)]
