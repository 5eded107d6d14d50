"""The decision in three steps: drafted by the coordinator, read and recorded by the body that decides."""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tests.make import NOON, act, make_case, make_person, make_world, shown
from tests.tracker.everything import counts
from tests.tracker.web.visitor import Page, Visitor, served, signed_in
from tracker.cases.drafts import DecisionDraft
from tracker.database import reading, unit_of_work
from tracker.groups.queries import partnership_by_code

CASE = "TH-2021-001"
STEP_1, STEP_2, STEP_3 = (f"/cases/{CASE}/decision{tail}" for tail in ("", "/authors", "/check"))
METHODS = ["multi_agency_audit", "partner_authored_report"]
ON = {"on-day": "1", "on-month": "6", "on-year": "2021"}
DECIDED: dict[str, Any] = {**ON, "outcome": "review", "methods": METHODS, "reason": "It is so"}
REPORT = "lead-partner_authored_report"
AUDIT = "lead-multi_agency_audit"


def make_recommended(engine: Engine, reference: str = CASE) -> None:
    """Make a case that waits for its decision."""
    make_case(engine, reference, known_on="2021-05-03", notified_on="2021-05-04")
    act(engine, "convene_panel", reference, on="2021-05-10")
    said = {"outcome": "review", "reason": "Much to learn", "immediate_learning": "none"}
    act(engine, "record_recommendation", reference, by="rrp@thscp.example", on="2021-05-11", **said)


@pytest.fixture
def case(world: Engine) -> Engine:
    """Give the database with a case that waits for its decision."""
    make_recommended(world)
    with unit_of_work(world) as session:
        thscp = partnership_by_code(session, "thscp")
        make_person(session, thscp, "jo@thscp.example", "reviewer", name="Jo Author")
    return world


def lead(prefix: str, **said: str) -> dict[str, str]:
    return {f"{prefix}-{name}": value for name, value in said.items()}


def drafts(engine: Engine) -> list[tuple[int, bool]]:
    """Give each draft: its version, and whether it stands."""
    with reading(engine) as session:
        return [(row.version, row.ended_at is None) for row in session.exec(select(DecisionDraft))]


def sent(visitor: Visitor, page: Page, **fields: Any) -> Page:
    return visitor.sends_form(page, page.forms[-1], **fields)


def test_coordinator_drafts_and_the_executive_records(case, as_):
    coordinator, executive = as_("coordinator"), as_("exec")

    authors = coordinator.sends(STEP_1, **DECIDED, go="continue")
    jo = lead(REPORT, name="Jo", email="jo@thscp.example", level="senior", involvement="none")
    check = sent(coordinator, authors, **jo, **lead(AUDIT, name="Al Dit", level="senior", involvement="not_known",
                 email="scrutineer@thscp.example"), go="continue")  # fmt: skip
    read = executive.opens(STEP_3)
    done = [sent(executive, read) for _ in range(2)]

    assert (authors.address, check.address) == (STEP_2, STEP_3)
    assert "A member of the Executive Group reads it here and records it." in check.words
    assert len(check.forms) == 1
    words = read.words.replace("\u00a0", " ")
    assert "Decided on 1 June 2021 Change Decided on" in words
    assert "Jo Author. Independent: yes" in words
    assert "Sam Scully. Independent: not known yet" in words
    assert [f"You recorded the decision on {CASE}. 2 leads are appointed." in one.words for one in done] == [True] * 2
    shown_now = shown(case, CASE)
    assert [line["deed"] for line in shown_now["history"][-5:]] == [
        "draft_decision",
        "draft_decision",
        "record_decision",
        "appoint_lead",
        "appoint_lead",
    ]
    assert (shown_now["decision"]["methods"], shown_now["decision"]["reason"]) == (METHODS, "It is so")
    assert drafts(case) == [(2, False)]


def test_executive_does_all_three_on_both_databases(engine, closing):
    make_world(engine)
    make_recommended(engine)
    executive = closing.enter_context(signed_in(engine, closing.enter_context(served(engine)), "exec"))

    page = executive.sends(STEP_1, **DECIDED, go="continue")
    page = sent(executive, page, go="continue")
    done = sent(executive, page)

    assert "Nobody named yet" in page.words
    assert f"You recorded the decision on {CASE}." in done.words
    assert shown(engine, CASE)["status"] == "review_in_progress"


def test_who_sees_which_page(case, as_, stranger):
    as_("coordinator").sends(STEP_1, **DECIDED, go="later")
    paths = [STEP_1, f"{STEP_1}/disagreement", STEP_2, STEP_3]

    seen = {
        who: [as_(who).opens(path).status for path in paths]
        for who in ("coordinator", "exec", "scrutineer", "rrp", "owner", "admin")
    }

    assert seen == {
        "coordinator": [200, 200, 200, 200],
        "exec": [200, 200, 200, 200],
        "scrutineer": [403, 403, 403, 200],
        "rrp": [403, 403, 403, 403],
        "owner": [404, 404, 404, 404],
        "admin": [404, 404, 404, 404],
    }
    assert {stranger.opens(path).address.partition("?")[0] for path in paths} == {"/sign-in"}
    assert len(as_("scrutineer").opens(STEP_3).forms) == 1


def test_first_step_shows_what_the_panel_advised_and_ticks_every_partner(case, as_):
    page = as_("coordinator").opens(STEP_1)

    assert (page.status, page.heading) == (200, "Record the decision: Executive Group")
    assert "The panel advised A local child safeguarding practice review , on 11 May 2021" in page.words.replace(
        "\u00a0", " "
    )
    assert len(page.forms[-1]["fields"]["agreed_by"]) == 3


@pytest.mark.parametrize(
    ("changed", "sentences"),
    [
        ({"methods": METHODS[:1]}, ["Choose 2 or more methods."]),
        ({"outcome": None}, ["Choose what was decided"]),
        ({"on-day": "32"}, ["Enter a real date, like 29 1 2027"]),
        ({"on-month": "5"}, ["The date of the decision must be on or after the recommendation, 11 May 2021."]),
        ({"on-year": "2023"}, ["that lies more than a year ahead"]),
        (
            {"agreed_by": ["North East London NHS", "Metropolitan Police Service"]},
            ["Tick every partner who agreed, or record the disagreement: London Borough of Tower Hamlets said neither"],
        ),
        ({"agreed_by": None}, ["Tick every partner who agreed, or record the disagreement"]),
        ({"outcome": "no_review", "reason": ""}, ["Give the reason"]),
        ({"reason": "y" * 1501}, ["Your answer must be 1,500 characters or fewer (you have 1,501)"]),
        ({"reason": "y" * 100_000}, ["Your answer must be 1,500 characters or fewer (you have 100,000)"]),
        ({"reason": "a\x00b"}, ["The text holds a character that cannot be kept"]),
    ],
)
def test_first_step_comes_back_with_what_is_missing(case, as_, changed, sentences):
    page = as_("exec").sends(STEP_1, **DECIDED | changed, go="continue")

    assert page.status == 422
    assert [sentence for sentence in sentences if sentence not in page.words.replace("\u00a0", " ")] == []
    assert page.forms[-1]["fields"]["on-year"] == (DECIDED | changed)["on-year"]
    assert drafts(case) == []


def test_markup_and_marks_of_templates_are_shown_as_typed(case, as_):
    typed = "<script>alert(1)</script> {{ 7 * 7 }} {% raw %}"

    page = as_("exec").sends(STEP_1, **DECIDED | {"reason": typed, "methods": []}, go="continue")

    assert (page.status, page.forms[-1]["fields"]["reason"]) == (422, typed)
    assert "<script>alert" not in page.text


def test_draft_keeps_what_is_missing_and_comes_back_as_it_was_typed(case, as_):
    coordinator = as_("coordinator")

    saved = coordinator.sends(STEP_1, **{"on-day": "31", "on-month": "2"}, reason="Half", go="later")
    again = as_("exec").opens(STEP_1)
    check = as_("exec").opens(STEP_3)

    assert saved.address == f"/cases/{CASE}"
    assert f"Your draft of the decision on {CASE} is saved. Nothing is recorded yet." in saved.words
    fields = again.forms[-1]["fields"]
    assert [fields[name] for name in ("on-day", "on-month", "on-year", "reason")] == ["31", "2", "", "Half"]
    assert "This is a draft with missing answers. It cannot be recorded like this." in check.words
    assert len(check.forms) == 1
    assert shown(case, CASE)["decision"] is None


def test_draft_is_a_job_until_the_decision_is_recorded(case, as_):
    coordinator, executive = as_("coordinator"), as_("exec")
    coordinator.sends(STEP_1, **DECIDED, go="later")

    before = coordinator.opens("/today")
    sent(executive, executive.opens(STEP_3))
    after = coordinator.opens("/today")

    assert ["Go on with the draft of the decision" in page.words for page in (before, after)] == [True, False]
    assert STEP_1 in before.links


def test_disagreement_has_a_page_of_its_own_and_is_recorded(case, as_):
    executive = as_("exec")

    page = executive.sends(STEP_1, **DECIDED, go="disagree")
    back = sent(executive, page, **{"dissent-2": "Too soon"})
    authors = sent(executive, back, go="continue")
    check = sent(executive, authors, go="continue")
    sent(executive, check)

    assert page.heading == "Record the disagreement"
    assert "North East London NHS does not agree: Too soon" in back.words
    assert back.forms[-1]["fields"]["reason"] == "It is so"
    decision = shown(case, CASE)["decision"]
    assert decision["agreed_by"] == ["London Borough of Tower Hamlets", "Metropolitan Police Service"]
    assert decision["dissent"] == [{"partner": "North East London NHS", "reason": "Too soon"}]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"name": "Dan Marsh", "level": "senior", "involvement": "direct"},
         "Choose someone else. Dan Marsh was directly involved in this case"),
        ({"name": "Dan Marsh", "level": "operational", "involvement": "none"},
         "Choose someone else. Dan Marsh works at operational level"),
        ({"name": "Dan Marsh", "involvement": "none"}, "Say at which level Dan Marsh works: senior or operational."),
        ({"name": "Dan Marsh", "level": "senior"}, "Say whether they are independent of the case"),
        ({"name": "Dan Marsh", "level": "senior", "involvement": "not_known"},
         "Enter the work email address at which we can ask them"),
        ({"name": "Dan", "email": "dan", "level": "senior", "involvement": "none"},
         "Enter a work email address, like name@agency.example"),
        ({"name": "Dan", "email": "dan@nowhere.example", "level": "senior", "involvement": "none"},
         "Nobody with this address is known here."),
        ({"level": "senior", "involvement": "none"}, "Enter the name"),
        ({"name": "", "email": "exec@thscp.example", "level": "senior", "involvement": "none"},
         "Evan Reed took part in the decision: record the declaration of this interest."),
    ],
)  # fmt: skip
def test_lead_against_whom_something_speaks_stops_the_form(case, as_, said, sentence):
    executive = as_("exec")
    page = executive.sends(STEP_1, **DECIDED, go="continue")

    page = sent(executive, page, **lead(REPORT, **said), go="continue")

    assert (page.status, page.heading) == (422, "Who will lead each method?")
    assert sentence in page.words
    assert {name: page.forms[-1]["fields"].get(name) for name in lead(REPORT, **said)} == lead(REPORT, **said)


def test_draft_that_somebody_else_saved_comes_back_with_the_text(case, as_):
    coordinator, executive = as_("coordinator"), as_("exec")
    page = executive.opens(STEP_1)
    coordinator.sends(STEP_1, **DECIDED, go="later")

    stale = sent(executive, page, **DECIDED | {"reason": "As typed"}, go="continue")
    done = sent(executive, stale, go="continue")

    assert (stale.status, stale.forms[-1]["fields"]["reason"]) == (409, "As typed")
    assert "This case has moved on. Casey Morgan saved a draft of the decision at midday." in stale.words
    assert done.address == STEP_2


def test_check_of_a_draft_that_was_changed_records_nothing(case, as_):
    coordinator, executive = as_("coordinator"), as_("exec")
    executive.sends(STEP_1, **DECIDED, go="later")
    read = executive.opens(STEP_3)
    coordinator.sends(STEP_1, reason="Other reasons", go="later")

    stale = sent(executive, read)

    assert (stale.status, "Other reasons" in stale.words) == (409, True)
    assert "This case has moved on. Casey Morgan saved a draft of the decision at midday." in stale.words
    assert shown(case, CASE)["decision"] is None


def test_who_decides_second_is_told_who_was_first_and_led_back_to_the_case(case, as_):
    executive = as_("exec")
    executive.sends(STEP_1, **DECIDED, go="later")
    read = executive.opens(STEP_3)
    sent(executive, read)
    again = executive.sends_form(read, read.forms[-1] | {"fields": read.forms[-1]["fields"] | {"intent": "another"}})

    assert (again.status, again.heading) == (409, "This could not be recorded")
    assert f"/cases/{CASE}" in again.links
    assert "Back to" in again.words


def test_coordinator_cannot_record_what_she_drafted(case, as_):
    coordinator = as_("coordinator")
    coordinator.sends(STEP_1, **DECIDED, go="later")
    token = coordinator.opens(STEP_1).forms[-1]["fields"]["form_token"]
    before = counts(case)

    answer = coordinator.http.post(STEP_3, data={"form_token": token, "draft": "1.1"})

    assert (answer.status_code, counts(case)) == (403, before)


def test_what_looks_personal_is_kept_out_of_a_draft_until_it_is_confirmed(case, as_):
    executive = as_("exec")

    warned = executive.sends(STEP_1, **DECIDED | {"reason": "Born 3/4/2015"}, go="later")
    authors = sent(executive, warned, confirmed="looks_personal", go="continue")
    check = sent(executive, authors, go="continue")
    done = sent(executive, check)

    assert warned.status == 422
    assert '<a href="#reason">This looks like a date of birth. Take it out, or confirm that it is not.' in warned.text
    assert "You recorded the decision" in done.words
    line = next(line for line in shown(case, CASE)["history"] if line["deed"] == "record_decision")
    assert line["confirmed"] == ["looks_personal"]


def test_what_the_scrutineer_said_is_checked_recorded_and_shown(case, as_):
    executive = as_("exec")
    heard = "Agrees. Asks that young people’s views are sought first"

    warned = executive.sends(STEP_1, **DECIDED | {"scrutineer_said": "Ring 07700 900123"}, go="continue")
    authors = sent(executive, warned, scrutineer_said=heard, go="continue")
    check = sent(executive, authors, go="continue")
    sent(executive, check)

    assert (warned.status, '<a href="#scrutineer_said">' in warned.text) == (422, True)
    assert f"The Independent Scrutineer said {heard} Change" in check.words
    assert shown(case, CASE)["decision"]["scrutineer_said"] == heard
    assert f"The Independent Scrutineer said: {heard}" in executive.opens(f"/cases/{CASE}").words
    assert f"The Independent Scrutineer: {heard}" in executive.opens(f"/cases/{CASE}/documents").words


def test_decision_that_is_not_to_be_taken_says_what_is(world, as_):
    make_case(world, notified_on="2021-06-01")

    pages = [as_("exec").opens(path) for path in (STEP_1, STEP_3)]

    assert {(page.status, page.heading) for page in pages} == {(200, "Record the decision")}
    assert "This cannot be done now. The case stands at “notified”." in pages[0].words


def test_step_of_the_decision_leads_to_its_own_pages(case, as_):
    assert as_("exec").opens(f"/cases/{CASE}/steps/record-decision").address == STEP_1


def test_commissioner_decides_alone_and_leads_follow_later(sqlite_engine, closing):
    make_world(sqlite_engine, "chscp")
    by = "coordinator@chscp.example"
    known = {"partnership": "chscp", "known_on": "2021-07-01", "notified_on": "2021-07-02"}
    make_case(sqlite_engine, "CH-1", by=by, now="2021-07-05T12:00", **known)
    act(sqlite_engine, "convene_panel", "CH-1", by=by, now="2021-07-05T12:00", on="2021-07-05")
    said = {"outcome": "review", "immediate_learning": "none"}
    act(sqlite_engine, "record_recommendation", "CH-1", by=by, now="2021-07-05T12:00", on="2021-07-05", **said)
    act(sqlite_engine, "send_to_national_panel", "CH-1", by=by, now="2021-07-05T12:00", on="2021-07-05")
    base = closing.enter_context(served(sqlite_engine, NOON.replace(month=7, day=5)))
    iscc = closing.enter_context(signed_in(sqlite_engine, base, "iscc", "chscp", NOON.replace(month=7, day=5)))

    page = iscc.opens("/cases/CH-1/decision")
    chosen = {"on-day": "5", "on-month": "7", "on-year": "2021", "outcome": "review", "methods": METHODS[:1]}
    check = sent(iscc, page, **chosen, reason="It is so", go="continue")
    done = sent(iscc, check)

    assert "Who agreed it?" not in page.words
    assert check.address == "/cases/CH-1/decision/check"
    assert "You recorded the decision on CH-1." in done.words
    assert shown(sqlite_engine, "CH-1", now="2021-07-05T12:00")["status"] == "decision_made"


def test_draft_saved_by_a_double_click_is_saved_once_and_goes_on(case, as_):
    coordinator = as_("coordinator")
    page = coordinator.opens(STEP_1)
    answers = [sent(coordinator, page, **DECIDED, go="continue") for _ in range(2)]
    other = sent(coordinator, page, **DECIDED | {"reason": "It is otherwise"}, go="continue")

    assert [(answer.status, answer.address) for answer in answers] == [(200, STEP_2)] * 2
    assert (other.status, "It is otherwise" in other.text, drafts(case)) == (409, True, [(1, True)])
