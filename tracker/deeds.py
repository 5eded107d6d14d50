"""The table of all deeds: name, what it is about, its facts, its function. Who may is in `people/permissions.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tracker.actions import (
    checking,
    course,
    editing,
    handing_over,
    impact,
    join_terms,
    joining,
    outside,
    partners,
    plan,
    progress,
    reopening,
    splitting,
)
from tracker.briefings import writing
from tracker.cases import access, closures, correcting, decision, holds, opening, rapid_review, ratification, returns
from tracker.escalations import answering, ending_groups, proposing, raising, reviewing
from tracker.facts import Facts, NoFacts, Reason
from tracker.files.kinds import LARGEST_FILE, MOST_FILES
from tracker.groups import arranging, changing, meetings, scheduling, theming
from tracker.papers import after_meeting, agenda_editing, digest_holding, freezing
from tracker.reflections import closing, commenting, reflection, sessions
from tracker.reminders import holding
from tracker.reviews import confirming, declarations, leads, learning_review, linking, methods, publication
from tracker.written_facts import LARGEST


class About(StrEnum):
    """What a deed is done to; what it makes has no record yet."""

    NEW_CASE = "new case"
    CASE = "case"
    NEW_ACTION = "new action"
    ACTION = "action"
    NEW_ESCALATION = "new escalation"
    ESCALATION = "escalation"
    NEW_MEETING = "new meeting"
    MEETING = "meeting"
    PARTNERSHIP = "partnership"
    CALENDAR = "calendar"
    POST = "post"


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that a person can do; the page, the command line and the JSON interface are doors to its function.

    Functions about a case take its standing; those about another record the session and the record; those that make
    one the session and the reference that was given, if any. Each is called with its own facts model.
    """

    name: str
    about: About
    facts: type[Facts]
    function: Callable[..., Any]

    @property
    def command(self) -> str:
        """Give the name as the command line writes it."""
        return self.name.replace("_", "-")

    @property
    def largest(self) -> int:
        """Give how many bytes its facts may have, written as JSON: more where files are given in base64."""
        return LARGEST + (MOST_FILES * LARGEST_FILE * 4 // 3 if "files" in self.facts.model_fields else 0)


_ROWS = (
    Deed("open_case", About.NEW_CASE, opening.OpenCase, opening.open_case),
    Deed("record_notification", About.CASE, opening.RecordNotification, opening.record_notification),
    Deed("correct_event", About.CASE, correcting.CorrectEvent, correcting.correct_event),
    Deed("ask_return", About.CASE, returns.AskReturn, returns.ask_return),
    Deed("record_return", About.CASE, returns.RecordReturn, returns.record_return),
    Deed("convene_panel", About.CASE, rapid_review.On, rapid_review.convene_panel),
    Deed("record_recommendation", About.CASE, rapid_review.RecordRecommendation, rapid_review.record_recommendation),
    Deed("send_to_national_panel", About.CASE, rapid_review.On, rapid_review.send_to_national_panel),
    Deed("record_panel_response", About.CASE, rapid_review.RecordPanelResponse, rapid_review.record_panel_response),
    Deed("record_decision", About.CASE, decision.RecordDecision, decision.record_decision),
    Deed("record_ratification", About.CASE, ratification.RecordRatification, ratification.record_ratification),
    Deed("record_resolution", About.CASE, ratification.RecordResolution, ratification.record_resolution),
    Deed("appoint_lead", About.CASE, leads.AppointLead, leads.appoint_lead),
    Deed("withdraw_declaration", About.CASE, declarations.WithdrawDeclaration, declarations.withdraw_declaration),
    Deed("declare_independence", About.CASE, confirming.DeclareIndependence, confirming.declare_independence),
    Deed("record_method_done", About.CASE, methods.RecordMethodDone, methods.record_method_done),
    Deed("agree_report", About.CASE, learning_review.AgreeReport, learning_review.agree_report),
    Deed("link_recommendation", About.CASE, linking.LinkRecommendation, linking.link_recommendation),
    Deed("record_evaluation", About.CASE, learning_review.RecordEvaluation, learning_review.record_evaluation),
    Deed("start_contribution", About.CASE, learning_review.StartContribution, learning_review.start_contribution),
    Deed("plan_publication", About.CASE, publication.PlanPublication, publication.plan_publication),
    Deed(
        "record_sent_before_publication",
        About.CASE,
        publication.RecordSentBeforePublication,
        publication.record_sent_before_publication,
    ),
    Deed("publish", About.CASE, publication.Publish, publication.publish),
    Deed("record_learning_session", About.CASE, sessions.RecordLearningSession, sessions.record_learning_session),
    Deed("record_reflection", About.CASE, reflection.RecordReflection, reflection.record_reflection),
    Deed("write_briefing", About.CASE, writing.WriteBriefing, writing.write_briefing),
    Deed("approve_briefing", About.CASE, NoFacts, writing.approve_briefing),
    Deed("add_comment", About.CASE, commenting.AddComment, commenting.add_comment),
    Deed("close_case", About.CASE, closing.CloseCase, closing.close_case),
    Deed("hold_case", About.CASE, holds.HoldCase, holds.hold_case),
    Deed("release_case", About.CASE, holds.ReleaseCase, holds.release_case),
    Deed("record_delay_notice", About.CASE, holds.RecordDelayNotice, holds.record_delay_notice),
    Deed("declare_conflict", About.CASE, access.Named, access.declare_conflict),
    Deed("withdraw_conflict", About.CASE, access.Named, access.withdraw_conflict),
    Deed("give_access", About.CASE, access.Named, access.give_access),
    Deed("end_access", About.CASE, access.Named, access.end_access),
    Deed("add_action", About.NEW_ACTION, plan.AddAction, plan.add_action),
    Deed("update_action", About.ACTION, progress.UpdateAction, progress.update_action),
    Deed("accept_update", About.ACTION, checking.AcceptUpdate, checking.accept_update),
    Deed("query_update", About.ACTION, Reason, checking.query_update),
    Deed("complete_action", About.ACTION, checking.CompleteAction, checking.complete_action),
    Deed("edit_action", About.ACTION, editing.EditAction, editing.edit_action),
    Deed("review_action", About.ACTION, impact.ReviewAction, impact.review_action),
    Deed("hold_action", About.ACTION, course.HoldAction, course.hold_action),
    Deed("release_action", About.ACTION, NoFacts, course.release_action),
    Deed("record_impact", About.ACTION, impact.RecordImpact, impact.record_impact),
    Deed("end_action", About.ACTION, course.EndAction, course.end_action),
    Deed("reassign_action", About.ACTION, course.ReassignAction, course.reassign_action),
    Deed("move_due_date", About.ACTION, course.MoveDueDate, course.move_due_date),
    Deed("merge_actions", About.ACTION, join_terms.MergeActions, joining.merge_actions),
    Deed("split_action", About.ACTION, splitting.SplitAction, splitting.split_action),
    Deed("not_alike", About.ACTION, partners.NotAlike, partners.not_alike),
    Deed("link_actions", About.ACTION, partners.LinkActions, partners.link_actions),
    Deed("reopen_action", About.ACTION, reopening.ReopenAction, reopening.reopen_action),
    Deed("ask_outside", About.ACTION, outside.AskOutside, outside.ask_outside),
    Deed("record_answer", About.ACTION, outside.RecordAnswer, outside.record_answer),
    Deed("raise_escalation", About.NEW_ESCALATION, raising.RaiseEscalation, raising.raise_escalation),
    Deed("respond_to_escalation", About.ESCALATION, answering.RespondToEscalation, answering.respond_to_escalation),
    Deed("withdraw_escalation", About.ESCALATION, Reason, raising.withdraw_escalation),
    Deed("pass_up_escalation", About.ESCALATION, Reason, raising.pass_up_escalation),
    Deed("review_escalation", About.ESCALATION, reviewing.ReviewEscalation, reviewing.review_escalation),
    Deed("schedule_meeting", About.NEW_MEETING, scheduling.ScheduleMeeting, scheduling.schedule_meeting),
    Deed("move_meeting", About.MEETING, meetings.MoveMeeting, meetings.move_meeting),
    Deed("cancel_meeting", About.MEETING, Reason, meetings.cancel_meeting),
    Deed("edit_meeting", About.MEETING, meetings.EditMeeting, meetings.edit_meeting),
    Deed("end_series", About.MEETING, Reason, meetings.end_series),
    Deed("freeze_pack", About.MEETING, NoFacts, freezing.freeze_pack),
    Deed("hold_digest", About.MEETING, Reason, digest_holding.hold_digest),
    Deed("release_digest", About.MEETING, NoFacts, digest_holding.release_digest),
    Deed("send_digest", About.MEETING, NoFacts, digest_holding.send_digest),
    Deed("edit_agenda", About.MEETING, agenda_editing.EditAgenda, agenda_editing.edit_agenda),
    Deed("close_meeting", About.MEETING, meetings.CloseMeeting, after_meeting.close_meeting),
    Deed("add_group", About.PARTNERSHIP, arranging.AddGroup, arranging.add_group),
    Deed("edit_group", About.PARTNERSHIP, arranging.EditGroup, arranging.edit_group),
    Deed("end_group", About.PARTNERSHIP, ending_groups.EndGroup, ending_groups.end_group),
    Deed("add_member", About.PARTNERSHIP, arranging.AddMember, arranging.add_member),
    Deed("end_member", About.PARTNERSHIP, arranging.EndMember, arranging.end_member),
    Deed("dismiss_proposal", About.PARTNERSHIP, proposing.DismissProposal, proposing.dismiss_proposal),
    Deed("change_setting", About.PARTNERSHIP, changing.ChangeSetting, changing.change_setting),
    Deed("reassign_all", About.PARTNERSHIP, handing_over.ReassignAll, handing_over.reassign_all),
    Deed("reassign_agency", About.PARTNERSHIP, handing_over.ReassignAgency, handing_over.reassign_agency),
    Deed("add_theme", About.PARTNERSHIP, theming.AddTheme, theming.add_theme),
    Deed("rename_theme", About.PARTNERSHIP, theming.RenameTheme, theming.rename_theme),
    Deed("merge_themes", About.PARTNERSHIP, theming.MergeThemes, theming.merge_themes),
    Deed("retire_theme", About.PARTNERSHIP, theming.OneTheme, theming.retire_theme),
    Deed("restore_theme", About.PARTNERSHIP, theming.OneTheme, theming.restore_theme),
    Deed("add_closure", About.CALENDAR, closures.AddClosure, closures.add_closure),
    Deed("release_post", About.POST, holding.ReleasePost, holding.release_post),
)

DEEDS: Mapping[str, Deed] = {deed.name: deed for deed in _ROWS}
