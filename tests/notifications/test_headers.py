"""An email written by hand is the one that Python's library writes, and written several times as fast."""

import email
import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, default

import pytest

from notifications.moments import LONDON
from notifications.rendering import Mail, compose, safe_header
from notifications.transports import OutgoingMail, as_bytes
from tests.notifications.letters import everything
from tests.notifications.test_transports import HOSTILE, outgoing

SENDER = "reviews@partnership.example"
TEXTS = [
    *HOSTILE,
    *("", "Plain", "Café", "£5", "a" * 200, "x, y: z.", "  two  blanks ", "a;b", "(c)", '"q"', "o'neil & sons/co"),
    *("=?x?=", "word " * 30, "tab\tx", "...", ".", "é " * 60, "a@b.example", "<x>", "x=20y", "under_score", "-", "'"),
    *("a" * 69, "a" * 70, "a " * 36 + "b", "1 action needs an update: A214", "A214, A215 and 3 more", "{x}|~`^%#!"),
]


def by_library(outgoing: OutgoingMail) -> bytes:
    """Write an email with Python's library alone."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(safe_header(outgoing.mail.from_name), addr_spec=SENDER)
    message["To"] = Address(addr_spec=outgoing.to_address)
    if outgoing.mail.reply_to:
        message["Reply-To"] = Address(addr_spec=outgoing.mail.reply_to)
    message["Subject"] = safe_header(outgoing.mail.subject)
    message["Date"] = outgoing.sent_at.astimezone(LONDON)
    message["Message-ID"] = outgoing.message_id
    message["Auto-Submitted"] = "auto-generated"
    if outgoing.mail.stopped_at:
        message["List-Unsubscribe"] = f"<{outgoing.mail.stopped_at}>"
    message.set_content(outgoing.mail.text, cte="quoted-printable")
    message.add_alternative(outgoing.mail.html, subtype="html", cte="quoted-printable")
    boundary = "=_" + re.sub(r"\W", "", outgoing.message_id)
    message.set_boundary(boundary)
    if outgoing.mail.calendar is not None:
        message.add_attachment(
            outgoing.mail.calendar.text,
            subtype="calendar",
            cte="base64",
            filename="meetings.ics",
            params={"method": outgoing.mail.calendar.method},
        )
        message.set_boundary(f"=_all_{boundary}")
    return message.as_bytes()


def read(content: bytes) -> tuple[bytes, list[str], list[object]]:
    """Give the lines above an email, its text and HTML as its reader sees them, and the files beside it."""
    message = email.message_from_bytes(content, policy=default)
    words = [message.get_body((kind,)).get_content() for kind in ("plain", "html")]
    files = [
        (one.get_filename(), one.get_content(), dict(one["Content-Type"].params)) for one in message.iter_attachments()
    ]
    return content.partition(b"\r\n\r\n")[0], words, files


@pytest.mark.parametrize("text", TEXTS)
def test_an_email_written_by_hand_is_the_one_of_the_library(text):
    mails = [
        Mail(subject=text, text=text + "\n", html=f"<p>{text}</p>", from_name=text, reply_to="r@b.example"),
        Mail(subject="x", text=text, html=f"\n{text}  \n\n.\n From x\r y\r\n", from_name="N"),
        *(compose(kind, facts) for kind, facts in everything(text, name=text)),
    ]
    letters = [outgoing(mail) for mail in mails]

    written = [as_bytes(letter, SENDER) for letter in letters]

    assert [read(content) for content in written] == [read(by_library(letter)) for letter in letters]
    assert [content for content in written if not content.isascii() or re.search(rb"(?<!\r)\n|\r(?!\n)", content)] == []
    assert max(len(line) for content in written for line in content.split(b"\r\n")[10:]) <= 78


def test_a_header_of_ours_that_would_be_two_is_not_written():
    with pytest.raises(ValueError) as refused:
        as_bytes(outgoing(message_id="<1.0@learning-tracker>\r\nBcc: <evil@e.example>"), SENDER)

    assert str(refused.value) == "Message-ID holds what no header of ours does."


PAGE = f"https://reviews.partnership.example:8443/tracker/u/{'a' * 22}.{'b' * 43}/emails"


def headers_of(stopped_at):
    content = as_bytes(outgoing(Mail("x", "x", "x", stopped_at=stopped_at)), SENDER)
    return {name: str(value) for name, value in email.message_from_bytes(content, policy=default).items()}


def test_a_mail_program_is_told_the_page_where_such_emails_are_stopped_and_nothing_that_it_could_do_by_itself():
    headers = headers_of(PAGE)

    assert (headers["List-Unsubscribe"], "List-Unsubscribe-Post" in headers) == (f"<{PAGE}>", False)


@pytest.mark.parametrize(
    "address",
    [
        None,
        *(PAGE + text for text in HOSTILE),
        *(text + PAGE for text in HOSTILE),
        *(f"{PAGE}\r\nBcc: evil@e.example", f"{PAGE}>, <mailto:evil@e.example", f"{PAGE}?next=https://evil.example"),
        *("https://trácker.example/u/a.b/emails", "https://x@e.example/u/a.b/emails", "javascript:/u/a.b/emails"),
        *("https://x.example/u/a.b", f"https://{'x' * 900}/u/a.b/emails", f"{PAGE}\n", f" {PAGE}", ""),
    ],
)
def test_what_is_no_page_behind_a_link_of_ours_stands_in_no_header(address):
    headers = headers_of(address)

    assert list(headers) == list(headers_of(None))
    assert "List-Unsubscribe" not in headers
