"""Everything a mail server can do to a message: what becomes of it, how many copies there are, and what of the next."""

import shutil
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import pytest
from sqlalchemy import Engine, delete

from notifications import outbox
from notifications.delivery import deliver_waiting
from notifications.outbox import Message
from notifications.smtp import SmtpTransport
from notifications.smtp_line import Timeouts
from notifications.smtp_place import MailPlace, Security
from notifications.transports import Commit, OutgoingMail, Receipt
from tests.notifications.smtp_cells import CELLS, GOES, Became, Cell
from tests.notifications.smtp_server import Play, SmtpServer
from tests.notifications.test_outbox import NOW, OpenSession, at, put_some, written
from tracker import database
from tracker.database import unit_of_work

SENDER = "reviews@partnership.example"
PATIENT = Timeouts(connect=120, command=120, end=120)
# Seconds that a silent server is given: more, where the machine was busy before it came to its silence.
HASTE = (0.25, 2.0, 16.0)
ON_BOTH = ["nothing", "4xx at rcpt", "cut at the dot", "silence at the dot", "cut at the second message, and again"]


@pytest.fixture(scope="module")
def one_engine(sqlite_template, tmp_path_factory) -> Iterator[Engine]:
    """Give an engine for all cells: what it has learnt of the statements is most of the work of a cell."""
    path = tmp_path_factory.mktemp("matrix") / "tracker.db"
    shutil.copyfile(sqlite_template, path)
    engine = database.engine_for(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture
def empty_outbox(one_engine) -> OpenSession:
    """Give the way to a unit of work on an outbox that holds nothing."""
    with unit_of_work(one_engine) as session:
        session.exec(delete(Message))
    return partial(unit_of_work, one_engine)


@dataclass(slots=True)
class Waiting(SmtpTransport):
    """Writes down that a message may go only when the server has done what it does while it reads."""

    until: Callable[[], object] = lambda: None
    afterwards: Timeouts = PATIENT

    def send(self, outgoing: OutgoingMail, commit: Commit) -> Receipt:
        """Send, the last step in time."""

        def then() -> None:
            self.until()
            commit()

        try:
            # Without arguments `super` would ask the class that slots have replaced.
            return SmtpTransport.send(self, outgoing, then)
        finally:
            self.timeouts = self.afterwards


def timeouts(cell: Cell, haste: float) -> Timeouts:
    """Give patience for every step but the one at which the server is silent: a test may have to wait its turn."""
    if not cell.waits:
        return PATIENT
    if "dot" in cell.script or "body" in cell.script:
        return replace(PATIENT, end=haste)
    return replace(PATIENT, connect=haste) if "quit" in cell.script else replace(PATIENT, command=haste)


def through(cell: Cell, server: SmtpServer, certificates, haste: float) -> Waiting:
    """Give the way to a server that plays the cell."""
    record = server.plays(Play(cell.script, certificates.shown[cell.certificate], cell.is_encrypted, cell.offers))
    user, password = (None, None) if cell.security is Security.OFF else ("joy", "geheim")
    place = MailPlace("localhost", server.port, cell.security, user, password)
    until = (lambda: record.has_interrupted.wait(120)) if cell.is_interrupted else lambda: None
    first = timeouts(cell, haste)
    afterwards = PATIENT if cell.second == GOES else first
    return Waiting(place, SENDER, certificates.trusting, first, until=until, afterwards=afterwards)


def became(message: Message) -> str:
    """Say what became of a message."""
    if message.state == "queued":
        return "rests" if message.not_before > NOW and message.last_error else "waits"
    return "failed, address refused" if message.address_refused else message.state


def outcome(open_session: OpenSession, transport: SmtpTransport, server: SmtpServer) -> tuple[Became, Became]:
    """Let two messages go and say what became of each, and how many copies of it the server took."""
    put_some(open_session, "1", to_address="one@agency.example")
    put_some(open_session, "2", to_address="two@agency.example")
    deliver_waiting(open_session, transport, written, at(NOW))
    copies = Counter(taken.recipient for taken in server.record.taken)
    with open_session() as session:
        first, second = outbox.messages(session)
        return (became(first), copies[first.to_address]), (became(second), copies[second.to_address])


def played(cell: Cell, engine: Engine, server: SmtpServer, certificates) -> tuple[Became, Became]:
    """Play a cell to its end, and give the outcome; again, where the sender gave up before the server was silent."""
    for haste in HASTE:
        with unit_of_work(engine) as session:
            session.exec(delete(Message))
        found = outcome(partial(unit_of_work, engine), through(cell, server, certificates, haste), server)
        if not any(server.record.script.values()):
            break
    return found


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
def test_a_message_becomes(cell, mail_server, certificates, one_engine):
    found = played(cell, one_engine, mail_server, certificates)

    assert found == (cell.first, cell.second)
    assert not any(mail_server.record.script.values())


@pytest.mark.parametrize("cell", [cell for cell in CELLS if cell.name in ON_BOTH], ids=lambda cell: cell.name)
def test_a_message_becomes_the_same_on_postgresql(cell, mail_server, certificates, postgresql_engine):
    found = played(cell, postgresql_engine, mail_server, certificates)

    assert found == (cell.first, cell.second)
    assert not any(mail_server.record.script.values())


def test_the_matrix_has_cells_enough_and_each_once():
    names = [cell.name for cell in CELLS]
    print(f"the matrix of mail servers has {len(CELLS)} cells")

    assert len(names) >= 60
    assert [name for name in names if names.count(name) > 1] == []


NOT_THERE = (("rests", 0), ("rests", 0))


def test_where_nobody_listens_messages_rest(mail_server, empty_outbox):
    with socket.socket() as nobody:
        # It is held, and nobody else gets it, but it does not listen.
        nobody.bind(("127.0.0.1", 0))
        transport = SmtpTransport(MailPlace("127.0.0.1", nobody.getsockname()[1]), SENDER, timeouts=PATIENT)

        assert outcome(empty_outbox, transport, mail_server) == NOT_THERE


def test_where_the_name_is_not_known_messages_rest(mail_server, empty_outbox):
    transport = SmtpTransport(MailPlace("a" * 64 + ".example", 25), SENDER, timeouts=PATIENT)

    assert outcome(empty_outbox, transport, mail_server) == NOT_THERE


def test_where_nobody_takes_a_connection_messages_rest(mail_server, empty_outbox):
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, socket.create_connection(full.getsockname()):
        transport = SmtpTransport(
            MailPlace("127.0.0.1", full.getsockname()[1]), SENDER, timeouts=replace(PATIENT, connect=HASTE[0])
        )

        assert outcome(empty_outbox, transport, mail_server) == NOT_THERE
