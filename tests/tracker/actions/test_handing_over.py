"""Everything of somebody, or of an agency, passes on at once; what a conflict keeps from the new owner stays."""

import re

import pytest

from tests import make
from tests.tracker.reminders.post import Post
from tracker.database import reading, unit_of_work
from tracker.errors import NotAllowed, NotFound, Refused
from tracker.loading.leaving import end_person
from tracker.people.doer import doer_by_email
from tracker.showing.lists import list_rows

CASE = "TH-2021-001"
OWNER = "owner@thscp.example"
HEIR = "scrutineer@thscp.example"
WHY = "Left for another area"
LATER = "2021-06-10T09:00"


@pytest.fixture
def world(engine):
    """Three open actions of one owner, the second from a case from which the heir is barred; the fourth is complete."""
    make.make_world(engine)
    make.make_case(engine)
    for about in ("thscp", CASE, "thscp", "thscp"):
        make.act(engine, "add_action", about, text="Do it", owner=OWNER, agency="Children's Social Care")
    make.act(engine, "complete_action", "A4", on="2021-06-01", evidence=["Done"])
    make.act(engine, "declare_conflict", CASE, person=HEIR, reason="Knows the family")
    return engine


def pass_on(engine, by="coordinator@thscp.example", **facts):
    given = {"former": OWNER, "owner": HEIR, "reason": WHY, **facts}
    return make.act(engine, "reassign_all", "thscp", by=by, now=LATER, **given)


def owners(engine):
    shown = [make.shown(engine, f"A{number}", kind="action") for number in range(1, 5)]
    return [one["owner"] and one["owner"]["email"] for one in shown]


def ownerless(engine, by=None):
    with reading(engine) as session:
        reader = None if by is None else doer_by_email(session, by, make.NOON.date())
        rows = list_rows(session, "ownerless", {}, reader, make.NOON)
    return [(row["owner"], row["why"], row["actions"]) for row in rows]


def test_all_open_actions_pass_on_in_one_deed_but_those_from_which_the_new_owner_is_barred(world):
    pass_on(world)

    assert owners(world) == [HEIR, OWNER, HEIR, OWNER]
    history = make.shown(world, "thscp", kind="partnership")["history"]
    assert [line["what"] for line in history if line["deed"] == "reassign_all"] == [
        f"Open actions pass from Owen Field to Sam Scully: {WHY}"
    ]
    assert make.shown(world, "A1", kind="action")["history"][-1]["what"] == (
        f"Passed to Sam Scully with the other actions of Owen Field: {WHY}"
    )


def test_the_new_owner_is_told_of_all_of_them_in_one_email_the_next_morning(world, tmp_path):
    post = Post(world, tmp_path / "mail")
    post.run("2021-06-02T08:00")
    pass_on(world)

    sent = post.runs(("2021-06-10", "2021-06-11", "2021-06-14"), at="10:00")

    told = [(day, line) for day, lines in sent.items() for line in lines if line.startswith(HEIR)]
    assert told == [("2021-06-11", f"{HEIR}: 2 new actions for you")]
    told_of = re.findall(r"\bA[0-9]+\b", next(text for text in post.texts() if "2 new actions for you" in text))
    assert sorted(set(told_of)) == ["A1", "A3"]
    assert not [line for lines in sent.values() for line in lines if line.startswith(OWNER)]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"owner": OWNER}, "same_person"),
        ({"owner": "nobody@thscp.example"}, "not_found"),
        ({"former": HEIR, "owner": OWNER}, "nothing_to_pass"),
        ({"agency": "No such agency"}, "nothing_to_pass"),
    ],
)
def test_what_cannot_pass_on_is_refused_and_changes_nothing(world, facts, code):
    with pytest.raises((Refused, NotFound)) as refused:
        pass_on(world, **facts)

    assert refused.value.code == code
    assert owners(world) == [OWNER] * 4


def test_nobody_who_has_left_takes_over_and_nobody_else_passes_on(world):
    with unit_of_work(world) as session:
        end_person(session, "reviewer@thscp.example", HEIR, make.NOON)

    with pytest.raises(Refused, match="left on"):
        pass_on(world, owner="reviewer@thscp.example")
    with pytest.raises(NotAllowed):
        pass_on(world, by="exec@thscp.example")


def test_what_the_successor_of_a_leaver_may_not_see_is_left_without_an_owner(world):
    with unit_of_work(world) as session:
        end_person(session, OWNER, HEIR, make.NOON)

    # She answers for the complete one as well, and owns it no more than before.
    assert owners(world) == [HEIR, None, HEIR, HEIR]
    assert ownerless(world, "coordinator@thscp.example") == [(None, "no_owner", ["A2"])]
    assert ownerless(world, HEIR) == []


def test_all_actions_of_an_agency_pass_to_another_one_with_their_owners(world):
    facts = {"former": "children's social care", "agency": "Police", "reason": "Restructured"}
    with unit_of_work(world) as session:
        make.make_agency(session, session.exec(make.select(make.Partnership)).one(), "Police")

    make.act(world, "reassign_agency", "thscp", now=LATER, **facts)

    shown = [make.shown(world, f"A{number}", kind="action") for number in range(1, 5)]
    assert [one["agency"] for one in shown] == ["Police", "Police", "Police", "Children's Social Care"]
    assert owners(world) == [OWNER] * 4
    with pytest.raises(Refused, match="no open action"):
        make.act(world, "reassign_agency", "thscp", now=LATER, **facts)


def test_owners_whom_no_reminder_reaches_are_listed_with_why(world):
    make.act(world, "add_action", "thscp", text="Do it")
    with unit_of_work(world) as session:
        here = session.exec(make.select(make.Partnership)).one()
        make.make_person(session, here, None, name="Head of school", kind="post", agency="Children's Social Care")
    make.act(world, "add_action", "thscp", text="Do it", owner="Head of school")

    assert ownerless(world) == [(None, "no_owner", ["A5"]), ("Head of school", "vacant", ["A6"])]
