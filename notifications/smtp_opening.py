"""How a mail server is reached: connection, greeting, encryption and sign-in, and what is said where it fails."""

import socket
import ssl
from base64 import b64encode

from notifications.smtp_answers import Answer
from notifications.smtp_line import Line, LineLost, Timeouts
from notifications.smtp_place import MailPlace, Security
from notifications.transports import Unreachable

# Numbers of OpenSSL (x509_vfy.h).
_RUN_OUT, _OTHER_NAMES = 10, (62, 64)


def open_line(place: MailPlace, context: ssl.SSLContext, name: str, timeouts: Timeouts) -> Line:
    """Open a line to a mail server on which emails can go. Raises `Unreachable` with a sentence."""
    line = Line(_connected(place, timeouts), name, timeouts)
    try:
        _be_let_in(line, place, context)
    except LineLost as lost:
        line.hang_up(politely=False)
        raise Unreachable(f"The mail server {place.host} {lost} before it took any email.") from None
    except BaseException:
        line.hang_up(politely=False)
        raise
    return line


def _connected(place: MailPlace, timeouts: Timeouts) -> socket.socket:
    where = f"The mail server {place.host}, port {place.port},"
    try:
        return socket.create_connection((place.host, place.port), timeouts.connect)
    except (socket.gaierror, UnicodeError):
        raise Unreachable(f"The mail server's name {place.host} is not known. Look at TRACKER_MAIL.") from None
    except ConnectionRefusedError:
        raise Unreachable(f"{where} is not there: nobody listens. Look at TRACKER_MAIL if that lasts.") from None
    except TimeoutError:
        raise Unreachable(f"{where} does not answer. Look at TRACKER_MAIL if that lasts.") from None
    except OSError as wrong:
        raise Unreachable(f"{where} cannot be reached: {wrong.strerror or 'no connection'}.") from None


def _be_let_in(line: Line, place: MailPlace, context: ssl.SSLContext) -> None:
    if place.security is Security.TLS:
        _secure(line, place, context)
    _must(line.hear(), 220, "greeted with")
    _must(line.greet(), 250, "answered our greeting (EHLO) with")
    if place.security is Security.STARTTLS:
        if line.offers("starttls") is None:
            raise Unreachable(
                f"The mail server {place.host} offers no encryption (STARTTLS), so nothing is sent. "
                "Look at TRACKER_MAIL: smtps:// if it encrypts from the start, ?starttls=off if it never does."
            )
        _must(line.say("STARTTLS"), 220, "answered our wish for encryption (STARTTLS) with")
        _secure(line, place, context)
        _must(line.greet(), 250, "answered our greeting (EHLO) with")
    if place.user is not None and place.password is not None:
        _sign_in(line, place.user, place.password)


def _must(answer: Answer, code: int, what: str) -> None:
    if answer.code != code:
        raise Unreachable(f"The mail server {what} {answer}.")


def _secure(line: Line, place: MailPlace, context: ssl.SSLContext) -> None:
    try:
        line.secure(context, place.host)
    except ssl.SSLCertVerificationError as wrong:
        raise Unreachable(
            f"The certificate of the mail server {place.host} {_why(wrong)}, so nothing is sent."
        ) from None
    except ssl.SSLError:
        raise Unreachable(
            f"No encrypted line to the mail server {place.host}, port {place.port}, could be made. "
            "Look at TRACKER_MAIL: smtps:// encrypts from the start, smtp:// after STARTTLS."
        ) from None


def _why(wrong: ssl.SSLCertVerificationError) -> str:
    if wrong.verify_code == _RUN_OUT:
        return "has run out"
    if wrong.verify_code in _OTHER_NAMES:
        return "is for another name: look at the name in TRACKER_MAIL"
    return "is from no authority that this machine trusts: SSL_CERT_FILE may name a file with the right one"


def _sign_in(line: Line, user: str, password: str) -> None:
    ways = line.offers("auth") or []
    if "PLAIN" in ways:
        answer = line.say("AUTH PLAIN " + _hidden(f"\0{user}\0{password}"))
    elif "LOGIN" in ways:
        answer = line.say("AUTH LOGIN")
        for word in (user, password):
            if answer.code == 334:
                answer = line.say(_hidden(word))
    else:
        raise Unreachable(
            "The mail server offers no sign-in with a password. Look at user and password in TRACKER_MAIL."
        )
    if answer.code != 235:
        raise Unreachable(f"The mail server answered {answer} to user and password. Look at TRACKER_MAIL.")


def _hidden(text: str) -> str:
    return b64encode(text.encode()).decode()
