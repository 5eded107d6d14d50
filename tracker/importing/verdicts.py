"""What is said of a row and of a whole file, and what has to be known before: reviews and partnerships by name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tracker.importing.by_when import ByWhen
from tracker.importing.found import SheetFound
from tracker.importing.kinds import Kind
from tracker.importing.ours import Exported
from tracker.importing.owners import Owners
from tracker.importing.statuses import Standing
from workflows.dates import PartialDate


class Outcome(StrEnum):
    """What becomes of a row: two of them only where it was imported before, the last where somebody said so."""

    IMPORT = "import"
    FLAG = "flag"
    REFUSE = "refuse"
    RECOGNISED = "recognised"
    CHANGED = "changed"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Understood:
    """What a row says, as far as it is understood; one of our own plan or a business plan may come from no review."""

    case_id: int | None
    ref: str
    theme: str
    action: str
    owners: Owners
    by_when: ByWhen
    standing: Standing
    progress: str
    completed_on: PartialDate | None
    completed_words: str
    evidence: str
    exported: Exported | None = None
    partnership_id: int | None = None
    owner_words: str = ""
    objective: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with what becomes of it and the reasons; `original` is every cell as it stands, by its field.

    `columns`: the fields for which its sheet has a column. `case_id`: the review that it stands under, refused or not.
    """

    sheet: str | None
    number: int
    outcome: Outcome
    reasons: tuple[str, ...]
    original: Mapping[str, str]
    understood: Understood | None = None
    columns: frozenset[str] = frozenset()
    case_id: int | None = None


@dataclass(slots=True)
class Verdict:
    """What becomes of a whole file."""

    rows: list[Judged] = field(default_factory=list)
    passed_over: dict[Kind, int] = field(default_factory=dict)
    hidden_sheets: list[str] = field(default_factory=list)
    sheets: list[SheetFound] = field(default_factory=list)


# The reviews, by every folded name that somebody may write for one; and partnerships by their codes.
Known = Mapping[str, int]
Codes = Mapping[str, int]
Before = set[tuple[int | None, str]]
