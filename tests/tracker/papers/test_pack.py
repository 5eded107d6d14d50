"""The pack of the Executive: what is wanted, what changed since its last one; kept as it was sent, without a trace."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader
from sqlalchemy import Engine
from sqlmodel import select

from tests.make import act, make_action, make_case, make_world
from tracker.clock import moment_from
from tracker.database import reading, unit_of_work
from tracker.errors import NotAllowed, NotFound, Refused
from tracker.escalations.models import Escalation
from tracker.groups.models import Group, Partnership
from tracker.papers.pack_docx import pack_as_docx
from tracker.papers.pack_items import MOST_ACTIONS
from tracker.papers.pack_pdf import pack_as_pdf
from tracker.papers.pack_words import in_short
from tracker.people.doer import doer_by_email
from tracker.people.models import Person
from tracker.showing.meeting import pack_document
from workflows.dates import PartialDate

EXEC = "exec@thscp.example"
BEFORE, NOW = "2021-02-01T09:00", "2021-03-15T09:00"


@pytest.fixture
def world(engine: Engine) -> Engine:
    make_world(engine)
    for on in ("2021-02-16", "2021-03-30"):
        act(engine, "schedule_meeting", group="exec", on=on, now="2021-01-04T09:00")
    return engine


def _pack(world: Engine, meeting: str, now: str, by: str | None = None, number: int | None = None) -> dict[str, Any]:
    moment = moment_from(now)
    with reading(world) as session:
        reader = None if by is None else doer_by_email(session, by, moment.date())
        return pack_document(session, meeting, reader, moment, number)


def _lines(pack: dict[str, Any]) -> dict[str, list[str]]:
    return {
        section["code"]: [f"{one['number']} {one['reference']}" for one in section["items"]]
        for section in pack["sections"]
        if section["items"]
    }


def _asks(world: Engine, title: str, **facts: Any) -> None:
    act(
        world,
        "raise_escalation",
        group="qap",
        title=title,
        ask="Fund two beds",
        why="Children wait",
        now=BEFORE,
        **facts,
    )


def _adds(world: Engine, due: str, **facts: Any) -> None:
    act(world, "add_action", text="Share what is known", due_on=due, now=BEFORE, **facts)


def test_executive_reads_what_is_wanted_with_everything_that_it_needs(world: Engine) -> None:
    make_case(world, "ONE", known_on="2021-01-11", notified_on="2021-01-12", now="2021-01-12T09:00")
    act(world, "convene_panel", "ONE", on="2021-01-20", now="2021-01-20T12:00")
    recommended = {"on": "2021-01-25", "outcome": "review", "reason": "Much to learn", "immediate_learning": "none"}
    act(world, "record_recommendation", "ONE", now="2021-01-25T12:00", **recommended)
    _adds(world, "2021-06-30", title="Name a deputy")
    _asks(world, "Should beds wait?", urgency="urgent", about=["ONE", "A1"])
    given = {"by": EXEC, "on": "2021-02-02", "now": "2021-02-02T12:00"}
    act(world, "respond_to_escalation", "E1", answer="asked_back", text="Which beds", **given)

    pack = _pack(world, "M1", "2021-02-08T09:00", EXEC)

    [decision], [owed] = (pack["sections"][place]["items"] for place in (0, 1))
    assert (decision["number"], decision["reference"], decision["title"], dict(decision["facts"])) == (
        "1.1",
        "ONE",
        "The panel recommends a review",
        {
            "Wanted": "Decide whether and how to review the case",
            "Waiting": "14 days, since 25 January 2021",
            "Dates at risk": "Rapid review sent to the national Panel: due 2 February 2021, 4 working days late.",
            "The panel recommends": "A review, on 25 January 2021",
            "Its reasons": "Much to learn",
            "Immediate learning": "none",
        },
    )
    assert (owed["number"], owed["title"], dict(owed["facts"])) == (
        "2.1",
        "Should beds wait?",
        {
            "Asked": "Fund two beds",
            "Why it matters": "Children wait",
            "Needed": "Before its next meeting",
            "Raised": "1 February 2021, by Casey Morgan for Quality Assurance and Performance Group",
            "Waiting": "7 days",
            "Said so far": "The group was asked something on 2 February 2021. Which beds.",
            "What waits for it": "case ONE; A1, Name a deputy",
        },
    )


def test_pack_says_what_changed_since_the_one_before(world: Engine) -> None:
    for due in ("2021-01-29", "2021-01-30", "2021-01-31"):
        _adds(world, due)
    _asks(world, "Should beds wait?")
    act(world, "freeze_pack", "M1", now="2021-02-08T09:00")
    act(world, "respond_to_escalation", "E1", by=EXEC, on="2021-02-16", answer="agreed", now="2021-02-16T12:00")
    act(world, "complete_action", "A1", on="2021-03-01", evidence="Seen", now="2021-03-01T12:00")
    act(world, "move_due_date", "A2", due_on="2021-03-10", reason="More time", now="2021-03-01T12:00")
    act(world, "move_due_date", "A3", due_on="2021-06-30", reason="More time", now="2021-03-01T12:00")
    _asks(world, "Should schools wait?")

    pack = _pack(world, "M2", NOW)

    since = next(section for section in pack["sections"] if section["code"] == "since")
    assert pack["compared_with"] == {"meeting": "M1", "on": "2021-02-16"}
    assert [[one["reference"], *(words for _, words in one["facts"])] for one in since["items"]] == [
        ["A2", "Slipped", "Share what is known", "Red, due 30 January 2021", "Red, due 10 March 2021"],
        # No longer late, and still slipped: its date was moved beyond the papers.
        ["A3", "Slipped", "Share what is known", "Red, due 31 January 2021", "Not started, due 30 June 2021"],
        ["E2", "New", "Should schools wait?", "–", "Waiting"],
        ["E1", "Closed", "Should beds wait?", "Waiting", "Agreed, 16 February 2021"],
        ["A1", "Closed", "Share what is known", "Red, due 29 January 2021", "Complete"],
    ]
    assert in_short(pack)[1].endswith("2 slipped, 1 new and 2 closed.")


def test_pack_says_what_became_of_cases_that_stood_in_the_one_before(world: Engine) -> None:
    for case, known in (("MET", "2021-01-25"), ("HELD", "2021-01-26")):
        make_case(world, case, known_on=known, notified_on=known, now=f"{known}T09:00")
        act(world, "convene_panel", case, on=known, now=f"{known}T12:00")
    recommended = {"on": "2021-01-27", "outcome": "review", "reason": "Much to learn", "immediate_learning": "none"}
    act(world, "record_recommendation", "MET", now="2021-01-27T12:00", **recommended)
    act(world, "hold_case", "HELD", reason="inquest", look_again_on="2021-02-20", now="2021-01-27T09:00")
    act(world, "freeze_pack", "M1", now="2021-02-08T09:00")
    act(world, "send_to_national_panel", "MET", on="2021-02-12", now="2021-02-12T12:00")
    methods = ["multi_agency_audit", "partner_led_workshop"]
    act(
        world,
        "record_decision",
        "MET",
        by=EXEC,
        on="2021-02-16",
        outcome="review",
        methods=methods,
        now="2021-02-16T12:00",
    )
    act(world, "release_case", "HELD", revised_due_on="2021-06-30", now="2021-03-01T12:00")

    pack = _pack(world, "M2", NOW)

    since = next(section for section in pack["sections"] if section["code"] == "since")
    rapid_review = "Rapid review sent to the national Panel"
    assert [[one["reference"], *(words for _, words in one["facts"])] for one in since["items"]] == [
        [
            "HELD",
            "Slipped",
            rapid_review,
            "6 working days left, due 16 February 2021",
            "19 working days late, due 16 February 2021",
        ],
        [
            "MET",
            "Closed",
            "Decide whether and how to review the case",
            "The panel recommends a review",
            "Review in progress",
        ],
        ["MET", "Closed", rapid_review, "5 working days left, due 15 February 2021", "Met on 12 February 2021"],
        [
            "HELD",
            "Closed",
            "Case on hold",
            "On hold, to look at again on 20 February 2021",
            "Hold ended on 1 March 2021",
        ],
    ]


def test_frozen_pack_stays_as_it_was_and_later_papers_are_a_supplement(world: Engine) -> None:
    _adds(world, "2021-01-29")
    act(world, "freeze_pack", "M1", now="2021-02-08T09:00")
    act(world, "complete_action", "A1", on="2021-02-09", evidence="Seen", now="2021-02-09T12:00")
    _adds(world, "2021-01-30")
    act(world, "freeze_pack", "M1", now="2021-02-10T09:00")

    first, second = (_pack(world, "M1", NOW, EXEC, number) for number in (1, 2))

    assert (_lines(first), _lines(second)) == ({"red": ["5.1 A1"]}, {"red": ["S1.5.1 A2"]})
    assert (first["supplement"], [one["number"] for one in first["supplements"]], second["supplement"]) == (
        None,
        [2],
        1,
    )


def test_nothing_new_makes_no_supplement(world: Engine) -> None:
    _adds(world, "2021-01-29")
    _asks(world, "Should beds wait?")
    act(world, "freeze_pack", "M1", now="2021-02-08T09:00")

    with pytest.raises(Refused) as refused:
        act(world, "freeze_pack", "M1", now="2021-02-10T09:00")

    assert str(refused.value) == "Nothing has changed since the pack was frozen."


def test_conflict_leaves_no_trace_in_the_papers_that_were_frozen_before_it(world: Engine) -> None:
    for case in ("OPEN", "SECRET"):
        make_case(world, case, known_on="2021-01-11", now="2021-01-12T09:00")
        act(world, "hold_case", case, reason="inquest", look_again_on="2021-04-01", now="2021-01-13T09:00")
        _asks(world, f"Should {case} wait?", about=[case])
        _adds(world, "2021-01-29", sources=[case])
    act(world, "freeze_pack", "M1", now="2021-02-08T09:00")
    act(world, "declare_conflict", "SECRET", by=EXEC, person=EXEC, reason="Kin", now="2021-02-09T09:00")

    hers, whole = _pack(world, "M1", NOW, EXEC), _pack(world, "M1", NOW)

    assert "SECRET" in str(whole)
    assert "SECRET" not in str(hers)
    assert _lines(hers) == {
        "answers": ["2.1 E1"],
        "tracker": ["4.1 E1"],
        "red": ["5.1 A1"],
        "holds": ["8.1 OPEN"],
    }
    assert {section["code"]: section["count"] for section in hers["sections"] if section["count"]} == {
        code: len(lines) for code, lines in _lines(hers).items()
    }


def test_conflict_leaves_no_trace_in_the_count_of_actions_that_are_not_listed(world: Engine) -> None:
    make_case(world, "SECRET", known_on="2021-01-11", now="2021-01-12T09:00")
    with unit_of_work(world) as session:
        here = session.exec(select(Partnership)).one()
        for number in range(MOST_ACTIONS):
            make_action(session, here, due=PartialDate.of(date(2020, 1, 1)), reference=f"A9{number}")
        make_action(session, here, cases=["SECRET"], due=PartialDate.of(date(2021, 1, 29)))
    act(world, "declare_conflict", "SECRET", by=EXEC, person=EXEC, reason="Kin", now=BEFORE)

    packs = [_pack(world, "M1", NOW, by) for by in (EXEC, None)]

    reds = [next(one for one in pack["sections"] if one["code"] == "red") for pack in packs]
    assert [(red["count"], len(red["items"])) for red in reds] == [(100, 100), (101, 100)]


def test_five_hundred_escalations_are_some_in_full_and_a_table_of_all(world: Engine) -> None:
    with unit_of_work(world) as session:
        groups = {group.code: group for group in session.exec(select(Group))}
        asking = session.exec(select(Person).where(Person.email == EXEC)).one()
        for number in range(1, 501):
            one = Escalation(
                reference=f"E{number}",
                partnership_id=groups["qap"].partnership_id,
                group_id=groups["qap"].id,
                level_id=groups["exec"].id,
                title="Should beds wait?",
                ask="Fund two beds. " * 40,
                raised_on=date(2020, 1, 1) + timedelta(days=number % 300),
                raised_by_id=asking.id,
            )
            session.add(one)

    pack = _pack(world, "M2", NOW, EXEC)
    sheets = len(PdfReader(BytesIO(pack_as_pdf(pack, "THSCP"))).pages)
    word = Document(BytesIO(pack_as_docx(pack, "THSCP")))

    sections = {one["code"]: one for one in pack["sections"] if one["items"]}
    assert {code: (one["count"], len(one["items"])) for code, one in sections.items()} == {
        "answers": (500, 50),
        "tracker": (500, 500),
    }
    assert sections["answers"]["items"][0]["reference"] == "E300"
    assert sheets < 60
    assert [len(table.rows) for table in word.tables] == [501]
    assert "And 450 more that wait less long: they stand below, in the escalation tracker." in [
        paragraph.text for paragraph in word.paragraphs
    ]


def test_pack_without_any_business_says_so(world: Engine) -> None:
    pack = _pack(world, "M1", "2021-02-08T09:00", EXEC)

    assert (_lines(pack), len(pack["sections"]), in_short(pack)) == ({}, 9, ["No business waits for this meeting."])


def test_papers_are_for_those_who_read_them(world: Engine) -> None:
    act(world, "schedule_meeting", group="qap", on="2021-02-17", now="2021-01-04T09:00")

    with pytest.raises(NotAllowed):
        _pack(world, "M1", NOW, "owner@thscp.example")
    with pytest.raises(NotFound):
        _pack(world, "M3", NOW, EXEC)
