"""The forms about who may open a case: named on it, named no more, kept from it by a conflict of interest."""

from typing import Any

from sqlmodel import col, select

from tracker.cases.models import CaseAccess, Conflict
from tracker.people.models import Person
from tracker.web.fields import Choice, Field
from tracker.web.forms import Form
from tracker.web.step_forms import questions
from tracker.web.step_forms.form import At, StepForm
from tracker.web.step_forms.questions import line, words
from tracker.web.step_forms.review import A_PERSON


def _of(at: At, rows: type[CaseAccess] | type[Conflict]) -> list[Choice]:
    question = (
        select(Person)
        .join(rows, col(rows.person_id) == Person.id)
        .where(rows.case_id == at.standing.case.id, col(rows.until).is_(None))
        .order_by(col(Person.name))
    )
    people = {person.id: person for person in at.session.exec(question)}
    return [Choice(person.email or person.name, _called(person)) for person in people.values()]


def _called(person: Person) -> str:
    return f"{person.name}, {person.email}" if person.email else person.name


def _conflict(at: At) -> list[Field]:
    why = words("reason", "What is the conflict of interest?", missing="Say what the conflict of interest is")
    if not at.coordinates:
        return [why]
    return [line("person", "Whose conflict is it?", hint=A_PERSON, missing="Say whose conflict it is"), why]


def _herself(_form: Form, at: At) -> dict[str, Any]:
    return {} if at.coordinates else {"person": at.reader.email}


def _withdrawal(at: At) -> list[Field]:
    return [
        questions.select("person", "Whose conflict is it?", _of(at, Conflict), missing="Choose whose conflict it is"),
        words("reason", "Why is it withdrawn?", missing="Say why the conflict is withdrawn"),
    ]


def _given(_at: At) -> list[Field]:
    return [
        line("person", "Who may open the case?", hint=A_PERSON, missing="Say who may open the case"),
        words("reason", "Why?", missing="Say why they may open the case"),
    ]


def _ended(at: At) -> list[Field]:
    return [
        questions.select("person", "Whose access ends?", _of(at, CaseAccess), missing="Choose whose access ends"),
        words("reason", "Why?", missing="Say why their access ends"),
    ]


def _no_conflict(at: At) -> str | None:
    return None if _of(at, Conflict) else "No conflict of interest is recorded for this case."


def _nobody_named(at: At) -> str | None:
    return None if _of(at, CaseAccess) else "Nobody is named on this case."


FORMS = (
    StepForm(
        "declare_conflict",
        "Declare a conflict of interest",
        "Declare the conflict",
        "declared a conflict of interest",
        _conflict,
        more=_herself,
        intro="The case leaves that person’s pages, lists and emails at once, whatever their role.",
    ),
    StepForm(
        "withdraw_conflict",
        "Withdraw a conflict of interest",
        "Withdraw the conflict",
        "withdrew a conflict of interest",
        _withdrawal,
        why_not=_no_conflict,
        intro="The person sees of the case what they saw before.",
    ),
    StepForm(
        "give_access",
        "Give access to the case",
        "Give access",
        "gave access to the case",
        _given,
        intro="They may open everything that is recorded about this case.",
    ),
    StepForm(
        "end_access",
        "End access to the case",
        "End their access",
        "ended somebody’s access to the case",
        _ended,
        why_not=_nobody_named,
        intro="This ends access that was given by name. Whoever sees every case by their role still sees this one.",
        warning="They can no longer open this case from the moment you end their access.",
    ),
)
