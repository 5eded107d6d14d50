"""Tries that are counted: so many in so long a time, over all processes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from tests.make import NOON
from tracker.database import engine_for, reading
from tracker.people import attempts
from tracker.people.attempts import LIMITS, TooManyTries, Try
from tracker.people.sign_in_models import Attempt


def tries(engine, kind=Try.PASSWORD_OF_ACCOUNT, subject="a@x.example", now=NOON):
    """Try once, and say whether it was let through."""
    try:
        attempts.begin(engine, (kind, subject)).count(now)
    except TooManyTries:
        return False
    return True


@pytest.mark.parametrize("kind", list(Try))
def test_as_many_as_the_table_says_are_let_through(sqlite_engine, kind):
    limit = LIMITS[kind]

    let_through = [tries(sqlite_engine, kind) for _ in range(limit.most + 3)]
    after_a_while = tries(sqlite_engine, kind, now=NOON + limit.within)

    assert (let_through, after_a_while) == ([True] * limit.most + [False] * 3, True)


def test_limit_holds_over_two_engines(engine, database_url):
    other = engine_for(database_url)

    let_through = [tries(one) for _ in range(10) for one in (engine, other)]
    other.dispose()

    assert let_through == [True] * 10 + [False] * 10


def test_limit_holds_for_tries_at_the_same_moment(engine):
    with ThreadPoolExecutor(8) as pool:
        let_through = list(pool.map(lambda _: tries(engine), range(40)))

    assert let_through.count(True) == 10


def test_thousand_tries_are_compared_ten_times_in_five_minutes(sqlite_engine):
    minutes = [NOON + timedelta(seconds=0.29 * number) for number in range(1000)]

    assert sum(tries(sqlite_engine, now=now) for now in minutes) == 10


def test_accounts_are_counted_apart_and_capitals_are_the_same_account(sqlite_engine):
    for _ in range(10):
        tries(sqlite_engine)

    answers = [tries(sqlite_engine, subject=subject) for subject in ("b@x.example", "A@X.example ", "a@x.example")]

    assert answers == [True, False, False]


def test_tries_that_were_right_are_taken_back(sqlite_engine):
    for _ in range(30):
        trying = attempts.begin(sqlite_engine, (Try.CODE, "1"), (Try.CODE_IN_A_DAY, "1"))
        trying.count(NOON)
        trying.take_back()

    with reading(sqlite_engine) as session:
        assert session.exec(select(Attempt)).all() == []


def test_refusal_of_one_limit_counts_nothing_towards_the_other(sqlite_engine):
    for _ in range(10):
        tries(sqlite_engine)
    for _ in range(20):
        with pytest.raises(TooManyTries) as refused:
            attempts.begin(
                sqlite_engine, (Try.PASSWORD_OF_ACCOUNT, "a@x.example"), (Try.PASSWORD_FROM_ADDRESS, "192.0.2.1")
            ).count(NOON)

    assert str(refused.value) == "There were too many tries. Wait 5 minutes, then try again."
    assert tries(sqlite_engine, Try.PASSWORD_FROM_ADDRESS, "192.0.2.1")


def test_addresses_stand_in_no_row(sqlite_engine):
    tries(sqlite_engine)

    with reading(sqlite_engine) as session:
        [row] = session.exec(select(Attempt)).all()
    assert (len(row.subject), "x.example" in row.subject) == (64, False)
