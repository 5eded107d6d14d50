"""Forms: what was typed comes in, becomes the facts of a deed, or comes back as it was with the sentences beside it."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile

from tracker.people.links import LinkBroken
from tracker.policy import Who, policy_of
from tracker.web.house import house_of
from tracker.web.problems import Forged

LARGEST_FORM = 400_000


@dataclass(slots=True)
class Form:
    """What was typed into a form, and what is wrong with it: a sentence for each field."""

    typed: Mapping[str, str] = field(default_factory=dict)
    chosen: Mapping[str, list[str]] = field(default_factory=dict)
    files: Mapping[str, UploadFile] = field(default_factory=dict)
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
    """Read a form that was sent, after it is known who sent it; raises `Forged` without the token of its page."""
    given = await request.form(max_files=1, max_fields=500, max_part_size=LARGEST_FORM)
    form = _form(given)
    holder = _holder(request)
    if holder is not None and not hmac.compare_digest(
        form.text("form_token").encode(), house_of(request).form_token(holder).encode()
    ):
        raise LinkBroken if _is_by_link(request) else Forged
    return form


def _form(given: FormData) -> Form:
    typed: dict[str, str] = {}
    chosen: dict[str, list[str]] = {}
    files: dict[str, UploadFile] = {}
    for name, value in given.multi_items():
        if isinstance(value, str):
            # Browsers send line breaks as two characters; the records keep one.
            words = value.replace("\r\n", "\n")
            typed.setdefault(name, words)
            chosen.setdefault(name, []).append(words)
        elif value.filename:
            files.setdefault(name, value)
    seen = typed.get("seen", "")
    form = Form(typed, chosen, files, seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else None)
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
