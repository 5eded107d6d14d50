"""Signed links for people who do not sign in: what stands in the address, and whether it is genuine.

A token names a row and proves that this installation made it; what it opens, for whom and how long stands in the row.
"""

import hmac
import secrets
from enum import StrEnum
from hashlib import sha256

from itsdangerous import Signer


class Purpose(StrEnum):
    """What a link is for; a token for one purpose is nothing for another."""

    ACTIONS = "actions"
    INDEPENDENCE = "independence"


_SALTS = {Purpose.ACTIONS: "actions-link.v1", Purpose.INDEPENDENCE: "independence-link.v1"}
_PATHS = {Purpose.ACTIONS: "/u", Purpose.INDEPENDENCE: "/i"}

# Mail programs cut long addresses: with the longest page behind it a path has 80 characters at most.
_BYTES = 16
LONGEST_TOKEN = 66


def new_public_id() -> str:
    """Give the name of a new link: 128 bits that nobody can guess."""
    return secrets.token_urlsafe(_BYTES)


def token_of(secret: str, purpose: Purpose, public_id: str) -> str:
    """Write the token of a link; the same link has the same token whenever it is written."""
    signer = Signer(secret, salt=_SALTS[purpose], digest_method=sha256)
    return signer.sign(public_id.encode()).decode()


def path_of(purpose: Purpose, token: str) -> str:
    """Give the path under which the page of a link stands."""
    return f"{_PATHS[purpose]}/{token}"


def public_id_in(secret: str, purpose: Purpose, token: str) -> str | None:
    """Read a token: gives the name of the link that it is of, or nothing where it is not genuine.

    The token is written anew and compared whole: its signature has other spellings that would decode to the same.
    """
    if len(token) > LONGEST_TOKEN or not token.isascii():
        return None
    public_id = token.partition(".")[0]
    genuine = token_of(secret, purpose, public_id)
    return public_id if hmac.compare_digest(genuine.encode(), token.encode()) else None
