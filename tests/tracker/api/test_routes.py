"""Lists, records and deeds as a program has them: the same as at the keyboard, for the same person."""

import base64

import pytest
from sqlmodel import select

from tests import files
from tests.tracker.api.program import Program, served, to, token_of
from tests.tracker.command_line import CommandLine
from tests.tracker.test_permissions import MAY, NOT_HERE, read
from tests.tracker.undoing import forgetting
from tests.tracker.walking import WALK, does, person
from tracker.api.kinds import KINDS, ROWS, address_of, is_on_a_record
from tracker.cases.models import Reading
from tracker.database import reading
from tracker.deeds import DEEDS
from tracker.people.roles import Role

SIGN = {200: "+", 201: "+", 204: "+", 403: "-", 404: ".", 409: "*"}

RECORDS = {
    "/cases/AT-REVIEW": ("case", "AT-REVIEW"),
    "/cases/AT-PUBLISHED": ("case", "AT-PUBLISHED"),
    "/cases/AT-HELD": ("case", "AT-HELD"),
    "/cases/AT-REVIEW/trace": ("trace", "AT-REVIEW"),
    "/actions/A2": ("action", "A2"),
    "/escalations/E1": ("escalation", "E1"),
    "/meetings/M1": ("meeting", "M1"),
    "/meetings/M1/digest": ("digest", "M1"),
    "/partnerships/thscp": ("partnership", "thscp"),
    "/years/thscp/2021-22": ("year", "thscp/2021-22"),
}


@pytest.fixture
def keyboard(world, monkeypatch, capsys):
    """Give the command line on the same records, at the same moment."""
    at_keyboard = CommandLine(monkeypatch, capsys, str(world.url))
    at_keyboard.at("2021-06-03T12:00")
    return at_keyboard


def facts_of(deed, role):
    """Give the facts of a deed as a program sends them: what is made names its case or partnership in its facts."""
    facts = dict(WALK[deed].facts)
    if deed == "declare_conflict":
        facts["person"] = person(role)
    if deed == "add_action":
        facts["sources"] = [WALK[deed].reference]
    if deed == "add_closure":
        facts["partnership"] = WALK[deed].reference
    return facts


def test_each_role_may_what_the_table_says_and_nothing_else(world, closing):
    tokens = {role: token_of(world, person(role)) for role in Role}
    base = closing.enter_context(served(forgetting(world)))
    found: dict[str, dict[str, str]] = {deed: {} for deed in WALK}

    for role, token in tokens.items():
        program = closing.enter_context(Program(base, token))
        for deed, tried in WALK.items():
            path = address_of(DEEDS[deed])
            reference = tried.reference if is_on_a_record(DEEDS[deed]) else ""
            answer = program.does(to(path, reference or ""), facts_of(deed, role))
            found[deed][role.value] = SIGN.get(answer.status_code, f"{answer.status_code} {answer.text}")

    expected = read(MAY)
    for deed in NOT_HERE:
        expected[deed] = {role: "*" if cell == "+" else cell for role, cell in expected[deed].items()}
    assert found == expected


@pytest.mark.parametrize("role", ["coordinator", "executive", "reviewer", "owner"])
def test_documents_are_those_of_the_command_line(as_, keyboard, role):
    program = as_(role)

    found = {path: program.asks(path) for path in RECORDS}

    for path, (kind, reference) in RECORDS.items():
        shown = keyboard("show", kind, reference, "--by", person(role), "--json")
        expected = (200, shown.document) if shown.status == 0 else (404, shown.document["sentence"])
        answer = found[path]
        assert (answer.status_code, answer.json() if answer.status_code == 200 else answer.json()["detail"]) == expected


@pytest.mark.parametrize("role", ["coordinator", "owner", "admin"])
def test_lists_are_those_of_the_command_line(as_, keyboard, role):
    program = as_(role)
    listed = [name for name in ROWS if name != "partnerships"]

    found = {name: program.asks(f"/{name}").json() for name in listed}

    assert found == {name: keyboard("list", name, "--by", person(role), "--json").document for name in listed}


def test_every_filter_of_the_command_line_is_one_here(as_, keyboard):
    program = as_("coordinator")
    where = {"status": "planned", "owner": person("owner"), "from": "2021-01", "to": "2021-12"}

    answer = program.asks("/actions", **where)

    given = [word for key, value in where.items() for word in ("--where", f"{key}={value}")]
    rows = keyboard("list", "actions", *given, "--by", person("coordinator"), "--json").document
    assert [row["reference"] for row in rows] == ["A1", "A3"]
    assert answer.json() == rows


def test_partnerships_are_those_in_which_she_has_a_part(as_):
    rows = as_("owner").asks("/partnerships").json()

    assert rows == [{"reference": "thscp", "code": "thscp", "name": "THSCP partnership", "version": 3}]


def test_deed_answers_with_the_record_as_it_stands_then(as_):
    program = as_("coordinator")

    answer = program.does("/actions/A1/deeds/move-due-date", {"due_on": "2021-10-31", "reason": "Half term"})

    assert (answer.status_code, answer.json()) == (200, program.asks("/actions/A1").json())
    assert answer.json()["due"] == "2021-10-31"


def test_new_record_is_answered_with_its_address(as_):
    program = as_("coordinator")

    answer = program.does("/cases/deeds/open-case", {"partnership": "thscp", "known_on": "2021-06-01"})

    reference = answer.json()["reference"]
    assert (answer.status_code, answer.headers["location"]) == (201, f"/api/cases/{reference}")
    assert answer.json() == program.asks(f"/cases/{reference}").json()


def test_same_intent_is_answered_as_the_first_time_and_done_once(as_):
    program = as_("coordinator")
    facts = {"text": "Tell the schools", "sources": ["AT-REVIEW"]}

    answers = [program.does("/actions/deeds/add-action", facts, intent="once") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert len(program.asks("/actions").json()) == 5


def test_intent_of_another_deed_is_refused(as_):
    program = as_("coordinator")
    program.does("/actions/A3/deeds/release-action", intent="once")

    answer = program.does("/actions/A2/deeds/accept-update", intent="once")

    assert (answer.status_code, answer.json()["code"]) == (409, "intent_reused")


def test_deed_on_a_record_that_has_moved_on_is_refused(as_):
    program = as_("coordinator")

    answer = program.does("/actions/A3/deeds/release-action", seen=1)

    assert (answer.status_code, answer.json()["code"]) == (409, "stale")
    assert answer.json()["detail"].startswith("A3 has moved on since you looked at it. Connie Control did hold-action")
    assert program.does("/actions/A3/deeds/release-action", seen=2).status_code == 200


def test_refusal_says_what_stands_in_the_way_and_what_can_be_done(as_, keyboard):
    answer = as_("executive").does("/cases/AT-AGREED/deeds/publish", {"on": "2021-06-02"})

    refused = keyboard.do("publish", "AT-AGREED", person("executive"), on="2021-06-02").document
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem == {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "detail": refused["sentence"],
        "code": refused["code"],
        "blockers": refused["blockers"],
        "open_steps": refused["open_steps"],
        "errors": {},
    }
    assert problem["blockers"]


def test_whoever_bars_herself_is_answered_with_nothing(as_):
    program = as_("executive")

    answer = program.does("/cases/AT-REVIEW/deeds/declare-conflict", {"person": person("executive"), "reason": "Kin"})

    assert (answer.status_code, answer.content) == (204, b"")
    assert program.asks("/cases/AT-REVIEW").status_code == 404


def test_barred_person_finds_no_trace(world, as_):
    does(world, "raise_escalation", group="qap", title="Beds", ask="More beds?", about=["AT-REVIEW"])
    program, control = as_("executive"), as_("coordinator")
    pseudonym = control.asks("/cases/AT-REVIEW").json()["pseudonym"]
    does(world, "declare_conflict", "AT-REVIEW", person=person("executive"), reason="Kin")
    paths = [
        *(f"/{name}" for name in ROWS),
        *(path for path in RECORDS if path not in ("/cases/AT-REVIEW", "/cases/AT-REVIEW/trace", "/actions/A2")),
    ]

    pages = {path: program.asks(path) for path in paths}

    assert {path: page.status_code for path, page in pages.items()} == dict.fromkeys(paths, 200)
    for trace in ("AT-REVIEW", pseudonym, "Share what is known", "More beds?"):
        assert [path for path, page in pages.items() if trace in page.text] == []
        assert trace in "".join(control.asks(path).text for path in ("/cases", "/actions", "/escalations/E2"))


@pytest.mark.parametrize(
    ("plural", "hidden", "never"), [("cases", "AT-REVIEW", "AT-NOWHERE"), ("actions", "A2", "A99")]
)
def test_hidden_record_is_told_from_none_by_nothing(as_, plural, hidden, never):
    program = as_("admin")
    deed = {"cases": "close-case", "actions": "end-action"}[plural]
    facts = {"cases": {"reason": "So"}, "actions": {"how": "not_taken_forward", "reason": "So"}}[plural]

    found = [
        [
            (answer.status_code, answer.text.replace(reference, "X"), len(answer.headers))
            for answer in (
                program.asks(f"/{plural}/{reference}"),
                program.does(f"/{plural}/{reference}/deeds/{deed}", facts),
                program.does(f"/{plural}/{reference}/deeds/{deed}", facts, seen=1),
            )
        ]
        for reference in (hidden, never)
    ]

    assert found[0] == found[1]
    assert [status for status, *_ in found[0]] == [404, 404, 404]


def test_who_read_which_case_is_noted_once_in_five_minutes(world, as_):
    program = as_("executive")

    for path in ("/cases/AT-REVIEW", "/cases/at-review", "/cases", "/cases/AT-NOWHERE", "/actions/A1"):
        program.asks(path)

    with reading(world) as session:
        assert session.exec(select(Reading.about)).all() == ["AT-REVIEW"]


def test_every_deed_has_one_address_under_its_kind_of_record():
    addresses = [address_of(deed) for deed in DEEDS.values()]

    assert len(set(addresses)) == len(DEEDS)
    assert {address.split("/")[1] for address in addresses} == set(KINDS)


def test_file_among_the_evidence_is_handed_out_to_whoever_sees_the_action(as_, world):
    given = {"file_name": "Audit.pdf", "content": base64.b64encode(files.PDF).decode()}
    as_("owner").does("/actions/A1/deeds/update-action", {"report": "done", "files": [given]})

    coordinator, admin = as_("coordinator"), as_("admin")
    found = {"coordinator": coordinator.asks("/actions/A1/evidence/1"), "admin": admin.asks("/actions/A1/evidence/1")}
    missing = coordinator.asks("/actions/A1/evidence/2")

    assert {role: answer.status_code for role, answer in found.items()} == {"coordinator": 200, "admin": 404}
    assert (found["coordinator"].content, found["coordinator"].headers["content-security-policy"]) == (
        files.PDF,
        "default-src 'none'; sandbox",
    )
    assert (missing.status_code, missing.headers["content-type"]) == (404, "application/problem+json")


def test_program_gives_files_as_large_as_a_page_does(as_):
    tried = WALK["update_action"]
    image = base64.b64encode(files.png(files.chunk(b"tEXt", b"x" * 3_000_000))).decode()
    facts = dict(tried.facts) | {"files": [{"file_name": f"{number}.png", "content": image} for number in range(3)]}
    program = as_("owner")

    recorded = program.does(f"/actions/{tried.reference}/deeds/update-action", facts)
    other = program.does(f"/actions/{tried.reference}/deeds/reassign-action", {"reason": image})

    assert (recorded.status_code, len(recorded.json()["updates"][-1]["files"])) == (200, 3)
    assert (other.status_code, other.json()["detail"]) == (413, "The facts are larger than 1 MB. Give less text.")
