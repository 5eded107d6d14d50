"""Passwords: which may be chosen, how they are kept, and how one is compared at the same cost for everybody."""

import threading
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tracker.errors import Refused

SHORTEST, LONGEST = 12, 200
# Argon2id as OWASP advises it: 19 MiB and two rounds, so that four at once leave a small machine standing.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_AT_ONCE = threading.BoundedSemaphore(4)
_LONGEST_WAIT = 5.0
# A name shorter than this stands in too many words by chance.
_SHORTEST_NAME = 4
_FEWEST_DIFFERENT = 5
# The commonest of twelve characters or more, and the words of this service, written without anything but letters
# and figures.
_COMMON = frozenset(
    """
    password1234 password12345 password123456 passwordpassword passw0rd1234 p4ssw0rd1234 mypassword123 password2020
    password2021 password2022 password2023 password2024 password2025 password2026 passwordword qwertyuiop12
    qwertyuiop123 qwertyuiopasdfghjkl qwertyqwerty qwerty123456 qwerty1234567 asdfghjkl123 asdfghjklzxcvbnm
    1qaz2wsx3edc 1q2w3e4r5t6y 1q2w3e4r5t6y7u q1w2e3r4t5y6 zaq12wsxcde3 zxcvbnmasdfghjkl abcdefghijkl abcdefghijklm
    abcdefghijklmnop abcd12345678 abc123456789 123456789abc 123456789012 1234567890123 12345678901234
    123456789123 1234567891234 123123123123 123456123456 12345671234567 1234567812345678 0123456789012
    987654321098 098765432109 112233445566 111222333444 121212121212 101010101010 123qweasdzxc qweasdzxc123
    iloveyou1234 iloveyou12345 iloveyouforever letmein12345 letmeinletmein welcome12345 welcome123456
    administrator administrator1 administrator123 admin1234567 changeme1234 changemenow1 changemeplease
    trustno1trustno1 correcthorsebatterystaple unbelievable manchesterunited manchester1234 liverpoolfc1
    liverpool1234 arsenal12345 chelsea12345 football1234 sunshine1234 princess1234 monkey123456 dragon123456
    superman1234 starwars1234 computer1234 michael12345 charlie12345 jordan123456 safeguarding safeguarding1
    safeguarding12 safeguarding123 safeguarding1234 safeguardingchildren learningtracker learningtracker1
    learningtracker123 childprotection childprotection1 workingtogether workingtogether1 rapidreview1 rapidreview123
    """.split()
)


def wrong_with(password: str, names: Iterable[str]) -> str | None:
    """Say why a password may not be chosen, or nothing; `names` are her own name and address."""
    if len(password) < SHORTEST:
        return f"The password must have {SHORTEST} characters or more"
    if len(password) > LONGEST:
        return f"The password must have {LONGEST} characters or fewer"
    squashed = _squashed(password)
    if squashed in _COMMON or len(set(squashed or password)) < _FEWEST_DIFFERENT:
        return "This password is one that many people choose. Choose another one, like four words that do not belong"
    if any(part in squashed for name in names for part in _parts(name)):
        return "The password must not hold your name or your email address"
    return None


def _squashed(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def _parts(name: str) -> Iterator[str]:
    """Give the parts of a name or an address that a password must not hold; of an address what stands before the @."""
    before = name.partition("@")[0]
    for part in (before, *before.replace(".", " ").replace("-", " ").replace("_", " ").split()):
        if len(_squashed(part)) >= _SHORTEST_NAME:
            yield _squashed(part)


def hashed(password: str) -> str:
    """Give what is kept of a password."""
    with _turn():
        return _HASHER.hash(_bytes(password))


def fits(password: str, kept: str | None) -> bool:
    """Say whether a password is the one that is kept; where none is kept, no, after the same work."""
    with _turn():
        try:
            _HASHER.verify(kept or _nobodys(), _bytes(password[: LONGEST + 1]))
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Say whether what is kept was made with other costs than today's, so that it is to be made anew."""
    return _HASHER.check_needs_rehash(kept)


@cache
def _nobodys() -> str:
    return _HASHER.hash(b"of nobody at all")


def _bytes(password: str) -> bytes:
    # The same letters may arrive composed or not, depending on the keyboard.
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace")


@contextmanager
def _turn() -> Iterator[None]:
    """Wait for one of four places: each comparison costs memory, and signing in must not take it all."""
    if not _AT_ONCE.acquire(timeout=_LONGEST_WAIT):
        raise Refused("Many people are signing in at this moment. Wait a minute, then try again.", code="busy")
    try:
        yield
    finally:
        _AT_ONCE.release()
