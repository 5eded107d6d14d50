"""The first and the last line of a backup: what it is, what stands in it, and the fingerprints of its parts."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from tracker.backups.kinds import Kind

FORMAT: Final = "learning-tracker backup"
# Counts on when a program of before could not read the file any more.
VERSION: Final = 1


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Part(_Strict):
    """A table in a backup: its name, the kinds of its columns in their order, and how many rows follow."""

    table: Annotated[str, Field(max_length=100)]
    columns: Mapping[str, Kind]
    rows: Annotated[int, Field(ge=0)]


class Manifest(_Strict):
    """What a backup is: of which moment, by which program, of tables after which migration; and its parts in order."""

    format: Literal["learning-tracker backup"]
    version: Literal[1]
    revision: Annotated[str, Field(max_length=32)]
    made_at: AwareDatetime
    program: Annotated[str, Field(max_length=100)]
    parts: list[Part]

    @property
    def rows(self) -> int:
        """Count the rows of all tables."""
        return sum(part.rows for part in self.parts)


class End(_Strict):
    """The end of a backup: the SHA-256 of the lines of each part, by its table."""

    sha256: Mapping[str, str]
