"""Sign-ins for the players of the demonstration: one password and one authenticator, and codes for each of them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pyotp
from sqlalchemy import Engine

from tracker.database import unit_of_work
from tracker.demo.cast import Player
from tracker.people import authenticator, passwords
from tracker.people.identities import Proof, keep
from tracker.people.queries import person_by_email

_WORDS = (
    "acorn alder amber badger barley beacon birch bramble clover copper cricket curlew dapple ember fennel ferry "
    "garnet harbour hazel heather kestrel lantern larch linnet maple marble meadow nettle orchard pebble plover "
    "quarry rowan saddle sorrel spruce tansy thistle timber velvet walnut willow"
).split()


@dataclass(frozen=True, slots=True)
class SignIns:
    """How the players sign in: a password and a key for authenticator apps that all share, and each one's own codes.

    They share because one visitor plays them all; whoever leads a real partnership has her own.
    """

    password: str
    key: str
    recovery_codes: Sequence[tuple[Player, Sequence[str]]]


def give_sign_ins(engine: Engine, players: Sequence[Player], now: datetime) -> SignIns:
    """Give players of the demonstration a way to sign in, in the place of earlier ones."""
    password, key = _password(), pyotp.random_base32()
    kept = passwords.hashed(password)
    codes = []
    with unit_of_work(engine) as session:
        for player in players:
            person_id = person_by_email(session, player.address).id
            keep(session, person_id, Proof.PASSWORD, kept, now)
            keep(session, person_id, Proof.AUTHENTICATOR, key, now)
            codes.append((player, authenticator.new_recovery_codes(session, person_id, now)))
    return SignIns(password, key, codes)


def _password() -> str:
    return "-".join([*(secrets.choice(_WORDS) for _ in range(3)), str(secrets.randbelow(90) + 10)])
