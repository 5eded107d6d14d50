"""The asking group is told: an email to each member, and the day on which it went."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from notifications import outbox
from notifications.facts import EscalationAnswered, Letterhead
from notifications.lines import AnsweredLine
from tests.make import act, make_case, make_person, make_world, shown
from tracker import history
from tracker.clock import moment_from
from tracker.database import reading, unit_of_work
from tracker.escalations.models import Escalation
from tracker.escalations.telling import answered_facts, mark_told
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


def test_nobody_is_told_of_an_answer_that_puts_off(world: Engine) -> None:
    act(world, "raise_escalation", group="qap", title="Should beds wait?", ask="Fund beds", now=NOW)

    act(world, "respond_to_escalation", "E1", by=EXEC, on="2021-03-01", answer="deferred", until="2021-06-01", now=NOW)

    assert _waiting(world) == []


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
