"""Two actions that are the same: joined and split again, linked, or said not to be alike."""

import pytest

from tests import make
from tracker.database import unit_of_work
from tracker.errors import NotAllowed, NotFound, Refused
from workflows.lifecycle import StepRefused

COORDINATOR = "coordinator@thscp.example"
OWNER = "owner@thscp.example"
LEAD = "agency_lead@thscp.example"
RECORDS = "Share health visitor records with schools within ten days"
ALIKE = "Schools are given the records of health visitors within ten days"


@pytest.fixture
def world(engine):
    make.make_world(engine)
    make.make_case(engine)
    make.make_case(engine, reference="TH-2021-002")
    return engine


def add(engine, reference="TH-2021-001", **facts):
    given = {"text": RECORDS, "owner": OWNER, "due_on": "2021-09-30", **facts}
    return make.act(engine, "add_action", reference, **given).reference


def two(engine, **other):
    """Add an action of each case: of another owner, and due earlier."""
    given = {"text": ALIKE, "owner": LEAD, "due_on": "2021-08-31", **other}
    return add(engine), add(engine, "TH-2021-002", **given)


def join(engine, kept="A1", gone="A2", **facts):
    return make.act(engine, "merge_actions", kept, other=gone, **{"reason": "The same", **facts})


def split(engine, reference="A2", **facts):
    return make.act(engine, "split_action", reference, **{"reason": "They differ", **facts})


def shown(engine, reference, **reader):
    return make.shown(engine, reference, kind="action", **reader)


def standing(engine, reference):
    document = shown(engine, reference)
    return {key: document[key] for key in ("status", "due", "first_due", "sources", "themes", "helpers", "hold")} | {
        "owner": document["owner"] and document["owner"]["name"]
    }


def cases_of(document):
    return [source["case"] for source in document["sources"]]


def refusal(engine, name, reference, **facts):
    with pytest.raises((Refused, NotAllowed, NotFound, StepRefused)) as refused:
        make.act(engine, name, reference, **facts)
    return str(refused.value)


def test_a_join_keeps_both_sources_both_histories_and_the_earlier_date(world):
    two(world, themes=["neglect"], helpers=[COORDINATOR])
    make.act(world, "update_action", "A2", by=LEAD, report="on_track", text="Agreed with two schools")
    make.act(world, "accept_update", "A2")

    join(world)

    kept, gone = shown(world, "A1"), shown(world, "A2")
    assert cases_of(kept) == ["TH-2021-001", "TH-2021-002"]
    assert (kept["due"], kept["first_due"], kept["owner"]["name"]) == ("2021-08-31", "2021-09-30", "Owen Field")
    assert (kept["themes"], kept["helpers"]) == (["neglect"], ["Casey Morgan"])
    assert [(update["text"], update["of"]) for update in kept["updates"]] == [("Agreed with two schools", "A2")]
    assert [(line["deed"], line.get("of")) for line in kept["history"]] == [
        ("add_action", None),
        ("add_action", "A2"),
        ("update_action", "A2"),
        ("accept_update", "A2"),
        ("merge_actions", None),
        ("merge_actions", "A2"),
    ]
    assert [(one["reference"], one["reason"], one["owner"], one["due"]) for one in kept["joined"]] == [
        ("A2", "The same", "Lee Agnew", "2021-08-31")
    ]
    assert (gone["status"], gone["joined_into"], gone["rag"]["reason"]) == ("merged", "A1", gone["rag"]["reason"])
    assert [step["deed"] for step in gone["steps"]] == ["split-action"]


def test_the_coordinator_chooses_the_owner_and_another_date(world):
    two(world)

    join(world, owner=LEAD, due_on="2021-12-01")

    kept = shown(world, "A1")
    assert (kept["owner"]["name"], kept["owner_since"], kept["due"]) == ("Lee Agnew", "2021-06-01", "2021-12-01")
    assert [one["reason"] for one in kept["moved"]] == ["Joined with A2: The same"]


def test_an_action_without_owner_or_date_takes_those_of_the_other(world):
    make.act(world, "add_action", "thscp", text=RECORDS, timescale="On-going")
    add(world, "TH-2021-002")

    join(world)

    kept = shown(world, "A1")
    assert (kept["owner"]["name"], kept["due"], kept["timescale"]["kind"]) == ("Owen Field", "2021-09-30", "date")


@pytest.mark.parametrize("chosen", [{}, {"owner": LEAD}, {"due_on": "2022-01-31", "owner": LEAD}])
def test_a_split_gives_back_what_both_were(world, chosen):
    two(world, themes=["neglect"], helpers=[COORDINATOR])
    make.act(world, "hold_action", "A2", reason="An inquest", look_again_on="2021-07-01")
    before = standing(world, "A1"), standing(world, "A2")
    join(world, **chosen)

    split(world)

    assert (standing(world, "A1"), standing(world, "A2")) == before
    assert (shown(world, "A1")["moved"], shown(world, "A1")["joined"], shown(world, "A2")["joined_into"]) == (
        [],
        [],
        None,
    )
    assert [line["deed"] for line in shown(world, "A1")["history"]] == ["add_action", "merge_actions", "split_action"]


def test_what_happened_since_stays_with_the_one_that_was_kept(world):
    two(world)
    join(world)
    make.act(world, "reassign_action", "A1", owner=COORDINATOR, reason="She leads on it now")
    make.act(world, "move_due_date", "A1", due_on="2021-10-31", reason="More schools")
    make.act(world, "edit_action", "A1", themes=["neglect"])

    split(world, "A1")

    kept = standing(world, "A1")
    assert (kept["owner"], kept["due"], kept["themes"]) == ("Casey Morgan", "2021-10-31", ["neglect"])
    assert [source["case"] for source in kept["sources"]] == ["TH-2021-001"]


def test_a_question_that_a_join_settled_is_asked_again_after_a_split(world):
    two(world)
    make.act(world, "update_action", "A1", by=OWNER, report="stuck", text="Nobody answers")
    make.act(world, "query_update", "A1", reason="Who was asked?")
    before = shown(world, "A1")["updates"]

    join(world, owner=LEAD)
    between = [update["state"] for update in shown(world, "A1")["updates"]]
    split(world)

    assert between == ["accepted"]
    assert shown(world, "A1")["updates"] == before


def test_what_the_other_owner_reported_meanwhile_is_checked_before_a_split(world):
    two(world)
    join(world, owner=LEAD)
    make.act(world, "update_action", "A1", by=LEAD, report="done", evidence="Minutes")

    said = refusal(world, "split_action", "A1", reason="They differ")
    make.act(world, "query_update", "A1", reason="Which minutes?")
    split(world)

    kept = shown(world, "A1")
    assert said == "A1 has an update to check. Accept it or ask its owner back, then split the two."
    assert (kept["owner"]["email"], [update["state"] for update in kept["updates"]]) == (OWNER, ["accepted"])


def test_a_chain_is_split_from_its_end_and_the_middle_keeps_what_was_joined_into_it(world):
    two(world)
    add(world, "thscp", text="Records for schools")
    before = standing(world, "A2")
    join(world, "A1", "A2")
    middle = standing(world, "A1")
    join(world, "A3", "A1")
    chained = shown(world, "A2")["joined_into"], cases_of(shown(world, "A3")), len(shown(world, "A3")["joined"])

    said = refusal(world, "split_action", "A2", reason="Not the same")
    split(world, "A1", other="A3")
    after = standing(world, "A1"), cases_of(shown(world, "A3")), shown(world, "A2")["joined_into"]
    split(world, "A2")

    assert chained == ("A3", ["TH-2021-001", "TH-2021-002"], 2)
    assert said == "A1 was itself joined with another action since. Split that one first, then A2."
    assert after == (middle, [], "A1")
    assert standing(world, "A2") == before


def test_two_that_were_joined_with_one_are_split_in_any_order(world):
    two(world)
    add(world, "TH-2021-002", due_on="2021-07-31")
    before = [standing(world, reference) for reference in ("A1", "A2", "A3")]
    join(world, "A1", "A2")
    join(world, "A1", "A3")

    said = refusal(world, "split_action", "A1", reason="Not the same")
    split(world, "A1", other="A2")
    between = standing(world, "A1")
    split(world, "A3")

    assert said == "Several actions were joined with A1: A2, A3. Say which one, as `other`."
    assert (between["due"], [source["case"] for source in between["sources"]]) == (
        "2021-07-31",
        ["TH-2021-001", "TH-2021-002"],
    )
    assert [standing(world, reference) for reference in ("A1", "A2", "A3")] == before


def test_what_cannot_be_joined_says_why(world):
    two(world)
    add(world, "thscp", text="Another matter")
    make.act(world, "update_action", "A2", by=LEAD, report="done", evidence="Minutes")
    to_check = refusal(world, "merge_actions", "A1", other="A2", reason="The same")
    make.act(world, "accept_update", "A2")

    said = {
        "itself": refusal(world, "merge_actions", "A1", other="a1", reason="The same"),
        "ended": refusal(world, "merge_actions", "A2", other="A1", reason="The same"),
        "nobody": refusal(world, "merge_actions", "A1", other="A99", reason="The same"),
        "owner": refusal(world, "merge_actions", "A1", other="A3", reason="The same", owner=COORDINATOR),
        "past": refusal(world, "merge_actions", "A1", other="A3", reason="The same", due_on="2021-05-01"),
        "not hers": refusal(world, "merge_actions", "A1", by=OWNER, other="A3", reason="The same"),
        "split": refusal(world, "split_action", "A1", reason="They differ"),
    }
    join(world, "A1", "A3")
    said["again"] = refusal(world, "merge_actions", "A2", other="A3", reason="The same")
    said["gone"] = refusal(world, "merge_actions", "A3", other="A2", reason="The same")

    assert to_check == "A2 has an update to check. Accept it or ask its owner back, then join the two."
    assert said == {
        "itself": "A1 is the same action: name another one.",
        "ended": "A1 is open and A2 is complete: nobody would be reminded of it any more. Join A2 into A1 instead.",
        "nobody": "There is no action A99 that you can open. Ask the business unit.",
        "owner": "coordinator@thscp.example owns neither A1 nor A3. Choose one of the two owners; the action can be "
        "passed on afterwards.",
        "past": "The date must be today or later, or that of one of the two.",
        "not hers": "Owen Field may not join actions: it is for the coordinator. Ask the coordinator.",
        "split": "No action was joined with A1.",
        "again": "A3 was joined with A1 before. Use that one.",
        "gone": "A3 was joined with another action. Use that one. Casey Morgan did merge-actions at midday.",
    }


def test_a_complete_one_is_joined_into_an_open_one_and_its_date_does_not_count(world):
    two(world, due_on="2021-06-02")
    make.act(world, "complete_action", "A2", on="2021-06-01", evidence="Minutes of May")

    join(world)

    kept = shown(world, "A1")
    assert (kept["status"], kept["due"], [one["text"] for one in kept["evidence"]]) == (
        "planned",
        "2021-09-30",
        ["Minutes of May"],
    )
    split(world)
    assert shown(world, "A2")["status"] == "complete"


def test_a_stale_page_of_either_action_joins_nothing(world):
    two(world)
    make.act(world, "edit_action", "A2", title="Records")

    said = refusal(world, "merge_actions", "A1", other="A2", other_seen=1, reason="The same")

    assert said == (
        "A2 has moved on since you looked at it. Casey Morgan did edit-action at midday. Look again, then decide."
    )


def test_whoever_is_barred_from_either_case_knows_of_no_pair_and_owns_no_joined_action(world):
    two(world)
    make.act(world, "declare_conflict", "TH-2021-002", person=OWNER, reason="A relative")
    barred_owner = refusal(world, "merge_actions", "A1", other="A2", reason="The same")
    make.act(world, "declare_conflict", "TH-2021-002", person=COORDINATOR, reason="A relative")

    alone = shown(world, "A1", by=COORDINATOR)["looks_like"], shown(world, "A1")["looks_like"][0]["reference"]
    said = refusal(world, "merge_actions", "A1", other="A2", reason="The same")

    assert barred_owner == "Owen Field cannot be named on this action. Choose the other owner."
    assert alone == ([], "A2")
    assert said == "There is no action A2 that you can open. Ask the business unit."


def test_a_reader_barred_from_the_other_one_reads_nothing_of_it_after_a_split(world):
    two(world)
    join(world)
    split(world)
    make.act(world, "declare_conflict", "TH-2021-002", person="exec@thscp.example", reason="A relative")

    lines = shown(world, "A1", by="exec@thscp.example")["history"]

    assert [line["deed"] for line in lines] == ["add_action"]


def test_the_case_of_the_joined_action_shows_the_one_that_was_kept(world):
    two(world)

    join(world)

    of_cases = [make.shown(world, case)["actions"] for case in ("TH-2021-001", "TH-2021-002")]
    assert [[action["reference"] for action in actions] for actions in of_cases] == [["A1"], ["A1"]]


def test_a_pair_that_is_linked_or_not_alike_is_offered_no_more_also_after_a_change(world):
    two(world)
    add(world, "thscp", text="Give schools the health visitor records within ten days")
    offered = {one["reference"] for one in shown(world, "A1")["looks_like"]}

    make.act(world, "not_alike", "A1", other="A2")
    make.act(world, "link_actions", "A3", other="A1", reason="One matter")
    make.act(world, "edit_action", "A2", text=RECORDS)
    again = refusal(world, "not_alike", "A2", other="A1")

    assert offered == {"A2", "A3"}
    assert [one["reference"] for one in shown(world, "A1")["looks_like"]] == []
    assert (shown(world, "A1")["linked"], shown(world, "A3")["linked"]) == (["A3"], ["A1"])
    assert again == "A2: not the same as A1 already."
    assert [(one["reference"], one["alike"] > 0.8) for one in shown(world, "A2")["looks_like"]] == [("A3", True)]


def test_an_action_that_is_changed_is_compared_anew(world):
    two(world)

    make.act(world, "edit_action", "A2", text="Train school governors on exclusions")

    assert shown(world, "A1")["looks_like"] == []


def test_other_partnerships_are_not_compared(world):
    with unit_of_work(world) as session:
        make.make_team(session, "chscp")
    add(world)
    make.act(world, "add_action", "chscp", by="coordinator@chscp.example", text=RECORDS)

    assert shown(world, "A1")["looks_like"] == shown(world, "A2")["looks_like"] == []


def test_likes_are_for_the_coordinator(world):
    two(world)

    seen = {by: len(shown(world, "A1", by=by)["looks_like"]) for by in (COORDINATOR, OWNER, "exec@thscp.example")}

    assert seen == {COORDINATOR: 1, OWNER: 0, "exec@thscp.example": 0}


def test_what_is_asked_of_a_body_outside_takes_no_date_from_the_one_joined_into_it(world):
    make.act(world, "add_action", "TH-2021-001", text=RECORDS, outside_body="The Home Office")
    add(world, "TH-2021-002", text=ALIKE)

    join(world)

    assert shown(world, "A1")["due"] is None


def test_evidence_of_the_joined_one_stands_in_the_chain_of_each_case(world):
    two(world)
    make.act(world, "complete_action", "A2", on="2021-06-01", evidence="Minutes of May")
    make.act(world, "record_impact", "A2", text="Nobody waits")
    join(world)
    make.act(world, "complete_action", "A1", on="2021-06-01", evidence="Minutes of June")

    chains = [make.shown(world, case, kind="trace") for case in ("TH-2021-001", "TH-2021-002")]

    assert [[(ref, one["evidence"], one["impact"]) for ref, one in chain["actions"].items()] for chain in chains] == [
        [("A1", 2, ["Nobody waits"])],
        [("A1", 2, ["Nobody waits"])],
    ]
