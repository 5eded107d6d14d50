"""On what terms two actions are joined: which of the two owners keeps it, and which date stands."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from tracker.actions.checking import settle_for_new_owner
from tracker.actions.models import Action, ActionDate
from tracker.actions.partners import WithAnother
from tracker.actions.plan import not_too_far
from tracker.actions.queries import is_barred, waiting_update
from tracker.actions.rights import may_own
from tracker.clock import london_day
from tracker.errors import Refused
from tracker.facts import Name, Words
from tracker.people.doer import Doer
from tracker.people.models import Person
from tracker.people.queries import person_named
from tracker.rows import write
from workflows.action import OPEN_STATUSES, WITHOUT_DATE, TimescaleKind
from workflows.dates import PartialDate


class MergeActions(WithAnother):
    """Which action is joined into the one that is named, and why.

    `owner`: which of the two owners keeps it, by email or name; the one that stays keeps hers if nothing is said.
    `due_on`: another date than the earlier of the two.
    """

    reason: Words
    owner: Name | None = None
    due_on: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class Join:
    """A join while it is done: what stays, what goes, when and by whom."""

    session: Session
    kept: Action
    gone: Action
    facts: MergeActions
    now: datetime
    by: Doer


def must_be_checked(session: Session, action: Action, then: str = "join") -> None:
    """What an owner said and nobody read would be lost when her action goes, or passes to the other owner."""
    update = waiting_update(session, action)
    if update is not None and update.state == "sent" and action.status in OPEN_STATUSES:
        raise Refused(
            f"{action.reference} has an update to check. Accept it or ask its owner back, then {then} the two.",
            code="update_to_check",
        )


def choose_owner(join: Join) -> int | None:
    """Let the owner own it who was chosen; gives the update about which the former one was asked back."""
    kept, gone = join.kept, join.gone
    owners = [owner for owner in (kept.owner_id, gone.owner_id) if owner is not None]
    if join.facts.owner is None:
        chosen = owners[0] if owners else None
    else:
        chosen = person_named(join.session, join.facts.owner, kept.partnership_id).id
        if chosen not in owners:
            raise Refused(
                f"{join.facts.owner} owns neither {kept.reference} nor {gone.reference}. Choose one of the two owners; "
                "the action can be passed on afterwards.",
                code="not_an_owner",
            )
    if chosen == kept.owner_id or kept.status not in OPEN_STATUSES:
        return None
    must_be_checked(join.session, kept)
    update = waiting_update(join.session, kept)
    settle_for_new_owner(join.session, kept, join.now, join.by)
    kept.owner_id, kept.owner_since = chosen, london_day(join.now)
    return None if update is None else update.id


def must_fit_its_owner(join: Join) -> None:
    """Whoever owns it from now on must not be barred from a case that it comes from by now, nor be new and gone."""
    kept = join.kept
    if kept.owner_id is None:
        return
    owner = join.session.get_one(Person, kept.owner_id)
    join.session.flush()
    if is_barred(join.session, kept.id, owner.id):
        raise Refused(f"{owner.name} cannot be named on this action. Choose the other owner.", code="barred")
    if kept.owner_since == london_day(join.now):
        may_own(join.session, kept, owner, london_day(join.now))


def choose_date(join: Join) -> int | None:
    """Let the earlier date stand, or the one that is given; gives the row that says it was moved."""
    kept, gone, facts = join.kept, join.gone, join.facts
    if kept.status not in OPEN_STATUSES:
        if facts.due_on is not None:
            raise Refused(f"{kept.reference} is not open: it has no date to come.", code="not_open")
        return None
    dates = [one.due for one in (kept, gone) if one.due is not None and one.status in OPEN_STATUSES]
    if kept.outside_body is not None:
        # What is asked of a body outside has no due date: it ages.
        dates = []
    due = facts.due_on or min(dates, default=None)
    not_too_far(facts.due_on, london_day(join.now))
    if facts.due_on is not None and facts.due_on not in dates and facts.due_on.overdue_on(london_day(join.now)):
        raise Refused("The date must be today or later, or that of one of the two.", code="bad_date")
    if due is None or due == kept.due:
        return None
    if kept.outside_body is not None:
        raise Refused(f"{kept.reference} is asked of {kept.outside_body}, and has no due date.", code="no_due_date")
    kept.due = due
    kept.first_due = kept.first_due or due
    kept.due_version += 1
    if kept.timescale_kind in WITHOUT_DATE:
        kept.timescale_kind = TimescaleKind.DATE
    reason = f"Joined with {gone.reference}: {facts.reason}"
    row = ActionDate(action_id=kept.id, kind="moved", due=due, reason=reason, at=join.now, person_id=join.by.id)
    return write(join.session, row).id
