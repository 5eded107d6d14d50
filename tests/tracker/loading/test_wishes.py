"""What people wish of our emails: kept for themselves, seen in the history, and given up again."""

from datetime import date

import pytest
from sqlmodel import col, select

from tests.make import NOON, address, make_person, make_world
from tests.tracker.reminders.post import OWNER, partnership
from tracker.clock import london_day
from tracker.database import reading, unit_of_work
from tracker.errors import NotAllowed, Refused
from tracker.groups.queries import partnership_by_code
from tracker.history import HistoryLine
from tracker.loading.wishes import Wishes, change_wishes
from tracker.people.doer import doer_by_email
from tracker.people.models import Person
from tracker.people.queries import person_by_email

TODAY = london_day(NOON)
AWAY = Wishes(date(2021, 7, 5), date(2021, 7, 9))
NADIA = "nadia@thscp.example"


@pytest.fixture
def world(engine):
    make_world(engine)
    with unit_of_work(engine) as session:
        make_person(session, partnership(session), NADIA, "owner", name="Nadia Brook")
    return engine


def wish(engine, wished, *, email=OWNER, by=None, at=None, now=NOON):
    with unit_of_work(engine) as session:
        person = person_by_email(session, email)
        doer = doer_by_email(session, by or email, london_day(now))
        place = None if at is None else partnership_by_code(session, at)
        change_wishes(session, person.id, wished, now=now, by=doer, at=place)


def known(engine, email=OWNER, today=TODAY):
    with reading(engine) as session:
        return Wishes.of(person_by_email(session, email), today)


def lines(engine):
    with reading(engine) as session:
        question = select(HistoryLine, Person.name).join(Person, col(Person.id) == HistoryLine.person_id)
        found = session.exec(question.where(HistoryLine.deed == "wishes").order_by(col(HistoryLine.seq)))
        return [(line.about, by, line.role, bytes(line.body).decode()) for line, by in found]


def said(about, by, role, what):
    return (about, by, role, f'{{"new":null,"old":null,"what":"{what}"}}')


def test_what_somebody_wishes_is_kept_for_her_alone_and_each_change_is_a_line_without_the_days(world):
    wish(world, AWAY)
    wish(world, Wishes(*AWAY.days, only_statutory=True))
    wish(world, Wishes())

    assert (known(world), known(world, NADIA)) == (Wishes(), Wishes())
    assert lines(world) == [
        said("thscp", "Owen Field", None, "Owen Field is away for some days."),
        said("thscp", "Owen Field", None, "Owen Field gets only statutory notices."),
        said("thscp", "Owen Field", None, "Owen Field is not away any more."),
        said("thscp", "Owen Field", None, "Owen Field gets all emails again."),
    ]


def test_what_is_wished_twice_leaves_one_line(world):
    for _ in range(2):
        wish(world, AWAY)

    assert (known(world), len(lines(world))) == (AWAY, 1)


def test_who_looks_after_the_partnership_changes_it_in_her_role(world):
    wish(world, Wishes(only_statutory=True), by=address("coordinator"), at="thscp")

    assert known(world) == Wishes(only_statutory=True)
    assert lines(world) == [said("thscp", "Casey Morgan", "coordinator", "Owen Field gets only statutory notices.")]


def test_nobody_else_changes_it(world):
    with pytest.raises(NotAllowed):
        wish(world, Wishes(only_statutory=True), by=NADIA, at="thscp")

    assert (known(world), lines(world)) == (Wishes(), [])


def test_days_that_are_over_are_none(world):
    wish(world, AWAY)

    assert known(world, today=date(2021, 7, 9)) == AWAY
    assert known(world, today=date(2021, 7, 10)) == Wishes()


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (None, date(2021, 7, 9), "bad_first_day"),
        (date(2021, 7, 5), None, "bad_last_day"),
        (date(2021, 7, 5), date(2021, 7, 4), "bad_last_day"),
        (date(2021, 5, 5), date(2021, 5, 31), "bad_last_day"),
        (date(2021, 7, 5), date(2121, 7, 9), "bad_last_day"),
    ],
)
def test_days_that_cannot_be_are_refused_and_nothing_is_kept(world, first, last, code):
    with pytest.raises(Refused) as refused:
        wish(world, Wishes(first, last, only_statutory=True))

    assert (refused.value.code, known(world), lines(world)) == (code, Wishes(), [])


def test_absence_that_begins_and_ends_today_is_kept(world):
    wish(world, Wishes(TODAY, TODAY))

    assert known(world) == Wishes(TODAY, TODAY)
