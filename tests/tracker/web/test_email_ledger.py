"""The newest emails on the page of a case, an action and a person: for whoever looks after the partnership alone."""

import pytest

from tests import make
from tests.tracker.web.test_admin import give_action, link_named, page_of, put_email

OWNER, COORDINATOR = "owner@thscp.example", "coordinator@thscp.example"
CASE = "TH-2021-001"


def ledger(page):
    """Give the words of the section about emails."""
    return page.words.partition(" The newest ")[2].partition(" History ")[0].replace("\u00a0", " ")


def test_action_shows_its_newest_five_emails_and_the_way_to_all(world, as_):
    action = give_action(world, OWNER)
    for number in range(6):
        put_email(world, OWNER, about=f"X{number}, {action}", number=number)
    put_email(world, OWNER, about="X7")
    coordinator = as_("coordinator")

    page = coordinator.opens(f"/actions/{action}")
    every = coordinator.opens(link_named(page, "/admin/emails?about="))

    line = "Action reminder Owen Field Waiting, due 1 June 2021 "
    assert ledger(page) == f"emails about {action} Email To State {line * 5}All emails about {action}"
    assert "Showing 6 emails" in every.words


def test_case_shows_its_emails_below_who_can_see_it(world, as_):
    make.make_case(world)
    put_email(world, OWNER, about=CASE, kind="return_due")

    page = as_("coordinator").opens(f"/cases/{CASE}/access")

    assert "Return due Owen Field Waiting, due 1 June 2021 All emails about TH-2021-001" in ledger(page)


def test_person_shows_the_emails_to_her(world, as_):
    put_email(world, OWNER, about="X1")
    put_email(world, COORDINATOR, about="X2", kind="look_again")
    admin = as_("admin")

    page = admin.opens(page_of(admin, "Owen"))
    one = admin.opens(link_named(page, "/admin/emails/"))
    all_of_hers = admin.opens(link_named(page, "/admin/emails?owner="))

    assert "emails to Owen Field Email To State Action reminder Owen Field Waiting" in ledger(page)
    assert "Showing 1 email," in all_of_hers.words
    assert (one.status, one.heading) == (200, "Email to Owen Field Action reminder")


def test_nothing_is_told_in_one_sentence(world, as_):
    action = give_action(world, OWNER)
    make.make_case(world)
    coordinator = as_("coordinator")

    pages = [coordinator.opens(path) for path in (f"/actions/{action}", f"/cases/{CASE}/access")]
    person = coordinator.opens(page_of(coordinator, "Owen"))

    assert f"Emails There are no emails about {action} to show." in pages[0].words
    assert f"Emails There are no emails about {CASE} to show." in pages[1].words
    assert "Emails There are no emails to Owen Field to show." in person.words


@pytest.mark.parametrize("who", ["owner", "exec", "scrutineer"])
def test_whoever_does_not_look_after_the_partnership_sees_no_emails(world, as_, who):
    make.make_case(world)
    action = give_action(world, OWNER, cases=[CASE])
    put_email(world, OWNER, about=f"{CASE}, {action}")
    visitor = as_(who)

    pages = [visitor.opens(path) for path in (f"/actions/{action}", f"/cases/{CASE}/access")]

    assert any(page.status == 200 for page in pages)
    assert ["/admin/emails" in page.text or "Action reminder" in page.words for page in pages] == [False, False]


def test_email_that_names_a_barred_case_too_is_not_in_the_ledger(world, as_):
    make.make_case(world)
    action = give_action(world, OWNER)
    put_email(world, OWNER, about=f"{action}, {CASE}")
    put_email(world, OWNER, about=action)
    make.act(world, "declare_conflict", CASE, person=COORDINATOR, reason="I know the family.")
    coordinator = as_("coordinator")

    pages = [coordinator.opens(path) for path in (f"/actions/{action}", page_of(coordinator, "Owen"))]

    assert [page.words.count("Waiting, due") for page in pages] == [1, 1]
    assert CASE not in "".join(page.text for page in pages)


def test_administrator_reads_that_emails_about_cases_and_actions_are_not_listed(world, as_):
    action = give_action(world, OWNER)
    put_email(world, OWNER, about=action)
    admin = as_("admin")

    page = admin.opens(page_of(admin, "Owen"))

    assert (
        "Emails Your role sees no case, so emails about cases and actions are not listed for you. "
        "There are no emails to Owen Field to show." in page.words
    )
