"""The pages beside the plan: themes, owners, what falls due, and the business plan."""

import pytest

from tests import make
from tests.make import act, make_case, make_world
from tracker.database import unit_of_work

CARE = "Children's Social Care"


@pytest.fixture
def world(engine):
    make_world(engine)
    make_case(engine, themes=["neglect"])
    for due in ("2021-07-01", "2021-07-20"):
        act(engine, "add_action", "TH-2021-001", text="Do it", agency=CARE, due_on=due, themes=["neglect"])
    with unit_of_work(engine) as session:
        here = session.exec(make.select(make.Partnership)).one()
        make.make_person(session, here, None, name="Head of school", kind="post", agency=CARE)
    for reference in ("A1", "A2"):
        act(engine, "reassign_action", reference, owner="Head of school", reason="It is theirs")
    return engine


def test_a_coordinator_merges_a_theme_and_brings_it_back(world, as_):
    coordinator = as_("coordinator")

    missing = coordinator.sends("/admin/themes/neglect/merge", reason="The same")
    done = coordinator.sends("/admin/themes/neglect/merge", into="early_help", reason="The same")
    theme = coordinator.opens("/actions/themes/neglect")
    back = coordinator.sends("/admin/themes/neglect/restore", reason="They differ")

    assert (missing.status, done.address, back.address) == (422, "/admin/themes", "/admin/themes")
    assert "Merged into Early help and consent" in done.text
    assert "Stands in 1 review, 2021" in theme.text
    assert "/actions?theme=early_help" in theme.links
    assert "/actions?theme=neglect" in back.links


def test_all_actions_of_an_owner_whom_nobody_reaches_pass_on_from_the_list_of_owners(world, as_):
    coordinator = as_("coordinator")
    path = next(
        link
        for link in coordinator.opens("/actions/owners").links
        if link.startswith("/actions/owners/") and "agency" not in link
    )

    empty = coordinator.sends(path, reason="Left")
    done = coordinator.sends(path, owner="owner@thscp.example", reason="Left")

    assert empty.status == 422
    assert done.address == "/actions/owners"
    assert "Every open action has an owner who can be reminded" in done.text


def test_what_falls_due_is_shown_before_a_date_is_set_and_leads_to_its_actions(world, as_):
    coordinator = as_("coordinator")

    load = coordinator.opens("/actions/load")
    month = next(link for link in load.links if "due=2021-07" in link and "agency" in link)
    form = coordinator.opens("/actions/A1/move-due-date")
    added = coordinator.sends(
        "/actions/new", text="Another thing altogether", agency=CARE, **{"due_on-month": "7", "due_on-year": "2021"}
    )

    assert "Most falls due in July 2021: 2 open actions" in load.text
    assert "Showing 1 to 3 of 3 open actions" in coordinator.opens(month).text
    assert "What falls due already" in form.text
    assert "3 open actions due in July 2021 now" in added.text


def test_the_business_plan_is_read_and_taken_away(world, as_):
    page = as_("scrutineer").opens("/actions/business-plan")

    assert "Neglect" in page.text
    for ending in ("csv", "xlsx"):
        answer = as_("scrutineer").http.get(f"/actions/business-plan.{ending}")
        assert (answer.status_code, f".{ending}" in answer.headers["content-disposition"]) == (200, True)
