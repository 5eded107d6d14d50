"""Publishing a report: the day planned, the copy that goes ahead of it, and the publication."""

from datetime import datetime

from sqlmodel import select

from tracker.cases.clocks import reckon_from_the_day_itself, stop_clocks
from tracker.cases.days import not_before
from tracker.cases.models import CaseName
from tracker.cases.queries import folded
from tracker.cases.standing import Standing
from tracker.cases.steps import ask, move_on, take_step
from tracker.clock import london_day
from tracker.errors import Refused
from tracker.facts import Facts, Title, Words
from tracker.people.doer import Doer
from tracker.reviews.learning_review import say_beside
from tracker.rows import write
from workflows.dates import PartialDate, uk_date
from workflows.vocabulary import Do, Event


class PlanPublication(Facts):
    """The day on which the report is to be published."""

    on: PartialDate


class RecordSentBeforePublication(Facts):
    """The day on which the full report went to the national Panel and the Secretary of State."""

    on: PartialDate


class Publish(Facts):
    """When the report was published, and under which name the public knows it.

    `override_reason`: why it was published although the copy had not gone ahead in time (K10).
    """

    on: PartialDate
    public_label: Title | None = None
    override_reason: Words | None = None


def plan_publication(standing: Standing, facts: PlanPublication, *, now: datetime, by: Doer) -> None:
    """Plan the day of the publication, from which the copy's clock counts back; the newest plan counts."""
    role = ask(standing, Do.PLAN_PUBLICATION, by)
    late = not_before(standing, facts.on, "the planned publication", Event.REPORT_AGREED, Event.DECISION)
    take_step(
        standing,
        Do.PLAN_PUBLICATION,
        role=role,
        by=by,
        now=now,
        on=facts.on,
        event=Event.PUBLICATION_PLANNED,
        also=late,
        what=f"Publication planned for {uk_date(facts.on)}",
    )
    move_on(standing, by=by, now=now, turned_by=Event.PUBLICATION_PLANNED)


def record_sent_before_publication(
    standing: Standing, facts: RecordSentBeforePublication, *, now: datetime, by: Doer
) -> None:
    """Record that the full report went to the national Panel and the Secretary of State ahead of its publication."""
    role = ask(standing, Do.RECORD_SENT_BEFORE_PUBLICATION, by)
    late = not_before(standing, facts.on, "the sending", Event.REPORT_AGREED, Event.DECISION)
    sent = standing.day_of(Event.SENT_BEFORE_PUBLICATION)
    if sent is not None:
        raise Refused(
            f"The full report was sent on {uk_date(sent)}. correct-event mends a wrong day.", code="already_done"
        )
    take_step(
        standing,
        Do.RECORD_SENT_BEFORE_PUBLICATION,
        role=role,
        by=by,
        now=now,
        on=facts.on,
        event=Event.SENT_BEFORE_PUBLICATION,
        also=late,
        what=f"Full report sent on {uk_date(facts.on)}",
    )
    move_on(standing, by=by, now=now, turned_by=Event.SENT_BEFORE_PUBLICATION)


def publish(standing: Standing, facts: Publish, *, now: datetime, by: Doer) -> None:
    """Publish the report; the clocks that follow a publication begin, and the public name finds the case."""
    role = ask(standing, Do.PUBLISH, by)
    late = not_before(
        standing, facts.on, "the publication", Event.SENT_BEFORE_PUBLICATION, Event.REPORT_AGREED, Event.DECISION
    )
    standing.propose(published_on=facts.on, override_reason=facts.override_reason)
    take_step(
        standing,
        Do.PUBLISH,
        role=role,
        by=by,
        now=now,
        on=facts.on,
        event=Event.PUBLICATION,
        also=late,
        what=f"Published on {uk_date(facts.on)}",
        more={"public_label": facts.public_label, "override_reason": facts.override_reason},
    )
    if facts.override_reason:
        say_beside(standing, Event.PUBLICATION, facts.override_reason)
    if facts.public_label:
        _call_it(standing, facts.public_label)
    move_on(standing, by=by, now=now, turned_by=Event.PUBLICATION)
    reckon_from_the_day_itself(standing, Event.PUBLICATION_PLANNED, facts.on, now=now, by=by)
    if facts.override_reason:
        # What did not go ahead of the publication will never go ahead of it: its clock ends with the reason.
        why = f"published without waiting: {facts.override_reason}"
        stop_clocks(standing, why, london_day(now), codes=("send_before_publication",))


def _call_it(standing: Standing, label: str) -> None:
    """Let the case be found under the name that the public knows."""
    standing.case.public_label = label
    name = folded(label)
    question = select(CaseName).where(CaseName.case_id == standing.case.id, CaseName.folded == name)
    if standing.session.exec(question).first() is None:
        write(standing.session, CaseName(case_id=standing.case.id, folded=name))
