"""Days that become no working days: a bank holiday proclaimed late, or a closure of one partnership."""

from datetime import date, datetime

from sqlmodel import Session, col, select

from tracker import history
from tracker.cases.clocks import redate_open_clocks
from tracker.clock import london_day
from tracker.errors import NotAllowed, Refused
from tracker.facts import AnyDay, Code, Facts, Name
from tracker.groups.belonging import must_belong_here
from tracker.groups.meeting_days import why_not_held
from tracker.groups.models import Closure, Group, Meeting, Partnership
from tracker.groups.queries import partnership_by_code, working_days_of
from tracker.people.doer import Doer
from tracker.people.permissions import ROLES_FOR, refusal, require
from tracker.rows import write
from workflows.dates import uk_date
from workflows.working_days import FIRST_COUNTED_YEAR, LAST_COUNTED_YEAR

_LONGEST_NAME = 100


class AddClosure(Facts):
    """The day and its name; without a partnership it is a bank holiday for all."""

    on: AnyDay
    name: Name
    partnership: Code | None = None


def add_closure(session: Session, reference: str | None, facts: AddClosure, *, now: datetime, by: Doer) -> Partnership:
    """Add a day that does not count, and reckon every open clock anew; met, stopped and closed ones stay as they are.

    Gives the partnership whose document lists what changed: the one named, or the first that the person works for.
    """
    partnerships = _partnerships(session, facts.partnership or reference, by)
    only = partnerships[0].id if facts.partnership or reference else None
    _must_be_a_working_day(session, facts, only)
    closure = Closure(partnership_id=only, on=facts.on, name=facts.name, added_at=now)
    write(session, closure)
    because_of = why(closure)
    redated = redate_open_clocks(session, only, now=now, by=by, why=because_of)
    session.flush()
    for partnership in partnerships:
        _propose_other_days(session, partnership, facts.on, london_day(now))
        # Not how many: who reads it may be barred from some of them.
        what = f"{because_of} is no working day" + ("; open clocks have another date" if redated else "")
        history.note(session, partnership.code, "add_closure", at=now, by=by, what=what, new=facts.on.isoformat())
    return partnerships[0]


def why(closure: Closure) -> str:
    """Name a closure as the history of each case names it whose clock it moved."""
    return f"{closure.name}, {uk_date(closure.on)}"


def _partnerships(session: Session, code: str | None, by: Doer) -> list[Partnership]:
    """Give the partnerships that are closed, locked, so that nobody adds the same day at the same time."""
    if code is not None:
        partnership = partnership_by_code(session, code, lock=True)
        must_belong_here(by, partnership.id, f"There is no partnership {code!r} that you can open.")
        require(by, "add_closure", partnership.id)
        return [partnership]
    her_own = by.partnerships_as(*ROLES_FOR["add_closure"])
    if not her_own:
        raise NotAllowed(refusal(by, "add_closure"))
    everybody = session.exec(select(Partnership).order_by(col(Partnership.id)).with_for_update()).all()
    return sorted(everybody, key=lambda partnership: partnership.id not in her_own)


def _must_be_a_working_day(session: Session, facts: AddClosure, partnership_id: int | None) -> None:
    if len(facts.name) > _LONGEST_NAME:
        raise Refused(f"The name must be {_LONGEST_NAME} characters or fewer.", code="too_long")
    if not FIRST_COUNTED_YEAR <= facts.on.year <= LAST_COUNTED_YEAR:
        raise Refused(
            f"Working days are counted from {FIRST_COUNTED_YEAR} to {LAST_COUNTED_YEAR}. Check the year.",
            code="bad_date",
        )
    calendar = working_days_of(session, partnership_id)
    if not calendar.is_working_day(facts.on):
        raise Refused(f"{why_not_held(facts.on, calendar)}: it is no working day already.", code="already_done")


def _propose_other_days(session: Session, partnership: Partnership, on: date, today: date) -> None:
    """Propose the working day before to meetings on a day that is closed now (K3); none moves by itself."""
    calendar = working_days_of(session, partnership.id)
    groups = select(Group.id).where(Group.partnership_id == partnership.id)
    question = select(Meeting).where(col(Meeting.group_id).in_(groups), Meeting.on == on, Meeting.status == "planned")
    proposed = calendar.on_or_before(on)
    for meeting in session.exec(question) if proposed >= today else ():
        meeting.proposed_on = proposed
        meeting.proposed_why = why_not_held(on, calendar)
        session.add(meeting)
