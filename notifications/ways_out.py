"""Which way the post goes: a folder, a mail server or GOV.UK Notify, as a setting names it."""

from dataclasses import dataclass, field
from pathlib import Path

from notifications.folder import FolderTransport
from notifications.notify_settings import NotifySettings, service_of
from notifications.smtp import SmtpTransport
from notifications.smtp_place import place_of
from notifications.transports import SENDER, Transport

WAYS = "folder:DIR, smtp://HOST, smtps://HOST or notify:"


@dataclass(frozen=True, slots=True)
class PostSettings:
    """What an installation says about its post beside the way: the address it comes from, and its Notify service."""

    sender: str | None = None
    notify: NotifySettings = field(default_factory=NotifySettings)


def transport_for(way: str, settings: PostSettings = PostSettings()) -> Transport:
    """Give the transport that a setting names. Raises `ValueError` with a sentence, which never holds the setting."""
    scheme, _, rest = way.partition(":")
    scheme = scheme.lower()
    if scheme == "folder" and rest:
        return FolderTransport(Path(rest), settings.sender or SENDER)
    if scheme in ("smtp", "smtps"):
        place = place_of(way)
        if settings.sender is None:
            raise ValueError("a mail server wants to know who writes: name the sender's address in TRACKER_MAIL_FROM.")
        return SmtpTransport(place, settings.sender)
    if scheme == "notify" and not rest:
        # Its library takes longer to load than all other ways together, so it is imported where it is wanted.
        from notifications.notify import NotifyTransport

        return NotifyTransport(service_of(settings.notify))
    raise ValueError(f"it names no way to send mail; use {WAYS}.")
