"""How many clicks each five-minute job takes, from the page or the email on which it begins until it is done."""

from collections.abc import Iterator
from contextlib import ExitStack
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import Engine

from tests.journeys.service import Service, sent_to
from tests.journeys.window import Windows
from tests.make import act, make_case, make_person, make_world, shown
from tracker.database import unit_of_work
from tracker.groups.queries import partnership_by_code

CASE = "TH-2021-001"
OWNER = "owner@thscp.example"
CARE = "Children's Social Care"


@pytest.fixture
def service(sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """Give a running service with a team of Tower Hamlets, on Tuesday 8 June 2021."""
    make_world(sqlite_engine)
    with Service(sqlite_engine, tmp_path / "mail", monkeypatch, "thscp").running() as running:
        running.at("2021-06-08T09:00")
        yield running


@pytest.fixture
def windows(service: Service, chromium: Browser) -> Iterator[Windows]:
    with ExitStack() as closing:
        yield Windows(service, chromium, closing)


def plans(service: Service, *titles: str, **facts: object) -> None:
    """Put actions of the owner into the plan, due on Tuesday 22 June 2021 unless said otherwise."""
    for title in titles:
        given = {"text": title, "owner": OWNER, "agency": CARE, "due_on": "2021-06-22", **facts}
        act(service.engine, "add_action", title=title, now="2021-06-01T12:00", **given)


def reminder(service: Service) -> EmailMessage:
    """Let the reminders of Tuesday morning go, and give the owner's."""
    service.at("2021-06-07T08:00")
    service.runs_due()
    service.at("2021-06-08T08:00")
    return sent_to(service.runs_due(), OWNER)


def digest(service: Service) -> EmailMessage:
    """Ask the Executive something, let its digest go on its day, and give it."""
    act(service.engine, "raise_escalation", group="qap", title="Should beds wait?", ask="Fund two beds")
    act(service.engine, "schedule_meeting", group="exec", on="2021-06-15", at="14:30")
    service.at("2021-06-02T08:00")
    service.runs_due()
    service.at("2021-06-08T08:00")
    return sent_to(service.runs_due(), "exec@")


def to_publish(service):
    """Take the case to where its report is agreed and sent ahead, to be published on Tuesday 8 June."""
    engine = service.engine
    make_case(engine, CASE, known_on="2020-12-01", notified_on="2020-12-01", now="2020-12-01T10:00")
    act(engine, "convene_panel", CASE, on="2020-12-02", now="2020-12-02T10:00")
    learning = {"outcome": "review", "immediate_learning": "none"}
    rrp = {"by": "rrp@thscp.example", "now": "2020-12-08T10:00"}
    act(engine, "record_recommendation", CASE, on="2020-12-08", **learning, **rrp)
    act(engine, "send_to_national_panel", CASE, on="2020-12-08", now="2020-12-08T10:00")
    methods = ["multi_agency_audit", "partner_led_workshop"]
    by = {"by": "exec@thscp.example", "now": "2020-12-15T10:00"}
    act(engine, "record_decision", CASE, on="2020-12-15", outcome="review", methods=methods, reason="Harm", **by)
    for method in methods:
        lead = {"person": "reviewer@thscp.example", "level": "senior", "involvement": "none"}
        act(engine, "appoint_lead", CASE, method=method, **lead, **by)
    found = {"findings": [{"text": "Seen late"}], "recommendations": [{"text": "See earlier"}]}
    act(engine, "agree_report", CASE, on="2021-05-20", **found, by="exec@thscp.example", now="2021-05-20T10:00")
    act(engine, "plan_publication", CASE, on="2021-06-08", now="2021-05-20T10:00")
    act(engine, "record_sent_before_publication", CASE, on="2021-05-25", now="2021-05-25T10:00")


def case_of(service: Service) -> dict:
    return shown(service.engine, CASE, now=service.now)


def action_of(service: Service, reference: str) -> dict:
    return shown(service.engine, reference, kind="action", now=service.now)


def test_coordinator_sees_what_is_late_and_why_without_a_click(service, windows):
    make_case(service.engine, CASE, known_on="2021-06-01", notified_on="2021-06-01", now="2021-06-01T10:00")
    act(service.engine, "convene_panel", CASE, on="2021-06-02", now="2021-06-02T10:00")
    act(service.engine, "ask_return", CASE, agency=CARE, due_on="2021-06-16", now="2021-06-02T10:00")
    service.at("2021-06-25T09:00")
    with windows.of("coordinator") as window:
        window.starts()
        late = window.each(".app-jobs > li")

    assert window.clicks == 0
    assert late == [
        "3 working days late Send the rapid review of Plover to the national Panel TH-2021-001, rapid review "
        "1 return missing: Children's Social Care. Record a return for TH-2021-001, rapid review "
        "Was due 22 June 2021 Statutory guidance",
        "7 working days late Chase the return of Children's Social Care on Plover TH-2021-001, rapid review "
        "Was due 16 June 2021 Local target",
        "No date Consider escalating Plover: “Rapid review sent to the national Panel” is missed "
        "TH-2021-001, rapid review",
    ]


def test_coordinator_records_a_step_that_a_job_names_with_three(service, windows):
    to_publish(service)
    with windows.of("coordinator") as window:
        window.starts()
        window.follows("Publish the review of Plover")
        window.dates("When is the report published?", "2021-06-08")
        window.presses("Continue")
        window.presses("Publish the report")
        done = window.banner

    assert (window.clicks, case_of(service)["status"]) == (3, "published")
    assert done == "You published the report: TH-2021-001."


def test_coordinator_accepts_three_updates_with_four(service, windows):
    plans(service, "Share records", "Ring schools", "Test the policy")
    for reference in ("A1", "A2", "A3"):
        act(service.engine, "update_action", reference, by=OWNER, report="on_track", text="It goes on")
    with windows.of("coordinator") as window:
        window.starts()
        window.follows("Check 3 updates sent by owners")
        for reference in ("A1", "A2", "A3"):
            window.presses(f"Accept the update to {reference}")
        left = window.words

    accepted = [action_of(service, reference)["updates"][-1]["state"] for reference in ("A1", "A2", "A3")]
    assert (window.clicks, accepted) == (4, ["accepted"] * 3)
    assert "Update to A3 accepted Updates to check No updates wait to be checked." in left


def test_owner_updates_one_action_from_the_email_with_three(service, windows):
    plans(service, "Share records")
    letter = reminder(service)
    with windows.of("owner", is_signed_in=False) as window:
        window.reads(letter)
        window.follows("Update your action")
        window.chooses("On track")
        window.types("What has happened", "All schools have the form")
        window.presses("Send update")
        said = window.words

    assert (window.clicks, action_of(service, "A1")["updates"][-1]["text"]) == (3, "All schools have the form")
    assert said.startswith("Update sent")


def test_owner_updates_three_actions_from_one_email_with_nine(service, windows):
    plans(service, "Share records", "Ring schools", "Test the policy")
    letter = reminder(service)
    with windows.of("owner", is_signed_in=False) as window:
        window.reads(letter)
        window.follows("Update your 3 actions")
        for reference, answer in (("A1", "On track"), ("A2", "At risk or late"), ("A3", "Stuck")):
            window.chooses(answer)
            window.types("What has happened", f"News of {reference}")
            window.presses("Send update")
            if reference != "A3":
                window.presses("Update your next action")
        said = window.words

    sent = [action_of(service, reference)["updates"][-1] for reference in ("A1", "A2", "A3")]
    assert window.clicks == 9
    assert [(update["report"], update["text"], update["state"]) for update in sent] == [
        ("on_track", "News of A1", "sent"),
        ("at_risk", "News of A2", "sent"),
        ("stuck", "News of A3", "sent"),
    ]
    assert "That was all." in said


def test_executive_responds_to_one_escalation_from_the_digest_with_four(service, windows):
    service.gives_proofs("exec")
    letter = digest(service)
    with windows.of("exec", is_signed_in=False) as window:
        window.reads(letter)
        window.follows("Respond to E1")
        before = window.clicks
        window.gives_password()
        window.gives_code()
        signing_in = window.clicks - before
        window.chooses("Agreed", exactly=True)
        window.types("What will happen", "Two beds from July")
        window.presses("Check and send")
        window.presses("Send the answer")
        done = window.banner

    answered = shown(service.engine, "E1", kind="escalation", now=service.now)
    assert (window.clicks - signing_in, answered["status"]) == (4, "answered")
    assert answered["response"]["text"] == "Two beds from July"
    assert (signing_in, done) == (2, "Your answer to E1 is sent. The group that asked is told by email.")


def test_executive_opens_all_the_papers_with_one(service, windows):
    letter = digest(service)
    with windows.of("exec") as window:
        window.reads(letter)
        window.follows("Read all papers")
        papers = (window.heading, window.each(".app-paper h3"))

    assert window.clicks == 1
    assert papers == ("Executive Group, 15 June 2021: papers", ["2.1 E1 Should beds wait?"])


def test_scrutineer_reads_a_decision_its_reasons_and_its_evidence_with_two(service, windows):
    to_publish(service)
    with windows.of("scrutineer") as window:
        window.starts()
        window.follows("Plover")
        decided = window.words
        window.follows("Documents")
        evidence = window.words

    assert window.clicks == 2
    assert "Recommendation A review, 8 December 2020 Immediate learning: none" in decided
    assert "Decision A review, 15 December 2020, by Executive Group. Harm Agreed by:" in decided
    assert "Recommendation of the rapid review A learning review Immediate learning: none" in evidence


def test_agency_lead_sees_the_red_and_amber_actions_of_her_agency_without_a_click(service, windows):
    plans(service, "Share records")
    plans(service, "Ring schools", due_on="2021-06-04")
    plans(service, "Test the policy", due_on="2021-12-01")
    plans(service, "Ask the police", agency="Metropolitan Police Service", due_on="2021-06-04")
    with windows.of("agency_lead") as window:
        window.starts()
        first_two = window.each("tbody tr")[:2]
        told = window.words

    assert (window.clicks, window.path) == (0, "/actions?agency=mine")
    assert first_two == [
        "A2 Ring schools Owen Field Children's Social Care 4 June 2021 Red 4 days overdue",
        "A1 Share records Owen Field Children's Social Care 22 June 2021 Amber Due in 14 days",
    ]
    assert "Ask the police" not in told


def test_agency_lead_passes_an_action_to_a_new_owner_with_three(service, windows):
    plans(service, "Share records")
    with unit_of_work(service.engine) as session:
        make_person(
            session,
            partnership_by_code(session, "thscp"),
            "nadia@thscp.example",
            "owner",
            name="Nadia New",
            agency=CARE,
        )
    with windows.of("agency_lead") as window:
        window.starts()
        window.follows("Share records")
        window.follows("Pass to a new owner")
        window.types("by work email", "nadia@thscp.example")
        window.types("Why does it pass", "Owen Field has another post")
        window.presses("Pass to the new owner")

    assert (window.clicks, action_of(service, "A1")["owner"]["name"]) == (3, "Nadia New")


def test_administrator_ends_a_leavers_access_and_links_and_passes_on_their_work_with_four(service, windows):
    plans(service, "Share records", "Ring schools")
    letter = reminder(service)
    with windows.of("admin") as window:
        window.starts()
        window.follows("End access of Owen Field")
        window.picks("Who takes over", "Lee Agnew, Children's Social Care")
        window.presses("Continue")
        window.presses("End their access")
        window.reads(letter)
        window.page.get_by_role("link", name="Update your 2 actions").click()
        link = window.heading

    owners = [action_of(service, reference)["owner"]["name"] for reference in ("A1", "A2")]
    assert (window.clicks, owners, link) == (4, ["Lee Agnew"] * 2, "This link does not work")
