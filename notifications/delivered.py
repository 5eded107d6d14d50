"""What became of an email after it was handed over, as the mail service says: told by callback, or asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, update
from sqlmodel import Session, col, select

from notifications.claims import settle
from notifications.leases import OpenSession
from notifications.moments import UtcDateTime
from notifications.outbox import Message, MessageState, message_id_of
from notifications.transports import TemporaryRefusal

ASKED_EVERY = timedelta(hours=1)
WAITED_FOR = timedelta(days=3)
# What ended so long ago without a word is not shown any more: nobody will say.
SHOWN_FOR = timedelta(days=30)
MOST_ASKED = 60


class Delivery(StrEnum):
    """How far an email came; what stands later here wins, whichever is heard first.

    Callbacks come late, twice and in any order, so the order of their arrival says nothing. An email that lies in a
    mailbox lies there whatever was said of it before; a lasting failure asks for a deed, so it stands above the others.
    """

    CREATED = "created"
    SENDING = "sending"
    TEMPORARY_FAILURE = "temporary-failure"
    TECHNICAL_FAILURE = "technical-failure"
    PERMANENT_FAILURE = "permanent-failure"
    DELIVERED = "delivered"


_ORDER = list(Delivery)
ENDS = frozenset(_ORDER[2:])
_AS_IT_IS = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Delivered:
    """What the service says became of an email, and since when; without a moment it is the one at which it is heard."""

    delivery: Delivery
    at: datetime | None = None

    @classmethod
    def said(cls, document: Mapping[str, Any]) -> "Delivered | None":
        """Read it from what the service says; nothing where it says nothing that we know."""
        status = document.get("status")
        if status not in _ORDER:
            return None
        moments = (_moment(document.get(name)) for name in ("completed_at", "sent_at", "created_at"))
        return cls(Delivery(status), next((moment for moment in moments if moment is not None), None))


@runtime_checkable
class Following(Protocol):
    """A way out that can be asked what became of an email that it took; it calls each by a UUID."""

    def became_of(self, provider_id: str) -> Delivered | None:
        """Say what became of an email; raises `TemporaryRefusal` if it cannot tell now."""

    def close(self) -> None:
        """Let go of the connection."""


def higher(known: Delivered | None, said: Delivered) -> Delivered:
    """Give what stands of two things that were heard, in whatever order: the higher one, since its earliest moment."""
    if known is None or known.delivery is said.delivery:
        moments = [one.at for one in (known, said) if one is not None and one.at is not None]
        return Delivered(said.delivery, min(moments, default=None))
    return max(known, said, key=lambda one: _ORDER.index(one.delivery))


def record(session: Session, number: int, said: Delivered, now: datetime) -> bool:
    """Keep what became of a message, if it is more than is known; says whether it was."""
    question = select(Message.delivery, Message.delivery_at).where(Message.id == number).with_for_update()
    delivery, at = session.exec(question).one()
    known = Delivered(Delivery(delivery), at) if delivery else None
    stands = higher(known, Delivered(said.delivery, min(said.at or now, now)))
    if stands == known:
        return False
    is_refused = stands.delivery is Delivery.PERMANENT_FAILURE
    values = {"delivery": stands.delivery.value, "delivery_at": stands.at, "address_refused": is_refused}
    session.exec(update(Message).where(col(Message.id) == number).values(values).execution_options(**_AS_IT_IS))
    return True


def hear(session: Session, name: str, provider_id: str, said: Delivered, now: datetime) -> bool:
    """Keep what the service tells by itself of the message with a name; says whether there is such a message.

    It may come before the sender has heard the answer. Where nobody knew whether the message went, it is known now.
    """
    message = _named(session, name)
    if message is None:
        return False
    if message.state == MessageState.UNCERTAIN.value:
        known = {"sent_at": message.doubtful_since, "provider_id": provider_id, "last_error": None}
        settle(session, message.id, message.fence, MessageState.SENT, **known)
    record(session, message.id, said, now)
    return True


def follow(
    open_session: OpenSession,
    transport: Following,
    now: datetime,
    is_ended: Callable[[], bool] = lambda: False,
    *,
    most: int = MOST_ASKED,
) -> int:
    """Ask what became of messages that have no end yet, each once an hour for three days; says how many are known.

    Each is taken before it is asked for, so that no two machines ask for the same. Where `is_ended` says so, no more
    are asked for: in an hour they are again.
    """
    heard = 0
    with open_session() as session:
        taken = _taken(session, now, most)
    try:
        for number, provider_id in taken:
            if is_ended():
                break
            said = transport.became_of(provider_id)
            if said is not None:
                with open_session() as session:
                    heard += record(session, number, said, now)
    except TemporaryRefusal:
        # Callbacks tell as well, and in an hour it is asked again.
        return heard
    finally:
        transport.close()
    return heard


def _taken(session: Session, now: datetime, most: int) -> list[tuple[int, str]]:
    last = func.coalesce(col(Message.delivery_asked_at), col(Message.sent_at))
    ripe = (col(Message.sent_at) > now - WAITED_FOR, last <= now - ASKED_EVERY)
    question = select(Message.id, Message.provider_id).where(*_is_open(), *ripe).order_by(last, col(Message.id))
    taken = session.exec(question.limit(most).with_for_update(skip_locked=True)).all()
    change = update(Message).where(col(Message.id).in_([number for number, _ in taken]))
    session.exec(change.values(delivery_asked_at=now).execution_options(**_AS_IT_IS))
    return [(number, name) for number, name in taken if name is not None]


def _is_open() -> tuple[ColumnElement[bool], ...]:
    """Say in SQL: handed over to a service that calls it by a UUID, and not at its end."""
    by_uuid = col(Message.provider_id).like("-".join("_" * length for length in (8, 4, 4, 4, 12)))
    ends = [one.value for one in ENDS]
    is_open = or_(col(Message.delivery).is_(None), col(Message.delivery).not_in(ends))
    return (col(Message.state) == MessageState.SENT.value, by_uuid, is_open)


# Of such a message the service has not said within three days what became of it; `moments_of` gives what is left open.
WITHOUT_END: ColumnElement[bool] = and_(
    *_is_open(),
    col(Message.sent_at) <= bindparam("waited_since", type_=UtcDateTime),
    col(Message.sent_at) > bindparam("shown_since", type_=UtcDateTime),
)


def moments_of(now: datetime) -> Mapping[str, datetime]:
    """Give the moments until which and since when a message was sent that has no end."""
    return {"waited_since": now - WAITED_FOR, "shown_since": now - SHOWN_FOR}


def _named(session: Session, name: str) -> Message | None:
    number = name.removeprefix("<").partition(".")[0]
    if not (number.isascii() and number.isdigit() and len(number) < 16):
        return None
    message = session.get(Message, int(number))
    return message if message is not None and message_id_of(message) == name else None


def _moment(text: object) -> datetime | None:
    """Read a moment as the service writes it, in UTC; nothing where there is none."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
