"""The demonstration's sign-ins: a player comes in with what is printed for her."""

from tests.make import NOON, make_world
from tests.tracker.web.signing import LATER, at
from tests.tracker.web.visitor import Visitor
from tracker.demo.cast import PLAYERS
from tracker.demo.sign_ins import give_sign_ins


def test_player_signs_in_with_the_password_and_authenticator_given(sqlite_engine):
    make_world(sqlite_engine)
    [given] = give_sign_ins(sqlite_engine, NOON, [PLAYERS["coordinator@thscp.example"]])

    with at(sqlite_engine) as base, Visitor(base) as visitor:
        half = visitor.sends("/sign-in", email=given.player.address, password=given.password)
        page = visitor.sends_form(half, half.forms[0], code=given.code_at(NOON))

    assert (half.address, page.address) == ("/sign-in/code", "/today")


def test_second_run_gives_others_in_the_place_of_the_first(sqlite_engine):
    make_world(sqlite_engine)
    players = [PLAYERS["coordinator@thscp.example"]]

    [[first], [second]] = [give_sign_ins(sqlite_engine, NOON, players) for _ in range(2)]

    assert first.password != second.password
    with at(sqlite_engine, NOON + LATER) as base, Visitor(base) as visitor:
        statuses = [
            visitor.sends("/sign-in", email=given.player.address, password=given.password).status
            for given in (first, second)
        ]
    assert statuses == [422, 200]
