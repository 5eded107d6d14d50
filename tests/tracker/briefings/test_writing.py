"""Writing a briefing and approving it: drafts box by box, versions that never change, and what is refused."""

import pytest
from sqlalchemy import Engine

from tests.journeys.story import Story
from tests.make import act
from tests.tracker.stages import agreed, changes, published
from tests.tracker.walking import BRIEFING
from tracker.errors import FactsWrong, Refused


def test_draft_is_written_box_by_box_and_the_history_keeps_every_text(engine: Engine) -> None:
    story = agreed(engine)
    story.does("write-briefing", title="When families move", what_happened="Nobody knew")

    changed = changes(story, "write-briefing", what_happened="Nobody put it together", talk_about_it="Who knew?")

    assert changed["briefing"] == {
        "version": None,
        "approved_on": None,
        "approved_by": None,
        "texts": None,
        "draft": {
            "texts": {
                "title": "When families move",
                "what_happened": "Nobody put it together",
                "talk_about_it": "Who knew?",
            },
            "by": "Casey Morgan",
            "at": "2021-10-04T09:00:00+00:00",
        },
    }
    what = "Draft of the seven-minute briefing: What happened and Talk about it in your team"
    assert changed["history"] == [("Casey Morgan", "coordinator", "write_briefing", what, None, None)]
    kept = [line["texts"] for line in story.case()["history"] if line["deed"] == "write_briefing"]
    assert kept == [
        {"title": "When families move", "what_happened": "Nobody knew"},
        {"what_happened": "Nobody put it together", "talk_about_it": "Who knew?"},
    ]


def test_box_is_emptied_by_an_empty_text(engine: Engine) -> None:
    story = agreed(engine)
    story.does("write-briefing", title="When families move", what_happened="Nobody knew")

    story.does("write-briefing", what_happened="  ")

    assert story.case()["briefing"]["draft"]["texts"] == {"title": "When families move"}


def test_version_never_changes_and_a_later_draft_begins_with_it_and_makes_the_next(engine: Engine) -> None:
    story = published(engine)
    story.does("write-briefing", **BRIEFING)
    story.does("approve-briefing")
    first = story.case()["briefing"]

    story.day("2021-11-08")
    story.does("write-briefing", title="When children move")
    drafted = story.case()["briefing"]
    changed = changes(story, "approve-briefing")

    assert first == {
        "version": 1,
        "approved_on": "2021-11-01",
        "approved_by": "Casey Morgan",
        "texts": BRIEFING,
        "draft": None,
    }
    assert (drafted["version"], drafted["texts"]) == (1, BRIEFING)
    assert drafted["draft"]["texts"] == BRIEFING | {"title": "When children move"}
    assert changed["briefing"] == {
        "version": 2,
        "approved_on": "2021-11-08",
        "approved_by": "Casey Morgan",
        "texts": BRIEFING | {"title": "When children move"},
        "draft": None,
    }
    assert changed["history"] == [
        ("Casey Morgan", "coordinator", "approve_briefing", "Version 2 of the seven-minute briefing", None, None)
    ]


def test_draft_that_is_not_whole_is_not_approved(engine: Engine) -> None:
    story = agreed(engine)
    none = story.refused("approve-briefing")
    story.does("write-briefing", **{name: text for name, text in BRIEFING.items() if name != "what_happened"})

    missing = story.refused("approve-briefing")
    story.does("write-briefing", what_happened="Nobody knew", talk_about_it="\n".join(["a"] * 200))
    too_long = story.refused("approve-briefing")

    assert (none, missing, too_long) == (
        "There is no draft of the briefing to approve: write-briefing comes first.",
        "Write something for “What happened”.",
        "It does not fit on one page: use fewer lines or shorter words.",
    )


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({}, "Nothing is given to write: give the title, or one of the seven boxes."),
        ({"what_happened": "x" * 301}, "what_happened: it must be 300 characters or fewer"),
        ({"why_this_matters": "x" * 421}, "why_this_matters: it must be 420 characters or fewer"),
        ({"title": "x" * 101}, "title: it must be 100 characters or fewer"),
        ({"title": "a\nb"}, "title: Write it on one line."),
        ({"what_happened": "a\u202eb"}, "The text holds a character that cannot be seen: type it anew."),
    ],
)
def test_what_does_not_fit_a_box_is_refused(engine: Engine, facts: dict[str, str], sentence: str) -> None:
    story = agreed(engine)

    assert sentence in story.refused("write-briefing", **facts)


def test_nothing_is_written_on_a_closed_case(engine: Engine) -> None:
    story = published(engine)
    story.does("write-briefing", **BRIEFING)
    story.day("2022-05-02")
    story.does("record-reflection", on="2022-05-02")
    story.does("close-case", by="exec", reason="All is done")

    said = [
        story.refused("write-briefing", title="Too late"),
        story.refused("approve-briefing"),
    ]
    with pytest.raises(Refused) as refused:
        comments(story, "scrutineer", "briefing", "Too late")

    assert [*said, str(refused.value)] == ["The case is closed: nothing more can be recorded on it."] * 3


def test_draft_that_was_changed_since_is_not_approved(engine: Engine) -> None:
    story = agreed(engine)
    story.does("write-briefing", **BRIEFING)
    seen = story.case()["version"]
    story.does("write-briefing", title="When children move")

    assert story.refused("approve-briefing", seen=seen) == (
        "CASE-1 has moved on since you looked at it. Casey Morgan did write-briefing at 10am. Look again, then decide."
    )


def test_approval_that_is_repeated_under_its_intent_makes_one_version(engine: Engine) -> None:
    story = agreed(engine)
    story.does("write-briefing", **BRIEFING)

    for _ in range(2):
        act(engine, "approve-briefing", "CASE-1", now=story.now, intent="once")

    assert story.deeds().count("approve_briefing") == 1


def comments(story: Story, who: str, about: str, text: str) -> None:
    """Comment as somebody of the team."""
    facts = {"about": about, "text": text}
    act(story.engine, "add-comment", "CASE-1", by=f"{who}@thscp.example", now=story.now, **facts)


def test_scrutineer_comments_and_the_coordinator_answers(engine: Engine) -> None:
    story = agreed(engine)
    story.does("write-briefing", title="When families move")

    comments(story, "scrutineer", "briefing", "Say by when")
    comments(story, "coordinator", "briefing", "By March")

    at = "2021-10-04T09:00:00+00:00"
    assert story.case()["comments"] == [
        {"about": "briefing", "text": "Say by when", "by": "Sam Scully", "at": at},
        {"about": "briefing", "text": "By March", "by": "Casey Morgan", "at": at},
    ]
    assert [(line["by"], line["role"], line["what"]) for line in story.case()["history"][-2:]] == [
        ("Sam Scully", "scrutineer", "On the seven-minute briefing: Say by when"),
        ("Casey Morgan", "coordinator", "On the seven-minute briefing: By March"),
    ]


@pytest.mark.parametrize(
    ("about", "sentence"),
    [
        ("briefing", "There is nothing to comment on yet: the seven-minute briefing comes first."),
        ("6m", "There is nothing to comment on yet: the six-month reflection comes first."),
    ],
)
def test_nobody_comments_on_what_is_not_there(engine: Engine, about: str, sentence: str) -> None:
    story = agreed(engine)

    with pytest.raises(Refused) as refused:
        comments(story, "scrutineer", about, "What of it?")

    assert str(refused.value) == sentence


def test_comment_without_a_word_or_too_long_is_refused(engine: Engine) -> None:
    story = agreed(engine)
    story.does("write-briefing", title="When families move")

    for text in ("", " . ", "x" * 1001):
        with pytest.raises(FactsWrong):
            act(engine, "add-comment", "CASE-1", now=story.now, about="briefing", text=text)
