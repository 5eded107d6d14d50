"""What a digest says: escalations parted by the last meeting, overdue actions, cases that wait; as sent once sent."""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from notifications.facts import EscalationDigest, Letterhead
from notifications.lines import AnsweredLine, CaseLine, ClockLine, EscalationLine, HoldLine, OverdueLine, TitledDay
from tests.make import act, make_action, make_case, make_person, make_world, shown
from tests.tracker.papers.sweeping import letters, sweep
from tracker.clock import moment_from
from tracker.database import reading, unit_of_work
from tracker.errors import NotFound
from tracker.groups.models import Partnership
from tracker.papers.digest_post import digest_facts
from workflows.dates import PartialDate

EXEC = "exec@thscp.example"
# The Executive met on 2 February 2021 and meets again on 2 March; the digest goes on 23 February.
SENDING = "2021-02-23T08:00"

LETTERHEAD = Letterhead(
    partnership="THSCP partnership", contact="coordinator@thscp.example", reply_to="coordinator@thscp.example"
)


@pytest.fixture
def world(engine: Engine) -> Engine:
    make_world(engine)
    act(engine, "schedule_meeting", group="exec", on="2021-02-02", now="2021-01-04T09:00")
    act(engine, "schedule_meeting", group="exec", on="2021-03-02", now="2021-01-04T09:00")
    return engine


def _raise(world: Engine, on: str, **facts: Any) -> str:
    given = {"group": "qap", "title": "Should beds wait?", "ask": "Fund beds", **facts}
    return act(world, "raise_escalation", now=f"{on}T09:00", **given).reference


def _answer(world: Engine, reference: str, on: str) -> None:
    act(world, "respond_to_escalation", reference, by=EXEC, on=on, answer="agreed", now=f"{on}T12:00")


def _figures(world: Engine, by: str | None = None, now: str = SENDING, meeting: str = "M2") -> dict[str, Any]:
    return shown(world, meeting, kind="digest", by=by, now=now)


def _references(figure: dict[str, Any]) -> list[str]:
    references = [row["reference"] for row in figure["rows"]]
    assert figure["count"] == len(references)
    return references


def test_escalations_are_parted_by_the_last_meeting(world: Engine) -> None:
    _raise(world, "2021-02-01")
    _raise(world, "2021-02-02")
    _raise(world, "2021-02-20")

    escalations = _figures(world)["escalations"]

    assert {key: _references(escalations[key]) for key in ("open", "carried_over", "new")} == {
        "open": ["E1", "E2", "E3"],
        "carried_over": ["E1"],
        "new": ["E2", "E3"],
    }
    assert escalations["oldest_days"] == 22
    assert [row["age_days"] for row in escalations["open"]["rows"]] == [22, 21, 3]


def test_answers_and_withdrawals_count_from_the_day_of_the_last_meeting(world: Engine) -> None:
    for _ in range(3):
        _raise(world, "2021-01-20")
        _raise(world, "2021-01-20")
    for number, on in ((1, "2021-02-01"), (3, "2021-02-02"), (5, "2021-02-10")):
        _answer(world, f"E{number}", on)
        act(world, "withdraw_escalation", f"E{number + 1}", reason="Solved", now=f"{on}T12:00")

    escalations = _figures(world)["escalations"]

    assert {key: _references(escalations[key]) for key in ("open", "answered", "withdrawn")} == {
        "open": [],
        "answered": ["E3", "E5"],
        "withdrawn": ["E4", "E6"],
    }
    assert escalations["oldest_days"] is None


def test_first_meeting_carries_nothing_over(world: Engine) -> None:
    _raise(world, "2021-01-05")

    escalations = _figures(world, meeting="M1", now="2021-01-26T08:00")["escalations"]

    assert (_references(escalations["carried_over"]), _references(escalations["new"])) == ([], ["E1"])


def test_cancelled_meeting_is_not_the_last_one(world: Engine) -> None:
    _raise(world, "2021-02-01")
    act(world, "cancel_meeting", "M1", reason="Snow", now="2021-02-01T09:00")

    figures = _figures(world)

    assert (figures["last_meeting_on"], _references(figures["escalations"]["new"])) == (None, ["E1"])


@pytest.mark.parametrize(
    ("now", "last_meeting_on", "carried_over", "new"),
    [
        # The digest of 2 March goes on 23 February: the meeting of the 25th has not been held then.
        (SENDING, "2021-02-02", ["E1"], ["E2"]),
        ("2021-02-24T23:59", "2021-02-02", ["E1"], ["E2"]),
        ("2021-02-25T00:00", "2021-02-25", ["E1", "E2"], []),
    ],
)
def test_meeting_that_is_still_to_come_is_not_the_last_one(
    world: Engine, now: str, last_meeting_on: str, carried_over: list[str], new: list[str]
) -> None:
    act(world, "schedule_meeting", group="exec", on="2021-02-25", now="2021-01-04T09:00")
    _raise(world, "2021-02-01")
    _raise(world, "2021-02-20")

    figures = _figures(world, now=now)

    escalations = figures["escalations"]
    parted = _references(escalations["carried_over"]), _references(escalations["new"])
    assert (figures["last_meeting_on"], *parted) == (last_meeting_on, carried_over, new)


def test_deferred_escalation_is_still_open(world: Engine) -> None:
    _raise(world, "2021-01-20")
    act(
        world,
        "respond_to_escalation",
        "E1",
        by=EXEC,
        on="2021-02-02",
        answer="deferred",
        until="2021-03-02",
        now="2021-02-02T12:00",
    )

    row = _figures(world)["escalations"]["carried_over"]["rows"][0]

    assert (row["reference"], row["status"], row["deferred_until"], row["answer"]) == (
        "E1",
        "waiting",
        "2021-03-02",
        None,
    )


def test_actions_past_their_date_and_their_review_date_are_counted(world: Engine) -> None:
    rows: list[dict[str, Any]] = [
        {"due": "2021-02-22", "title": "Brief staff"},
        {"due": "2021-02-23"},
        {"due": "2021-01", "status": "in_progress"},
        {"due": "2021-02"},
        {"due": "2020-12-31", "status": "complete"},
        {"due": "2020-12-31", "timescale_kind": "triggered"},
        {"review_on": "2021-02-20", "status": "ongoing", "timescale_kind": "continuing"},
    ]
    with unit_of_work(world) as session:
        partnership = session.exec(select(Partnership)).one()
        for row in rows:
            dates = {key: PartialDate.parse(row[key]) for key in ("due", "review_on") if key in row}
            make_action(session, partnership, **{**row, **dates})

    actions = _figures(world)["actions"]

    assert [(row["reference"], row["title"], row["due"], row["age_days"]) for row in actions["overdue"]["rows"]] == [
        ("A3", None, "2021-01", 23),
        ("A1", "Brief staff", "2021-02-22", 1),
    ]
    assert _references(actions["review_dates_passed"]) == ["A7"]


def _recommend(world: Engine, reference: str, on: str) -> None:
    make_case(world, reference, known_on="2021-01-11", notified_on="2021-01-12", now="2021-01-12T09:00")
    act(world, "convene_panel", reference, on="2021-01-25", now="2021-01-25T09:00")
    act(
        world,
        "record_recommendation",
        reference,
        on=on,
        outcome="review",
        immediate_learning="Check beds daily",
        now=f"{on}T09:00",
    )


def test_cases_that_wait_for_a_decision_and_those_on_hold_are_counted(world: Engine) -> None:
    make_case(world, "EARLY", known_on="2021-01-11", now="2021-01-12T09:00")
    _recommend(world, "READY", "2021-02-03")
    act(world, "hold_case", "READY", reason="inquest", look_again_on="2021-04-01", now="2021-02-13T09:00")

    cases = _figures(world)["cases"]

    assert [(row["reference"], row["since"], row["age_days"]) for row in cases["for_decision"]["rows"]] == [
        ("READY", "2021-02-03", 20)
    ]
    assert [(row["reference"], row["since"], row["look_again_on"]) for row in cases["on_hold"]["rows"]] == [
        ("READY", "2021-02-13", "2021-04-01")
    ]
    assert [_references(cases[key]) for key in ("ratifications_open", "in_resolution", "reviews_overdue")] == [
        [],
        [],
        [],
    ]


def test_review_past_its_limit_is_overdue_but_not_while_it_is_held(world: Engine) -> None:
    for reference in ("LATE", "HELD"):
        _recommend(world, reference, "2021-02-01")
        act(
            world,
            "record_decision",
            reference,
            by=EXEC,
            on="2021-02-02",
            outcome="review",
            methods=["multi_agency_audit", "cyp_workshop"],
            now="2021-02-02T12:00",
        )
    act(world, "hold_case", "HELD", reason="inquest", look_again_on="2021-12-01", now="2021-02-03T09:00")
    act(world, "schedule_meeting", group="exec", on="2021-08-10", now="2021-02-03T09:00")

    # Decided on 2 February, to be published by 2 August; overdue from the 3rd on.
    on_time = _figures(world, now="2021-08-02T09:00", meeting="M3")["cases"]["reviews_overdue"]
    overdue = _figures(world, now="2021-08-03T09:00", meeting="M3")["cases"]["reviews_overdue"]

    assert on_time == {"count": 0, "rows": []}
    assert [
        (row["reference"], row["due"], row["late_by"], row["unit"], row["age_days"]) for row in overdue["rows"]
    ] == [("LATE", "2021-08-02", 1, "days", 1)]


def test_ratification_and_resolution_are_counted(engine: Engine) -> None:
    make_world(engine, "chscp")
    by, now = "coordinator@chscp.example", "2022-03-01T09:00"
    group = shown(engine, "chscp", kind="partnership", now=now)["deciding_group"]
    act(engine, "schedule_meeting", group=group, on="2022-03-09", by=by, now=now)
    for reference in ("OPEN", "DIFFER"):
        make_case(
            engine, reference, partnership="chscp", known_on="2022-01-10", notified_on="2022-01-11", by=by, now=now
        )
        act(engine, "convene_panel", reference, on="2022-01-20", by=by, now=now)
        act(
            engine,
            "record_recommendation",
            reference,
            on="2022-01-25",
            outcome="review",
            immediate_learning="none",
            by=by,
            now=now,
        )
        act(engine, "send_to_national_panel", reference, on="2022-01-28", by=by, now=now)
    waiting = _figures(engine, now=now, meeting="M1")["cases"]["for_decision"]
    for reference in ("OPEN", "DIFFER"):
        act(
            engine,
            "record_decision",
            reference,
            by="iscc@chscp.example",
            on="2022-02-08",
            outcome="review",
            reason="Much to learn",
            now=now,
        )
    partners = shown(engine, "OPEN", now=now)["ratifications"]
    act(
        engine,
        "record_ratification",
        "OPEN",
        on="2022-02-10",
        partner=partners[0]["partner"],
        answer="yes",
        by=by,
        now=now,
    )
    act(
        engine,
        "record_ratification",
        "DIFFER",
        on="2022-02-20",
        partner=partners[0]["partner"],
        answer="no",
        reason="Another way is better",
        by=by,
        now=now,
    )

    cases = _figures(engine, now=now, meeting="M1")["cases"]

    assert [(row["reference"], row["since"]) for row in waiting["rows"]] == [
        ("OPEN", "2022-01-28"),
        ("DIFFER", "2022-01-28"),
    ]
    assert [(row["reference"], row["answered"], row["partners"]) for row in cases["ratifications_open"]["rows"]] == [
        ("OPEN", 1, 5)
    ]
    assert [(row["reference"], row["since"], row["age_days"]) for row in cases["in_resolution"]["rows"]] == [
        ("DIFFER", "2022-02-20", 9)
    ]


def test_digest_shows_what_was_sent_once_it_is_sent(world: Engine) -> None:
    _raise(world, "2021-02-10")
    sweep(world, SENDING)

    _raise(world, "2021-02-24")
    _answer(world, "E1", "2021-02-24")

    digest = _figures(world, now="2021-02-25T09:00")
    assert _references(digest["escalations"]["open"]) == ["E1"]
    assert (digest["sent_at"], digest["as_of"]) == ("2021-02-23T08:00:00+00:00", "2021-02-23T08:00:00+00:00")


def test_declared_conflict_takes_the_case_its_actions_and_its_escalations_out(world: Engine) -> None:
    _recommend(world, "SECRET", "2021-02-03")
    _recommend(world, "OTHER", "2021-02-03")
    act(world, "hold_case", "SECRET", reason="inquest", look_again_on="2021-04-01", now="2021-02-03T10:00")
    with unit_of_work(world) as session:
        partnership = session.exec(select(Partnership)).one()
        make_action(session, partnership, cases=["SECRET"], due=PartialDate.parse("2021-02-01"))
        make_action(session, partnership, due=PartialDate.parse("2021-02-01"))
    _raise(world, "2021-02-01", about=["SECRET"])
    _raise(world, "2021-02-10", about=["A1"])
    _raise(world, "2021-02-12")
    act(world, "declare_conflict", "SECRET", by=EXEC, person=EXEC, reason="Kin", now="2021-02-15T09:00")
    sweep(world, SENDING)

    barred = _figures(world, by=EXEC)
    with reading(world) as session:
        to_exec = digest_facts(session, letters(session)[0], moment_from(SENDING))
        to_coordinator = digest_facts(session, letters(session, "coordinator@thscp.example")[0], moment_from(SENDING))
    whole = _figures(world, by="coordinator@thscp.example")

    assert _summary(whole) == (["E1", "E2", "E3"], 22, ["A1", "A2"], ["SECRET", "OTHER"], ["SECRET"])
    assert _summary(barred) == (["E3"], 11, ["A2"], ["OTHER"], [])
    assert "SECRET" not in str(barred)
    assert to_exec is not None
    assert to_coordinator is not None
    assert [line.reference for line in to_exec.waiting] == ["E3"]
    assert ("SECRET" in str(to_exec), "SECRET" in str(to_coordinator)) == (False, True)


def _summary(figures: dict[str, Any]) -> tuple[Any, ...]:
    return (
        _references(figures["escalations"]["open"]),
        figures["escalations"]["oldest_days"],
        _references(figures["actions"]["overdue"]),
        _references(figures["cases"]["for_decision"]),
        _references(figures["cases"]["on_hold"]),
    )


def test_conflict_declared_after_the_sending_hides_what_was_sent(world: Engine) -> None:
    _recommend(world, "SECRET", "2021-02-03")
    sweep(world, SENDING)

    act(world, "declare_conflict", "SECRET", by=EXEC, person=EXEC, reason="Kin", now="2021-02-24T09:00")

    assert _references(_figures(world, by=EXEC, now="2021-02-24T10:00")["cases"]["for_decision"]) == []


@pytest.mark.parametrize("who", ["owner", "admin", "reviewer", "agency_lead"])
def test_digest_is_not_for_everybody(world: Engine, who: str) -> None:
    with pytest.raises(NotFound) as refused:
        _figures(world, by=f"{who}@thscp.example")

    assert str(refused.value) == "There is no digest for M2 that you can open. Ask the business unit."


def test_meeting_of_another_group_has_no_digest(world: Engine) -> None:
    act(world, "schedule_meeting", group="qap", on="2021-02-10", now="2021-01-04T09:00")

    with pytest.raises(NotFound) as refused:
        _figures(world, meeting="M3")

    assert str(refused.value) == "There is no digest for M3 that you can open. Ask the business unit."


def test_digest_says_what_was_put_off_and_what_the_group_was_asked_back(world: Engine) -> None:
    for _ in range(3):
        _raise(world, "2021-02-01")
    given = {"by": EXEC, "on": "2021-02-15", "now": "2021-02-15T12:00"}
    act(world, "respond_to_escalation", "E1", answer="deferred", until="2021-03-02", **given)
    for answer, more in (("asked_back", {"text": "Which beds?"}), ("deferred", {"until": "2021-03-02"})):
        act(world, "respond_to_escalation", "E2", answer=answer, **more, **given)
    act(world, "respond_to_escalation", "E3", answer="asked_back", text="Which beds?", **given)
    sweep(world, SENDING)

    with reading(world) as session:
        facts = digest_facts(session, letters(session)[0], moment_from(SENDING))

    asked, deferred = moment_from("2021-02-15").date(), moment_from("2021-03-02").date()
    assert facts is not None
    assert [(one.reference, one.deferred_to, one.asked_back_on) for one in facts.waiting] == [
        ("E1", deferred, None),
        ("E2", deferred, None),
        ("E3", None, asked),
    ]


def test_digest_email_says_what_its_reader_may_read(world: Engine) -> None:
    _recommend(world, "TH-2021-001", "2021-02-03")
    act(world, "hold_case", "TH-2021-001", reason="inquest", look_again_on="2021-04-01", now="2021-02-13T09:00")
    with unit_of_work(world) as session:
        partnership = session.exec(select(Partnership)).one()
        agency = make_person(session, partnership, "x@thscp.example", "owner", agency="Metropolitan Police Service")
        make_action(
            session,
            partnership,
            title="Brief staff",
            due=PartialDate.parse("2021-01"),
            review_on=PartialDate.parse("2021-02-20"),
            agency_id=agency.agency_id,
        )
    _raise(world, "2021-02-01")
    _raise(world, "2021-02-01")
    _answer(world, "E2", "2021-02-15")
    sweep(world, SENDING)

    with reading(world) as session:
        facts = digest_facts(session, letters(session)[0], moment_from(SENDING))

    day = moment_from
    assert facts == EscalationDigest(
        letterhead=LETTERHEAD,
        to_name="Evan Reed",
        meeting_on=day("2021-03-02").date(),
        respond_by=day("2021-03-01").date(),
        last_meeting_on=day("2021-02-02").date(),
        waiting=(
            EscalationLine(
                reference="E1",
                group="Quality Assurance and Performance Group",
                days_waiting=22,
                title="Should beds wait?",
                carried_over=True,
            ),
        ),
        for_decision=(CaseLine(reference="TH-2021-001", since=day("2021-02-03").date()),),
        on_hold=(
            HoldLine(
                reference="TH-2021-001",
                since=day("2021-02-13").date(),
                look_again_on=day("2021-04-01T09:00").date(),
            ),
        ),
        overdue_actions=(
            OverdueLine(
                reference="A1",
                due_on="2021-01",
                days_overdue=23,
                title="Brief staff",
                agency="Metropolitan Police Service",
            ),
        ),
        review_dates_passed=(TitledDay(reference="A1", day=day("2021-02-20").date(), title="Brief staff"),),
        # Late before the case was put on hold on 13 February: the hold explains nothing of it (K3).
        statutory=(
            ClockLine(
                reference="TH-2021-001",
                name="Rapid review sent to the national Panel",
                due_on=day("2021-02-02").date(),
                state="15 working days late",
            ),
        ),
        answered=(
            AnsweredLine(
                reference="E2",
                answer="agreed",
                answered_on=day("2021-02-15").date(),
                group="Quality Assurance and Performance Group",
                title="Should beds wait?",
            ),
        ),
    )


def test_statutory_dates_that_are_near_or_late_are_named_with_their_state(world: Engine) -> None:
    _recommend(world, "LATE", "2021-02-03")
    make_case(world, "NEAR", known_on="2021-02-15", notified_on="2021-02-16", now="2021-02-16T09:00")
    sweep(world, SENDING)

    with reading(world) as session:
        facts = digest_facts(session, letters(session)[0], moment_from(SENDING))

    # Notified on 12 January: fifteen working days end on 2 February, and fifteen more have gone by on the 23rd.
    # Notified on 16 February: they end on 9 March, ten working days from the 23rd.
    assert facts is not None
    assert [(line.reference, line.name, str(line.due_on), line.state) for line in facts.statutory] == [
        ("LATE", "Rapid review sent to the national Panel", "2021-02-02", "15 working days late"),
        ("NEAR", "Rapid review sent to the national Panel", "2021-03-09", "10 working days left"),
    ]


def test_titles_stay_out_of_the_digest_where_the_partnership_says_so(world: Engine) -> None:
    _raise(world, "2021-02-01")
    act(world, "change_setting", "thscp", key="email.titles", value=False, now="2021-02-02T09:00")
    sweep(world, SENDING)

    with reading(world) as session:
        facts = digest_facts(session, letters(session)[0], moment_from(SENDING))

    assert facts is not None
    assert [line.title for line in facts.waiting] == [None]


def test_digest_goes_also_when_nothing_is_open(world: Engine) -> None:
    swept = sweep(world, SENDING)

    with reading(world) as session:
        facts = digest_facts(session, letters(session)[0], moment_from(SENDING))
    assert swept == ["M2"]
    assert facts is not None
    assert facts.nothing_open
