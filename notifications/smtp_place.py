"""Where a mail server is and how it lets one in, as an address names it: smtp://user:password@host:port."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")
ON_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


class Security(StrEnum):
    """How the line to a mail server is kept from other ears."""

    STARTTLS = "starttls"
    TLS = "tls"
    OFF = "off"


PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class MailPlace:
    """A mail server: where it is, how the line to it is secured, and how one signs in."""

    host: str
    port: int
    security: Security = Security.STARTTLS
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)


def place_of(url: str) -> MailPlace:
    """Read the address of a mail server. Raises `ValueError` with a sentence, which holds nothing of the address."""
    parts, port = _split(url)
    if parts.path not in ("", "/") or parts.fragment:
        raise ValueError("something stands behind the mail server's name; write smtp://HOST:PORT.")
    if not parts.hostname or not HOST.fullmatch(parts.hostname):
        raise ValueError("it names no mail server; write smtp://HOST or smtp://HOST:PORT.")
    user, password = _credentials(parts)
    security = _security(parts)
    if user is not None and security is Security.OFF and parts.hostname not in ON_THIS_MACHINE:
        raise ValueError("a password goes over an encrypted line only: leave out starttls=off, or user and password.")
    return MailPlace(parts.hostname, port, security, user, password)


def _split(url: str) -> tuple[SplitResult, int]:
    # What Python says about a wrong address quotes it, and with it the password.
    try:
        parts = urlsplit(url)
        port = PORTS[parts.scheme] if parts.port is None else parts.port
    except ValueError:
        port = 0
    if not 1 <= port <= 65535 or not url.isprintable():
        raise ValueError(
            "it cannot be read; write smtp://HOST:PORT, and in user and password %40 for @, %3A for :, %2F for /, "
            "%3F for ?, %23 for # and %25 for %."
        )
    return parts, port


def _credentials(parts: SplitResult) -> tuple[str | None, str | None]:
    if "@" not in parts.netloc:
        return None, None
    if "@" in parts.netloc.rpartition("@")[0]:
        raise ValueError("write %40 for an @ in user and password.")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not user or not password:
        raise ValueError("give user and password, smtp://USER:PASSWORD@HOST, or neither.")
    if not (user + password).isprintable():
        raise ValueError("user and password may hold only letters that can be seen.")
    return user, password


def _security(parts: SplitResult) -> Security:
    said = parse_qsl(parts.query, keep_blank_values=True)
    if parts.scheme == "smtp" and said == [("starttls", "off")]:
        return Security.OFF
    if parts.query:
        raise ValueError("only ?starttls=off may stand behind the mail server's name, and only with smtp.")
    return Security.STARTTLS if parts.scheme == "smtp" else Security.TLS
