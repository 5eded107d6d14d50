"""Loading a file of records: which form it has, what is wrong with it, and its rows, all or none of them."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from sqlalchemy import Engine

from tracker import history
from tracker.database import unit_of_work
from tracker.errors import NotFound, Refused
from tracker.facts import is_one_line, visible
from tracker.loading.cases import Watched, load_cases
from tracker.loading.forms import CasesFile, PartnershipsFile
from tracker.loading.partnerships import load_partnerships
from tracker.misfits import sentences

_LARGEST = 50_000_000
_Form = TypeVar("_Form", bound=BaseModel)


def load_file(engine: Engine, path: Path, now: datetime, watched: Watched = iter) -> str:
    """Load one file whole or not at all, and say what it held; repeating it doubles nothing.

    `watched` may show how far the cases have come. Raises `Refused` with a sentence that names the file and the place.
    """
    content = _read(path)
    try:
        if "partnerships" in content:
            partnerships = _checked(PartnershipsFile, content)
            with unit_of_work(engine) as session:
                said = load_partnerships(session, partnerships, now)
                history.write_noted(session)
            return said
        cases = _checked(CasesFile, content)
        with unit_of_work(engine) as session:
            said = load_cases(session, cases, now, watched)
            session.flush()
            history.write_noted(session)
        return said
    except (NotFound, ValueError) as wrong:
        raise Refused(f"{path.name}: {wrong} Nothing was loaded.", code="bad_file") from wrong


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            read = file.read(_LARGEST + 1)
        if len(read) > _LARGEST:
            raise Refused(f"{path.name} is larger than 50 MB. Nothing was loaded.", code="bad_file")
        content = json.loads(read.decode("utf-8-sig"))
    except OSError as fault:
        raise Refused(f"{path} cannot be read: {fault.strerror}. Nothing was loaded.", code="bad_file") from None
    except (ValueError, RecursionError) as wrong:
        where = f" (line {wrong.lineno})" if isinstance(wrong, json.JSONDecodeError) else ""
        raise Refused(f"{path.name} is not JSON{where}. Nothing was loaded.", code="bad_file") from None
    if not _can_be_kept(content):
        raise Refused(f"{path.name} holds a character that cannot be kept. Nothing was loaded.", code="bad_file")
    unseen = next(_unseen(content), None)
    if unseen is not None:
        raise Refused(f"{path.name}: at {unseen} Nothing was loaded.", code="bad_file")
    if not isinstance(content, dict) or not {"partnerships", "cases"} & content.keys():
        raise Refused(
            f"{path.name} has neither the form of partnerships.json nor that of cases.json: it needs `partnerships` "
            "or `cases` at its top. Nothing was loaded.",
            code="bad_file",
        )
    return content


def _can_be_kept(content: object) -> bool:
    written = json.dumps(content, ensure_ascii=False)
    return "\\u0000" not in written and not any(0xD800 <= ord(letter) <= 0xDFFF for letter in written)


def _unseen(content: object) -> Iterator[str]:
    """Give each place at which a file holds what cannot be seen, also under names that no form has, with a sentence."""
    unread: list[tuple[str, object]] = [("", content)]
    while unread:
        place, part = unread.pop()
        if isinstance(part, dict):
            unread += [(f"{place}{name}.", value) for name, value in part.items()]
            if not all(visible(name) and is_one_line(name) for name in part):
                yield f"{place.rstrip('.') or 'its top'}: A name holds a character that cannot be seen: type it anew."
        elif isinstance(part, list):
            unread += [(f"{place}{number}.", value) for number, value in enumerate(part)]
        elif isinstance(part, str) and not visible(part):
            yield f"{place.rstrip('.')}: The text holds a character that cannot be seen: type it anew."


def _checked(form: type[_Form], content: dict[str, Any]) -> _Form:
    try:
        return form.model_validate(content)
    except ValidationError as wrong:
        raise ValueError(f"at {sentences(wrong)[0]}") from None
