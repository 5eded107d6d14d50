"""The steps that wait for the coordinator without a date of their own: a panel to convene, a case to close."""

from collections.abc import Iterator, Sequence

from sqlmodel import Session

from tracker.cases.models import Case
from tracker.groups.definitions_kept import lifecycle_kept
from tracker.showing.job import Job
from tracker.standings import know_the_course, standings_of
from workflows.definition import Step
from workflows.vocabulary import Do


def of_steps(session: Session, cases: Sequence[Case]) -> Iterator[Job]:
    """Give them for open cases in a fixed number of questions: those that nothing blocks, of no case on hold."""
    waiting = {case.id: step for case in cases if (step := _waiting_step(session, case)) is not None}
    standings = standings_of(session, [case for case in cases if case.id in waiting])
    know_the_course(session, standings)
    for standing in standings:
        step, case = waiting[standing.case.id], standing.case
        if standing.hold is None and not standing.lifecycle.unmet(standing, step, of_facts=False):
            yield _job(case, step)


def _waiting_step(session: Session, case: Case) -> Step | None:
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
