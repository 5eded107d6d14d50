"""The second factor: a code is taken once, a recovery code once."""

from datetime import timedelta

import pyotp
import pytest
from sqlmodel import select

from tests import make
from tests.make import NOON
from tracker.people import authenticator
from tracker.people.authenticator import RECOVERY_CODES, step_of, take_code, take_recovery_code
from tracker.people.identities import Proof, identity_of, keep
from tracker.people.sign_in_models import RecoveryCode

KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
HALF_MINUTE = timedelta(seconds=30)
APP = pyotp.TOTP(KEY)


@pytest.fixture
def person(session):
    partnership = make.make_partnership(session, "thscp")
    person = make.make_person(session, partnership, "a@thscp.example", "coordinator")
    keep(session, person.id, Proof.AUTHENTICATOR, KEY, NOON)
    return person.id


def test_code_is_taken_once(session, person):
    assert [take_code(session, person, APP.at(NOON), NOON) for _ in range(2)] == [True, False]


def test_code_before_one_that_was_taken_is_refused(session, person):
    later, now = APP.at(NOON + HALF_MINUTE), APP.at(NOON)

    assert [take_code(session, person, code, NOON) for code in (later, now)] == [True, False]


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_phone_may_be_half_a_minute_off(session, person, steps, taken):
    assert take_code(session, person, APP.at(NOON + steps * HALF_MINUTE), NOON) is taken


def test_code_is_taken_with_the_space_that_apps_show(session, person):
    shown = APP.at(NOON)

    assert take_code(session, person, f" {shown[:3]} {shown[3:]} ", NOON)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "-12345", "1" * 100_000, "\x00\x00"])
def test_what_is_no_code_is_refused(code):
    assert step_of(KEY, code, NOON) is None


def test_new_authenticator_takes_the_place_of_the_old_one(session, person):
    new = pyotp.random_base32()

    kept = authenticator.set_up(session, person, new, pyotp.TOTP(new).at(NOON), NOON, NOON)
    identity = identity_of(session, person, Proof.AUTHENTICATOR)

    assert (kept, identity.secret) == (True, new)
    # The code that confirmed it signs nobody in, and the old app's codes no longer do.
    codes = (pyotp.TOTP(new).at(NOON), APP.at(NOON + HALF_MINUTE))
    assert [take_code(session, person, code, NOON + HALF_MINUTE) for code in codes] == [False, False]


def test_authenticator_without_its_first_code_is_not_kept(session, person):
    assert not authenticator.set_up(session, person, pyotp.random_base32(), "000000", NOON, NOON)
    assert identity_of(session, person, Proof.AUTHENTICATOR).secret == KEY


def test_each_recovery_code_works_once(session, person):
    codes = authenticator.new_recovery_codes(session, person, NOON)

    taken = [take_recovery_code(session, person, code, NOON) for code in (*codes, *codes)]

    assert (len(set(codes)), taken) == (RECOVERY_CODES, [True] * 10 + [False] * 10)
    assert authenticator.recovery_codes_left(session, person) == 0


def test_recovery_code_is_read_in_capitals_and_without_dashes(session, person):
    code, *_ = authenticator.new_recovery_codes(session, person, NOON)

    assert take_recovery_code(session, person, f"  {code.upper().replace('-', ' ')} ", NOON)


def test_recovery_codes_are_hers_alone_and_kept_as_digests(session, person):
    partnership = make.make_partnership(session, "chscp")
    other = make.make_person(session, partnership, "b@chscp.example", "coordinator")

    codes = authenticator.new_recovery_codes(session, person, NOON)
    kept = {row.code_digest for row in session.exec(select(RecoveryCode))}

    assert not take_recovery_code(session, other.id, codes[0], NOON)
    assert not kept & {code.replace("-", "") for code in codes}


def test_new_recovery_codes_end_the_old_ones(session, person):
    old, *_ = authenticator.new_recovery_codes(session, person, NOON)
    new, *_ = authenticator.new_recovery_codes(session, person, NOON)

    assert [take_recovery_code(session, person, code, NOON) for code in (old, new)] == [False, True]


def test_offered_secret_is_the_same_for_a_session_and_another_for_the_next():
    offered = [
        authenticator.offered_secret(*given)
        for given in (("s", "t", "none"), ("s", "t", "none"), ("s", "u", "none"), ("x", "t", "none"), ("s", "t", "2"))
    ]

    assert (offered[0] == offered[1], len(set(offered)), {len(one) for one in offered}) == (True, 4, {32})
