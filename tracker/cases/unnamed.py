"""Texts without references of cases that their reader may not know of: people type them where they should not."""

import re
from collections.abc import Collection, Sequence
from typing import Any

from sqlmodel import Session, col, select

from tracker.cases.models import Case, Conflict

INSTEAD = "[a case]"


def barred_cases_named(session: Session, person_id: int) -> Sequence[str]:
    """Give the references of the cases from which a declared conflict bars a person."""
    question = select(Case.reference).join(Conflict, col(Conflict.case_id) == Case.id)
    return session.exec(question.where(Conflict.person_id == person_id, col(Conflict.until).is_(None))).all()


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
