"""Texts without references of cases that their reader may not know of: people type them where they should not."""

import re
from collections.abc import Collection, Sequence
from typing import Any

from sqlmodel import Session, col, select

from tracker.among import among, listed
from tracker.cases.models import Case
from tracker.cases.named import barred_case_ids
from tracker.rows import Question
from tracker.texts import in_each_text

INSTEAD = "[a case]"


def barred_cases_named(session: Session, person_id: int) -> Sequence[str]:
    """Give the references of the cases from which a declared conflict bars a person."""
    barred = barred_case_ids(session, person_id)
    return [name for (name,) in _NAMES.rows(session, ids=listed(barred))] if barred else []


_NAMES = Question(select(Case.reference).where(among(col(Case.id), "ids")))


def without_references(value: Any, hidden: Collection[str]) -> Any:  # a document of any shape, walked to its texts
    """Take references out of every text of a document."""
    if not hidden:
        return value
    listed = "|".join(re.escape(reference) for reference in sorted(hidden, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w-])(?:{listed})(?![\w-])", re.IGNORECASE)
    return in_each_text(value, lambda text: pattern.sub(INSTEAD, text))
