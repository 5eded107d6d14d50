"""Lists: what each shows, how it is filtered and ordered, and that a conflict leaves no trace in any."""

import pytest
from sqlalchemy import Engine

from tests import make
from tests.statements import each_statement
from tests.tracker.command_line import CommandLine
from tracker.database import reading, unit_of_work
from tracker.groups.queries import partnership_by_code
from tracker.showing.lists import list_rows

COORDINATOR, EXEC, PANEL = (f"{who}@thscp.example" for who in ("coordinator", "exec", "rrp"))


@pytest.fixture
def tracker(
    engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    with unit_of_work(engine) as session:
        make.make_team(session, "thscp")
    return CommandLine(monkeypatch, capsys, database_url)


def opened(tracker: CommandLine, notified_on: str = "2020-12-17", **facts: object) -> str:
    known = {"partnership": "thscp", "known_on": "2020-12-16", "notified_on": notified_on}
    return tracker.do("open-case", None, COORDINATOR, **(known | facts)).document["reference"]


def jobs(tracker: CommandLine, *more: str) -> list[tuple[str, str | None]]:
    return [(job["sentence"], job["due"]) for job in tracker("list", "jobs", "--json", *more).document]


def test_cases_show_where_each_stands(tracker):
    opened(tracker, themes=["neglect"])
    tracker.at("2021-01-14T10:00")

    assert tracker("list", "cases", "--json").document == [
        {
            "reference": "TH-2020-001",
            "partnership": "thscp",
            "pseudonym": "Plover",
            "public_label": None,
            "kind": "rapid_review",
            "status": "notified",
            "stage": 1,
            "year": None,
            "on_hold": False,
            "late": 1,
            "next_due": "2021-01-12",
            "version": 1,
        }
    ]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("theme=neglect", ["TH-2020-001"]),
        ("case=th-2020-002", ["TH-2020-002"]),
        ("partnership=thscp", ["TH-2020-001", "TH-2020-002"]),
        ("status=rapid_review", ["TH-2020-002"]),
        ("kind=rapid_review", ["TH-2020-001", "TH-2020-002"]),
        ("flag=on_hold", ["TH-2020-001"]),
        ("flag=overdue", []),
    ],
)
def test_cases_are_filtered(tracker, where, found):
    opened(tracker, themes=["neglect"])
    tracker.do("convene-panel", opened(tracker), COORDINATOR, on="2020-12-17")
    held = tracker.do("hold-case", "TH-2020-001", EXEC, reason="inquest", look_again_on="2021-02-01")

    rows = tracker("list", "cases", "--where", where, "--json").document

    assert held.status == 0
    assert [row["reference"] for row in rows] == found


def test_clocks_stand_late_first(tracker):
    opened(tracker, notified_on="2020-12-17")
    opened(tracker, notified_on="2020-12-16")
    tracker.at("2021-01-12T10:00")

    rows = tracker("list", "clocks", "--json").document

    assert [(row["case"], row["code"], row["due"], row["state"], row["late_by"]) for row in rows] == [
        ("TH-2020-002", "rapid_review", "2021-01-11", "late", 1),
        ("TH-2020-001", "rapid_review", "2021-01-12", "running", None),
    ]
    late = tracker("list", "clocks", "--where", "flag=overdue", "--json").document
    assert [row["case"] for row in late] == ["TH-2020-002"]
    soon = tracker("list", "clocks", "--where", "from=2021-01-12", "--where", "to=2021-01", "--json").document
    assert [row["case"] for row in soon] == ["TH-2020-001"]


def test_jobs_begin_with_a_verb_late_ones_first(tracker):
    first = opened(tracker)
    tracker.do("ask-return", first, COORDINATOR, agency="Metropolitan Police Service", due_on="2021-01-08")
    opened(tracker, notified_on="2020-12-16")
    tracker.at("2021-01-12T10:00")

    assert jobs(tracker) == [
        ("Send the rapid review of Kestrel to the national Panel.", "2021-01-11"),
        ("Chase the return of Metropolitan Police Service on Plover.", "2021-01-08"),
        ("Send the rapid review of Plover to the national Panel.", "2021-01-12"),
        ("Consider escalating Kestrel: “Rapid review sent to the national Panel” is missed.", None),
        ("Convene the panel for Kestrel.", None),
        ("Convene the panel for Plover.", None),
    ]
    assert jobs(tracker, "--where", "case=TH-2020-002") == [
        ("Send the rapid review of Kestrel to the national Panel.", "2021-01-11"),
        ("Convene the panel for Kestrel.", None),
    ]


def test_jobs_name_what_owners_and_holds_wait_for(tracker, engine):
    opened(tracker)
    tracker.do("hold-case", "TH-2020-001", EXEC, reason="inquest", look_again_on="2020-12-18")
    with unit_of_work(engine) as session:
        partnership = partnership_by_code(session, "thscp")
        silent = make.make_person(session, partnership, None, "owner", name="Sid Silent")
        make.make_action(session, partnership, reference="A8", owner_id=silent.id, cases=["TH-2020-001"])
        make.make_action(session, partnership, reference="A9", cases=["TH-2020-001"])
    tracker.at("2020-12-18T10:00")

    found = jobs(tracker)

    assert found == [
        ("Look again at the hold: release the case, or hold it on.", "2020-12-18"),
        ("Send the rapid review of Plover to the national Panel.", "2021-01-12"),
        ("Give Sid Silent an email address, or pass A8 to somebody who has one.", None),
        ("Name an owner for A9.", None),
    ]
    assert jobs(tracker, "--where", "flag=no_owner") == [("Name an owner for A9.", None)]
    assert jobs(tracker, "--where", "flag=cannot_be_reminded") == [found[2]]


def test_themes_count_cases_and_actions(tracker):
    opened(tracker, themes=["neglect"])
    tracker.do("add-action", "TH-2020-001", COORDINATOR, text="Do it", themes=["neglect"], due_on="2021-02-01")

    assert [theme for theme in tracker("list", "themes", "--json").document if theme["code"] == "neglect"] == [
        {
            "code": "neglect",
            "label": "Neglect",
            "cases": 1,
            "actions": 1,
            "open": 1,
            "late": 0,
            "complete": 0,
            "ended": 0,
            "reviews": 1,
            "first_year": "2020",
            "last_year": "2020",
            "years": [{"year": "2020", "reviews": 1}],
            "agencies": [{"agency": "No agency named", "open": 1, "late": 0, "complete": 0, "ended": 0}],
        }
    ]


def test_conflict_leaves_no_trace_in_any_list(tracker):
    opened(tracker, themes=["neglect"])
    tracker.do("add-action", "TH-2020-001", COORDINATOR, text="Do it", themes=["neglect"], due_on="2021-02-01",
               owner="owner@thscp.example")  # fmt: skip
    before = [tracker("list", kind, "--by", EXEC, "--json").document for kind in ("cases", "actions", "clocks", "jobs")]

    tracker.do("declare-conflict", "TH-2020-001", COORDINATOR, person=EXEC, reason="a relative")
    tracker.at("2021-03-01T10:00")

    assert all(before)
    for kind in ("cases", "actions", "escalations", "meetings", "clocks", "jobs", "emails"):
        assert tracker("list", kind, "--by", EXEC, "--json").document == []
    themes = tracker("list", "themes", "--by", EXEC, "--json").document
    assert {(theme["cases"], theme["actions"]) for theme in themes} == {(0, 0)}


def test_outsider_sees_nothing_in_any_list(tracker):
    opened(tracker)
    tracker("people", "add", "--name", "Otto", "--partnership", "thscp", "--role", "owner", "--email", "o@th.example")

    for kind in ("cases", "actions", "clocks", "jobs", "emails"):
        assert tracker("list", kind, "--by", "o@th.example", "--json").document == []


def test_emails_are_listed_by_state_and_to_whom_they_go(tracker):
    opened(tracker)
    tracker.do("convene-panel", "TH-2020-001", COORDINATOR, on="2020-12-17")

    emails = tracker("list", "emails", "--json").document
    hers = tracker("list", "emails", "--by", PANEL, "--json").document

    assert [sorted(email) for email in emails] == [
        ["about", "due_at", "kind", "sent_at", "state", "subject", "to"] for _ in emails
    ]
    assert [email for email in emails if email["to"] == PANEL] == hers


@pytest.mark.parametrize(
    ("about", "found"),
    [("A1", ["A1, A2"]), ("a2", ["A1, A2"]), ("A1, A2", ["A1, A2"]), ("A", []), ("A11", []), ("A_", []), ("%", [])],
)
def test_email_about_several_records_is_found_by_each(tracker, tmp_path, about, found):
    tracker.monkeypatch.setenv("TRACKER_MAIL", f"folder:{tmp_path}/mail")
    for _ in range(2):
        tracker.do("add-action", "thscp", COORDINATOR, text="Do it", due_on="2021-02-01", owner="owner@thscp.example")
    tracker.at("2021-01-25T08:00")
    tracker("run-due")

    emails = tracker("list", "emails", "--where", f"about={about}", "--where", "state=sent", "--json").document

    assert [email["about"] for email in emails] == found


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        (
            "state=boom",
            "Emails have no state 'boom'. There are: queued, sending, committing, sent, uncertain, assumed_sent, "
            "superseded, held, failed.\n",
        ),
        (
            "kind=boom",
            "Emails have no kind 'boom'. There are: action_reminder, new_action, date_moved, return_due, review_due, "
            "statutory_dates, look_again, reflection_due, escalation_digest, escalation_answered, meeting_held, "
            "meeting_dates, executive_decision, independence, update_received, update_queried, action_needs_help, "
            "owner_unreachable, new_link, link_not_theirs, invitation, password_reset.\n",
        ),
    ],
)
def test_code_that_no_email_has_is_misuse_with_those_that_there_are(tracker, where, sentence):
    answer = tracker("list", "emails", "--where", where)

    assert (answer.status, answer.out, answer.err) == (2, "", sentence)


def test_list_of_cases_takes_the_same_number_of_questions_however_many_there_are(tracker, engine):
    counts = []

    for _ in range(3):
        for _ in range(3):
            opened(tracker)
        asked: list[str] = []
        with each_statement(engine, lambda sql, values, asked=asked: asked.append(sql)), reading(engine) as session:
            list_rows(session, "cases", {}, None, make.NOON)
        counts.append(len(asked))

    # The first list also reads the definition, which is then kept for the life of the program.
    assert counts[1] == counts[2]
