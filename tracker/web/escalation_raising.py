"""Raising an escalation."""

import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from tracker.clock import london_day
from tracker.errors import NotFound
from tracker.escalations.models import Rule
from tracker.escalations.speaking import groups_to_raise_for
from tracker.groups.ladder import Ladder
from tracker.groups.meeting_queries import upcoming_meetings
from tracker.groups.models import Group
from tracker.groups.queries import codes_of
from tracker.people.doer import Doer
from tracker.people.permissions import ROLES_FOR
from tracker.policy import for_roles, policy
from tracker.web.deed_forms import form_page, send
from tracker.web.fields import NO_NAMES, Choice, Field, Kind, filled
from tracker.web.forms import Posted
from tracker.web.messages import leave_message
from tracker.web.pages import day, page, see_other
from tracker.web.visitors import Db, Now, Reader
from workflows.escalation import needed_words

routes = APIRouter()

FOR_SPEAKERS = for_roles(*ROLES_FOR["raise_escalation"], or_members=True)
WHY_PROPOSED = {
    Rule.RED_ACTION: "It was red at the last two meetings that looked at it.",
    Rule.MISSED_CLOCK: "A date that law or guidance sets has passed.",
}
URGENCIES = tuple(Choice(code, needed_words(code)) for code in ("routine", "urgent"))


@routes.get("/escalations/new")
@policy(FOR_SPEAKERS)
def new_escalation(request: Request, db: Db, reader: Reader, now: Now) -> Response:
    """Show the form to raise an escalation."""
    fields = _fields(request, db, reader, now)
    groups = fields[0].choices
    if not groups:
        return page(request, "pages/escalations/no_group.html")
    known = {name: request.query_params.get(name) for name in ("group", "about", "meeting", "why")}
    known["group"] = known["group"] or (groups[0].value if len(groups) == 1 else None)
    return form_page(request, "pages/escalations/new.html", filled(fields, known), fields, **_proposal(request))


@routes.post("/escalations/new")
@policy(FOR_SPEAKERS)
def raise_escalation(request: Request, db: Db, reader: Reader, now: Now, form: Posted) -> Response:
    """Raise an escalation and show it."""
    fields = _fields(request, db, reader, now)
    try:
        done = send(request, reader, "raise-escalation", None, form, fields)
    except NotFound as missing:
        form.says("about" if form.text("about") else "form", str(missing))
        done = None
    if done is None:
        return form_page(request, "pages/escalations/new.html", form, fields, **_proposal(request))
    leave_message(request, f"{done.reference} is raised. It waits for an answer.")
    return see_other(f"/escalations/{done.reference}")


def _proposal(request: Request) -> dict[str, str]:
    """Give why the service proposes what the form is filled in with, and where that is dismissed; neither by hand."""
    asked = request.query_params
    if asked.get("rule") not in WHY_PROPOSED or not asked.get("about"):
        return {"proposed": "", "dismiss_link": ""}
    query = {name: asked[name] for name in ("about", "rule", "clock") if asked.get(name)}
    return {
        "proposed": WHY_PROPOSED[Rule(asked["rule"])],
        "dismiss_link": f"/escalations/dismiss-proposal?{urlencode(query)}",
    }


def _fields(request: Request, session: Session, reader: Doer, now: datetime) -> Sequence[Field]:
    groups = groups_to_raise_for(session, reader)
    partnerships = {group.partnership_id for group in groups}
    codes, ladder = codes_of(session, partnerships), Ladder(session, partnerships)
    levels = [ladder.above(group, reader.day) for group in groups]
    above = {level.id: level for level in levels if level is not None}
    # One link may ask for a meeting further ahead than the next one of its group.
    asked = request.query_params.get("meeting")
    meetings = _meetings(session, groups, list(above.values()), asked, now)
    return (
        Field(
            "group",
            Kind.SELECT,
            "Which group asks?",
            missing="Choose the group that asks",
            choices=[Choice(f"{codes[group.partnership_id]}/{group.code}", group.name) for group in groups],
        ),
        Field(
            "title",
            Kind.LINE,
            "Title",
            hint="Write it as the question you ask. This title goes into emails and minutes. It must make sense with "
            f"no case beside it. {NO_NAMES}",
            missing="Write the question as a title",
        ),
        Field(
            "ask",
            Kind.WORDS,
            "What is the Executive asked to decide or do?",
            hint=NO_NAMES,
            missing="Say what the Executive is asked to decide or do",
        ),
        Field("why", Kind.WORDS, "Why now? (optional)", hint=NO_NAMES),
        Field("urgency", Kind.ONE_OF, "When is the answer needed? (optional)", choices=URGENCIES),
        Field(
            "about",
            Kind.LINE,
            "Which cases or actions is it about? (optional)",
            hint="Their references, like NM-2026-014 A214",
            as_fact=lambda typed: [reference for reference in re.split(r"[\s,;]+", typed) if reference],
        ),
        Field(
            "meeting",
            Kind.SELECT,
            "Which meeting does it belong to? (optional)",
            hint="The meeting at which your group raises it, or the one at which it should be answered",
            choices=meetings,
        ),
    )


def _meetings(
    session: Session, groups: Sequence[Group], above: Sequence[Group], asked: str | None, now: datetime
) -> list[Choice]:
    """Give the next meeting of each group that asks, the one that was asked for, and those that may answer."""
    names = {group.id: group.name for group in (*groups, *above)}
    answering = {group.id for group in above}
    seen: set[int] = set()
    found = []
    for one in upcoming_meetings(session, list(names), london_day(now)):
        if one.group_id in answering or one.group_id not in seen or one.reference == asked:
            found.append(Choice(one.reference, f"{names[one.group_id]}, {day(one.on)}"))
        seen.add(one.group_id)
    return found
