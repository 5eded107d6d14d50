"""On which day a group meets: on a working day where there is a way, and never twice at once."""

from datetime import date, time, timedelta

from sqlmodel import Session, col, select

from tracker.errors import Refused
from tracker.groups.models import Group, Meeting
from workflows.dates import uk_date
from workflows.working_days import WorkingDays

LATEST_AHEAD = timedelta(days=2 * 366)


def plain_hour(at: time) -> time:
    """Let an hour of London time through, without its seconds; raises `ValueError` where it has a zone."""
    if at.tzinfo is not None:
        raise ValueError("The hour is London time without a zone, like 10:00")
    return at.replace(second=0, microsecond=0)


def day_held(calendar: WorkingDays, asked: date, today: date) -> tuple[date, str | None]:
    """Give the day on which a meeting asked for a day is held (K3), and why that is another one, if it is."""
    if asked < today:
        raise Refused("The date of the meeting must be today or later.", code="bad_date")
    must_be_near(asked, today)
    held = calendar.on_or_before(asked)
    # What is asked for on the same weekend cannot be held before it: it stays.
    if held == asked or held < today:
        return asked, None
    return held, why_not_held(asked, calendar)


def must_be_near(asked: date, today: date) -> None:
    """Refuse a day that lies so far ahead that its year must be a slip."""
    if asked - today > LATEST_AHEAD:
        raise Refused(f"{uk_date(asked)} lies more than two years ahead. Check the year.", code="bad_date")


def why_not_held(asked: date, calendar: WorkingDays) -> str:
    """Say why nothing is held on a day: 2 January 2021 is a Saturday."""
    why = calendar.left_out(asked - timedelta(days=1), asked)[0].why
    return f"{uk_date(asked)} is {'a ' if why in ('Saturday', 'Sunday') else ''}{why}"


def must_be_free(session: Session, group: Group, on: date, at: time) -> None:
    """Refuse a moment at which a group meets already, or has ended; nobody else plans for it until this is done."""
    session.exec(select(Group.id).where(Group.id == group.id).with_for_update(key_share=True)).one()
    if group.ended_on is not None and group.has_ended(on):
        raise Refused(
            f"{group.name} ends on {uk_date(group.ended_on)} and does not meet on {uk_date(on)}. "
            "Choose an earlier day.",
            code="ended",
        )
    question = select(Meeting.reference).where(Meeting.group_id == group.id, Meeting.on == on, Meeting.at == at)
    taken = session.exec(question.where(col(Meeting.status) != "cancelled")).first()
    if taken is not None:
        raise Refused(f"{group.name} meets then already: {taken}.", code="already_done")


def when(on: date, at: time, why: str | None) -> str:
    """Say when a meeting is, and why not on the day that was asked for."""
    return f"{uk_date(on)} at {at:%H:%M}" + (f", because {why}" if why else "")
