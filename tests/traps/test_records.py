"""Traps in which other trackers fell, as tests with their numbers: statuses, who checks whom, versions, conflicts."""

import pytest

from notifications.folder import FolderTransport
from tests.make import act, make_case, make_person, shown
from tests.tracker.everything import contents
from tests.tracker.reminders.post import COORDINATOR, OWNER, Post, add, partnership
from tests.tracker.test_privacy import (
    SENDING,
    bar_everybody,
    counted,
    documents,
    letters,
    make_secrets,
    traces,
)
from tests.tracker.walking import CONTROL, person
from tests.tracker.web.visitor import served, signed_in
from tracker.clock import moment_from
from tracker.database import unit_of_work
from tracker.errors import NotAllowed
from tracker.reminders.jobs import run_due

SECOND = "second@thscp.example"


def second_coordinator(post: Post) -> None:
    with unit_of_work(post.engine) as session:
        make_person(session, partnership(session), SECOND, "coordinator", name="Sunny Second")


def test_trap_14_overdue_is_never_stored_and_blocked_and_overdue_may_both_be_true(post):
    add(post.engine)
    stuck = {"report": "stuck", "text": "Waits for the lawyers"}
    act(post.engine, "update_action", "A1", by=OWNER, **stuck, now="2021-06-10T12:00")
    act(post.engine, "accept_update", "A1", now="2021-06-10T12:00")
    before = contents(post.engine)

    seen = {day: shown(post.engine, "A1", kind="action", now=f"{day}T12:00") for day in ("2021-06-30", "2021-07-01")}

    assert {day: (action["flags"], action["overdue_days"]) for day, action in seen.items()} == {
        "2021-06-30": ({"overdue": False, "blocked": True, "on_hold": False}, 0),
        "2021-07-01": ({"overdue": True, "blocked": True, "on_hold": False}, 1),
    }
    assert {action["status"] for action in seen.values()} == {"in_progress"}
    assert contents(post.engine) == before
    assert "overdue" not in repr(before)


def test_trap_17_approver_cannot_approve_her_own_and_nobody_completes_her_own(post):
    second_coordinator(post)
    add(post.engine, owner=COORDINATOR)
    act(post.engine, "update_action", "A1", report="done", evidence="Minutes")

    refused = []
    for deed, facts in (("accept_update", {}), ("complete_action", {"on": "2021-06-01", "evidence": "Minutes"})):
        with pytest.raises(NotAllowed) as no:
            act(post.engine, deed, "A1", **facts)
        refused.append(str(no.value))
    before = shown(post.engine, "A1", kind="action")["status"]
    act(post.engine, "accept_update", "A1", by=SECOND)

    assert refused == [
        "A1 is yours: somebody other than its owner accepts updates.",
        "A1 is yours: somebody other than its owner completes it.",
    ]
    assert (before, shown(post.engine, "A1", kind="action")["status"]) == ("in_progress", "complete")


def test_trap_18_changed_definition_leaves_open_cases_as_they_were_and_reverting_restores_both(post):
    def standing(case: str) -> object:
        document = shown(post.engine, case)
        steps = [(step["deed"], step["label"]) for step in document["steps"]]
        return document["definition"], steps, [(clock["code"], clock["due"]) for clock in document["clocks"]]

    def opened(case: str, version: str = "2020-21") -> str:
        return make_case(post.engine, case, notified_on="2021-06-01", version=version)

    def length(days: int, now: str) -> None:
        value = {"amount": days, "unit": "working_days"}
        act(post.engine, "change_setting", "thscp", key="clock.rapid_review", value=value, now=now)

    first = standing(opened("FIRST"))
    length(20, "2021-06-01T12:00")
    newer = standing(opened("NEWER", "2022-23"))
    longer = standing(opened("LONGER"))
    unchanged = standing("FIRST")
    length(15, "2021-06-01T12:00")
    after = [standing(case) for case in ("FIRST", "NEWER", "LONGER", opened("AGAIN"))]

    assert (first[0], newer[0]) == ("thscp/2020-21", "thscp/2022-23")
    assert unchanged == first
    assert longer[2] != first[2]
    assert after == [first, newer, longer, first]


def test_trap_19_declared_conflict_leaves_no_trace_in_digest_search_counts_export_or_calendar(engine, tmp_path):
    make_secrets(engine)
    now = moment_from(SENDING)
    reader = person("executive")
    before = counted(documents(engine, reader))["actions"]
    bar_everybody(engine)

    run_due(engine, FolderTransport(tmp_path), now=now)
    mailed = {address: traces(dict(enumerate(texts))) for address, texts in letters(tmp_path, engine).items()}
    found = documents(engine, reader)
    with served(engine, now) as base, signed_in(engine, base, reader, now=now) as barred:
        places = ("/actions", "/actions.csv", "/escalations.csv", "/meetings", "/meetings/M1")
        pages = {place: barred.opens(place).text for place in places}
        # Looked for by name it is found no more than a case that there is not.
        looked = {
            name: barred.opens(f"/actions?case={name}").words.replace(name, "") for name in ("CANARY-7", "NONE-9")
        }

    # Connie Control has no conflict: of all mail only hers tells of the case.
    assert {address for address, words in mailed.items() if words} == {CONTROL}
    assert (traces(found), traces(pages)) == ({}, {})
    assert looked["CANARY-7"] == looked["NONE-9"]
    assert (before, counted(found)["actions"]) == (4, 1)


def test_trap_20_second_of_two_coordinators_who_edit_one_action_is_told_and_nothing_is_lost(post):
    second_coordinator(post)
    add(post.engine)
    with (
        served(post.engine) as base,
        signed_in(post.engine, base, "coordinator") as one,
        signed_in(post.engine, base, SECOND) as other,
    ):
        forms = [who.opens("/actions/A1/edit-action") for who in (one, other)]
        first = one.sends_form(forms[0], forms[0].forms[-1], title="Share all records")
        told = other.sends_form(forms[1], forms[1].forms[-1], title="Share the old records", text="All of them")

    action = shown(post.engine, "A1", kind="action")
    assert (first.status, told.status) == (200, 409)
    assert "A1 has moved on since you looked at it. Casey Morgan did" in told.words
    kept = told.forms[-1]["fields"]
    assert (kept["title"], kept["text"]) == ("Share the old records", "All of them")
    assert (action["title"], action["text"], action["version"]) == ("Share all records", "Share the records", 2)
