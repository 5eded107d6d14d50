"""Which way the post goes, as the settings name it; what is said about a setting never holds it."""

from traceback import format_exception

import pytest

from notifications.folder import FolderTransport
from notifications.smtp import SmtpTransport
from notifications.smtp_place import MailPlace, Security, place_of
from notifications.ways_out import PostSettings, transport_for

OURS = PostSettings(sender="reviews@partnership.example")
USE = "use folder:DIR, smtp://HOST, smtps://HOST or notify:."
CANNOT_READ = (
    "it cannot be read; write smtp://HOST:PORT, and in user and password %40 for @, %3A for :, %2F for /, "
    "%3F for ?, %23 for # and %25 for %."
)
NO_SERVER = "it names no mail server; write smtp://HOST or smtp://HOST:PORT."
BEHIND = "something stands behind the mail server's name; write smtp://HOST:PORT."
ONLY_OFF = "only ?starttls=off may stand behind the mail server's name, and only with smtp."
BOTH = "give user and password, smtp://USER:PASSWORD@HOST, or neither."
UNSEEN = "user and password may hold only letters that can be seen."
IN_CLEAR = "a password goes over an encrypted line only: leave out starttls=off, or user and password."
PASSWORD = "hunter2"


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("smtp://mail.example", MailPlace("mail.example", 587)),
        ("SMTP://Mail.Example:25/", MailPlace("mail.example", 25)),
        ("smtps://mail.example", MailPlace("mail.example", 465, Security.TLS)),
        ("smtp://[::1]:2525?starttls=off", MailPlace("::1", 2525, Security.OFF)),
        (
            "smtps://joy%40agency.example:a%3A%2F%25%E2%82%AC@mail.example:4465",
            MailPlace("mail.example", 4465, Security.TLS, "joy@agency.example", "a:/%€"),
        ),
        (
            "smtp://joy:geheim@localhost:25?starttls=off",
            MailPlace("localhost", 25, Security.OFF, "joy", "geheim"),
        ),
    ],
)
def test_the_address_of_a_mail_server_says_where_it_is_and_how_one_signs_in(url, place):
    assert place_of(url) == place


@pytest.mark.parametrize(
    ("way", "sentence"),
    [
        ("notify:key", f"it names no way to send mail; {USE}"),
        ("folder:", f"it names no way to send mail; {USE}"),
        ("pigeon", f"it names no way to send mail; {USE}"),
        (f"smpt://joy:{PASSWORD}@mail.example", f"it names no way to send mail; {USE}"),
        (f"joy:{PASSWORD}@mail.example", f"it names no way to send mail; {USE}"),
        ("smtp:", NO_SERVER),
        ("smtp://", NO_SERVER),
        ("smtp:mail.example", BEHIND),
        (f"smtp://joy:{PASSWORD}@", NO_SERVER),
        (f"smtp://joy:{PASSWORD}@mail_server", NO_SERVER),
        (f"smtp://joy:{PASSWORD}@-mail.example", NO_SERVER),
        (f"smtp://joy:{PASSWORD}@mail.example:no", CANNOT_READ),
        (f"smtp://joy:{PASSWORD}@mail.example:0", CANNOT_READ),
        (f"smtp://joy:{PASSWORD}@mail.example:65536", CANNOT_READ),
        (f"smtp://joy:{PASSWORD}/@mail.example", CANNOT_READ),
        (f"smtp://joy:{PASSWORD}@[mail.example", CANNOT_READ),
        (f"smtp://joy:{PASSWORD}\u2100@mail.example", CANNOT_READ),
        (f"smtp://joy:{PASSWORD}\n@mail.example", CANNOT_READ),
        (f"smtp://joy:1#{PASSWORD}@mail.example", BEHIND),
        (f"smtp://mail.example/{PASSWORD}", BEHIND),
        (f"smtp://joy:{PASSWORD}@twice@mail.example", "write %40 for an @ in user and password."),
        ("smtp://joy@mail.example", BOTH),
        (f"smtp://:{PASSWORD}@mail.example", BOTH),
        (f"smtp://joy:{PASSWORD}%0D%0ARSET@mail.example", UNSEEN),
        (f"smtp://joy:{PASSWORD}%00@mail.example", UNSEEN),
        (f"smtp://joy:{PASSWORD}@mail.example?starttls=off", IN_CLEAR),
        (f"smtp://mail.example?password={PASSWORD}", ONLY_OFF),
        ("smtp://mail.example?starttls=no", ONLY_OFF),
        ("smtps://mail.example?starttls=off", ONLY_OFF),
    ],
)
def test_a_way_out_that_cannot_be_used_is_refused_with_a_sentence_that_holds_nothing_of_it(way, sentence):
    with pytest.raises(ValueError) as refused:
        transport_for(way, OURS)

    assert str(refused.value) == sentence
    assert PASSWORD not in "".join(format_exception(refused.value)).replace(sentence, "")


def test_a_mail_server_is_told_who_writes_or_not_used():
    with pytest.raises(ValueError) as refused:
        transport_for("smtp://mail.example")

    assert str(refused.value) == (
        "a mail server wants to know who writes: name the sender's address in TRACKER_MAIL_FROM."
    )


def test_emails_come_from_the_address_of_the_settings(tmp_path):
    ways = [transport_for(f"folder:{tmp_path}", OURS), transport_for("smtp://mail.example", OURS)]

    assert ways == [
        FolderTransport(tmp_path, "reviews@partnership.example"),
        SmtpTransport(MailPlace("mail.example", 587), "reviews@partnership.example"),
    ]


def test_a_way_out_does_not_show_its_password():
    transport = transport_for(f"smtps://joy:{PASSWORD}@mail.example", OURS)

    assert PASSWORD not in repr(transport)
    assert "joy" not in repr(transport)
