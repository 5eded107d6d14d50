"""What changes while an email waits: whoever has left, what was closed, held or passed on, mornings gone by."""

from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlmodel import select

from notifications import doubts, outbox
from notifications.folder import FolderTransport
from notifications.transports import Doubtful, PermanentRefusal, Unreachable
from tests.make import act, make_case, make_person, make_world, shown
from tests.passing_on import PassingOn
from tests.tracker.reminders.post import CARE, LEAD, OWNER, Post, add, partnership, setting, states
from tracker.clock import london_day, moment_from
from tracker.database import reading, unit_of_work
from tracker.loading.leaving import end_person
from tracker.people.links import LinkMaker
from tracker.people.models import RoleHolding
from tracker.people.queries import person_by_email
from tracker.reminders import jobs
from tracker.reminders.jobs import PostRoom, run_due
from tracker.reminders.reading_ahead import read_ahead

NORA = "nora@thscp.example"
LINKS = LinkMaker("https://tracker.example", "of the tests, and of nothing else: 0123456789")
MEMBER = "rrp@thscp.example"


class Down(PassingOn):
    """A mail server that is away."""

    def send(self, outgoing, commit):
        raise Unreachable("The mail server is away.")


class Refusing(PassingOn):
    """A mail server that takes nothing, ever."""

    def send(self, outgoing, commit):
        raise PermanentRefusal("The sender is not known here.")


class Silent(PassingOn):
    """A mail server that does not answer to the end of an email, and cannot be asked."""

    tells_after = None

    def send(self, outgoing, commit):
        commit()
        raise Doubtful("It was silent.")


class Killed(BaseException):
    """Stands for the end of a process: what it has in hand is left in hand."""


class Deadly(PassingOn):
    """A mail server on whose first word the program is killed."""

    def send(self, outgoing, commit):
        raise Killed


@dataclass(frozen=True)
class Unasked(FolderTransport):
    """A folder that cannot be asked afterwards, as a mail server cannot."""

    tells_after: timedelta | None = None


@pytest.fixture
def post(engine, tmp_path):
    make_world(engine)
    with unit_of_work(engine) as session:
        make_person(session, partnership(session), NORA, "owner")
    return Post(engine, tmp_path)


def through(way, post, now):
    """Do what is due at a moment, with a way out that fails in its manner."""
    run_due(post.engine, way(FolderTransport(post.folder)), now=moment_from(now))


def sent(post, now):
    """Do what is due at a moment, and say what went to whom."""
    run_due(post.engine, Unasked(post.folder), now=moment_from(now))
    return [f"{mail['To']}: {mail['Subject']}" for mail in post.new()]


def queried(engine):
    add(engine)
    act(engine, "update_action", "A1", by=OWNER, report="on_track", text="All well", now="2021-06-03T09:00")
    act(engine, "query_update", "A1", reason="Since when?", now="2021-06-03T10:00")


def stuck(engine):
    add(engine, agency=CARE)
    act(engine, "update_action", "A1", by=OWNER, report="stuck", text="No staff", now="2021-06-03T09:00")


def answered_in_doubt(post):
    """Let the Executive answer an escalation, and nobody know whether the emails about it went."""
    make_case(post.engine)
    act(post.engine, "raise_escalation", group="rrp", title="More nurses", ask="Pay two", now="2021-06-02T09:00")
    answer = {"on": "2021-06-02", "answer": "agreed", "now": "2021-06-02T10:00"}
    act(post.engine, "respond_to_escalation", "E1", by="exec@thscp.example", **answer)
    through(Silent, post, "2021-06-02T10:01")


def held(engine, now):
    act(engine, "hold_action", "A1", reason="The court sits", look_again_on="2021-07-20", now=now)


def passed_on(engine, now):
    act(engine, "reassign_action", "A1", owner=NORA, reason="She moved", now=now)


def closed(engine, now):
    act(engine, "end_action", "A1", how="not_taken_forward", reason="Done elsewhere", now=now)


@pytest.mark.parametrize("change", [held, passed_on, closed])
def test_question_about_an_update_does_not_go_when_nobody_waits_for_the_answer_any_more(post, change):
    queried(post.engine)
    change(post.engine, "2021-06-03T10:01")

    assert sent(post, "2021-06-03T10:02") == []
    assert states(post.engine)[0] == ("update_queried", "superseded")


@pytest.mark.parametrize("change", [held, passed_on, closed])
def test_lead_is_not_asked_to_help_with_what_is_held_passed_on_or_closed(post, change):
    stuck(post.engine)
    change(post.engine, "2021-06-03T10:01")

    assert [mail for mail in sent(post, "2021-06-03T10:02") if mail.startswith(LEAD)] == []


def test_former_lead_is_not_asked_to_help(post):
    stuck(post.engine)
    with unit_of_work(post.engine) as session:
        lead = person_by_email(session, LEAD)
        for holding in session.exec(select(RoleHolding).where(RoleHolding.person_id == lead.id)):
            holding.until_on = london_day(moment_from("2021-06-03T10:00"))
            session.add(holding)

    assert sent(post, "2021-06-03T10:02") == []


def test_whoever_left_gets_no_answer_that_was_in_doubt(post):
    answered_in_doubt(post)
    with unit_of_work(post.engine) as session:
        end_person(session, MEMBER, "coordinator@thscp.example", moment_from("2021-06-02T10:05"))

    gone = sent(post, "2021-06-02T10:40")

    assert ([mail for mail in gone if mail.startswith(MEMBER)], len(gone) < len(states(post.engine))) == ([], True)


def test_whoever_leaves_while_her_email_is_written_and_its_sender_do_not_wait_for_each_other(
    postgresql_engine, tmp_path, monkeypatch
):
    make_world(postgresql_engine)
    with unit_of_work(postgresql_engine) as session:
        make_person(session, partnership(session), NORA, "owner")
    add(postgresql_engine)
    run_due(postgresql_engine, FolderTransport(tmp_path), now=moment_from("2021-06-02T08:00"), links=LINKS)
    now = moment_from("2021-06-16T08:00")
    room = PostRoom(postgresql_engine, FolderTransport(tmp_path), lambda: now, LINKS)
    room.plan()
    leaving = []

    def leave():
        with unit_of_work(postgresql_engine) as session:
            return end_person(session, OWNER, passes_to=NORA, now=now)["actions"]

    with ThreadPoolExecutor(1) as pool:

        def read_meanwhile(*asked):
            read_ahead(*asked)
            if not leaving:
                leaving.append(pool.submit(leave))
                wait(leaving, timeout=0.3)

        monkeypatch.setattr(jobs, "read_ahead", read_meanwhile)
        count = room.deliver()

    assert (count.sent, [one.result() for one in leaving]) == (1, [["A1"]])


def test_group_counts_as_told_when_a_person_settles_the_doubt_as_sent(post):
    answered_in_doubt(post)
    with unit_of_work(post.engine) as session:
        doubts.settle_all(session, doubts.uncertain(session), send_again=False, now=moment_from("2021-06-02T10:02"))

    sent(post, "2021-06-02T12:00")

    assert shown(post.engine, "E1", kind="escalation", now="2021-06-02T12:00")["status"] == "told"


def test_rung_that_a_hold_kept_back_goes_when_the_hold_is_over(post):
    add(post.engine)
    sent(post, "2021-06-02T08:00"), sent(post, "2021-06-16T08:00")
    through(Down, post, "2021-06-23T08:00")
    held(post.engine, "2021-06-23T09:00")
    sent(post, "2021-06-23T10:00")
    act(post.engine, "release_action", "A1", now="2021-06-23T11:00")

    mornings = {day: sent(post, f"2021-06-{day}T08:00") for day in (24, 25, 28, 30)}

    assert {day: len(mails) for day, mails in mornings.items()} == {24: 1, 25: 0, 28: 0, 30: 1}


def test_what_an_email_left_out_is_not_in_it_when_it_is_tried_again(post):
    add(post.engine)
    add(post.engine, title="Second")
    sent(post, "2021-06-02T08:00"), sent(post, "2021-06-16T08:00")
    through(Down, post, "2021-06-23T08:00")
    held(post.engine, "2021-06-23T08:01")
    through(Down, post, "2021-06-23T08:30")
    act(post.engine, "release_action", "A1", now="2021-06-23T08:31")

    named = []
    for now in ("2021-06-23T10:00", "2021-06-24T08:00", "2021-06-25T08:00"):
        sent(post, now)
        with reading(post.engine) as session:
            named.append([one.known()["calls"] for one in outbox.messages(session, kind="action_reminder")][1:])

    assert [[call[1] for calls in mails for call in calls] for mails in named] == [[2], [2, 1], [2, 1]]


def test_lead_is_not_told_of_silence_when_no_reminder_could_be_sent(post):
    add(post.engine, agency=CARE)
    for day in ("02", "16", "23"):
        through(Refusing, post, f"2021-06-{day}T08:00")

    assert sent(post, "2021-06-30T08:00") == [f"{OWNER}: 1 action needs an update by 14 July 2021: A1"]


def test_reminders_go_on_when_the_mail_server_takes_them_again(post):
    add(post.engine)
    for day in ("06-02", "06-16", "06-23", "06-30", "07-07", "07-14", "07-21", "07-28", "08-04", "08-11", "08-18"):
        through(Refusing, post, f"2021-{day}T08:00")

    assert len(sent(post, "2021-08-25T08:00")) == 1


@pytest.mark.parametrize("order", ["delivered first", "planned first"])
def test_email_of_yesterday_and_the_morning_of_today_are_one(post, order):
    add(post.engine)
    add(post.engine, title="Second", due_on="2021-07-01")
    for day in ("02", "16", "17"):
        sent(post, f"2021-06-{day}T08:00")
    through(Down, post, "2021-06-23T08:00")
    room = PostRoom(post.engine, Unasked(post.folder), lambda: moment_from("2021-06-24T08:00"))

    if order == "delivered first":
        room.deliver()
    room.plan()
    room.deliver()
    sent(post, "2021-06-24T09:30")

    _, _, _, *gone = post.texts()
    assert [("A1" in text, "A2" in text) for text in gone] == [(True, True)]


def test_what_a_killed_sender_had_in_hand_yesterday_is_one_email_with_the_morning_of_today(post):
    add(post.engine)
    add(post.engine, title="Second", due_on="2021-07-01")
    for day in ("02", "16", "17"):
        sent(post, f"2021-06-{day}T08:00")
    with pytest.raises(Killed):
        through(Deadly, post, "2021-06-23T08:00")

    sent(post, "2021-06-24T08:00")

    _, _, _, *gone = post.texts()
    assert [("A1" in text, "A2" in text) for text in gone] == [(True, True)]


def test_email_that_is_left_from_friday_goes_on_monday(post):
    add(post.engine, due_on="2021-07-02")
    sent(post, "2021-06-02T08:00"), sent(post, "2021-06-18T08:00")
    through(Down, post, "2021-06-25T08:00")

    days = {day: len(sent(post, f"2021-06-{day}T09:00")) for day in (26, 27, 28)}

    assert days == {26: 0, 27: 0, 28: 1}


def test_email_waits_for_the_last_of_the_mornings_of_its_reader(post):
    setting(post.engine, "reminders.at", "10:00")
    add(post.engine, due_on="2021-07-02")
    sent(post, "2021-06-02T10:00"), sent(post, "2021-06-18T10:00")
    through(Down, post, "2021-06-25T10:00")

    assert [len(sent(post, f"2021-06-28T{hour}")) for hour in ("08:00", "09:59", "10:00")] == [0, 0, 1]


def test_doubt_about_one_action_is_not_covered_by_an_email_about_another(post):
    add(post.engine)
    add(post.engine, title="Second", due_on="2021-07-01")
    for day in ("02", "16", "17"):
        sent(post, f"2021-06-{day}T08:00")
    through(Silent, post, "2021-06-23T08:00")

    stood = []
    for day in ("24", "30"):
        sent(post, f"2021-06-{day}T08:00")
        sent(post, f"2021-06-{day}T08:05")
        stood.append([state for kind, state in states(post.engine) if state in ("uncertain", "assumed_sent")])

    assert stood == [["uncertain"], ["assumed_sent"]]


@pytest.mark.parametrize(("kind", "calls"), [("of_tomorrow", []), ("action_reminder", [["of_tomorrow", 1, "1"]])])
def test_email_that_only_a_newer_version_knows_waits_for_it(post, kind, calls):
    moment = moment_from("2021-06-02T08:00")
    with unit_of_work(post.engine) as session:
        owner = person_by_email(session, OWNER)
        outbox.put(
            session, kind=kind, person_id=owner.id, to_name=owner.name, to_address=owner.email, about="A1", key="n:1",
            facts={"calls": calls}, due_at=moment, planned_at=moment, routine=True,
        )  # fmt: skip

    assert (sent(post, "2021-06-02T08:01"), states(post.engine)) == ([], [(kind, "queued")])
