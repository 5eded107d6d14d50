"""What waits for a coordinator about escalations: those to look at again, and what the service proposes to escalate."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, select

from tracker.actions.wanting import Share
from tracker.cases.open_clocks import CaseClock
from tracker.clock import london_day
from tracker.escalations.ageing import Ages
from tracker.escalations.ending_groups import ended_with_something_open
from tracker.escalations.proposing import Proposal, missed_clocks, red_actions
from tracker.escalations.reviewing import to_look_at
from tracker.groups.models import Partnership
from tracker.people.doer import Doer
from tracker.people.roles import Role
from tracker.showing.job import Job
from workflows.deadlines import counted

PROPOSED, PASS_ON = "raise-escalation", "end-group"
# Of the proposals of a partnership so many are shown: what is escalated is chosen, not worked off.
MOST_PROPOSED = 5


def jobs_of_escalations(session: Session, share: Share, clocks: Sequence[CaseClock], now: datetime) -> Iterator[Job]:
    """Give them for partnerships; `share` and `clocks` say which actions and cases are looked at."""
    yield from _to_look_at(session, share.partnerships, share.reader, now)
    yield from _to_pass_on(session, share.partnerships, share.reader, now)
    for number in share.partnerships:
        proposed = red_actions(session, number, share, now, MOST_PROPOSED)
        here = [one for one in clocks if one.case.partnership_id == number]
        for one in (*missed_clocks(session, here)[:MOST_PROPOSED], *proposed):
            yield _proposed(one)


def coordinated(session: Session, where: Mapping[str, str], reader: Doer | None) -> list[int]:
    """Give the partnerships, of those asked for, that somebody coordinates; all of them to the operator."""
    found = session.exec(select(Partnership.id, Partnership.code).order_by(Partnership.code)).all()
    asked = where.get("partnership", "").lower()
    return [
        number
        for number, code in found
        if asked in ("", code) and (reader is None or reader.has(Role.COORDINATOR, number))
    ]


def _to_look_at(session: Session, partnerships: Sequence[int], reader: Doer | None, now: datetime) -> Iterator[Job]:
    today = london_day(now)
    found = to_look_at(session, partnerships, reader, today)
    ages = Ages(session, found, today)
    for one in found:
        waited = counted(ages.of(one, None)["age_days"], "days")
        if one.review_on is None:
            sentence = f"Name a day on which {one.reference} is looked at again: it has waited {waited}."
        else:
            sentence = f"Look again at {one.reference}, which has waited {waited}: its review date has come."
        code = "escalation_review"
        yield Job(sentence, "review-escalation", code, one.partnership_id, title=one.title, escalation=one.reference)


def _to_pass_on(session: Session, partnerships: Sequence[int], reader: Doer | None, now: datetime) -> Iterator[Job]:
    for group in ended_with_something_open(session, partnerships, london_day(now), reader):
        sentence = f"Say which group goes on with what {group.name} leaves: {group.left}."
        yield Job(sentence, PASS_ON, "group_ended", group.partnership_id, title=group.code)


def _proposed(one: Proposal) -> Job:
    if one.clock is None:
        sentence = f"Consider escalating {one.about}: it was red at the last two meetings."
        return Job(sentence, PROPOSED, one.rule, one.partnership_id, action=one.about, title=one.title)
    sentence = f"Consider escalating {one.title}: “{one.clock_name}” is missed."
    return Job(sentence, PROPOSED, one.rule, one.partnership_id, case=one.about, title=one.clock)
