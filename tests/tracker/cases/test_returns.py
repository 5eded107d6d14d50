"""The returns of agencies: asked for, and recorded when they come."""

import pytest
from sqlalchemy import Engine

from tests.journeys.story import Story
from tests.make import make_agency, make_person
from tests.tracker.stages import changes, in_rapid_review, notified
from tracker.clock import moment_from
from tracker.database import reading, unit_of_work
from tracker.groups.queries import partnership_by_code
from tracker.showing.jobs import list_jobs

CARE = "Children's Social Care"


def test_agency_is_asked_for_its_return_and_its_lead_may_open_the_case(engine: Engine) -> None:
    story = notified(engine)
    not_before = story.refused("record-return", by="agency_lead", agency=CARE, on="2021-06-01")

    changed = changes(story, "ask-return", agency="children's social care", due_on="2021-06-10")

    assert not_before == "There is no case with the reference CASE-1 that you can open. Ask the business unit."
    assert changed == {
        "returns": [{"agency": CARE, "asked_on": "2021-06-01", "due_on": "2021-06-10", "returned_on": None}],
        "history": [
            ("Casey Morgan", "coordinator", "ask_return", f"Asked {CARE} for its return by 10 June 2021", None, None),
        ],
    }
    assert story.case(by="agency_lead")["reference"] == "CASE-1"


def test_agency_that_is_asked_again_has_the_newest_date(engine: Engine) -> None:
    story = in_rapid_review(engine)
    story.does("ask-return", agency=CARE, due_on="2021-06-10")

    story.does("ask-return", by="rrp", agency=CARE, due_on="2021-06-14")

    assert [row["due_on"] for row in story.case()["returns"]] == ["2021-06-14"]


def test_asking_for_a_return_is_refused(engine: Engine) -> None:
    story = notified(engine)

    unknown = story.refused("ask-return", agency="Lighthouse", due_on="2021-06-10")
    past = story.refused("ask-return", agency=CARE, due_on="2021-05-31")
    far_ahead = story.refused("ask-return", agency=CARE, due_on="2031-06-10")
    not_hers = story.refused("ask-return", by="exec", agency=CARE, due_on="2021-06-10")
    story.does("ask-return", agency=CARE, due_on="2021-06-10")
    story.does("record-return", agency=CARE, on="2021-06-01")
    answered = story.refused("ask-return", agency=CARE, due_on="2021-06-20")

    assert unknown == (
        "There is no agency 'Lighthouse' in this partnership. There are: Children's Social Care, "
        "London Borough of Tower Hamlets, Metropolitan Police Service, North East London NHS."
    )
    assert past == "The date by which the agency is to answer must be today or later."
    assert far_ahead == "The return on 10 June 2031: that lies more than a year ahead. Check the year."
    assert (
        not_hers
        == "Evan Reed may not ask an agency for its return: it is for the coordinator or panel. Ask the coordinator."
    )
    assert answered == f"{CARE} has answered on 1 June 2021."


def test_closed_case_asks_nobody(engine: Engine) -> None:
    story = Story(engine, "thscp")
    story.opens("2021-06-01")
    story.does("close-case", reason="Not to be notified")

    assert story.refused("ask-return", agency=CARE, due_on="2021-06-10") == (
        "The case is closed: nothing more is asked of agencies."
    )


def test_lead_of_an_agency_records_its_return(engine: Engine) -> None:
    story = notified(engine)
    story.does("ask-return", agency=CARE, due_on="2021-06-10")
    story.day("2021-06-09")

    assert changes(story, "record-return", by="agency_lead", agency=CARE, on="2021-06-09") == {
        "returns": [{"agency": CARE, "asked_on": "2021-06-01", "due_on": "2021-06-10", "returned_on": "2021-06-09"}],
        "history": [("Lee Agnew", "agency lead", "record_return", f"{CARE} answered on 9 June 2021", None, None)],
    }


def test_return_is_refused(engine: Engine) -> None:
    story = notified(engine)
    with unit_of_work(engine) as session:
        partnership = partnership_by_code(session, "thscp")
        probation = make_agency(session, partnership, "Probation")
        make_person(session, partnership, "p@thscp.example", "agency_lead", name="Pia Probation", agency=probation)
    for agency in (CARE, "Probation"):
        story.does("ask-return", agency=agency, due_on="2021-06-10")

    too_early = story.refused("record-return", agency=CARE, on="2021-05-31")
    far_ahead = story.refused("record-return", agency=CARE, on="2031-06-09")
    not_asked = story.refused("record-return", agency="Metropolitan Police Service", on="2021-06-01")
    not_hers = story.refused("record-return", by="p@thscp.example", agency=CARE, on="2021-06-01")
    story.does("record-return", agency=CARE, on="2021-06-01")
    twice = story.refused("record-return", agency=CARE, on="2021-06-01")

    assert too_early == "The date of the return must be on or after the day it was asked for, 1 June 2021."
    assert far_ahead == "The return on 9 June 2031: that lies more than a year ahead. Check the year."
    assert not_asked == "Metropolitan Police Service was not asked for a return. Ask it first."
    assert not_hers == (
        "Pia Probation may not record a return: it is for the agency lead, coordinator or panel. Ask the coordinator."
    )
    assert twice == f"The return of {CARE} is recorded already."


@pytest.mark.parametrize(
    ("due_on", "now", "words"),
    [
        ("2021-06-13", "2021-06-10T10:00", "1 working day left"),
        ("2021-06-13", "2021-06-11T10:00", "0 working days left"),
        ("2021-06-13", "2021-06-12T10:00", "0 working days left"),
        ("2021-06-13", "2021-06-13T10:00", "Due today"),
        ("2021-06-13", "2021-06-14T10:00", "1 working day late"),
        ("2021-06-11", "2021-06-12T10:00", "Late"),
    ],
)
def test_return_is_due_on_its_own_day_and_late_after_it(engine: Engine, due_on: str, now: str, words: str) -> None:
    story = notified(engine)
    changes(story, "ask-return", agency=CARE, due_on=due_on)

    with reading(engine) as session:
        jobs = list_jobs(session, {}, None, moment_from(now))

    assert [job["words"] for job in jobs if job["deed"] == "record-return"] == [words]
