"""A new action: what has to be done, by whom and by when, and which review it comes from."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session, col, select

from tracker.actions.queries import action_by_reference
from tracker.cases.models import Case
from tracker.cases.queries import case_by_reference
from tracker.database import reading
from tracker.doing import do
from tracker.errors import NotFound
from tracker.facts import storable
from tracker.groups.models import Partnership
from tracker.groups.queries import partnership_by_code
from tracker.intents import is_claimed
from tracker.people.doer import Doer
from tracker.people.permissions import ROLES_FOR
from tracker.policy import for_roles, policy
from tracker.standing import WholeStanding
from tracker.web.action_choices import Around, agencies_of, all_themes, groups_of, new_owner, owner_of
from tracker.web.action_deeds import place_of, plainly
from tracker.web.action_words import (
    ASKED_APART,
    EXAMPLE,
    LEVELS,
    belonging,
    optional_questions,
    other_source,
    sources_typed,
    words_of_an_action,
)
from tracker.web.deed_forms import form_page, send
from tracker.web.fields import Choice, Field, Kind, filled
from tracker.web.forms import Form, Posted
from tracker.web.house import house_of
from tracker.web.likes_at_adding import ANYWAY, Like, ask_why_another, likes_of_new
from tracker.web.load_tables import in_its_month, of_agencies
from tracker.web.messages import leave_message
from tracker.web.pages import see_other
from tracker.web.visitors import Reader
from workflows.action import Level

routes = APIRouter()

ADDS_ACTIONS = for_roles(*ROLES_FOR["add_action"])


@routes.get("/actions/new")
@policy(ADDS_ACTIONS)
def new_action(
    request: Request, reader: Reader, case: str = "", recommendation: str = "", meeting: str = ""
) -> Response:
    """Ask what has to be done; from a case the reader may open, for one of its recommendations, or from none."""
    with reading(house_of(request).engine) as session:
        found = _case(session, case, reader)
        fields = _fields(session, reader, found)
    known = {"level": Level.SINGLE_AGENCY.value, "sources": [recommendation] if recommendation else None}
    return _shown(request, reader, filled(fields, known), fields, found)


@routes.post("/actions/new")
@policy(ADDS_ACTIONS)
def add_action(request: Request, reader: Reader, form: Posted, case: str = "", meeting: str = "") -> Response:
    """Add an action to the plan, and go on to it."""
    with reading(house_of(request).engine) as session:
        found = _case(session, case, reader)
        fields = _fields(session, reader, found)
        known_there = _partnership_of(reader, form)
        came_before = is_claimed(session, reader, form.intent)
        plan = None if came_before else _plan_of(session, reader, found, form)
        likes = likes_of_new(session, plan, form, reader)
    reference = found.reference if found else form.text("case") or known_there
    sent = [field for field in fields if field.name not in _APART]
    ticked = [str(one) for field in fields if field.name == "sources" for one in field.typed(form) or ()]
    sources = sources_typed(form, ticked)
    [which] = [field for field in fields if field.name == "source_words"]
    also = owner_of(form) | ({"sources": sources} if sources else {}) | ({"meeting": meeting} if meeting else {})
    ask_why_another(form, likes)
    if likes:
        fields = (*fields, ANYWAY)
    try:
        done = send(
            request, reader, "add_action", reference or None, form, sent, also=also, places={"sources.words": which}
        )
    except NotFound as nobody:
        form.says(place_of(form, nobody), plainly(nobody))
        done = None
    if done is None:
        return _shown(request, reader, form, fields, found, likes)
    _say_they_differ(request, reader, done.reference, form, likes)
    with reading(house_of(request).engine) as session:
        action = action_by_reference(session, done.reference, reader)
        already = in_its_month(session, reader, action, form.text("agency"))
    leave_message(request, f"Action {done.reference} is in the plan{'. ' if already else ''}{already}")
    return see_other(f"/actions/{done.reference}")


def _say_they_differ(request: Request, reader: Doer, reference: str, form: Form, likes: Sequence[Like]) -> None:
    """Keep why the new action is another one than those it looks like."""
    house = house_of(request)
    for like in likes:
        facts: dict[str, Any] = {"other": like.reference, "reason": form.text(ANYWAY.name)}
        if form.text("confirmed"):
            facts["confirmed"] = [form.text("confirmed")]
        intent = f"{form.intent[:60]}-{like.reference}"
        email = str(reader.email)
        do(house.engine, "not_alike", reference, email=email, facts=facts, now=house.now(), intent=intent)


def _plan_of(session: Session, reader: Doer, case: Case | None, form: Form) -> int | None:
    """Give the partnership into whose plan the action goes, where that is known."""
    if case is not None:
        return case.partnership_id
    try:
        if form.text("case") and storable(form.text("case")):
            return case_by_reference(session, form.text("case"), reader).partnership_id
        code = form.text("partnership")
        if code and storable(code):
            return partnership_by_code(session, code).id
    except NotFound:
        return None
    hers = reader.partnerships_as(*ROLES_FOR["add_action"])
    return hers[0] if len(hers) == 1 else None


# What is put together, or says where the action is added.
_APART = ("owner", "owner_email", "case", "partnership", "sources", *ASKED_APART)


def _case(session: Session, reference: str, reader: Doer) -> Case | None:
    if not reference:
        return None
    if not storable(reference):
        raise NotFound("There is no such case.")
    return case_by_reference(session, reference, reader)


def _partnership_of(reader: Doer, form: Form) -> str:
    """Give the partnership that was chosen, where there are several to choose from."""
    return form.text("partnership") if len(reader.partnerships_as(*ROLES_FOR["add_action"])) > 1 else ""


def _fields(session: Session, reader: Doer, case: Case | None) -> Sequence[Field]:
    partnerships = [case.partnership_id] if case else reader.partnerships_as(*ROLES_FOR["add_action"])
    around = Around(
        reader=reader,
        shown={},
        last=None,
        agencies=agencies_of(session, partnerships),
        themes=all_themes(session, partnerships),
        groups=groups_of(session, partnerships) if len(partnerships) == 1 else (),
    )
    return (
        *(_answered(session, case) if case else _where(session, partnerships)),
        *other_source("Or does it come from something else? (optional)"),
        *words_of_an_action(),
        Field("agency", Kind.SELECT, "Which agency is responsible? (optional)", choices=around.agencies),
        *new_owner(around),
        Field("due_on", Kind.DATE, "When is it due? (optional)", "For example, 29 1 2027. A month or a year will do."),
        Field(
            "timescale",
            Kind.LINE,
            "Or its timescale in words (optional)",
            "Words of a plan, like Quarterly, Annual (April), On-going or As identified.",
            width=20,
        ),
        Field("level", Kind.ONE_OF, "Who has to act?", choices=LEVELS),
        *belonging(around),
        Field("asked_on", Kind.DATE, "When was the body outside asked? (optional)", EXAMPLE),
        *optional_questions(around),
    )


def _answered(session: Session, case: Case) -> list[Field]:
    """Ask which recommendations of its case the action answers, where there are any."""
    rows = WholeStanding(session, case).recorded_recommendations
    choices = [
        Choice(str(number), f"{number}. {text}") for number, text in {row.number: row.text for row in rows}.items()
    ]
    question = "Which recommendations does it answer? (optional)"
    return [Field("sources", Kind.SOME_OF, question, choices=choices)] if choices else []


def _where(session: Session, partnerships: Sequence[int]) -> list[Field]:
    """Without a case at hand, ask for one; and for the partnership where there are several."""
    hint = "Its reference, like NM-2026-014. Leave it empty if it comes from no review."
    fields = [Field("case", Kind.LINE, "Which review does it come from? (optional)", hint, width=20)]
    if len(partnerships) > 1:
        found = session.exec(select(Partnership).where(col(Partnership.id).in_(partnerships)))
        choices = [Choice(one.code, one.name) for one in found]
        fields.append(Field("partnership", Kind.SELECT, "Which partnership’s plan is it for?", choices=choices))
    return fields


def _query(request: Request) -> str:
    """Give what the address of the form holds: the case, and the meeting at which the action was agreed."""
    known = {name: request.query_params[name] for name in ("case", "meeting") if request.query_params.get(name)}
    return f"?{urlencode(known)}" if known else ""


def _shown(
    request: Request, reader: Doer, form: Form, fields: Sequence[Field], case: Case | None, likes: Sequence[Like] = ()
) -> HTMLResponse:  # the case is read already, and only named
    known: dict[str, Any] | None = None
    if case is not None:
        known = {"reference": case.reference, "pseudonym": case.pseudonym}
    partnerships = [case.partnership_id] if case else reader.partnerships_as(*ROLES_FOR["add_action"])
    with reading(house_of(request).engine) as session:
        load = of_agencies(session, reader, partnerships)
    return form_page(
        request, "pages/actions/new.html", form, fields, case=known, likes=likes, load=load, query=_query(request)
    )
