"""The demonstration's sign-ins: a player comes in with what is printed for her."""

from tests.make import NOON, make_world
from tests.tracker.web.signing import LATER, at, code
from tests.tracker.web.visitor import Visitor
from tracker.demo.cast import PLAYERS
from tracker.demo.sign_ins import give_sign_ins

CASEY = PLAYERS["coordinator@thscp.example"]


def test_player_signs_in_with_the_password_and_authenticator_given(sqlite_engine):
    make_world(sqlite_engine)
    given = give_sign_ins(sqlite_engine, [CASEY], NOON)

    with at(sqlite_engine) as base, Visitor(base) as visitor:
        half = visitor.sends("/sign-in", email=CASEY.address, password=given.password)
        page = visitor.sends_form(half, half.forms[0], code=code(NOON, given.key))

    assert (half.address, page.address) == ("/sign-in/code", "/today")


def test_each_recovery_code_lets_its_player_in_once(sqlite_engine):
    make_world(sqlite_engine)
    given = give_sign_ins(sqlite_engine, [CASEY], NOON)
    [(player, codes)] = given.recovery_codes

    arrived = []
    with at(sqlite_engine) as base:
        for typed in (codes[0], codes[0], codes[1]):
            with Visitor(base) as visitor:
                visitor.sends("/sign-in", email=player.address, password=given.password)
                arrived.append(visitor.sends("/sign-in/recovery", 0, code=typed).address)

    assert (len(codes), arrived) == (10, ["/today", "/sign-in/recovery", "/today"])


def test_second_run_gives_others_in_the_place_of_the_first(sqlite_engine):
    make_world(sqlite_engine)

    first, second = [give_sign_ins(sqlite_engine, [CASEY], NOON) for _ in range(2)]

    assert (first.password != second.password, first.key != second.key) == (True, True)
    with at(sqlite_engine, NOON + LATER) as base, Visitor(base) as visitor:
        statuses = [
            visitor.sends("/sign-in", email=CASEY.address, password=given.password).status for given in (first, second)
        ]
    assert statuses == [422, 200]
