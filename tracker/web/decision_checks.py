"""Looks a draft of a decision through with what the deeds themselves ask, before anybody records it."""

from pydantic import ValidationError

from tracker.cases.days import not_far_ahead
from tracker.cases.decision import RecordDecision, what_is_missing
from tracker.cases.drafts import Drafted
from tracker.errors import NotFound, Refused
from tracker.reviews.declarations import on_record
from tracker.reviews.independence import against_the_rule
from tracker.web.decision_fields import OUTCOMES, LeadBlock, decision_fields, dissent_fields, lead_facts, put_together
from tracker.web.deed_forms import fitting_facts, note_blockers, note_refusal
from tracker.web.fields import Field
from tracker.web.forms import Form
from tracker.web.placing import in_page_words
from tracker.web.step_forms.form import At
from tracker.web.step_forms.review import INVOLVEMENT
from tracker.web.step_pages import said
from workflows.vocabulary import Do

WORK_EMAIL = "Enter a work email address, like name@agency.example"
UNKNOWN = "Nobody with this address is known here. Check it, or leave it out: then they lead by name alone"
ASK_WHERE = "Enter the work email address at which we can ask them"
INDEPENDENT = "Say whether they are independent of the case"
_ELSE = ": appoint somebody else."


def check_decision(at: At, form: Form, fields: list[Field], drafted: Drafted) -> None:
    """Note on the form everything that stands in the way of a decision as it is drafted."""
    asked = [field for field in fields if field.name not in ("methods", "agreed_by")]
    beside = {field.name: field for field in fields if field.name in ("methods", "agreed_by")}
    facts = fitting_facts("record_decision", form, asked, also=put_together(at, drafted), places=beside)
    if facts is None:
        return
    try:
        checked = RecordDecision.model_validate(facts)
        not_far_ahead(checked.on, at.now, "The decision")
        # First of all what is proposed: the step is asked about it.
        missing = what_is_missing(at.standing, checked)
        step = at.standing.lifecycle.step_from(at.standing.state, Do.RECORD_DECISION, checked.outcome)
        unmet = [] if step is None else at.standing.lifecycle.unmet(at.standing, step)
        note_blockers(form, [*unmet, *missing], fields)
    except Refused as refused:
        note_refusal(form, refused, fields)
    except (NotFound, ValidationError) as wrong:
        form.says("form", in_page_words(str(wrong)))


def check_lead(at: At, form: Form, block: LeadBlock) -> None:
    """Note beside the questions about one lead what speaks against her; nobody named is no fault."""
    facts = lead_facts(block, form)
    if not facts:
        return
    name, email = block.fields["name"], block.fields["email"]
    involvement = block.fields["involvement"]
    if "person" not in facts:
        form.says(name.name, "Enter the name")
    if "@" not in facts.get("person", "@"):
        if form.text(email.name):
            form.says(email.name, WORK_EMAIL)
        elif facts.get("involvement") == "not_known":
            form.says(email.name, ASK_WHERE)
    if "involvement" not in facts:
        form.says(involvement.name, INDEPENDENT)
    places = {**block.fields, "person": email if form.text(email.name) else name}
    if not form.errors.keys() & set(block.names):
        fitting_facts("appoint_lead", form, [], also=facts, places=places)
    if not form.errors.keys() & set(block.names):
        _check_independence(at, form, block, facts)


def _check_independence(at: At, form: Form, block: LeadBlock, facts: dict[str, str]) -> None:
    try:
        person = on_record(at.standing, facts["person"])
    except NotFound:
        form.says(block.fields["email"].name, UNKNOWN)
        return
    except Refused as refused:
        form.says(block.fields["name"].name, str(refused))
        return
    against = against_the_rule(
        at.standing,
        person,
        person.name if person else facts["person"],
        level=facts.get("level"),
        involvement=facts["involvement"],
        declaration=facts.get("declaration"),
        today=at.today,
    )
    for blocker in against:
        sentence = blocker.sentence.partition(" The rule:")[0]
        if sentence.endswith(_ELSE):
            sentence = f"Choose someone else. {sentence.removesuffix(_ELSE)}".replace("in the case", "in this case")
        form.says(block.fields[_question(blocker.code, sentence)].name, sentence)


def _question(code: str, sentence: str) -> str:
    """Name the question that a sentence answers."""
    if code != "independence":
        return "name"
    if "level" in sentence:
        return "level"
    return "involvement" if "directly involved" in sentence else "declaration"


def decision_rows(at: At, form: Form, drafted: Drafted) -> list[tuple[str, str, str]]:
    """Give what was decided as rows: what it is called, what it says, and where it is changed."""
    fields = {field.name: field for field in decision_fields(at)}
    rows = [("Decided on", said(fields["on"], form), "decision")]
    if "agreed_by" in fields:
        rows.append(("Agreed by", said(fields["agreed_by"], form), "decision"))
    for field in dissent_fields(at):
        if form.text(field.name):
            rows.append((f"{field.label} does not agree", form.text(field.name), "decision/disagreement"))
    rows.append(("Decision", OUTCOMES.get(form.text("outcome"), ""), "decision"))
    rows.append(("Reasons", form.text("reason"), "decision"))
    rows.append(("The Independent Scrutineer said", form.text("scrutineer_said"), "decision"))
    return rows


def lead_words(at: At, facts: dict[str, str]) -> str:
    """Say who leads a method, and whether they are independent."""
    if not facts:
        return "Nobody named yet"
    words = {choice.value: choice.words for choice in INVOLVEMENT}
    who = ", ".join(part for part in (_name_of_lead(at, facts), facts.get("agency")) if part)
    answer = words.get(facts.get("involvement", ""), "not said")
    return f"{who}. Independent: {answer.partition(':')[0].lower()}"


def _name_of_lead(at: At, facts: dict[str, str]) -> str:
    """Give the name under which a lead is appointed: hers on record, where she has one."""
    named = facts.get("person", "")
    try:
        person = on_record(at.standing, named) if named else None
    except (NotFound, Refused):
        person = None
    return person.name if person else named
