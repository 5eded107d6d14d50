"""The ways in: every list, every record, and one address for each deed of the table."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tracker.actions.evidence import evidence_for, evidence_read
from tracker.api import described
from tracker.api.asking import JSON, asked, facts_of, sent, version_seen
from tracker.api.documents.meetings import Digest
from tracker.api.documents.partnerships import Year
from tracker.api.documents.trace import Trace
from tracker.api.kinds import KINDS, ROWS, address_of, filters_of, is_on_a_record, makes_a_record, where
from tracker.api.problems import written
from tracker.api.visitors import Now, Reader, place_of
from tracker.cases.reading import note_read
from tracker.database import reading
from tracker.deeds import DEEDS, Deed
from tracker.doing import do
from tracker.files.handing_out import headers_of, number_in
from tracker.files.kinds import FileKind
from tracker.intents import Done, seen_by
from tracker.people.doer import Doer
from tracker.policy import SIGNED_IN, policy
from tracker.showing.lists import LISTS, list_rows
from tracker.showing.partnership import partnership_rows
from tracker.showing.show import READS_A_CASE, show

Endpoint = Callable[..., Response]


def build_routes() -> APIRouter:
    """Give every way into the records."""
    routes = APIRouter(redirect_slashes=False)
    for name, row in ROWS.items():
        routes.add_api_route(
            f"/{name}",
            _list(name),
            operation_id=f"list_{name}",
            summary=f"List {name}.",
            tags=[name],
            responses=described.answers_of_list(row),
            openapi_extra=described.filters(filters_of(name)),
        )
    for name, kind in KINDS.items():
        _add_reading(routes, f"/{name}/{{ref}}", _record(kind.name), kind.name, name, kind.document)
    _add_reading(routes, "/cases/{ref}/trace", _record("trace"), "trace", "cases", Trace)
    _add_reading(routes, "/meetings/{ref}/digest", _record("digest"), "digest", "meetings", Digest)
    routes.add_api_route(
        "/actions/{ref}/evidence/{number}",
        _evidence,
        operation_id="download_evidence",
        summary="Hand out a file among the evidence of an action.",
        tags=["actions"],
        responses=described.answers_of_file(),
    )
    _add_reading(routes, "/years/{partnership}/{year}", _year(), "year", "years", Year)
    for deed in DEEDS.values():
        routes.add_api_route(
            address_of(deed),
            _on_a_record(deed) if is_on_a_record(deed) else _of_its_own(deed),
            methods=["POST"],
            operation_id=deed.name,
            summary=described.summary(deed),
            description=described.roles(deed),
            tags=[where(deed)],
            status_code=HTTPStatus.CREATED if makes_a_record(deed) else HTTPStatus.OK,
            responses=described.answers_of_deed(deed),
            openapi_extra=described.of_deed(deed),
        )
    return routes


def _add_reading(routes: APIRouter, path: str, endpoint: Endpoint, kind: str, tag: str, model: Any) -> None:
    routes.add_api_route(
        path,
        endpoint,
        operation_id=f"show_{kind}",
        summary=f"Show one {kind} as she sees it.",
        tags=[tag],
        responses=described.answers_of_record(model),
    )


def _answer(document: Any, status: HTTPStatus = HTTPStatus.OK, **headers: str) -> Response:  # whatever JSON can hold
    return Response(written(document), status, media_type=JSON, headers=headers)


def _list(name: str) -> Endpoint:
    @policy(SIGNED_IN)
    def list_them(request: Request, reader: Reader, now: Now) -> Response:
        is_filtered = name in LISTS
        words = asked(request, None if is_filtered else ())
        with reading(place_of(request).engine) as session:
            if not is_filtered:
                return _answer(partnership_rows(session, reader))
            return _answer(list_rows(session, name, words, reader, now))

    return list_them


def _record(kind: str) -> Endpoint:
    @policy(SIGNED_IN)
    def show_it(request: Request, ref: str, reader: Reader, now: Now) -> Response:
        asked(request, ())
        engine = place_of(request).engine
        with reading(engine) as session:
            document = show(session, kind, ref, reader, now)
        if kind in READS_A_CASE:
            note_read(engine, reader.id, document["reference"], now)
        return _answer(document)

    return show_it


@policy(SIGNED_IN)
def _evidence(request: Request, ref: str, number: str, reader: Reader, now: Now) -> Response:
    asked(request, ())
    engine = place_of(request).engine
    with reading(engine) as session:
        action, file = evidence_for(session, ref, number_in(number), reader)
    note_read(engine, reader.id, evidence_read(action, number_in(number)), now)
    return Response(file.content, media_type=FileKind(file.kind).media_type, headers=dict(headers_of(file.name)))


def _year() -> Endpoint:
    @policy(SIGNED_IN)
    def show_year(request: Request, partnership: str, year: str, reader: Reader, now: Now) -> Response:
        asked(request, ())
        with reading(place_of(request).engine) as session:
            return _answer(show(session, "year", f"{partnership}/{year}", reader, now))

    return show_year


def _on_a_record(deed: Deed) -> Endpoint:
    content_of = sent(deed.largest)

    @policy(SIGNED_IN)
    def do_it(request: Request, ref: str, reader: Reader, now: Now, content: Annotated[bytes, content_of]) -> Response:
        return _do(request, deed, ref, reader, now, content)

    return do_it


def _of_its_own(deed: Deed) -> Endpoint:
    content_of = sent(deed.largest)

    @policy(SIGNED_IN)
    def do_it(request: Request, reader: Reader, now: Now, content: Annotated[bytes, content_of]) -> Response:
        return _do(request, deed, None, reader, now, content)

    return do_it


def _do(request: Request, deed: Deed, ref: str | None, reader: Doer, now: Now, content: bytes) -> Response:
    words = asked(request, ("seen", "intent") if is_on_a_record(deed) else ("intent",))
    engine = place_of(request).engine
    done = do(
        engine,
        deed.name,
        ref,
        email=str(reader.email),
        facts=facts_of(content, deed.largest),
        now=now,
        seen=version_seen(words),
        intent=words.get("intent"),
    )
    document = done.answer
    if document is None:
        with reading(engine) as session:
            document = seen_by(session, reader, done, now)
    return _left(request, deed, done, document)


def _left(request: Request, deed: Deed, done: Done, document: dict[str, Any] | None) -> Response:
    """Answer with the record; nothing to somebody who by this deed ceased to see it."""
    is_new = makes_a_record(deed)
    place = f"{request.scope['root_path']}/{where(deed)}/{quote(done.reference)}"
    headers = {"Location": place} if is_new else {}
    if document is None:
        return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)
    return _answer(document, HTTPStatus.CREATED if is_new else HTTPStatus.OK, **headers)
