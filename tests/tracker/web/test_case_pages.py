"""The page of a case and its tabs, for those who may see it and for nobody else."""

import re
from datetime import date

import pytest
from sqlmodel import select

from tests.make import act, address, make_action, make_case
from tests.statements import each_statement
from tests.tracker.stages import published, waiting_for_ratification
from tests.tracker.web.casework import REFERENCE, decided, plain, recommended
from tests.tracker.web.visitor import served, signed_in
from tracker.cases.models import Reading
from tracker.clock import moment_from
from tracker.database import reading, unit_of_work
from tracker.deeds import DEEDS, About
from tracker.groups.queries import partnership_by_code
from tracker.reminders import by_hand
from tracker.web.case_clocks import clocks_of
from tracker.web.case_history import entries_of
from workflows.dates import PartialDate

TABS = ("", "/timeline", "/actions", "/access")


@pytest.fixture
def on(world, closing):
    """Give somebody who is signed in on another day than the first."""

    def opened(who, day):
        now = moment_from(f"{day}T10:00")
        base = closing.enter_context(served(world, now))
        return closing.enter_context(signed_in(world, base, who, now=now))

    return opened


def test_case_shows_its_stages_with_their_days(world, on):
    decided(world)

    page = on("exec", "2021-06-18").opens(f"/cases/{REFERENCE}")

    assert (page.status, page.heading) == (200, "Plover")
    assert (
        "✓ Done: Serious incident 1 June 2021 ✓ Done: Rapid review 8 June 2021 ✓ Done: Executive decision 15 June 2021 "
        "4 Now: Learning review since 15 June 2021 5 Later: Publication due 15 December 2021" in plain(page)
    )


def test_case_without_a_review_leaves_its_stages_out(world, on):
    decided(world, outcome="no_review")

    words = plain(on("exec", "2021-06-18").opens(f"/cases/{REFERENCE}"))

    assert "– Not held: Learning review Not held – Not held: Publication Not held 6 Now: Action plan" in words


def test_clock_shows_its_words_and_its_working(world, on):
    make_case(world, known_on="2021-06-01", notified_on="2021-06-03", now="2021-06-03T10:00")

    words = plain(on("coordinator", "2021-06-04").opens(f"/cases/{REFERENCE}"))

    assert (
        "Rapid review sent to the national Panel 14 working days left Due 24 June 2021. Statutory guidance "
        "How this is counted : Rapid review sent to the national Panel "
        "From 3 June 2021, 15 working days after: due 24 June 2021. The first day is not counted. "
        "Left out, 6 days: 5 June 2021, Saturday" in words
    )
    assert "Notify the national Panel Met on day 2 of 5 Met 3 June 2021, due 8 June 2021. Statutory" in words


def test_clocks_that_are_over_are_folded_into_one_line_when_all_of_them_are_more_than_a_row(engine, closing):
    story = published(engine)
    now = moment_from(story.now)
    base = closing.enter_context(served(engine, now))
    coordinator = closing.enter_context(signed_in(engine, base, "coordinator", now=now))

    page = coordinator.opens(f"/cases/{story.reference}")

    words = plain(page).partition(" Clocks ")[2].partition(" To move this case on ")[0]
    assert words.startswith("Rapid review sent to the national Panel 93 working days late Was due 22 June 2021.")
    cards, _, folded = words.partition(" 2 clocks met Clocks that are over Clock How it ended Met on Due ")
    assert "Met on day" not in cards
    assert folded.startswith("Notify the national Panel Statutory Met on day 0 of 5 How this is counted :")
    assert folded.endswith("1 November 2021 15 December 2021")


def clock(state, on=None):
    """Give a clock as the document of a case shows it."""
    days = {"start": "2021-06-01", "due": "2021-06-08", "original_due": "2021-06-08", "met_on": on, "excluded": []}
    said = {"name": "A clock", "kind": "local", "words": state, "length": "7 days", "direction": "after"}
    return {**days, **said, "state": state, "working_days_left": 3}


@pytest.mark.parametrize(
    ("states", "cards", "words"),
    [
        (["running", "met", "met_late"], ["running", "met", "met_late"], ""),
        (["met", "late", "met", "explained", "running"], ["late", "explained", "running"], "2 clocks met"),
        (["met_late", "late", "running", "explained"], ["late", "running", "explained"], "1 clock met, late"),
        (["met"] * 6 + ["met_late"] * 2, [], "8 clocks met, 2 of them late"),
        (["met_late"] * 4, [], "4 clocks met, all of them late"),
        (["met", "met_late", "stopped", "running"], ["running"], "2 clocks met, 1 of them late; 1 stopped"),
        (["stopped", "stopped", "running", "late"], ["running", "late"], "2 clocks stopped"),
    ],
)
def test_line_of_the_clocks_that_are_over_counts_how_they_ended(states, cards, words):
    clocks = [clock(state, "2021-06-04" if state.startswith("met") else None) for state in states]

    shown = clocks_of({"clocks": clocks}, date(2021, 6, 10), 10)

    assert ([card.state for card in shown.cards], shown.over_words) == (cards, words)
    assert len(shown.cards) + len(shown.over) == len(states)


def test_step_that_cannot_be_taken_says_why_not_with_the_link_that_cures_it(world, on):
    decided(world)
    unknown = {"person": address("reviewer"), "level": "senior", "involvement": "not_known"}
    by = {"by": "exec@thscp.example", "now": "2021-06-16T10:00"}
    act(world, "appoint_lead", REFERENCE, method="partner_authored_report", **unknown, **by)

    page = on("coordinator", "2021-06-18").opens(f"/cases/{REFERENCE}")

    assert (
        "Agree the report 1 thing to do first By the Executive Group To do: Confirm that Rene Viner had no direct "
        "involvement in the case, or appoint somebody else Record a lead’s answer about independence "
        "Send again Rene Viner: the question about independence "
        "Done: Every method that needs a named lead has one" in plain(page)
    )
    assert f"/cases/{REFERENCE}/steps/declare-independence" in page.links
    assert f"/cases/{REFERENCE}/steps/agree-report" not in page.links
    # What the step names stands once on the page.
    assert "Open tasks" not in page.words
    assert page.words.count("Rene Viner had no direct involvement") == 1


def test_open_task_that_no_step_names_stands_under_the_steps(world, on):
    decided(world)
    act(world, "hold_case", REFERENCE, now="2021-06-16T10:00", reason="A trial", look_again_on="2021-06-21")

    words = plain(on("coordinator", "2021-06-21").opens(f"/cases/{REFERENCE}"))

    tasks = words.partition("Open tasks ")[2].partition(" You can do now")[0]
    assert "Look again at the hold: release the case, or hold it on." in tasks
    assert "Appoint a lead" not in tasks
    assert "To do: Appoint a lead for " in words


def test_question_about_independence_is_sent_again_from_the_case_once_a_day(world, on):
    decided(world)
    unknown = {"person": address("reviewer"), "level": "senior", "involvement": "not_known"}
    by = {"by": "exec@thscp.example", "now": "2021-06-16T10:00"}
    act(world, "appoint_lead", REFERENCE, method="partner_authored_report", **unknown, **by)
    visitor = on("coordinator", "2021-06-18")
    case = visitor.opens(f"/cases/{REFERENCE}")
    [form] = [form for form in case.forms if form["action"] == "/today/reminders"]

    page = visitor.sends_form(case, form)

    assert (page.status, page.address) == (200, f"/cases/{REFERENCE}")
    assert "A reminder goes to Rene Viner now." in page.words
    assert "Rene Viner: the question was sent again today" in plain(page)
    assert [form["action"] for form in page.forms if "remind" in form["action"]] == []
    executive = on("exec", "2021-06-18").opens(f"/cases/{REFERENCE}")
    assert "or appoint somebody else Appoint somebody else Done:" in plain(executive)


def test_sending_to_the_national_panel_is_offered_until_it_is_done_and_anew_when_the_case_was_sent_back(world, on):
    recommended(world)
    form = f"/cases/{REFERENCE}/steps/send-to-national-panel"

    def is_offered(day):
        return form in on("coordinator", day).opens(f"/cases/{REFERENCE}").links

    offered = [is_offered("2021-06-09")]
    act(world, "send_to_national_panel", REFERENCE, now="2021-06-10T10:00", on="2021-06-10")
    offered.append(is_offered("2021-06-11"))
    back = {"outcome": "send_back", "reason": "Ask the school too", "on": "2021-06-14"}
    act(world, "record_decision", REFERENCE, by="exec@thscp.example", now="2021-06-14T10:00", **back)
    offered.append(is_offered("2021-06-15"))

    assert offered == [True, False, True]
    assert on("coordinator", "2021-06-11").opens(form).heading.endswith("Record that the rapid review was sent")


def test_step_that_is_ready_is_a_link_to_its_form_for_those_who_may_take_it(world, as_):
    make_case(world, known_on="2021-06-01", notified_on="2021-06-01")
    form = f"/cases/{REFERENCE}/steps/convene-panel"

    offered = {
        who: form in as_(who).opens(f"/cases/{REFERENCE}").links for who in ("coordinator", "exec", "scrutineer")
    }

    assert offered == {"coordinator": True, "exec": False, "scrutineer": False}


def test_decision_stands_once_among_the_steps_whatever_may_be_decided(world, on):
    recommended(world)

    pages = {who: on(who, "2021-06-09").opens(f"/cases/{REFERENCE}") for who in ("coordinator", "exec", "scrutineer")}

    links = {who: page.links.count(f"/cases/{REFERENCE}/decision") for who, page in pages.items()}
    assert links == {"coordinator": 1, "exec": 1, "scrutineer": 0}
    assert "Record the decision Ready By the Executive Group" in plain(pages["scrutineer"])


def test_reader_is_offered_only_what_she_may_do(world, on):
    decided(world)

    links = {
        who: [
            link.rpartition("/")[2]
            for link in on(who, "2021-06-18").opens(f"/cases/{REFERENCE}").links
            if "/steps/" in link or link.startswith("/actions/new")
        ]
        for who in ("scrutineer", "coordinator")
    }

    assert links["scrutineer"] == ["declare-conflict"]
    assert {"hold-case", "ask-return", "correct-event", "declare-conflict", f"new?case={REFERENCE}"} <= set(
        links["coordinator"]
    )


def test_case_shows_what_was_decided_and_its_latest_history(world, on):
    decided(world)

    words = plain(on("scrutineer", "2021-06-18").opens(f"/cases/{REFERENCE}"))

    assert "Decision A review, 15 June 2021, by Executive Group. It is known Agreed by: London Borough" in words
    assert "Latest on this case Decision recorded by Evan Reed, Executive Group 15 June 2021 at 10am" in words
    assert "See all (4)" in words


def with_actions(engine, *due, reference=REFERENCE):
    """Make actions of a case, each due on a day."""
    with unit_of_work(engine) as session:
        partnership = partnership_by_code(session, "thscp")
        for day in due:
            make_action(session, partnership, cases=[reference], due=PartialDate.parse(day))


def test_case_counts_its_learning_by_colour(world, on):
    make_case(world)
    with_actions(world, "2021-01-31", "2021-12-31")

    page = on("coordinator", "2021-06-18").opens(f"/cases/{REFERENCE}")

    assert "Learning so far 2 actions in the plan: 1 red, 1 not started. See these 2 actions" in plain(page)
    assert f"/actions?case={REFERENCE}&status=all" in page.links


@pytest.mark.parametrize(
    ("only", "found"),
    [
        ("", ["Decision recorded", "Date corrected", "Recommendation recorded", "Panel convened"]),
        ("?only=decisions", ["Decision recorded", "Recommendation recorded"]),
        ("?only=changes", ["Date corrected"]),
        ("?only=nonsense", ["Decision recorded", "Date corrected", "Recommendation recorded", "Panel convened"]),
    ],
)
def test_timeline_shows_what_happened_and_only_one_sort_where_that_is_asked(world, on, only, found):
    recommended(world)
    now = {"now": "2021-06-09T10:00"}
    act(world, "correct_event", REFERENCE, event="panel_convened", on="2021-06-03", reason="Typed wrongly", **now)
    by = {"by": "exec@thscp.example", "now": "2021-06-15T10:00"}
    methods = ["partner_authored_report", "multi_agency_audit"]
    act(world, "record_decision", REFERENCE, on="2021-06-15", outcome="review", methods=methods, **by)

    page = on("scrutineer", "2021-06-18").opens(f"/cases/{REFERENCE}/timeline{only}")

    titles = re.findall(r'moj-timeline__title">([^<]*)<', page.text)
    known = {"Case opened", "Notification recorded"}
    assert [title for title in titles if title not in known] == found
    assert page.title == "Timeline of Plover TH-2021-001 – Learning tracker"


def test_learning_shows_actions_with_their_colour_and_recommendations_without_one(world, on):
    decided(world)
    lead = {"person": address("reviewer"), "level": "senior", "involvement": "none"}
    by = {"by": "exec@thscp.example"}
    act(world, "appoint_lead", REFERENCE, method="partner_authored_report", now="2021-06-16T10:00", **lead, **by)
    told = {"findings": [{"text": "Each asked about one child"}], "recommendations": [{"text": "Ask about all"}]}
    act(world, "agree_report", REFERENCE, on="2021-07-01", now="2021-07-01T10:00", **told, **by)
    with_actions(world, "2021-06-30")

    page = on("coordinator", "2021-07-02").opens(f"/cases/{REFERENCE}/actions")

    words = plain(page)
    assert "Findings Each asked about one child Recommendations Ask about all No action yet. Add an action" in words
    assert "A1 Do the thing that was agreed Nobody yet 30 June 2021 Red" in words
    assert f"/actions/new?case={REFERENCE}" in page.links


def test_case_without_learning_says_where_it_will_come_from(world, as_):
    make_case(world)

    page = as_("scrutineer").opens(f"/cases/{REFERENCE}/actions")

    assert "No actions yet. They come from rapid reviews and learning reviews." in page.words


def test_access_says_who_sees_the_case_and_why(world, as_):
    make_case(world)
    act(world, "give_access", REFERENCE, person=address("reviewer"), reason="Reads the chronology")

    page = as_("coordinator").opens(f"/cases/{REFERENCE}/access")

    assert (
        "Casey Morgan Not recorded Coordinator: sees every case Evan Reed Not recorded Executive: sees every case "
        "Rene Viner Not recorded Named on the case: Reads the chronology "
        "Sam Scully Not recorded Scrutineer: sees every case" in page.words
    )
    assert "Can be seen by 4 people" in page.words


def test_conflict_takes_somebody_off_the_list_and_is_shown_to_coordinators_only(world, as_):
    make_case(world)
    act(world, "declare_conflict", REFERENCE, person=address("exec"), reason="Knows the family")

    pages = {who: as_(who).opens(f"/cases/{REFERENCE}/access").words for who in ("coordinator", "scrutineer")}

    assert "Conflicts of interest Name Reason Since Evan Reed Knows the family" in pages["coordinator"]
    assert "Evan Reed" not in pages["scrutineer"]
    assert "Can be seen by 2 people" in pages["scrutineer"]


def test_history_of_conflicts_is_read_by_coordinators_only(world, as_):
    make_case(world)
    act(world, "declare_conflict", REFERENCE, person=address("exec"), reason="Knows the family")
    act(world, "withdraw_conflict", REFERENCE, person=address("exec"), reason="Another family")

    pages = {who: as_(who).opens(f"/cases/{REFERENCE}/timeline").words for who in ("coordinator", "scrutineer")}

    assert ["Conflict of interest" in words for words in pages.values()] == [True, False]
    assert "See all (1)" in as_("scrutineer").opens(f"/cases/{REFERENCE}").words


def test_reading_a_case_is_noted_once_and_shown(world, as_):
    make_case(world)
    as_("scrutineer").opens(f"/cases/{REFERENCE}")
    as_("scrutineer").opens(f"/cases/{REFERENCE.lower()}/timeline")

    page = as_("coordinator").opens(f"/cases/{REFERENCE}/access")

    with reading(world) as session:
        assert len(session.exec(select(Reading).where(Reading.about == REFERENCE)).all()) == 2
    assert "Who has read it Name Times Last Sam Scully 1 1 June 2021 at midday Emails There are no" in plain(page)


@pytest.mark.parametrize("tab", TABS)
def test_no_access_and_no_such_case_are_the_same_page(world, as_, tab):
    make_case(world)
    visitor = as_("owner")

    barred, nowhere = (visitor.opens(f"/cases/{reference}{tab}") for reference in (REFERENCE, "TH-2021-999"))

    assert (barred.status, nowhere.status) == (404, 404)
    assert without_nonce(barred.text) == without_nonce(nowhere.text)
    assert "There is no case with this reference that you can open. Ask the business unit." in barred.words


def without_nonce(text):
    """Leave out the one thing in which two answers always differ."""
    return re.sub(r'nonce="[^"]*"', "", text)


def test_declared_conflict_closes_every_tab(world, as_):
    make_case(world)
    act(world, "declare_conflict", REFERENCE, person=address("exec"), reason="Knows the family")

    assert [as_("exec").opens(f"/cases/{REFERENCE}{tab}").status for tab in TABS] == [404] * 4


def test_closed_case_says_so_and_offers_no_step(world, on):
    make_case(world, known_on="2021-06-01", now="2021-06-01T10:00")
    act(world, "close_case", REFERENCE, now="2021-06-02T10:00", reason="It is not to be notified")

    words = plain(on("coordinator", "2021-06-03").opens(f"/cases/{REFERENCE}"))

    assert "Stage Closed on 2 June 2021" in words
    assert "No actions were made." in words
    assert "To move this case on" not in words


def test_case_on_which_partners_differ_shows_who_objects_and_who_has_not_answered(engine, closing):
    story = waiting_for_ratification(engine)
    no = {"on": "2021-10-18", "answer": "no", "reason": "The criteria are not met."}
    story.does("record-ratification", by="partner2", partner="City of London Corporation", **no)
    yes = {"on": "2021-10-18", "answer": "yes"}
    story.does("record-ratification", by="partner1", partner="Hackney Council", **yes)
    now = moment_from(story.now)
    base = closing.enter_context(served(engine, now))
    partner = closing.enter_context(signed_in(engine, base, "partner2", "chscp", now))

    page = partner.opens(f"/cases/{story.reference}")

    words = plain(page).partition("To move this case on ")[2].partition(" Open tasks")[0]
    assert words == (
        "Record the resolution Go to this step : Record the resolution Ready "
        "By the Safeguarding partners or the Independent Safeguarding Children Commissioner "
        "To do: City of London Corporation objects: The criteria are not met "
        "Record a partner's ratification Go to this step : Record a partner's ratification Ready "
        "By the Safeguarding partners To do: NHS North East London has not answered yet "
        "To do: Metropolitan Police Service has not answered yet To do: City of London Police has not answered yet "
        "Done: Hackney Council agrees"
    )


def test_case_on_hold_leads_to_its_release(world, on):
    decided(world)
    act(world, "hold_case", REFERENCE, now="2021-06-16T10:00", reason="A trial", look_again_on="2021-08-02")

    page = on("coordinator", "2021-06-18").opens(f"/cases/{REFERENCE}")

    assert "counts as explained. Release the case" in plain(page)


@pytest.mark.parametrize("tab", TABS)
def test_page_asks_as_often_for_many_actions_as_for_few(world, as_, tab):
    make_case(world)
    visitor = as_("coordinator")
    asked = []
    for wanted in (3, 27):
        with_actions(world, *["2021-12-31"] * wanted)
        visitor.opens(f"/cases/{REFERENCE}{tab}")
        sent = []
        with each_statement(world, lambda sql, _values, sent=sent: sent.append(sql)):
            assert visitor.opens(f"/cases/{REFERENCE}{tab}").status == 200
        asked.append(len(sent))

    assert asked[0] == asked[1]


def test_every_deed_about_a_case_has_words_in_its_timeline():
    deeds = ["draft_decision", by_hand.DEED, *(name for name, deed in DEEDS.items() if deed.about is About.CASE)]
    line = {"by": None, "role": None, "at": "2021-06-01T10:00:00+00:00", "what": "", "old": None, "new": None}

    titles = {name: entries_of([line | {"deed": name}])[0].title for name in deeds}

    assert [name for name, title in titles.items() if title == name.replace("_", " ").capitalize()] == []
