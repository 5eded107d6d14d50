"""Who may do what: one row for each deed. What a definition says about bodies comes on top, never instead."""

from collections.abc import Mapping

from tracker.errors import NotAllowed
from tracker.people.doer import Doer
from tracker.people.roles import Role
from workflows.vocabulary import Do

C, P, E, M = Role.COORDINATOR, Role.PANEL, Role.EXECUTIVE, Role.COMMISSIONER
PARTNER, L, G, A = Role.PARTNER, Role.LEAD_REPRESENTATIVE, Role.GROUP_CHAIR, Role.AGENCY_LEAD
R, S, OWNER, ADMIN = Role.REVIEWER, Role.SCRUTINEER, Role.OWNER, Role.ADMIN

_STEP_BY_BODY = frozenset({C, P, E, M, G})

ROLES_FOR: Mapping[str, frozenset[Role]] = {
    "open_case": frozenset({C, P, E, M, G}),
    "record_notification": frozenset({C}),
    "correct_event": frozenset({C}),
    "ask_return": frozenset({C, P}),
    "record_return": frozenset({C, P, A}),
    "convene_panel": _STEP_BY_BODY,
    "record_recommendation": _STEP_BY_BODY,
    "send_to_national_panel": _STEP_BY_BODY,
    "record_panel_response": _STEP_BY_BODY,
    "record_decision": frozenset({E, M}),
    "record_ratification": frozenset({C, PARTNER}),
    "record_resolution": frozenset({C, PARTNER, E, M}),
    "appoint_lead": _STEP_BY_BODY,
    "withdraw_declaration": frozenset({C, E, M, R}),
    # Every lead for herself, whatever her roles.
    "declare_independence": frozenset({C, R}),
    "record_method_done": frozenset({C, E, M, R}),
    "hold_case": frozenset({C, E, M}),
    "release_case": frozenset({C, E, M}),
    "record_delay_notice": frozenset({C}),
    "agree_report": _STEP_BY_BODY | {PARTNER},
    "link_recommendation": frozenset({C}),
    "record_evaluation": _STEP_BY_BODY,
    "start_contribution": _STEP_BY_BODY,
    "plan_publication": _STEP_BY_BODY,
    "record_sent_before_publication": _STEP_BY_BODY,
    "publish": frozenset({C, E, M, PARTNER, G}),
    "record_learning_session": _STEP_BY_BODY,
    "record_reflection": _STEP_BY_BODY,
    "write_briefing": frozenset({C}),
    "approve_briefing": frozenset({C}),
    "add_comment": frozenset({C, S}),
    "close_case": _STEP_BY_BODY,
    "declare_conflict": frozenset({C, P, E, M, PARTNER, L, G, A, R, S}),
    "withdraw_conflict": frozenset({C}),
    "give_access": frozenset({C}),
    "end_access": frozenset({C}),
    "add_action": frozenset({C, P, G}),
    "update_action": frozenset({C, A, OWNER}),
    "accept_update": frozenset({C}),
    "query_update": frozenset({C}),
    "complete_action": frozenset({C}),
    "edit_action": frozenset({C}),
    "review_action": frozenset({C}),
    "hold_action": frozenset({C}),
    "release_action": frozenset({C}),
    "record_impact": frozenset({C, A, OWNER}),
    "end_action": frozenset({C}),
    "reassign_action": frozenset({C, A}),
    "move_due_date": frozenset({C}),
    "merge_actions": frozenset({C}),
    "split_action": frozenset({C}),
    "not_alike": frozenset({C}),
    "link_actions": frozenset({C}),
    "reopen_action": frozenset({C}),
    "ask_outside": frozenset({C}),
    "record_answer": frozenset({C}),
    "raise_escalation": frozenset({C, A, G, S}),
    "respond_to_escalation": frozenset({E, M, L}),
    "withdraw_escalation": frozenset({C, A, G, S}),
    "pass_up_escalation": frozenset({C, E, M, L}),
    "review_escalation": frozenset({C, A, E, M, L, G, S}),
    "dismiss_proposal": frozenset({C}),
    "schedule_meeting": frozenset({C}),
    "move_meeting": frozenset({C}),
    "cancel_meeting": frozenset({C}),
    "edit_meeting": frozenset({C}),
    "end_series": frozenset({C}),
    "edit_agenda": frozenset({C, G}),
    "freeze_pack": frozenset({C}),
    "hold_digest": frozenset({C}),
    "release_digest": frozenset({C}),
    "send_digest": frozenset({C}),
    "close_meeting": frozenset({C}),
    "add_group": frozenset({C, ADMIN}),
    "edit_group": frozenset({C, ADMIN}),
    "end_group": frozenset({C}),
    "add_member": frozenset({C, ADMIN}),
    "end_member": frozenset({C, ADMIN}),
    "change_setting": frozenset({C, ADMIN}),
    "reassign_all": frozenset({C, A}),
    "reassign_agency": frozenset({C}),
    "add_theme": frozenset({C, ADMIN}),
    "rename_theme": frozenset({C, ADMIN}),
    "merge_themes": frozenset({C, ADMIN}),
    "retire_theme": frozenset({C, ADMIN}),
    "restore_theme": frozenset({C, ADMIN}),
    "add_closure": frozenset({C, ADMIN}),
    "release_post": frozenset({C, ADMIN}),
}

# How a refusal says a deed to a case that no process names; the names of the others are words already.
_WORDS: Mapping[str, str] = {
    "ask_return": "ask an agency for its return",
    "record_return": "record a return",
    "correct_event": "correct a date",
    "declare_conflict": "declare a conflict of interest",
    "withdraw_conflict": "withdraw a conflict of interest",
    "record_delay_notice": "record a notice of delay",
    "write_briefing": "write the briefing",
    "approve_briefing": "approve the briefing",
    "add_action": "add an action",
    "merge_actions": "join actions",
    "split_action": "split actions that were joined",
    "not_alike": "say that actions are not alike",
    "link_actions": "link actions",
    "release_post": "release the post",
    "link_recommendation": "say which findings a recommendation answers",
    "reopen_action": "open an action again",
    "ask_outside": "record that a body outside was asked",
    "record_answer": "record the answer of a body outside",
}

ONLY_THE_BODY = frozenset({"record_decision", "respond_to_escalation"})


def require(by: Doer, deed: str, partnership_id: int) -> None:
    """Let a deed through when one of the person's roles in the partnership may do it; raises `NotAllowed`."""
    if not ROLES_FOR[deed] & by.roles_in(partnership_id):
        raise NotAllowed(refusal(by, deed))


def refusal(by: Doer, deed: str) -> str:
    """Say that a deed is not hers, and whose it is."""
    whose = sorted(role.words for role in ROLES_FOR[deed])
    last = f"{', '.join(whose[:-1])} or {whose[-1]}" if len(whose) > 1 else whose[0]
    words = Do(deed).words if deed in set(Do) else _WORDS.get(deed) or deed.replace("_", " ")
    return f"{by.name} may not {words}: it is for the {last}. Ask the coordinator."


def to_her(reader: Doer, sentence: str) -> str:
    """Say to the reader herself what is said of her: a refusal begins with her name."""
    named = f"{reader.name} may not "
    return f"You may not {sentence.removeprefix(named)}" if sentence.startswith(named) else sentence
