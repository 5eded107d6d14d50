"""Requests to bodies outside age and are never overdue; and actions that are opened again keep their dates."""

import pytest

from tests import make
from tests.tracker.reminders.post import COORDINATOR, Post, setting
from tracker.actions.wanting import share_of
from tracker.clock import moment_from
from tracker.database import reading
from tracker.errors import Refused
from tracker.people.doer import doer_by_email
from tracker.showing.jobs import list_jobs
from tracker.showing.waiting import list_waiting
from workflows.lifecycle import StepRefused

BODY = "The Department for Education"


@pytest.fixture
def world(engine):
    make.make_world(engine)
    return engine


def add(engine, **facts):
    return make.act(engine, "add_action", "thscp", **{"text": "Change the guidance", **facts}).reference


def shown(engine, reference, now="2021-06-01T12:00"):
    return make.shown(engine, reference, kind="action", now=now)


def test_a_request_ages_and_is_never_overdue(world):
    reference = add(world, outside_body=BODY, asked_on="2021-05-03", due_on="2021-06-30")

    seen = [shown(world, reference, f"{day}T12:00") for day in ("2021-06-01", "2021-11-29")]

    assert [
        (one["rag"]["word"], one["rag"]["reason"], one["overdue_days"], one["outside"]["days"]) for one in seen
    ] == [
        ("Green", "asked 29 days ago, no answer", 0, 29),
        ("Amber", "asked 210 days ago, no answer", 0, 210),
    ]
    assert (seen[0]["due"], seen[0]["review_on"]) == (None, "2021-06-30")


def test_what_was_asked_and_answered_is_recorded(world):
    reference = add(world, due_on="2021-09-30")

    make.act(world, "ask_outside", reference, body=BODY, on="2021-06-01")
    make.act(world, "ask_outside", reference, on="2021-07-01", now="2021-07-01T12:00")
    make.act(world, "record_answer", reference, on="2021-08-02", text="In the autumn", now="2021-08-02T12:00")

    document = shown(world, reference, "2021-09-01T12:00")
    assert document["outside"] == {
        "body": BODY,
        "asked_on": "2021-06-01",
        "answered_on": "2021-08-02",
        "answer": "In the autumn",
        "days": None,
    }
    assert [line["what"] for line in document["history"][1:]] == [
        f"Asked {BODY} on 1 June 2021",
        f"Asked {BODY} again on 1 July 2021",
        f"{BODY} answered on 2 August 2021: In the autumn",
    ]
    assert [job["code"] for job in document["jobs"]] == ["answered"]


@pytest.mark.parametrize(
    ("deed", "facts", "sentence"),
    [
        ("ask_outside", {"on": "2021-06-01"}, "Say which body outside was asked."),
        (
            "ask_outside",
            {"on": "2021-06-02", "body": BODY},
            "The day on which the body was asked must be today or earlier.",
        ),
        (
            "record_answer",
            {"on": "2021-06-01", "text": "Yes"},
            "No body outside was asked yet for A1. Record that first.",
        ),
    ],
)
def test_what_cannot_be_is_refused(world, deed, facts, sentence):
    add(world)

    with pytest.raises(Refused) as refused:
        make.act(world, deed, "A1", **facts)

    assert str(refused.value) == sentence


def test_what_is_open_is_not_opened_again(world):
    reference = add(world)

    with pytest.raises(StepRefused) as refused:
        make.act(world, "reopen_action", reference, reason="A slip")

    assert str(refused.value).startswith("A1 is open already.")


def test_an_answer_does_not_come_before_its_question(world):
    add(world, outside_body=BODY, asked_on="2021-05-03")

    with pytest.raises(Refused) as refused:
        make.act(world, "record_answer", "A1", on="2021-05-02", text="Yes")

    assert str(refused.value) == "The answer must be on or after the day on which it was asked for, 3 May 2021."


def test_a_coordinator_waits_for_a_body_outside_and_names_no_owner(world):
    add(world, outside_body=BODY, asked_on="2021-05-03")
    now = moment_from("2021-06-01T12:00")

    with reading(world) as session:
        reader = doer_by_email(session, COORDINATOR, now.date())
        share = share_of(session, reader, reader.partnerships_as(*reader.roles_in(1)), everybody=True, is_barred=False)
        waiting = [(row["who"], row["since"], row["reminder"]) for row in list_waiting(session, [], share, now)]
        jobs = [job["code"] for job in list_jobs(session, {}, None, now)]

    assert (waiting, jobs) == ([(BODY, "2021-05-03", None)], [])


def complete(engine, reference):
    make.act(engine, "complete_action", reference, on="2021-06-01", evidence="Minutes")


def test_an_action_that_is_not_in_place_any_more_is_opened_again(world):
    reference = add(world, due_on="2021-06-01")
    complete(world, reference)

    make.act(world, "reopen_action", reference, reason="It stopped", due_on="2022-06-30", now="2021-12-01T12:00")

    document = shown(world, reference, "2021-12-02T12:00")
    assert (document["status"], document["due"], document["first_due"], document["completed_on"]) == (
        "in_progress",
        "2022-06-30",
        "2021-06-01",
        None,
    )
    assert document["reopened"] == [
        {
            "due": "2022-06-30",
            "reason": "It stopped",
            "at": "2021-12-01T12:00:00+00:00",
            "by": "Casey Morgan",
            "was_complete_on": "2021-06-01",
        }
    ]


def test_an_action_is_not_opened_again_without_a_date_ahead(world):
    reference = add(world, due_on="2021-06-01")
    complete(world, reference)

    with pytest.raises(Refused) as refused:
        make.act(world, "reopen_action", reference, reason="It stopped", now="2021-12-01T12:00")

    assert str(refused.value) == "Say when A1 is due now: it has no date ahead of it."


def test_a_coordinator_is_asked_whether_what_was_done_is_still_in_place(world, tmp_path):
    setting(world, "reminders.tell_new_owner", False)
    reference = add(world, due_on="2021-06-01", title="Sharing")
    complete(world, reference)
    make.act(world, "review_action", reference, on="2021-06-01", next_review_on="2021-12-01")
    post = Post(world, tmp_path / "mail")

    sent = post.runs(("2021-11-30", "2021-12-01", "2021-12-02"))
    with reading(world) as session:
        jobs = [job["sentence"] for job in list_jobs(session, {}, None, moment_from("2021-12-01T12:00"))]

    assert list(sent) == ["2021-12-01"]
    assert [line.split(":")[0] for line in sent["2021-12-01"]] == [COORDINATOR]
    said = " ".join(post.texts()[-1].split())
    assert "A1, Sharing: to be looked at again on 1 December 2021. Record what you find on the page" in said
    assert "reply to this email" not in said
    assert jobs == ["Look again at A1: its review date has come."]
