"""From the notification to the decision: the panel and its recommendation, the national Panel and its answer."""

from sqlalchemy import Engine

from tests.journeys.story import Story
from tests.tracker.stages import changes, in_rapid_review, notified, recommended


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
        "What can be done now: record-notification, close-case, hold-case. Casey Morgan did open-case at 10am."
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
        "What can be done now: convene-panel, hold-case. Casey Morgan did open-case at 10am."
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
