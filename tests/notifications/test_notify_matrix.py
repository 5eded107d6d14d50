"""Whatever GOV.UK Notify answers, or does not: the state of the email, how many Notify has, and how it ends."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial

from sqlmodel import col, select, update

from notifications import outbox
from notifications.delivery import deliver_waiting
from notifications.notify import NotifyTransport
from notifications.notify_settings import NotifyService
from notifications.outbox import Message, message_id_of
from notifications.rendering import Mail
from tests.notifications import notify_server
from tests.notifications.notify_server import NotifyServer
from tracker.database import unit_of_work

NOW = datetime(2021, 1, 15, 8, 0, tzinfo=UTC)
# Enough for a busy machine: who answers within it is never taken for one who does not. One who never does is waited
# for as short as can be.
PATIENCE, HASTE = 60.0, 1.0
# When a doubt can be asked about; before a minute of rest is over.
ASKED_AFTER = timedelta(seconds=20)
SENT = "sent 1"
# Asked after the doubt and found; asked, not found and sent; sent after a rest of a minute.
FOUND = f"uncertain 1, {SENT}, {SENT}"
AGAIN = f"uncertain 0, {SENT}, {SENT}"
RESTS = f"queued 0 after 1 min, queued 0 after 1 min, {SENT}"
FAILS = "failed 0, failed 0, failed 0"
NO_ADDRESS = "failed 0 no address, failed 0 no address, failed 0 no address"


@dataclass(frozen=True)
class Cell:
    """What Notify does with the first request, and with the first questions afterwards; what becomes of the email."""

    expected: str
    post: str = "201"
    gets: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    service: Callable[[NotifyService], NotifyService] = lambda service: service
    ahead: float = 0.0


def rests(minutes: int) -> str:
    """Say how an email ends that rests so long: its second round finds it resting."""
    return f"queued 0 after {minutes} min, queued 0 after {minutes} min, {SENT}"


CELLS = {
    "taken": Cell(f"{SENT}, {SENT}, {SENT}"),
    # What it says clearly.
    "no address": Cell(NO_ADDRESS, "400-address"),
    "no address, of old": Cell(NO_ADDRESS, "400-invalid"),
    "team-only key": Cell(FAILS, "400-team"),
    "trial mode": Cell(FAILS, "400-trial"),
    "no template": Cell(FAILS, "400-template"),
    "other placeholders": Cell(FAILS, "400-placeholder"),
    "no id of a template": Cell(FAILS, "400-id"),
    "400 in words": Cell(FAILS, "400-words"),
    "400 of another shape": Cell(FAILS, "400-odd"),
    "405": Cell(FAILS, "405"),
    "too large": Cell(FAILS, "413"),
    # What is so for every email.
    "no token": Cell(RESTS, "401"),
    "key revoked": Cell(RESTS, "403-revoked"),
    "service archived": Cell(RESTS, "403-archived"),
    "wrong secret": Cell(
        "queued 0 after 1 min, queued 0 after 1 min, queued 0 after 2 min",
        service=lambda service: replace(service, secret=notify_server.SERVICE),
    ),
    "wrong service": Cell(
        "queued 0 after 1 min, queued 0 after 1 min, queued 0 after 2 min",
        service=lambda service: replace(service, service_id=notify_server.SECRET),
    ),
    "clock behind": Cell("queued 0 after 1 min, queued 0 after 1 min, queued 0 after 2 min", ahead=300),
    "clock ahead": Cell("queued 0 after 1 min, queued 0 after 1 min, queued 0 after 2 min", ahead=-300),
    "clock not quite right": Cell(f"{SENT}, {SENT}, {SENT}", ahead=10),
    "nobody there": Cell(
        "queued 0 after 1 min, queued 0 after 1 min, queued 0 after 2 min",
        service=lambda service: replace(service, url="http://127.0.0.1:9"),
    ),
    "no TLS there": Cell(
        "queued 0 after 1 min, queued 0 after 1 min, queued 0 after 2 min",
        service=lambda service: replace(service, url=service.url.replace("http:", "https:")),
    ),
    "not Notify": Cell(RESTS, "404"),
    "sent elsewhere": Cell(RESTS, "302", headers=(("Location", "https://evil.example/"),)),
    "too slow a proxy": Cell(RESTS, "408"),
    # Too many.
    "rate": Cell(RESTS, "429"),
    "rate, said in seconds": Cell(rests(10), "429", headers=(("Retry-After", "600"),)),
    "rate, said as a moment": Cell(
        rests(15), "429", headers=(("Retry-After", format_datetime(NOW + timedelta(minutes=15), usegmt=True)),)
    ),
    "rate, said without sense": Cell(RESTS, "429", headers=(("Retry-After", "-5 soon"),)),
    "limit of the day": Cell("queued 0 after 961 min, queued 0 after 961 min, queued 0 after 841 min", "429-day"),
    # Out of order.
    "500": Cell(RESTS, "500"),
    "500 in words": Cell(RESTS, "500-words"),
    "503": Cell(RESTS, "503"),
    "503 with a time": Cell(rests(20), "503", headers=(("Retry-After", "1200"),)),
    # Nobody knows.
    "502, not taken": Cell(AGAIN, "502"),
    "502, taken": Cell(FOUND, "502 recorded"),
    "504, not taken": Cell(AGAIN, "504"),
    "504, taken": Cell(FOUND, "504 recorded"),
    "no answer, not taken": Cell(AGAIN, "stall"),
    "no answer, taken": Cell(FOUND, "stall recorded"),
    "cut before it was read": Cell(AGAIN, "cut-unread"),
    "cut, not taken": Cell(AGAIN, "cut"),
    "cut, taken": Cell(FOUND, "cut recorded"),
    "cut within the head": Cell(FOUND, "half-head recorded"),
    "cut within the body": Cell(FOUND, "half-body recorded"),
    "noise": Cell(FOUND, "noise recorded"),
    "200": Cell(FOUND, "200 recorded"),
    "202": Cell(FOUND, "202 recorded"),
    "201 in words": Cell(FOUND, "201-words recorded"),
    "201 of another shape": Cell(FOUND, "201-list recorded"),
    "201 without a name": Cell(FOUND, "201-nameless recorded"),
    # Nobody knows, and nobody can be asked at first.
    **{
        f"asked in vain: {get}": Cell(f"uncertain 1, uncertain 1, {SENT}", "cut recorded", (get,))
        for get in ("500", "502", "429", "403-revoked", "404", "stall", "cut", "half-body", "201-words", "202", "302")
    },
    "asked in vain, not taken": Cell(f"uncertain 0, uncertain 0, {SENT}", "cut", ("503",)),
}


@dataclass(slots=True)
class Way(NotifyTransport):
    """Waits long for a busy machine, and asks about a doubt soon all the same."""

    @property
    def tells_after(self) -> timedelta | None:
        """Say after what time a doubt can be asked about."""
        return ASKED_AFTER


def transport_to(server: NotifyServer, patience: float = PATIENCE) -> NotifyTransport:
    """Give the way to a Notify of a test."""
    service = NotifyService(server.url, notify_server.SERVICE, notify_server.SECRET, notify_server.TEMPLATE)
    return Way(service, timeout=patience)


def test_each_answer_of_notify_leaves_its_state(engine):
    found = {}

    with notify_server.running() as server:
        for name, cell in CELLS.items():
            found[name] = story(partial(unit_of_work, engine), server, name, cell)

    assert found == {name: cell.expected for name, cell in CELLS.items()}
    assert len(CELLS) >= 60


def story(open_session, server: NotifyServer, name: str, cell: Cell) -> str:
    """Send one email in three rounds: at once, when a doubt can be asked about, and two hours later."""
    # To a person of its own: a later email to the same one would settle a doubt.
    put(open_session, name, person_id=list(CELLS).index(name))
    server.held, server.next_posts, server.next_gets = [], [cell.post], list(cell.gets)
    server.headers, server.ahead = dict(cell.headers), cell.ahead
    stalls = ["stall" in cell.post, any("stall" in one for one in cell.gets), False]
    told = []
    for moment, does_not_answer in zip((NOW, NOW + 2 * ASKED_AFTER, NOW + timedelta(hours=2)), stalls, strict=True):
        transport = transport_to(server, HASTE if does_not_answer else PATIENCE)
        transport.service = cell.service(transport.service)
        deliver_waiting(
            open_session, transport, lambda *_: Mail("Subject", "Text", "<p>Text</p>"), lambda at=moment: at
        )
        told.append(standing(open_session, server, name, moment if len(told) == 2 else NOW))
    with open_session() as session:
        session.exec(update(Message).where(col(Message.state) != "sent").values(state="superseded"))
    return ", ".join(told)


def put(open_session, key: str, person_id: int = 1) -> None:
    """Put one email in."""
    with open_session() as session:
        outbox.put(
            session,
            kind="action_reminder",
            person_id=person_id,
            to_name="Joy Okafor",
            to_address="joy@agency.example",
            about="A214",
            key=key,
            facts={},
            due_at=NOW,
            planned_at=NOW,
            routine=True,
        )


def standing(open_session, server: NotifyServer, key: str, since: datetime) -> str:
    """Say how an email stands, and how many of it Notify holds; one that is sent bears the name that Notify gave."""
    with open_session() as session:
        message = session.exec(select(Message).where(Message.key == key)).one()
        held = server.named(message_id_of(message))
        if message.state == "sent":
            assert message.provider_id in {one["id"] for one in held}
        rest = f" after {(message.not_before - since) // timedelta(minutes=1)} min" if message.state == "queued" else ""
        return f"{message.state} {len(held)}{rest}{' no address' if message.address_refused else ''}"
