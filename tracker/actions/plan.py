"""The combined plan: what an action says, by whom and by when it is to be done, where it comes from."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session

from tracker import history
from tracker.actions.alike import note_alike
from tracker.actions.models import Action, ActionDate, ActionHelper, ActionSource, ActionTheme
from tracker.actions.rights import may_own
from tracker.actions.sources import OtherSource, from_meeting, read_sources, write_sources
from tracker.cases.models import Case
from tracker.cases.queries import case_by_reference, lock_cases
from tracker.clock import london_day
from tracker.errors import NotAllowed, NotFound, Refused
from tracker.facts import Code, Facts, Name, Title, Words
from tracker.groups.models import Partnership
from tracker.groups.queries import agency_by_name, group_named, next_number, partnership_by_code
from tracker.groups.themes import themes_called
from tracker.people.doer import Doer
from tracker.people.models import Person
from tracker.people.permissions import ROLES_FOR, refusal, require
from tracker.people.queries import person_named
from tracker.people.roles import Role
from tracker.rows import write
from workflows.action import WITHOUT_DATE, ActionStatus, Level, TimescaleKind
from workflows.dates import PartialDate, uk_date
from workflows.timescale import Timescale, read_timescale, why_unread
from workflows.working_days import FIRST_COUNTED_YEAR, OutsideTheCalendar


class AddAction(Facts):
    """What has to be done, by whom and by when, and where it comes from.

    `sources` are case references, recommendations (`TH-2020-001/3`), findings (`TH-2020-001/F2`), or other sources in
    words; `timescale` is a date or the words of a plan (`Annual (April)`, `On-going`). What is asked of an
    `outside_body`, what goes on and what is triggered have no due date: a day given for one is when it is looked at
    again. `group` is the group whose plan it belongs to, `meeting` the one at which it was agreed.
    """

    text: Words
    title: Title | None = None
    sources: list[Name | OtherSource] = []
    level: Level = Level.SINGLE_AGENCY
    agency: Name | None = None
    owner: Name | None = None
    helpers: list[Name] = []
    timescale: Name | None = None
    due_on: PartialDate | None = None
    review_on: PartialDate | None = None
    themes: list[Code] = []
    success_measure: Words | None = None
    baseline: Words | None = None
    outside_body: Name | None = None
    asked_on: PartialDate | None = None
    group: Name | None = None
    meeting: Code | None = None
    partnership: Code | None = None


def add_action(session: Session, reference: str | None, facts: AddAction, *, now: datetime, by: Doer) -> Action:
    """Add an action to the plan; the reference is that of a case it comes from, or of the partnership.

    Raises `NotAllowed`, `NotFound` or `Refused`.
    """
    partnership, case = _where(session, reference or facts.partnership, by)
    sources = read_sources(session, facts.sources, case, by)
    if partnership is None:
        partnership = _of_its_sources(session, sources, by)
    require(by, "add_action", partnership.id)
    if facts.meeting is not None:
        sources.append(from_meeting(session, facts.meeting, partnership.id))
    if not by.has(Role.COORDINATOR, partnership.id) and not any(source.case_id for source in sources):
        raise NotAllowed(f"{by.name} adds actions from a case: name it. The coordinator adds all others.")
    lock_cases(session, [source.case_id for source in sources if source.case_id is not None])
    return write_action(session, partnership.id, facts, sources, now=now, by=by)


def write_action(
    session: Session,
    partnership_id: int,
    facts: AddAction,
    sources: Sequence[ActionSource],
    *,
    now: datetime,
    by: Doer,
    deed: str = "add_action",
    role: str | None = None,
    why: str = "",
) -> Action:
    """Write an action with everything that belongs to it, and its first line in the history; asks nobody.

    For deeds that make an action on their way: a gap found at a reflection. `why` is what the history then says.
    """
    today = london_day(now)
    timescale = timescale_of(facts.timescale, today)
    owner = None if facts.owner is None else person_named(session, facts.owner, partnership_id)
    themes = themes_called(session, facts.themes, partnership_id)
    _must_fit(facts, timescale, today)
    action = write(session, _row(session, partnership_id, facts, timescale, owner, today))
    write_sources(session, action, sources)
    if owner is not None:
        may_own(session, action, owner, today)
    for theme in themes:
        write(session, ActionTheme(action_id=action.id, theme_id=theme.id))
    write_helpers(session, action, facts.helpers, today)
    write_dates(session, action, timescale, now)
    note_alike(session, action)
    what = why or _added(action)
    history.note(session, action.reference, deed, at=now, by=by, role=role, what=what, new={"text": facts.text})
    return action


def _row(
    session: Session,
    partnership_id: int,
    facts: AddAction,
    timescale: Timescale | None,
    owner: Person | None,
    today: date,
) -> Action:
    kind = timescale.kind if timescale else TimescaleKind.DATE
    given = facts.due_on or (timescale.due if timescale else None)
    # What is asked of a body outside ages, and what has no end is looked at again: neither is ever late (K15).
    has_date = kind not in WITHOUT_DATE and facts.outside_body is None
    due = given if has_date else None
    review_on = facts.review_on or (None if has_date else given)
    agency = None if facts.agency is None else agency_by_name(session, partnership_id, facts.agency)
    return Action(
        reference=f"A{next_number(session, 'action')}",
        partnership_id=partnership_id,
        **facts.model_dump(include=_AS_GIVEN),
        agency_id=None if agency is None else agency.id,
        owner_id=None if owner is None else owner.id,
        owner_since=None if owner is None else today,
        group_id=None if facts.group is None else group_named(session, partnership_id, facts.group).id,
        status=ActionStatus.PLANNED if facts.asked_on is None else ActionStatus.IN_PROGRESS,
        timescale_kind=kind,
        timescale_words=timescale.words if timescale else None,
        every=str(timescale.every) if timescale and timescale.every else None,
        rhythm_from=rhythm_of(timescale, due),
        review_on=review_on,
        asked_on=facts.asked_on,
        due=due,
        first_due=due,
        made_on=today,
    )


_AS_GIVEN = {"text", "title", "level", "success_measure", "baseline", "outside_body"}
# Nobody plans further ahead: a year that far off was mistyped.
_MOST_YEARS = 25


def _must_fit(facts: AddAction, timescale: Timescale | None, today: date) -> None:
    """Refuse dates that cannot be meant, and an asking without whoever was asked."""
    for day in (facts.due_on, facts.review_on, *(timescale.dates if timescale else ())):
        not_too_far(day, today)
    if facts.asked_on is not None:
        if facts.outside_body is None:
            raise Refused("Say which body outside was asked, as outside_body.", code="no_outside_body")
        if facts.asked_on.first > today:
            raise Refused("The day on which the body was asked must be today or earlier.", code="bad_date")


def not_too_far(day: PartialDate | None, today: date) -> None:
    """Refuse a date that nobody plans for, ahead or of another century: its year was mistyped."""
    if day is None:
        return
    if day.year < FIRST_COUNTED_YEAR:
        raise Refused(str(OutsideTheCalendar(day.year)), code="far_off")
    if day.year > today.year + _MOST_YEARS:
        raise Refused(
            f"{uk_date(day)} is more than {_MOST_YEARS} years ahead. Check the year, and enter it again.",
            code="far_off",
        )


def rhythm_of(timescale: Timescale | None, due: PartialDate | None) -> PartialDate | None:
    """Give from where a rhythm counts: from what its words name, else from the due date that stands."""
    if timescale is None or timescale.kind is not TimescaleKind.RECURRING:
        return None
    return timescale.due if timescale.is_anchored or due is None else due


def _added(action: Action) -> str:
    if action.due is not None:
        return f"Added, due {uk_date(action.due)}"
    if action.asked_on is not None:
        return f"Added, asked of {action.outside_body} on {uk_date(action.asked_on)}"
    return "Added" if action.review_on is None else f"Added, to be looked at again {uk_date(action.review_on)}"


def timescale_of(words: str | None, today: date) -> Timescale | None:
    """Read a timescale as it was typed; raises `Refused` for words that say neither a date nor a rhythm."""
    if words is None:
        return None
    found = read_timescale(words, today)
    if found is None:
        raise Refused(why_unread(words), code="bad_timescale")
    return found


def write_helpers(session: Session, action: Action, names: Sequence[str], today: date) -> None:
    """Write who helps the owner of a new action."""
    helpers = {person.id: person for person in (person_named(session, name, action.partnership_id) for name in names)}
    for helper in helpers.values():
        may_own(session, action, helper, today)
        write(session, ActionHelper(action_id=action.id, person_id=helper.id))


def write_dates(session: Session, action: Action, timescale: Timescale | None, now: datetime) -> None:
    """Write the dates of an action that has several."""
    if timescale is not None and timescale.kind is TimescaleKind.SEVERAL:
        for due in timescale.dates:
            write(session, ActionDate(action_id=action.id, kind="several", due=due, at=now))


def _where(session: Session, reference: str | None, by: Doer) -> tuple[Partnership | None, Case | None]:
    """Find the partnership, or the case and its partnership, under which an action is added."""
    if reference is None:
        return None, None
    try:
        return partnership_by_code(session, reference), None
    except NotFound:
        case = case_by_reference(session, reference, by)
        return session.get_one(Partnership, case.partnership_id), case


def _of_its_sources(session: Session, sources: Sequence[ActionSource], by: Doer) -> Partnership:
    """Without a reference, take the partnership of the first case; or the only one in which she may add actions."""
    cases = [session.get_one(Case, source.case_id) for source in sources if source.case_id is not None]
    hers = {case.partnership_id for case in cases[:1]} or set(by.partnerships_as(*ROLES_FOR["add_action"]))
    if not hers:
        raise NotAllowed(refusal(by, "add_action"))
    if len(hers) > 1:
        raise Refused("Say for which partnership: tracker do add-action PARTNERSHIP.", code="which_partnership")
    return session.get_one(Partnership, hers.pop())
