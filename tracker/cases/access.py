"""Who may open a case beyond her role, and who may not whatever her role: a declared conflict beats every role."""

from datetime import date, datetime

from sqlmodel import col, or_, select

from tracker import history
from tracker.cases.models import CaseAccess, Conflict
from tracker.cases.named import give_access as name_on_case
from tracker.cases.standing import Standing
from tracker.clock import london_day
from tracker.errors import NotAllowed, Refused
from tracker.facts import Facts, Name, Words
from tracker.people.doer import Doer
from tracker.people.models import Person, RoleHolding
from tracker.people.permissions import refusal
from tracker.people.queries import person_named
from tracker.people.roles import Role
from tracker.rows import write
from workflows.wording import listed

# What the history says of conflicts, and so of who is barred, is for those who record and withdraw them.
ABOUT_CONFLICTS = ("declare_conflict", "withdraw_conflict")


class Named(Facts):
    """A person, and why."""

    person: Name
    reason: Words


def declare_conflict(standing: Standing, facts: Named, *, now: datetime, by: Doer) -> None:
    """Record a conflict of interest: the case leaves that person's lists, counts, digests and exports at once.

    Everybody may declare her own; the coordinator records anybody's.
    """
    person = person_named(standing.session, facts.person, standing.case.partnership_id)
    if person.id != by.id:
        _must_coordinate(standing, by, "declare_conflict")
    if person.kind == "post":
        raise Refused(f"{person.name} is a post: name the person who holds it.", code="is_a_post")
    if _conflict_of(standing, person) is not None:
        raise Refused(f"A conflict of {person.name} is recorded for this case already.", code="already_done")
    since = london_day(now)
    write(
        standing.session,
        Conflict(case_id=standing.case.id, person_id=person.id, reason=facts.reason, since=since),
    )
    _note(standing, "declare_conflict", f"Conflict of interest of {person.name}: {facts.reason}", now, by)


def withdraw_conflict(standing: Standing, facts: Named, *, now: datetime, by: Doer) -> None:
    """End a conflict that was recorded by mistake or has passed; the person sees of the case what she saw before.

    For another coordinator than the one who is barred: she does not find the case.
    """
    _must_coordinate(standing, by, "withdraw_conflict")
    person = person_named(standing.session, facts.person, standing.case.partnership_id)
    conflict = _conflict_of(standing, person)
    if conflict is None:
        raise Refused(f"No conflict of {person.name} is recorded for this case.", code="nothing_recorded")
    conflict.until = london_day(now)
    standing.session.add(conflict)
    what = f"Conflict of interest of {person.name} withdrawn: {facts.reason}"
    _note(standing, "withdraw_conflict", what, now, by)


def give_access(standing: Standing, facts: Named, *, now: datetime, by: Doer) -> None:
    """Name a person on the case, so that she may open it; whose only role is owner or admin opens none."""
    _must_coordinate(standing, by, "give_access")
    person = person_named(standing.session, facts.person)
    _must_open_cases(standing, person, london_day(now))
    if _conflict_of(standing, person) is not None:
        raise Refused(
            f"{person.name} has declared a conflict of interest in this case: name somebody else.", code="conflict"
        )
    if not name_on_case(standing.session, standing.case, person.id, facts.reason, london_day(now)):
        raise Refused(f"{person.name} is named on this case already.", code="already_done")
    _note(standing, "give_access", f"{person.name} may open the case: {facts.reason}", now, by)


def end_access(standing: Standing, facts: Named, *, now: datetime, by: Doer) -> None:
    """End what names a person on the case; a role that sees every case is not touched by it."""
    _must_coordinate(standing, by, "end_access")
    person = person_named(standing.session, facts.person)
    question = select(CaseAccess).where(
        CaseAccess.case_id == standing.case.id, CaseAccess.person_id == person.id, col(CaseAccess.until).is_(None)
    )
    named = standing.session.exec(question).first()
    if named is None:
        raise Refused(f"{person.name} is not named on this case.", code="not_named")
    named.until = london_day(now)
    standing.session.add(named)
    _note(standing, "end_access", f"{person.name} may no longer open the case: {facts.reason}", now, by)


def _conflict_of(standing: Standing, person: Person) -> Conflict | None:
    question = select(Conflict).where(
        Conflict.case_id == standing.case.id, Conflict.person_id == person.id, col(Conflict.until).is_(None)
    )
    return standing.session.exec(question).first()


def _must_open_cases(standing: Standing, person: Person, today: date) -> None:
    question = select(RoleHolding.role).where(
        RoleHolding.person_id == person.id,
        RoleHolding.partnership_id == standing.case.partnership_id,
        RoleHolding.from_on <= today,
        or_(col(RoleHolding.until_on).is_(None), col(RoleHolding.until_on) > today),
    )
    held = {Role(role) for role in standing.session.exec(question)}
    if held and held <= {Role.OWNER, Role.ADMIN}:
        words = listed(sorted(role.words for role in held))
        raise Refused(
            f"{person.name} is {words} only, which opens no case: give her another role first.", code="opens_no_case"
        )


def _must_coordinate(standing: Standing, by: Doer, deed: str) -> None:
    if not by.has(Role.COORDINATOR, standing.case.partnership_id):
        raise NotAllowed(refusal(by, deed))


def _note(standing: Standing, deed: str, what: str, now: datetime, by: Doer) -> None:
    history.note(standing.session, standing.case.reference, deed, at=now, by=by, what=what)
