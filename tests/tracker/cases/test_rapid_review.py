"""From the notification to the recommendation: returns of agencies, the panel, the national Panel's answer."""

from sqlalchemy import Engine

from tests.journeys.story import Story
from tests.make import make_agency, make_person
from tests.tracker.stages import changes, in_rapid_review, notified, recommended
from tracker.database import unit_of_work
from tracker.groups.queries import partnership_by_code

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
    assert not_hers == "Evan Reed may not ask return: it is for the coordinator or panel. Ask the coordinator."
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
        "Pia Probation may not record return: it is for the agency lead, coordinator or panel. Ask the coordinator."
    )
    assert twice == f"The return of {CARE} is recorded already."


def test_panel_is_convened_and_its_members_may_open_the_case(engine: Engine) -> None:
    story = notified(engine)
    story.day("2021-06-02")

    changed = changes(story, "convene-panel", on="2021-06-02")

    assert (changed.pop("events")["panel_convened"], changed) == (
        {"date": "2021-06-02", "precision": "day"},
        {
            "status": "rapid_review",
            "stage": 2,
            "steps": ["record-recommendation", "send-to-national-panel", "record-panel-response", "hold-case"],
            "history": [
                (
                    "Casey Morgan",
                    "coordinator",
                    "convene_panel",
                    "Convened the panel on 2 June 2021",
                    "notified",
                    "rapid_review",
                )
            ],
        },
    )
    assert story.case(by="rrp")["status"] == "rapid_review"


def test_panel_is_not_convened(engine: Engine) -> None:
    story = Story(engine, "thscp")
    story.opens("2021-06-01")

    not_notified = story.refused("convene-panel", on="2021-06-01")
    story.does("record-notification", notified_on="2021-06-01")
    too_early = story.refused("convene-panel", on="2021-05-31")
    not_hers = story.refused("convene-panel", by="exec", on="2021-06-01")

    assert not_notified == (
        "Cannot convene the panel: the case is a serious incident that is not yet notified. "
        "What can be done now: record-notification, close-case, hold-case. Casey Morgan did open-case at 10:00am."
    )
    assert too_early == "The date of the panel must be on or after the notification, 1 June 2021."
    assert not_hers == "Evan Reed may not convene the panel: it is for the coordinator."


def test_panel_recommends_with_the_immediate_learning(engine: Engine) -> None:
    story = in_rapid_review(engine)
    story.day("2021-06-08")
    facts = {"outcome": "review", "immediate_learning": "Ask who else lives there", "themes": ["neglect"]}

    changed = changes(story, "record-recommendation", by="rrp", on="2021-06-08", reason="Two agencies", **facts)

    assert (changed.pop("events")["recommendation"], changed) == (
        {"date": "2021-06-08", "precision": "day"},
        {
            "status": "recommended",
            "stage": 3,
            "recommendation": {
                "on": "2021-06-08",
                "outcome": "review",
                "reason": "Two agencies",
                "immediate_learning": "Ask who else lives there",
            },
            "steps": [
                "record-decision review",
                "record-decision no_review",
                "record-decision send_back",
                "send-to-national-panel",
                "record-panel-response",
                "hold-case",
            ],
            "history": [
                (
                    "Priya Shah",
                    "Rapid Review Panel",
                    "record_recommendation",
                    "Recommended on 8 June 2021: review",
                    "rapid_review",
                    "recommended",
                )
            ],
        },
    )


def test_recommendation_that_the_coordinator_records_says_on_whose_behalf(engine: Engine) -> None:
    story = in_rapid_review(engine)

    story.does("record-recommendation", on="2021-06-02", outcome="no_review", immediate_learning="none")

    line = story.case()["history"][-1]
    assert (line["by"], line["role"]) == ("Casey Morgan", "coordinator, on behalf of Rapid Review Panel")


def test_recommendation_is_refused(engine: Engine) -> None:
    story = in_rapid_review(engine)
    facts = {"on": "2021-06-02", "outcome": "review"}

    assert story.refused("record-recommendation", by="rrp", **facts) == (
        "Cannot record the recommendation: Say what the immediate learning is, or write none if there is none."
    )
    assert story.refused(
        "record-recommendation", by="rrp", **facts | {"on": "2021-06-01"}, immediate_learning="none"
    ) == ("The date of the recommendation must be on or after the meeting of the panel, 2 June 2021.")
    assert story.refused("record-recommendation", by="exec", **facts, immediate_learning="none") == (
        "Evan Reed may not record the recommendation: it is for the Rapid Review Panel."
    )
    assert story.refused("record-recommendation", by="rrp", **facts, immediate_learning="none", themes=["dragons"]) == (
        "There is no theme dragons. `tracker list themes` shows all."
    )
    assert story.refused("record-recommendation", by="rrp", **facts | {"outcome": "perhaps"}) == (
        "The facts do not fit record-recommendation: outcome: choose 'review' or 'no_review'."
    )


def test_sending_to_the_national_panel_meets_its_clock_and_starts_nothing(engine: Engine) -> None:
    story = recommended(engine)
    story.day("2021-06-23")

    changed = changes(story, "send-to-national-panel", on="2021-06-23")

    assert (changed.pop("events")["sent_to_panel"], changed) == (
        {"date": "2021-06-23", "precision": "day"},
        {
            "clocks": {"rapid_review": ("2021-06-22", "met_late")},
            "history": [
                (
                    "Casey Morgan",
                    "coordinator",
                    "send_to_national_panel",
                    "Sent to the national Panel on 23 June 2021",
                    "recommended",
                    "recommended",
                )
            ],
        },
    )


def test_sending_to_the_national_panel_is_refused(engine: Engine) -> None:
    story = notified(engine)

    not_reviewed = story.refused("send-to-national-panel", on="2021-06-01")
    story.does("convene-panel", on="2021-06-01")
    too_early = story.refused("send-to-national-panel", on="2021-05-31")
    not_hers = story.refused("send-to-national-panel", by="rrp", on="2021-06-01")

    assert not_reviewed == (
        "Cannot send the rapid review to the national Panel: the case is notified. "
        "What can be done now: convene-panel, hold-case. Casey Morgan did open-case at 10:00am."
    )
    assert too_early == "The date of the sending must be on or after the notification, 1 June 2021."
    assert not_hers == "Priya Shah may not send the rapid review to the national Panel: it is for the coordinator."


def test_newest_answer_of_the_national_panel_counts(engine: Engine) -> None:
    story = recommended(engine)
    story.does("send-to-national-panel", on="2021-06-08")
    story.day("2021-06-21")
    story.does("record-panel-response", on="2021-06-18", kind="query", text="Which school?")

    changed = changes(story, "record-panel-response", on="2021-06-21", kind="advises_review", text="Please review")

    assert changed == {
        "events": {**story.case()["events"], "panel_response": {"date": "2021-06-21", "precision": "day"}},
        "panel_response": {"on": "2021-06-21", "kind": "advises_review", "text": "Please review"},
        "history": [
            (
                "Casey Morgan",
                "coordinator",
                "record_panel_response",
                "The national Panel answered on 21 June 2021: advises review",
                "recommended",
                "recommended",
            )
        ],
    }


def test_answer_of_the_national_panel_is_refused(engine: Engine) -> None:
    story = recommended(engine)
    story.does("send-to-national-panel", on="2021-06-08")

    assert story.refused("record-panel-response", on="2021-06-07", kind="agrees") == (
        "The date of the response must be on or after the sending to the national Panel, 8 June 2021."
    )
    assert story.refused("record-panel-response", by="exec", on="2021-06-08", kind="agrees") == (
        "Evan Reed may not record the national Panel's response: it is for the coordinator."
    )
    assert story.refused("record-panel-response", on="2021-06-08", kind="shrugs") == (
        "The facts do not fit record-panel-response: kind: choose 'agrees', 'advises_review', "
        "'advises_against', 'national_review' or 'query'."
    )
