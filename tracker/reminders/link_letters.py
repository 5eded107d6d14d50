"""The links in emails, made when an email goes; and the two emails that are about a link itself."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from sqlmodel import Session, col, select

from notifications.facts import AboutAction, AboutCase, Letterhead, MailFacts, Morning
from notifications.link_facts import LinkNotTheirs, NewLink
from notifications.outbox import Message
from tracker import history
from tracker.actions.models import Action
from tracker.actions.owned import own_open_actions, partnerships_of_own
from tracker.actions.queries import is_barred
from tracker.among import among, listed
from tracker.cases.models import Case
from tracker.clock import london_day
from tracker.errors import NotFound, Refused
from tracker.groups.letterheads import letterhead_of
from tracker.groups.models import Partnership
from tracker.groups.queries import partnership_settings, partnership_with_id
from tracker.people.doer import Doer, doer_by_email
from tracker.people.links import LinkMaker, end_link, end_links, expiry, last_day
from tracker.people.models import Agency, Person
from tracker.people.queries import people_with_role
from tracker.people.reach import tell
from tracker.people.roles import Role
from tracker.people.sign_in_models import Link
from tracker.reminders.morning import OneMorning
from tracker.rows import Question

NEW_LINK = "new_link"
NOT_THEIRS = "link_not_theirs"


def with_links(session: Session, message: Message, facts: MailFacts, now: datetime, links: LinkMaker) -> MailFacts:
    """Give an email's facts with the link of its reader, where it has a place for one."""
    if isinstance(facts, AboutAction) and message.kind == "update_queried":
        partnerships = _partnerships_of(session, [facts.reference])
        address = _to_actions(session, message, partnerships, now, links)
        return facts if address is None else replace(facts, link=f"{address}/{facts.reference}")
    if isinstance(facts, AboutCase) and message.kind == "independence":
        return replace(facts, link=_to_declaration(session, message, now, links))
    return replace(facts, link=f"{links.base_url}/actions") if isinstance(facts, LinkNotTheirs) else facts


def new_link_facts(session: Session, message: Message, now: datetime, links: LinkMaker | None) -> NewLink | None:
    """Give what the email with a fresh link says; nothing when its person left or has another address meanwhile.

    Raises `Refused` where no link can be made: the email is nothing without.
    """
    if links is None:
        raise Refused("There is no secret to sign links with. Set TRACKER_SECRET and ask again.", code="bad_setting")
    try:
        owner = doer_by_email(session, message.to_address, london_day(now))
    except NotFound:
        return None
    reads = own_open_actions(session, owner, now)
    partnerships = {read.action.partnership_id for read in reads}
    days = link_days(session, partnerships, now)
    address = links.address(session, message.person_id, message.to_address, days=days, now=now)
    if address is None:
        return None
    return NewLink(
        letterhead=_letterhead(session, partnerships, london_day(now)),
        to_name=message.to_name,
        actions=len(reads),
        works_until=last_day(expiry(days, now)),
        link=address,
    )


def not_theirs_facts(session: Session, message: Message, now: datetime) -> LinkNotTheirs:
    """Give what the coordinator is told of a link that reached somebody else, without what she is barred from."""
    known = message.known()
    actions = session.exec(select(Action).where(col(Action.reference).in_(known["actions"])).order_by(col(Action.id)))
    seen = [action.reference for action in actions if not is_barred(session, action.id, message.person_id)]
    return LinkNotTheirs(
        letterhead=letterhead_of(session, known["partnership"], london_day(now)),
        to_name=message.to_name,
        actions=tuple(seen),
        ended_on=london_day(message.planned_at),
    )


def send_new_link(session: Session, link: Link, person: Person, *, intent: str, now: datetime) -> bool:
    """Put the email with a fresh link, and end what lives of somebody's links of this kind; once for one form.

    A form that is sent again ends nothing: the link that went with its email stays.
    """
    is_put = _put_new_link(session, link, person, _key_of(link, intent), now)
    if is_put:
        end_links(session, link, now)
    return is_put


def was_asked(session: Session, link: Link, intent: str) -> bool:
    """Say whether a fresh link was sent for this form already."""
    return session.exec(select(Message.id).where(Message.key == _key_of(link, intent))).first() is not None


def _key_of(link: Link, intent: str) -> str:
    return f"{NEW_LINK}:{link.id}:{intent}"


def _put_new_link(session: Session, link: Link, person: Person, key: str, now: datetime) -> bool:
    if link.about is not None:
        case, _, lead = link.about.partition("/")
        known: dict[str, object] = {"case": case, "lead": int(lead)}
        return tell(session, person, kind="independence", about=case, key=key, facts=known, now=now)
    owner = doer_by_email(session, str(person.email), london_day(now))
    about = ", ".join(read.action.reference for read in own_open_actions(session, owner, now))
    return tell(session, person, kind=NEW_LINK, about=about, key=key, facts={}, now=now)


def end_as_not_theirs(session: Session, link: Link, person: Person, now: datetime) -> None:
    """End a link that reached somebody else, and tell the coordinator of each partnership whose actions it opened."""
    owner = doer_by_email(session, str(person.email), london_day(now))
    opened: dict[int, list[str]] = {home: [] for home in _home_of(session, owner)}
    for read in own_open_actions(session, owner, now):
        opened.setdefault(read.action.partnership_id, []).append(read.action.reference)
    end_link(session, link.id, now)
    for partnership_id, references in opened.items():
        _tell_of_wrong_reader(session, link, partnership_id, references, now)
        what = f"A signed link of {person.name} reached somebody else and was ended."
        code = session.get_one(Partnership, partnership_id).code
        history.note(session, code, "link_end", at=now, by=None, what=what)
    history.write_noted(session)


def _tell_of_wrong_reader(
    session: Session, link: Link, partnership_id: int, references: list[str], now: datetime
) -> None:
    coordinators = people_with_role(session, partnership_id, Role.COORDINATOR, london_day(now))
    reader = next((one for one in coordinators if one.email is not None), None)
    if reader is not None:
        key = f"{NOT_THEIRS}:{link.id}:{partnership_id}"
        known = {"partnership": partnership_id, "actions": references}
        tell(session, reader, kind=NOT_THEIRS, about=", ".join(references), key=key, facts=known, now=now)


def morning_with_links(
    session: Session, message: Message, morning: OneMorning, now: datetime, links: LinkMaker
) -> Morning:
    """Give a morning's facts with the links of its reader: to her actions, and to what she can stop."""
    facts = morning.facts
    lines = (*facts.actions, *facts.new_actions)
    # What somebody sent her by hand is no part of what she can stop.
    can_be_stopped = message.routine and facts.can_be_stopped
    if not (lines or can_be_stopped):
        return facts
    partnerships = morning.of_actions or _home_of_reader(session, message, now)
    address = _to_actions(session, message, partnerships, now, links)
    if address is None:
        return facts
    return replace(
        facts,
        link=address if lines else None,
        emails_link=f"{address}/emails" if can_be_stopped else None,
        actions=tuple(replace(line, link=f"{address}/{line.reference}") for line in facts.actions),
        new_actions=tuple(replace(line, link=f"{address}/{line.reference}") for line in facts.new_actions),
    )


def _home_of_reader(session: Session, message: Message, now: datetime) -> set[int]:
    """Give the partnerships for which a reader works of whom no action is asked; none where she left meanwhile."""
    try:
        return _home_of(session, doer_by_email(session, message.to_address, london_day(now)))
    except NotFound:
        return set()


def _to_actions(
    session: Session, message: Message, partnerships: Iterable[int], now: datetime, links: LinkMaker
) -> str | None:
    days = link_days(session, partnerships, now)
    return links.address(session, message.person_id, message.to_address, days=days, now=now)


def link_days(session: Session, partnership_ids: Iterable[int], now: datetime) -> int:
    """Give how many days a link lasts: the shortest that one of the partnerships has set."""
    partnerships = [partnership_with_id(session, number) for number in set(partnership_ids)]
    return min((int(partnership_settings(session, one, now)["link.days"]) for one in partnerships), default=14)


def _partnerships_of(session: Session, references: Iterable[str]) -> set[int]:
    return {number for (number,) in _PARTNERSHIPS.rows(session, references=listed(references))}


_PARTNERSHIPS = Question(select(Action.partnership_id).where(among(col(Action.reference), "references")).distinct())


def home_letterhead(session: Session, owner: Doer) -> Letterhead:
    """Give the letterhead above a person's own page: that of the one partnership she works for, or the service's."""
    return _letterhead(session, partnerships_of_own(session, owner) or _home_of(session, owner), owner.day)


def how_long_links_last(session: Session, owner: Doer, now: datetime) -> int:
    """Give how many days a link to a person's own actions lasts."""
    return link_days(session, partnerships_of_own(session, owner) or _home_of(session, owner), now)


def _home_of(session: Session, owner: Doer) -> set[int]:
    """Give the partnerships in which a person has a role; that of her agency where she has none."""
    if owner.roles:
        return set(owner.roles)
    agency = select(Agency.partnership_id).join(Person, col(Person.agency_id) == Agency.id)
    return set(session.exec(agency.where(Person.id == owner.id)))


def _letterhead(session: Session, partnerships: set[int], today: date) -> Letterhead:
    if len(partnerships) != 1:
        return Letterhead(partnership="Learning tracker")
    return letterhead_of(session, next(iter(partnerships)), today)


def _to_declaration(session: Session, message: Message, now: datetime, links: LinkMaker) -> str | None:
    known = message.known()
    case = session.exec(select(Case).where(Case.reference == known["case"])).one()
    days = link_days(session, [case.partnership_id], now)
    about = f"{case.reference}/{known['lead']}"
    return links.address(session, message.person_id, message.to_address, days=days, now=now, about=about)
