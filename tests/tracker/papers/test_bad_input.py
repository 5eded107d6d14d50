"""What goes wrong with meetings, escalations and papers: a sentence that says what to do, or a sensible result."""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from notifications import outbox
from tests.make import act, make_group, make_world, shown
from tracker.clock import moment_from
from tracker.database import reading, unit_of_work
from tracker.errors import FactsWrong, NotAllowed, Refused
from tracker.groups.models import Membership, Partnership
from tracker.groups.queries import meeting_by_reference
from tracker.papers.digest_post import digest_facts, put_digest
from tracker.people.models import Person, RoleHolding

NOW = "2021-02-10T09:00"
EXEC = "exec@thscp.example"
ASKED = {"group": "qap", "title": "Should beds wait?", "ask": "Fund two beds"}


@pytest.fixture
def world(engine: Engine) -> Engine:
    make_world(engine)
    act(engine, "schedule_meeting", group="exec", on="2021-03-02", now="2021-01-04T09:00")
    return engine


def _refused(world: Engine, deed: str, reference: str | None = None, **facts: Any) -> str:
    with pytest.raises((Refused, FactsWrong, NotAllowed)) as refused:
        act(world, deed, reference, **{"now": NOW, **facts})
    return str(refused.value)


def test_meeting_in_the_past_two_at_once_and_a_series_without_an_end_are_refused(world: Engine) -> None:
    past = _refused(world, "schedule_meeting", group="exec", on="2021-02-09")
    twice = _refused(world, "schedule_meeting", group="exec", on="2021-03-02")
    endless = _refused(world, "schedule_meeting", group="qap", on="2021-03-03", series={"every_weeks": 6})

    assert past == "The date of the meeting must be today or later."
    assert twice == "Executive Group meets then already: M1."
    assert "until" in endless


def test_answer_by_somebody_without_the_right_is_refused_and_one_without_text_says_its_word(world: Engine) -> None:
    act(world, "raise_escalation", now=NOW, **ASKED)
    answer = {"on": "2021-02-10", "answer": "agreed"}

    said = _refused(world, "respond_to_escalation", "E1", **answer)
    back = _refused(world, "respond_to_escalation", "E1", by=EXEC, **{**answer, "answer": "asked_back"})
    act(world, "respond_to_escalation", "E1", by=EXEC, now=NOW, **answer)

    assert said == "Casey Morgan may not answer E1: it waits for Executive Group."
    assert back == "Say what the group is asked first: `text` is missing."
    response = shown(world, "E1", kind="escalation", now=NOW)["response"]
    assert (response["answer"], response["text"]) == ("agreed", None)


def test_escalation_of_a_group_that_ended_is_refused(world: Engine) -> None:
    act(world, "add_group", "thscp", code="task", name="Task group", now="2021-01-04T09:00")
    act(world, "end_group", "thscp", group="task", reason="Its work is done", now="2021-02-01T09:00")

    assert _refused(world, "raise_escalation", **{**ASKED, "group": "task"}) == "Task group ended on 1 February 2021."


def test_escalation_does_not_go_to_the_meeting_of_a_group_that_is_not_asked(world: Engine) -> None:
    act(world, "schedule_meeting", group="rrp", on="2021-03-03", now="2021-01-04T09:00")

    said = _refused(world, "raise_escalation", **ASKED, meeting="M2")

    asked = "Quality Assurance and Performance Group or Executive Group"
    assert said == f"M2 is a meeting of Rapid Review Panel: choose one of {asked}."


def test_circle_of_groups_is_refused_when_it_is_made(world: Engine) -> None:
    act(world, "add_group", "thscp", code="task", name="Task group", escalates_to="qap", now=NOW)

    said = _refused(world, "edit_group", "thscp", group="qap", escalates_to="task")

    assert said.endswith(".")
    groups = {one["code"]: one["escalates_to"] for one in shown(world, "thscp", kind="partnership", now=NOW)["groups"]}
    assert (groups["task"], groups["qap"]) == ("qap", "exec")


def test_digest_of_a_body_without_members_goes_to_the_coordinator_alone(world: Engine) -> None:
    with unit_of_work(world) as session:
        member = session.exec(select(Person).where(Person.email == EXEC)).one()
        for table in (Membership, RoleHolding):
            for row in session.exec(select(table).where(table.person_id == member.id)):
                session.delete(row)

    assert _digest_sent(world) == ["coordinator@thscp.example"]


def test_member_without_an_address_is_sent_no_digest_and_stops_nobody_elses(world: Engine) -> None:
    with unit_of_work(world) as session:
        member = session.exec(select(Person).where(Person.email == EXEC)).one()
        member.email = None
        session.add(member)

    assert _digest_sent(world) == ["coordinator@thscp.example"]


def _digest_sent(world: Engine) -> list[str]:
    with unit_of_work(world) as session:
        put_digest(session, meeting_by_reference(session, "M1"), moment_from("2021-02-23T08:00"))
        return [one.to_address for one in outbox.messages(session, kind="escalation_digest")]


def test_papers_and_digest_of_a_meeting_without_business_say_so(world: Engine) -> None:
    digest = shown(world, "M1", kind="digest", now=NOW)
    pack = shown(world, "M1", kind="meeting", now=NOW)["agenda"]

    assert (digest["escalations"]["open"]["count"], digest["escalations"]["oldest_days"]) == (0, None)
    assert [one["code"] for one in pack if one["rows"]] == []
    assert [one["code"] for one in pack if one["standing"]] == ["escalations"]


def test_group_that_was_never_given_a_place_escalates_to_the_body_that_decides(world: Engine) -> None:
    with unit_of_work(world) as session:
        make_group(session, session.exec(select(Partnership)).one(), "loose")

    act(world, "raise_escalation", now=NOW, **{**ASKED, "group": "loose"})

    assert shown(world, "E1", kind="escalation", now=NOW)["level"] == "exec"


def test_meeting_that_moves_while_its_digest_is_on_the_way_takes_the_old_one_back(world: Engine) -> None:
    act(world, "raise_escalation", now=NOW, **ASKED)
    _digest_sent(world)

    act(world, "move_meeting", "M1", on="2021-03-09", now="2021-02-23T08:00")

    with reading(world) as session:
        messages = outbox.messages(session, kind="escalation_digest")
        facts = [digest_facts(session, one, moment_from("2021-02-23T08:01")) for one in messages]
    assert facts == [None, None]
    assert shown(world, "M1", kind="meeting", now="2021-02-23T09:00")["on"] == "2021-03-09"
