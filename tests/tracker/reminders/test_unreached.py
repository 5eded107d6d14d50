"""Owners whom no email reaches: nothing goes there any more, the lead is asked once, and the coordinator knows why."""

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from notifications.outbox import Message
from notifications.transports import PermanentRefusal
from tests.make import make_action, make_agency, make_case, make_person, make_world
from tests.tracker.reminders.post import CARE, LEAD, OWNER, Post, add, change_person, partnership, setting
from tracker.clock import moment_from
from tracker.database import reading, unit_of_work
from tracker.history import HistoryLine
from tracker.people.models import AddressFailure, Person
from tracker.reminders.jobs import run_due
from tracker.showing.jobs import list_jobs

ON_THE_DAY = "2021-06-16T08:00"
ASKED = f"{LEAD}: 1 action of your agency needs a new owner: A1"


@pytest.fixture
def world(engine, tmp_path):
    make_world(engine)
    setting(engine, "reminders.tell_new_owner", False)
    return Post(engine, tmp_path / "mail")


class RefusesAddresses:
    """A mail server that knows nobody."""

    tells_after = None

    def send(self, outgoing, commit):
        raise PermanentRefusal("550 no such mailbox", of_address=True)

    def find(self, message_id):
        return None

    def close(self):
        pass


def bounce(post, now=ON_THE_DAY):
    """Let every email of a moment be refused by its address."""
    run_due(post.engine, RefusesAddresses(), now=moment_from(now))


def job(post, now):
    """Give the sentences about owners who cannot be reminded."""
    with reading(post.engine) as session:
        found = list_jobs(session, {"flag": "cannot_be_reminded"}, None, moment_from(now))
        return [one["sentence"] for one in found]


def test_address_that_refuses_is_written_down_once_and_stands_in_the_history(world):
    add(world.engine, agency=CARE)
    bounce(world)
    bounce(world, "2021-06-16T08:05")

    with reading(world.engine) as session:
        failures = session.exec(select(AddressFailure.address, AddressFailure.reason)).all()
        lines = session.exec(select(HistoryLine.about).where(HistoryLine.deed == "address_refused")).all()
        person = session.exec(select(Person).where(Person.email == OWNER)).one()

    # The owner's reminder, and the question to the lead which the same server refused.
    assert sorted(failures) == [(LEAD, "550 no such mailbox"), (OWNER, "550 no such mailbox")]
    assert list(lines) == ["thscp", "thscp"]
    assert (person.refused_email, str(person.refused_on)) == (OWNER, "2021-06-16")


def test_owner_whose_address_refuses_is_not_reminded_and_her_lead_is_asked_once(world):
    add(world.engine, agency=CARE)
    bounce(world)

    sent = world.runs(["2021-06-16", "2021-06-17", "2021-06-23", "2021-06-30", "2021-07-07"], at="08:05")

    assert sent == {"2021-06-16": [ASKED]}
    assert job(world, "2021-06-17T12:00") == [
        "Pass A1 to somebody else: email to Owen Field came back on 16 June 2021."
    ]


def test_lead_is_asked_by_one_email_for_all_actions_of_an_owner_without_her_name(world):
    for _ in range(3):
        add(world.engine, agency=CARE)
    bounce(world)

    sent = world.run("2021-06-16T08:05")

    assert sent == [f"{LEAD}: 3 actions of your agency need a new owner"]
    assert "Owen" not in world.texts()[-1]


def test_address_that_changes_is_written_to_again(world):
    add(world.engine, agency=CARE)
    bounce(world)
    change_person(world.engine, OWNER, email="owen@thscp.example")

    sent = world.runs(["2021-06-17", "2021-06-23"])

    assert sent == {"2021-06-23": ["owen@thscp.example: 1 action needs an update by 7 July 2021: A1"]}
    assert job(world, "2021-06-23T12:00") == []


def test_refusal_of_an_address_that_she_has_no_longer_changes_nothing(world):
    add(world.engine, agency=CARE)
    world.run(ON_THE_DAY)
    change_person(world.engine, OWNER, email="owen@thscp.example")
    with unit_of_work(world.engine) as session:
        session.exec(update(Message).where(col(Message.to_address) == OWNER).values(address_refused=True))

    sent = world.runs(["2021-06-17", "2021-06-23"])

    assert list(sent) == ["2021-06-23"]


def test_owner_without_an_address_is_asked_of_the_lead_once_on_a_working_morning(world):
    with unit_of_work(world.engine) as session:
        here = partnership(session)
        make_person(session, here, None, "owner", name="Head of Grove School", agency=CARE)
    add(world.engine, now="2021-06-18T18:00", owner="Head of Grove School")

    sent = world.runs(["2021-06-18", "2021-06-19", "2021-06-21", "2021-06-22", "2021-06-30"], at="07:59")
    later = world.runs(["2021-06-19", "2021-06-21", "2021-06-22", "2021-06-30"])

    assert (sent, later) == ({}, {"2021-06-21": [ASKED]})


def test_nobody_is_asked_about_what_was_loaded(world):
    with unit_of_work(world.engine) as session:
        here = partnership(session)
        post = make_person(session, here, None, "owner", name="Head of Grove School", kind="post", agency=CARE)
        make_action(session, here, owner_id=post.id, due="2021-06-30", loaded_id="th/1")

    assert world.runs(["2021-06-16", "2021-06-17"]) == {}


def test_agency_without_a_lead_is_said_to_the_coordinator_and_asked_when_it_has_one(world):
    with unit_of_work(world.engine) as session:
        here = partnership(session)
        school = make_agency(session, here, "Grove School")
        make_person(session, here, None, "owner", name="Head of Grove School", agency=school)
    add(world.engine, owner="Head of Grove School")
    before = world.run(ON_THE_DAY)
    said = job(world, ON_THE_DAY)
    with unit_of_work(world.engine) as session:
        here = partnership(session)
        school = "Grove School"
        make_person(session, here, "lead@grove.example", "agency_lead", name="Lee Lead", agency=school)

    after = world.run("2021-06-17T08:00")

    assert before == []
    assert said == [
        "Give Head of Grove School an email address, or pass A1 to somebody who has one. "
        "No lead of the agency can be asked by email."
    ]
    assert after == ["lead@grove.example: 1 action of your agency needs a new owner: A1"]


@pytest.mark.parametrize(("kind", "is_critical"), [("action_reminder", False), ("statutory_dates", True)])
def test_only_a_morning_with_a_statutory_date_is_sent_again_in_doubt(world, kind, is_critical):
    if is_critical:
        make_case(world.engine)
    else:
        add(world.engine)
    world.run(ON_THE_DAY)

    with reading(world.engine) as session:
        found = session.exec(select(Message.kind, Message.critical, Message.routine)).all()
    assert found == [(kind, is_critical, True)]
