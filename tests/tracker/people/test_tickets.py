"""Tickets: for one purpose and person, once, in their time; their token stands nowhere."""

from datetime import timedelta

import pytest
from sqlmodel import select

from tests import make
from tests.make import NOON
from tracker.database import unit_of_work
from tracker.people import sessions, tickets
from tracker.people.identities import Proof, keep
from tracker.people.sign_in_models import Ticket
from tracker.people.tickets import Purpose, ticket_of, token_of, use

SECRET = "a secret of the tests with more than thirty-two characters"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def people(session):
    partnership = make.make_partnership(session, "thscp")
    new = make.make_person(session, partnership, "new@thscp.example", "coordinator")
    known = make.make_person(session, partnership, "known@thscp.example", "coordinator")
    keep(session, known.id, Proof.PASSWORD, "$argon2id$", NOON - timedelta(days=3))
    return {Purpose.INVITATION: new.id, Purpose.RESET: known.id}


def made(session, people, purpose, now=NOON):
    ticket = tickets.make(session, people[purpose], purpose, SECRET, now)
    return token_of(SECRET, purpose, ticket.nonce)


@pytest.mark.parametrize(
    ("purpose", "lasts"), [(Purpose.INVITATION, timedelta(days=7)), (Purpose.RESET, timedelta(minutes=30))]
)
def test_ticket_lasts_so_long_and_no_longer(session, people, purpose, lasts):
    token = made(session, people, purpose)

    found = [ticket_of(session, token, purpose, now) is not None for now in (NOON, NOON + lasts - MINUTE, NOON + lasts)]

    assert found == [True, True, False]


@pytest.mark.parametrize("purpose", list(Purpose))
def test_ticket_is_used_once(session, people, purpose):
    token = made(session, people, purpose)
    ticket = ticket_of(session, token, purpose, NOON)

    assert [use(session, ticket, NOON), use(session, ticket, NOON)] == [True, False]
    assert ticket_of(session, token, purpose, NOON) is None


@pytest.mark.parametrize(("purpose", "other"), [tuple(Purpose), tuple(reversed(Purpose))])
def test_ticket_opens_nothing_but_what_it_was_made_for(session, people, purpose, other):
    token = made(session, people, purpose)

    assert ticket_of(session, token, other, NOON) is None


def test_using_one_ticket_ends_the_others_of_the_same_person(session, people):
    first, second = (made(session, people, Purpose.RESET) for _ in range(2))

    use(session, ticket_of(session, first, Purpose.RESET, NOON), NOON)

    assert ticket_of(session, second, Purpose.RESET, NOON) is None


def test_reset_ends_with_another_password(session, people):
    token = made(session, people, Purpose.RESET)
    keep(session, people[Purpose.RESET], Proof.PASSWORD, "$another", NOON + MINUTE)

    assert ticket_of(session, token, Purpose.RESET, NOON + MINUTE) is None


def test_reset_ends_with_the_next_sign_in_and_not_with_half_of_one(session, people):
    token = made(session, people, Purpose.RESET)

    found = []
    for is_whole in (False, True):
        sessions.begin(session, people[Purpose.RESET], NOON + MINUTE, is_whole=is_whole)
        found.append(ticket_of(session, token, Purpose.RESET, NOON + 2 * MINUTE) is not None)

    assert found == [True, False]


def test_ticket_of_whoever_has_left_ends(session, people):
    token = made(session, people, Purpose.INVITATION)
    ticket = ticket_of(session, token, Purpose.INVITATION, NOON)
    person = session.get_one(make.Person, ticket.person_id)
    person.ended_on = NOON.date()
    session.add(person)
    session.flush()

    assert ticket_of(session, token, Purpose.INVITATION, NOON) is None


def test_every_flipped_letter_of_a_token_is_refused(session, people):
    token = made(session, people, Purpose.RESET)

    other = ["A" if letter != "A" else "B" for letter in token]
    flipped = [token[:place] + letter + token[place + 1 :] for place, letter in enumerate(other)]

    assert [one for one in flipped if ticket_of(session, one, Purpose.RESET, NOON)] == []


def test_token_stands_nowhere_and_is_another_with_another_secret(session, people):
    ticket = tickets.make(session, people[Purpose.RESET], Purpose.RESET, SECRET, NOON)
    token = token_of(SECRET, Purpose.RESET, ticket.nonce)

    row = session.exec(select(Ticket)).one()

    assert token not in (row.token_digest, ticket.nonce)
    assert len({token, token_of(SECRET + "x", Purpose.RESET, ticket.nonce), ticket.nonce}) == 3


def test_two_who_use_one_ticket_at_once_are_one(engine):
    with unit_of_work(engine) as session:
        partnership = make.make_partnership(session, "thscp")
        person = make.make_person(session, partnership, "new@thscp.example", "coordinator")
        ticket = tickets.make(session, person.id, Purpose.INVITATION, SECRET, NOON)
    token = token_of(SECRET, Purpose.INVITATION, ticket.nonce)

    used = []
    for _ in range(2):
        with unit_of_work(engine) as session:
            found = session.exec(select(Ticket).where(Ticket.token_digest == sessions.digest(token))).one()
            used.append(use(session, found, NOON))

    assert used == [True, False]
