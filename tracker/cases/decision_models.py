"""Tables of deciding about a case: what is recommended, what is decided and by whom, and what the partners answer."""

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from tracker.database import PartialDateText, one_of
from tracker.rows import Record
from workflows.dates import PartialDate
from workflows.vocabulary import Method, PanelResponse


class PanelRecommendation(Record, table=True):
    """What the body that looked first recommends; a case that was sent back has two."""

    __tablename__ = "panel_recommendation"
    __table_args__ = (one_of("outcome", ("review", "no_review")),)

    id: int = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_record.id", index=True)
    on: PartialDate | None = Field(default=None, sa_type=PartialDateText)
    outcome: str = Field(max_length=20)
    reason: str | None = None
    immediate_learning: str | None = None


class NationalPanelResponse(Record, table=True):
    """What the national Panel answered; its advice does not bind."""

    __tablename__ = "national_panel_response"
    __table_args__ = (one_of("kind", [kind.value for kind in PanelResponse]),)

    id: int = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_record.id", index=True)
    on: PartialDate | None = Field(default=None, sa_type=PartialDateText)
    kind: str = Field(max_length=20)
    text: str | None = None


class Decision(Record, table=True):
    """What the deciding body decided; a case that went back has two."""

    __table_args__ = (one_of("outcome", ("review", "no_review", "send_back")),)

    id: int = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_record.id", index=True)
    on: PartialDate | None = Field(default=None, sa_type=PartialDateText)
    outcome: str = Field(max_length=20)
    reason: str | None = None
    scrutineer_said: str | None = None
    body: str = Field(max_length=200)
    against_recommendation: bool = False
    against_panel_advice: bool = False
    recorded_by_id: int | None = Field(default=None, foreign_key="person.id")


class MethodWork(Record, table=True):
    """One method that a decision chose, as a work item; who leads it is a row of its own."""

    __tablename__ = "method_work"
    __table_args__ = (one_of("code", [method.value for method in Method]),)

    id: int = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_record.id", index=True)
    decision_id: int | None = Field(default=None, foreign_key="decision.id", index=True)
    code: str = Field(max_length=60)
    done_on: PartialDate | None = Field(default=None, sa_type=PartialDateText)
    note: str | None = None


class DecisionVoice(Record, table=True):
    """A partner that agreed with a decision, or dissented and why."""

    __tablename__ = "decision_voice"
    __table_args__ = (UniqueConstraint("decision_id", "partner"),)

    id: int = Field(default=None, primary_key=True)
    decision_id: int = Field(foreign_key="decision.id")
    partner: str = Field(max_length=200)
    agreed: bool
    reason: str | None = None


class Ratification(Record, table=True):
    """A safeguarding partner's answer to a decision; the newest of a partner counts; loaded history may have no day."""

    __table_args__ = (one_of("answer", ("yes", "no")),)

    id: int = Field(default=None, primary_key=True)
    decision_id: int = Field(foreign_key="decision.id", index=True)
    partner: str = Field(max_length=200)
    on: PartialDate | None = Field(default=None, sa_type=PartialDateText)
    answer: str = Field(max_length=3)
    reason: str | None = None
    resolved: bool = False


class Resolution(Record, table=True):
    """How a difference about a decision was settled, and by whom."""

    id: int = Field(default=None, primary_key=True)
    decision_id: int = Field(foreign_key="decision.id", index=True)
    on: PartialDate = Field(sa_type=PartialDateText)
    outcome: str
    participants: str = Field(default="[]")
    reason: str | None = None
