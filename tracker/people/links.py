"""The signed links of people who do not sign in: made when an email needs one, found by token, ended, and counted."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, bindparam
from sqlmodel import Session, col, func, select, update

from notifications.links import Purpose, new_public_id, path_of, public_id_in, token_of
from tracker.among import among, listed
from tracker.clock import london_day, london_moment
from tracker.database import UtcDateTime
from tracker.errors import NotFound
from tracker.kept import answered, once_each
from tracker.people.models import Person
from tracker.people.queries import person_with_id
from tracker.people.sign_in_models import Attempt, Link, LinkVisit
from tracker.rows import Question, RowsOf, write

FETCHED_EVERY = timedelta(minutes=1)
RENEWALS = 3
RENEWALS_IN = timedelta(hours=1)
_RENEWAL = "new_link"


class LinkBroken(NotFound):
    """The link opens nothing: one answer, whatever the reason."""


class LinkExpired(Exception):
    """The link is genuine and has run out; its person may ask for another one."""

    code = "link_expired"

    def __init__(self, opened: "OpenedLink") -> None:
        super().__init__("This link has expired.")
        self.opened = opened


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """A link that was opened: its row, and the person it was made for."""

    link: Link
    person: Person


@dataclass(frozen=True, slots=True)
class LinkMaker:
    """Makes the links of this installation: its address, and the secret that signs them."""

    base_url: str
    secret: str

    def as_shown(self, token: str) -> str:
        """Give a token as an email holds it."""
        return token

    def address(
        self, session: Session, person_id: int, to_address: str, *, days: int, now: datetime, about: str | None = None
    ) -> str | None:
        """Give the address of a person's link for an email that goes now; none where somebody else may read it.

        The link that lives is renewed: all emails to a person hold the same one. `about` names what it opens where
        that is not her actions. For a unit of work.
        """
        person = person_with_id(session, person_id)
        if person is None or person.email != to_address or person.has_left(london_day(now)):
            return None
        purpose = Purpose.ACTIONS if about is None else Purpose.INDEPENDENCE
        until = expiry(days, now)
        link = links_of(session, [person.id], now, purpose, about).get(person.id)
        if link is None or link.expires_at <= now:
            link = _make(session, person.id, purpose, about, now, until)
            answered(session, _kind(purpose, about), person.id, link)
        elif link.expires_at < until:
            # Another email of this moment may have made it last longer.
            last = (col(Link.id) == link.id, col(Link.expires_at) < until)
            session.connection().execute(update(Link).where(*last).values(expires_at=until))
            link.expires_at = until
        return self.base_url + path_of(purpose, token_of(self.secret, purpose, link.public_id))


_SPECIMEN = "made-when-it-goes"


@dataclass(frozen=True, slots=True)
class SpecimenLinks(LinkMaker):
    """Writes the links of an email that is only shown: they open nothing, and nothing is kept of them."""

    def address(
        self, session: Session, person_id: int, to_address: str, *, days: int, now: datetime, about: str | None = None
    ) -> str | None:
        """Give what stands in the place of a person's link."""
        person = session.get_one(Person, person_id)
        if person.email != to_address or person.has_left(london_day(now)):
            return None
        return self.base_url + path_of(Purpose.ACTIONS if about is None else Purpose.INDEPENDENCE, _SPECIMEN)

    def as_shown(self, token: str) -> str:
        """Give what stands in the place of a token."""
        return _SPECIMEN


def expiry(days: int, now: datetime) -> datetime:
    """Give the moment at which a link made now runs out: the end of its last day, which the email names."""
    return london_moment(london_day(now) + timedelta(days=days + 1), time())


def last_day(expires_at: datetime) -> date:
    """Give the last day on which a link works that runs out at a moment."""
    return london_day(expires_at - timedelta(seconds=1))


def open_link(session: Session, secret: str, purpose: Purpose, token: str, now: datetime) -> OpenedLink:
    """Find a link that lives. Raises `LinkBroken`, or `LinkExpired` for a genuine one that has run out."""
    opened = known_link(session, secret, purpose, token)
    if opened is None or not is_renewable(opened, now):
        raise LinkBroken
    if opened.link.expires_at <= now:
        raise LinkExpired(opened)
    return opened


def known_link(session: Session, secret: str, purpose: Purpose, token: str) -> OpenedLink | None:
    """Find a link by its token, whether it lives or not; nothing where the token is not genuine.

    Its rows are for reading, and not attached to the session.
    """
    public_id = public_id_in(secret, purpose, token)
    if public_id is None:
        return None
    link = _LINK.first(session, public_id=public_id, purpose=purpose.value)
    person = None if link is None else person_with_id(session, link.person_id)
    return None if link is None or person is None else OpenedLink(link, person)


_LINK = RowsOf(Link, select(Link).where(Link.public_id == bindparam("public_id"), Link.purpose == bindparam("purpose")))
# In one order always, so that two who lock some of the same people do not wait for each other.
_LOCKED = Question(
    select(col(Person.id)).where(among(col(Person.id), "ids")).order_by(col(Person.id)).with_for_update(key_share=True)
)


def is_renewable(opened: OpenedLink, now: datetime) -> bool:
    """Say whether a genuine link may still be exchanged for a fresh one or be ended: not after its end."""
    return (
        opened.link.ended_at is None and opened.person.email is not None and not opened.person.has_left(london_day(now))
    )


def end_links(session: Session, link: Link, now: datetime) -> None:
    """End whatever lives of a person's links for the same purpose: she asked for another one, or is somebody else."""
    same = (col(Link.person_id) == link.person_id, col(Link.purpose) == link.purpose, _about(link.about))
    living = (col(Link.ended_at).is_(None), col(Link.expires_at) > now)
    session.exec(update(Link).where(*same, *living).values(ended_at=now))


def end_link(session: Session, link_id: int, now: datetime) -> None:
    """End one link."""
    session.exec(update(Link).where(col(Link.id) == link_id, col(Link.ended_at).is_(None)).values(ended_at=now))


def may_renew(session: Session, person_id: int, now: datetime) -> bool:
    """Count a wish for a new link; says whether it is granted: three an hour for one person."""
    subject = f"person {person_id}"
    # Locked, so that four wishes at the same moment are counted one after the other.
    session.exec(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True)).one()
    recent = (Attempt.kind == _RENEWAL, Attempt.subject == subject, col(Attempt.at) > now - RENEWALS_IN)
    if session.exec(select(func.count(col(Attempt.id))).where(*recent)).one() >= RENEWALS:
        return False
    write(session, Attempt(kind=_RENEWAL, subject=subject, at=now))
    return True


def wants_visit(session: Session, link_id: int, now: datetime) -> bool:
    """Say whether a fetched page is to be written down: once a minute at most for one link."""
    [(newest,)] = _FETCHED.rows(session, link=link_id)
    return newest is None or now - newest >= FETCHED_EVERY


_FETCHED = Question(
    select(func.max(LinkVisit.at)).where(LinkVisit.link_id == bindparam("link"), LinkVisit.what == "fetched")
)


def note_visit(session: Session, link_id: int, what: str, now: datetime) -> None:
    """Write down that the page of a link was fetched (a mail scanner may have done it), or an answer given."""
    write(session, LinkVisit(link_id=link_id, at=now, what=what))


def masked(email: str) -> tuple[str, str]:
    """Give the beginning and the end of an address: enough to know it again, too little to write to it."""
    name, _, host = email.rpartition("@")
    return name[: 3 if len(name) > 3 else 1], f"@{host}"


def _make(
    session: Session, person_id: int, purpose: Purpose, about: str | None, now: datetime, until: datetime
) -> Link:
    link = Link(
        public_id=new_public_id(),
        purpose=purpose.value,
        person_id=person_id,
        about=about,
        made_at=now,
        expires_at=until,
    )
    return write(session, link)


def links_of(
    session: Session,
    person_ids: Iterable[int],
    now: datetime,
    purpose: Purpose = Purpose.ACTIONS,
    about: str | None = None,
) -> dict[int, Link]:
    """Give the link that lives of each of some people, for emails that go now; for a unit of work.

    Whoever has none is locked, so that two emails to her that go at the same moment hold one link.
    """

    def living(ids: Iterable[int]) -> dict[int, Link]:
        of_it = {"people": listed(ids), "purpose": purpose.value, "about": about or "", "now": now}
        return {link.person_id: link for link in _LIVING.all(session, **of_it)}

    def ask(ids: list[int]) -> dict[int, Link]:
        found = living(ids)
        if without := [number for number in ids if number not in found]:
            _LOCKED.rows(session, ids=listed(without))
            found |= living(without)
        return found

    return once_each(session, _kind(purpose, about), person_ids, ask)


def _kind(purpose: Purpose, about: str | None) -> Hashable:
    return "link", purpose, about


_LIVING = RowsOf(
    Link,
    select(Link)
    .where(among(col(Link.person_id), "people"), Link.purpose == bindparam("purpose"))
    .where(func.coalesce(Link.about, "") == bindparam("about"))
    .where(col(Link.ended_at).is_(None), col(Link.expires_at) > bindparam("now", type_=UtcDateTime))
    # The newest is the last of hers.
    .order_by(col(Link.id)),
)


def _about(about: str | None) -> ColumnElement[bool]:
    return col(Link.about).is_(None) if about is None else col(Link.about) == about
