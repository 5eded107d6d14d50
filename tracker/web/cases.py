"""The list of cases, and the start of a new one."""

import json
from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlmodel import Session, col, select

from tracker.database import reading
from tracker.groups.models import Partnership
from tracker.groups.queries import definitions_of
from tracker.people.doer import Doer
from tracker.people.roles import Role
from tracker.policy import SIGNED_IN, for_roles, policy
from tracker.showing.case_lists import MINE
from tracker.showing.case_pages import page_of_cases
from tracker.web.action_choices import all_themes
from tracker.web.deed_forms import form_page, send
from tracker.web.fields import Choice, Field, Kind
from tracker.web.forms import Form, Posted
from tracker.web.house import house_of
from tracker.web.messages import leave_message
from tracker.web.pages import page, see_other
from tracker.web.paging import pages_of
from tracker.web.quick import quick
from tracker.web.visitors import Db, Now, Reader
from workflows.definition import in_force_on
from workflows.vocabulary import STAGES, CaseStatus, stage_words

routes = APIRouter()

OPENS_CASES = for_roles(Role.COORDINATOR)
_KINDS = {
    "rapid_review": "A serious incident, for a rapid review",
    "considered": "A case to be considered without a notification",
}


@routes.get("/cases")
@quick()
@policy(SIGNED_IN)
def cases(
    request: Request,
    db: Db,
    reader: Reader,
    now: Now,
    stage: str = "",
    late: str = "",
    status: str = "",
    coordinator: str = "",
    page_number: Annotated[str, Query(alias="page")] = "1",
) -> Response:
    """Show the cases that the reader may open; a filter that there is not is none."""
    coordinates = bool(reader.partnerships_as(Role.COORDINATOR))
    chosen = {
        "coordinator": MINE if coordinates and coordinator == MINE else "",
        "stage": stage if stage in {str(number) for number, _ in enumerate(STAGES, start=1)} else "",
        "late": "yes" if late else "",
        "status": status if status in ("open", "closed") else "",
    }
    where = chosen | {"flag": "overdue" if chosen["late"] else ""}
    where = {key: value for key, value in where.items() if value and key != "late"}
    wanted = int(page_number) if page_number.isascii() and page_number.isdecimal() and len(page_number) < 9 else 1
    found = page_of_cases(db, where, reader, now, wanted)
    filters = urlencode({key: value for key, value in chosen.items() if value})
    return page(
        request,
        "pages/cases/list.html",
        rows=_shown(found.rows),
        total=found.total,
        pages=found.pages,
        links=pages_of(lambda one: f"/cases?{filters}&page={one}", found.number, found.pages, "Pages of cases"),
        chosen=chosen,
        stages=list(enumerate(STAGES, start=1)),
        several=len({*reader.roles, *reader.groups}) > 1,
        may_open_cases=coordinates,
    )


def _shown(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        row | {"stage_words": stage_words(row["stage"]), "is_closed": row["status"] == CaseStatus.CLOSED}
        for row in rows
    ]


@routes.get("/cases/new")
@policy(OPENS_CASES)
def new_case(request: Request, db: Db, reader: Reader) -> Response:
    """Ask what is known of a new case."""
    fields = _fields(db, reader)
    return form_page(request, "pages/cases/new.html", Form({"kind": "rapid_review"}), fields)


@routes.post("/cases/new")
@policy(OPENS_CASES)
def open_case(request: Request, reader: Reader, form: Posted) -> Response:
    """Open a case, and go on to it."""
    house = house_of(request)
    with reading(house.engine) as session:
        partnerships = _partnerships(session, reader)
        fields = _fields(session, reader)
    also = {"partnership": partnerships[0].code} if len(partnerships) == 1 else {}
    done = send(request, reader, "open_case", None, form, fields, also=also)
    if done is None:
        return form_page(request, "pages/cases/new.html", form, fields)
    leave_message(request, f"Case {done.reference} is open")
    return see_other(f"/cases/{done.reference}")


def _partnerships(session: Session, reader: Doer) -> list[Partnership]:
    wanted = col(Partnership.id).in_(reader.partnerships_as(Role.COORDINATOR))
    return list(session.exec(select(Partnership).where(wanted).order_by(col(Partnership.name))))


def _fields(session: Session, reader: Doer) -> list[Field]:
    partnerships = _partnerships(session, reader)
    themes = all_themes(session, [one.id for one in partnerships])
    areas = sorted({str(area) for partnership in partnerships for area in json.loads(partnership.areas)})
    fields = [*_which(partnerships), *_days(), _kind(partnerships, reader), _harm()]
    if areas:
        choices = [Choice(area, area) for area in areas]
        fields.append(Field("area", Kind.SELECT, "In which area is it? (optional)", choices=choices))
    fields += _others()
    if themes:
        fields.append(Field("themes", Kind.SOME_OF, "Which themes does it have? (optional)", choices=themes))
    return fields


def _which(partnerships: Sequence[Partnership]) -> list[Field]:
    if len(partnerships) < 2:
        return []
    choices = [Choice(partnership.code, partnership.name) for partnership in partnerships]
    missing = "Choose the partnership that leads the case"
    return [Field("partnership", Kind.SELECT, "Which partnership leads the case?", missing=missing, choices=choices)]


def _days() -> list[Field]:
    return [
        Field(
            "known_on",
            Kind.DATE,
            "When did the incident become known?",
            "For example, 29 1 2027. The first clock starts on this day.",
            "Enter the day on which the incident became known",
        ),
        Field(
            "notified_on",
            Kind.DATE,
            "When was the national Panel notified? (optional)",
            "The Child Safeguarding Practice Review Panel. Leave it empty if that is still to be done.",
        ),
    ]


def _kind(partnerships: Sequence[Partnership], reader: Doer) -> Field:
    month = reader.day.isoformat()[:7]
    own = [kind for one in partnerships for kind in in_force_on(definitions_of(one), month).review_kinds]
    kinds = dict.fromkeys([*_KINDS, *own])
    choices = [Choice(kind, _KINDS.get(kind, kind.replace("_", " ").capitalize())) for kind in kinds]
    return Field("kind", Kind.ONE_OF, "What kind of case is it?", missing="Choose the kind of case", choices=choices)


def _harm() -> Field:
    choices = [
        Choice("death", "A child has died"),
        Choice("serious_harm", "A child was seriously harmed"),
        Choice("other", "Something else"),
    ]
    return Field("harm", Kind.ONE_OF, "What has happened? (optional)", choices=choices)


def _others() -> list[Field]:
    return [
        Field(
            "contributing",
            Kind.WORDS,
            "Which other partnerships contribute? (optional)",
            "One on each line.",
            rows=2,
            as_fact=lambda words: [line.strip() for line in str(words).splitlines() if line.strip()],
        ),
        Field(
            "reason",
            Kind.WORDS,
            "Why is it considered without a notification? (optional)",
            "Only for a case to be considered. Do not name a child, a family or a member of staff.",
            rows=3,
        ),
        Field(
            "reference",
            Kind.LINE,
            "Its reference, if it has one already (optional)",
            "2 to 20 letters, digits and hyphens. Left empty, the service gives the next one.",
            width=20,
        ),
    ]
