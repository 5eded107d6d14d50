"""Adding an action and changing what it says, through the real door."""

import pytest
from sqlmodel import select

from tests import make
from tracker.actions.models import ActionSource
from tracker.database import reading, unit_of_work
from tracker.errors import FactsWrong, NotAllowed, NotFound, Refused
from tracker.reviews.models import Recommendation, Review, ReviewCase

CASE = "TH-2021-001"
TEXT = "Agree one pathway between schools and social care"


@pytest.fixture
def world(engine):
    make.make_world(engine)
    make.make_case(engine)
    return engine


def add(engine, reference="thscp", **facts):
    return make.act(engine, "add_action", reference, **{"text": TEXT, **facts}).reference


def shown(engine, reference, **reader):
    return make.shown(engine, reference, kind="action", **reader)


def recommend(engine, *numbers):
    """Record a report with numbered recommendations for the case."""
    with unit_of_work(engine) as session:
        review = make.write(session, Review(kind="lcspr"))
        case = session.exec(select(make.Case).where(make.Case.reference == CASE)).one()
        make.write(session, ReviewCase(review_id=review.id, case_id=case.id))
        for number in numbers:
            make.write(session, Recommendation(review_id=review.id, number=number, text=f"Do {number}"))


def test_an_action_is_shown_with_everything_that_was_said(world):
    reference = add(
        world,
        CASE,
        title="One pathway",
        agency="children's social care",
        owner="owner@thscp.example",
        helpers=["Lee Agnew"],
        due_on="2021-09",
        review_on="2021-12-01",
        themes=["neglect"],
        level="multi_agency",
        success_measure="Waits below 10 days",
        baseline="Waits of 31 days",
    )

    document = shown(world, reference)

    history = document.pop("history")
    assert document == {
        "reference": "A1",
        "version": 1,
        "partnership": "thscp",
        "title": "One pathway",
        "text": TEXT,
        "status": "planned",
        "report": None,
        "rag": {"colour": "grey", "word": "Not started", "reason": "no update yet", "note": None},
        "flags": {"overdue": False, "blocked": False, "on_hold": False},
        "overdue_days": 0,
        "sources": [{"kind": "case", "case": CASE, "recommendation": None, "finding": None, "words": None}],
        "level": "multi_agency",
        "agency": "Children's Social Care",
        "owner": {"name": "Owen Field", "email": "owner@thscp.example", "answers": None},
        "due": "2021-09",
        "precision": "month",
        "review_on": "2021-12-01",
        "group": None,
        "first_due": "2021-09",
        "moves": 0,
        "outside": None,
        "themes": ["neglect"],
        "helpers": ["Lee Agnew"],
        "timescale": {"kind": "date", "words": None, "every": None, "next": None, "dates": [], "met": []},
        "moved": [],
        "reopened": [],
        "success_measure": "Waits below 10 days",
        "baseline": "Waits of 31 days",
        "outside_body": None,
        "asked_on": None,
        "answered_on": None,
        "answer": None,
        "made_on": "2021-06-01",
        "owner_since": "2021-06-01",
        "completed_on": None,
        "ended_why": None,
        "hold": None,
        "holds": [],
        "evidence": [],
        "impact": [],
        "updates": [],
        "joined_into": None,
        "joined": [],
        "linked": [],
        "looks_like": [],
        "jobs": [],
        "steps": [
            {"deed": "update-action", "ready": True},
            {"deed": "accept-update", "ready": False},
            {"deed": "query-update", "ready": False},
            {"deed": "complete-action", "ready": True},
            {"deed": "edit-action", "ready": True},
            {"deed": "review-action", "ready": True},
            {"deed": "hold-action", "ready": True},
            {"deed": "release-action", "ready": False},
            {"deed": "record-impact", "ready": True},
            {"deed": "end-action", "ready": True},
            {"deed": "reassign-action", "ready": True},
            {"deed": "move-due-date", "ready": True},
            {"deed": "ask-outside", "ready": True},
            {"deed": "record-answer", "ready": False},
            {"deed": "merge-actions", "ready": True},
            {"deed": "split-action", "ready": False},
            {"deed": "not-alike", "ready": True},
            {"deed": "link-actions", "ready": True},
        ],
    }
    assert [(line["deed"], line["by"], line["what"]) for line in history] == [
        ("add_action", "Casey Morgan", "Added, due September 2021")
    ]


def test_every_action_has_a_reference_of_its_own(world):
    assert [add(world), add(world, CASE), add(world)] == ["A1", "A2", "A3"]


def test_an_action_keeps_all_its_sources(world):
    recommend(world, 1, 2, 3)

    reference = add(world, CASE, sources=["3", f"{CASE}/1", {"kind": "audit", "words": "Audit of neglect, 2020"}, "3"])

    assert shown(world, reference)["sources"] == [
        {"kind": "recommendation", "case": CASE, "recommendation": 3, "finding": None, "words": None},
        {"kind": "recommendation", "case": CASE, "recommendation": 1, "finding": None, "words": None},
        {"kind": "audit", "case": None, "recommendation": None, "finding": None, "words": "Audit of neglect, 2020"},
    ]


def test_without_a_reference_the_first_case_says_for_which_partnership(world):
    reference = add(world, None, sources=[CASE])

    assert shown(world, reference)["partnership"] == "thscp"


def test_a_recommendation_that_there_is_not_is_refused(world):
    with pytest.raises(NotFound) as refused:
        add(world, CASE, sources=["9"])

    assert str(refused.value) == "TH-2021-001 has no recommendation 9. `tracker show case` lists those it has."


def test_a_bare_number_needs_its_case(world):
    with pytest.raises(Refused) as refused:
        add(world, "thscp", sources=["3"])

    assert str(refused.value) == "Recommendation 3 of which case? Write it like TH-2020-001/3."


@pytest.mark.parametrize(
    ("words", "timescale", "due"),
    [
        (
            "Bi-monthly",
            {"kind": "recurring", "every": "2 months", "next": "2021-08-01", "dates": [], "met": []},
            "2021-08-01",
        ),
        (
            "Annual (April)",
            {"kind": "recurring", "every": "1 year", "next": "2022-04", "dates": [], "met": []},
            "2022-04",
        ),
        (
            "2023 & 2026",
            {"kind": "several", "every": None, "next": "2023", "dates": ["2023", "2026"], "met": []},
            "2023",
        ),
        ("On-going", {"kind": "continuing", "every": None, "next": None, "dates": [], "met": []}, None),
        ("As identified", {"kind": "triggered", "every": None, "next": None, "dates": [], "met": []}, None),
        ("30/09/2021", {"kind": "date", "every": None, "next": None, "dates": [], "met": []}, "2021-09-30"),
    ],
)
def test_the_words_of_a_timescale_are_kept_beside_their_meaning(world, words, timescale, due):
    document = shown(world, add(world, timescale=words))

    assert (document["timescale"], document["due"]) == ({**timescale, "words": words}, due)


def test_what_goes_on_wants_a_review_date(world):
    reference = add(world, timescale="On-going")

    assert shown(world, reference)["jobs"] == [
        {
            "code": "no_owner",
            "deed": "reassign-action",
            "sentence": "Name an owner: nobody answers for this action.",
        },
        {
            "code": "review_date",
            "deed": "edit-action",
            "sentence": "Name a review date: the action goes on without an end.",
        },
    ]


def test_a_timescale_that_says_nothing_is_refused(world):
    with pytest.raises(Refused) as refused:
        add(world, timescale="ASAP")

    assert str(refused.value) == (
        "The timescale 'ASAP' says no date. Write a date or words like Quarterly, Annual (April), On-going or "
        "As identified; or leave it out and give due_on."
    )


def test_a_panel_member_adds_an_action_from_her_case(world):
    make.act(world, "record_notification", CASE, notified_on="2021-06-01")
    make.act(world, "convene_panel", CASE, on="2021-06-01")

    reference = make.act(world, "add_action", CASE, by="rrp@thscp.example", text=TEXT).reference

    assert shown(world, reference, by="rrp@thscp.example")["text"] == TEXT


def test_a_panel_member_adds_no_action_without_a_case(world):
    with pytest.raises(NotAllowed) as refused:
        make.act(world, "add_action", "thscp", by="rrp@thscp.example", text=TEXT)

    assert str(refused.value) == "Priya Shah adds actions from a case: name it. The coordinator adds all others."


def test_an_owner_adds_no_action(world):
    with pytest.raises(NotAllowed) as refused:
        make.act(world, "add_action", "thscp", by="owner@thscp.example", text=TEXT)

    assert str(refused.value) == (
        "Owen Field may not add an action: it is for the coordinator, group chair or panel. Ask the coordinator."
    )


@pytest.mark.parametrize(
    ("facts", "field", "what"),
    [
        ({"title": "Support for Peter Harrow"}, "title", "a name"),
        ({"title": "Review of 3 May 2014"}, "title", "a date of birth"),
        ({"text": "Write to the family, 07700 900123"}, "text", "a phone number"),
        ({"sources": [{"kind": "audit", "words": "Born 2/3/2014"}]}, "words", "a date of birth"),
    ],
)
def test_what_looks_personal_is_refused_once_and_then_confirmed(world, facts, field, what):
    with pytest.raises(Refused) as refused:
        add(world, **facts)

    confirmed = add(world, **facts, confirmed=["looks_personal"])

    assert (str(refused.value), confirmed) == (
        f"{field}: this looks like {what}. Take it out, or confirm that it is not "
        'with "confirmed": ["looks_personal"].',
        "A1",
    )


def test_facts_that_do_not_fit_are_named(world):
    with pytest.raises(FactsWrong) as wrong:
        add(world, level="galactic", due_on="2021-06-31")

    assert str(wrong.value) == (
        "The facts do not fit add-action: level: choose 'single_agency', 'multi_agency', 'regional' or "
        "'national'. due_on: There is no 31 June 2021. Enter a real date, like 2027-01-29."
    )


def test_nobody_who_left_becomes_an_owner(world):
    with unit_of_work(world) as session:
        partnership = session.exec(select(make.Partnership)).one()
        make.make_person(session, partnership, "gone@thscp.example", "owner", ended_on=make.date(2021, 5, 31))

    with pytest.raises(Refused) as refused:
        add(world, owner="gone@thscp.example")

    assert str(refused.value) == "Gone left on 31 May 2021. Choose somebody else."


def test_a_refused_action_leaves_nothing_behind(world):
    with pytest.raises(NotFound):
        add(world, themes=["no_such_theme"])

    with reading(world) as session:
        assert session.exec(select(ActionSource)).all() == []
    assert add(world) == "A1"


def test_an_edit_keeps_old_beside_new(world):
    reference = add(world, title="One pathway", themes=["neglect"], helpers=["owner@thscp.example"])

    make.act(
        world,
        "edit_action",
        reference,
        title="A single pathway",
        themes=["supervision"],
        helpers=["Lee Agnew"],
        agency="Children's Social Care",
        sources=[CASE],
    )

    document = shown(world, reference)
    line = document["history"][-1]
    changed = {key: document[key] for key in ("title", "themes", "helpers", "agency", "version", "sources")}
    assert changed == {
        "title": "A single pathway",
        "themes": ["supervision"],
        "helpers": ["Lee Agnew"],
        "agency": "Children's Social Care",
        "version": 2,
        "sources": [{"kind": "case", "case": CASE, "recommendation": None, "finding": None, "words": None}],
    }
    assert (line["what"], line["old"]) == (
        "Changed agency, helpers, sources, themes, title",
        {"agency": None, "helpers": ["Owen Field"], "themes": ["neglect"], "title": "One pathway"},
    )


def test_an_edit_that_changes_nothing_is_refused(world):
    with pytest.raises(Refused) as refused:
        make.act(world, "edit_action", add(world))

    assert str(refused.value) == "Say what is to change: a title, a text, a source."


def test_an_edit_does_not_move_a_due_date(world):
    reference = add(world, due_on="2021-09-30")

    with pytest.raises(Refused) as refused:
        make.act(world, "edit_action", reference, timescale="31/12/2021")

    assert str(refused.value) == "The due date is moved with move-due-date, which asks why."


def test_an_action_that_becomes_continuing_has_no_due_date_any_more(world):
    reference = add(world, due_on="2021-09-30")

    make.act(world, "edit_action", reference, timescale="On-going", review_on="2022-01")

    document = shown(world, reference)
    assert (document["due"], document["first_due"], document["timescale"]["kind"]) == (None, "2021-09-30", "continuing")


def test_only_the_coordinator_edits(world):
    reference = add(world, owner="owner@thscp.example")

    with pytest.raises(NotAllowed) as refused:
        make.act(world, "edit_action", reference, by="owner@thscp.example", title="Mine")

    assert str(refused.value) == "Owen Field may not edit action: it is for the coordinator. Ask the coordinator."


def test_an_action_that_was_changed_meanwhile_is_not_changed_unseen(world):
    reference = add(world)
    make.act(world, "edit_action", reference, title="First")

    with pytest.raises(Refused) as refused:
        make.act(world, "edit_action", reference, title="Second", seen=1)

    assert str(refused.value) == (
        "A1 has moved on since you looked at it. Casey Morgan did edit-action at midday. Look again, then decide."
    )


def test_the_same_intent_adds_one_action(world):
    first = make.act(world, "add_action", "thscp", text=TEXT, intent="one")
    again = make.act(world, "add_action", "thscp", text=TEXT, intent="one")

    assert (first, add(world)) == (again, "A2")
