"""Escalations: raised by a group, answered where they wait, passed up, withdrawn, read by everybody but the barred."""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tests.make import act, make_action, make_case, make_group, make_person, make_world, shown
from tracker.clock import london_day, moment_from
from tracker.database import reading, unit_of_work
from tracker.errors import FactsWrong, NotAllowed, NotFound, Refused
from tracker.escalations.listing import list_escalations
from tracker.escalations.queries import waiting_for
from tracker.groups.models import Group, Partnership
from tracker.people.doer import doer_by_email

NOW = "2021-03-01T09:00"
EXEC = "exec@thscp.example"


@pytest.fixture
def world(engine: Engine) -> Engine:
    make_world(engine)
    return engine


def _raise(world: Engine, **facts: Any) -> str:
    dull = {"group": "qap", "title": "Should beds wait?", "ask": "Fund two beds", "now": NOW}
    return act(world, "raise-escalation", **{**dull, **facts}).reference


def _listed(world: Engine, by: str | None = None, now: str = NOW, **where: str) -> list[str]:
    moment = moment_from(now)
    with reading(world) as session:
        reader = None if by is None else doer_by_email(session, by, london_day(moment))
        return [row["reference"] for row in list_escalations(session, where, reader, moment)]


def test_group_raises_an_escalation_that_waits_at_the_group_above(world: Engine) -> None:
    reference = _raise(world, by="qap@thscp.example", why="Children wait", urgency="high")

    shows = shown(world, reference, kind="escalation", now="2021-03-11T09:00")
    keys = ("reference", "group", "level", "title", "ask", "why", "urgency", "status", "raised_on", "raised_by")
    assert {key: shows[key] for key in (*keys, "age_days", "response", "told_on")} == {
        "reference": "E1",
        "group": "qap",
        "level": "exec",
        "title": "Should beds wait?",
        "ask": "Fund two beds",
        "why": "Children wait",
        "urgency": "high",
        "status": "waiting",
        "raised_on": "2021-03-01",
        "raised_by": "Qap",
        "age_days": 10,
        "response": None,
        "told_on": None,
    }
    assert [(line["role"], line["what"]) for line in shows["history"]] == [
        (
            "Quality Assurance and Performance Group",
            "Quality Assurance and Performance Group asks Executive Group: Should beds wait?",
        )
    ]


@pytest.mark.parametrize("who", ["coordinator", "agency_lead", "scrutineer", "qap"])
def test_escalation_is_raised_by_members_and_by_who_speaks_for_groups(world: Engine, who: str) -> None:
    reference = _raise(world, by=f"{who}@thscp.example")

    assert reference == "E1"


@pytest.mark.parametrize("who", ["exec", "rrp", "owner", "admin", "reviewer"])
def test_escalation_is_not_raised_for_a_group_of_others(world: Engine, who: str) -> None:
    names = {"exec": "Evan Reed", "rrp": "Priya Shah", "owner": "Owen Field", "admin": "Ada Minns"}

    with pytest.raises(NotAllowed) as refused:
        _raise(world, by=f"{who}@thscp.example")

    assert str(refused.value) == (
        f"{names.get(who, 'Rene Viner')} may not raise escalations of Quality Assurance and Performance Group: "
        "that is for its members and the agency lead, coordinator and scrutineer."
    )


def test_group_with_nothing_above_it_raises_nothing(world: Engine) -> None:
    with pytest.raises(Refused) as refused:
        _raise(world, group="exec")

    assert str(refused.value) == "Nothing stands above Executive Group: it decides itself."


def test_group_that_hangs_nowhere_escalates_to_the_body_that_decides(world: Engine) -> None:
    with unit_of_work(world) as session:
        make_group(session, session.exec(select(Partnership)).one(), "task")

    reference = _raise(world, group="task")

    assert shown(world, reference, kind="escalation", now=NOW)["level"] == "exec"


@pytest.mark.parametrize(
    ("facts", "error", "sentence"),
    [
        (
            {"group": "tea"},
            NotFound,
            "There is no group 'tea'. `tracker show partnership` lists the groups of a partnership.",
        ),
        (
            {"about": ["A9"]},
            NotFound,
            "There is no case or action with the reference A9 that you can open. Ask the business unit.",
        ),
        ({"meeting": "M9"}, NotFound, "There is no meeting 'M9'."),
        (
            {"title": "x" * 101},
            FactsWrong,
            "The facts do not fit raise-escalation: title: it must be 100 characters or fewer.",
        ),
        (
            {"title": "What about Jamie Doe?"},
            Refused,
            "title: this looks like a name. Take it out, or confirm that it is not "
            'with "confirmed": ["looks_personal"].',
        ),
    ],
)
def test_escalation_that_cannot_be_raised_is_refused(
    world: Engine, facts: dict[str, Any], error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error) as refused:
        _raise(world, **facts)

    assert str(refused.value) == sentence
    assert _listed(world) == []


def test_member_of_the_executive_answers(world: Engine) -> None:
    reference = _raise(world)

    act(
        world,
        "respond-to-escalation",
        reference,
        by=EXEC,
        on="2021-03-08",
        answer="agreed_in_part",
        text="One bed from April",
        by_whom="Director of Nursing",
        by_when="2021-04",
        now="2021-03-09T12:00",
    )

    shows = shown(world, reference, kind="escalation", now="2021-03-20T09:00")
    assert (shows["status"], shows["age_days"], shows["told_on"]) == ("answered", 7, None)
    assert shows["response"] == {
        "on": "2021-03-08",
        "at": "2021-03-09T12:00:00+00:00",
        "by": "Evan Reed",
        "answer": "agreed_in_part",
        "text": "One bed from April",
        "by_whom": "Director of Nursing",
        "by_when": "2021-04",
        "until": None,
        "said": "Evan Reed answered on 8 March 2021: agreed in part",
    }


@pytest.mark.parametrize("who", ["coordinator", "qap", "scrutineer", "admin", "rrp"])
def test_only_the_body_that_is_asked_answers(world: Engine, who: str) -> None:
    reference = _raise(world)

    with pytest.raises(NotAllowed) as refused:
        act(
            world,
            "respond_to_escalation",
            reference,
            by=f"{who}@thscp.example",
            on="2021-03-01",
            answer="agreed",
            now=NOW,
        )

    assert str(refused.value).endswith("may not answer E1: it waits for Executive Group.")
    assert shown(world, reference, kind="escalation", now=NOW)["status"] == "waiting"


@pytest.mark.parametrize(
    ("answer", "more", "deferred_until"),
    [("deferred", {"until": "2021-06-01"}, "2021-06-01"), ("asked_back", {"text": "Which ward?"}, None)],
)
def test_escalation_that_is_put_off_goes_on_waiting(
    world: Engine, answer: str, more: dict[str, str], deferred_until: str | None
) -> None:
    reference = _raise(world)

    act(world, "respond_to_escalation", reference, by=EXEC, on="2021-03-01", answer=answer, now=NOW, **more)

    shows = shown(world, reference, kind="escalation", now="2021-03-04T09:00")
    assert (shows["status"], shows["response"]["answer"], shows["deferred_until"], shows["age_days"]) == (
        "waiting",
        answer,
        deferred_until,
        3,
    )


def test_second_answer_stands_beside_the_first(world: Engine) -> None:
    reference = _raise(world)
    for answer, now in (("agreed", "2021-03-02T09:00"), ("not_agreed", "2021-03-03T09:00")):
        act(world, "respond_to_escalation", reference, by=EXEC, on=now[:10], answer=answer, now=now)

    shows = shown(world, reference, kind="escalation", now=NOW)

    assert [response["said"] for response in shows["responses"]] == [
        "Evan Reed answered on 2 March 2021: agreed",
        "Evan Reed adds on 3 March 2021: not agreed",
    ]
    assert (shows["response"]["answer"], shows["version"]) == ("not_agreed", 3)
    assert [line["what"] for line in shows["history"][1:]] == [
        "Executive Group answered on 2 March 2021: agreed",
        "Evan Reed adds on 3 March 2021: not agreed",
    ]


def test_what_put_an_escalation_off_stands_before_its_answer(world: Engine) -> None:
    reference = _raise(world)
    for facts in ({"answer": "asked_back", "text": "Which?"}, {"answer": "deferred", "until": "2021-06-01"}):
        act(world, "respond_to_escalation", reference, by=EXEC, on="2021-03-02", now="2021-03-02T09:00", **facts)
    act(world, "respond_to_escalation", reference, by=EXEC, on="2021-03-03", answer="agreed", now="2021-03-03T09:00")

    shows = shown(world, reference, kind="escalation", now="2021-03-03T10:00")

    assert [response["said"] for response in shows["responses"]] == [
        "Evan Reed asked the group something on 2 March 2021",
        "Evan Reed answered on 2 March 2021: to be decided on 1 June 2021",
        "Evan Reed answered on 3 March 2021: agreed",
    ]


@pytest.mark.parametrize(
    ("who", "steps"),
    [
        ("exec", ["respond-to-escalation", "review-escalation"]),
        ("qap", ["withdraw-escalation", "review-escalation"]),
        ("coordinator", ["withdraw-escalation", "review-escalation"]),
        ("owner", []),
    ],
)
def test_open_deeds_of_an_escalation_are_those_of_its_reader(world: Engine, who: str, steps: list[str]) -> None:
    reference = _raise(world)

    shows = shown(world, reference, kind="escalation", by=f"{who}@thscp.example", now=NOW)

    assert shows["steps"] == steps


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"on": "2021-03-10"}, "The date of the answer must be today or earlier."),
        ({"on": "2021-02"}, "The date of the answer must be on or after the day it was raised, 1 March 2021."),
        ({"answer": "deferred"}, "Say until when it is deferred: `until` is a date."),
        (
            {"answer": "deferred", "until": "2021-02-28"},
            "The date until which it is deferred must be today or later.",
        ),
        (
            {"until": "2021-06-01"},
            "`until` belongs to an answer that defers: leave it out, or answer deferred.",
        ),
        ({"answer": "asked_back"}, "Say what the group is asked first: `text` is missing."),
    ],
)
def test_answer_that_does_not_fit_is_refused(world: Engine, facts: dict[str, str], sentence: str) -> None:
    reference = _raise(world)

    with pytest.raises(Refused) as refused:
        act(
            world,
            "respond_to_escalation",
            reference,
            by=EXEC,
            now=NOW,
            **{"on": "2021-03-01", "answer": "agreed", **facts},
        )

    assert str(refused.value) == sentence


def test_answers_stand_in_the_order_of_time(world: Engine) -> None:
    reference = _raise(world)
    act(world, "respond_to_escalation", reference, by=EXEC, on="2021-03-05", answer="agreed", now="2021-03-05T09:00")

    with pytest.raises(Refused) as earlier:
        act(
            world, "respond_to_escalation", reference, by=EXEC, on="2021-03-04", answer="agreed", now="2021-03-05T09:00"
        )
    with pytest.raises(Refused) as reopened:
        act(
            world,
            "respond_to_escalation",
            reference,
            by=EXEC,
            on="2021-03-05",
            answer="asked_back",
            text="Which?",
            now="2021-03-05T09:00",
        )

    assert str(earlier.value) == "The date of the answer must be on or after the one before it, 5 March 2021."
    assert str(reopened.value) == "E1 is answered already: what is added has to settle it too."


def test_two_at_once_see_each_other(world: Engine) -> None:
    reference = _raise(world)
    act(world, "respond_to_escalation", reference, by=EXEC, on="2021-03-01", answer="agreed", seen=1, now=NOW)

    with pytest.raises(Refused) as stale:
        act(world, "respond_to_escalation", reference, by=EXEC, on="2021-03-01", answer="not_agreed", seen=1, now=NOW)

    assert str(stale.value) == (
        "E1 has moved on since you looked at it. Evan Reed did respond-to-escalation at 9am. Look again, then decide."
    )


def test_withdrawn_escalation_keeps_its_reason_and_is_not_answered(world: Engine) -> None:
    reference = _raise(world)
    act(world, "withdraw-escalation", reference, by="qap@thscp.example", reason="Solved", now="2021-03-04T09:00")

    with pytest.raises(Refused) as answered:
        act(
            world, "respond_to_escalation", reference, by=EXEC, on="2021-03-04", answer="agreed", now="2021-03-04T09:00"
        )
    with pytest.raises(Refused) as again:
        act(world, "withdraw_escalation", reference, reason="Solved", now="2021-03-04T09:00")

    shows = shown(world, reference, kind="escalation", now="2021-03-20T09:00")
    assert (shows["status"], shows["withdrawn"], shows["age_days"], shows["steps"]) == (
        "withdrawn",
        {"on": "2021-03-04", "reason": "Solved"},
        3,
        [],
    )
    assert str(answered.value) == "Cannot answer E1: it is withdrawn."
    assert str(again.value) == "Cannot withdraw E1: it is withdrawn."


def test_executive_does_not_withdraw_what_a_group_asked(world: Engine) -> None:
    reference = _raise(world)

    with pytest.raises(NotAllowed) as refused:
        act(world, "withdraw_escalation", reference, by=EXEC, reason="Enough", now=NOW)

    assert str(refused.value) == (
        "Evan Reed may not withdraw escalations of Quality Assurance and Performance Group: "
        "that is for its members and the agency lead, coordinator and scrutineer."
    )


def test_escalation_passed_up_waits_above_and_shows_its_path(engine: Engine) -> None:
    make_world(engine, "chscp")
    with unit_of_work(engine) as session:
        partnership = session.exec(select(Partnership)).one()
        executive = session.exec(select(Group).where(Group.code == "exec")).first()
        executive = executive or make_group(session, partnership, "exec", name="CHSCP Executive")
        leads = make_group(session, partnership, "leads", name="Lead representatives")
        make_group(session, partnership, "board", name="Hackney Board", escalates_to_id=executive.id)
        session.get_one(Group, executive.id).escalates_to_id = leads.id
        make_person(session, partnership, "ella@chscp.example", "executive", groups=["exec"])
        make_person(session, partnership, "lena@chscp.example", "lead_representative")
    reference = _raise(engine, group="board", by="coordinator@chscp.example")

    act(
        engine,
        "pass-up-escalation",
        reference,
        by="ella@chscp.example",
        reason="Needs the leads",
        now="2021-03-02T09:00",
    )

    with pytest.raises(NotAllowed) as below:
        act(
            engine,
            "respond_to_escalation",
            reference,
            by="ella@chscp.example",
            on="2021-03-02",
            answer="agreed",
            now=NOW,
        )
    act(
        engine,
        "respond_to_escalation",
        reference,
        by="lena@chscp.example",
        on="2021-03-02",
        answer="agreed",
        now="2021-03-02T10:00",
    )
    shows = shown(engine, reference, kind="escalation", now="2021-03-03T09:00")
    assert str(below.value) == "Ella may not answer E1: it waits for Lead representatives."
    assert (shows["level"], shows["status"], shows["response"]["by"]) == ("leads", "answered", "Lena")
    assert shows["path"] == [{"from": "exec", "to": "leads", "on": "2021-03-02", "reason": "Needs the leads"}]


def test_escalation_at_the_top_is_not_passed_up(world: Engine) -> None:
    reference = _raise(world)

    with pytest.raises(Refused) as refused:
        act(world, "pass_up_escalation", reference, reason="Too big", now=NOW)
    with pytest.raises(NotAllowed) as not_hers:
        act(world, "pass_up_escalation", reference, by="scrutineer@thscp.example", reason="Too big", now=NOW)

    assert str(refused.value) == "Nothing stands above Executive Group: it has to answer itself."
    assert str(not_hers.value) == ("Sam Scully may not pass up E1: that is for Executive Group and the coordinator.")


def test_everybody_reads_the_tracker_without_cases_she_may_not_open(world: Engine) -> None:
    make_case(world, "TH-2021-001", now=NOW)
    with unit_of_work(world) as session:
        partnership = session.exec(select(Partnership)).one()
        make_action(session, partnership, reference="A7", cases=["TH-2021-001"])
    reference = _raise(world, ask="For TH-2021-001 we need a bed", about=["TH-2021-001", "A7"])

    by_coordinator = shown(world, reference, kind="escalation", by="coordinator@thscp.example", now=NOW)
    by_owner = shown(world, reference, kind="escalation", by="owner@thscp.example", now=NOW)

    assert (by_coordinator["about"], by_coordinator["ask"]) == (["TH-2021-001", "A7"], "For TH-2021-001 we need a bed")
    assert (by_owner["about"], by_owner["ask"]) == ([], "For [a case] we need a bed")
    assert _listed(world, "owner@thscp.example") == ["E1"]


@pytest.mark.parametrize("about", ["TH-2021-001", "A7"])
def test_escalation_about_a_barred_case_is_not_there(world: Engine, about: str) -> None:
    make_case(world, "TH-2021-001", now=NOW)
    with unit_of_work(world) as session:
        make_action(session, session.exec(select(Partnership)).one(), reference="A7", cases=["TH-2021-001"])
    reference = _raise(world, about=[about])
    act(world, "declare_conflict", "TH-2021-001", by=EXEC, person=EXEC, reason="Kin", now=NOW)

    with pytest.raises(NotFound) as shows:
        shown(world, reference, kind="escalation", by=EXEC, now=NOW)
    with pytest.raises(NotFound) as answers:
        act(world, "respond_to_escalation", reference, by=EXEC, on="2021-03-01", answer="agreed", now=NOW)

    sentence = "There is no escalation E1 that you can open. Ask the business unit."
    assert [str(shows.value), str(answers.value)] == [sentence, sentence]
    assert _listed(world, EXEC) == []
    assert _listed(world, "scrutineer@thscp.example") == ["E1"]


def test_tracker_of_another_partnership_is_not_there(world: Engine) -> None:
    make_world(world, "chscp")
    reference = _raise(world)

    with pytest.raises(NotFound):
        shown(world, reference, kind="escalation", by="coordinator@chscp.example", now=NOW)

    assert _listed(world, "coordinator@chscp.example") == []


def test_waiting_escalations_are_counted_as_far_as_the_reader_sees_them(world: Engine) -> None:
    make_case(world, "TH-2021-001", now=NOW)
    for about in ([], [], ["TH-2021-001"]):
        _raise(world, about=about)
    act(world, "respond_to_escalation", "E1", by=EXEC, on="2021-03-01", answer="agreed", now=NOW)
    act(world, "declare_conflict", "TH-2021-001", by=EXEC, person=EXEC, reason="Kin", now=NOW)

    with reading(world) as session:
        counts = [
            waiting_for(session, doer_by_email(session, address, london_day(moment_from(NOW))))
            for address in (EXEC, "owner@thscp.example")
        ]

    assert counts == [1, 2]


def test_list_of_escalations_is_filtered_and_waiting_ones_come_first(world: Engine) -> None:
    make_case(world, "TH-2021-001", now=NOW)
    _raise(world)
    _raise(world, group="rrp", about=["TH-2021-001"])
    _raise(world, group="rrp")
    act(world, "respond_to_escalation", "E1", by=EXEC, on="2021-03-01", answer="agreed", now=NOW)

    listed = [
        _listed(world, **where)
        for where in ({}, {"group": "rrp"}, {"status": "answered"}, {"case": "TH-2021-001"}, {"level": "qap"})
    ]
    with pytest.raises(FactsWrong) as wrong:
        _listed(world, colour="red")

    assert listed == [["E2", "E3", "E1"], ["E2", "E3"], ["E1"], ["E2"], []]
    assert str(wrong.value) == (
        "Escalations are not listed by colour, but by: partnership, group, level, status, case, about."
    )
