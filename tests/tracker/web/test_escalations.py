"""The escalation tracker in the browser: read, raised, answered, and hidden where a conflict says so."""

import csv
import io

import httpx
import pytest
from sqlalchemy import Engine

from notifications import outbox
from tests.make import act, make_case, make_group, make_partnership, make_person, shown
from tests.serving import PATIENCE
from tests.statements import each_statement
from tests.tracker.web.visitor import Page, served, signed_in
from tracker.clock import london_day, moment_from
from tracker.database import reading, unit_of_work
from tracker.escalations.telling import mark_told
from tracker.groups.queries import partnership_by_code
from tracker.people.doer import doer_by_email
from tracker.showing.lists import list_rows
from tracker.web.downloads import guarded

NOW = "2021-06-01T12:00"
SECOND = "health@thscp.example"


@pytest.fixture
def three_floors(sqlite_engine):
    """Give an escalation that can be passed up, with the address of its pages."""
    with unit_of_work(sqlite_engine) as session:
        partnership = make_partnership(session, "chscp")
        top = make_group(session, partnership, "leads", name="Lead representatives")
        middle = make_group(session, partnership, "board", name="Board", escalates_to_id=top.id)
        make_group(session, partnership, "task", name="Task group", escalates_to_id=middle.id)
        make_person(session, partnership, "coordinator@chscp.example", "coordinator", name="Casey Morgan")
    act(sqlite_engine, "raise_escalation", by="coordinator@chscp.example", group="task", title="Beds?", ask="Two")
    with served(sqlite_engine) as base:
        yield base


def _raise(world: Engine, now: str = NOW, **facts: object) -> str:
    dull = {"group": "qap", "title": "Should beds wait?", "ask": "Fund two beds"}
    return act(world, "raise_escalation", now=now, **{**dull, **facts}).reference


def _answer(world: Engine, reference: str = "E1", **facts: object) -> None:
    dull = {"on": "2021-06-01", "answer": "agreed", "text": "From July"}
    act(world, "respond_to_escalation", reference, by="exec@thscp.example", **{**dull, **facts})


def _waiting(page: Page) -> str:
    """Give the number beside Escalations in the navigation."""
    _, _, after = page.words.partition("Escalations")
    return after.split()[0] if after.split()[1] == "waiting" else ""


def test_tracker_shows_question_answer_and_age(world, as_):
    _raise(world, now="2021-04-01T09:00")
    _raise(world, title="Who pays?", group="rrp")
    _answer(world, "E2")

    page = as_("exec").opens("/escalations?show=waiting")

    assert (page.status, page.heading) == (200, "Escalation tracker")
    assert "Waiting for a response (1) Answered (1)" in page.words
    assert "E1 Should beds wait? Quality Assurance and Performance Group, 1 April 2021 Fund two beds None yet." in (
        page.words.replace("\u00a0", " ")
    )
    assert '<span class="app-late">61 days</span>' in page.text
    assert "/escalations/E1/respond" in page.links


def test_tracker_asks_as_often_for_six_as_for_three(world):
    for number in (1, 2, 3, 4, 5, 6):
        _raise(world)
        if number % 2 == 0:
            _answer(world, f"E{number}")
    counts = []
    # The first time also asks for what is kept until the next deed.
    for status in ("", "", "answered"):
        asked: list[str] = []
        where = {"status": status} if status else {}
        with each_statement(world, lambda sql, _, asked=asked: asked.append(sql)), reading(world) as session:
            reader = doer_by_email(session, "exec@thscp.example", london_day(moment_from(NOW)))
            rows = list_rows(session, "escalations", where, reader, moment_from(NOW))
        counts.append((len(rows), len(asked)))

    assert [rows for rows, _ in counts[1:]] == [6, 3]
    assert counts[1][1] == counts[2][1]


def test_four_weeks_are_not_too_long_yet(world, as_):
    _raise(world, now="2021-05-04T09:00")

    page = as_("exec").opens("/escalations")

    assert '<span class="">28 days</span>' in page.text


def test_both_answers_stand_in_the_table_in_their_order(world, as_):
    _raise(world)
    _answer(world)
    _answer(world, answer="agreed_in_part", text="Three beds")

    page = as_("owner").opens("/escalations?show=answered")

    words = page.words.replace("\u00a0", " ")
    assert "Agreed. From July Evan Reed, 1 June 2021 Evan Reed adds on 1 June 2021: agreed in part. Three beds" in words


def test_tab_of_the_meeting_holds_what_waits_and_what_was_answered_since_the_last(world, as_):
    act(world, "schedule_meeting", group="exec", on="2021-05-04", now="2021-04-01T09:00")
    act(world, "schedule_meeting", group="exec", on="2021-06-08", now="2021-04-01T09:00")
    for title in ("One?", "Two?", "Three?"):
        _raise(world, now="2021-04-01T09:00", title=title)
    _answer(world, "E1", on="2021-05-03", now="2021-05-03T09:00")
    _answer(world, "E2", on="2021-05-04", now="2021-05-04T09:00")

    page = as_("exec").opens("/escalations")

    assert "Papers for the Executive Group, 8 June 2021" in page.words.replace("\u00a0", " ")
    assert "This meeting (2) Waiting for a response (1) Answered (2)" in page.words
    assert [link for link in page.links if link in ("/escalations/E1", "/escalations/E2", "/escalations/E3")] == [
        "/escalations/E3",
        "/escalations/E2",
    ]


def test_empty_tracker_says_when_the_last_was_answered(world, as_):
    _raise(world)
    _answer(world)

    page = as_("exec").opens("/escalations")

    assert "No escalations are waiting. The last was answered on 1 June 2021." in page.words.replace("\u00a0", " ")


def test_withdrawn_ones_have_a_tab_when_there_are_some(world, as_):
    _raise(world)
    act(world, "withdraw_escalation", "E1", reason="Solved")

    page = as_("exec").opens("/escalations?show=withdrawn")

    assert "Withdrawn (1)" in page.words
    assert "/escalations/E1" in page.links


def test_whoever_is_not_signed_in_reads_no_tracker(stranger):
    page = stranger.opens("/escalations")

    assert page.address.startswith("/sign-in")


def test_file_of_the_tracker_holds_no_formula(world, as_):
    _raise(world, title="=1+1 or beds?", ask="@SUM(A1)", confirmed=["looks_personal"])
    _raise(world)
    _answer(world, "E2")

    page = as_("exec").opens("/escalations.csv?show=waiting")

    assert page.headers["content-type"] == "text/csv; charset=utf-8"
    assert page.headers["content-disposition"] == 'attachment; filename="escalations.csv"'
    assert page.text[0] == "\ufeff"
    assert list(csv.reader(io.StringIO(page.text[1:])))[1:] == [
        [
            "E1",
            "'=1+1 or beds?",
            "Quality Assurance and Performance Group",
            "2021-06-01",
            "Executive Group",
            "'@SUM(A1)",
            "Waiting",
            "0",
            "0",
            "",
            "",
            "",
        ]
    ]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "|"])
def test_cell_that_would_begin_a_formula_gets_an_apostrophe(sign):
    assert (guarded(f"{sign}1"), guarded(f"1{sign}")) == (f"'{sign}1", f"1{sign}")


def test_whole_file_holds_every_escalation(world, as_):
    _raise(world)
    _raise(world)
    _answer(world, "E2")

    page = as_("exec").opens("/escalations.csv")

    rows = list(csv.reader(io.StringIO(page.text[1:])))
    assert [(row[0], row[9]) for row in rows[1:]] == [
        ("E1", ""),
        ("E2", "Evan Reed answered on 1 June 2021: agreed. From July"),
    ]


def test_one_escalation_shows_its_way(world, as_):
    make_case(world)
    _raise(world, about=["TH-2021-001"], why="Children wait")
    _answer(world)
    with unit_of_work(world) as session:
        mark_told(session, 1, moment_from("2021-06-01T12:30"))

    page = as_("coordinator").opens("/escalations/E1")

    words = page.words.replace("\u00a0", " ")
    assert (page.status, page.heading) == (200, "Escalation E1 Should beds wait?")
    assert "Group told on 1 June 2021" in words
    assert "Evan Reed answered on 1 June 2021: agreed From July" in words
    assert "/cases/TH-2021-001" in page.links
    assert not [link for link in page.links if link.endswith("/respond")]


def test_case_that_she_may_not_open_is_not_named(world, as_):
    make_case(world)
    _raise(world, about=["TH-2021-001"], ask="For TH-2021-001 a bed")

    page = as_("owner").opens("/escalations/E1")

    assert "TH-2021-001" not in page.text
    assert "For [a case] a bed" in page.words


def test_escalation_that_there_is_not_is_not_found(as_):
    page = as_("exec").opens("/escalations/E9")

    assert page.status == 404


def test_member_of_the_executive_answers_with_four_clicks(world, as_):
    _raise(world, group="rrp")
    exec_ = as_("exec")

    # The link of the digest, the answer, Check and send, Send the answer.
    form = exec_.opens("/escalations/E1/respond")
    check = exec_.sends_form(form, form.forms[-1], answer="agreed_in_part", text="One bed from April")
    done = exec_.sends_form(check, _of(check, "send"))

    assert (check.status, check.heading) == (200, "Escalation E1: Should beds wait? Check your answer")
    assert (done.status, done.address) == (200, "/escalations")
    assert "Your answer to E1 is sent." in done.words
    response = shown(world, "E1", kind="escalation")["response"]
    assert (response["answer"], response["text"], response["by"]) == (
        "agreed_in_part",
        "One bed from April",
        "Evan Reed",
    )


def _of(page: Page, step: str) -> dict:
    return next(form for form in page.forms if form["fields"].get("step") == step)


def test_answer_on_the_check_page_can_be_changed(world, as_):
    _raise(world)
    exec_ = as_("exec")
    check = exec_.sends("/escalations/E1/respond", answer="agreed", text="One\nbed")

    again = exec_.sends_form(check, _of(check, "change"))

    assert (again.status, again.forms[-1]["fields"]["answer"], again.forms[-1]["fields"]["text"]) == (
        200,
        "agreed",
        "One\nbed",
    )
    assert shown(world, "E1", kind="escalation")["responses"] == []


def test_answer_sent_by_a_double_click_is_recorded_once(world, as_):
    _raise(world)
    exec_ = as_("exec")
    check = exec_.sends("/escalations/E1/respond", answer="agreed", text="One bed")

    twice = [exec_.sends_form(check, _of(check, "send")) for _ in range(2)]

    assert [page.address for page in twice] == ["/escalations", "/escalations"]
    assert len(shown(world, "E1", kind="escalation")["responses"]) == 1
    with reading(world) as session:
        assert len(outbox.messages(session, about="E1")) == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": "=<b>{{ 7 }}"}, "Choose the response"),
        ({"text": "", "answer": "asked_back"}, "Say what the group is asked first"),
        ({"text": "Later", "answer": "deferred"}, "Enter the date on which you will decide"),
        (
            {"text": "Later", "answer": "deferred", "until-day": "31", "until-month": "2", "until-year": "2022"},
            "Enter a real date",
        ),
        ({"text": "x" * 4001, "answer": "agreed"}, "4,000 characters or fewer (you have 4,001)"),
    ],
)
def test_answer_that_is_half_said_comes_back_with_what_was_typed(world, as_, fields, sentence):
    _raise(world)

    page = as_("exec").sends("/escalations/E1/respond", **fields)

    assert (page.status, page.title[:7]) == (422, "Error: ")
    assert sentence in page.words
    assert page.forms[-1]["fields"]["text"] == fields["text"]


def test_date_that_has_passed_comes_back_when_it_is_sent(world, as_):
    _raise(world)
    exec_ = as_("exec")
    date = {"until-day": "1", "until-month": "5", "until-year": "2021"}
    check = exec_.sends("/escalations/E1/respond", answer="deferred", **date)

    page = exec_.sends_form(check, _of(check, "send"))

    assert page.status == 422
    assert "The date until which it is deferred must be today or later." in page.words
    assert page.forms[-1]["fields"]["until-month"] == "5"


def test_decision_at_the_meeting_takes_the_day_of_the_meeting(world, as_):
    _raise(world)
    act(world, "schedule_meeting", group="exec", on="2021-06-08")
    exec_ = as_("exec")

    check = exec_.sends("/escalations/E1/respond", answer="deferred")
    done = exec_.sends_form(check, _of(check, "send"))

    assert "Decide later, on 8 June 2021" in check.words.replace("\u00a0", " ")
    assert done.address == "/escalations"
    assert shown(world, "E1", kind="escalation")["deferred_until"] == "2021-06-08"
    assert "Evan Reed answered on 1 June 2021: to be decided on 8 June 2021." in done.words.replace("\u00a0", " ")


def test_what_looks_personal_is_confirmed_once(world, as_):
    _raise(world)
    exec_ = as_("exec")
    check = exec_.sends("/escalations/E1/respond", answer="agreed", text="Ring 020 7946 0123")
    warned = exec_.sends_form(check, _of(check, "send"))

    again = exec_.sends_form(warned, warned.forms[-1], confirmed="looks_personal")
    done = exec_.sends_form(again, _of(again, "send"))

    assert (warned.status, "This looks like a phone number. Take it out, or confirm" in warned.words) == (422, True)
    assert (done.address, shown(world, "E1", kind="escalation")["status"]) == ("/escalations", "answered")


def test_second_answer_sees_the_first_and_adds_to_it(world, as_):
    _raise(world)
    exec_ = as_("exec")
    check = exec_.sends("/escalations/E1/respond", answer="not_agreed", text="Not now")
    _answer(world)

    stale = exec_.sends_form(check, _of(check, "send"))
    check = exec_.sends_form(stale, stale.forms[-1])
    done = exec_.sends_form(check, _of(check, "send"))

    words = stale.words.replace("\u00a0", " ")
    assert stale.status == 409
    assert "E1 has moved on. Evan Reed answered it at midday. Your text is kept below." in words
    assert "Evan Reed answered on 1 June 2021: agreed From July" in words
    assert stale.forms[-1]["fields"]["text"] == "Not now"
    assert done.address == "/escalations"
    assert [row["said"] for row in shown(world, "E1", kind="escalation")["responses"]] == [
        "Evan Reed answered on 1 June 2021: agreed",
        "Evan Reed adds on 1 June 2021: not agreed",
    ]


def test_form_that_has_gone_stale_says_so_before_the_check(world, as_):
    _raise(world)
    exec_ = as_("exec")
    form = exec_.opens("/escalations/E1/respond")
    _answer(world)

    page = exec_.sends_form(form, form.forms[-1], answer="agreed", text="Mine")

    assert (page.status, page.forms[-1]["fields"]["text"]) == (409, "Mine")


@pytest.mark.parametrize("who", ["coordinator", "owner", "scrutineer"])
def test_whoever_does_not_decide_is_offered_no_answer(world, as_, who):
    _raise(world)
    reader = as_(who)

    pages = reader.opens("/escalations"), reader.opens("/escalations/E1/respond")

    assert not [link for link in pages[0].links if link.endswith("/respond")]
    assert (pages[1].status, pages[1].heading) == (403, "You cannot do this")


def test_withdrawn_escalation_takes_no_answer(world, as_):
    _raise(world)
    exec_ = as_("exec")
    check = exec_.sends("/escalations/E1/respond", answer="agreed", text="Mine")
    act(world, "withdraw_escalation", "E1", reason="Solved")

    sent = exec_.sends_form(check, _of(check, "send"))
    opened = exec_.opens("/escalations/E1/respond")

    assert (sent.status, sent.forms[-1]["fields"]["text"]) == (409, "Mine")
    assert (opened.status, opened.heading) == (409, "This could not be done")


def test_coordinator_raises_an_escalation(world, as_):
    make_case(world)

    page = as_("coordinator").sends(
        "/escalations/new",
        group="thscp/qap",
        title="Should beds wait?",
        ask="Fund two",
        urgency="urgent",
        about="th-2021-001",
    )

    assert (page.address, page.heading) == ("/escalations/E1", "Escalation E1 Should beds wait?")
    shows = shown(world, "E1", kind="escalation")
    assert (shows["group"], shows["ask"], shows["urgency"], shows["about"]) == (
        "qap",
        "Fund two",
        "urgent",
        ["TH-2021-001"],
    )


def test_escalation_raised_by_a_double_click_is_raised_once(world, as_):
    coordinator = as_("coordinator")
    page = coordinator.opens("/escalations/new?about=A1")
    given = {"group": "thscp/qap", "title": "Beds?", "ask": "Two", "about": ""}

    pages = [coordinator.sends_form(page, page.forms[-1], **given) for _ in range(2)]

    assert page.forms[-1]["fields"]["about"] == "A1"
    assert [done.address for done in pages] == ["/escalations/E1", "/escalations/E1"]
    assert _waiting(pages[-1]) == "1"


@pytest.mark.parametrize(
    ("fields", "sentences"),
    [
        (
            {"ask": "Two beds"},
            ["Choose the group that asks", "Write the question as a title"],
        ),
        (
            {"ask": "Two beds", "group": "thscp/qap", "title": "Beds?", "about": "A99"},
            ["There is no case or action with the reference A99 that you can open. Ask the business unit."],
        ),
    ],
)
def test_escalation_that_is_half_said_comes_back(world, as_, fields, sentences):
    page = as_("coordinator").sends("/escalations/new", **fields)

    assert (page.status, page.forms[-1]["fields"]["ask"]) == (422, "Two beds")
    assert [sentence in page.words for sentence in sentences] == [True] * len(sentences)


def test_whoever_speaks_for_no_group_raises_nothing(as_):
    owner = as_("owner")

    pages = owner.opens("/escalations"), owner.opens("/escalations/new")

    assert "/escalations/new" not in pages[0].links
    assert pages[1].status == 403


def test_chair_without_a_group_is_told_whom_to_ask(world, as_):
    with unit_of_work(world) as session:
        partnership = partnership_by_code(session, "thscp")
        make_person(session, partnership, "chair@thscp.example", "group_chair")

    page = as_("chair@thscp.example").opens("/escalations/new")

    assert (page.status, "You speak for no group that could raise an escalation." in page.words) == (200, True)


def test_member_raises_for_her_own_group_only(as_):
    page = as_("qap").opens("/escalations/new")

    assert page.forms[-1]["fields"]["group"] == "thscp/qap"
    assert "Rapid Review Panel" not in page.text


@pytest.mark.parametrize(("way", "status"), [("withdraw", "withdrawn"), ("pass-up", "waiting")])
def test_what_may_become_of_an_escalation_is_done_with_a_reason(sqlite_engine, three_floors, way, status):
    with signed_in(sqlite_engine, three_floors, "coordinator", "chscp") as coordinator:
        empty = coordinator.sends(f"/escalations/E1/{way}")
        done = coordinator.sends(f"/escalations/E1/{way}", reason="It is for the leads")

    assert (empty.status, "Give the reason" in empty.words) == (422, True)
    assert (done.status, done.address) == (200, "/escalations/E1")
    assert "It is for the leads" in done.words
    assert shown(sqlite_engine, "E1", kind="escalation")["status"] == status


def test_escalation_at_the_top_is_not_passed_up_and_a_withdrawn_one_not_withdrawn(world, as_):
    _raise(world)
    coordinator = as_("coordinator")

    top = coordinator.opens("/escalations/E1/pass-up")
    form = coordinator.opens("/escalations/E1/withdraw")
    act(world, "withdraw_escalation", "E1", reason="Solved")
    late = coordinator.sends_form(form, form.forms[-1], reason="Mine")
    again = coordinator.opens("/escalations/E1/withdraw")

    assert (top.status, late.status, late.forms[-1]["fields"]["reason"], again.status) == (403, 409, "Mine", 409)


def test_executive_is_not_offered_to_withdraw(world, as_):
    _raise(world)

    page = as_("exec").opens("/escalations/E1/withdraw")

    assert page.status == 403


def test_barred_case_leaves_no_trace_in_the_tracker(world, as_):
    make_case(world)
    _raise(world, title="Marker one?")
    _raise(world, title="Marker two?", about=["TH-2021-001"])
    act(world, "declare_conflict", "TH-2021-001", person="exec@thscp.example", reason="Kin")
    exec_ = as_("exec")

    pages = [exec_.opens(path) for path in ("/escalations", "/escalations?show=waiting", "/escalations.csv")]
    barred = [exec_.opens(path) for path in ("/escalations/E2", "/escalations/E2/respond")]

    # Of the references as a reader sees them: the token of a form is drawn by lot, and may hold any two letters.
    assert [("E1" in page.words, "E2" in page.words, "Marker two" in page.text) for page in pages] == [
        (True, False, False)
    ] * 3
    assert [link for page in pages for link in page.links if "E2" in link] == []
    assert "Waiting for a response (1)" in pages[0].words
    assert (_waiting(pages[0]), _waiting(as_("coordinator").opens("/escalations"))) == ("1", "2")
    assert [page.status for page in barred] == [404, 404]


def test_opening_a_form_changes_nothing(world, base, as_):
    _raise(world)
    exec_ = as_("exec")

    for _ in range(2):
        exec_.opens("/escalations/E1/respond")
    httpx.head(f"{base}/escalations/E1/respond", timeout=PATIENCE)

    assert shown(world, "E1", kind="escalation")["version"] == 1


def test_figures_by_quarter_stand_on_a_page(world, as_):
    _raise(world, now="2020-11-02T09:00")
    _raise(world, now="2021-04-01T09:00")
    _answer(world, "E2")

    page = as_("scrutineer").opens("/escalations/figures")

    assert (page.status, page.heading) == (200, "Escalations by quarter")
    assert "1 escalation waits now" in page.words
    assert "April to June 2021 All groups 1 1 61 1" in page.words


def test_coordinator_dismisses_what_is_proposed(world, as_):
    make_case(world, "TH-2021-001", known_on="2021-04-01", now="2021-04-01T10:00")
    coordinator = as_("coordinator")
    address = "/escalations/new?about=TH-2021-001&rule=missed_clock&clock=notify_panel"
    assert "Consider escalating Plover" in coordinator.opens("/today").words

    form = coordinator.opens(address)
    page = coordinator.sends(
        "/escalations/dismiss-proposal?about=TH-2021-001&rule=missed_clock&clock=notify_panel",
        for_good="no",
        reason="Agreed with the national Panel",
    )

    assert "a date that law or guidance sets has passed" in form.words
    assert "Do not escalate it" in form.words
    assert (page.address, "Consider escalating" in page.words) == ("/today", False)


def test_escalation_is_looked_at_again_on_its_page(world, as_):
    _raise(world)
    group = as_("qap")

    page = group.sends(
        "/escalations/E1/review",
        **{"next_review_on-day": "1", "next_review_on-month": "9"},
        **{"next_review_on-year": "2021"},
    )

    assert page.address == "/escalations/E1"
    assert "To be looked at again on 1 September 2021." in page.words.replace("\u00a0", " ")


def test_form_to_raise_knows_the_group_and_the_meeting_it_came_from(world, as_):
    act(world, "schedule_meeting", group="qap", on="2021-06-10", now=NOW)

    page = as_("qap").opens("/meetings/M1")
    [link] = [one for one in page.links if one.startswith("/escalations/new")]
    as_("qap").sends(link, title="Should beds wait?", ask="Fund two")

    assert link == "/escalations/new?group=thscp%2Fqap&meeting=M1"
    found = shown(world, "E1", kind="escalation", now=NOW)
    assert (found["meeting"], found["group"], found["raised_there"]) == ("M1", "qap", True)
