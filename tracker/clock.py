"""What time it is, in London; the only place that reads the machine's clock."""

from datetime import UTC, date, datetime, time
from functools import lru_cache

from notifications.moments import LONDON
from workflows.dates import uk_date


def machine_now() -> datetime:
    """Give the moment of the machine's clock, in UTC."""
    return datetime.now(UTC)


@lru_cache(maxsize=256)  # every part of a deed asks it of the same moment
def london_day(moment: datetime) -> date:
    """Give the date that London writes at a moment (K6)."""
    return moment.astimezone(LONDON).date()


def london_moment(day: date, at: time) -> datetime:
    """Give the moment, in UTC, at which London's clocks show a time on a day (K6).

    A time that the spring change leaves out counts as the hour after it; one that autumn shows twice is the first.
    """
    return datetime.combine(day, at, tzinfo=LONDON).astimezone(UTC)


def moment_from(text: str) -> datetime:
    """Read an ISO moment; one without a zone is London time (K6). Raises `ValueError` with a sentence."""
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=LONDON)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is no moment. Write it like 2021-01-04T09:30.") from None


def uk_clock(moment: datetime) -> str:
    """Write a moment as a London reader says it: 2:05pm, 9am, midday, midnight."""
    return uk_time(moment.astimezone(LONDON).time())


def uk_moment(moment: datetime) -> str:
    """Write a moment with its day: 20 November 2026 at 4:12pm."""
    return f"{uk_date(london_day(moment))} at {uk_clock(moment)}"


def uk_weekday_moment(moment: datetime) -> str:
    """Write a moment with its weekday: Friday 20 November 2026 at 4:12pm."""
    return f"{london_day(moment):%A} {uk_moment(moment)}"


def uk_time(at: time) -> str:
    """Write a time of the day as a London reader says it."""
    if at.minute == 0 and at.hour in (0, 12):
        return "midday" if at.hour else "midnight"
    hour = at.hour % 12 or 12
    minutes = f":{at.minute:02d}" if at.minute else ""
    return f"{hour}{minutes}{'am' if at.hour < 12 else 'pm'}"
