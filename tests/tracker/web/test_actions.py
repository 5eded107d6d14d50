"""The action plan, one action and what is done to it, the updates to check, a new action, and the file."""

import csv
import io
import re

import pytest
from sqlmodel import select

from tests import make
from tests.statements import each_statement
from tracker.actions.wanted import Wanted
from tracker.database import reading, unit_of_work
from tracker.groups.models import Partnership
from tracker.people.doer import doer_by_email
from tracker.people.models import Agency
from tracker.web.actions_csv import lines_of
from tracker.web.plan_filters import Asked
from workflows.dates import PartialDate

OWNER = "owner@thscp.example"
AGENCY = "Children's Social Care"
NASTY = [
    "' OR 1=1 --",
    '"; DROP TABLE action; --',
    "%",
    "_",
    "\\",
    "{{ 7*7 }}",
    "<script>alert(1)</script>",
    "a\x00b",
    "‮x",
]


def add(world, reference="thscp", **facts):
    return make.act(world, "add_action", reference, **{"text": "Share the records", **facts}).reference


def fill(world, count, **values):
    """Make many actions at once, and give their references."""
    with unit_of_work(world) as session:
        thscp = session.exec(select(Partnership).where(Partnership.code == "thscp")).one()
        agency = session.exec(select(Agency).where(Agency.name == AGENCY)).one()
        given = {"agency_id": agency.id, **values}
        return [make.make_action(session, thscp, **given).reference for _ in range(count)]


def listed(page):
    """Give the references of the rows of a list."""
    return re.findall(r'app-plan__title" href="/actions/(A\d+)"', page.text)


def said(world, reference, report="on_track", **facts):
    return make.act(world, "update_action", reference, by=OWNER, report=report, text="We met", **facts)


def shown(world, reference):
    return make.shown(world, reference, kind="action")


def test_plan_without_any_action_says_where_they_come_from(as_):
    page = as_("coordinator").opens("/actions")

    assert (page.status, page.heading) == (200, "Action plan")
    assert "No actions yet. They come from rapid reviews and learning reviews." in page.words


def test_headline_counts_and_every_count_is_a_link(world, as_):
    make.make_case(world)
    add(world, "TH-2021-001", due_on="2021-05-01")
    fill(world, 1, status="complete")
    fill(world, 2)

    page = as_("coordinator").opens("/actions")

    assert "3 open actions from 1 review, 1 complete" in page.words
    assert "1 Red" in page.words
    assert "2 Not started" in page.words
    assert {f"/actions?status={name}" for name in ("red", "amber", "green", "not_started")} <= set(page.links)


def test_red_actions_stand_first_then_by_due_date(world, as_):
    late, soon, later, stuck = (
        fill(world, 1, due=PartialDate.parse("2021-05-01"))[0],
        fill(world, 1, due=PartialDate.parse("2021-06-10"))[0],
        fill(world, 1, due=PartialDate.parse("2021-09-10"))[0],
        fill(world, 1, report="stuck", status="in_progress")[0],
    )

    page = as_("coordinator").opens("/actions")

    assert listed(page) == [late, stuck, soon, later]
    assert "Showing 1 to 4 of 4 open actions" in page.words


def test_fifty_a_page_and_no_action_twice(world, as_):
    made = fill(world, 120)
    coordinator = as_("coordinator")

    pages = [coordinator.opens(f"/actions?page={number}") for number in (1, 2, 3, 99, "x")]

    found = [listed(page) for page in pages]
    assert [len(rows) for rows in found] == [50, 50, 20, 20, 50]
    assert [*found[0], *found[1], *found[2]] == made
    assert "Showing 51 to 100 of 120 open actions" in pages[1].words


def test_filters_stand_in_the_address_and_above_the_list(world, as_):
    late = fill(world, 1, due=PartialDate.parse("2021-05-01"))
    fill(world, 1)

    page = as_("coordinator").sends("/actions", _form=1, agency=AGENCY, due="overdue")

    assert listed(page) == late
    assert page.address == (
        "/actions?words=&theme=&case=&level=&owner=&source=&agency=Children%27s+Social+Care&due=overdue"
    )
    assert "Remove the filter Due: Overdue" in page.words
    assert "/actions?agency=Children%27s+Social+Care" in page.links
    assert page.forms[1]["fields"]["agency"] == AGENCY


def test_filters_that_fit_nothing_are_named_to_be_removed(world, as_):
    fill(world, 1)

    page = as_("coordinator").opens("/actions?theme=neglect")

    assert "No actions match Remove a filter: Remove the filter Theme: Neglect" in page.words


def test_headers_sort_and_say_so(world, as_):
    first, second = fill(world, 1, due=PartialDate(2021, 7, 1))[0], fill(world, 1, due=PartialDate(2021, 6, 20))[0]
    coordinator = as_("coordinator")

    pages = [coordinator.opens(f"/actions?sort={sort}") for sort in ("due", "-due")]

    assert [listed(page) for page in pages] == [[second, first], [first, second]]
    assert [re.findall(r'aria-sort="(\w+)"', page.text) for page in pages] == [
        ["none", "ascending", "none"],
        ["none", "descending", "none"],
    ]


@pytest.mark.parametrize("name", ["words", "status", "agency", "theme", "case", "due", "sort", "page"])
def test_whatever_stands_in_a_filter_is_only_looked_for(world, as_, name):
    fill(world, 1)
    coordinator = as_("coordinator")

    asked = [
        coordinator.http.get(path, params={name: value}) for value in NASTY for path in ("/actions", "/actions.csv")
    ]

    assert [answer.status_code for answer in asked] == [200] * 2 * len(NASTY)
    assert [answer for answer in asked if "<script>alert" in answer.text] == []
    assert len(listed(coordinator.opens("/actions"))) == 1


def test_lead_sees_what_is_red_and_amber_of_her_agency_at_once(world, as_):
    hers = [
        *fill(world, 1, due=PartialDate.parse("2021-05-01")),
        *fill(world, 1, due=PartialDate.parse("2021-06-10")),
        *fill(world, 1, due=PartialDate.parse("2021-12-10")),
    ]
    fill(world, 1, agency_id=None)

    page = as_("agency_lead").opens("/actions?agency=mine")

    assert listed(page) == hers
    assert "3 open actions, 0 complete" in page.words
    assert "Red 31 days overdue" in page.words
    assert "Amber Due in 9 days" in page.words


def test_number_of_questions_is_the_same_for_every_page(world, as_):
    make.make_case(world)
    counted = []
    for _ in range(2):
        for _ in range(3):
            add(world, "TH-2021-001", owner=OWNER, due_on="2021-05-01", agency=AGENCY)
        coordinator = as_("coordinator")
        coordinator.opens("/actions")
        asked = []
        with each_statement(world, lambda sql, _, asked=asked: asked.append(str(sql))):
            coordinator.opens("/actions?due=overdue&sort=status")
        counted.append(len([sql for sql in asked if not sql.startswith("PRAGMA")]))
        fill(world, 60, due=PartialDate.parse("2021-05-01"))

    assert counted[0] == counted[1] <= 45


def test_declared_conflict_leaves_no_trace(world, as_):
    for case in ("TH-2021-001", "TH-2021-002"):
        make.make_case(world, case)
        add(world, case, text=f"Do the thing of {case[-1]}")
    pseudonym = make.shown(world, "TH-2021-001")["pseudonym"]
    coordinator = as_("coordinator")
    before = coordinator.opens("/actions")
    make.act(world, "declare_conflict", "TH-2021-001", person="coordinator@thscp.example", reason="Knows the family")

    pages = [coordinator.opens(path) for path in ("/actions?status=all", "/actions.csv?status=all", "/actions/A1")]

    assert "2 open actions from 2 reviews" in before.words
    assert "1 open action from 1 review, 0 complete" in pages[0].words
    assert [listed(pages[0]), pages[2].status] == [["A2"], 404]
    for trace in ("TH-2021-001", pseudonym, "the thing of 1", "A1<", "A1 "):
        assert [trace in page.text for page in pages[:2]] == [False, False]


def test_filters_are_counted_anew_after_a_deed_and_for_each_reader(world, as_):
    make.make_case(world, "TH-2021-001")
    make_red = {"count": 1, "due": PartialDate.parse("2021-05-01")}
    fill(world, **make_red)
    coordinator, other = as_("coordinator"), as_("scrutineer")
    before = [reader.opens("/actions").words for reader in (coordinator, coordinator, other)]

    add(world, "TH-2021-001", due_on="2021-05-01")
    counted = [reader.opens("/actions").words for reader in (coordinator, other)]
    make.act(world, "declare_conflict", "TH-2021-001", person="coordinator@thscp.example", reason="Knows the family")
    barred = [reader.opens("/actions").words for reader in (coordinator, other)]

    assert ["Red (1)" in words for words in before] == [True] * 3
    assert ["Red (2)" in words for words in counted] == [True] * 2
    assert ["Red (1)" in barred[0], "Red (2)" in barred[1]] == [True, True]
    assert ["TH-2021-001" in words for words in (*counted, *barred)] == [True, True, False, True]


def test_very_many_actions_are_counted_again_after_a_minute_only(world, as_, monkeypatch):
    monkeypatch.setattr("tracker.actions.headline.MOST_COUNTED_ANEW", 2)
    fill(world, 2, due=PartialDate.parse("2021-05-01"))
    coordinator = as_("coordinator")

    seen = [coordinator.opens("/actions").words]
    for _ in range(2):
        add(world, due_on="2021-05-01")
        seen.append(coordinator.opens("/actions").words)
    monkeypatch.setattr("tracker.actions.headline.LONGEST_SECONDS", 0)
    seen.append(coordinator.opens("/actions").words)

    assert [re.findall(r"Red \((\d)\)", words) for words in seen] == [["2"], ["2"], ["2"], ["4"]]


def test_file_that_is_fetched_slowly_keeps_no_connection_from_others(engine):
    make.make_world(engine)
    fill(engine, 2)
    with reading(engine) as session:
        reader = doer_by_email(session, "coordinator@thscp.example", make.NOON.date())

    parts = lines_of(engine, reader, make.NOON, Asked(Wanted()))
    begun = [next(parts), next(parts)]

    assert (len(begun), engine.pool.checkedout()) == (2, 0)


def test_file_holds_what_the_list_holds_and_no_formula(world, as_):
    add(world, text="=1+1", title="@SUM(A1)", owner=OWNER, agency=AGENCY, due_on="2021-05-01")
    add(world, text="+44 is a number", due_on="2021-12")

    answer = as_("coordinator").http.get("/actions.csv", params={"due": "overdue"})

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert answer.content[:3] == b"\xef\xbb\xbf"
    assert answer.headers["content-disposition"] == 'attachment; filename="actions-2021-06-01.csv"'
    [said] = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert {name: cell for name, cell in said.items() if cell} == {
        "Ref": "A1",
        "Action": "'=1+1",
        "Owner": "Owen Field",
        "Owner e-mail": OWNER,
        "Target date": "01/05/2021",
        "Status": "Not started",
        "Title": "'@SUM(A1)",
        "Agency": AGENCY,
        "Level": "single agency",
        "First date": "01/05/2021",
        "Partnership": "thscp",
        "Version": "1",
        "Why it stands so": "Red: 31 days overdue",
    }


def test_file_has_every_page(world, as_):
    made = fill(world, 1203)

    answer = as_("coordinator").http.get("/actions.csv")

    assert [row[0] for row in csv.reader(io.StringIO(answer.text))][1:] == made


def test_administrator_has_no_action_plan(world, as_):
    page = as_("admin").opens("/actions")

    assert (page.status, page.heading) == (403, "You cannot do this")


def test_action_shows_everything_recorded_about_it(world, as_):
    make.make_case(world)
    reference = add(
        world, "TH-2021-001", title="Share records", owner=OWNER, due_on="2021-06-10", success_measure="Nobody waits"
    )
    said(world, reference, "done", evidence="The audit of May")
    pseudonym = make.shown(world, "TH-2021-001")["pseudonym"]

    page = as_("coordinator").opens(f"/actions/{reference}")

    assert page.heading == f"Action {reference} Share records"
    for words in (f"{pseudonym} TH-2021-001", "Nobody waits", "The audit of May", "Sent, to be checked", "Update sent"):
        assert words in page.words
    assert {f"/actions/{reference}/{deed}" for deed in ("accept-update", "reassign-action", "end-action")} <= set(
        page.links
    )


def test_each_reader_is_offered_what_is_hers(world, as_):
    reference = add(world, agency=AGENCY, owner=OWNER)

    offered = {
        who: sorted(re.findall(rf'href="/actions/{reference}/([a-z-]+)"', as_(who).opens(f"/actions/{reference}").text))
        for who in ("scrutineer", "owner", "agency_lead")
    }

    assert offered == {
        "scrutineer": [],
        "owner": ["record-impact", "update-action"],
        "agency_lead": ["reassign-action", "record-impact", "update-action"],
    }


@pytest.mark.parametrize("path", ["/actions/A99", "/actions/A1/nothing", "/actions/A1/close-case", "/actions/%00"])
def test_what_is_not_there_is_not_found(world, as_, path):
    add(world)

    assert as_("coordinator").opens(path).status == 404


def test_deed_that_is_not_hers_is_refused(world, as_):
    reference = add(world, agency=AGENCY)

    page = as_("agency_lead").opens(f"/actions/{reference}/move-due-date")

    assert (page.status, page.heading) == (403, "You cannot do this")


def test_action_that_has_ended_takes_no_update(world, as_):
    reference = fill(world, 1, status="complete")[0]

    page = as_("coordinator").opens(f"/actions/{reference}/update-action")

    assert page.status == 409
    assert f"{reference} is complete. Thank you." in page.words


DATE = {"on-day": "1", "on-month": "6", "on-year": "2021"}
DEEDS = {
    "complete-action": ({**DATE, "evidence": "The audit"}, {"status": "complete"}),
    "edit-action": ({"title": "A better title"}, {"title": "A better title"}),
    "review-action": (
        {**DATE, "next_review_on-day": "", "next_review_on-month": "12", "next_review_on-year": "2021"},
        {"review_on": "2021-12"},
    ),
    "hold-action": (
        {"reason": "Waits", "look_again_on-day": "1", "look_again_on-month": "7", "look_again_on-year": "2021"},
        {"hold": {"reason": "Waits", "since": "2021-06-01", "look_again_on": "2021-07-01"}},
    ),
    "record-impact": (
        {"text": "Nobody waits", "measure": "Audit"},
        {"impact": [{"on": "2021-06-01", "text": "Nobody waits", "measure": "Audit", "embedded": False}]},
    ),
    "end-action": ({"how": "done_differently", "reason": "Another way"}, {"status": "done_differently"}),
    "reassign-action": (
        {"owner_email": "coordinator@thscp.example", "reason": "Moved on"},
        {"owner": {"name": "Casey Morgan", "email": "coordinator@thscp.example", "answers": None}},
    ),
    "move-due-date": (
        {"due_on-day": "1", "due_on-month": "9", "due_on-year": "2021", "reason": "More time"},
        {"due": "2021-09-01", "first_due": "2021-06-10"},
    ),
    "update-action": ({"report": "at_risk", "text": "Slow"}, {"report": "at_risk"}),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_deed_is_done_once_however_often_it_is_sent(world, as_, deed):
    reference = add(world, owner=OWNER, due_on="2021-06-10")
    typed, expected = DEEDS[deed]
    coordinator = as_("coordinator")
    form = coordinator.opens(f"/actions/{reference}/{deed}")

    answers = [coordinator.sends_form(form, form.forms[-1], **typed) for _ in range(2)]

    assert next((page.status, page.address) for page in answers) == (200, f"/actions/{reference}")
    now = shown(world, reference)
    assert {name: now[name] for name in expected} == expected
    assert [line["deed"] for line in now["history"]].count(deed.replace("-", "_")) == 1


MISSING = {
    "complete-action": ["Enter the day on which it was complete", "Say what shows that it is done, or add a file"],
    "review-action": ["Enter the day on which it was looked at"],
    "hold-action": ["Say why it waits", "Enter the day on which somebody looks at it again"],
    "record-impact": ["Say what has changed for children"],
    "end-action": ["Choose how it ended", "Say why"],
    "reassign-action": ["Choose the new owner, or enter a work email address"],
    "move-due-date": ["Enter the new due date"],
    "update-action": ["Say where this action is now", "Say what has happened so far"],
}


@pytest.mark.parametrize("deed", MISSING)
def test_form_that_is_not_filled_in_comes_back_with_what_is_missing(world, as_, deed):
    reference = add(world, owner=OWNER, due_on="2021-06-10")
    before = shown(world, reference)

    page = as_("coordinator").sends(f"/actions/{reference}/{deed}", reason="Kept")

    assert page.status == 422
    assert page.title.startswith("Error: ")
    assert [words for words in MISSING[deed] if words in page.words] == [
        words for words in MISSING[deed] if words != "Say why it waits" and words != "Say why"
    ]
    assert shown(world, reference) == before
    assert "it is missing" not in page.words.lower()


def test_update_asks_what_has_happened_since_the_last_one(world, as_):
    reference = add(world, owner=OWNER)
    said(world, reference)
    make.act(world, "accept_update", reference)

    page = as_("coordinator").sends(f"/actions/{reference}/update-action", report="done", evidence="", text="")

    assert page.status == 422
    assert "Say what shows that it is done, or add a file" in page.words
    page = as_("coordinator").sends(f"/actions/{reference}/update-action", report="stuck", text="")
    assert "Say what has happened since 1 June 2021" in page.words.replace("\xa0", " ")


def test_held_action_is_released_by_a_form_without_questions(world, as_):
    reference = add(world)
    make.act(world, "hold_action", reference, reason="Waits", look_again_on="2021-07-01")

    page = as_("coordinator").sends(f"/actions/{reference}/release-action")

    assert (page.status, shown(world, reference)["hold"]) == (200, None)
    assert f"{reference} is released" in page.words


def test_nothing_changed_is_said_and_emptied_words_go(world, as_):
    reference = add(world, title="A title", baseline="Slow")
    coordinator = as_("coordinator")

    same = coordinator.sends(f"/actions/{reference}/edit-action")
    emptied = coordinator.sends(f"/actions/{reference}/edit-action", baseline="")

    assert (same.status, emptied.status) == (422, 200)
    assert "Say what is to change" in same.words
    now = shown(world, reference)
    assert (now["baseline"], now["title"], now["text"]) == (None, "A title", "Share the records")


def test_change_sent_twice_is_made_once_and_shown_both_times(world, as_):
    reference = add(world, title="A title")
    coordinator = as_("coordinator")
    page = coordinator.opens(f"/actions/{reference}/edit-action")

    answers = [coordinator.sends_form(page, page.forms[-1], title="A better title") for _ in range(2)]

    assert [(answer.status, answer.address) for answer in answers] == [(200, f"/actions/{reference}")] * 2
    assert (shown(world, reference)["title"], shown(world, reference)["version"]) == ("A better title", 2)


def test_unknown_owner_is_said_beside_what_was_typed(world, as_):
    reference = add(world)
    coordinator = as_("coordinator")

    pages = [
        coordinator.sends(f"/actions/{reference}/reassign-action", owner_email=email, reason="Moved on")
        for email in ("nobody@thscp.example", "Owen")
    ]

    assert [page.status for page in pages] == [422, 422]
    assert "There is nobody with the address nobody@thscp.example" in pages[0].words
    assert "Enter a work email address, like name@agency.example" in pages[1].words
    assert [page.forms[-1]["fields"]["reason"] for page in pages] == ["Moved on", "Moved on"]


def test_action_that_has_moved_on_keeps_the_text(world, as_):
    reference = add(world, owner=OWNER)
    coordinator = as_("coordinator")
    form = coordinator.opens(f"/actions/{reference}/move-due-date")
    make.act(world, "hold_action", reference, reason="Waits", look_again_on="2021-07-01")
    typed, _ = DEEDS["move-due-date"]

    page = coordinator.sends_form(form, form.forms[-1], **typed)

    assert page.status == 409
    assert f"{reference} has moved on since you looked at it. Casey Morgan did" in page.words
    assert page.forms[-1]["fields"]["reason"] == "More time"


def test_lead_passes_an_action_to_a_new_owner_in_three_clicks(world, as_):
    reference = add(world, agency=AGENCY)
    lead = as_("agency_lead")
    plan = lead.opens("/actions?agency=mine")

    assert f"/actions/{reference}" in plan.links
    action = lead.opens(f"/actions/{reference}")
    assert f"/actions/{reference}/reassign-action" in action.links
    done = lead.sends(f"/actions/{reference}/reassign-action", owner="agency_lead@thscp.example", reason="She knows")

    assert (done.status, done.address) == (200, f"/actions/{reference}")
    assert shown(world, reference)["owner"]["name"] == "Lee Agnew"


def test_three_updates_are_accepted_with_four_clicks(world, as_):
    for _ in range(3):
        said(world, add(world, owner=OWNER), "done", evidence="The audit")
    coordinator = as_("coordinator")

    page = coordinator.opens("/actions/updates")
    for _ in range(3):
        accept = next(form for form in page.forms if form["fields"].get("deed") == "accept-update")
        page = coordinator.sends_form(page, accept)

    assert [shown(world, f"A{number}")["status"] for number in (1, 2, 3)] == ["complete"] * 3
    assert "Update to A3 accepted" in page.words
    assert "No updates wait to be checked." in page.words


def test_accepting_twice_is_accepting_once(world, as_):
    reference = add(world, owner=OWNER)
    said(world, reference)
    coordinator = as_("coordinator")
    page = coordinator.opens("/actions/updates")
    accept = next(form for form in page.forms if form["fields"].get("deed") == "accept-update")

    answers = [coordinator.sends_form(page, accept) for _ in range(2)]

    assert [answer.status for answer in answers] == [200, 200]
    assert [line["deed"] for line in shown(world, reference)["history"]].count("accept_update") == 1


def test_question_needs_words_and_goes_to_the_owner(world, as_):
    said(world, add(world, owner=OWNER))
    coordinator = as_("coordinator")

    empty = coordinator.sends("/actions/updates", reason=" ")
    asked = coordinator.sends("/actions/updates", reason="Which schools?")

    assert (empty.status, asked.status) == (422, 200)
    assert "Write what you ask the owner" in empty.words
    assert "Asked back, with their owners now (1)" in asked.words
    assert shown(world, "A1")["updates"][0]["answers"][0]["reason"] == "Which schools?"


def test_update_that_was_replaced_meanwhile_is_not_accepted(world, as_):
    said(world, add(world, owner=OWNER))
    coordinator = as_("coordinator")
    page = coordinator.opens("/actions/updates")
    said(world, "A1", "stuck")
    accept = next(form for form in page.forms if form["fields"].get("deed") == "accept-update")

    answer = coordinator.sends_form(page, accept)

    assert answer.status == 409
    assert "A1 has moved on since you looked at it. Owen Field did" in answer.words
    assert shown(world, "A1")["updates"][-1]["state"] == "sent"


@pytest.mark.parametrize(("who", "path"), [("agency_lead", "/actions/updates"), ("scrutineer", "/actions/new")])
def test_page_of_another_role_is_refused(world, as_, who, path):
    assert as_(who).opens(path).status == 403


def test_action_is_added_from_a_case_once(world, as_):
    make.make_case(world)
    coordinator = as_("coordinator")
    form = coordinator.opens("/actions/new?case=TH-2021-001")
    typed = {
        "text": "Share the records",
        "title": "Share records",
        "agency": AGENCY,
        "owner_email": OWNER,
        "due_on-month": "12",
        "due_on-year": "2021",
    }

    pages = [coordinator.sends_form(form, form.forms[-1], **typed) for _ in range(2)]

    assert [(page.status, page.address) for page in pages] == [(200, "/actions/A1")] * 2
    made = shown(world, "A1")
    assert "This title goes into emails and minutes. It must make sense with no case beside it." in form.words
    assert (made["title"], made["agency"], made["owner"]["name"], made["due"]) == (
        "Share records",
        AGENCY,
        "Owen Field",
        "2021-12",
    )
    assert [source["case"] for source in made["sources"]] == ["TH-2021-001"]
    assert as_("coordinator").opens("/actions/A2").status == 404


def test_new_action_comes_back_with_what_is_missing(world, as_):
    coordinator = as_("coordinator")

    pages = [
        coordinator.sends("/actions/new", title="Kept", **typed)
        for typed in ({"text": ""}, {"text": "Do it", "case": "TH-1999-001"}, {"text": "Do it", "timescale": "soonish"})
    ]

    assert [page.status for page in pages] == [422, 422, 422]
    assert "Say what has to be done" in pages[0].words
    assert "There is no case with the reference TH-1999-001 that you can open" in pages[1].words
    assert "The timescale 'soonish' says no date." in pages[2].words
    assert [page.forms[-1]["fields"]["title"] for page in pages] == ["Kept"] * 3


def test_new_action_of_a_case_that_she_may_not_open_is_not_found(world, as_):
    make.make_case(world)

    assert as_("rrp").opens("/actions/new?case=TH-2021-001").status == 404


def test_day_of_what_was_done_at_night_is_that_of_london(world, as_):
    reference = add(world, due_on="2021-07-15")
    moved = {"due_on": "2021-07-20", "reason": "The ward is closed", "agreed_with": "The Executive"}
    make.act(world, "move_due_date", reference, now="2021-06-30T00:30", **moved)

    page = as_("coordinator").opens(f"/actions/{reference}")

    words = page.words.replace("\u00a0", " ")
    assert ("on 30 June 2021" in words, "29 June 2021" in words) == (True, False)


def test_question_about_an_update_that_waits_no_more_is_kept_for_whoever_wrote_it(world, as_):
    reference = add(world, owner=OWNER, due_on="2021-09-30")
    said(world, reference)
    coordinator = as_("coordinator")
    page = coordinator.opens("/actions/updates")
    make.act(world, "accept_update", reference)

    stale = coordinator.sends_form(page, page.forms[-1], reason="Which ward was rung, and when?")

    assert (stale.status, "What you wrote about A1, which waits no more" in stale.words) == (409, True)
    assert "Which ward was rung, and when?" in stale.words
