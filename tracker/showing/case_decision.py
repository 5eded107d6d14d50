"""What a case document says about the decision: what was recommended, decided, answered and chosen."""

import json
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, select

from tracker.cases.decision_models import Decision, DecisionVoice, Ratification
from tracker.cases.recorded import newest_panel_response
from tracker.groups.queries import safeguarding_partners
from tracker.rows import RowsOf
from tracker.standing import WholeStanding
from workflows.dates import iso_text
from workflows.vocabulary import Method

Document = dict[str, Any]


def recommendation_document(standing: WholeStanding) -> Document | None:
    """Give the newest recommendation of the body that looked first."""
    given = standing.recommendation
    if given is None:
        return None
    return {
        "on": iso_text(given.on),
        "outcome": given.outcome,
        "reason": given.reason,
        "immediate_learning": given.immediate_learning,
    }


def panel_response_document(standing: WholeStanding) -> Document | None:
    """Give the newest response of the national Panel."""
    given = newest_panel_response(standing.session, standing.case.id)
    return None if given is None else {"on": iso_text(given.on), "kind": given.kind, "text": given.text}


def decision_document(standing: WholeStanding) -> Document | None:
    """Give the newest decision with those who agreed and dissented, and the earlier ones."""
    decision = standing.decision
    if decision is None:
        return None
    voices = _VOICES.all(standing.session, decision=decision.id)
    return {
        "on": iso_text(decision.on),
        "outcome": decision.outcome,
        "reason": decision.reason,
        "scrutineer_said": decision.scrutineer_said,
        "by": decision.body,
        "agreed_by": [voice.partner for voice in voices if voice.agreed],
        "dissent": [{"partner": voice.partner, "reason": voice.reason} for voice in voices if not voice.agreed],
        "against_recommendation": decision.against_recommendation,
        "against_panel_advice": decision.against_panel_advice,
        "methods": list(standing.methods),
        "earlier": _earlier_decisions(standing, decision),
    }


def _earlier_decisions(standing: WholeStanding, newest: Decision) -> list[Document]:
    rows = _EARLIER.all(standing.session, case=standing.case.id, newest=newest.id)
    return [
        {"on": iso_text(row.on), "outcome": row.outcome, "reason": row.reason, "scrutineer_said": row.scrutineer_said}
        for row in rows
    ]


_VOICES = RowsOf(
    DecisionVoice,
    select(DecisionVoice).where(DecisionVoice.decision_id == bindparam("decision")).order_by(col(DecisionVoice.id)),
)
_EARLIER = RowsOf(
    Decision,
    select(Decision)
    .where(Decision.case_id == bindparam("case"), Decision.id != bindparam("newest"))
    .order_by(col(Decision.id)),
)


def ratification_documents(standing: WholeStanding) -> list[Document]:
    """Give each partner's answer; where the definition asks for ratification, also the open ones."""
    if not standing.definition.ratified_by_partners or standing.decision is None:
        return []
    rows = []
    for partner in safeguarding_partners(standing.session, standing.case.partnership_id):
        given: Ratification | None = standing.answers.get(partner)
        rows.append(
            {
                "partner": partner,
                "answer": "open" if given is None else given.answer,
                "on": None if given is None else iso_text(given.on),
                "reason": None if given is None else given.reason,
                "resolved": given is not None and given.resolved,
            }
        )
    return rows


def resolution_document(standing: WholeStanding) -> Document | None:
    """Give how the newest difference about the decision was resolved."""
    given = standing.resolution
    if given is None:
        return None
    return {
        "on": iso_text(given.on),
        "outcome": given.outcome,
        "participants": json.loads(given.participants),
        "reason": given.reason,
    }


def method_documents(standing: WholeStanding) -> list[Document]:
    """Give the methods that were chosen, each with who leads it."""
    documents = []
    for work in standing.method_works:
        leads = [lead for lead in standing.leads if lead.method_id == work.id]
        shown = [
            {
                "name": lead.name,
                "agency": lead.agency,
                "level": lead.level,
                "involvement": lead.involvement,
                "declaration": lead.declaration,
                "appointed_on": iso_text(lead.appointed_on),
            }
            for lead in leads
        ]
        documents.append(
            {
                "code": work.code,
                "label": Method(work.code).label,
                "needs_named_lead": Method(work.code).needs_named_lead,
                "lead": shown[0] if shown else None,
                "leads": shown,
                "lead_missing": not shown,
                "done_on": iso_text(work.done_on),
                "note": work.note,
            }
        )
    return documents
