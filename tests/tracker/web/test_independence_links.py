"""The page on which a lead says whether she is independent, behind a signed link."""

import pytest
from sqlmodel import select

from notifications.links import Purpose, token_of
from tests.tracker.stages import REPORT, decided
from tests.tracker.web.visitor import SECRET, Visitor, served
from tracker.clock import moment_from
from tracker.database import reading, unit_of_work
from tracker.people.links import LinkMaker
from tracker.people.queries import person_by_email
from tracker.people.sign_in_models import LinkVisit
from tracker.reviews.models import Lead

LEADER = "reviewer@thscp.example"
NOW = moment_from("2021-06-15T18:00")
QUESTION = "Say whether you are independent"


@pytest.fixture
def story(sqlite_engine):
    """Give a case whose lead was asked whether she is independent."""
    story = decided(sqlite_engine)
    story.does("appoint-lead", by="exec", method=REPORT, person=LEADER, level="senior")
    return story


@pytest.fixture
def path(story):
    with unit_of_work(story.engine) as session:
        lead = session.exec(select(Lead)).one()
        person = person_by_email(session, LEADER)
        about = f"{story.reference}/{lead.id}"
        return LinkMaker("", SECRET).address(session, person.id, LEADER, days=14, now=NOW, about=about)


@pytest.fixture
def lead(story):
    with served(story.engine, NOW) as base, Visitor(base) as visitor:
        yield visitor


def methods(story):
    return [(one["involvement"], one["name"]) for one in story.case()["methods"][0]["leads"]]


def test_lead_is_asked_and_no_answer_is_chosen_beforehand(lead, story, path):
    page = lead.opens(path)

    assert (page.status, page.heading) == (200, QUESTION)
    assert (
        f"You were named to lead a part of the review of case {story.reference}: Partner Authored Report." in page.words
    )
    assert "involvement" not in page.forms[0]["fields"]
    assert story.case()["pseudonym"] not in page.text
    assert methods(story) == [("not_known", "Rene Viner")]


def test_page_of_a_new_link_leads_to_the_question_while_the_link_works(lead, path):
    page = lead.opens(f"{path}/new-link")

    assert (page.status, page.heading) == (200, "Your link works")
    assert "Go to your question" in page.words
    assert path in page.links


def test_lead_who_is_independent_is_confirmed_and_thanked(lead, story, path):
    page = lead.sends(path, involvement="none")
    again = lead.opens(path)

    assert (page.status, page.address, page.heading) == (200, path, "Thank you")
    assert "You told us that you are independent of case" in page.words
    assert (again.words, again.forms) == (page.words, [])
    assert methods(story) == [("none", "Rene Viner")]
    assert [line["deed"] for line in story.case()["history"]][-1] == "declare_independence"
    with reading(story.engine) as session:
        assert [visit.what for visit in session.exec(select(LinkVisit))] == ["fetched", "answered"]


def test_lead_who_was_involved_leads_no_longer_and_is_told_so(lead, story, path):
    page = lead.sends(path, involvement="direct")

    assert (page.status, page.heading) == (200, "Thank you")
    assert "were involved in case" in page.words
    assert methods(story) == []


def test_answer_that_is_sent_twice_is_recorded_once(lead, story, path):
    page = lead.opens(path)
    answers = [lead.sends_form(page, page.forms[0], involvement="none") for _ in range(2)]

    assert {(answer.status, answer.words) for answer in answers} == {(200, answers[0].words)}
    assert [line["deed"] for line in story.case()["history"]].count("declare_independence") == 1


def test_lead_who_answers_otherwise_than_was_recorded_meanwhile_is_not_told_that_she_said_so(lead, story, path):
    page = lead.opens(path)
    story.does("declare-independence", method=REPORT, involvement="none", person="Rene Viner")

    answer = lead.sends_form(page, page.forms[0], involvement="direct")

    assert (answer.status, answer.heading) == (409, "This was recorded already")
    assert "Your answer says otherwise, and was not recorded." in answer.words
    assert methods(story) == [("none", "Rene Viner")]


def test_lead_who_chooses_nothing_is_asked_again(lead, story, path):
    page = lead.sends(path)

    assert (page.status, page.title[:6]) == (422, "Error:")
    assert "There is a problem Say whether you are independent of this case" in page.words
    assert methods(story) == [("not_known", "Rene Viner")]


def test_link_of_whoever_leads_no_longer_does_not_work(lead, story, path):
    story.does("withdraw-declaration", method=REPORT, reason="Somebody else does it")

    assert (lead.opens(path).status, lead.opens(path).heading) == (404, "This link does not work")


def test_link_of_whoever_declared_a_conflict_does_not_work(lead, story, path):
    story.does("declare-conflict", person=LEADER, reason="Kin")

    assert lead.opens(path).status == 404


def test_link_to_actions_does_not_open_the_declaration(lead, story, path):
    public_id = path.removeprefix("/i/").partition(".")[0]

    assert lead.opens(f"/i/{token_of(SECRET, Purpose.ACTIONS, public_id)}").status == 404


def test_link_that_has_run_out_is_renewed_by_the_same_email_again(story, path):
    with served(story.engine, moment_from("2021-07-15T10:00")) as base, Visitor(base) as visitor:
        expired = visitor.opens(path)
        asked = visitor.sends(path)

    assert (expired.status, expired.heading) == (410, "This link has expired")
    assert (asked.status, asked.heading) == (200, "Look in your email")
