"""A declared conflict hides a case: no word of it in any list, record, paper, job, email or answer."""

import email
import email.policy
import json
import re

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from notifications.ways_out import transport_for
from tests.make import act, make_person, shown
from tests.tracker.walking import CARE, CONTROL, make_everybody, name_everybody, person
from tracker.clock import london_day, moment_from
from tracker.database import reading, unit_of_work
from tracker.doing import do
from tracker.errors import FactsWrong, NotFound, Refused
from tracker.groups.models import Partnership
from tracker.people.doer import doer_by_email
from tracker.people.models import Person
from tracker.people.roles import Role
from tracker.reminders.jobs import run_due
from tracker.showing.lists import LISTS, list_rows
from tracker.showing.show import SHOWS, show

SECRETS = ("CANARY-7", "CANARY-8")
SECRET_ACTIONS = ("A1", "A2", "A3")
SECRET_ESCALATIONS = ("E1", "E2")
# What is open to everybody stands beside it: an action, an escalation that names the case in its title, a meeting.
CASES = (*SECRETS, "PLAIN-1")
ACTIONS = (*SECRET_ACTIONS, "A4")
ESCALATIONS = (*SECRET_ESCALATIONS, "E3")
MEETINGS = ("M1", "M2")
# A Thursday, a week before the meeting of the Executive on Thursday 24 June 2021.
SENDING = "2021-06-17T09:00"
# The birds of the two cases, the first and the second that were opened.
BIRDS = "Plover|Kestrel"
TRACE = re.compile(rf"canary|{BIRDS}|\b({'|'.join((*SECRET_ACTIONS, *SECRET_ESCALATIONS))})\b", re.IGNORECASE)


def does(engine: Engine, deed: str, reference: str | None = None, /, *, by: str = CONTROL, **facts: object) -> None:
    act(engine, deed, reference, by=by, now="2021-06-01T12:00", **facts)


def make_secrets(engine: Engine) -> None:
    """Make two cases with a canary in every text, all that hangs on them, and a plain case beside them."""
    with unit_of_work(engine) as session:
        make_everybody(session, "thscp", "qap")
    for case in CASES:
        opened = {"known_on": "2021-04-01", "notified_on": "2021-04-06", "themes": ["neglect"]}
        words = "plain" if case == "PLAIN-1" else "canary"
        does(engine, "open_case", partnership="thscp", reference=case, area=f"{words} ward", **opened)
        name_everybody(engine, case)
        does(engine, "ask_return", case, agency=CARE, due_on="2021-06-08")
        does(engine, "convene_panel", case, on="2021-04-12")
        said = {"outcome": "review", "reason": f"{words} reason", "immediate_learning": f"{words} learning"}
        does(engine, "record_recommendation", case, on="2021-04-13", **said)
        chosen = {"outcome": "review", "methods": ["multi_agency_audit", "partner_led_workshop"]}
        does(engine, "record_decision", case, by=person("executive"), on="2021-04-20", reason=words, **chosen)
    make_published(engine)
    lead = {"method": "partner_led_workshop", "person": person("reviewer"), "level": "senior"}
    does(engine, "appoint_lead", "CANARY-8", **lead)
    does(engine, "hold_case", "CANARY-8", reason="canary inquest", look_again_on="2021-06-02")
    make_around(engine)


def make_published(engine: Engine) -> None:
    lead = {"method": "partner_led_workshop", "person": person("reviewer"), "level": "senior", "involvement": "none"}
    does(engine, "appoint_lead", "CANARY-7", **lead)
    learnt = {"findings": [{"text": "canary finding"}], "recommendations": [{"text": "canary recommendation"}]}
    does(engine, "agree_report", "CANARY-7", on="2021-05-04", **learnt)
    label = {"public_label": "Canary Child", "confirmed": ["looks_personal"]}
    does(engine, "publish", "CANARY-7", on="2021-05-10", override_reason="canary court", **label)


def make_around(engine: Engine) -> None:
    owned = {"owner": person("owner"), "agency": CARE, "due_on": "2021-06-15", "review_on": "2021-05-31"}
    helped = {"helpers": [person("reviewer")], "themes": ["neglect"], "success_measure": "canary measure"}
    does(engine, "add_action", "CANARY-7", text="canary text", title="canary title", **owned, **helped)
    does(engine, "add_action", text="canary text", title="canary title", sources=["CANARY-7/1"], **owned)
    does(engine, "add_action", "CANARY-8", text="canary text", title="canary title", **owned)
    does(engine, "add_action", "PLAIN-1", text="plain text", title="plain title", **owned)
    does(
        engine, "update_action", "A1", by=person("owner"), report="done", text="canary said", evidence="canary minutes"
    )
    does(engine, "query_update", "A1", reason="canary asked")
    does(engine, "record_impact", "A2", text="canary impact")
    asked = {"group": "qap", "ask": "canary ask", "why": "canary why"}
    does(engine, "raise_escalation", title="canary title", about=["CANARY-7"], **asked)
    does(engine, "raise_escalation", title="canary title", about=["A3"], **asked)
    does(engine, "raise_escalation", group="qap", title="Time for CANARY-7", ask="Who has time for canary-8?")
    answer = {"on": "2021-06-01", "answer": "agreed", "text": "canary answer"}
    does(engine, "respond_to_escalation", "E1", by=person("executive"), **answer)
    does(engine, "schedule_meeting", group="exec", on="2021-06-24")
    does(engine, "schedule_meeting", group="qap", on="2021-06-23")
    does(engine, "add_closure", "thscp", on="2021-04-26", name="Council closed")


def make_barred(engine: Engine) -> None:
    make_secrets(engine)
    bar_everybody(engine)


def bar_everybody(engine: Engine) -> None:
    for case in SECRETS:
        for role in Role:
            does(engine, "declare_conflict", case, person=person(role), reason="canary kin")


@pytest.fixture
def world(copy_of):
    return copy_of(make_secrets)


@pytest.fixture
def barred(copy_of):
    return copy_of(make_barred)


def documents(engine: Engine, by: str, now: str = SENDING) -> dict[str, str]:
    """Give every list and record that somebody gets, as JSON, by its name; what is not found is left out."""
    wanted = {
        "case": CASES,
        "trace": CASES,
        "action": ACTIONS,
        "escalation": ESCALATIONS,
        "meeting": MEETINGS,
        "digest": MEETINGS,
    }
    wanted |= {"partnership": ("thscp",), "year": ("thscp/2020-21", "thscp/2021-22")}
    wanted |= {"theme": ("thscp/neglect",)}
    assert set(wanted) == set(SHOWS)
    moment, found = moment_from(now), {}
    with reading(engine) as session:
        reader = doer_by_email(session, by, london_day(moment))
        for kind in LISTS:
            found[f"list {kind}"] = json.dumps(list_rows(session, kind, {}, reader, moment))
        for kind, references in wanted.items():
            for reference in references:
                try:
                    found[f"show {kind} {reference}"] = json.dumps(show(session, kind, reference, reader, moment))
                except NotFound:
                    continue
    return found


def traces(found: dict[str, str]) -> dict[str, set[str]]:
    """Give the words of the secret cases that stand in documents."""
    words = {name: {match.group(0) for match in TRACE.finditer(text)} for name, text in found.items()}
    return {name: seen for name, seen in words.items() if seen}


def test_whoever_is_not_barred_reads_of_the_case_everywhere(world):
    found = traces(documents(world, CONTROL))

    # The other lists and figures hold no words of a case.
    silent = {
        "list meetings",
        "list themes",
        "list load",
        "list ownerless",
        "show case PLAIN-1",
        "show trace PLAIN-1",
        "show action A4",
    }
    silent |= {"show year thscp/2020-21", "show year thscp/2021-22"}
    assert set(documents(world, CONTROL)) - set(found) == silent


@pytest.mark.parametrize("sent", [False, True], ids=["before anything is sent", "after it was sent"])
def test_conflict_leaves_no_word_of_the_case_in_any_list_or_record_of_any_role(world, tmp_path, sent):
    if sent:
        run_due(world, transport_for(f"folder:{tmp_path}"), now=moment_from(SENDING))
    bar_everybody(world)

    found = {role.value: documents(world, person(role)) for role in Role}

    assert {role: traces(seen) for role, seen in found.items() if traces(seen)} == {}
    # What has nothing to do with the case is there as before.
    assert "PLAIN-1" in found["coordinator"]["list cases"]
    assert "plain title" in found["executive"]["show digest M1"]
    assert all("Time for [a case]" in seen["list escalations"] for seen in found.values())


def test_counts_leave_the_case_out(world):
    before = counted(documents(world, person("executive")))

    bar_everybody(world)

    after = counted(documents(world, person("executive")))
    assert (before, after) == (
        {"cases": 3, "actions": 4, "escalations": 3, "themes": (3, 1), "overdue": 4, "on_hold": 1},
        {"cases": 1, "actions": 1, "escalations": 1, "themes": (1, 0), "overdue": 1, "on_hold": 0},
    )


def counted(found: dict[str, str]) -> dict[str, object]:
    digest = json.loads(found["show digest M1"])
    theme = next(row for row in json.loads(found["list themes"]) if row["code"] == "neglect")
    return {
        **{kind: len(json.loads(found[f"list {kind}"])) for kind in ("cases", "actions", "escalations")},
        "themes": (theme["cases"], theme["actions"]),
        "overdue": digest["actions"]["overdue"]["count"],
        "on_hold": digest["cases"]["on_hold"]["count"],
    }


def test_filter_by_the_case_finds_nothing(barred):
    answers = []

    for role in Role:
        for kind, (_, keys) in LISTS.items():
            for key in ("case", "about"):
                if not keys or key in keys:
                    answers.append(filtered(barred, kind, {key: "CANARY-7"}, person(role)))

    assert set(answers) == {"nothing", "not found", "no such filter"}


def filtered(engine: Engine, kind: str, where: dict[str, str], by: str) -> str:
    moment = moment_from(SENDING)
    with reading(engine) as session:
        try:
            rows = list_rows(session, kind, where, doer_by_email(session, by, london_day(moment)), moment)
        except NotFound:
            return "not found"
        except FactsWrong:
            return "no such filter"
    return "something" if rows else "nothing"


def letters(folder, engine: Engine) -> dict[str, list[str]]:
    """Give the emails in a folder, with their heads, by the person to whom they went."""
    with reading(engine) as session:
        found: dict[str, list[str]] = {str(address): [] for address in session.exec(select(Person.email))}
    for path in sorted(folder.glob("*.eml")):
        letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        parts = [str(part.get_content()) for part in letter.walk() if not part.is_multipart()]
        head = "\n".join(f"{name}: {value}" for name, value in letter.items())
        [to] = letter["To"].addresses
        found[to.addr_spec].append("\n".join([head, *parts]))
    return found


def test_no_email_tells_a_barred_person_of_the_case_also_if_it_waited_before(world, tmp_path):
    mornings = ("2021-06-01T12:30", "2021-06-08T09:00", SENDING, "2021-06-22T09:00")
    bar_everybody(world)

    for moment in mornings:
        run_due(world, transport_for(f"folder:{tmp_path}"), now=moment_from(moment))
    found = letters(tmp_path, world)

    told = {address: traces(dict(enumerate(texts))) for address, texts in found.items()}
    assert {address for address, words in told.items() if words} == {CONTROL}
    assert {address for address, texts in found.items() if texts} >= {CONTROL, person("owner"), person("executive")}


def test_without_a_conflict_the_emails_tell_of_the_case(world, tmp_path):
    for moment in ("2021-06-01T12:30", "2021-06-08T09:00", SENDING):
        run_due(world, transport_for(f"folder:{tmp_path}"), now=moment_from(moment))

    told = {address for address, texts in letters(tmp_path, world).items() if traces(dict(enumerate(texts)))}

    assert told >= {
        person(role) for role in ("coordinator", "executive", "owner", "reviewer", "agency_lead", "group_chair")
    }


def test_answer_kept_under_an_intent_is_not_given_to_whoever_is_barred_since(world):
    held = {"event": "decision", "on": "2021-04-21", "reason": "Read again"}
    by = person("coordinator")
    moment = moment_from("2021-06-01T12:00")
    first = do(world, "correct_event", "CANARY-8", email=by, facts=held, now=moment, intent="once")
    bar_everybody(world)

    with pytest.raises(NotFound) as refused:
        do(world, "correct_event", "CANARY-8", email=by, facts=held, now=moment, intent="once")

    assert first.answer is not None
    assert str(refused.value) == (
        "There is no case with the reference CANARY-8 that you can open. Ask the business unit."
    )


def test_own_conflict_declared_under_an_intent_is_done_once_and_answers_nothing(world):
    facts = {"person": person("executive"), "reason": "Kin"}
    answers = [
        do(
            world,
            "declare_conflict",
            "CANARY-8",
            email=person("executive"),
            facts=facts,
            now=moment_from("2021-06-01T12:00"),
            intent="mine",
        ).answer
        for _ in range(2)
    ]

    declared = [line for line in shown(world, "CANARY-8")["history"] if line["deed"] == "declare_conflict"]

    assert (answers, len(declared)) == ([None, None], 1)


def test_case_that_is_barred_sounds_like_one_that_there_is_not(barred):
    sentences = {}

    for name in ("CANARY-7", "canary-7", " CANARY-7 ", "Canary Child", "canary  child", "CANARY-9"):
        for role in Role:
            with pytest.raises(NotFound) as refused:
                shown(barred, name, by=person(role))
            sentences.setdefault(str(refused.value).replace(name, "…"), set()).add(name)

    assert list(sentences) == ["There is no case with the reference … that you can open. Ask the business unit."]


def test_conflict_is_of_a_person_and_not_of_the_post_that_she_holds(world):
    with unit_of_work(world) as session:
        partnership = session.exec(select(Partnership)).one()
        make_person(session, partnership, None, "owner", name="Records lead", kind="post")

    with pytest.raises(Refused) as refused:
        does(world, "declare_conflict", "CANARY-8", person="Records lead", reason="Kin")

    assert str(refused.value) == "Records lead is a post: name the person who holds it."
