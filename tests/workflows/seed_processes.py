"""What the five published systems say about their process, copied by hand: from, to, whose step, what it needs, basis.

A step without a deed of its own is here as well. Holding a case is no move: it is a row beside the case.
"""

THSCP_2020_21 = [
    ("new", "notified", ["coordinator"], ["notification_date"], "inferred"),
    ("notified", "rapid_review", ["coordinator"], [], "inferred"),
    ("rapid_review", "recommended", ["rrp"], ["immediate_learning"], "seed"),
    ("recommended", "review_in_progress", ["exec"], ["methods"], "seed"),
    ("recommended", "no_review", ["exec"], ["reason"], "inferred"),
    ("recommended", "rapid_review", ["exec"], ["reason"], "inferred"),
    ("review_in_progress", "report_agreed", ["exec"], ["leads_named", "leads_independent"], "inferred"),
    ("report_agreed", "published", ["exec"], ["sent_before_publication"], "seed"),
    ("published", "reflected", ["coordinator"], ["each_answered"], "seed"),
    ("reflected", "closed", ["exec"], ["reason", "actions_ended"], "inferred"),
    ("no_review", "closed", ["exec"], ["reason", "actions_ended"], "inferred"),
]

THSCP_2022_23 = [
    ("new", "notified", ["coordinator"], ["notification_date"], "inferred"),
    ("notified", "rapid_review", ["coordinator"], [], "inferred"),
    ("rapid_review", "recommended", ["rrp"], ["immediate_learning"], "seed"),
    ("recommended", "review_in_progress", ["exec"], ["methods"], "carried_over"),
    ("recommended", "no_review", ["exec"], ["reason"], "inferred"),
    ("recommended", "rapid_review", ["exec"], ["reason"], "inferred"),
    ("review_in_progress", "report_agreed", ["exec"], ["leads_named", "leads_independent"], "seed"),
    ("report_agreed", "published", ["exec"], ["sent_before_publication"], "inferred"),
    ("published", "reflected", ["coordinator"], ["each_answered"], "seed"),
    ("reflected", "closed", ["exec"], ["reason", "actions_ended"], "inferred"),
    ("no_review", "closed", ["exec"], ["reason", "actions_ended"], "inferred"),
]

CHSCP_2021_22 = [
    ("new", "notified", ["la"], ["notification_date"], "seed"),
    ("new", "considered", ["crsg"], ["reason"], "seed"),
    ("considered", "closed", ["crsg"], ["reason"], "seed"),
    ("notified", "rapid_review", ["coordinator"], [], "seed"),
    ("rapid_review", "sent_to_panel", ["coordinator"], ["intended_actions"], "seed"),
    ("sent_to_panel", "decision_made", ["iscc"], ["reason"], "seed"),
    ("decision_made", "ratified", ["partner"], ["all_ratified"], "seed"),
    ("decision_made", "in_resolution", ["partner"], ["objection"], "seed"),
    ("in_resolution", "ratified", ["partner", "iscc"], ["objections_settled", "all_ratified"], "inferred"),
    ("ratified", "review_in_progress", ["crsg"], ["outcome_review"], "seed"),
    ("ratified", "learning_actions", ["coordinator"], ["outcome_no_review"], "seed"),
    (
        "review_in_progress",
        "published",
        ["partner"],
        ["findings", "recommendations", "sent_before_publication"],
        "seed",
    ),
    ("published", "updated", ["iscc"], ["each_answered"], "seed"),
    ("learning_actions", "closed", ["crsg"], ["reason", "actions_ended"], "inferred"),
    ("updated", "closed", ["crsg"], ["reason", "actions_ended"], "inferred"),
]

BDSCP_2020_21 = [
    ("new", "rapid_review", ["pdl"], [], "inferred"),
    ("rapid_review", "decision_made", ["exec"], ["reason"], "inferred"),
    ("decision_made", "review_in_progress", ["pdl"], ["outcome_review", "more_than_audits"], "inferred"),
    ("decision_made", "assurance", ["exec"], ["outcome_review", "only_audits"], "seed"),
    ("review_in_progress", "published", ["exec"], ["sent_before_publication"], "inferred"),
    ("assurance", "improvement_programme", ["neh"], ["questions_asked", "returns_received"], "seed"),
    ("published", "closed", ["pdl"], ["reason", "actions_ended"], "inferred"),
    ("improvement_programme", "closed", ["exec"], ["reason"], "inferred"),
]

THLSCB_2008_09 = [
    ("new", "considered", ["crsg"], ["reason"], "seed"),
    ("considered", "closed", ["main"], ["reason"], "seed"),
    ("considered", "review_in_progress", ["main"], ["reason"], "seed"),
    ("considered", "contributing", ["crsg"], [], "seed"),
    (
        "review_in_progress",
        "completed",
        ["main"],
        ["returns_received", "leads_named", "leads_independent"],
        "inferred",
    ),
    ("completed", "evaluated", ["coordinator"], [], "seed"),
    ("completed", "monitored", ["crsg"], ["action_plan"], "seed"),
    ("evaluated", "monitored", ["crsg"], ["action_plan"], "seed"),
    ("monitored", "closed", ["crsg"], ["reason", "actions_ended"], "seed"),
]

MOVES = {
    "thscp/2020-21": THSCP_2020_21,
    "thscp/2022-23": THSCP_2022_23,
    "chscp/2021-22": CHSCP_2021_22,
    "bdscp/2020-21": BDSCP_2020_21,
    "thlscb/2008-09": THLSCB_2008_09,
}

# Moves that no report tells, which we add so that no case is without a way.
INCIDENT = {("new", "incident"), ("incident", "notified"), ("incident", "closed")}
ADDED = {
    "thscp/2020-21": INCIDENT,
    "thscp/2022-23": INCIDENT,
    "chscp/2021-22": INCIDENT
    | {("considered", "notified"), ("sent_to_panel", "rapid_review"), ("in_resolution", "decision_made")},
    "bdscp/2020-21": {("decision_made", "no_review"), ("no_review", "closed"), ("assurance", "closed")},
    "thlscb/2008-09": {("contributing", "closed")},
}

# code: kind, from, length, met by; the clocks of Working Together 2018 first.
WORKING_TOGETHER = {
    "notify_panel": ("statutory", "incident_known", "5 working days", "notification"),
    "rapid_review": ("guidance", "notification", "15 working days", "sent_to_panel"),
    "publish_review": ("statutory", "decision", "6 months", "publication"),
    "send_before_publication": ("statutory", "publication_planned", "7 working days", "sent_before_publication"),
    "keep_public": ("statutory", "publication", "1 year", None),
}
SIX_MONTHS = {"reflection_6m": ("local", "publication", "6 months", "reflection_6m")}
ONE_YEAR = {"reflection_12m": ("local", "publication", "1 year", "reflection_12m")}
TWO_WEEKS = {"learning_session": ("local", "report_agreed", "2 weeks", "learning_session")}

CLOCKS = {
    "thscp/2020-21": WORKING_TOGETHER
    | SIX_MONTHS
    | {"audit_follow_up": ("local", "audit_held", "6 months", "audit_follow_up")},
    "thscp/2022-23": WORKING_TOGETHER | TWO_WEEKS | ONE_YEAR,
    "chscp/2021-22": WORKING_TOGETHER | {"update_report": ("local", "publication", "12 months", "update_report")},
    "bdscp/2020-21": WORKING_TOGETHER,
    "thlscb/2008-09": {},
    "england/2026": WORKING_TOGETHER | TWO_WEEKS | SIX_MONTHS | ONE_YEAR,
}

YEARLY = {"yearly_report": ("last_yearly_report", "12 months")}
RHYTHMS = {
    "thscp/2020-21": YEARLY,
    "thscp/2022-23": {"working_group": ("previous_meeting", "6 weeks")} | YEARLY,
    "chscp/2021-22": {
        "tusk": ("previous_issue", "1 month"),
        "child_safeguarding_statement": ("signed", "24 months"),
        "leads_meeting": ("previous_meeting", "6 months"),
    }
    | YEARLY,
    "bdscp/2020-21": {
        "workplan": ("year_start", "0 days"),
        "progress": ("delivery_group_meeting", "0 days"),
        "cdop_report": ("previous_report", "3 months"),
    }
    | YEARLY,
    "thlscb/2008-09": {
        "main_board": ("previous_meeting", "2 months"),
        "exec_board": ("previous_meeting", "2 months"),
        "cdop": ("previous_meeting", "3 months"),
        "finance_exec": ("previous_report", "3 months"),
        "finance_main": ("previous_report", "6 months"),
        "contributions": ("year", "November"),
        "annual_report": ("year", "June"),
        "work_plans": ("year", "April"),
        "eia": ("year", "March"),
        "newsletter": ("previous_issue", "6 months"),
        "inspection_recommendations": ("recommendation", "6 months"),
    },
    "england/2026": {"yearly_report": ("year_end", "6 months")},
}
