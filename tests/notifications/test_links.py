"""Signed links: what stands in an address is genuine or nothing, and the emails about a link read as they should."""

import random
import string
from datetime import date

import pytest

from notifications.link_facts import LinkNotTheirs, NewLink
from notifications.links import LONGEST_TOKEN, Purpose, new_public_id, path_of, public_id_in, token_of
from notifications.rendering import compose
from tests.notifications.letters import LETTERHEAD

SECRET = "of the tests, and of nothing else: 0123456789"
PUBLIC_ID = "Zm9yLXRoZS10ZXN0cw-_01"
TOKEN = token_of(SECRET, Purpose.ACTIONS, PUBLIC_ID)
LETTERS = string.ascii_letters + string.digits + "-_"


def test_genuine_token_names_its_link_whenever_it_is_written():
    assert token_of(SECRET, Purpose.ACTIONS, PUBLIC_ID) == TOKEN
    assert public_id_in(SECRET, Purpose.ACTIONS, TOKEN) == PUBLIC_ID


def test_token_for_one_purpose_is_nothing_for_another():
    other = token_of(SECRET, Purpose.INDEPENDENCE, PUBLIC_ID)

    assert other != TOKEN
    assert public_id_in(SECRET, Purpose.INDEPENDENCE, TOKEN) is None
    assert public_id_in(SECRET, Purpose.ACTIONS, other) is None


def test_token_of_another_installation_is_refused():
    assert public_id_in(SECRET, Purpose.ACTIONS, token_of(SECRET[::-1], Purpose.ACTIONS, PUBLIC_ID)) is None


def test_every_single_bit_that_flips_makes_the_token_nothing():
    flipped = [
        TOKEN[:place] + chr(ord(letter) ^ (1 << bit)) + TOKEN[place + 1 :]
        for place, letter in enumerate(TOKEN)
        for bit in range(8)
    ]

    assert len(flipped) == 8 * len(TOKEN)
    assert [token for token in flipped if public_id_in(SECRET, Purpose.ACTIONS, token) is not None] == []


def test_other_spellings_of_the_last_character_are_refused():
    spellings = [TOKEN[:-1] + letter for letter in LETTERS]

    assert [token for token in spellings if public_id_in(SECRET, Purpose.ACTIONS, token) is not None] == [TOKEN]


def test_hundred_thousand_random_tokens_hit_nothing():
    dice = random.Random(20261120)
    tokens = ("".join(dice.choices(LETTERS, k=22)) + "." + "".join(dice.choices(LETTERS, k=43)) for _ in range(100_000))

    assert sum(public_id_in(SECRET, Purpose.ACTIONS, token) is not None for token in tokens) == 0


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        PUBLIC_ID,
        f"{PUBLIC_ID}.",
        f".{TOKEN}",
        f"{TOKEN}.",
        f"{TOKEN}=",
        f" {TOKEN}",
        f"{TOKEN}\n",
        f"{TOKEN}\x00",
        TOKEN.upper(),
        TOKEN.replace(".", ":"),
        TOKEN[:-1],
        "\ud800",
        "é" * 66,
        "x" * 100_000,
    ],
)
def test_what_is_no_token_is_nothing(token):
    assert public_id_in(SECRET, Purpose.ACTIONS, token) is None


def test_path_stays_short_enough_for_every_mail_program():
    token = token_of(SECRET, Purpose.ACTIONS, new_public_id())

    assert len(token) == LONGEST_TOKEN
    assert len(path_of(Purpose.ACTIONS, token) + "/new-link") <= 80
    assert len(path_of(Purpose.ACTIONS, token) + "/A1234567") <= 80


def test_new_links_have_names_that_nobody_can_guess():
    names = {new_public_id() for _ in range(1000)}

    assert (len(names), {len(name) for name in names}) == (1000, {22})


def test_whoever_asked_for_a_new_link_gets_it():
    facts = NewLink(
        letterhead=LETTERHEAD,
        to_name="Joy Okafor",
        actions=3,
        works_until=date(2026, 12, 4),
        link="https://tracker.example/u/token",
    )

    mail = compose("new_link", facts)

    assert mail.subject == "Your new link to update 3 actions"
    assert (
        mail.text
        == """Your new link to update 3 actions
=================================

Dear Joy Okafor,

Here is the new link you asked for. You do not need an account. It
works until 4 December 2026; the links in earlier emails have ended.

Open your actions:
https://tracker.example/u/token

It was made for you and opens your own actions and nothing else.
Please do not forward this email.


---
You get this because somebody asked for a new link with an earlier
one of yours.

Official - sensitive. This email holds no details of any child.
Please do not reply with any.
Partnership business unit: 01632 960 214,
businessunit@northmere.example
"""
    )


def test_coordinator_is_told_that_a_link_reached_somebody_else():
    facts = LinkNotTheirs(
        letterhead=LETTERHEAD,
        to_name="Amira Rahman",
        actions=("A214", "A219"),
        ended_on=date(2026, 11, 20),
        link="https://tracker.example/actions",
    )

    mail = compose("link_not_theirs", facts)

    assert mail.subject == "A link reached the wrong person: A214, A219"
    assert (
        mail.text
        == """A link reached the wrong person
===============================

Dear Amira Rahman,

Somebody who opened the link to these actions says that they are not
the owner. The link ended on 20 November 2026, so nobody can use it
any more.

A214, A219

Check the owner’s address. Until it is right, reminders go on to the
same place.

Open the action plan (sign in to read):
https://tracker.example/actions


---
You get this because you coordinate this partnership’s reviews.

Official - sensitive. This email holds no details of any child.
Please do not reply with any.
Partnership business unit: 01632 960 214,
businessunit@northmere.example
"""
    )
