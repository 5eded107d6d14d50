"""The post of a partnership: what an email says before it goes, holding one back, doubts, and addresses that refuse."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import col, select, update

from notifications import outbox
from notifications.outbox import Message
from tests import make
from tests.make import NOON
from tests.tracker.web.test_admin import page_of
from tracker.database import reading, unit_of_work
from tracker.groups.queries import partnership_by_code
from tracker.history import HistoryLine
from tracker.people.models import AddressFailure, Person
from tracker.people.queries import person_by_email
from tracker.people.sign_in_models import Link
from tracker.reminders.models import PostHold
from tracker.rows import write

OWNER = "owner@thscp.example"
COORDINATOR = "coordinator@thscp.example"


def reminder(engine, *, case=None, number=0, **values):
    """Let a reminder of an action wait for its owner; it is due tomorrow unless said otherwise."""
    with unit_of_work(engine) as session:
        owner = person_by_email(session, OWNER)
        thscp = partnership_by_code(session, "thscp")
        cases = [case] if case else []
        action = make.make_action(
            session, thscp, owner_id=owner.id, due="2021-06-16", title="Share records", cases=cases
        )
        outbox.put(
            session,
            kind="action_reminder",
            person_id=owner.id,
            to_name=owner.name,
            to_address=OWNER,
            about=action.reference,
            key=f"reminder {action.reference} {number}",
            facts={"calls": [["action", action.id, "1"]]},
            due_at=NOON + timedelta(days=1),
            planned_at=NOON,
            routine=True,
        )
        if values:
            session.exec(update(Message).where(col(Message.about) == action.reference).values(**values))
    return action.reference


def uncertain(engine, **values):
    """Let a reminder be in doubt."""
    known = {"state": "uncertain", "doubtful_since": NOON, "last_error": "The connection was cut.", "subject": "Asked"}
    return reminder(engine, **{**known, **values})


def states(engine):
    with reading(engine) as session:
        return [(one.about, one.state, one.repeats) for one in session.exec(select(Message).order_by(col(Message.id)))]


def lines(engine, deed):
    with reading(engine) as session:
        return list(session.exec(select(HistoryLine.about).where(HistoryLine.deed == deed)))


def email_page(visitor):
    """Open the page of the first email of the list."""
    page = visitor.opens("/admin/emails")
    return visitor.opens(next(link for link in page.links if len(link.removeprefix("/admin/emails/")) == 24))


def test_coordinator_reads_an_email_as_it_would_go_and_nothing_is_made_of_it(world, as_):
    reference = reminder(world)

    page = email_page(as_("coordinator"))

    assert page.heading == f"Email to Owen Field 1 action needs an update by 15 June 2021: {reference}"
    assert "Dear Owen Field," in page.words
    assert f"http://testserver/u/made-when-it-goes/{reference}" in page.words.replace("127.0.0.1", "testserver")
    with reading(world) as session:
        assert session.exec(select(Link)).all() == []
    assert states(world) == [(reference, "queued", 0)]


def test_email_without_a_reason_any_more_says_so(world, as_):
    reference = reminder(world)
    make.act(world, "complete_action", reference, on="2021-06-01", evidence="Minutes")

    page = email_page(as_("coordinator"))

    assert "If it went now, nothing would be sent" in page.words


def test_email_about_a_barred_case_leaves_no_trace(world, as_):
    case = make.make_case(world)
    uncertain(world, case=case)
    coordinator = as_("coordinator")
    address = email_page(coordinator).address
    make.act(world, "declare_conflict", case, person=COORDINATOR, reason="I know the family.")

    assert coordinator.opens(address).status == 404
    assert "No email needs you" in coordinator.opens("/admin/emails/doubts").words
    assert "Settle an email" not in coordinator.opens("/today").words


def test_administrator_reads_no_email_about_an_action(world, as_):
    reminder(world)
    address = email_page(as_("coordinator")).address

    assert as_("admin").opens(address).status == 404


def test_invitation_is_shown_without_its_link(world, as_):
    admin = as_("admin")
    person = admin.opens(page_of(admin, "Owen"))
    admin.sends_form(person, person.forms[-1])

    page = email_page(admin)

    assert "/welcome/made-when-it-goes" in page.words


def test_email_is_held_and_released_with_a_line_each(world, as_):
    reference = reminder(world)
    coordinator = as_("coordinator")
    page = email_page(coordinator)

    held = coordinator.sends_form(page, page.forms[-1])
    state_held = states(world)
    again = coordinator.sends_form(page, page.forms[-1])
    released = coordinator.sends_form(again, again.forms[-1])

    assert "The email is held until somebody releases it." in held.words
    assert state_held == [(reference, "held", 0)]
    assert "The email goes within a minute or two." in released.words
    assert states(world) == [(reference, "queued", 0)]
    assert (lines(world, "email_hold"), lines(world, "email_release")) == ([reference], [reference])


def test_email_that_is_let_go_waits_for_the_morning_or_for_the_release_of_the_post_and_says_so(world, as_):
    reminder(world, state="held", due_at=NOON - timedelta(days=1))
    coordinator = as_("coordinator")
    page = email_page(coordinator)
    early = coordinator.sends_form(page, page.forms[-1])
    with unit_of_work(world) as session:
        session.exec(update(Message).values(state="held"))
        write(session, PostHold(since=NOON, reason="A backup was restored."))
    again = coordinator.opens(page.address)

    held = coordinator.sends_form(again, again.forms[-1])

    assert "The email goes with the reminders of the next working day’s morning." in early.words
    assert "The email goes when somebody releases the post." in held.words


def test_email_that_would_be_a_second_one_of_the_day_says_so_before_it_is_let_go(world, as_):
    first = reminder(world, state="held", due_at=NOON - timedelta(days=1))
    coordinator = as_("coordinator")
    page = email_page(coordinator)
    reminder(world, state="sent", due_at=NOON, sent_at=NOON)

    later = coordinator.opens(page.address)

    sentence = "Owen Field has another routine email today. Released now, this is a second one."
    assert [sentence in one.words for one in (page, later)] == [False, True]
    assert first in later.words


def test_email_that_has_gone_meanwhile_is_not_held(world, as_):
    reference = reminder(world)
    coordinator = as_("coordinator")
    page = email_page(coordinator)
    with unit_of_work(world) as session:
        session.exec(update(Message).values(state="sent", sent_at=NOON))

    answer = coordinator.sends_form(page, page.forms[-1])

    assert answer.status == 409
    assert "This email has moved on since you looked at it." in answer.words
    assert states(world) == [(reference, "sent", 0)]


def test_doubts_stand_on_today_and_all_are_settled_at_once(world, as_):
    first, second = uncertain(world), uncertain(world)
    coordinator = as_("coordinator")
    today = coordinator.opens("/today")
    page = coordinator.opens("/admin/emails/doubts")

    answer = coordinator.sends_form(page, page.forms[-1], email="all", how="leave")

    assert "Settle 2 emails of which we do not know whether they went" in today.words
    assert "It was handed over on 1 June 2021 at midday, and no answer came. The connection was cut." in page.words
    assert "Nothing more is done about 2 emails." in answer.words
    assert states(world) == [(first, "assumed_sent", 0), (second, "assumed_sent", 0)]
    assert lines(world, "email_settle") == [first, second]


def test_all_of_them_are_those_that_were_shown(world, as_):
    first, second = uncertain(world), uncertain(world)
    coordinator = as_("coordinator")
    page = coordinator.opens("/admin/emails/doubts")
    third = uncertain(world)

    coordinator.sends_form(page, page.forms[-1], email="all", how="leave")

    assert states(world) == [(first, "assumed_sent", 0), (second, "assumed_sent", 0), (third, "uncertain", 0)]


def test_one_doubt_is_sent_again_and_says_that_it_may_come_twice(world, as_):
    first, second = uncertain(world), uncertain(world)
    coordinator = as_("coordinator")
    page = coordinator.opens("/admin/emails/doubts")
    listed = coordinator.opens(f"/admin/emails?about={first}")
    code = next(link[-24:] for link in listed.links if len(link.removeprefix("/admin/emails/")) == 24)

    coordinator.sends_form(page, page.forms[-1], email=code, how="send_again")

    assert states(world) == [(first, "queued", 1), (second, "uncertain", 0)]
    mail = coordinator.opens(f"/admin/emails/{code}")
    assert "You may get this email twice" in mail.words


def test_nothing_ticked_asks_for_a_tick(world, as_):
    uncertain(world)
    coordinator = as_("coordinator")
    page = coordinator.opens("/admin/emails/doubts")

    answer = coordinator.sends_form(page, page.forms[-1], how="leave")

    assert (answer.status, answer.title.startswith("Error: ")) == (422, True)
    assert "Tick at least one email" in answer.words


def test_email_that_could_not_be_sent_is_a_job_until_somebody_has_seen_to_it(world, as_):
    reference = reminder(world, state="failed", last_error="554 no")
    coordinator = as_("coordinator")
    before = coordinator.opens("/today").words
    page = coordinator.opens("/admin/emails/doubts")
    code = email_page(coordinator).address[-24:]

    coordinator.sends_form(page, page.forms[-1], email=code, how="leave")

    assert "See to an email that could not be sent" in before
    assert "See to an email" not in coordinator.opens("/today").words
    assert states(world) == [(reference, "failed", 0)]


def test_email_of_which_the_service_never_said_what_became_of_it_is_a_job_until_somebody_has_seen_to_it(world, as_):
    long_ago = {"sent_at": NOON - timedelta(days=3), "provider_id": str(UUID(int=1)), "subject": "Asked"}
    reference = reminder(world, state="sent", **long_ago)
    coordinator = as_("coordinator")
    before = coordinator.opens("/today").words
    page = coordinator.opens("/admin/emails/doubts")

    again = coordinator.sends_form(page, page.forms[-1], email="all", how="send_again")
    seen = coordinator.sends_form(page, page.forms[-1], email="all", how="leave")

    said = "It was handed over on 29 May 2021 at midday, and the mail service has not said for three days what became"
    assert "Ask whether an email arrived: for three days the mail service has not said" in before
    assert (said in page.words, "Send again" in page.words) == (True, False)
    assert again.status == 422
    assert "No email needs you" in seen.words
    assert "Ask whether" not in coordinator.opens("/today").words
    assert states(world) == [(reference, "sent", 0)]


def test_address_that_works_after_all_is_written_to_again(world, as_):
    with unit_of_work(world) as session:
        person = person_by_email(session, OWNER)
        person.refused_email, person.refused_on = OWNER, NOON.date()
        session.add(person)
        session.add(AddressFailure(person_id=person.id, address=OWNER, message_id=1, at=NOON, reason="550"))
    admin = as_("admin")
    page = admin.opens(page_of(admin, "Owen"))
    form = next(form for form in page.forms if form["action"].endswith("/address"))

    answer = admin.sends_form(page, form)

    assert "Email to this address came back on 1 June 2021." in page.words
    assert "Emails go to Owen Field again." in answer.words
    with reading(world) as session:
        assert session.exec(select(Person.refused_email).where(Person.email == OWNER)).one() is None
        assert session.exec(select(AddressFailure.ended_at)).one() == NOON
    assert lines(world, "address_works") == ["thscp"]


def test_email_that_is_also_about_what_is_barred_is_settled_by_its_kind_without_a_trace_of_that(world, as_):
    case = make.make_case(world)
    hers, other = reminder(world), reminder(world, case=case)
    make.act(world, "declare_conflict", case, person=COORDINATOR, reason="I know the family.")
    both = {
        "about": f"{hers}, {other}",
        "state": "failed",
        "last_error": "554 no",
        "subject": f"Asked: {hers}, {other}",
    }
    with unit_of_work(world) as session:
        session.exec(update(Message).where(col(Message.about) == hers).values(both))
    coordinator = as_("coordinator")
    today, page = coordinator.opens("/today"), coordinator.opens("/admin/emails/doubts")

    answer = coordinator.sends_form(page, page.forms[-1], email="all", how="leave")

    assert "See to an email that could not be sent" in today.words
    assert f"Action reminder, to Owen Field, about {hers} It could not be sent: 554 no" in page.words
    assert (other in page.words, other in answer.words) == (False, False)
    assert "No email needs you" in answer.words


@pytest.mark.parametrize("code", ["1", "0" * 24, "x" * 24])
def test_email_that_there_is_not_is_not_found(world, as_, code):
    assert as_("coordinator").opens(f"/admin/emails/{code}").status == 404
