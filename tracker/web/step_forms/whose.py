"""Whose a step is: asked before somebody types for nothing, with the questions that the deed itself asks."""

from tracker.cases.steps import ask, belongs
from tracker.errors import NotAllowed
from tracker.people.permissions import ROLES_FOR, refusal
from tracker.web.step_forms.form import At
from workflows.vocabulary import Do

_A_LEAD_MAY = ("record_method_done", "withdraw_declaration", "declare_independence")
_RETURNS = ("ask_return", "record_return")


def must_be_hers(at: At, deed: str) -> None:
    """Raise `NotAllowed` where the deed would; the deed asks again."""
    if deed in _A_LEAD_MAY and at.reader.id in {lead.person_id for lead in at.standing.leads}:
        return
    if deed == "record_return" and at.reader.led_agencies:
        return
    if deed == "release_case":
        ask(at.standing, Do.HOLD_CASE, at.reader, words="release the case")
    elif deed in set(Do):
        _must_be_hers_as_a_step(at, Do(deed))
    elif not _may_beside_the_process(at, deed):
        raise NotAllowed(refusal(at.reader, deed))


def _must_be_hers_as_a_step(at: At, do: Do) -> None:
    """Ask for each outcome that the step may have: whoever may take one of them is shown the form."""
    steps = at.standing.lifecycle.steps_from(at.standing.state)
    refused: NotAllowed | None = None
    for branch in [step.branch for step in steps if step.do is do] or [""]:
        try:
            ask(at.standing, do, at.reader, branch)
        except NotAllowed as no:
            refused = no
        else:
            return
    raise refused or NotAllowed(refusal(at.reader, do.value))


def _may_beside_the_process(at: At, deed: str) -> bool:
    if not ROLES_FOR[deed] & at.reader.roles_in(at.standing.case.partnership_id):
        return False
    if deed == "declare_independence":
        return at.coordinates
    return deed not in _RETURNS or at.coordinates or belongs(at.standing, at.reader, _first(at))


def _first(at: At) -> str:
    return at.standing.definition.recommended_by
