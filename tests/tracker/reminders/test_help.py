"""What happens when an owner is silent or stuck, when her date moves, and when a case is decided."""

import pytest

from tests.make import act, make_case, make_person, make_world
from tests.tracker.reminders.post import CARE, COORDINATOR, LEAD, OWNER, Post, add, change_person, partnership, setting
from tracker.clock import moment_from
from tracker.database import reading, unit_of_work
from tracker.reminders.planning import plan_reminders
from tracker.showing.jobs import list_jobs

HELP = f"{LEAD}: Action A1 needs help from your agency"
WEDNESDAYS = [
    f"2021-{day}" for day in ("06-16", "06-23", "06-30", "07-07", "07-14", "07-21", "07-28", "08-04", "08-11")
]


@pytest.fixture
def world(engine, tmp_path):
    make_world(engine)
    setting(engine, "reminders.tell_new_owner", False)
    return Post(engine, tmp_path / "mail")


def to_lead(sent):
    """Leave out what the owner was asked."""
    return {day: [line for line in lines if not line.startswith(OWNER)] for day, lines in sent.items()}


def jobs(post, now, code="unanswered"):
    """Give the sentences of the jobs of a kind."""
    with reading(post.engine) as session:
        return [job["sentence"] for job in list_jobs(session, {}, None, moment_from(now)) if job["code"] == code]


def test_third_unanswered_reminder_tells_the_lead_once_and_the_last_becomes_a_job(world):
    add(world.engine, agency=CARE)

    before = [jobs(world, f"{day}T12:00") for day in WEDNESDAYS[:7] if world.run(f"{day}T08:00")]
    after = world.runs(WEDNESDAYS[7:])

    texts = [text for text in world.texts() if text.startswith("Action A1 needs help")]
    assert len(texts) == 1
    assert texts[0].split("\n\n")[2] == (
        "Action A1, “Share records”, has had no answer to 3 reminders. Its\ndate is 30 June 2021."
    )
    assert before == [[]] * 7
    assert list(after) == ["2021-08-04"]
    assert jobs(world, "2021-08-11T12:00") == ["A1: 8 reminders unanswered. Ask Owen Field, or pass it on."]


def test_lead_is_told_on_the_morning_of_the_third_reminder(world):
    add(world.engine, agency=CARE)

    sent = to_lead(world.runs(WEDNESDAYS[:5]))

    assert sent == {
        "2021-06-16": [],
        "2021-06-23": [],
        "2021-06-30": [HELP],
        "2021-07-07": [],
        "2021-07-14": [],
    }


def test_titles_name_no_case_from_which_whom_the_email_is_for_is_barred(world):
    make_case(world.engine, "TH-2021-777", now="2021-06-01T09:00")
    add(world.engine, agency=CARE, title="As TH-2021-777 says")
    for person in (OWNER, LEAD):
        act(world.engine, "declare_conflict", "TH-2021-777", person=person, reason="Kin", now="2021-06-01T13:00")

    world.runs(WEDNESDAYS[:3])

    titled = [" ".join(text.split()) for text in world.texts() if "As" in text]
    assert ["As [a case] says" in text for text in titled] == [True] * 4
    assert not [text for text in titled if "TH-2021-777" in text]


def test_answer_starts_the_count_of_unanswered_reminders_anew(world):
    add(world.engine, agency=CARE)
    world.runs(WEDNESDAYS[:2])
    act(world.engine, "update_action", "A1", by=OWNER, report="on_track", now="2021-06-24T12:00")
    act(world.engine, "accept_update", "A1", now="2021-06-25T12:00")

    sent = to_lead(world.runs(WEDNESDAYS[2:]))

    # The 30th of June, the 7th and the 14th of July are three again.
    assert [day for day, lines in sent.items() if lines] == ["2021-07-14"]
    assert jobs(world, "2021-08-11T12:00") == []


def test_new_owner_starts_the_count_anew(world):
    with unit_of_work(world.engine) as session:
        make_person(session, partnership(session), "next@thscp.example", "owner", name="Nora Next")
    add(world.engine, agency=CARE)
    world.runs(WEDNESDAYS[:2])
    act(world.engine, "reassign_action", "A1", owner="next@thscp.example", reason="Moved", now="2021-06-24T12:00")

    sent = world.runs(WEDNESDAYS[2:5])

    assert [lines[-1] for lines in sent.values()] == [
        "next@thscp.example: 1 action needs an update by 14 July 2021: A1",
        "next@thscp.example: 1 action needs an update by 21 July 2021: A1",
        HELP,
    ]


def test_missed_reminders_do_not_count_as_unanswered(world):
    add(world.engine, agency=CARE)

    sent = to_lead(world.runs(["2021-07-07", "2021-07-14", "2021-07-21"]))

    assert sent == {"2021-07-07": [], "2021-07-14": [], "2021-07-21": [HELP]}


def test_settings_say_when_the_lead_is_told_and_when_reminders_stop(world):
    setting(world.engine, "reminders.tell_lead_after", 1)
    setting(world.engine, "reminders.stop_after", 2)
    add(world.engine, agency=CARE)

    sent = to_lead(world.runs(WEDNESDAYS[:4]))

    assert sent == {"2021-06-16": [HELP], "2021-06-23": []}
    assert jobs(world, "2021-06-30T12:00") == ["A1: 2 reminders unanswered. Ask Owen Field, or pass it on."]


def test_deputy_is_asked_where_a_conflict_bars_the_lead(world):
    case = make_case(world.engine)
    with unit_of_work(world.engine) as session:
        make_person(session, partnership(session), "deputy@thscp.example", "agency_lead", agency=CARE)
    setting(world.engine, "reminders.tell_lead_after", 1)
    add(world.engine, agency=CARE, sources=[case])
    act(world.engine, "declare_conflict", case, person=LEAD, reason="Family")

    sent = world.run("2021-06-16T08:00")

    assert [line for line in sent if "help" in line] == ["deputy@thscp.example: Action A1 needs help from your agency"]


def test_lead_is_not_told_of_silence_that_ended_before_the_email_went(world):
    setting(world.engine, "reminders.tell_lead_after", 1)
    add(world.engine, agency=CARE)
    plan_reminders(world.engine, moment_from("2021-06-16T08:00"))
    act(world.engine, "update_action", "A1", by=OWNER, report="on_track", now="2021-06-16T08:02")

    assert world.run("2021-06-16T08:05") == []


def test_owner_who_is_stuck_brings_her_lead_in_once(world):
    add(world.engine, agency=CARE)
    for minute in (0, 5):
        act(world.engine, "update_action", "A1", by=OWNER, report="stuck", now=f"2021-06-10T12:0{minute}")

    assert [world.run("2021-06-10T12:06"), world.run("2021-06-11T08:00")] == [[HELP], []]


def test_lead_reads_that_the_owner_is_stuck(world):
    add(world.engine, agency=CARE)
    act(world.engine, "update_action", "A1", by=OWNER, report="stuck", now="2021-06-10T12:00")

    assert world.run("2021-06-10T12:01") == [HELP]
    assert world.texts()[0].split("\n\n")[2:4] == [
        "Action A1, “Share records”, is stuck, its owner says. Its date is\n30 June 2021.",
        "Please help its owner, or name a new one. Reply to this email to say\nwhich.",
    ]


def test_lead_who_reports_herself_that_it_is_stuck_is_not_written_to(world):
    add(world.engine, agency=CARE)
    act(world.engine, "update_action", "A1", by=LEAD, report="stuck", now="2021-06-10T12:00")

    assert world.run("2021-06-10T12:01") == []


def test_moved_date_voids_what_was_not_sent_and_is_told_once(world):
    add(world.engine)
    world.run("2021-06-16T08:00")
    plan_reminders(world.engine, moment_from("2021-06-23T08:00"))
    act(world.engine, "move_due_date", "A1", due_on="2021-09-15", reason="Staff", now="2021-06-23T08:01")

    sent = world.runs(["2021-06-23", "2021-06-24", "2021-06-25", "2021-06-30", "2021-07-07", "2021-09-01"], at="08:05")

    # 15 September 2021 is a Wednesday; 14 days before it is the 1st.
    assert sent == {
        "2021-06-24": [f"{OWNER}: 1 action has a new date: A1"],
        "2021-09-01": [f"{OWNER}: 1 action needs an update by 15 September 2021: A1"],
    }
    assert world.texts()[1] == (
        """1 action has a new date: A1
===========================

Dear Owen Field,


DATES THAT HAVE MOVED
---------------------

* A1, Share records: now due on 15 September 2021.

You do not need to do anything about this now: we will ask you how
it goes when the day is near.


---
You get this because an action in the partnership’s learning tracker
is yours.

Official - sensitive. This email holds no details of any child.
Please do not reply with any.
Partnership business unit: coordinator@thscp.example
"""
    )


def test_date_moved_into_the_window_skips_the_reminders_that_passed(world):
    add(world.engine, due_on="2021-09-15")
    act(world.engine, "move_due_date", "A1", due_on="2021-06-30", reason="Sooner", now="2021-06-18T12:00")

    # A Friday: told on Monday, reminded on the 23rd.
    assert world.runs(["2021-06-18", "2021-06-21", "2021-06-22", "2021-06-23"], at="12:30") == {
        "2021-06-21": [f"{OWNER}: 1 action has a new date: A1"],
        "2021-06-23": [f"{OWNER}: 1 action needs an update by 7 July 2021: A1"],
    }


def test_date_moved_twice_before_the_morning_is_told_once(world):
    add(world.engine)
    for day in ("2021-09-01", "2021-09-15"):
        act(world.engine, "move_due_date", "A1", due_on=day, reason="Staff", now="2021-06-08T12:00")

    sent = world.runs(["2021-06-09", "2021-06-10", "2021-06-11"])

    assert sent == {"2021-06-09": [f"{OWNER}: 1 action has a new date: A1"]}
    assert "now due on 15 September 2021" in world.texts()[0]


def test_next_round_of_a_recurring_action_is_no_moved_date(world):
    add(world.engine, due_on="2021-06-30", timescale="Quarterly")
    act(world.engine, "update_action", "A1", by=OWNER, report="done", evidence="Minutes", now="2021-06-10T12:00")
    act(world.engine, "accept_update", "A1", now="2021-06-11T12:00")

    # A quarter after 30 June: 30 September; 14 days before it is Thursday the 16th.
    assert world.runs(["2021-06-14", "2021-06-30", "2021-09-15", "2021-09-16"]) == {
        "2021-09-16": [f"{OWNER}: 1 action needs an update by 30 September 2021: A1"]
    }


def test_panel_that_recommended_is_told_that_its_case_is_decided_and_nothing_of_the_decision(world):
    with unit_of_work(world.engine) as session:
        here = partnership(session)
        make_person(session, here, None, "panel", name="No Address", groups=["rrp"])
        make_person(session, here, "barred@thscp.example", "panel", groups=["rrp"])
    case = make_case(world.engine, notified_on="2021-06-01")
    act(world.engine, "declare_conflict", case, person="barred@thscp.example", reason="Family")
    act(world.engine, "convene_panel", case, on="2021-06-02", now="2021-06-02T12:00")
    facts = {"on": "2021-06-03", "outcome": "no_review", "immediate_learning": "none", "reason": "Known well"}
    act(world.engine, "record_recommendation", case, **facts, now="2021-06-03T12:00")
    act(world.engine, "send_to_national_panel", case, on="2021-06-04", now="2021-06-04T12:00")
    decided = {"on": "2021-06-07", "outcome": "no_review", "reason": "Not needed"}
    act(world.engine, "record_decision", case, by="exec@thscp.example", **decided, now="2021-06-07T12:00")

    sent = [world.run("2021-06-07T12:05"), world.run("2021-06-07T12:10")]

    told = [line for line in sent[0] if not line.startswith(COORDINATOR)]
    text = world.texts()[-1]
    assert (told, sent[1]) == (
        ["rrp@thscp.example: The Executive has recorded its decision: case TH-2021-001"],
        [],
    )
    assert [word for word in ("Not needed", "Known well", "review", "no_review") if word in text] == []


def test_lead_who_opted_out_is_not_asked(world):
    setting(world.engine, "reminders.tell_lead_after", 1)
    add(world.engine, agency=CARE)
    change_person(world.engine, LEAD, opted_out=True)

    assert to_lead(world.runs(["2021-06-16"])) == {"2021-06-16": []}
