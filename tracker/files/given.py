"""A file among the facts of a deed: checked before anything else, so that nothing of one that is refused is kept."""

import base64
import binascii
from collections.abc import Sequence
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from tracker.errors import Refused
from tracker.files.checking import kind_of
from tracker.files.kinds import LARGEST_FILE, MOST_FILES, FileKind
from tracker.files.models import fingerprint_of
from tracker.files.pictures import says_where

SAYS_WHERE = "says_where"


def _unpacked(given: object) -> bytes:
    if isinstance(given, bytes):
        return given
    if not isinstance(given, str):
        raise ValueError("Write what the file holds in base64.")
    try:
        return base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("Write what the file holds in base64.") from None


def _few(files: Sequence["FileGiven"]) -> Sequence["FileGiven"]:
    if len(files) > MOST_FILES:
        raise ValueError(f"Choose {MOST_FILES} files or fewer (you have {len(files)})")
    return files


# A page gives the bytes themselves, a program writes them in base64; where facts are noted, their fingerprint is.
Content = Annotated[
    bytes,
    BeforeValidator(_unpacked),
    PlainSerializer(fingerprint_of, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "contentEncoding": "base64", "maxLength": LARGEST_FILE * 4 // 3}),
]


class FileGiven(BaseModel):
    """A file: its name, and what it holds, which a program writes in base64."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file_name: Annotated[str, StringConstraints(strip_whitespace=True)]
    content: Content

    @property
    def kind(self) -> FileKind:
        """Give its kind."""
        return kind_of(self.file_name, self.content)

    @property
    def fingerprint(self) -> str:
        """Give the fingerprint of what it holds."""
        return fingerprint_of(self.content)

    @model_validator(mode="after")
    def _is_taken(self) -> Self:
        kind_of(self.file_name, self.content)
        return self


FilesGiven = Annotated[list[FileGiven], AfterValidator(_few)]


def refuse_places(files: Sequence[FileGiven], confirmed: Sequence[str]) -> None:
    """Refuse photos that say where they were taken, once, unless the person has confirmed it (K10)."""
    if "looks_personal" in confirmed:
        return
    for given in files:
        if says_where(given.kind, given.content):
            raise Refused(
                "files: this photo says where it was taken. Give a copy without its place, or confirm that the place "
                'may be kept with "confirmed": ["looks_personal"].',
                code=SAYS_WHERE,
            )
