"""The sentences with which the house says no; only the edge turns them into answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing that stands in the way: a code, a sentence, the deed that cures it, the day from which it would do."""

    code: str
    sentence: str
    cured_by: str | None = None
    from_day: date | None = None


class NotFound(Exception):
    """There is no such record, or none that the reader may see: one answer for both."""

    code = "not_found"


class NotAllowed(Exception):
    """The person may see the record but the deed is not hers."""

    code = "not_allowed"


class Refused(Exception):
    """The deed cannot be done as it was asked; the sentence says what to do."""

    def __init__(self, sentence: str, code: str = "refused", blockers: tuple[Blocker, ...] = ()) -> None:
        super().__init__(sentence)
        self.code = code
        self.blockers = blockers


class FactsWrong(Exception):
    """The deed is misspelt, or its facts do not fit its schema: nothing was tried.

    `by_fact`: what is wrong with each fact, by its name (`answers.0.text`).
    """

    code = "facts_wrong"

    def __init__(self, sentence: str, by_fact: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.by_fact = by_fact or {}
