"""The steps that wait for the coordinator without a date of their own: a panel to convene, a case to close."""

from collections.abc import Iterator, Sequence

from sqlmodel import Session

from tracker.cases.models import Case
from tracker.groups.definitions_kept import lifecycle_kept
from tracker.showing.job import Job
from tracker.standing import WholeStanding
from tracker.standings import know_the_course
from workflows.definition import Step
from workflows.vocabulary import Do


def of_steps(session: Session, standings: Sequence[WholeStanding]) -> Iterator[Job]:
    """Give them for open cases in a fixed number of questions: those that nothing blocks, of no case on hold."""
    waiting = [(one, step) for one in standings if (step := waiting_step(session, one.case)) is not None]
    know_the_course(session, [one for one, step in waiting if any(not need.of_facts for need in step.needs)])
    for standing, step in waiting:
        if standing.hold is None and not standing.lifecycle.unmet(standing, step, of_facts=False):
            yield _job(standing.case, step)


def waiting_step(session: Session, case: Case) -> Step | None:
    """Give the step for which a case waits: the panel's, or the last one where no other leads on."""
    steps = [step for step in lifecycle_kept(session, case.definition_id).steps_from(case.status) if step.to]
    convening = next((step for step in steps if step.do is Do.CONVENE_PANEL), None)
    if convening is not None:
        return convening
    # An incident may be closed as well as notified: that is a choice, and nothing to be reminded of.
    return next((step for step in steps if {one.do for one in steps} == {Do.CLOSE_CASE}), None)


def _job(case: Case, step: Step) -> Job:
    if step.do is Do.CONVENE_PANEL:
        words, code = f"Convene the panel for {case.pseudonym}.", "convene"
    else:
        words, code = f"Close the case {case.pseudonym}: nothing is left to do.", "close"
    return Job(words, step.do.deed if step.do else "show", code, case.partnership_id, case.reference)
