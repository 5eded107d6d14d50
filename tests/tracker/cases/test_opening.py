"""Opening a case, and recording that it was notified."""

import pytest

from tests import make
from tests.journeys.story import Story
from tests.tracker.stages import changes, notified
from tracker.errors import FactsWrong, NotAllowed, NotFound, Refused
from workflows.lifecycle import StepRefused


@pytest.fixture
def world(engine):
    make.make_world(engine)
    return engine


def refused(engine, error, **facts):
    """Try to open a case, and give the sentence of the refusal; nothing is left behind."""
    with pytest.raises(error) as refusal:
        make.make_case(engine, **facts)
    with pytest.raises(NotFound):
        make.shown(engine, "TH-2021-001")
    return str(refusal.value)


def test_case_is_shown_with_everything_that_was_said(world):
    """Five working days from Tuesday 1 June 2021 leave out the weekend and end on Tuesday 8 June."""
    reference = make.make_case(
        world, harm="serious_harm", themes=["neglect"], contributing=["CHSCP", "thscp"], area="Limehouse"
    )

    document = make.shown(world, reference)
    steps = document.pop("steps")
    assert document == {
        "reference": "TH-2021-001",
        "version": 1,
        "partnership": "thscp",
        "definition": "thscp/2020-21",
        "kind": "rapid_review",
        "status": "incident",
        "stage": 1,
        "pseudonym": "Plover",
        "public_label": None,
        "harm": "serious_harm",
        "area": "Limehouse",
        "summary": None,
        "contributing": ["CHSCP", "thscp"],
        "themes": ["neglect"],
        "opened_at": "2021-06-01T11:00:00+00:00",
        "closed_at": None,
        "hold": None,
        "holds": [],
        "events": {"incident_known": {"date": "2021-06-01", "precision": "day"}},
        "clocks": [
            {
                "code": "notify_panel",
                "name": "Notify the national Panel",
                "kind": "statutory",
                "start": "2021-06-01",
                "due": "2021-06-08",
                "original_due": "2021-06-08",
                "precision": "day",
                "length": "5 working days",
                "direction": "after",
                "state": "running",
                "words": "5 working days left",
                "met_on": None,
                "working_days_left": 5,
                "late_by": None,
                "unit": "working_days",
                "excluded": [{"on": "2021-06-05", "why": "Saturday"}, {"on": "2021-06-06", "why": "Sunday"}],
                "stopped_why": None,
            }
        ],
        "jobs": [],
        "returns": [],
        "recommendation": None,
        "panel_response": None,
        "decision": None,
        "briefing": None,
        "reflections": [],
        "comments": [],
        "ratifications": [],
        "resolution": None,
        "methods": [],
        "findings": {"stated": None, "recorded": 0, "rows": []},
        "recommendations": {"stated": None, "recorded": 0, "rows": []},
        "impact": [],
        "measures": [],
        "scrutiny_areas": [],
        "actions": [],
        "history": [
            {
                "seq": 1,
                "at": "2021-06-01T11:00:00+00:00",
                "by": "Casey Morgan",
                "role": "coordinator",
                "deed": "open_case",
                "what": "Opened, known on 1 June 2021",
                "old": "new",
                "new": "incident",
                "on": "2021-06-01",
                "definition": "thscp/2020-21",
            }
        ],
    }
    assert [(step["deed"], step["label"], step["roles"], step["ready"]) for step in steps] == [
        ("record-notification", "Record the notification", ["coordinator"], True),
        ("close-case", "Close the incident: it is not to be notified", ["coordinator"], True),
        ("hold-case", "Put the case on hold", ["Executive Group"], True),
    ]


def test_case_that_was_notified_already_runs_both_clocks(engine):
    """Fifteen working days from Tuesday 1 June 2021 end on Tuesday 22 June; no bank holiday lies between."""
    story = notified(engine)

    assert (story.status, story.clocks()) == (
        "notified",
        {"notify_panel": ("2021-06-08", "met"), "rapid_review": ("2021-06-22", "running")},
    )
    assert story.case()["events"] == {
        "incident_known": {"date": "2021-06-01", "precision": "day"},
        "notification": {"date": "2021-06-01", "precision": "day"},
    }


def test_case_is_considered_by_the_group_that_looks_first(engine):
    story = Story(engine, "chscp")

    story.opens("2021-09-06", by="crsg", kind="considered")

    line = story.case()["history"][0]
    assert (story.status, line["by"], line["role"]) == ("considered", "Chris Ray", "Case Review Sub-Group")


@pytest.mark.parametrize(
    ("given", "kept"),
    [({}, "Considered without a notification."), ({"reason": "Referred by a school."}, "Referred by a school.")],
)
def test_reason_why_a_case_is_considered_is_kept(engine, given, kept):
    story = Story(engine, "chscp")

    story.opens("2021-09-06", kind="considered", **given)

    assert story.case()["history"][0]["reason"] == kept


def test_references_and_pseudonyms_are_given_out_in_turn(world):
    given = [make.make_case(world, None) for _ in range(3)]

    shown = [make.shown(world, reference) for reference in given]
    assert given == ["TH-2021-001", "TH-2021-002", "TH-2021-003"]
    assert len({document["pseudonym"] for document in shown}) == 3


def test_version_that_has_ended_is_kept_when_it_is_asked_for(world):
    reference = make.make_case(world, known_on="2022-05-03", version="2020-21", now="2022-05-03T10:00")

    assert make.shown(world, reference)["definition"] == "thscp/2020-21"


def test_version_in_force_on_the_day_that_the_incident_became_known_is_taken(world):
    march, april = (
        make.make_case(world, None, known_on=day, now="2022-05-03T10:00") for day in ("2022-03-31", "2022-04-01")
    )

    assert [make.shown(world, reference)["definition"] for reference in (march, april)] == [
        "thscp/2020-21",
        "thscp/2022-23",
    ]


def test_day_that_is_known_to_the_month_gives_a_clock_of_the_month(world):
    """Five working days from Monday 31 May 2021, the last day of the month, end in June."""
    reference = make.make_case(world, known_on="2021-05")

    document = make.shown(world, reference)
    assert document["events"] == {"incident_known": {"date": "2021-05", "precision": "month"}}
    assert [(clock["due"], clock["precision"]) for clock in document["clocks"]] == [("2021-06", "month")]


@pytest.mark.parametrize(
    ("facts", "error", "sentence"),
    [
        (
            {"notified_on": "2021-05-31"},
            Refused,
            "The date of the notification must be on or after the day the incident became known, 1 June 2021.",
        ),
        (
            {"known_on": "2022-07-01"},
            Refused,
            "Open a case on 1 July 2022: that lies more than a year ahead. Check the year.",
        ),
        (
            {"notified_on": "2022-07-01"},
            Refused,
            "The notification on 1 July 2022: that lies more than a year ahead. Check the year.",
        ),
        (
            {"partnership": "atlantis"},
            NotFound,
            "There is no partnership 'atlantis'. There are: thscp.",
        ),
        (
            {"themes": ["neglect", "dragons"]},
            NotFound,
            "There is no theme dragons. `tracker list themes` shows all.",
        ),
        (
            {"reference": "JANE-SMITH"},
            Refused,
            "reference: this looks like a name. Take it out, or confirm that it is not with "
            '"confirmed": ["looks_personal"].',
        ),
        (
            {"reference": "A"},
            FactsWrong,
            "The facts do not fit open-case: reference: A reference has 2 to 20 letters, digits and hyphens.",
        ),
        (
            {"by": "rrp@thscp.example"},
            NotAllowed,
            "Priya Shah may not open a case: it is for the coordinator.",
        ),
        (
            {"by": "owner@thscp.example"},
            NotAllowed,
            "Owen Field may not open a case: it is for the commissioner, coordinator, executive, group chair or "
            "panel. Ask the coordinator.",
        ),
        (
            {"by": "nobody@thscp.example"},
            NotFound,
            "There is nobody with the address nobody@thscp.example. `tracker people list` shows everybody.",
        ),
    ],
)
def test_case_that_cannot_be_opened_is_refused_with_a_sentence(world, facts, error, sentence):
    assert refused(world, error, **facts) == sentence


def test_reference_that_is_taken_is_refused(world):
    make.make_case(world, "ROBIN")

    assert refused(world, Refused, reference=" robin ") == "The reference ROBIN is taken. Choose another."


def test_reference_that_looks_like_a_name_is_recorded_when_it_is_confirmed(world):
    reference = make.make_case(world, "JANE-SMITH", confirmed=["looks_personal"])

    assert make.shown(world, reference)["history"][0]["confirmed"] == ["looks_personal"]


def test_notification_moves_the_case_on_and_turns_the_clocks(engine):
    """Fifteen working days from Thursday 3 June 2021 end on Thursday 24 June."""
    story = Story(engine, "thscp")
    story.opens("2021-06-01")
    story.day("2021-06-03")

    assert changes(story, "record-notification", notified_on="2021-06-03") == {
        "status": "notified",
        "events": {
            "incident_known": {"date": "2021-06-01", "precision": "day"},
            "notification": {"date": "2021-06-03", "precision": "day"},
        },
        "clocks": {"notify_panel": ("2021-06-08", "met"), "rapid_review": ("2021-06-24", "running")},
        "steps": ["convene-panel", "hold-case"],
        "history": [
            ("Casey Morgan", "coordinator", "record_notification", "Notified on 3 June 2021", "incident", "notified")
        ],
    }


def test_late_notification_meets_its_clock_late(engine):
    story = Story(engine, "thscp")
    story.opens("2021-06-01")
    story.day("2021-06-10")

    story.does("record-notification", notified_on="2021-06-10")

    clock = story.case()["clocks"][0]
    assert (clock["state"], clock["late_by"], clock["unit"]) == ("met_late", 2, "working_days")


def test_notification_is_refused(engine):
    story = Story(engine, "thscp")
    story.opens("2021-06-01")

    too_early = story.refused("record-notification", notified_on="2021-05-28")
    far_ahead = story.refused("record-notification", notified_on="2023-06-01")
    not_hers = story.refused("record-notification", by="exec", notified_on="2021-06-01")
    not_seen = story.refused("record-notification", by="rrp", notified_on="2021-06-01")
    no_such_day = story.refused("record-notification", notified_on="2021-06-31")
    two_digits = story.refused("record-notification", notified_on="21-06-01")
    story.does("record-notification", notified_on="2021-06-01")
    twice = story.refused("record-notification", notified_on="2021-06-01")

    assert too_early == (
        "The date of the notification must be on or after the day the incident became known, 1 June 2021."
    )
    assert far_ahead == ("Record the notification on 1 June 2023: that lies more than a year ahead. Check the year.")
    assert not_hers == "Evan Reed may not record the notification: it is for the coordinator."
    assert not_seen == "There is no case with the reference CASE-1 that you can open. Ask the business unit."
    assert no_such_day.startswith("The facts do not fit record-notification: notified_on: ")
    assert two_digits.startswith("The facts do not fit record-notification: notified_on: ")
    assert twice == (
        "Cannot record the notification: the case is notified. What can be done now: convene-panel, hold-case. "
        "Casey Morgan did record-notification at 10am."
    )


def test_step_of_another_partnership_is_not_found(engine):
    story = notified(engine)
    make.make_world(engine, "northmoor")

    with pytest.raises(NotFound) as refusal:
        make.act(engine, "convene_panel", "CASE-1", by="coordinator@northmoor.example", on="2021-06-01")

    assert str(refusal.value) == "There is no case with the reference CASE-1 that you can open. Ask the business unit."
    assert story.status == "notified"


def test_refusal_names_what_can_be_done_instead(engine):
    story = notified(engine)

    with pytest.raises(StepRefused) as refusal:
        story.does("close-case", reason="Not to be notified")

    assert (refusal.value.code, refusal.value.open_steps) == ("wrong_status", ("convene-panel", "hold-case"))
