"""The methods that a decision chose, as work: which ones they are, and that one is done."""

from datetime import datetime

from tracker.cases.days import not_before
from tracker.cases.decision_models import MethodWork
from tracker.cases.standing import Standing
from tracker.cases.steps import ask, move_on, take_step
from tracker.errors import Refused
from tracker.facts import Facts, Words
from tracker.people.doer import Doer
from tracker.reviews.queries import leads_of_method
from tracker.rows import change
from workflows.dates import PartialDate, uk_date
from workflows.requirements import Unmet
from workflows.vocabulary import Do, Event, Method
from workflows.wording import listed


class RecordMethodDone(Facts):
    """Which method is done, when, and what there is to say about it."""

    method: Method
    on: PartialDate
    note: Words | None = None


def record_method_done(standing: Standing, facts: RecordMethodDone, *, now: datetime, by: Doer) -> None:
    """Record that a method is done; its lead may, too. A multi-agency audit may begin the clock of its follow-up."""
    work = chosen_method(standing, facts.method)
    leads = leads_of_method(standing.session, work.id) if work else []
    is_lead = by.id in {lead.person_id for lead in leads}
    role = "lead" if is_lead else ask(standing, Do.RECORD_METHOD_DONE, by)
    late = not_before(standing, facts.on, "the completion", Event.DECISION)
    if work is not None and work.done_on is not None:
        raise Refused(f"{facts.method.label} was done on {uk_date(work.done_on)}.", code="already_done")
    event = _audit_held(standing, facts.method)
    take_step(
        standing,
        Do.RECORD_METHOD_DONE,
        role=role,
        by=by,
        now=now,
        on=facts.on,
        event=event,
        also=[*not_chosen(standing, facts.method), *late],
        what=f"{facts.method.label} done on {uk_date(facts.on)}",
        more={"method": facts.method.value, "note": facts.note},
    )
    assert work is not None, "a method that was not chosen is refused above"
    work.done_on = facts.on
    work.note = facts.note
    change(standing.session, work, "done_on", "note")
    move_on(standing, by=by, now=now, turned_by=event)


def chosen_method(standing: Standing, method: Method) -> MethodWork | None:
    """Give a method as a work item, if the decision chose it."""
    return next((work for work in standing.method_works if work.code == method), None)


def not_chosen(standing: Standing, method: Method) -> list[Unmet]:
    """Say that a method was not chosen, and which ones were."""
    if method in standing.methods:
        return []
    chosen = listed([Method(code).label for code in standing.methods])
    methods = f"The methods are {chosen}." if chosen else "No method is chosen yet."
    return [Unmet("method_not_chosen", f"{method.label} was not chosen for this case. {methods}", None)]


def _audit_held(standing: Standing, method: Method) -> Event | None:
    """Give the event of a multi-agency audit where a clock of the definition runs from it."""
    runs = any(rule.start is Event.AUDIT_HELD for rule in standing.definition.clocks)
    return Event.AUDIT_HELD if runs and method is Method.MULTI_AGENCY_AUDIT else None
