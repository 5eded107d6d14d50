"""What waits for somebody about actions: updates to check, dates to look at, owners to name or to reach."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from tracker.actions.listing import in_order, row_conditions
from tracker.actions.models import Action
from tracker.actions.reading import ActionRead, read_these
from tracker.actions.waiting import updates_to_check
from tracker.actions.wanting import Share, first_wanting, of_coordinator, wanting_ids
from tracker.clock import london_day
from tracker.groups.queries import working_days_of
from tracker.people.doer import Doer
from tracker.people.reach import agencies_reached
from tracker.reminders.of_actions import often_reminded, unanswered_reminders
from tracker.showing.action import action_jobs
from tracker.showing.case_lists import MINE
from tracker.showing.job import Job, dated
from workflows.dates import PartialDate, uk_date
from workflows.wording import listed

_FILTERS = ("partnership", "case", "theme")
_BY_ACTION: Mapping[str, str] = {
    "check_update": "Check the update to {}.",
    "look_again": "Look again at the hold of {}.",
    "review": "Look again at {}: its review date has come.",
    "ask_outside": "Record for {} when the body outside was asked.",
    "answered": "Act on the answer to {}: complete it, or end it.",
    "no_owner": "Name an owner for {}.",
    "review_date": "Name a review date for {}, which goes on without an end.",
}


def jobs_of_actions(session: Session, where: Mapping[str, str], reader: Doer | None, now: datetime) -> Iterator[Job]:
    """Give what waits for somebody about the actions that a reader sees."""
    conditions = row_conditions(session, {key: where[key] for key in _FILTERS if key in where}, reader)
    if where.get("coordinator") == MINE and reader is not None:
        conditions.append(of_coordinator(reader))
    ids = wanting_ids(session, london_day(now), often_reminded(session, now), conditions)
    yield from _jobs(session, in_order(read_these(session, ids, reader, now)), now)


def first_jobs_of_actions(session: Session, share: Share, now: datetime, most: int) -> Iterator[Job]:
    """Give the same about a coordinator's share, so many of each kind at `most`, and the updates to check as one job.

    They are checked on one page.
    """
    yield from _updates(session, share)
    ids = first_wanting(session, share, london_day(now), often_reminded(session, now), most)
    reads = in_order(read_these(session, ids, share.reader, now))
    yield from (job for job in _jobs(session, reads, now) if job.code != "check_update")


def _jobs(session: Session, reads: Sequence[ActionRead], now: datetime) -> Iterator[Job]:
    """Give what waits about actions that are read, in the order of the plan."""
    unreached: dict[int, list[ActionRead]] = {}
    yield from _unanswered(reads, unanswered_reminders(session, reads, now))
    for read in reads:
        action = read.action
        for job in action_jobs(read, london_day(now)):
            sentence = _BY_ACTION[job["code"]].format(action.reference)
            by_when = {}
            if job["code"] == "look_again" and read.hold is not None:
                calendar = working_days_of(session, action.partnership_id)
                by_when = dated(calendar, PartialDate.of(read.hold.look_again_on), london_day(now))
            yield _of_action(sentence, job["deed"], job["code"], action, **by_when)
        if read.is_open and read.owner and not read.owner.is_gone and not read.owner.can_be_reminded:
            unreached.setdefault(read.owner.person.id, []).append(read)
    reached = agencies_reached(session, london_day(now)) if unreached else set()
    for theirs in unreached.values():
        yield _unreached(sorted(theirs, key=lambda read: read.action.id), reached)


def _updates(session: Session, share: Share) -> Iterator[Job]:
    """Give the updates that wait to be checked as one job, where there are any."""
    number, first = updates_to_check(session, share)
    if number == 1:
        yield _of_action(
            _BY_ACTION["check_update"].format(first[0].reference), "accept-update", "check_update", first[0]
        )
    elif number:
        references = [action.reference for action in first]
        named = references if number == len(references) else [*references, f"{number - len(references):,} more"]
        title = f"Actions {listed(named)}"
        sentence = f"Check {number:,} updates sent by owners."
        yield Job(sentence, "accept-update", "updates", first[0].partnership_id, title=title)


def _of_action(sentence: str, deed: str, code: str, action: Action, **by_when: Any) -> Job:
    return Job(sentence, deed, code, action.partnership_id, action=action.reference, title=action.title, **by_when)


def _unanswered(reads: Sequence[ActionRead], counts: Mapping[int, int]) -> Iterator[Job]:
    """Give the actions of which nobody is reminded any more."""
    for read in reads:
        if read.action.id in counts and read.owner and read.owner.answers:
            action, owner = read.action, read.owner.answers
            sentence = f"{action.reference}: {counts[action.id]} reminders unanswered. Ask {owner.name}, or pass it on."
            yield _of_action(sentence, "reassign-action", "unanswered", action)


def _unreached(theirs: Sequence[ActionRead], reached: Collection[int]) -> Job:
    """Give one job for an owner whom no email reaches, however many actions she has."""
    owner, first = theirs[0].owner, theirs[0].action
    assert owner is not None, "only owned actions are asked about"
    references = ", ".join(read.action.reference for read in theirs[:5]) + (" and more" if len(theirs) > 5 else "")
    refused_on = None if owner.is_reached or owner.answers is None else owner.answers.refused_on
    if owner.answers is not None and owner.answers.email is not None and refused_on is not None:
        sentence = (
            f"Pass {references} to somebody else: email to {owner.answers.name} came back on {uk_date(refused_on)}."
        )
    else:
        sentence = f"Give {owner.person.name} an email address, or pass {references} to somebody who has one."
    if not owner.is_reached and {_agency_of(read) for read in theirs} - {None, *reached}:
        sentence += " No lead of the agency can be asked by email."
    deed = "reassign-action" if len(theirs) == 1 else "reassign-all"
    return _of_action(sentence, deed, "cannot_be_reminded", first)


def _agency_of(read: ActionRead) -> int | None:
    """Give the agency whose lead is asked: the action's, or its owner's where it names none."""
    owner = read.owner.person if read.owner else None
    return read.action.agency_id or (owner.agency_id if owner else None)
