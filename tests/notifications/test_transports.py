"""The folder, and what an email looks like on its way."""

import email
import os
import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import parsedate_to_datetime
from pathlib import Path
from threading import Thread

import pytest

from notifications.folder import FolderTransport
from notifications.rendering import Mail
from notifications.transports import OutgoingMail, PermanentRefusal, TemporaryRefusal, as_bytes
from notifications.ways_out import transport_for
from tests.forking import CONTEXT

NOW = datetime(2021, 1, 15, 8, 0, tzinfo=UTC)
MAIL = Mail(
    subject="1 action needs an update: A214",
    text="Dear Joy,\n\nit’s due.\n",
    html="<p>Dear Joy,</p>\n<p>it’s due.</p>\n",
    from_name="Northmere Safeguarding Children Partnership",
    reply_to="businessunit@northmere.example",
)
HOSTILE = [
    "=?utf-8?q?x=0D=0ABcc:_evil@e.example?=",
    "x\r\nBcc: evil@e.example",
    "x\nReply-To: evil@e.example",
    "x\u2028Bcc: evil@e.example",
    "=\u200b?utf-8?q?x=0D=0ABcc:_evil@e.example?=",
    "x\x00\x0b\x0c\x85Bcc: evil@e.example",
]
NO_ADDRESSES = [
    *("a@b, c@d.example", "joé@agency.example", "<a@b>", "a@b.example> SIZE=1", "a b@c.example", "a@b\x00.example"),
    *("a@b.example\x7f", "a@b.example\r\nRCPT TO:<evil@e.example>", "a@b.example\n", "j" * 250 + "@b.example"),
]


def at_once() -> None:
    """Let the last step be taken."""


def outgoing(mail: Mail = MAIL, **facts: object) -> OutgoingMail:
    """Give an email that is ready to go, dull but for what the test names."""
    given = {
        "message_id": "<57.0123456789abcdef@learning-tracker>",
        "kind": "action_reminder",
        "to_address": "joy@agency.example",
        "sent_at": NOW,
    }
    return OutgoingMail(mail=mail, **{**given, **facts})


def read(content: bytes) -> EmailMessage:
    """Read an email as its recipient's program does."""
    return email.message_from_bytes(content, policy=default)


def test_an_email_travels_with_these_headers_and_both_shapes():
    message = read(as_bytes(outgoing()))

    assert [(name, str(value)) for name, value in message.items()] == [
        ("From", "Northmere Safeguarding Children Partnership <learning-tracker@localhost>"),
        ("To", "joy@agency.example"),
        ("Reply-To", "businessunit@northmere.example"),
        ("Subject", "1 action needs an update: A214"),
        ("Date", "Fri, 15 Jan 2021 08:00:00 +0000"),
        ("Message-ID", "<57.0123456789abcdef@learning-tracker>"),
        ("Auto-Submitted", "auto-generated"),
        ("MIME-Version", "1.0"),
        ("Content-Type", 'multipart/alternative; boundary="=_570123456789abcdeflearningtracker"'),
    ]
    assert message.get_body(("plain",)).get_content().replace("\r\n", "\n") == MAIL.text
    assert message.get_body(("html",)).get_content().replace("\r\n", "\n") == MAIL.html


def test_the_same_email_is_the_same_bytes():
    assert as_bytes(outgoing()) == as_bytes(outgoing())


def test_an_email_has_lines_of_rfc_5322_and_seven_bits():
    lines = as_bytes(outgoing(Mail(subject="x", text="é" * 3000, html="ü" * 3000))).split(b"\r\n")

    assert max(len(line) for line in lines) <= 998
    assert b"".join(lines).isascii()
    assert b"\n" not in b"".join(lines)


@pytest.mark.parametrize(
    ("moment", "date"),
    [
        (datetime(2021, 3, 28, 0, 59, tzinfo=UTC), "Sun, 28 Mar 2021 00:59:00 +0000"),
        (datetime(2021, 3, 28, 1, 0, tzinfo=UTC), "Sun, 28 Mar 2021 02:00:00 +0100"),
        (datetime(2021, 7, 1, 7, 0, tzinfo=UTC), "Thu, 01 Jul 2021 08:00:00 +0100"),
        (datetime(2021, 10, 31, 0, 30, tzinfo=UTC), "Sun, 31 Oct 2021 01:30:00 +0100"),
        (datetime(2021, 10, 31, 1, 30, tzinfo=UTC), "Sun, 31 Oct 2021 01:30:00 +0000"),
    ],
)
def test_the_date_is_the_moment_of_the_service_across_both_clock_changes(moment, date):
    message = read(as_bytes(outgoing(sent_at=moment)))

    assert message["Date"] == date
    assert parsedate_to_datetime(message["Date"]) == moment


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_ends_a_header_or_is_decoded_into_one(text):
    mail = Mail(subject=text, text="x\n", html="x", from_name=text, reply_to=None)

    content = as_bytes(outgoing(mail))

    again = email.message_from_bytes(read(content).as_bytes(policy=SMTP), policy=default)
    wanted = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]
    assert [read(content).keys(), again.keys()] == [wanted, wanted]
    assert b"=?utf-8?q?x=0D" not in content


@pytest.mark.parametrize("address", [*HOSTILE, "", "joy", "joy@", *NO_ADDRESSES])
def test_what_is_no_address_is_refused_for_good(address):
    with pytest.raises(PermanentRefusal):
        as_bytes(outgoing(to_address=address))


def test_a_folder_names_its_emails_in_the_order_of_sending_whatever_the_clock_says(tmp_path):
    transport = transport_for(f"folder:{tmp_path / 'mail'}")
    moments = [NOW, NOW, NOW + timedelta(days=1), NOW - timedelta(days=1)]

    names = [transport.send(outgoing(sent_at=moment), at_once).provider_id for moment in moments]

    assert names == [
        "00000001-20210115T080000Z-action_reminder.eml",
        "00000002-20210115T080000Z-action_reminder.eml",
        "00000003-20210116T080000Z-action_reminder.eml",
        "00000004-20210114T080000Z-action_reminder.eml",
    ]
    assert sorted(path.name for path in (tmp_path / "mail").glob("*.eml")) == names


def test_a_folder_holds_the_email_exactly_as_it_was_sent(tmp_path):
    receipt = FolderTransport(tmp_path).send(outgoing(), at_once)

    assert (tmp_path / receipt.provider_id).read_bytes() == as_bytes(outgoing())


def test_a_folder_that_was_moved_goes_on_counting(tmp_path):
    (tmp_path / "00000041-20210101T080000Z-action_reminder.eml").write_bytes(b"")

    receipt = FolderTransport(tmp_path).send(outgoing(), at_once)

    assert receipt.provider_id == "00000042-20210115T080000Z-action_reminder.eml"


def test_an_email_is_in_the_folder_whole_or_not_at_all(tmp_path, monkeypatch):
    seen: list[list[str]] = []
    sync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda file: (seen.append([p.name for p in tmp_path.glob("*.eml")]), sync(file)))

    FolderTransport(tmp_path).send(outgoing(), at_once)

    # Nothing under its name until its bytes are on the disk; then the name is put on the disk as well.
    assert seen == [[], ["00000001-20210115T080000Z-action_reminder.eml"]]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".last-number",
        "00000001-20210115T080000Z-action_reminder.eml",
    ]


def test_a_folder_finds_what_was_handed_over_and_nothing_else(tmp_path):
    transport = FolderTransport(tmp_path)
    transport.send(outgoing(message_id="<5.0@learning-tracker>"), at_once)
    receipt = transport.send(outgoing(), at_once)

    found = [transport.find(name) for name in (outgoing().message_id, "<57.0@learning-tracker>")]

    assert found == [receipt, None]


def test_a_folder_that_is_asked_waits_for_whoever_writes(tmp_path):
    transport, found = FolderTransport(tmp_path), []
    asking = Thread(target=lambda: found.append(transport.find(outgoing().message_id)))

    def ask_meanwhile() -> None:
        asking.start()
        asking.join(0.2)
        assert asking.is_alive()

    receipt = transport.send(outgoing(), ask_meanwhile)
    asking.join()

    assert found == [receipt]


def test_a_folder_that_cannot_be_read_refuses_for_now(tmp_path):
    (tmp_path / "00000001-20210115T080000Z-action_reminder.eml").mkdir()

    with pytest.raises(TemporaryRefusal) as refused:
        FolderTransport(tmp_path).find("<1.0@learning-tracker>")

    assert str(refused.value) == "The mail folder cannot be read: Is a directory."


def test_a_folder_that_is_not_there_yet_finds_nothing(tmp_path):
    assert FolderTransport(tmp_path / "mail").find("<1.0@learning-tracker>") is None


def send_ten(folder: Path) -> None:
    """Send ten emails, in a process of its own."""
    for _ in range(10):
        FolderTransport(folder).send(outgoing(), at_once)


def test_four_processes_that_share_a_folder_never_share_a_name(tmp_path):
    processes = [CONTEXT.Process(target=send_ten, args=(tmp_path,)) for _ in range(4)]

    for process in processes:
        process.start()
    for process in processes:
        process.join(60)

    assert [process.exitcode for process in processes] == [0] * 4
    numbers = sorted(int(re.match(r"\d+", path.name)[0]) for path in tmp_path.glob("*.eml"))
    assert numbers == list(range(1, 41))
