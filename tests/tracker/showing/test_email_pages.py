"""Emails some at a time: each is shown once, and nothing of those that are hidden."""

from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest
from sqlmodel import col, select, update

from notifications import outbox
from notifications.outbox import Message
from tests import make
from tests.make import NOON
from tests.statements import each_statement
from tracker.clock import london_day
from tracker.database import reading, unit_of_work
from tracker.groups.queries import partnership_by_code
from tracker.people.doer import doer_by_email
from tracker.people.models import RoleHolding
from tracker.people.queries import person_by_email
from tracker.showing.email_jobs import jobs_of_emails
from tracker.showing.email_pages import emails_after, emails_before, newest_emails
from tracker.showing.emails import list_emails, wanted_by
from tracker.showing.unsettled_emails import unsettled_emails

OWNER, COORDINATOR, ADMIN = (f"{who}@thscp.example" for who in ("owner", "coordinator", "admin"))
BARRED, OPEN = "TH-2021-001", "TH-2021-002"
_numbers = count(1)


@pytest.fixture
def world(engine):
    """Give a team with two cases, from one of which its coordinator is barred."""
    make.make_world(engine)
    for case in (BARRED, OPEN):
        make.make_case(engine, case)
    make.act(engine, "declare_conflict", BARRED, person=COORDINATOR, reason="I know the family.")
    return engine


def put(engine, *abouts, to=OWNER, **facts):
    """Put an email about each of some records into the outbox."""
    with unit_of_work(engine) as session:
        person = person_by_email(session, to)
        for about in abouts:
            outbox.put(
                session,
                kind="action_reminder",
                person_id=person.id,
                to_name=person.name,
                to_address=to,
                about=about,
                key=str(next(_numbers)),
                facts=facts,
                due_at=NOON,
                planned_at=NOON,
                routine=True,
            )


def give_action(engine, *cases, **values):
    with unit_of_work(engine) as session:
        return make.make_action(session, partnership_by_code(session, "thscp"), cases=cases, **values).reference


def newest(engine, who, most=3, **where):
    """Give what the newest emails are about that somebody may know of, and whether there are older ones."""
    with reading(engine) as session:
        reader = doer_by_email(session, who, london_day(NOON))
        page = newest_emails(session, wanted_by(session, where, reader), reader, most)
        return [email.about for email in page.emails], page.older is not None


def test_page_is_full_however_many_are_hidden_between(world):
    put(world, "X1", "X2", "X3", *[BARRED] * 40, "X4", OPEN, *[BARRED] * 9)

    assert newest(world, COORDINATOR) == ([OPEN, "X4", "X3"], True)


def test_hidden_emails_that_are_older_leave_no_trace(world):
    put(world, *[BARRED] * 5, "X1", "X2", "X3")

    assert newest(world, COORDINATOR) == (["X3", "X2", "X1"], False)
    assert newest(world, COORDINATOR, about=BARRED) == ([], False)


def test_email_whose_facts_alone_name_a_hidden_record_is_hidden(world):
    put(world, "X1", case=BARRED)
    put(world, "X2", case=OPEN)

    assert newest(world, COORDINATOR) == (["X2"], False)


def test_hidden_record_hides_an_email_about_others_too(world):
    put(world, f"{OPEN}, {BARRED}", f"{OPEN}, X1")

    assert newest(world, COORDINATOR) == ([f"{OPEN}, X1"], False)
    assert newest(world, COORDINATOR, about=BARRED) == ([], False)
    assert newest(world, COORDINATOR, about=OPEN.lower()) == ([f"{OPEN}, X1"], False)


@pytest.mark.parametrize("owned", [{}, {"of_case": True}], ids=["of no case", "of a case"])
def test_administrator_knows_of_no_email_about_an_action_that_nobody_owns(world, owned):
    action = give_action(world, *([OPEN] if owned else []))
    put(world, action, f"X1, {action}", "sign-in")

    assert newest(world, ADMIN) == (["sign-in"], False)


def test_administrator_who_owns_an_action_knows_of_its_emails(world):
    with reading(world) as session:
        owner_id = person_by_email(session, ADMIN).id
    hers, other = give_action(world, OPEN, owner_id=owner_id), give_action(world, OPEN)
    put(world, hers, f"{hers}, {other}", f"{other}, {hers}", "sign-in")

    assert newest(world, ADMIN) == (["sign-in", hers], False)


@pytest.mark.parametrize("who", [COORDINATOR, ADMIN, OWNER])
def test_pages_hold_together_what_the_whole_list_holds(world, who):
    put(world, *[BARRED, OPEN, "X1", "sign-in"] * 5)
    put(world, OPEN, "sign-in", BARRED, to=who)
    with reading(world) as session:
        reader = doer_by_email(session, who, london_day(NOON))
        wanted = wanted_by(session, {}, reader)
        pages = [newest_emails(session, wanted, reader, 3)]
        while pages[-1].older is not None:
            pages.append(emails_before(session, wanted, reader, 3, pages[-1].older))
        listed = [row["about"] for row in list_emails(session, {}, reader, NOON)]
        back = [emails_after(session, wanted, reader, 3, page.newer) for page in pages[1:]]
        all_ids = session.exec(select(Message.id).order_by(col(Message.id).desc())).all()

    ids = [email.id for page in pages for email in page.emails]
    assert [email.about for page in pages for email in page.emails] == listed[::-1]
    assert ids == [number for number in all_ids if number in set(ids)]
    assert [page.emails for page in back] == [page.emails for page in pages[:-1]]


def test_emails_of_somebody_elsewhere_are_not_known(world):
    make.make_world(world, "chscp")
    put(world, "X1", to="owner@chscp.example")
    put(world, "X2")

    assert newest(world, COORDINATOR) == (["X2"], False)
    assert newest(world, COORDINATOR, partnership="thscp") == (["X2"], False)


def unsettled(engine, who):
    """Give what somebody knows of emails in doubt and of those that could not go, and what she has to do about them."""
    with reading(engine) as session:
        reader = doer_by_email(session, who, london_day(NOON))
        groups = unsettled_emails(session, reader, NOON).values()
        jobs = jobs_of_emails(session, None, reader, NOON)
        return [one.about for group in groups for one in group], [job.sentence for job in jobs]


@pytest.mark.parametrize(
    ("state", "job"),
    [
        ({"state": "failed"}, "See to an email that could not be sent."),
        (
            {"state": "uncertain", "doubtful_since": NOON},
            "Settle an email of which we do not know whether it went.",
        ),
        (
            {"state": "sent", "sent_at": NOON - timedelta(days=3), "provider_id": str(UUID(int=1))},
            "Ask whether an email arrived: for three days the mail service has not said.",
        ),
    ],
    ids=["could not go", "in doubt", "not heard of again"],
)
def test_email_about_two_partnerships_is_known_to_each_coordinator_with_what_is_hers(world, state, job):
    make.make_world(world, "chscp")
    with unit_of_work(world) as session:
        owner, elsewhere = person_by_email(session, OWNER), partnership_by_code(session, "chscp")
        held = {"person_id": owner.id, "partnership_id": elsewhere.id, "role": "owner", "from_on": london_day(NOON)}
        session.add(RoleHolding(**held))
        other = make.make_action(session, elsewhere).reference
    hers = give_action(world)
    put(world, f"{hers}, {other}", BARRED, f"{BARRED}, {OPEN}")
    with unit_of_work(world) as session:
        session.exec(update(Message).values(state))

    known = [unsettled(world, who) for who in (COORDINATOR, "coordinator@chscp.example", ADMIN, OWNER)]

    two = job.replace("an email", "2 emails").replace("it went", "they went")
    assert known == [([hers, OPEN], [two]), ([other], [job]), ([], []), ([], [])]


def test_email_to_somebody_who_only_sits_in_a_group_is_known_to_the_coordinator(world):
    with unit_of_work(world) as session:
        make.make_person(session, partnership_by_code(session, "thscp"), "member@thscp.example", groups=["qap"])
    put(world, "X1", to="member@thscp.example")

    assert newest(world, COORDINATOR) == (["X1"], False)


def test_reading_asks_a_few_times_however_many_are_hidden(world):
    put(world, *[BARRED] * 300)
    asked = []
    with each_statement(world, lambda sql, _values: asked.append(sql)):
        before = newest(world, COORDINATOR, most=50)
        questions = len([sql for sql in asked if "FROM message" in sql])

    assert (before, questions) == (([], False), 3)
