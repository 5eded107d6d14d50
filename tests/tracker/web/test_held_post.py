"""The page on which the post that is held since a restore is released, and where people are told of it."""

import pytest
from sqlmodel import select

from tests.make import NOON
from tracker.database import reading, unit_of_work
from tracker.history import HistoryLine
from tracker.reminders.models import PostHold
from tracker.rows import write

PAGE = "/admin/emails/release"
SAID = "No email goes. A backup was restored. 0 emails wait until somebody releases the post. Release the post"


@pytest.fixture
def held(world):
    with unit_of_work(world) as session:
        write(session, PostHold(since=NOON, reason="A backup was restored."))
    return world


def test_coordinator_and_administrator_are_told_and_led_to_the_release(held, as_):
    pages = [as_("coordinator").opens("/today"), as_("coordinator").opens("/admin/emails"), as_("admin").opens(PAGE)]

    assert [SAID in page.words for page in pages] == [True, True, False]
    assert [PAGE in page.links for page in pages[:2]] == [True, True]
    assert (pages[2].status, pages[2].heading) == (200, "Release the post")


def test_post_is_released_once_by_whoever_chooses_what_may_have_gone_already(held, as_):
    admin = as_("admin")

    unchosen = admin.sends(PAGE)
    released = admin.sends(PAGE, doubtful="drop")

    with reading(held) as session:
        lines = session.exec(select(HistoryLine).where(HistoryLine.deed == "release_post")).all()
    assert (unchosen.status, "Choose what shall happen" in unchosen.words) == (422, True)
    assert (released.status, released.heading) == (200, "Administration Emails")
    assert "The post goes again." in released.words
    assert [(line.about, line.role) for line in lines] == [("thscp", "admin")]
    assert "The post is not held" in admin.opens(PAGE).words


def test_owner_may_not_open_the_page(held, as_):
    assert as_("owner").opens(PAGE).status == 403
