"""Every word that a definition may use, with the sentence a reader sees; how they are arranged is data."""

from collections.abc import Mapping, Sequence
from enum import StrEnum


class CaseStatus(StrEnum):
    """Where a case stands; the value is the code. *On hold* is no status but a row beside the case."""

    INCIDENT = "incident"
    CONSIDERED = "considered"
    NOTIFIED = "notified"
    RAPID_REVIEW = "rapid_review"
    SENT_TO_PANEL = "sent_to_panel"
    RECOMMENDED = "recommended"
    DECISION_MADE = "decision_made"
    IN_RESOLUTION = "in_resolution"
    RATIFIED = "ratified"
    REVIEW_IN_PROGRESS = "review_in_progress"
    CONTRIBUTING = "contributing"
    ASSURANCE = "assurance"
    IMPROVEMENT_PROGRAMME = "improvement_programme"
    REPORT_AGREED = "report_agreed"
    COMPLETED = "completed"
    EVALUATED = "evaluated"
    MONITORED = "monitored"
    PUBLISHED = "published"
    LEARNING_SHARED = "learning_shared"
    REFLECTED_6M = "reflected_6m"
    REFLECTED = "reflected"
    UPDATED = "updated"
    NO_REVIEW = "no_review"
    LEARNING_ACTIONS = "learning_actions"
    CLOSED = "closed"

    @property
    def words(self) -> str:
        """Give the status as a reader says it after *it is*."""
        return _STATUS_WORDS.get(self.value, self.value.replace("_", " "))


_STATUS_WORDS = {
    "incident": "a serious incident that is not yet notified",
    "considered": "being considered",
    "rapid_review": "in rapid review",
    "sent_to_panel": "sent to the national Panel",
    "decision_made": "decided and waiting for what follows the decision",
    "in_resolution": "in resolution",
    "contributing": "a contribution to another area's review",
    "assurance": "an assurance exercise",
    "improvement_programme": "in an improvement programme",
    "learning_shared": "published and its learning shared",
    "reflected_6m": "reflected on at six months",
    "reflected": "reflected on",
    "updated": "followed by its update report",
    "no_review": "decided without a further review",
    "learning_actions": "carrying out its learning without a review",
}


# The nine stages, as every page names them; a status belongs to one, and a case may leave some out.
STAGES: Sequence[str] = (
    "Serious incident",
    "Rapid review",
    "Executive decision",
    "Learning review",
    "Publication",
    "Action plan",
    "Learning session and briefing",
    "Six-month reflection",
    "One-year reflection",
)


def stage_words(stage: int) -> str:
    """Give the name of a stage, 1 to 9."""
    return STAGES[stage - 1]


class Event(StrEnum):
    """A day that is recorded for a case, from which its clocks are reckoned."""

    INCIDENT = "incident"
    INCIDENT_KNOWN = "incident_known"
    NOTIFICATION = "notification"
    PANEL_CONVENED = "panel_convened"
    RECOMMENDATION = "recommendation"
    SENT_TO_PANEL = "sent_to_panel"
    PANEL_RESPONSE = "panel_response"
    DECISION = "decision"
    RATIFICATION = "ratification"
    RESOLUTION = "resolution"
    REPORT_AGREED = "report_agreed"
    EVALUATION = "evaluation"
    PUBLICATION_PLANNED = "publication_planned"
    SENT_BEFORE_PUBLICATION = "sent_before_publication"
    PUBLICATION = "publication"
    LEARNING_SESSION = "learning_session"
    AUDIT_HELD = "audit_held"
    AUDIT_FOLLOW_UP = "audit_follow_up"
    REFLECTION_6M = "reflection_6m"
    REFLECTION_12M = "reflection_12m"
    UPDATE_REPORT = "update_report"
    UPDATE_REPORT_DUE = "update_report_due"
    CRIMINAL_PROCEEDINGS = "criminal_proceedings"
    CLOSURE = "closure"

    @property
    def words(self) -> str:
        """Give the event as a reader says it."""
        return _EVENT_WORDS.get(self.value, self.value.replace("_", " "))

    @classmethod
    def named(cls, text: str) -> "Event":
        """Find an event by its code or another name in use; raises `ValueError` with a sentence."""
        folded = text.strip().lower().replace("-", "_").replace(" ", "_").removesuffix("_on")
        folded = _EVENT_ALIASES.get(folded, folded)
        try:
            return cls(folded)
        except ValueError:
            raise ValueError(f"There is no event {text!r}. Events are: {', '.join(cls)}.") from None


_EVENT_WORDS = {
    "incident_known": "the day the incident became known",
    "notification": "the notification",
    "panel_convened": "the meeting of the panel",
    "recommendation": "the recommendation",
    "sent_to_panel": "the sending to the national Panel",
    "panel_response": "the national Panel's response",
    "decision": "the decision",
    "ratification": "the ratification",
    "resolution": "the resolution",
    "report_agreed": "the agreement of the report",
    "evaluation": "the evaluation",
    "publication_planned": "the planned publication",
    "sent_before_publication": "the sending before publication",
    "publication": "the publication",
    "learning_session": "the learning session",
    "reflection_6m": "the six-month reflection",
    "reflection_12m": "the one-year reflection",
    "update_report": "the update report",
    "closure": "the closure",
}

_EVENT_ALIASES = {
    "known": "incident_known",
    "notified": "notification",
    "convened": "panel_convened",
    "panel": "panel_convened",
    "rapid_review": "panel_convened",
    "recommended": "recommendation",
    "national_panel": "sent_to_panel",
    "rapid_review_report_sent_to_panel": "sent_to_panel",
    "send_to_national_panel": "sent_to_panel",
    "decided": "decision",
    "decision_made": "decision",
    "executive_decision": "decision",
    "ratified": "ratification",
    "resolved": "resolution",
    "report_completed": "report_agreed",
    "published": "publication",
    "plan_publication": "publication_planned",
    "learning_seminars": "learning_session",
    "learning_workshop": "learning_session",
    "six_month_reflection": "reflection_6m",
    "one_year_reflection": "reflection_12m",
    "update_report_published": "update_report",
    "criminal_trial_verdict": "criminal_proceedings",
    "audit": "audit_held",
    "multi_agency_audit": "audit_held",
    "closed": "closure",
}


class ClockKind(StrEnum):
    """Whether a clock is law, guidance under it, or the partnership's own target."""

    STATUTORY = "statutory"
    GUIDANCE = "guidance"
    LOCAL = "local"

    @property
    def words(self) -> str:
        """Give the words a reader sees."""
        return {"guidance": "Statutory guidance", "local": "Local target"}.get(self.value, "Statutory")


class PanelResponse(StrEnum):
    """What the national Panel may answer."""

    AGREES = "agrees"
    ADVISES_REVIEW = "advises_review"
    ADVISES_AGAINST = "advises_against"
    NATIONAL_REVIEW = "national_review"
    QUERY = "query"

    @property
    def words(self) -> str:
        """Give the answer as a reader reads it beside the national Panel's name."""
        return {
            "agrees": "Agrees",
            "advises_review": "Advises a review",
            "advises_against": "Advises against a review",
            "national_review": "Begins a national review",
            "query": "Asks a question",
        }[self.value]


class Outcome(StrEnum):
    """What the deciding body may decide."""

    REVIEW = "review"
    NO_REVIEW = "no_review"
    SEND_BACK = "send_back"


class Method(StrEnum):
    """The eleven ways to carry out a review (Tower Hamlets 2020-21)."""

    SINGLE_AGENCY_AUDIT = "single_agency_audit_and_assurance"
    MULTI_AGENCY_AUDIT = "multi_agency_audit"
    PARTNER_LED_WORKSHOP = "partner_led_workshop"
    REVIEWER_LED_WORKSHOP = "commissioned_independent_reviewer_led_workshop"
    PARTNER_AUTHORED_REPORT = "partner_authored_report"
    REVIEWER_REPORT = "commissioned_independent_reviewer_report"
    SCRUTINEER_REPORT = "independent_scrutineer_report"
    STRATEGY_MANAGER_REPORT = "strategy_manager_report"
    FAMILY_CHILD_ENGAGEMENT = "family_child_engagement"
    CYP_WORKSHOP = "cyp_workshop"
    CYP_OUTREACH = "cyp_outreach"

    @property
    def label(self) -> str:
        """Give the method's published name."""
        return METHOD_LABELS[self]

    @property
    def needs_named_lead(self) -> bool:
        """Say whether a missing lead of this method blocks the sign-off of the report."""
        return self in _NEED_LEAD


METHOD_LABELS: Mapping[Method, str] = {
    Method.SINGLE_AGENCY_AUDIT: "Single Agency Audit and Assurance",
    Method.MULTI_AGENCY_AUDIT: "Multi Agency Audit",
    Method.PARTNER_LED_WORKSHOP: "Partner-led Workshop",
    Method.REVIEWER_LED_WORKSHOP: "Commissioned Independent Reviewer led Workshop",
    Method.PARTNER_AUTHORED_REPORT: "Partner Authored Report",
    Method.REVIEWER_REPORT: "Commissioned Independent Reviewer Report",
    Method.SCRUTINEER_REPORT: "Independent Scrutineer Report",
    Method.STRATEGY_MANAGER_REPORT: "Strategy Manager Report",
    Method.FAMILY_CHILD_ENGAGEMENT: "Family and/or Child Engagement",
    Method.CYP_WORKSHOP: "Children and Young People Workshop",
    Method.CYP_OUTREACH: "Children and Young People Outreach Activities",
}

_NEED_LEAD = frozenset(
    {
        Method.PARTNER_LED_WORKSHOP,
        Method.REVIEWER_LED_WORKSHOP,
        Method.PARTNER_AUTHORED_REPORT,
        Method.REVIEWER_REPORT,
        Method.SCRUTINEER_REPORT,
        Method.STRATEGY_MANAGER_REPORT,
    }
)

AUDIT_METHODS = frozenset({Method.SINGLE_AGENCY_AUDIT, Method.MULTI_AGENCY_AUDIT})


class Independence(StrEnum):
    """The rule for who may lead a method."""

    NONE = "none"
    SENIOR_AND_NOT_INVOLVED = "senior_and_not_involved"
    INDEPENDENT_OF_OPERATIONS = "independent_of_operations"

    @property
    def words(self) -> str:
        """Give the rule as it is quoted in a refusal."""
        return {
            "none": "There is no rule.",
            "senior_and_not_involved": (
                "Everyone chosen to carry out a task of the review is at senior management level "
                "and has no direct involvement in the case."
            ),
            "independent_of_operations": (
                "Whoever leads a review is independent of operational work; "
                "whoever took the decision declares the interest."
            ),
        }[self.value]


class Do(StrEnum):
    """The deeds that a definition may place as steps or as records; the value is the deed's name."""

    OPEN_CASE = "open_case"
    RECORD_NOTIFICATION = "record_notification"
    CONVENE_PANEL = "convene_panel"
    RECORD_RECOMMENDATION = "record_recommendation"
    SEND_TO_NATIONAL_PANEL = "send_to_national_panel"
    RECORD_PANEL_RESPONSE = "record_panel_response"
    RECORD_DECISION = "record_decision"
    RECORD_RATIFICATION = "record_ratification"
    RECORD_RESOLUTION = "record_resolution"
    APPOINT_LEAD = "appoint_lead"
    WITHDRAW_DECLARATION = "withdraw_declaration"
    RECORD_METHOD_DONE = "record_method_done"
    HOLD_CASE = "hold_case"
    AGREE_REPORT = "agree_report"
    RECORD_EVALUATION = "record_evaluation"
    PLAN_PUBLICATION = "plan_publication"
    RECORD_SENT_BEFORE_PUBLICATION = "record_sent_before_publication"
    PUBLISH = "publish"
    RECORD_LEARNING_SESSION = "record_learning_session"
    RECORD_REFLECTION = "record_reflection"
    START_CONTRIBUTION = "start_contribution"
    CLOSE_CASE = "close_case"

    @property
    def deed(self) -> str:
        """Give the deed as the command line writes it."""
        return self.value.replace("_", "-")

    @property
    def label(self) -> str:
        """Give the step as a button says it."""
        return _STEP_LABELS.get(self, self.value.replace("_", " ").capitalize())

    @property
    def words(self) -> str:
        """Give the step as a sentence says it: `record the decision`."""
        return self.label[0].lower() + self.label[1:]


_STEP_LABELS: Mapping[Do, str] = {
    Do.OPEN_CASE: "Open a case",
    Do.RECORD_NOTIFICATION: "Record the notification",
    Do.CONVENE_PANEL: "Convene the panel",
    Do.RECORD_RECOMMENDATION: "Record the recommendation",
    Do.SEND_TO_NATIONAL_PANEL: "Send the rapid review to the national Panel",
    Do.RECORD_PANEL_RESPONSE: "Record the national Panel's response",
    Do.RECORD_DECISION: "Record the decision",
    Do.RECORD_RATIFICATION: "Record a partner's ratification",
    Do.RECORD_RESOLUTION: "Record the resolution",
    Do.APPOINT_LEAD: "Appoint a lead",
    Do.WITHDRAW_DECLARATION: "Withdraw a declaration of independence",
    Do.RECORD_METHOD_DONE: "Record that a method is done",
    Do.HOLD_CASE: "Put the case on hold",
    Do.AGREE_REPORT: "Agree the report",
    Do.RECORD_EVALUATION: "Record the evaluation",
    Do.PLAN_PUBLICATION: "Plan the publication",
    Do.RECORD_SENT_BEFORE_PUBLICATION: "Record the sending before publication",
    Do.PUBLISH: "Publish the report",
    Do.RECORD_LEARNING_SESSION: "Record the learning session",
    Do.RECORD_REFLECTION: "Record the reflection",
    Do.START_CONTRIBUTION: "Contribute to another area's review",
    Do.CLOSE_CASE: "Close the case",
}
