"""The groups of a partnership in the browser: added, changed, given members and chairs, ended."""

from tests.make import act


def _row(page, name):
    """Give the words of a group's line, up to what can be done to it."""
    return page.words.replace("\u00a0", " ").rsplit(f" {name} forum", 1)[1].split("Change this group")[0].strip(" ,")


def test_coordinator_adds_a_group_with_a_chair_below_another(as_):
    coordinator = as_("coordinator")

    added = coordinator.sends("/admin/groups/new", name="The Forum", code="forum", escalates_to="qap")
    chaired = coordinator.sends("/admin/groups/forum/add-member", person="owner@thscp.example", chair="yes")
    changed = coordinator.sends("/admin/groups/forum/edit-group", sponsor="exec@thscp.example", shown="plan")

    assert ("The Forum is added." in added.words, "The Forum has its member." in chaired.words) == (True, True)
    assert _row(changed, "The Forum") == (
        "sponsored by Evan Reed Quality Assurance and Performance Group Owen Field (chair) – Agendas show the plan"
    )


def test_coordinator_ends_a_group(as_):
    coordinator = as_("coordinator")
    coordinator.sends("/admin/groups/new", name="The Forum", code="forum")

    page = coordinator.sends("/admin/groups/forum/end-group", reason="Its work is done")

    assert "The Forum has ended." in page.words
    assert "Ended on 1 June 2021" in _row(page, "The Forum")


def test_circle_of_groups_is_said_beside_the_form(as_):
    coordinator = as_("coordinator")
    coordinator.sends("/admin/groups/new", name="The Forum", code="forum", escalates_to="qap")

    page = coordinator.sends("/admin/groups/qap/edit-group", escalates_to="forum")

    assert (page.status, "groups do not escalate in a circle." in page.words) == (422, True)


def test_administrator_ends_no_group(as_):
    admin = as_("admin")

    assert [admin.opens(f"/admin/groups/qap/{deed}").status for deed in ("edit-group", "end-group")] == [200, 403]


def test_coordinator_passes_on_what_a_group_leaves_whose_day_has_come(world, as_):
    act(world, "add_group", "thscp", code="brief", name="The brief", ends_on="2021-05-01", now="2021-04-01T09:00")
    act(world, "raise_escalation", group="brief", title="Room", ask="May we?", now="2021-04-02T09:00")
    coordinator = as_("coordinator")

    asked = coordinator.opens("/today")
    listed = coordinator.opens("/admin/groups")
    coordinator.sends("/admin/groups/brief/end-group?partnership=thscp", reason="Its day came", passes_to="qap")

    assert "Say which group goes on with what The brief leaves: 1 open escalation" in asked.words
    assert "/admin/groups/brief/end-group?partnership=thscp" in str(asked.links)
    assert "Pass on 1 open escalation of The brief" in listed.words
    assert "The brief leaves" not in coordinator.opens("/today").words
