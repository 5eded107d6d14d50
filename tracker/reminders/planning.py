"""What is put into the outbox without anybody asking: reminders, digests, and the wish for another owner."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine

from tracker.database import reading, unit_of_work
from tracker.groups.queries import meeting_by_reference
from tracker.history import noted
from tracker.papers.digest import digest_due
from tracker.papers.digest_post import put_digest
from tracker.reminders.bundle import bundles_due, put_bundles
from tracker.reminders.holding import is_held
from tracker.reminders.slots import mark_done, mornings_come, mornings_due
from tracker.reminders.unreached import ask_leads, owners_to_replace

IsEnded = Callable[[], bool]

# So many people's emails are put together: a tenth of a second of writing.
AT_ONCE = 200


def never() -> bool:
    """Say that the work goes on: what ends only with its own end is told nothing else."""
    return False


def plan_reminders(engine: Engine, now: datetime, is_ended: IsEnded = never, *, while_held: bool = False) -> int:
    """Put this morning's reminders into the outbox, some people's in a unit of work; says how many emails.

    Nobody else waits while they are looked for, nor long while they are put. What changes between the looking and the
    sending is seen when the email is written. A morning whose emails are all put is done; one that was left on the way
    is begun again, and puts only what is missing.

    While the post is held none are put, unless that is asked: one that may have gone before must not become one with
    another that did not, or nobody could drop it alone. The release's own morning says what is due by then.
    """
    with reading(engine) as session:
        if is_held(session) and not while_held:
            return 0
        mornings = mornings_due(session, now)
        bundles = bundles_due(session, now) if mornings else []
    put = 0
    for first in range(0, len(bundles), AT_ONCE):
        if is_ended():
            return put
        with unit_of_work(engine) as session:
            put += put_bundles(session, bundles[first : first + AT_ONCE], now)
    if mornings:
        with unit_of_work(engine) as session:
            mark_done(session, mornings, now)
    return put


def plan_digests(engine: Engine, now: datetime, is_ended: IsEnded = never) -> int:
    """Put the digests that are due into the outbox, each meeting in a unit of work of its own; says how many emails."""
    with reading(engine) as session:
        due = [meeting.reference for meeting in digest_due(session, now)]
    put = 0
    for reference in due:
        if is_ended():
            return put
        with noted(engine) as session:
            put += put_digest(session, meeting_by_reference(session, reference), now)
    return put


def ask_for_new_owners(engine: Engine, now: datetime, is_ended: IsEnded = never) -> int:
    """Ask leads of agencies to replace owners whom no email reaches, where the hour of the morning's emails has come.

    Each owner's in a unit of work of its own; says how many emails.
    """
    with reading(engine) as session:
        owners = owners_to_replace(session, list(mornings_come(session, now)), now)
    put = 0
    for action_ids in owners:
        if is_ended():
            return put
        with unit_of_work(engine) as session:
            put += ask_leads(session, action_ids, now)
    return put
