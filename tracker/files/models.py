"""Files that were given: as they came, in the database, so that a deed and its files are kept or not kept together."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, Session

from tracker.database import UtcDateTime, one_of
from tracker.files.kinds import FileKind
from tracker.rows import Record, write


class StoredFile(Record, table=True):
    """A file as it came; its name is only shown, never a place on a disk."""

    __tablename__ = "stored_file"
    __table_args__ = (one_of("kind", [kind.value for kind in FileKind]),)

    id: int = Field(default=None, primary_key=True)
    name: str = Field(max_length=200)
    kind: str = Field(max_length=10)
    size: int
    sha256: str = Field(max_length=64)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class FileShown:
    """What is shown of a file: its number among what it belongs to, its name, what it is; never what it holds."""

    number: int
    name: str
    kind: FileKind
    size: int
    sha256: str

    def document(self) -> dict[str, Any]:
        """Give the file as a document has it."""
        return {
            "number": self.number,
            "name": self.name,
            "kind": self.kind.value,
            "size": self.size,
            "sha256": self.sha256,
        }


# What of a file a list reads, in the order in which `FileShown` takes it; what it holds stays where it is.
SHOWN: Sequence[Any] = (StoredFile.name, StoredFile.kind, StoredFile.size, StoredFile.sha256)


def keep_file(session: Session, name: str, kind: FileKind, content: bytes, now: datetime) -> StoredFile:
    """Keep a file that has been checked."""
    fingerprint = fingerprint_of(content)
    return write(
        session, StoredFile(name=name, kind=kind, size=len(content), sha256=fingerprint, content=content, at=now)
    )


def fingerprint_of(content: bytes) -> str:
    """Give the fingerprint of what a file holds, by which it is known again."""
    return hashlib.sha256(content).hexdigest()
