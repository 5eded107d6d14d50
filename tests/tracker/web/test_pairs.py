"""Pages about pairs of actions that look alike: who sees them, what they show, what is decided on them."""

import re

import pytest
from sqlmodel import select

from tests.make import act, make_case, shown
from tests.tracker.reminders.post import COORDINATOR, OWNER, add
from tests.tracker.web.test_owner_links import link_of
from tests.tracker.web.visitor import Visitor, served
from tracker.database import unit_of_work
from tracker.people.models import Person

RECORDS = "Share health visitor records with schools within ten days"
ALIKE = "Schools are given the records of health visitors within ten days"
LEAD = "agency_lead@thscp.example"


@pytest.fixture
def plan(world):
    """Give a plan with two actions that look alike, of two cases and two owners."""
    for reference in ("TH-2021-001", "TH-2021-002"):
        make_case(world, reference)
    add(world, at="TH-2021-001", text=RECORDS, title="Share records", due_on="2021-06-30")
    add(world, at="TH-2021-002", text=ALIKE, owner=LEAD, due_on="2021-05-09")
    return world


def form_to(page, action):
    """Give the form of a page that is sent to an address."""
    return next(form for form in page.forms if form["action"] == action)


def test_coordinator_alone_sees_pairs(plan, as_):
    pages = {who: as_(who).opens("/actions") for who in ("coordinator", "exec", "scrutineer")}

    seen = {
        who: ("These 2 actions look alike" in page.words, "Looks like A2" in page.words) for who, page in pages.items()
    }
    assert seen == {"coordinator": (True, True), "exec": (False, False), "scrutineer": (False, False)}
    assert [as_("exec").opens(f"/actions/pairs{rest}").status for rest in ("", "/A1-A2", "/A1-A2/join")] == [403] * 3


def test_words_in_common_are_marked_and_nothing_that_was_typed_is_markup(plan, as_):
    act(plan, "edit_action", "A2", text="<b>Records</b> of health visitors go to schools within ten days")

    page = as_("coordinator").opens("/actions/pairs/A1-A2")

    assert re.findall(r"<mark>(.*?)</mark>", page.text) == [
        "health visitor records",
        "schools",
        "ten days",
        "Records",
        "health visitors",
        "schools",
        "ten days",
    ]
    assert "&lt;b&gt;" in page.text


@pytest.mark.parametrize(
    ("deed", "answer"), [("not-alike", "They are not alike."), ("link-actions", "They are linked")]
)
def test_pair_that_is_decided_on_is_offered_no_more(plan, as_, deed, answer):
    coordinator = as_("coordinator")
    page = coordinator.opens("/actions")

    coordinator.sends_form(page, form_to(page, "/actions/pairs/A1-A2"), deed=deed)

    assert "look alike" not in coordinator.opens("/actions").words
    assert answer in coordinator.opens("/actions/pairs/A1-A2").words
    assert shown(plan, "A1", kind="action")["linked"] == (["A2"] if deed == "link-actions" else [])


def test_two_owners_of_one_name_and_no_address_are_still_two(plan, as_):
    with unit_of_work(plan) as session:
        for email in (OWNER, LEAD):
            person = session.exec(select(Person).where(Person.email == email)).one()
            person.name, person.email = "Duty desk", None

    page = as_("coordinator").opens("/actions/pairs/A1-A2/join")

    assert "Who owns it from now on?" in page.words


def test_two_are_joined_from_their_page_once(plan, as_):
    coordinator = as_("coordinator")
    form = coordinator.opens("/actions/pairs/A2-A1/join")
    empty = coordinator.sends_form(form, form_to(form, "/actions/pairs/A1-A2/join"))
    typed = {"owner": LEAD, "reason": "One matter"}

    answers = [coordinator.sends_form(form, form_to(form, "/actions/pairs/A1-A2/join"), **typed) for _ in range(2)]

    assert empty.status == 422
    assert all(words in empty.words for words in ("Choose who owns it", "Say why they are the same"))
    assert [(page.status, page.address) for page in answers[:1]] == [(200, "/actions/A1")]
    kept = shown(plan, "A1", kind="action")
    assert (kept["due"], kept["owner"]["name"], [one["reference"] for one in kept["joined"]]) == (
        "2021-05-09",
        "Lee Agnew",
        ["A2"],
    )
    assert [line["deed"] for line in kept["history"]].count("merge_actions") == 2
    gone = coordinator.opens("/actions/A2")
    assert ("A2 was joined with" in gone.words, "Use that one." in gone.words, "/actions/A1" in gone.links) == (
        True,
    ) * 3


def test_join_of_a_page_that_is_older_than_the_other_action_comes_back(plan, as_):
    coordinator = as_("coordinator")
    form = coordinator.opens("/actions/pairs/A1-A2/join")
    act(plan, "edit_action", "A2", title="Records for schools")

    page = coordinator.sends_form(form, form_to(form, "/actions/pairs/A1-A2/join"), owner=OWNER, reason="One matter")

    assert (page.status, shown(plan, "A2", kind="action")["status"]) == (409, "planned")


def test_owner_of_the_joined_one_is_led_to_the_one_to_use_where_it_is_hers(plan):
    mine = link_of(plan, OWNER), link_of(plan, LEAD)
    act(plan, "merge_actions", "A1", other="A2", reason="One matter")

    with served(plan) as base, Visitor(base) as visitor:
        page = visitor.opens(f"{mine[1]}/A2")

    assert "Use that one." in page.words
    act(plan, "reassign_action", "A1", owner=LEAD, reason="She leads")
    with served(plan) as base, Visitor(base) as visitor:
        page = visitor.opens(f"{mine[1]}/A2")
    assert "This action was joined with A1. Use that one. Go to A1" in page.words


def test_new_action_that_is_there_already_is_added_only_with_a_reason(plan, as_):
    coordinator = as_("coordinator")
    typed = {"text": "Health visitors share their records with schools within ten days"}

    page = coordinator.sends("/actions/new", **typed)
    added = coordinator.sends("/actions/new", **typed, another="It is about academies")

    assert (page.status, "This looks the same as A1. Open it, or add anyway and say why" in page.words) == (422, True)
    assert (added.status, added.address) == (200, "/actions/A3")
    assert shown(plan, "A3", kind="action", by=COORDINATOR)["looks_like"] == []


def test_whole_plan_is_compared_from_its_page(plan, as_):
    coordinator = as_("coordinator")

    page = coordinator.sends("/actions/pairs")

    assert (page.status, "The whole plan was compared. What looks alike stands below" in page.words) == (200, True)


@pytest.mark.parametrize("pair", ["A1", "A1-A1", "A1-A99", "A1-A2-A3", "-", "A1-%00"])
def test_pair_that_there_is_not_is_not_found(plan, as_, pair):
    assert as_("coordinator").opens(f"/actions/pairs/{pair}").status == 404
