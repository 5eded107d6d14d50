"""The asking group is told: an email to each member, and the day on which it went."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from notifications import outbox
from notifications.facts import EscalationAnswered, Letterhead
from notifications.lines import AnsweredLine, EarlierAnswer
from notifications.outbox import MessageState
from tests.make import act, make_case, make_person, make_world, shown
from tracker import history
from tracker.clock import moment_from
from tracker.database import reading, unit_of_work
from tracker.escalations.models import Escalation
from tracker.escalations.telling import answered_facts, groups_to_mark_told, mark_told
from tracker.groups.models import Partnership

NOW = "2021-03-01T09:00"
EXEC = "exec@thscp.example"

LETTERHEAD = Letterhead(
    partnership="THSCP partnership", contact="coordinator@thscp.example", reply_to="coordinator@thscp.example"
)


@pytest.fixture
def world(engine: Engine) -> Engine:
    make_world(engine)
    with unit_of_work(engine) as session:
        partnership = session.exec(select(Partnership)).one()
        make_person(session, partnership, "chair@thscp.example", "group_chair", groups=["qap"], chair=True)
        make_person(session, partnership, None, "panel", name="No Address", groups=["qap"])
    return engine


def _raise_and_answer(world: Engine, **about: list[str]) -> None:
    act(world, "raise_escalation", group="qap", title="Should beds wait?", ask="Fund beds", now=NOW, **about)
    act(world, "respond_to_escalation", "E1", by=EXEC, on="2021-03-02", answer="agreed_in_part", now="2021-03-02T09:00")


def _waiting(world: Engine) -> list[tuple[str, str, bool]]:
    with reading(world) as session:
        return [(row.to_address, row.key, row.routine) for row in outbox.messages(session, kind="escalation_answered")]


def test_every_member_of_the_group_with_an_address_is_told(world: Engine) -> None:
    _raise_and_answer(world)

    with reading(world) as session:
        messages = outbox.messages(session, kind="escalation_answered", about="E1")
        ids = {message.to_address: message.person_id for message in messages}
        facts = answered_facts(session, messages[0], moment_from("2021-03-02T09:00"))
    assert _waiting(world) == [
        ("qap@thscp.example", f"escalation_answered:E1:1:{ids['qap@thscp.example']}", False),
        ("chair@thscp.example", f"escalation_answered:E1:1:{ids['chair@thscp.example']}", False),
    ]
    assert facts == EscalationAnswered(
        letterhead=LETTERHEAD,
        to_name="Qap",
        escalation=AnsweredLine(
            reference="E1",
            answer="agreed in part",
            answered_on=datetime(2021, 3, 2).date(),
            group="Quality Assurance and Performance Group",
            title="Should beds wait?",
        ),
    )


def test_title_stays_out_where_the_partnership_says_so(world: Engine) -> None:
    _raise_and_answer(world)
    act(world, "change_setting", "thscp", key="email.titles", value=False, now="2021-03-02T09:30")

    with reading(world) as session:
        message = outbox.messages(session, about="E1")[0]
        facts = answered_facts(session, message, moment_from("2021-03-02T10:00"))

    assert facts is not None
    assert facts.escalation.title is None


def _told(world: Engine, now: str = "2021-03-02T10:00") -> list[EscalationAnswered | None]:
    with reading(world) as session:
        return [answered_facts(session, message, moment_from(now)) for message in outbox.messages(session, about="E1")]


def test_group_is_told_when_the_executive_will_decide(world: Engine) -> None:
    act(world, "raise_escalation", group="qap", title="Should beds wait?", ask="Fund beds", now=NOW)
    act(world, "schedule_meeting", group="exec", on="2021-06-01", now=NOW)

    act(world, "respond_to_escalation", "E1", by=EXEC, on="2021-03-01", answer="deferred", until="2021-06-01", now=NOW)

    told = _told(world)
    assert [None if facts is None else (facts.decides_on, facts.is_at_meeting) for facts in told] == [
        (date(2021, 6, 1), True),
        (date(2021, 6, 1), True),
    ]


def test_group_is_told_that_it_was_asked_something(world: Engine) -> None:
    act(world, "raise_escalation", group="qap", title="Should beds wait?", ask="Fund beds", now=NOW)

    act(world, "respond_to_escalation", "E1", by=EXEC, on="2021-03-01", answer="asked_back", text="Which?", now=NOW)

    facts = _told(world)[0]
    assert facts is not None
    assert (facts.is_asked_back, facts.decides_on, facts.earlier) == (True, None, ())


def test_nobody_is_told_of_a_day_that_holds_no_longer(world: Engine) -> None:
    act(world, "raise_escalation", group="qap", title="Should beds wait?", ask="Fund beds", now=NOW)
    act(world, "respond_to_escalation", "E1", by=EXEC, on="2021-03-01", answer="deferred", until="2021-06-01", now=NOW)

    act(world, "withdraw_escalation", "E1", reason="Solved", now="2021-03-02T09:00")

    assert _told(world) == [None, None]


def test_barred_member_is_not_told(world: Engine) -> None:
    make_case(world, "TH-2021-001", now=NOW)
    act(world, "declare_conflict", "TH-2021-001", person="chair@thscp.example", reason="Kin", now=NOW)

    _raise_and_answer(world, about=["TH-2021-001"])

    assert [address for address, _, _ in _waiting(world)] == ["qap@thscp.example"]


def test_older_answer_is_not_sent_when_a_newer_one_waits(world: Engine) -> None:
    _raise_and_answer(world)
    act(world, "respond_to_escalation", "E1", by=EXEC, on="2021-03-02", answer="agreed", now="2021-03-02T09:05")

    with reading(world) as session:
        now = moment_from("2021-03-02T09:06")
        facts = [answered_facts(session, message, now) for message in outbox.messages(session, about="E1")]

    assert [None if fact is None else fact.escalation.answer for fact in facts] == [None, None, "agreed", "agreed"]
    newest = facts[-1]
    assert newest is not None
    assert newest.earlier == (EarlierAnswer(answer="agreed in part", answered_on=date(2021, 3, 2)),)


def test_group_counts_as_told_by_the_email_about_the_newest_answer_only(world: Engine) -> None:
    act(world, "raise_escalation", group="qap", title="Should beds wait?", ask="Fund beds", now=NOW)
    act(world, "respond_to_escalation", "E1", by=EXEC, on="2021-03-01", answer="asked_back", text="Which?", now=NOW)
    act(world, "respond_to_escalation", "E1", by=EXEC, on="2021-03-02", answer="agreed", now="2021-03-02T09:00")

    told = []
    for sent in range(4):
        with unit_of_work(world) as session:
            message = outbox.messages(session, about="E1")[sent]
            message.state, message.sent_at = MessageState.SENT.value, moment_from(NOW)
            session.add(message)
            session.flush()
            told.append(groups_to_mark_told(session))

    assert told == [[], [], [1], [1]]


def test_group_counts_as_told_once_when_its_email_has_gone(world: Engine) -> None:
    _raise_and_answer(world)
    # Half past midnight in London on 28 March is still the 28th in Greenwich; an hour later summer time begins.
    gone_at = datetime(2021, 3, 28, 0, 30, tzinfo=UTC)

    with unit_of_work(world) as session:
        escalation_id = session.exec(select(Escalation.id)).one()
        marked = [mark_told(session, escalation_id, gone_at) for _ in range(2)]
        history.write_noted(session)

    shows = shown(world, "E1", kind="escalation", now="2021-04-01T09:00")
    assert marked == [True, False]
    assert (shows["status"], shows["status_words"], shows["told_on"], shows["version"]) == (
        "told",
        "Answered and group told",
        "2021-03-28",
        2,
    )
    assert (shows["history"][-1]["by"], shows["history"][-1]["what"]) == (
        None,
        "Quality Assurance and Performance Group was told",
    )


def test_waiting_escalation_is_not_marked_told(world: Engine) -> None:
    act(world, "raise_escalation", group="qap", title="Should beds wait?", ask="Fund beds", now=NOW)

    with unit_of_work(world) as session:
        marked = mark_told(session, session.exec(select(Escalation.id)).one(), moment_from(NOW))

    assert (marked, shown(world, "E1", kind="escalation", now=NOW)["status"]) == (False, "waiting")


def test_added_answer_makes_the_group_told_anew(world: Engine) -> None:
    _raise_and_answer(world)
    with unit_of_work(world) as session:
        mark_told(session, session.exec(select(Escalation.id)).one(), moment_from("2021-03-02T10:00"))
        history.write_noted(session)

    act(world, "respond_to_escalation", "E1", by=EXEC, on="2021-03-03", answer="agreed", now="2021-03-03T09:00")

    shows = shown(world, "E1", kind="escalation", now="2021-03-03T09:00")
    assert (shows["status"], shows["told_on"], len(_waiting(world))) == ("answered", None, 4)


def test_whoever_raised_it_and_the_sponsor_of_the_group_hear_the_answer_too(world: Engine) -> None:
    with unit_of_work(world) as session:
        partnership = session.exec(select(Partnership)).one()
        make_person(session, partnership, "sponsor@thscp.example", "scrutineer")
    act(world, "edit_group", "thscp", group="qap", sponsor="sponsor@thscp.example", now=NOW)
    by = "scrutineer@thscp.example"
    act(world, "raise_escalation", by=by, group="qap", title="Should beds wait?", ask="Fund beds", now=NOW)

    act(world, "respond_to_escalation", "E1", by=EXEC, on="2021-03-02", answer="agreed", now="2021-03-02T09:00")

    assert sorted(address for address, _, _ in _waiting(world)) == [
        "chair@thscp.example",
        "qap@thscp.example",
        "scrutineer@thscp.example",
        "sponsor@thscp.example",
    ]
