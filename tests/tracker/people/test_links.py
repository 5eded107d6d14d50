"""Signed links as rows: one that lives for a person and purpose, found by its token, ended, renewed, and looked at."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from notifications.links import Purpose
from tests.make import NOON, make_partnership, make_person
from tests.tracker.reminders.post import OWNER, change_person
from tracker.clock import moment_from
from tracker.database import reading, unit_of_work
from tracker.people.links import (
    LinkBroken,
    LinkExpired,
    LinkMaker,
    end_link,
    end_links,
    last_day,
    masked,
    may_renew,
    note_visit,
    open_link,
    wants_visit,
)
from tracker.people.models import Person
from tracker.people.sign_in_models import Link

SECRET = "of the tests, and of nothing else: 0123456789"
LINKS = LinkMaker("https://tracker.example", SECRET)


@pytest.fixture
def owner(engine: Engine) -> Person:
    with unit_of_work(engine) as session:
        return make_person(session, make_partnership(session), OWNER, "owner", name="Owen Field")


def mailed(engine, owner, now=NOON, days=14, to=OWNER, **given):
    with unit_of_work(engine) as session:
        return LINKS.address(session, owner.id, to, days=days, now=now, **given)


def opened(engine, address, now=NOON, purpose=Purpose.ACTIONS):
    with reading(engine) as session:
        return open_link(session, SECRET, purpose, address.rpartition("/")[2], now).person.name


def rows(engine):
    with reading(engine) as session:
        return session.exec(select(Link).order_by(col(Link.id))).all()


def test_emails_to_a_person_hold_one_link_which_each_renews(engine, owner):
    first = mailed(engine, owner)
    second = mailed(engine, owner, NOON + timedelta(days=7))

    [link] = rows(engine)
    assert first == second
    assert first.startswith("https://tracker.example/u/")
    assert last_day(link.expires_at).isoformat() == "2021-06-22"
    assert opened(engine, first) == "Owen Field"


def test_link_works_to_the_end_of_the_day_that_the_email_names(engine, owner):
    address = mailed(engine, owner)

    assert opened(engine, address, moment_from("2021-06-15T23:59:59")) == "Owen Field"
    with pytest.raises(LinkExpired):
        opened(engine, address, moment_from("2021-06-16T00:00"))


def test_link_that_has_run_out_stays_so_when_a_new_one_is_made(engine, owner):
    later = NOON + timedelta(days=30)
    old = mailed(engine, owner)
    new = mailed(engine, owner, later)

    assert old != new
    assert opened(engine, new, later) == "Owen Field"
    with pytest.raises(LinkExpired):
        opened(engine, old, later)


def test_each_purpose_and_each_appointment_has_a_link_of_its_own(engine, owner):
    actions = mailed(engine, owner)
    one, other = (mailed(engine, owner, about=about) for about in ("TH-2021-001/1", "TH-2021-001/2"))

    assert [link.purpose for link in rows(engine)] == ["actions", "independence", "independence"]
    assert one.startswith("https://tracker.example/i/")
    assert len({actions, one, other}) == 3
    assert opened(engine, one, purpose=Purpose.INDEPENDENCE) == "Owen Field"
    with pytest.raises(LinkBroken):
        opened(engine, one)


def test_no_link_goes_to_an_address_that_is_not_hers_any_more(engine, owner):
    assert mailed(engine, owner, to="former@thscp.example") is None
    assert rows(engine) == []


def test_link_ends_with_its_persons_time(engine, owner):
    address = mailed(engine, owner)
    change_person(engine, OWNER, ended_on=NOON.date())

    with pytest.raises(LinkBroken):
        opened(engine, address)
    with pytest.raises(LinkBroken):
        opened(engine, address, NOON + timedelta(days=30))
    assert mailed(engine, owner) is None


def test_link_of_whoever_has_no_address_any_more_is_broken(engine, owner):
    address = mailed(engine, owner)
    change_person(engine, OWNER, email=None)

    with pytest.raises(LinkBroken):
        opened(engine, address)


def test_link_that_was_ended_is_broken_and_the_next_email_holds_another(engine, owner):
    address = mailed(engine, owner)
    with unit_of_work(engine) as session:
        end_link(session, rows(engine)[0].id, NOON)

    with pytest.raises(LinkBroken):
        opened(engine, address)
    assert opened(engine, mailed(engine, owner)) == "Owen Field"


def test_new_link_on_request_ends_what_lives_for_the_same_purpose_only(engine, owner):
    actions, declaration = mailed(engine, owner), mailed(engine, owner, about="TH-2021-001/1")
    with unit_of_work(engine) as session:
        end_links(session, rows(engine)[0], NOON)

    with pytest.raises(LinkBroken):
        opened(engine, actions)
    assert opened(engine, declaration, purpose=Purpose.INDEPENDENCE) == "Owen Field"


def test_token_that_is_genuine_but_names_no_row_is_broken(engine, owner):
    address = mailed(engine, owner)
    with unit_of_work(engine) as session:
        session.delete(session.exec(select(Link)).one())

    with pytest.raises(LinkBroken):
        opened(engine, address)


def test_three_new_links_an_hour_are_granted_to_one_person(engine, owner):
    with unit_of_work(engine) as session:
        other = make_person(session, make_partnership(session, "chscp"), "other@chscp.example", "owner")

    def wish(person: Person, minutes: int) -> bool:
        with unit_of_work(engine) as session:
            return may_renew(session, person.id, NOON + timedelta(minutes=minutes))

    assert [wish(owner, minutes) for minutes in (0, 10, 20, 30, 59, 60, 61)] == [True] * 3 + [False] * 2 + [True, False]
    assert wish(other, 30)


def test_fetching_is_written_down_once_a_minute_for_one_link(session: Session):
    owner = make_person(session, make_partnership(session), OWNER, "owner")
    LINKS.address(session, owner.id, OWNER, days=14, now=NOON)
    session.flush()
    link = session.exec(select(Link)).one()

    wanted = []
    for seconds in (0, 30, 59, 60, 90, 120):
        now = NOON + timedelta(seconds=seconds)
        wanted.append(wants_visit(session, link.id, now))
        if wanted[-1]:
            note_visit(session, link.id, "fetched", now)

    assert wanted == [True, False, False, True, False, True]


@pytest.mark.parametrize(
    ("email", "shown"),
    [
        ("j.okafor@northmerehospitals.example", ("j.o", "@northmerehospitals.example")),
        ("jo@nhs.example", ("j", "@nhs.example")),
        ("joy@nhs.example", ("j", "@nhs.example")),
    ],
)
def test_masked_address_can_be_known_again_and_not_written_to(email, shown):
    assert masked(email) == shown
