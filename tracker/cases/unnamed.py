"""Texts without references of cases that their reader may not know of: people type them where they should not."""

import re
from collections.abc import Collection, Sequence
from typing import Any

from sqlmodel import Session, col, select

from tracker.cases.models import Case
from tracker.cases.queries import cases_barred
from tracker.kept import kept

INSTEAD = "[a case]"


def barred_cases_named(session: Session, person_id: int) -> Sequence[str]:
    """Give the references of the cases from which a declared conflict bars a person."""
    question = select(Case.reference).where(col(Case.id).in_(cases_barred(person_id)))
    return kept(session, ("barred by name", person_id), lambda: session.exec(question).all())


def without_references(value: Any, hidden: Collection[str]) -> Any:  # a document of any shape, walked to its texts
    """Take references out of every text of a document."""
    if not hidden:
        return value
    listed = "|".join(re.escape(reference) for reference in sorted(hidden, key=len, reverse=True))
    return _walked(value, re.compile(rf"(?<![\w-])(?:{listed})(?![\w-])", re.IGNORECASE))


def _walked(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(INSTEAD, value)
    if isinstance(value, list):
        return [_walked(part, pattern) for part in value]
    if isinstance(value, dict):
        return {key: _walked(part, pattern) for key, part in value.items()}
    return value
