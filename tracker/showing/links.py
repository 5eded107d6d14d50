"""The signed links of a partnership's people that still open something, and what was seen of each."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, func, or_, select

from tracker.cases.models import Case
from tracker.cases.queries import may_see_case
from tracker.people.doer import Doer
from tracker.people.links import last_day
from tracker.people.models import Person, RoleHolding
from tracker.people.sign_in_models import Link, LinkVisit


@dataclass(frozen=True, slots=True)
class LinkRead:
    """A living link: whose, what it opens, its last day, and when its page was last fetched or an answer given."""

    link: Link
    name: str
    last_day: date
    fetched_at: datetime | None
    answered_at: datetime | None


def living_links(session: Session, partnership_id: int, reader: Doer, now: datetime) -> list[LinkRead]:
    """Give the links that work at a moment, the newest first; about a case only to whoever may see that case."""
    here = select(RoleHolding.person_id).where(RoleHolding.partnership_id == partnership_id)
    seen = session.exec(select(Case.reference).where(Case.partnership_id == partnership_id, may_see_case(reader)))
    cases = set(seen)
    question = (
        select(Link, Person.name)
        .join(Person, col(Person.id) == Link.person_id)
        .where(col(Link.ended_at).is_(None), Link.expires_at > now, col(Link.person_id).in_(here))
        .where(or_(col(Person.ended_on).is_(None), col(Person.ended_on) > reader.day))
        .order_by(col(Link.made_at).desc(), col(Link.id).desc())
    )
    found = [(link, name) for link, name in session.exec(question) if link.purpose == "actions" or _of(link) in cases]
    visits = _visits(session, [link.id for link, _ in found])
    return [
        LinkRead(
            link, name, last_day(link.expires_at), visits.get((link.id, "fetched")), visits.get((link.id, "answered"))
        )
        for link, name in found
    ]


def _of(link: Link) -> str:
    """Give the reference of the case that a link is about; a method may stand behind it."""
    return (link.about or "").partition("/")[0].partition(" ")[0]


def _visits(session: Session, link_ids: list[int]) -> dict[tuple[int, str], datetime]:
    last = func.max(LinkVisit.at)
    question = select(LinkVisit.link_id, LinkVisit.what, last).where(col(LinkVisit.link_id).in_(link_ids))
    return {
        (link_id, what): at
        for link_id, what, at in session.exec(question.group_by(col(LinkVisit.link_id), col(LinkVisit.what)))
    }
