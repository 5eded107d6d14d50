"""Who may do what: every role tries every deed; and a declared conflict beats every role."""

from collections.abc import Mapping

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tests.make import make_person, make_world, shown
from tests.tracker.undoing import forgetting
from tests.tracker.walking import (
    CASES,
    LATER,
    WALK,
    Tried,
    does,
    make_everybody,
    name_everybody,
    person,
)
from tracker.database import unit_of_work
from tracker.deeds import DEEDS, About
from tracker.doing import do
from tracker.errors import NotAllowed, NotFound, Refused
from tracker.groups.models import Partnership
from tracker.people.permissions import ROLES_FOR
from tracker.people.roles import Role
from workflows.definition import shipped, shipped_names
from workflows.lifecycle import StepRefused

# In the order of the roles: coordinator, panel, executive, commissioner, safeguarding partner, lead representative,
# group chair, agency lead, reviewer, scrutineer, owner, admin.
# `+` may: then the deed is done, or refused for its own reasons. `-` may not, on a record that she sees. `.` is told
# that there is no such record. The Executive decides here, the panel recommends, the reviewer leads the methods.
MAY = """
    open_case                       + - - - - - - - - - - -
    record_notification             + - - - - - - - - - . .
    correct_event                   + - - - - - - - - - . .
    ask_return                      + + - - - - - - - - . .
    record_return                   + + - - - - - + - - . .
    convene_panel                   + - - - - - - - - - . .
    record_recommendation           + + - - - - - - - - . .
    send_to_national_panel          + - - - - - - - - - . .
    record_panel_response           + - - - - - - - - - . .
    record_decision                 - - + - - - - - - - . .
    record_ratification             + - - - + - - - - - . .
    record_resolution               + - + + + - - - - - . .
    appoint_lead                    + - + - - - - - - - . .
    withdraw_declaration            + - - - - - - - + - . .
    declare_independence            + - - - - - - - + - . .
    record_method_done              + - - - - - - - + - . .
    hold_case                       + - + - - - - - - - . .
    release_case                    + - + - - - - - - - . .
    record_delay_notice             + - - - - - - - - - . .
    agree_report                    + - + - - - - - - - . .
    record_evaluation               + + + + - - + - - - . .
    start_contribution              + + + + - - + - - - . .
    plan_publication                + - - - - - - - - - . .
    record_sent_before_publication  + - - - - - - - - - . .
    publish                         + - + - - - - - - - . .
    link_recommendation             + - - - - - - - - - . .
    record_learning_session         + - - - - - - - - - . .
    record_reflection               + - - - - - - - - - . .
    write_briefing                  + - - - - - - - - - . .
    approve_briefing                + - - - - - - - - - . .
    add_comment                     + - - - - - - - - + . .
    close_case                      + - + - - - - - - - . .
    declare_conflict                + + + + + + + + + + . .
    withdraw_conflict               + - - - - - - - - - . .
    give_access                     + - - - - - - - - - . .
    end_access                      + - - - - - - - - - . .
    add_action                      + + - - - - + - - - . .
    update_action                   + - - - - - - + - - + .
    accept_update                   + - - - - - - - - - - .
    query_update                    + - - - - - - - - - - .
    complete_action                 + - - - - - - - - - - .
    edit_action                     + - - - - - - - - - - .
    review_action                   + - - - - - - - - - - .
    hold_action                     + - - - - - - - - - - .
    release_action                  + - - - - - - - - - - .
    record_impact                   + - - - - - - + - - + .
    end_action                      + - - - - - - - - - - .
    reassign_action                 + - - - - - - + - - - .
    move_due_date                   + - - - - - - - - - - .
    merge_actions                   + - - - - - - - - - - .
    split_action                    + - - - - - - - - - - .
    not_alike                       + - - - - - - - - - - .
    link_actions                    + - - - - - - - - - - .
    reopen_action                   + - - - - - - - - - - .
    ask_outside                     + - - - - - - - - - - .
    record_answer                   + - - - - - - - - - - .
    raise_escalation                + - - - - - + + - + - -
    respond_to_escalation           - - + + - - - - - - - -
    withdraw_escalation             + - - - - - + + - + - -
    pass_up_escalation              + - + + - - - - - - - -
    review_escalation               + - + + - - + + - + - -
    dismiss_proposal                + - - - - - - - - - - -
    schedule_meeting                + - - - - - - - - - - -
    move_meeting                    + - - - - - - - - - - -
    cancel_meeting                  + - - - - - - - - - - -
    edit_meeting                    + - - - - - - - - - - -
    end_series                      + - - - - - - - - - - -
    freeze_pack                     + - - - - - - - - - - -
    hold_digest                     + - - - - - - - - - - -
    release_digest                  + - - - - - - - - - - -
    send_digest                     + - - - - - - - - - - -
    edit_agenda                     + - - - - - + - - - - -
    close_meeting                   + - - - - - - - - - - -
    add_group                       + - - - - - - - - - - +
    edit_group                      + - - - - - - - - - - +
    end_group                       + - - - - - - - - - - -
    add_member                      + - - - - - - - - - - +
    end_member                      + - - - - - - - - - - +
    change_setting                  + - - - - - - - - - - +
    reassign_all                    + - - - - - - + - - - -
    reassign_agency                 + - - - - - - - - - - -
    add_theme                       + - - - - - - - - - - +
    rename_theme                    + - - - - - - - - - - +
    merge_themes                    + - - - - - - - - - - +
    retire_theme                    + - - - - - - - - - - +
    restore_theme                   + - - - - - - - - - - +
    add_closure                     + - - - - - - - - - - +
    release_post                    + - - - - - - - - - - +
"""

# City and Hackney: an independent commissioner decides, the partners ratify, agree the report and publish it;
# notifications are recorded by a group of its own, to which nobody of these belongs.
MAY_IN_HACKNEY = """
    record_notification             + - - - - - - - - - . .
    record_decision                 - - - + - - - - - - . .
    record_ratification             + - - - + - - - - - . .
    record_resolution               + - - + + - - - - - . .
    agree_report                    + - - - + - - - - - . .
    publish                         + - - - + - - - - - . .
"""

# Refused to everybody here: steps that this process does not have, an escalation that waits at the top, and post that
# nobody holds.
NOT_HERE = {
    "split_action",
    "record_ratification",
    "record_resolution",
    "record_evaluation",
    "start_contribution",
    "pass_up_escalation",
    "reassign_agency",
    "release_post",
    "restore_theme",
}


def read(table: str) -> dict[str, dict[str, str]]:
    """Read a table: for each deed, the sign of each role."""
    lines = [line.split() for line in table.strip().splitlines()]
    return {deed: dict(zip([role.value for role in Role], signs, strict=True)) for deed, *signs in lines}


def sign(engine: Engine, deed: str, tried: Tried, by: str) -> str:
    """Try a deed and say how it ended: `+` done, `*` refused by its own rule, `-` not hers, `.` not found."""
    facts = {**tried.facts, "person": by} if deed == "declare_conflict" else tried.facts
    try:
        do(forgetting(engine), deed, tried.reference, email=by, facts=facts, now=LATER)
    except NotAllowed:
        return "-"
    except NotFound:
        return "."
    except (Refused, StepRefused):
        return "*"
    return "+"


def walked(engine: Engine, walk: Mapping[str, Tried]) -> dict[str, dict[str, str]]:
    """Let every role try every deed."""
    return {
        deed: {role.value: sign(engine, deed, tried, person(role)) for role in Role} for deed, tried in walk.items()
    }


def test_each_role_may_what_the_table_says_and_nothing_else(walk):
    found = walked(walk, WALK)

    expected = read(MAY)
    for deed in NOT_HERE:
        expected[deed] = {role: "*" if cell == "+" else cell for role, cell in expected[deed].items()}
    assert found == expected


def test_walk_tries_every_deed():
    assert sorted(WALK) == sorted(DEEDS)


def test_whoever_may_by_her_role_is_named_in_the_list_of_deeds():
    may = {(deed, role) for deed, signs in read(MAY).items() for role, cell in signs.items() if cell == "+"}
    may |= {(deed, role) for deed, signs in read(MAY_IN_HACKNEY).items() for role, cell in signs.items() if cell == "+"}

    assert {(deed, role) for deed, role in may if role not in ROLES_FOR[deed]} == set()


def test_role_of_each_body_that_a_definition_names_is_in_the_list_of_deeds():
    unlisted = [
        (name, step.do.value, code)
        for name in shipped_names()
        for step in shipped(name).steps
        for code in (step.by if step.do is not None else ())
        if (role := shipped(name).body_named(code).role) and role not in ROLES_FOR[step.do.value]
    ]

    assert unlisted == []


def make_hackney(engine: Engine) -> dict[str, Tried]:
    """Make City and Hackney with a case in resolution, and one whose review is in progress."""
    with unit_of_work(engine) as session:
        make_everybody(session, "chscp", "crsg", partners=())
    decided = {"on": "2021-05-17", "outcome": "review", "methods": ["multi_agency_audit"], "reason": "It is so"}
    for case, answer in (("RESOLVING", "no"), ("REVIEWING", "yes")):
        does(engine, "open_case", partnership="chscp", reference=case, known_on="2021-05-03", version="chscp/2021-22")
        does(engine, "record_notification", case, notified_on="2021-05-04")
        does(engine, "convene_panel", case, on="2021-05-10")
        name_everybody(engine, case)
        learning = {"outcome": "review", "reason": "Much", "immediate_learning": "Ask twice"}
        does(engine, "record_recommendation", case, on="2021-05-11", **learning)
        does(engine, "send_to_national_panel", case, on="2021-05-12")
        does(engine, "record_decision", case, by=person("commissioner"), **decided)
        given = {"partner": "First Partner", "answer": answer, "reason": "It is so"}
        does(engine, "record_ratification", case, on="2021-05-18", **given)
    does(engine, "open_case", partnership="chscp", reference="NEW", known_on="2021-05-03", version="chscp/2021-22")
    does(engine, "open_case", partnership="chscp", reference="SENT", known_on="2021-05-03", version="chscp/2021-22")
    name_everybody(engine, "NEW")
    name_everybody(engine, "SENT")
    does(engine, "record_notification", "SENT", notified_on="2021-05-04")
    does(engine, "convene_panel", "SENT", on="2021-05-10")
    does(engine, "record_recommendation", "SENT", on="2021-05-11", outcome="review", immediate_learning="Ask twice")
    does(engine, "send_to_national_panel", "SENT", on="2021-05-12")
    on = {"on": "2021-06-02"}
    return {
        "record_notification": Tried("NEW", {"notified_on": "2021-06-02"}),
        "record_decision": Tried("SENT", {**decided, **on, "agreed_by": ["First Partner"]}),
        "record_ratification": Tried("RESOLVING", {**on, "partner": "First Partner", "answer": "yes"}),
        "record_resolution": Tried("RESOLVING", {**on, "outcome": "review"}),
        "agree_report": Tried("REVIEWING", {**on, "findings": [{"text": "x"}], "recommendations": [{"text": "y"}]}),
        "publish": Tried("REVIEWING", {**on, "override_reason": "The court asked"}),
    }


def test_bodies_of_the_definition_decide_who_may(engine):
    walk = make_hackney(engine)

    found = walked(engine, walk)

    # The report comes before its publication: that is said only to those who may publish.
    expected = read(MAY_IN_HACKNEY)
    expected["publish"] = {role: "*" if cell == "+" else cell for role, cell in expected["publish"].items()}
    assert found == expected


def test_somebody_of_another_partnership_finds_nothing_to_do(walk):
    make_world(walk, "bdscp")

    signs = {deed: sign(walk, deed, tried, "coordinator@bdscp.example") for deed, tried in WALK.items()}

    # The post is that of the whole installation; here nobody holds it.
    others = {"open_case": "-", "release_post": "*"}
    assert signs == {deed: others.get(deed, ".") for deed in WALK}


def test_declared_conflict_beats_every_role(walk):
    for case in CASES:
        for role in Role:
            does(walk, "declare_conflict", case, person=person(role), reason="Kin")

    found = walked(walk, {name: tried for name, tried in WALK.items() if _is_about_a_case(name)})

    assert found == {deed: dict.fromkeys([role.value for role in Role], ".") for deed in found}


def _is_about_a_case(deed: str) -> bool:
    return DEEDS[deed].about in (About.CASE, About.ACTION, About.NEW_ACTION)


def test_barred_person_cannot_name_the_case_in_another_record(walk):
    does(walk, "add_action", "thscp", text="Train everybody")
    roles = ("coordinator", "group_chair", "panel")
    for role in roles:
        does(walk, "declare_conflict", "AT-REVIEW", person=person(role), reason="Kin")
    about = {"group": "qap", "title": "Room", "ask": "May we?", "about": ["AT-REVIEW"]}

    found = {
        "raise_escalation": [sign(walk, "raise_escalation", Tried(None, about), person(role)) for role in roles[:2]],
        "add_action": [
            sign(walk, "add_action", Tried("AT-AGREED", {"text": "x", "sources": ["AT-REVIEW"]}), person(role))
            for role in roles
        ],
        "edit_action": [sign(walk, "edit_action", Tried("A4", {"sources": ["AT-REVIEW"]}), person("coordinator"))],
    }

    assert found == {"raise_escalation": [".", "."], "add_action": [".", ".", "."], "edit_action": ["."]}


def test_coordinator_records_on_behalf_of_a_body_and_the_history_says_so(walk):
    does(walk, "agree_report", "AT-REVIEW", on="2021-06-01")

    line = shown(walk, "AT-REVIEW")["history"][-1]
    assert (line["by"], line["role"]) == ("Connie Control", "coordinator, on behalf of Executive Group")


def test_owner_or_admin_is_not_named_on_a_case(walk):
    sentences = []

    for role in ("owner", "admin"):
        with pytest.raises(Refused) as refused:
            does(walk, "give_access", "AT-REVIEW", person=person(role), reason="Wants to see")
        sentences.append(str(refused.value))

    assert sentences == [
        "The Owner is owner only, which opens no case: give her another role first.",
        "The Admin is admin only, which opens no case: give her another role first.",
    ]


def test_whoever_is_owner_and_reviewer_may_be_named(walk):
    with unit_of_work(walk) as session:
        partnership = session.exec(select(Partnership)).one()
        make_person(session, partnership, "both@thscp.example", "owner", "reviewer")

    does(walk, "give_access", "AT-REVIEW", person="both@thscp.example", reason="Reviews")

    assert shown(walk, "AT-REVIEW", by="both@thscp.example")["reference"] == "AT-REVIEW"


REFUSALS = {
    ("record_decision", "coordinator"): "The Coordinator may not record the decision: it is for the Executive Group.",
    ("correct_event", "panel"): "The Panel may not correct a date: it is for the coordinator. Ask the coordinator.",
    ("accept_update", "agency_lead"): (
        "The Agency Lead may not accept update: it is for the coordinator. Ask the coordinator."
    ),
    ("respond_to_escalation", "coordinator"): "The Coordinator may not answer E1: it waits for Executive Group.",
    ("change_setting", "executive"): (
        "The Executive may not change setting: it is for the admin or coordinator. Ask the coordinator."
    ),
}


def test_refusal_says_whose_deed_it_is(walk):
    sentences = {}

    for deed, role in REFUSALS:
        with pytest.raises(NotAllowed) as refused:
            do(forgetting(walk), deed, WALK[deed].reference, email=person(role), facts=WALK[deed].facts, now=LATER)
        sentences[deed, role] = str(refused.value)

    assert sentences == REFUSALS
