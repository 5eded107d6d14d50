"""What is asked about a decision: the decision itself, who did not agree, who leads each method; and it as facts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tracker.cases.clocks import length_now
from tracker.cases.drafts import Drafted
from tracker.cases.holds import REVIEW_CLOCK
from tracker.people.roles import Role
from tracker.web.fields import NO_NAMES, Choice, Field, Kind
from tracker.web.forms import Form
from tracker.web.step_forms.form import At
from tracker.web.step_forms.questions import WHOLE, line, one_of, select, words
from tracker.web.step_forms.review import INVOLVEMENT, LEVELS
from workflows.arrangement import ClockRule
from workflows.dates import PartialDate
from workflows.deadlines import deadline
from workflows.vocabulary import Do, Event, Method, Outcome
from workflows.working_days import OutsideTheCalendar

LONGEST_REASON = 1500
LONGEST_SCRUTINY = 800
INDEPENDENT = Choice("Independent, commissioned", "Independent, commissioned")
OUTCOMES: Mapping[str, str] = {
    Outcome.REVIEW: "Hold a local child safeguarding practice review",
    Outcome.NO_REVIEW: "No further review: what has been found is acted on",
    Outcome.SEND_BACK: "Ask the panel for more first: the case goes back to it",
}


@dataclass(frozen=True, slots=True)
class LeadBlock:
    """The questions about who leads one method."""

    method: Method
    fields: Mapping[str, Field]

    @property
    def names(self) -> list[str]:
        """Give the names of its fields."""
        return [field.name for field in self.fields.values()]


def asks_partners(at: At) -> bool:
    """Say whether partners have a voice: where one person decides, nobody else agrees."""
    definition = at.standing.definition
    return bool(at.partners) and definition.body_named(definition.decided_by).role != Role.COMMISSIONER


def leads_follow(at: At) -> bool:
    """Say whether the body that decides may appoint the leads at once; not where partners have to answer first."""
    definition = at.standing.definition
    appoints = any(step.do is Do.APPOINT_LEAD and definition.decided_by in step.by for step in definition.steps)
    return appoints and not definition.ratified_by_partners


def decision_fields(at: At) -> list[Field]:
    """Give the questions of the first step."""
    body = at.standing.definition.body_named(at.standing.definition.decided_by).name
    partners = [Choice(name, name) for name in at.partners]
    agreed = Field(
        "agreed_by",
        Kind.SOME_OF,
        "Who agreed it?",
        hint=f"All {len(partners)} safeguarding partners must agree." if len(partners) > 1 else "",
        choices=partners,
    )
    least = at.standing.definition.methods_at_least
    hint = f"Choose {least} or more, so that the review does not rest on one view. " if least > 1 else ""
    return [
        Field("on", Kind.DATE, f"When did the {body} decide?", hint=WHOLE, missing="Enter the date of the decision"),
        *([agreed] if asks_partners(at) else []),
        one_of("outcome", f"What did the {body} decide?", _outcomes(at), missing="Choose what was decided"),
        Field(
            "methods",
            Kind.SOME_OF,
            "Which methods will the review use?",
            hint=f"{hint}Only for a review.",
            choices=[Choice(method.value, method.label) for method in Method],
        ),
        Field(
            "reason",
            Kind.WORDS,
            "What are the reasons?",
            hint=f"Link them to the themes. {NO_NAMES}",
            most=LONGEST_REASON,
            rows=7,
        ),
        Field(
            "scrutineer_said",
            Kind.WORDS,
            "What did the Independent Scrutineer say? (optional)",
            hint=NO_NAMES,
            most=LONGEST_SCRUTINY,
            rows=3,
        ),
    ]


def _outcomes(at: At) -> list[Choice]:
    """Give the outcomes that the process has; with a review, how long it may take."""
    codes = [step["outcome"] for step in at.steps("record-decision") if step["outcome"]] or list(OUTCOMES)
    rule = _clock(at)
    within = f"The report is to be published within {length_now(at.standing, rule, at.now)}." if rule else ""
    return [Choice(code, OUTCOMES[code], within if code == Outcome.REVIEW else "") for code in codes]


def _clock(at: At) -> ClockRule | None:
    rules = (rule for rule in at.standing.definition.clocks if rule.start is Event.DECISION)
    return next((rule for rule in rules if rule.code == REVIEW_CLOCK), None)


def dissent_fields(at: At) -> list[Field]:
    """Ask for each partner why it does not agree."""
    hint = "Leave it empty if it agrees."
    return [words(f"dissent-{place}", name, hint=hint, rows=3) for place, name in enumerate(at.partners, 1)]


def lead_blocks(at: At, drafted: Drafted) -> list[LeadBlock]:
    """Ask for each method that was ticked who leads it."""
    asked = (
        line("name", "Name"),
        line("email", "Work email address", hint="Leave it empty for somebody who has none here."),
        select("agency", "Agency (optional)", [*at.agencies, INDEPENDENT]),
        one_of("level", "At which level do they work?", LEVELS),
        one_of("involvement", "Are they independent of the case?", INVOLVEMENT),
        words(
            "declaration", "Interest to declare (optional)", hint="Only for whoever took part in the decision.", rows=2
        ),
    )
    return [
        LeadBlock(Method(code), {field.name: replace(field, name=f"lead-{code}-{field.name}") for field in asked})
        for code in methods_of(drafted)
    ]


def methods_of(drafted: Drafted) -> list[str]:
    """Give the methods that were ticked, where a review is decided."""
    if drafted.typed.get("outcome") != Outcome.REVIEW:
        return []
    return [method.value for method in Method if method.value in drafted.chosen.get("methods", [])]


def put_together(at: At, drafted: Drafted) -> dict[str, Any]:
    """Give the facts of the decision that no single field holds; whoever is neither ticked nor dissents said nothing.

    Where one person decides, the partners are only heard when one of them dissents.
    """
    dissent = [
        {"partner": name, "reason": said}
        for place, name in enumerate(at.partners, 1)
        if (said := drafted.typed.get(f"dissent-{place}", "").strip())
    ]
    found: dict[str, Any] = {"methods": methods_of(drafted), "dissent": dissent}
    if asks_partners(at):
        found["agreed_by"] = drafted.chosen.get("agreed_by", [])
    if drafted.typed.get("confirmed"):
        found["confirmed"] = [drafted.typed["confirmed"]]
    return found


def lead_facts(block: LeadBlock, form: Form) -> dict[str, str]:
    """Give what was filled in about a lead as the facts of the appointment; nothing where nobody was named."""
    said = {local: form.text(field.name) for local, field in block.fields.items()}
    if not any(said.values()):
        return {}
    person = said.pop("email") or said["name"]
    del said["name"]
    facts = {"method": block.method.value, "person": person, **said}
    return {name: value for name, value in facts.items() if value}


def publish_by(at: At, drafted: Drafted) -> tuple[PartialDate, str] | None:
    """Give the day by which the review is to be published, with the length of its clock, reckoned as the clock is."""
    on = Form(drafted.typed).date("on")
    rule = _clock(at)
    if rule is None or drafted.typed.get("outcome") != Outcome.REVIEW:
        return None
    length = length_now(at.standing, rule, at.now)
    try:
        return deadline(PartialDate.parse(on), length, rule.direction, at.standing.calendar), str(length)
    except (ValueError, OutsideTheCalendar):
        return None
