"""Dismissing what the service proposes to escalate: until it happens again, or for good."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tracker.actions.queries import action_by_reference
from tracker.cases.queries import case_by_reference
from tracker.database import reading
from tracker.errors import NotFound
from tracker.escalations.models import Rule
from tracker.groups.queries import partnership_with_id
from tracker.people.doer import Doer
from tracker.people.permissions import ROLES_FOR
from tracker.policy import for_roles, policy
from tracker.web.deed_forms import form_page, send
from tracker.web.escalation_raising import WHY_PROPOSED
from tracker.web.fields import NO_NAMES, Choice, Field, Kind, filled
from tracker.web.forms import Form, Posted
from tracker.web.house import house_of
from tracker.web.messages import leave_message
from tracker.web.pages import see_other
from tracker.web.visitors import Reader

routes = APIRouter()

FOR_COORDINATORS = for_roles(*ROLES_FOR["dismiss_proposal"])
_FIELDS = (
    Field(
        "for_good",
        Kind.ONE_OF,
        "When may it be proposed again?",
        choices=(Choice("no", "When it happens again"), Choice("yes", "Never")),
        as_fact=lambda chosen: chosen == "yes",
    ),
    Field("reason", Kind.WORDS, "Why is it not escalated?", hint=NO_NAMES, missing="Say why it is not escalated"),
)


@routes.get("/escalations/dismiss-proposal")
@policy(FOR_COORDINATORS)
def dismiss_form(request: Request, reader: Reader, about: str = "", rule: str = "") -> Response:
    """Ask why what is proposed is not escalated."""
    _partnership_of(request, reader, about, rule)
    return _page(request, about, rule, filled(_FIELDS, {"for_good": "no"}))


@routes.post("/escalations/dismiss-proposal")
@policy(FOR_COORDINATORS)
def dismiss(
    request: Request, reader: Reader, form: Posted, about: str = "", rule: str = "", clock: str = ""
) -> Response:
    """Dismiss what is proposed, and go back to the day's work."""
    partnership = _partnership_of(request, reader, about, rule)
    also = {"about": about, "rule": rule} | ({"clock": clock} if clock else {})
    done = send(request, reader, "dismiss-proposal", partnership, form, _FIELDS, also=also)
    if done is None:
        return _page(request, about, rule, form)
    leave_message(request, f"{about} is not escalated.")
    return see_other("/today")


def _partnership_of(request: Request, reader: Doer, about: str, rule: str) -> str:
    """Give the partnership of what a proposal is about; raises `NotFound`, also where the reader may not see it."""
    if rule not in set(Rule) or not about:
        raise NotFound("There is no such page.")
    with reading(house_of(request).engine) as session:
        by = action_by_reference if rule == Rule.RED_ACTION else case_by_reference
        return partnership_with_id(session, by(session, about, reader).partnership_id).code


def _page(request: Request, about: str, rule: str, form: Form) -> Response:
    shown = {"about": about, "proposed": WHY_PROPOSED[Rule(rule)]}
    return form_page(request, "pages/escalations/dismiss.html", form, _FIELDS, **shown)
