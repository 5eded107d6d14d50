"""Sign-ins for the players of the demonstration: a password and an authenticator for each, to be printed once."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import pyotp
from sqlalchemy import Engine

from tracker.database import unit_of_work
from tracker.demo.cast import PLAYERS, Player
from tracker.people import passwords
from tracker.people.identities import Proof, keep
from tracker.people.queries import person_by_email

_WORDS = (
    "acorn alder amber badger barley beacon birch bramble clover copper cricket curlew dapple ember fennel ferry "
    "garnet harbour hazel heather kestrel lantern larch linnet maple marble meadow nettle orchard pebble plover "
    "quarry rowan saddle sorrel spruce tansy thistle timber velvet walnut willow"
).split()


@dataclass(frozen=True, slots=True)
class DemoSignIn:
    """How one player signs in: her password, and the secret for an authenticator app."""

    player: Player
    password: str
    authenticator_secret: str

    def code_at(self, moment: datetime) -> str:
        """Give the code that her authenticator shows at a moment of the machine's clock."""
        return pyotp.TOTP(self.authenticator_secret).at(moment)


def give_sign_ins(engine: Engine, now: datetime, players: Iterable[Player] = PLAYERS.values()) -> list[DemoSignIn]:
    """Give each player a password and an authenticator of her own, in the place of earlier ones."""
    given = [DemoSignIn(player, _password(), pyotp.random_base32()) for player in players]
    kept = [passwords.hashed(one.password) for one in given]
    with unit_of_work(engine) as session:
        for one, secret in zip(given, kept, strict=True):
            person_id = person_by_email(session, one.player.address).id
            keep(session, person_id, Proof.PASSWORD, secret, now)
            keep(session, person_id, Proof.AUTHENTICATOR, one.authenticator_secret, now)
    return given


def _password() -> str:
    return "-".join([*(secrets.choice(_WORDS) for _ in range(3)), str(secrets.randbelow(90) + 10)])
