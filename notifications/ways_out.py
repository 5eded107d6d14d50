"""Which way the post goes: a folder, a mail server or GOV.UK Notify, as a setting names it."""

from pathlib import Path

from notifications.folder import FolderTransport
from notifications.transports import SENDER, Transport


def transport_for(url: str, sender: str = SENDER) -> Transport:
    """Give the transport that a setting names. Raises `ValueError` with a sentence."""
    scheme, _, rest = url.partition(":")
    if scheme == "folder" and rest:
        return FolderTransport(Path(rest), sender)
    if scheme in ("smtp", "smtps", "notify"):
        raise ValueError(f"Sending by {scheme} comes with a later version; use folder:DIR.")
    raise ValueError(f"{url!r} is no way to send mail; use folder:DIR.")
