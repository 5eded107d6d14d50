"""What needs the coordinator today: her jobs by urgency, whom she waits for, and her open cases."""

import pytest
from sqlmodel import select

from tests.make import act, make_action, make_case, make_person, make_team
from tests.statements import each_statement
from tests.tracker.stages import waiting_for_ratification
from tests.tracker.web.casework import decided, plain, recommended
from tests.tracker.web.signing import post
from tests.tracker.web.visitor import served, signed_in
from tracker.cases.models import Case
from tracker.clock import moment_from
from tracker.database import reading, unit_of_work
from tracker.groups.queries import partnership_by_code
from tracker.people.doer import doer_by_email
from tracker.people.models import RoleHolding
from tracker.web.today import Today

COORDINATOR = "coordinator@thscp.example"
LATER = moment_from("2021-06-18T10:00")


@pytest.fixture
def today(world, closing):
    """Open the page of a coordinator on Friday 18 June 2021."""

    def opened(who="coordinator", path="/today"):
        address = closing.enter_context(served(world, LATER))
        return closing.enter_context(signed_in(world, address, who, now=LATER)).opens(path)

    return opened


def seen(engine, now=LATER, **whose):
    """Give what the page is made of."""
    with reading(engine) as session:
        return Today(session, doer_by_email(session, COORDINATOR, now.date()), now, **whose)


@pytest.fixture
def as_later(world, closing):
    """Give somebody who is signed in on that day."""
    address = closing.enter_context(served(world, LATER))
    return lambda who: closing.enter_context(signed_in(world, address, who, now=LATER))


def jobs(engine, now=LATER):
    """Give the jobs by urgency, each as its words and its link."""
    found = seen(engine, now).jobs
    return {part: [(job.words, job.link) for job in getattr(found, part)] for part in ("overdue", "soon", "later")}


def test_jobs_stand_by_urgency_and_lead_to_the_form_that_does_them(world):
    make_case(world, "TH-2021-001", known_on="2021-06-01", now="2021-06-01T10:00")
    make_case(world, "TH-2021-002", known_on="2021-06-16", now="2021-06-16T10:00")
    make_case(world, "TH-2021-003", known_on="2021-06-17", notified_on="2021-06-17", now="2021-06-17T10:00")

    assert jobs(world) == {
        "overdue": [
            ("Notify the national Panel of Plover", "/cases/TH-2021-001/steps/record-notification"),
        ],
        "soon": [
            ("Notify the national Panel of Kestrel", "/cases/TH-2021-002/steps/record-notification"),
        ],
        "later": [
            (
                "Send the rapid review of Alder to the national Panel",
                "/cases/TH-2021-003/steps/send-to-national-panel",
            ),
            (
                "Consider escalating Plover: “Notify the national Panel” is missed",
                "/escalations/new?about=TH-2021-001&rule=missed_clock&clock=notify_panel",
            ),
            ("Convene the panel for Alder", "/cases/TH-2021-003/steps/convene-panel"),
        ],
    }


def test_panel_is_to_be_convened_and_a_case_with_nothing_left_to_be_closed(world):
    make_case(world, "TH-2021-001", known_on="2021-06-01", notified_on="2021-06-01", now="2021-06-01T10:00")
    decided(world, "TH-2021-002", outcome="no_review")
    act(world, "add_action", text="Do the thing", sources=["TH-2021-002"], level="single_agency")
    wanted = ("convene-panel", "close-case")

    def found():
        return [job for job in jobs(world)["later"] if job[1].rpartition("/")[2] in wanted]

    before = found()
    act(world, "end_action", "A1", how="not_taken_forward", reason="Done elsewhere")
    act(world, "convene_panel", "TH-2021-001", now="2021-06-17T10:00", on="2021-06-17")
    after = found()
    act(world, "hold_case", "TH-2021-002", now="2021-06-17T10:00", reason="An inquest", look_again_on="2021-07-01")

    assert before == [("Convene the panel for Plover", "/cases/TH-2021-001/steps/convene-panel")]
    assert after == [("Close the case Kestrel: nothing is left to do", "/cases/TH-2021-002/steps/close-case")]
    assert found() == []


def test_page_counts_what_it_lists_and_the_counts_are_links_to_the_lists(world, today):
    make_case(world, known_on="2021-06-01")

    page = today()

    assert (page.status, page.heading) == (200, "What needs you today")
    assert "Friday 18 June 2021" in page.words.replace("\u00a0", " ")
    assert "1 overdue 0 due in 5 working days 0 waiting on others 1 open case" in page.words
    assert [link for link in page.links if link.startswith("#")][-4:] == [
        "#overdue",
        "#soon",
        "#waiting",
        "#open-cases",
    ]
    assert "/cases/TH-2021-001/steps/record-notification" in page.links


def test_page_without_work_says_what_comes_next(world, today):
    make_case(world, known_on="2021-06-17", notified_on="2021-06-17", now="2021-06-17T10:00")

    words = today().words.replace("\u00a0", " ")

    assert (
        "Nothing is due in the next 5 working days. The next date is 8 July 2021: "
        "Send the rapid review of Plover to the national Panel ." in words
    )


def test_page_without_cases_offers_to_start_one(today):
    page = today()

    assert "Nothing is due in the next 5 working days." in page.words
    assert "No case is open. Start a new case" in page.words


def test_what_was_asked_of_others_is_waited_for_and_is_work_only_when_it_is_late(world):
    make_case(world, known_on="2021-06-01", notified_on="2021-06-01", now="2021-06-01T10:00")
    act(world, "convene_panel", "TH-2021-001", now="2021-06-02T10:00", on="2021-06-02")
    asked = {"now": "2021-06-03T10:00", "due_on": "2021-06-21"}
    act(world, "ask_return", "TH-2021-001", agency="Metropolitan Police Service", **asked)
    act(world, "ask_return", "TH-2021-001", agency="Children's Social Care", **asked | {"due_on": "2021-06-16"})

    shown = seen(world)

    assert [(row["what"], row["who"], row["since"]) for row in shown.waiting] == [
        ("Agency return for Plover", "Metropolitan Police Service", "2021-06-03"),
        ("Agency return for Plover", "Children's Social Care", "2021-06-03"),
    ]
    assert [job.words for job in shown.jobs.overdue] == ["Chase the return of Children's Social Care on Plover"]
    [job] = shown.jobs.soon
    assert (job.why, job.missing_link) == (
        "2 returns missing: Metropolitan Police Service and Children's Social Care.",
        "/cases/TH-2021-001/steps/record-return",
    )


def test_national_panel_is_waited_for_until_it_has_answered(world):
    make_case(world, known_on="2021-06-01", notified_on="2021-06-01", now="2021-06-01T10:00")
    act(world, "convene_panel", "TH-2021-001", now="2021-06-02T10:00", on="2021-06-02")
    act(world, "send_to_national_panel", "TH-2021-001", now="2021-06-08T10:00", on="2021-06-08")

    before = [(row["what"], row["who"], row["since"]) for row in seen(world).waiting]
    answer = {"on": "2021-06-15", "kind": "agrees", "text": "We agree"}
    act(world, "record_panel_response", "TH-2021-001", now="2021-06-15T10:00", **answer)

    assert before == [("Reply on the rapid review of Plover", "The national Panel", "2021-06-08")]
    assert seen(world).waiting == []


def test_body_that_decides_is_waited_for_since_the_panel_advised(world):
    recommended(world)
    before = [(row["what"], row["who"], row["since"]) for row in seen(world).waiting]
    by = {"by": "exec@thscp.example", "now": "2021-06-15T10:00"}
    act(world, "record_decision", "TH-2021-001", on="2021-06-15", outcome="no_review", reason="It is known", **by)

    assert before == [("Decision on Plover", "Executive Group", "2021-06-08")]
    assert seen(world).waiting == []


def test_partners_are_waited_for_until_they_have_ratified_and_their_objection_is_settled(engine):
    story = waiting_for_ratification(engine)
    partners = [row["partner"] for row in story.case()["ratifications"]]

    def waited():
        with reading(engine) as session:
            by = doer_by_email(session, "coordinator@chscp.example", moment_from(story.now).date())
            rows = Today(session, by, moment_from(story.now)).waiting
        return [(row["what"], row["who"], row["since"]) for row in rows if row["who"] in partners]

    all_open = waited()
    story.does("record-ratification", on="2021-10-19", partner=partners[0], answer="yes")
    story.does("record-ratification", on="2021-10-20", partner=partners[1], answer="no", reason="Too early")
    after = waited()

    ratification, objection = "Ratification of the decision on {}", "Settlement of an objection to the decision on {}"
    pseudonym = story.case()["pseudonym"]
    assert all_open == [(ratification.format(pseudonym), partner, "2021-10-18") for partner in partners]
    assert (objection.format(pseudonym), partners[1], "2021-10-20") in after
    assert partners[0] not in [who for _, who, _ in after]


def test_waiting_for_decisions_asks_as_often_for_many_cases_as_for_few(world):
    asked = []
    for numbers in (range(1, 3), range(3, 9)):
        for number in numbers:
            recommended(world, f"TH-2021-{number:03d}")
        asked.append(_statements(world, lambda: seen(world)))

    assert asked[0] == asked[1]


def test_update_that_was_asked_back_is_waited_for_and_those_to_check_are_one_job(world):
    facts = {"owner": "owner@thscp.example", "due_on": "2021-09-01", "level": "single_agency"}
    for number in range(3):
        done = act(world, "add_action", text=f"Do the thing {number}", sources=[], **facts)
        act(world, "update_action", done.reference, by="owner@thscp.example", report="on_track", text="It goes on")
    act(world, "query_update", "A1", reason="By when?")

    shown = seen(world)

    assert [(row["what"], row["who"]) for row in shown.waiting] == [("Answer to a question about A1", "Owen Field")]
    assert [(job.words, job.about, job.link) for job in shown.jobs.later] == [
        ("Check 2 updates sent by owners", "Actions A2 and A3", "/actions/updates")
    ]


def test_next_meeting_says_what_waits_for_it_and_when_its_digest_goes(world, today):
    make_case(world, known_on="2021-06-17", notified_on="2021-06-17", now="2021-06-17T10:00")
    act(world, "schedule_meeting", group="exec", on="2021-07-01", at="14:30")

    page = today()

    words = page.words.replace("\u00a0", " ")
    assert "Thursday 1 July 2021, 2:30pm The digest goes out on 24 June 2021 at 8am." in words
    assert "0 escalations wait for a response 0 cases wait for a decision" in words
    assert {"/meetings/M1", "/meetings/M1/digest"} <= set(page.links)


def test_digest_whose_hour_has_passed_goes_with_the_next_post(world, today):
    act(world, "schedule_meeting", group="exec", on="2021-06-21", at="14:30")

    page = today()

    words = page.words.replace("\u00a0", " ")
    assert "The digest was due on 14 June 2021 at 8am. It goes with the next post." in words


def test_coordinator_sees_only_her_partnerships(world):
    with unit_of_work(world) as session:
        make_team(session, "chscp")
        make_action(session, partnership_by_code(session, "chscp"))
    make_case(
        world,
        "CH-1",
        partnership="chscp",
        known_on="2021-06-01",
        by="coordinator@chscp.example",
        now="2021-06-01T10:00",
    )

    shown = seen(world)

    assert (shown.cases, shown.waiting, shown.jobs.overdue, shown.jobs.later) == ([], [], [], [])


def test_page_is_for_coordinators(today):
    page = today("exec")

    assert (page.status, page.heading) == (403, "You cannot do this")


def test_page_asks_as_often_for_many_cases_as_for_few(world):
    asked = []
    with unit_of_work(world) as session:
        partnership = partnership_by_code(session, "thscp")
    for wanted in (3, 30):
        for number in range(1 if wanted == 3 else 4, wanted + 1):
            _busy_case(world, f"TH-2021-{number:03d}", partnership)
        asked.append(_statements(world, lambda: seen(world)))
    few, many = asked

    assert (len(seen(world).cases), few) == (30, many)


def _statements(world, reads):
    """Count what a database is sent for the second reading: the first one keeps what never changes."""
    reads()
    sent = []
    with each_statement(world, lambda sql, _values: sent.append(sql)):
        reads()
    return len(sent)


def _busy_case(world, reference, partnership):
    """Make a case that is held, with a return that has not come, a review without leads, and an action."""
    make_case(world, reference, known_on="2021-06-01", notified_on="2021-06-01", now="2021-06-01T10:00")
    act(world, "convene_panel", reference, now="2021-06-02T10:00", on="2021-06-02")
    act(world, "ask_return", reference, now="2021-06-02T10:00", agency="Children's Social Care", due_on="2021-06-16")
    learning = {"outcome": "review", "immediate_learning": "none", "reason": "Agencies worked apart"}
    act(
        world,
        "record_recommendation",
        reference,
        by="rrp@thscp.example",
        now="2021-06-08T10:00",
        on="2021-06-08",
        **learning,
    )
    act(world, "send_to_national_panel", reference, now="2021-06-08T10:00", on="2021-06-08")
    methods = ["partner_authored_report", "multi_agency_audit"]
    at = {"by": "exec@thscp.example", "now": "2021-06-15T10:00"}
    act(world, "record_decision", reference, on="2021-06-15", outcome="review", methods=methods, **at)
    act(world, "hold_case", reference, reason="Proceedings", look_again_on="2021-06-16", **at)
    if partnership is not None:
        with unit_of_work(world) as session:
            make_action(session, partnership, cases=[reference])


def test_coordinator_sees_her_cases_and_on_asking_those_of_the_others(world, today):
    with unit_of_work(world) as session:
        make_person(session, partnership_by_code(session, "thscp"), "other@thscp.example", "coordinator")
    make_case(world, "TH-2021-001", known_on="2021-06-01", now="2021-06-01T10:00")
    make_case(world, "TH-2021-002", known_on="2021-06-01", by="other@thscp.example", now="2021-06-01T10:00")
    make_case(world, "TH-2021-003", known_on="2021-06-01", now="2021-06-01T10:00")
    with unit_of_work(world) as session:
        unled = session.exec(select(Case).where(Case.reference == "TH-2021-003")).one()
        unled.coordinator_id = None
        session.add(unled)
        theirs, ours = partnership_by_code(session, "thscp"), {"timescale_kind": "continuing"}
        make_action(session, theirs, cases=["TH-2021-001"], **ours)
        make_action(session, theirs, cases=["TH-2021-002"], **ours)
        make_action(session, theirs, **ours)

    mine, everybody = seen(world), seen(world, everybody=True)

    assert [row["reference"] for row in mine.cases] == ["TH-2021-001", "TH-2021-003"]
    assert [row["reference"] for row in everybody.cases] == ["TH-2021-001", "TH-2021-002", "TH-2021-003"]
    assert [job.about for job in mine.jobs.overdue] == [
        "TH-2021-003, serious incident",
        "TH-2021-001, serious incident",
    ]
    assert len(everybody.jobs.overdue) == 3
    named = {job.words for job in everybody.jobs.later} - {job.words for job in mine.jobs.later}
    assert named == {
        "Name an owner for A2",
        "Name a review date for A2, which goes on without an end",
        "Consider escalating Kestrel: “Notify the national Panel” is missed",
    }
    assert today(path="/today").links.count("/cases/TH-2021-002") == 0
    assert today(path="/today?show=all").links.count("/cases/TH-2021-002") == 1


def test_case_of_a_coordinator_who_has_left_is_everybodys(world):
    with unit_of_work(world) as session:
        other = make_person(session, partnership_by_code(session, "thscp"), "other@thscp.example", "coordinator")
    make_case(world, "TH-2021-001", known_on="2021-06-01", by="other@thscp.example", now="2021-06-01T10:00")
    before = seen(world).cases

    with unit_of_work(world) as session:
        held = session.exec(select(RoleHolding).where(RoleHolding.person_id == other.id)).one()
        held.until_on = LATER.date()
        session.add(held)

    assert (before, [row["reference"] for row in seen(world).cases]) == ([], ["TH-2021-001"])


def test_open_cases_are_as_many_as_the_list_behind_them(world, today):
    for number in range(1, 13):
        make_case(world, f"TH-2021-{number:03d}", known_on="2021-06-17", now="2021-06-17T10:00")

    page = today()

    assert "12 open cases" in page.words
    assert "/cases?status=open&coordinator=mine" in page.links
    assert "12 cases found" in today(path="/cases?status=open&coordinator=mine").words


def _post(engine, folder, now=LATER):
    return [text.partition("\n\n")[0] for text in post(engine, folder, now)]


def test_agency_is_reminded_of_its_return_once_a_day(world, as_later, tmp_path):
    make_case(world, known_on="2021-06-01", notified_on="2021-06-01", now="2021-06-01T10:00")
    act(world, "convene_panel", "TH-2021-001", now="2021-06-02T10:00", on="2021-06-02")
    asked = {"agency": "Children's Social Care", "due_on": "2021-06-30"}
    act(world, "ask_return", "TH-2021-001", now="2021-06-03T10:00", **asked)
    _post(world, tmp_path, moment_from("2021-06-17T10:00"))
    visitor = as_later("coordinator")
    form = visitor.opens("/today").forms[-1]

    first = visitor.sends_form(visitor.opens("/today"), form)
    again = visitor.sends_form(first, form)
    second = visitor.sends_form(first, form, intent="of a page opened before")

    assert "A reminder goes to Lee Agnew now." in first.words
    assert (again.status, "reminder goes" in again.words, "There is a problem" in again.words) == (200, False, False)
    refused = "There is a problem Lee Agnew was reminded of it today already. Remind again tomorrow."
    assert (second.status, second.title[:6], refused in second.words) == (409, "Error:", True)
    assert ("Success" in second.words, "#waiting" in second.links) == (False, True)
    assert "Agency return for Plover Children's Social Care 3 June 2021 Sent today" in plain(second)
    assert [text for text in _post(world, tmp_path) if "agency_lead" in text] == [
        "To: agency_lead@thscp.example\nSubject: Agency return for case TH-2021-001 is due on 30 June 2021"
    ] * 2
    assert "Reminded Lee Agnew of its return on TH-2021-001" in visitor.opens("/cases/TH-2021-001/timeline").words


def test_owner_is_reminded_of_the_question_and_has_no_second_email_about_it_the_next_morning(world, as_later, tmp_path):
    facts = {"owner": "owner@thscp.example", "due_on": "2021-06-26", "level": "single_agency"}
    act(world, "add_action", text="Do the thing", title="Share records", sources=[], **facts)
    act(world, "update_action", "A1", by="owner@thscp.example", report="on_track", text="It goes on")
    act(world, "query_update", "A1", reason="By when?")
    before = len(_post(world, tmp_path, moment_from("2021-06-17T10:00")))
    visitor = as_later("coordinator")

    page = visitor.sends("/today")

    sent = _post(world, tmp_path)[before:]
    next_morning = _post(world, tmp_path, moment_from("2021-06-21T10:00"))[before + 1 :]
    assert "A reminder goes to Owen Field now." in page.words
    assert sent == ["To: owner@thscp.example\nSubject: A question about your update to A1"]
    assert next_morning == []


def test_lead_is_reminded_of_the_question_about_independence(world, as_later, tmp_path):
    _busy_case(world, "TH-2021-001", None)
    lead = {"method": "partner_authored_report", "person": "reviewer@thscp.example", "involvement": "not_known"}
    act(world, "appoint_lead", "TH-2021-001", level="senior", now="2021-06-16T10:00", **lead)
    before = len(_post(world, tmp_path, moment_from("2021-06-17T10:00")))
    visitor = as_later("coordinator")

    page = visitor.sends("/today")

    assert "A reminder goes to Rene Viner now." in page.words
    assert _post(world, tmp_path)[before:] == [
        "To: reviewer@thscp.example\nSubject: Please confirm that you are independent: case TH-2021-001"
    ]


def test_reminder_that_there_is_not_is_not_found(as_later):
    visitor = as_later("coordinator")
    token = visitor.opens("/account").forms[-1]["fields"]["form_token"]
    form = {"action": "/today/reminders", "method": "post", "fields": {"form_token": token, "about": "weather"}}

    assert visitor.sends_form(visitor.opens("/today"), form).status == 404


def test_holds_whose_day_has_come_stand_among_what_is_late(world):
    make_case(world, known_on="2021-06-01", notified_on="2021-06-01", now="2021-06-01T10:00")
    act(world, "add_action", "thscp", text="Ring the ward", due_on="2021-09-30", now="2021-06-01T10:00")
    hold = {"reason": "The inquest", "look_again_on": "2021-06-16", "now": "2021-06-02T10:00"}
    act(world, "hold_action", "A1", **hold)
    act(world, "hold_case", "TH-2021-001", by="exec@thscp.example", **hold)

    late = [(job.words, job.number, job.unit) for job in seen(world).jobs.overdue]

    assert ("Look again at the hold of A1", "2", "working days late") in late
    assert ("Look again at the hold: release the case, or hold it on", "2", "working days late") in late
