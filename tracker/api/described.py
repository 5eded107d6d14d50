"""What the OpenAPI document says of each way in: what may be asked, what may be sent, and every answer."""

import inspect
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from tracker.api.asking import JSON
from tracker.api.documents.meetings import Digest
from tracker.api.documents.partnerships import Year
from tracker.api.documents.parts import Problem
from tracker.api.documents.trace import Trace
from tracker.api.kinds import KINDS, ROWS, is_on_a_record, makes_a_record, where
from tracker.api.problems import PROBLEM
from tracker.deeds import DEEDS, Deed
from tracker.files.kinds import FileKind
from tracker.intents import LONGEST
from tracker.people.permissions import ROLES_FOR

Part = dict[str, Any]
Answers = dict[int | str, Part]

_MODE: JsonSchemaMode = "validation"

_NO: Mapping[int, str] = {
    401: "Nobody is signed in, or the token is not known or has ended.",
    403: "She may not do this, or another site asked for it.",
    404: "There is no such record, or none that she can open.",
    409: "The deed cannot be done now; `blockers` say what stands in the way and what cures it.",
    413: "What was sent is larger than 1 MB.",
    415: "What was sent is not JSON.",
    422: "What was asked or sent does not fit; `errors` say it for each fact.",
    500: "A fault of the service.",
    503: "The database is busy or away; try again after the seconds of `Retry-After`.",
}
_READING = (401, 404, 422, 500, 503)
_DOING = (401, 403, 404, 409, 413, 415, 422, 500, 503)


@cache
def schemas() -> Part:
    """Give the schemas of all that is sent and answered, by their names; it takes a while, and is asked for seldom."""
    models: list[type[BaseModel]] = [deed.facts for deed in DEEDS.values()]
    models += [*(kind.document for kind in KINDS.values()), *ROWS.values(), Digest, Trace, Year, Problem]
    each = list(dict.fromkeys(models))
    places, definitions = models_json_schema([(model, _MODE) for model in each], ref_template=_PLACE)
    assert all(places[model, _MODE] == _schema(model) for model in each), "each model has a name of its own"
    schemas_by_name: Part = definitions["$defs"]
    return schemas_by_name


_PLACE = "#/components/schemas/{model}"


def _schema(model: type[BaseModel]) -> Part:
    return {"$ref": _PLACE.format(model=model.__name__)}


def answers_of_record(model: type[BaseModel]) -> Answers:
    """Describe what is answered to whoever asks for a record."""
    return {200: _content(_schema(model), "The record as she sees it."), **_refusals(_READING)}


def answers_of_file() -> Answers:
    """Describe what is answered to whoever asks for a file."""
    schema = {"type": "string", "format": "binary"}
    content = {kind.media_type: {"schema": schema} for kind in FileKind}
    return {200: {"description": "The file, to be saved.", "content": content}, **_refusals(_READING)}


def answers_of_list(model: type[BaseModel]) -> Answers:
    """Describe what is answered to whoever asks for a list."""
    listed = {"type": "array", "items": _schema(model)}
    return {200: _content(listed, "What she sees of the list."), **_refusals(_READING)}


def answers_of_deed(deed: Deed) -> Answers:
    """Describe what is answered to whoever does a deed: the record, or every kind of no."""
    record = _content(_schema(KINDS[where(deed)].document), "Done: the record as it stands now.")
    place = {"Location": {"description": "The address of the record.", "schema": {"type": "string"}}}
    unseen = {"description": "Done, and the record is not hers to open any more."}
    if makes_a_record(deed):
        return {201: {**record, "headers": place}, 204: {**unseen, "headers": place}, **_refusals(_DOING)}
    return {200: record, 204: unseen, **_refusals(_DOING)}


def _content(schema: Part, description: str) -> Part:
    return {"description": description, "content": {JSON: {"schema": schema}}}


def _refusals(statuses: Iterable[int]) -> Answers:
    found: Answers = {}
    for status in statuses:
        found[status] = {"description": _NO[status], "content": {PROBLEM: {"schema": _schema(Problem)}}}
    found[401]["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    if 503 in found:
        found[503]["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    return found


def filters(keys: Sequence[str]) -> Part:
    """Describe the filters of a list; several are joined by *and*."""
    return {
        "parameters": [
            {
                "name": key,
                "in": "query",
                "description": _FILTERS.get(key, f"Only those of this {key}."),
                "schema": {"type": "string", "minLength": 1},
            }
            for key in keys
        ]
    }


_FILTERS: Mapping[str, str] = {
    "from": "Only those due, or held, on this day or later: a day, a month or a year; of meetings a day.",
    "to": "Only those due, or held, on this day or earlier: a day, a month or a year; of meetings a day.",
    "flag": "Only those with this flag: `overdue`, `on_hold`, `no_owner` …",
    "about": "Only those about the record with this reference.",
    "agency": "Only those of the agency with this name; `mine` are those that the reader leads.",
    "owner": "Only those of the person with this address, or this name.",
    "case": "Only those of the case with this reference, label or alias.",
}


def of_deed(deed: Deed) -> Part:
    """Describe what may be asked with a deed, and its facts."""
    needed = any(field.is_required() for field in deed.facts.model_fields.values())
    body = {"required": needed, "content": {JSON: {"schema": _schema(deed.facts)}}}
    return {"parameters": [*([_SEEN] if is_on_a_record(deed) else []), _INTENT], "requestBody": body}


_SEEN: Part = {
    "name": "seen",
    "in": "query",
    "description": "The `version` of the record on which she decided: the deed is refused when it has changed since.",
    "schema": {"type": "integer", "minimum": 0, "maximum": 999_999_999},
}
_INTENT: Part = {
    "name": "intent",
    "in": "query",
    "description": "An id of her own: sent again with the same deed and facts, it is answered as the first time.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST},
}


def summary(deed: Deed) -> str:
    """Say in a line what a deed does, as its function does."""
    return " ".join((inspect.getdoc(deed.function) or deed.command).partition("\n\n")[0].split())


def roles(deed: Deed) -> str:
    """Say who may do a deed, before the process of the partnership is asked."""
    return f"For: {', '.join(sorted(role.words for role in ROLES_FOR[deed.name]))}."
