"""Sending by a mail server: the dialogue, the connection that is kept, doubts, and what nobody may put into either."""

import email
import logging
import re
import socket
from dataclasses import replace
from datetime import timedelta
from email.policy import default
from functools import partial
from time import monotonic

import pytest

from notifications import outbox
from notifications.delivery import deliver_waiting
from notifications.rendering import Mail, compose
from notifications.smtp import SmtpTransport
from notifications.smtp_line import Line, Timeouts
from notifications.smtp_place import MailPlace
from notifications.transports import PermanentRefusal, Receipt, TemporaryRefusal, Unreachable, as_bytes
from tests.notifications.letters import everything
from tests.notifications.real_smtp import running_real_server
from tests.notifications.smtp_server import CUTS, GOES_ON_AND_CUTS, Act, Play, Record
from tests.notifications.test_outbox import NOW, at, put_some, states, written
from tests.notifications.test_transports import HOSTILE, NO_ADDRESSES, at_once, outgoing
from tests.waiting import until
from tracker.database import unit_of_work

SENDER = "reviews@partnership.example"
PATIENT = Timeouts(connect=120, command=120, end=120)
USER, PASSWORD = "joy@agency.example", "hünter2 €"
OPENING = ["ehlo partnership.example", "STARTTLS", "ehlo partnership.example", "AUTH PLAIN"]


@pytest.fixture
def open_session(engine):
    """Give the way to open a unit of work, on each database."""
    return partial(unit_of_work, engine)


@pytest.fixture
def transport(mail_server, certificates):
    """Give the way to the mail server, encrypted and signed in."""
    place = MailPlace("localhost", mail_server.port, user=USER, password=PASSWORD)
    transport = SmtpTransport(place, SENDER, certificates.trusting, PATIENT)
    yield transport
    transport.close()


def plays(mail_server, certificates, **facts) -> Record:
    """Let the mail server do something of its own."""
    return mail_server.plays(Play(certificate=certificates.shown["right"], **facts))


def spoken(record: Record) -> list[list[str]]:
    """Give the commands of each connection, without what is secret."""
    return [[re.sub(r"^(AUTH \w+) .*", r"\1", line) for line in connection] for connection in record.said]


def of_message(recipient: str) -> list[str]:
    """Give the commands with which one email goes."""
    return [f"MAIL FROM:<{SENDER}>", f"RCPT TO:<{recipient}>", "DATA"]


def test_an_email_reaches_a_real_mail_server_as_it_was_written(certificates):
    dots = Mail(subject="x", text=".\n..\n.x\n\r.\r\n.\r", html="<p>.</p>\n.\n")
    sent = [outgoing(), outgoing(dots, message_id="<58.0@learning-tracker>", to_address="two@agency.example")]

    with running_real_server(certificates.shown["right"]) as box:
        place = MailPlace("localhost", box.port, user=USER, password=PASSWORD)
        transport = SmtpTransport(place, SENDER, certificates.trusting, PATIENT)
        receipts = [transport.send(one, at_once) for one in sent]
        transport.close()

    assert receipts == [Receipt(provider_id=one.message_id) for one in sent]
    assert box.taken == [(SENDER, [one.to_address], as_bytes(one, SENDER)) for one in sent]
    assert box.sign_ins == [("PLAIN", USER, PASSWORD)]


def test_the_connection_is_kept_and_ended_with_a_goodbye(transport, mail_server):
    for number in range(3):
        transport.send(outgoing(to_address=f"{number}@agency.example"), at_once)
    transport.close()
    transport.close()

    assert spoken(mail_server.record) == [
        [*OPENING, *(line for number in range(3) for line in of_message(f"{number}@agency.example")), "QUIT"]
    ]


def test_a_connection_that_ended_meanwhile_is_opened_anew(transport, mail_server, certificates):
    record = plays(mail_server, certificates, script={"dot": [GOES_ON_AND_CUTS]})

    for number in range(2):
        transport.send(outgoing(to_address=f"{number}@agency.example"), at_once)

    assert spoken(record) == [[*OPENING, *of_message(f"{number}@agency.example")] for number in range(2)]
    assert len(record.taken) == 2


def test_after_a_refusal_the_server_forgets_the_message_and_listens_to_the_next(transport, mail_server, certificates):
    record = plays(mail_server, certificates, script={"rcpt": [Act("550 5.1.1 nobody")]})

    with pytest.raises(PermanentRefusal):
        transport.send(outgoing(to_address="no@agency.example"), at_once)
    transport.send(outgoing(), at_once)

    lines = [*of_message("no@agency.example")[:2], "RSET", *of_message("joy@agency.example")]
    assert spoken(record) == [[*OPENING, *lines]]


@pytest.mark.parametrize("answer", ["421 4.3.2 going down", "what?", "299 well", "354 go on"])
def test_a_server_that_goes_or_makes_no_sense_is_left(transport, mail_server, certificates, answer):
    record = plays(mail_server, certificates, script={"rcpt": [Act(answer)]})

    with pytest.raises(Unreachable):
        transport.send(outgoing(to_address="no@agency.example"), at_once)
    transport.send(outgoing(), at_once)

    assert spoken(record) == [
        [*OPENING, *of_message("no@agency.example")[:2]],
        [*OPENING, *of_message("joy@agency.example")],
    ]


def test_a_letter_now_and_then_does_not_make_the_patience_begin_anew(transport, mail_server, certificates):
    plays(mail_server, certificates, script={"mail": [Act("250 " + "o" * 400, pace=0.2)]})
    transport.timeouts = replace(PATIENT, command=2)
    begun = monotonic()

    with pytest.raises(Unreachable) as refused:
        transport.send(outgoing(), at_once)

    assert str(refused.value) == "The mail server localhost did not answer in time before it had the whole email."
    # All of it would take eighty seconds.
    assert monotonic() - begun < 60


def test_an_answer_that_is_there_counts_however_late_this_process_comes_to_read_it():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as ours:
        theirs, _ = server.accept()
        theirs.sendall(b"250-taken\r\n250 as 4F1A2B\r\n")
        until(lambda: ours.recv(64, socket.MSG_PEEK).endswith(b"4F1A2B\r\n"))

        assert Line(ours, "partnership.example", PATIENT).hear(seconds=0).code == 250
        theirs.close()


class Stop(Exception):
    """What a commit may raise."""


def test_what_commit_raises_stops_the_email_before_its_dot(transport, mail_server):
    def stop() -> None:
        raise Stop

    with pytest.raises(Stop):
        transport.send(outgoing(), stop)
    transport.send(outgoing(to_address="two@agency.example"), at_once)

    record = mail_server.record
    assert [taken.recipient for taken in record.taken] == ["two@agency.example"]
    assert spoken(record) == [[*OPENING, *of_message(f"{name}@agency.example")] for name in ("joy", "two")]
    # Its connection ends in its own time.
    until(lambda: len(record.unended) == 1)


def test_commit_comes_when_the_server_has_all_but_the_dot(transport, mail_server):
    seen = []

    transport.send(outgoing(), lambda: seen.append((spoken(mail_server.record)[0][-1], len(mail_server.record.taken))))

    assert seen == [("DATA", 0)]


def test_a_mail_server_cannot_be_asked_afterwards(transport):
    with pytest.raises(TemporaryRefusal) as refused:
        transport.find("<57.0@learning-tracker>")

    assert transport.tells_after is None
    assert str(refused.value) == "A mail server does not say which emails it has taken."


@pytest.mark.parametrize("address", [*HOSTILE, *NO_ADDRESSES])
def test_an_address_that_is_none_reaches_no_server(transport, mail_server, address):
    with pytest.raises(PermanentRefusal) as refused:
        transport.send(outgoing(to_address=address), at_once)

    assert refused.value.of_address
    assert mail_server.record.said == []


SAYS = {
    "The mail server answered 535 5.7.8 to user and password. Look at TRACKER_MAIL.": {
        "script": {"auth": [Act("535 5.7.8 {echo}")]}
    },
    "The mail server offers no sign-in with a password. Look at user and password in TRACKER_MAIL.": {
        "offers": ("STARTTLS", "AUTH GSSAPI")
    },
    "The mail server localhost offers no encryption (STARTTLS), so nothing is sent. Look at TRACKER_MAIL: smtps:// if "
    "it encrypts from the start, ?starttls=off if it never does.": {"offers": ("AUTH PLAIN",)},
    "The mail server greeted with 554 5.7.1.": {"script": {"greeting": [Act("554 5.7.1 {echo}")]}},
    "The mail server greeted with something that is no answer.": {"script": {"greeting": [Act("{echo}")]}},
    "The mail server answered our greeting (EHLO) with 502.": {"script": {"ehlo": [Act("502 {echo}")]}},
    "The mail server answered our wish for encryption (STARTTLS) with 454 4.7.0.": {
        "script": {"starttls": [Act("454 4.7.0 {echo}")]}
    },
    "The mail server localhost broke the connection before it took any email.": {"script": {"auth": [CUTS]}},
    "The mail server localhost broke the connection before it had the whole email.": {"script": {"rcpt": [CUTS]}},
    "The mail server answered 451 4.3.0 to the sender's address; it is tried again.": {
        "script": {"mail": [Act("451 4.3.0 {echo}")]}
    },
    "The mail server answered 550 5.1.1 to the recipient's address and will not take it.": {
        "script": {"rcpt": [Act("550 5.1.1 {echo}")]}
    },
    "The mail server answered 530 5.7.0 to the sender's address: it wants a sign-in, or an encrypted line. "
    "Look at TRACKER_MAIL.": {"script": {"mail": [Act("530 5.7.0 {echo}")]}},
    "The mail server answered 421 to the email.": {"script": {"data": [Act("421 {echo}")]}},
    "The mail server answered 554 to the whole email and will not take it.": {"script": {"dot": [Act("554 {echo}")]}},
    "The mail server broke the connection when it had the whole email: it may have gone.": {"script": {"dot": [CUTS]}},
    "The mail server answered something that is no answer when it had the whole email: it may have gone.": {
        "script": {"dot": [Act("{echo}")]}
    },
}
ECHO = f"{USER} {PASSWORD} A214 Share health visitor records"


@pytest.mark.parametrize("sentence", SAYS)
def test_a_refusal_is_a_sentence_that_says_where_to_look_and_nothing_of_what_the_server_said(
    transport, mail_server, certificates, sqlite_engine, caplog, capfd, sentence
):
    caplog.set_level(logging.DEBUG)
    script = {
        step: [Act(act.says and act.says.replace("{echo}", ECHO), cuts=act.cuts) for act in acts]
        for step, acts in SAYS[sentence].get("script", {}).items()
    }
    plays(mail_server, certificates, **{**SAYS[sentence], "script": script})
    open_session = partial(unit_of_work, sqlite_engine)
    put_some(open_session, "1")

    deliver_waiting(open_session, transport, written, at(NOW))

    with open_session() as session:
        (message,) = outbox.messages(session)
    assert message.last_error == sentence
    printed = capfd.readouterr()
    shown = caplog.text + printed.out + printed.err + repr(transport)
    assert [word for word in (*ECHO.split(" "), "hunter", "echo") if word in shown] == []


CERTIFICATES = {
    "run out": "has run out",
    "of another name": "is for another name: look at the name in TRACKER_MAIL",
    "of another authority": "is from no authority that this machine trusts: SSL_CERT_FILE may name a file with the "
    "right one",
}


@pytest.mark.parametrize("certificate", CERTIFICATES)
def test_a_wrong_certificate_is_named_for_what_is_wrong_with_it(transport, mail_server, certificates, certificate):
    record = mail_server.plays(Play(certificate=certificates.shown[certificate]))

    with pytest.raises(Unreachable) as refused:
        transport.send(outgoing(), at_once)

    why = CERTIFICATES[certificate]
    assert str(refused.value) == f"The certificate of the mail server localhost {why}, so nothing is sent."
    assert spoken(record) == [OPENING[:2]]


def test_one_bad_in_a_hundred_leaves_99_sent_on_one_connection(transport, mail_server, certificates, open_session):
    for number in range(100):
        put_some(open_session, f"{number:02}", to_address=f"{number:02}@agency.example")
    script = {"rcpt": [Act(is_as_usual=True)] * 41 + [Act("550 5.1.1 nobody")]}
    record = plays(mail_server, certificates, script=script)

    count = deliver_waiting(open_session, transport, written, at(NOW))

    assert (count.sent, count.failed, count.waiting) == (99, 1, 0)
    assert len(record.said) == 1
    assert sorted(taken.recipient[:2] for taken in record.taken) == [f"{n:02}" for n in range(100) if n != 41]


def rounds(open_session, transport, minutes: list[int]) -> list[str]:
    """Deliver at each of these minutes and say each time how the only message stands."""
    stands = []
    for minute in minutes:
        deliver_waiting(open_session, transport, written, at(NOW + timedelta(minutes=minute)))
        stands.extend(state for _, state in states(open_session))
    return stands


def test_a_reminder_in_doubt_is_not_sent_again(transport, mail_server, certificates, open_session):
    record = plays(mail_server, certificates, script={"dot": [CUTS]})
    put_some(open_session, "1")

    assert rounds(open_session, transport, [0, 1, 15, 16, 24 * 60, 14 * 24 * 60]) == ["uncertain"] * 6
    assert len(record.taken) == 1


def test_a_statutory_email_in_doubt_goes_once_more_under_the_same_name(
    transport, mail_server, certificates, open_session
):
    record = plays(mail_server, certificates, script={"dot": [CUTS]})
    put_some(open_session, "1", critical=True, routine=False)

    assert rounds(open_session, transport, [0, 14, 15, 30, 24 * 60]) == ["uncertain", "uncertain", *["sent"] * 3]
    assert len(record.taken) == 2
    assert len({email.message_from_bytes(taken.content)["Message-ID"] for taken in record.taken}) == 1


def test_a_statutory_email_that_is_in_doubt_twice_stays_so(transport, mail_server, certificates, open_session):
    record = plays(mail_server, certificates, script={"dot": [CUTS, CUTS]})
    put_some(open_session, "1", critical=True, routine=False)

    assert rounds(open_session, transport, [0, 15, 30, 45, 24 * 60]) == ["uncertain"] * 5
    assert len(record.taken) == 2


WANTED = ["From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]
WANTED_OF_ROUTINE = [*WANTED[:-2], "List-Unsubscribe", *WANTED[-2:]]


@pytest.mark.parametrize("text", [*HOSTILE, "x\r\n.\r\nMAIL FROM:<evil@e.example>\r\n", "\n.\n", "x\r\n\r\nBody", "."])
def test_no_name_or_title_puts_a_header_or_a_command_into_what_the_server_gets(
    transport, mail_server, sqlite_engine, text
):
    open_session = partial(unit_of_work, sqlite_engine)
    letters = everything(text, name=text)
    for number, (kind, _) in enumerate(letters):
        put_some(open_session, f"{number:02}", kind=kind, to_name=text, about=text, person_id=number)

    count = deliver_waiting(
        open_session, transport, lambda _, message: compose(message.kind, letters[int(message.key)][1]), at(NOW)
    )

    record = mail_server.record
    assert (count.sent, len(record.taken), len(record.unended)) == (len(letters), len(letters), 0)
    assert spoken(record) == [[*OPENING, *of_message("joy@agency.example") * len(letters), "QUIT"]]
    parsed = [email.message_from_bytes(taken.content, policy=default) for taken in record.taken]
    stops = [compose(kind, facts).stopped_at is not None for kind, facts in letters]
    assert [message.keys() for message in parsed] == [WANTED_OF_ROUTINE if may_stop else WANTED for may_stop in stops]
    assert {part.get_content_type() for message in parsed for part in message.walk() if not part.is_multipart()} == {
        "text/plain",
        "text/html",
        "text/calendar",
    }
