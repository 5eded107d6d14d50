"""A partnership with one person for each role, and something on which every deed can be tried."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from tests.make import NOON, act, make_action, make_agency, make_partnership, make_person, make_theme
from tracker.actions.import_drafts import keep_draft
from tracker.clock import moment_from
from tracker.database import unit_of_work
from tracker.groups.models import Theme
from tracker.groups.queries import agency_by_name, partnership_by_code
from tracker.people.queries import person_by_email
from tracker.people.roles import Role
from workflows.dates import PartialDate

LATER = moment_from("2021-06-03T12:00")
CARE = "Children's Social Care"
CONTROL = "control@thscp.example"
CLOSED = "2021-12-24"
METHODS = ["multi_agency_audit", "partner_led_workshop"]

CASES = (
    *("AT-INCIDENT", "AT-NOTIFIED", "AT-RAPID", "AT-RECOMMENDED", "AT-REVIEW"),
    *("AT-AGREED", "AT-PUBLISHED", "AT-NO-REVIEW", "AT-HELD"),
)

BRIEFING = {
    "title": "When families move",
    "why_this_matters": "A move can break the thread between services.",
    "what_happened": "Nobody put the parts together in time.",
    "what_we_learnt": "- Records took long\n- Missed visits were not followed up",
    "what_worked_well": "A health visitor rang the old area herself.",
    "what_is_changing": "Records are to move within 5 working days.",
    "what_you_can_do_today": "Ring the last area. Do not wait for the file.",
    "talk_about_it": "What did you not know in the first month?",
}

# Who opens a case only after being named on it.
NAMED = ("panel", "reviewer", "group_chair", "agency_lead", "partner", "lead_representative")


@dataclass(frozen=True, slots=True)
class Tried:
    """One deed as it can be done: on which record, with which facts."""

    reference: str | None
    facts: Mapping[str, Any] = field(default_factory=dict)


def person(role: str) -> str:
    """Give the address of the one person of a role."""
    return f"{role}@thscp.example"


def make_everybody(session: Session, code: str, group: str, *, partners: Sequence[str] | None = None) -> None:
    """Make a partnership with one person for each role, and a coordinator beside them."""
    partnership = make_partnership(session, code, partners=partners)
    care = make_agency(session, partnership, CARE)
    partner = make_agency(session, partnership, "First Partner", is_safeguarding_partner=True)
    for role in Role:
        agency = {Role.AGENCY_LEAD: care, Role.PARTNER: partner}.get(role)
        groups = [group] if role is Role.GROUP_CHAIR else []
        name = f"The {role.words}".title()
        make_person(session, partnership, person(role), role, name=name, agency=agency, groups=groups, chair=True)
    make_person(session, partnership, CONTROL, "coordinator", name="Connie Control")
    make_person(session, partnership, "cara@thscp.example", "panel", name="Cara Conflict")
    if session.exec(select(Theme).where(col(Theme.code) == "neglect")).first() is None:
        make_theme(session)


def does(engine: Engine, deed: str, reference: str | None = None, /, *, by: str = CONTROL, **facts: Any) -> str:
    """Do a deed in the preparation of a world, and give the reference of its record."""
    return act(engine, deed, reference, by=by, now=NOON, **facts).reference


def name_everybody(engine: Engine, case: str) -> None:
    """Name on a case everybody who opens it only then."""
    for role in NAMED:
        does(engine, "give_access", case, person=person(role), reason="Takes part")


def make_cases(engine: Engine) -> None:
    """Make a case of Tower Hamlets at each of its statuses; `AT-PUBLISHED` is published."""
    executive, panel = person("executive"), person("panel")
    for place, case in enumerate(CASES):
        name = case.removeprefix("AT-")
        notified = {} if name == "INCIDENT" else {"notified_on": "2021-05-04"}
        does(engine, "open_case", partnership="thscp", reference=case, known_on="2021-05-03", **notified)
        name_everybody(engine, case)
        if place >= 2:
            does(engine, "convene_panel", case, on="2021-05-10")
        if place >= 3:
            learning = {"reason": "Much to learn", "immediate_learning": "none"}
            does(engine, "record_recommendation", case, by=panel, on="2021-05-11", outcome="review", **learning)
        if place >= 4:
            outcome = "no_review" if name == "NO-REVIEW" else "review"
            chosen = {"methods": METHODS} if outcome == "review" else {}
            facts = {"on": "2021-05-17", "outcome": outcome, "reason": "It is so", **chosen}
            does(engine, "record_decision", case, by=executive, **facts)
        if name in ("REVIEW", "AGREED", "PUBLISHED", "HELD"):
            for method in METHODS:
                lead = {"person": person("reviewer"), "level": "senior", "involvement": "none"}
                does(engine, "appoint_lead", case, method=method, **lead)
        if name in ("AGREED", "PUBLISHED"):
            found = {"findings": [{"text": "Seen late"}], "recommendations": [{"text": "See earlier"}]}
            does(engine, "agree_report", case, on="2021-05-24", **found)
        if name == "PUBLISHED":
            does(engine, "publish", case, on="2021-05-31", override_reason="The court asked for it")
        if name == "HELD":
            asked = {"method": METHODS[1], "person": person("reviewer"), "involvement": "not_known"}
            does(engine, "appoint_lead", case, **asked)
            does(engine, "hold_case", case, reason="An inquest", look_again_on="2021-06-30")


def make_walk(engine: Engine) -> None:
    """Make Tower Hamlets with its cases, and actions, escalations and meetings in every state that a deed needs."""
    with unit_of_work(engine) as session:
        make_everybody(session, "thscp", "qap")
    make_cases(engine)
    does(engine, "write_briefing", "AT-REVIEW", **BRIEFING)
    does(engine, "declare_conflict", "AT-HELD", person="Cara Conflict", reason="Kin")
    does(engine, "ask_return", "AT-RAPID", agency=CARE, due_on="2021-06-10")
    owned = {"owner": person("owner"), "agency": CARE, "due_on": "2021-09-30"}
    for _ in ("A1", "A2", "A3"):
        does(engine, "add_action", "AT-REVIEW", text="Share what is known", **owned)
    does(engine, "update_action", "A2", by=person("owner"), report="on_track")
    does(engine, "hold_action", "A3", reason="An inquest", look_again_on="2021-06-30")
    with unit_of_work(engine) as session:
        _make_a_closed_request(session)
    does(engine, "raise_escalation", group="qap", title="Time for training", ask="May staff have a day?")
    does(engine, "schedule_meeting", group="exec", on="2021-06-24")
    does(engine, "schedule_meeting", group="exec", on="2021-06-03")
    does(engine, "hold_digest", "M2", reason="A figure is looked at again")
    does(engine, "schedule_meeting", group="qap", on="2021-06-25", series={"every_weeks": 6, "until": "2021-12-31"})
    does(engine, "add_group", "thscp", code="sudi", name="Task group on sudden infant death")
    does(engine, "add_member", "thscp", group="sudi", person=CONTROL)
    does(engine, "add_closure", "thscp", on=CLOSED, name="Council closed")
    with unit_of_work(engine) as session:
        for email in (person("coordinator"), CONTROL):
            keep_draft(session, person_by_email(session, email).id, "plan.csv", ON_ITS_WAY, LATER)


# A spreadsheet that was sent and not stored, as it is kept: one of its rows is new, one names no action.
ON_ITS_WAY = b"\n".join(
    json.dumps(one).encode()
    for one in (
        {
            "sheet": None,
            "hidden": False,
            "lines": [
                ["Review", "Action", "Owner", "Deadline", "Status"],
                ["AT-REVIEW", "Write to the schools", "Ward", "30/09/2021", "Green"],
                ["AT-REVIEW", None, "Ward", "30/09/2021", "Green"],
            ],
        },
        {"is_whole": True},
    )
)


def _make_a_closed_request(session: Session) -> None:
    """Make an action that is complete and asks a body outside; its reference is none that others are given."""
    asked: dict[str, Any] = {"outside_body": "The Department for Education", "asked_on": PartialDate(2021, 5, 3)}
    asked |= {"owner_id": person_by_email(session, person("owner")).id, "completed_on": PartialDate(2021, 6, 1)}
    agency = agency_by_name(session, partnership_by_code(session, "thscp").id, CARE)
    made = {"reference": "A90", "status": "complete", "agency_id": agency.id, **asked}
    make_action(session, partnership_by_code(session, "thscp"), cases=["AT-REVIEW"], **made)


_ON = {"on": "2021-06-02"}
_WHY = {"reason": "It is so"}
_NEXT = {**_WHY, "look_again_on": "2021-07-01"}
_METHOD = {"method": "partner_led_workshop"}

# What succeeds for somebody who may, on the records of `make_walk` at `LATER`; what the process has not is refused.
WALK: Mapping[str, Tried] = {
    "open_case": Tried(None, {"partnership": "thscp", "known_on": "2021-06-01"}),
    "record_notification": Tried("AT-INCIDENT", {"notified_on": "2021-06-02"}),
    "correct_event": Tried("AT-NOTIFIED", {"event": "notification", "on": "2021-05-05", **_WHY}),
    "ask_return": Tried("AT-RAPID", {"agency": "First Partner", "due_on": "2021-06-10"}),
    "record_return": Tried("AT-RAPID", {"agency": CARE, **_ON}),
    "convene_panel": Tried("AT-NOTIFIED", _ON),
    "record_recommendation": Tried("AT-RAPID", {**_ON, "outcome": "review", "immediate_learning": "none"}),
    "send_to_national_panel": Tried("AT-RAPID", _ON),
    "record_panel_response": Tried("AT-RAPID", {**_ON, "kind": "agrees"}),
    "record_decision": Tried("AT-RECOMMENDED", {**_ON, "outcome": "review", "methods": METHODS}),
    "record_ratification": Tried("AT-REVIEW", {**_ON, "partner": "First Partner", "answer": "yes"}),
    "record_resolution": Tried("AT-REVIEW", {**_ON, "outcome": "review"}),
    "appoint_lead": Tried("AT-REVIEW", {**_METHOD, "person": CONTROL, "level": "senior", "involvement": "none"}),
    "withdraw_declaration": Tried("AT-REVIEW", {**_METHOD, **_WHY}),
    "declare_independence": Tried("AT-HELD", {**_METHOD, "involvement": "none"}),
    "record_method_done": Tried("AT-REVIEW", {**_METHOD, **_ON}),
    "agree_report": Tried("AT-REVIEW", _ON),
    "record_evaluation": Tried("AT-REVIEW", {**_ON, "grade": "good"}),
    "start_contribution": Tried("AT-REVIEW", {"with_whom": "the next area"}),
    "plan_publication": Tried("AT-AGREED", {"on": "2021-07-01"}),
    "record_sent_before_publication": Tried("AT-AGREED", _ON),
    "publish": Tried("AT-AGREED", {**_ON, "override_reason": "The court asked for it"}),
    "record_learning_session": Tried("AT-PUBLISHED", _ON),
    "record_reflection": Tried("AT-PUBLISHED", _ON),
    "link_recommendation": Tried("AT-PUBLISHED", {"recommendation": 1, "findings": [1]}),
    "write_briefing": Tried("AT-REVIEW", {"title": "Seeing the child"}),
    "approve_briefing": Tried("AT-REVIEW"),
    "add_comment": Tried("AT-REVIEW", {"about": "briefing", "text": "Say what will change by when"}),
    "close_case": Tried("AT-NO-REVIEW", _WHY),
    "hold_case": Tried("AT-REVIEW", _NEXT),
    "release_case": Tried("AT-HELD", {"revised_due_on": "2021-12-01"}),
    "record_delay_notice": Tried("AT-HELD", {**_ON, "to": "national Panel"}),
    "declare_conflict": Tried("AT-REVIEW", {"person": person("panel"), "reason": "Kin"}),
    "withdraw_conflict": Tried("AT-HELD", {"person": "Cara Conflict", **_WHY}),
    "give_access": Tried("AT-REVIEW", {"person": "Connie Control", **_WHY}),
    "end_access": Tried("AT-REVIEW", {"person": person("panel"), **_WHY}),
    "add_action": Tried("AT-REVIEW", {"text": "Tell the schools"}),
    "update_action": Tried("A1", {"report": "on_track"}),
    "accept_update": Tried("A2"),
    "query_update": Tried("A2", _WHY),
    "complete_action": Tried("A1", {**_ON, "evidence": "Minutes"}),
    "edit_action": Tried("A1", {"title": "Sharing"}),
    "review_action": Tried("A1", _ON),
    "hold_action": Tried("A1", _NEXT),
    "release_action": Tried("A3"),
    "record_impact": Tried("A1", {"text": "Calls come sooner"}),
    "end_action": Tried("A1", {"how": "not_taken_forward", **_WHY}),
    "reassign_action": Tried("A1", {"owner": "Connie Control", **_WHY}),
    "move_due_date": Tried("A1", {"due_on": "2021-10-31", **_WHY}),
    "merge_actions": Tried("A1", {"other": "A3", **_WHY}),
    "split_action": Tried("A1", _WHY),
    "not_alike": Tried("A1", {"other": "A2"}),
    "link_actions": Tried("A1", {"other": "A3"}),
    "reopen_action": Tried("A90", _WHY),
    "ask_outside": Tried("A1", {**_ON, "body": "The London boroughs"}),
    "record_answer": Tried("A90", {**_ON, "text": "They will"}),
    "raise_escalation": Tried(None, {"group": "qap", "title": "Room", "ask": "May we meet?"}),
    "respond_to_escalation": Tried("E1", {**_ON, "answer": "agreed"}),
    "withdraw_escalation": Tried("E1", _WHY),
    "pass_up_escalation": Tried("E1", _WHY),
    "review_escalation": Tried("E1", {**_ON, "text": "It still waits"}),
    "dismiss_proposal": Tried("thscp", {"about": "A1", "rule": "red_action", **_WHY}),
    "schedule_meeting": Tried(None, {"group": "qap", "on": "2021-07-01"}),
    "move_meeting": Tried("M1", {"on": "2021-06-25"}),
    "cancel_meeting": Tried("M1", _WHY),
    "edit_meeting": Tried("M1", {"place": "Room 4"}),
    "end_series": Tried("M3", _WHY),
    "freeze_pack": Tried("M1"),
    "hold_digest": Tried("M1", _WHY),
    "release_digest": Tried("M2"),
    "send_digest": Tried("M1"),
    "edit_agenda": Tried("M3", {"add": ["The budget"]}),
    "close_meeting": Tried("M2"),
    "add_group": Tried("thscp", {"code": "men", "name": "Task group on men", "escalates_to": "qap"}),
    "edit_group": Tried("thscp", {"group": "sudi", "shown": ["cases"]}),
    "end_group": Tried("thscp", {"group": "sudi", **_WHY}),
    "add_member": Tried("thscp", {"group": "sudi", "person": person("panel")}),
    "end_member": Tried("thscp", {"group": "sudi", "person": CONTROL}),
    "change_setting": Tried("thscp", {"key": "link.days", "value": 20}),
    "reassign_all": Tried("thscp", {"former": person("owner"), "owner": person("reviewer"), "reason": "Left"}),
    "reassign_agency": Tried("thscp", {"former": "Police", "agency": CARE, "reason": "Restructured"}),
    "add_theme": Tried("thscp", {"label": "Tower blocks"}),
    "rename_theme": Tried("thscp", {"theme": "neglect", "label": "Some", "reason": "It is so"}),
    "merge_themes": Tried("thscp", {"theme": "neglect", "into": "early_help", "reason": "It is so"}),
    "retire_theme": Tried("thscp", {"theme": "neglect", "reason": "It is so"}),
    "restore_theme": Tried("thscp", {"theme": "neglect", "reason": "It is so"}),
    "add_closure": Tried("thscp", {"on": "2021-06-21", "name": "Council closed"}),
    "release_post": Tried(None),
}
