"""What is written down after a delivery, and what is forgotten."""

from datetime import datetime

from sqlalchemy import Engine

from tracker.actions.import_drafts import forget_old_drafts
from tracker.database import reading, unit_of_work
from tracker.escalations import telling
from tracker.history import noted
from tracker.people import unsent
from tracker.reminders.refused import note_refused, refused_messages


def mark_groups_told(engine: Engine, now: datetime) -> None:
    """Mark the escalations whose answer went to the group that asked; nobody waits where there are none."""
    with reading(engine) as session:
        told = telling.groups_to_mark_told(session)
    for escalation_id in told:
        with noted(engine) as session:
            telling.mark_told(session, escalation_id, now)


def mark_refused_addresses(engine: Engine, now: datetime) -> int:
    """Write down which addresses refused an email for good: no reminder goes there any more; says how many emails."""
    with reading(engine) as session:
        refused = refused_messages(session)
    for message_id in refused:
        with noted(engine) as session:
            note_refused(session, message_id, now)
    return len(refused)


def forget_what_is_old(engine: Engine, now: datetime) -> None:
    """Forget the forms that came too late and were not sent again in their hour, and files that were never stored."""
    with unit_of_work(engine) as session:
        unsent.forget_old(session, now)
        forget_old_drafts(session, now)
