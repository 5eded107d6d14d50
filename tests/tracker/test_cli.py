"""The command line: what each command prints, its exit status, and that a refusal leaves nothing behind."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tests import make
from tests.tracker.command_line import CommandLine
from tracker.cases.models import Case, Reading
from tracker.database import reading, unit_of_work
from tracker.deeds import DEEDS
from tracker.people.permissions import ROLES_FOR

COORDINATOR = "coordinator@thscp.example"
OPENING = {"partnership": "thscp", "known_on": "2020-12-16", "notified_on": "2020-12-17"}


@pytest.fixture
def tracker(
    engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    with unit_of_work(engine) as session:
        make.make_team(session, "thscp")
    return CommandLine(monkeypatch, capsys, database_url)


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """Give a command line without a database; a file for one is named."""
    return CommandLine(monkeypatch, capsys, f"sqlite:///{tmp_path}/new.db")


def cases(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.exec(select(Case.reference)))


def test_help_imports_nothing_heavy():
    program = (
        "import sys; from tracker.cli import run; run(['--help']); "
        "heavy = {'sqlalchemy', 'pydantic', 'sqlmodel', 'alembic', 'transitions', 'holidays', 'jinja2'}; "
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )

    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert ran.stderr == "[]\n"
    assert "run-due" in ran.stdout


def test_upgrade_creates_the_tables_and_may_be_repeated(bare):
    answers = [bare("upgrade"), bare("upgrade"), bare("list", "cases")]

    assert [(answer.status, answer.out) for answer in answers] == [
        (0, "The database is up to date.\n"),
        (0, "The database is up to date.\n"),
        (0, "No cases match.\n"),
    ]


def test_command_without_a_database_says_what_to_do_and_makes_no_file(bare, tmp_path):
    answer = bare("list", "cases")

    assert (answer.status, answer.out) == (1, "")
    assert answer.err == f"There is no database at {tmp_path}/new.db yet. Run `tracker upgrade` first.\n"
    assert list(tmp_path.iterdir()) == []


def test_database_without_tables_is_refused_with_a_sentence(bare, tmp_path):
    (tmp_path / "new.db").touch()

    answer = bare("show", "case", "TH-2020-001", "--json")

    assert (answer.status, answer.document["code"]) == (1, "database_old")
    assert answer.err == "The database has no tables yet, or old ones. Run `tracker upgrade` first.\n"


def test_database_newer_than_the_program_is_refused_with_a_sentence(tracker, engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    answers = [tracker("list", "cases"), tracker("upgrade")]

    sentence = "The database is newer than this program. Install the newer program, or restore an older backup.\n"
    assert [(answer.status, answer.err) for answer in answers] == [(1, sentence), (1, sentence)]


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (
            "sqlite:////no/such/folder/tracker.db",
            "The database file cannot be opened. Check TRACKER_DATABASE_URL and the rights of its folder.\n",
        ),
        ("mysql://somewhere", "TRACKER_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://.\n"),
        ("sqlite:nothing", "TRACKER_DATABASE_URL cannot be read. Write it like sqlite:///tracker.db.\n"),
    ],
)
def test_unusable_database_address_is_one_sentence(bare, url, sentence):
    bare.monkeypatch.setenv("TRACKER_DATABASE_URL", url)

    answer = bare("upgrade")

    assert (answer.status, answer.out, answer.err) == (1, "", sentence)


def test_file_that_is_no_database_is_one_sentence(bare, tmp_path):
    (tmp_path / "new.db").write_bytes(b"these are no tables, " * 100)

    answer = bare("list", "cases")

    sentence = "The file that TRACKER_DATABASE_URL names is no database, or a damaged one. Restore a backup.\n"
    assert (answer.status, answer.out, answer.err) == (1, "", sentence)


def test_read_only_database_is_one_sentence_and_nothing_changes(sqlite_engine, sqlite_template, monkeypatch, capsys):
    with unit_of_work(sqlite_engine) as session:
        make.make_team(session, "thscp")
    path = sqlite_engine.url.database
    tracker = CommandLine(monkeypatch, capsys, f"sqlite:///file:{path}?mode=ro&uri=true")

    answer = tracker.do("open-case", None, COORDINATOR, **OPENING)

    sentence = "The database file cannot be written. Nothing was changed: give this account the right to write it."
    assert (answer.status, answer.document["code"]) == (1, "database_unavailable")
    assert answer.document["sentence"] == sentence
    assert cases(sqlite_engine) == []


def test_locked_database_is_one_sentence_and_nothing_changes(sqlite_engine, monkeypatch, capsys):
    with unit_of_work(sqlite_engine) as session:
        make.make_team(session, "thscp")
    tracker = CommandLine(monkeypatch, capsys, f"sqlite:///{sqlite_engine.url.database}")
    monkeypatch.setattr("tracker.database.BUSY_SECONDS", 0)

    with unit_of_work(sqlite_engine) as session:
        session.connection()
        answer = tracker.do("open-case", None, COORDINATOR, **OPENING)

    sentence = "The database is busy with another writer. Nothing was changed: try again in a moment.\n"
    assert (answer.status, answer.err) == (1, sentence)
    assert cases(sqlite_engine) == []


def test_clock_that_stands_still_is_refused_in_production(bare):
    bare.monkeypatch.setenv("TRACKER_ENV", "production")

    answer = bare("list", "cases")

    assert answer.status == 1
    assert answer.err == (
        "TRACKER_NOW is not allowed while TRACKER_ENV is 'production': "
        "take it away, or set TRACKER_ENV to development or test.\n"
    )


def test_deeds_lists_every_deed_with_schema_and_roles(bare):
    answer = bare("deeds", "--json")

    assert [deed["name"] for deed in answer.document] == [deed.command for deed in DEEDS.values()]
    assert [deed["roles"] for deed in answer.document] == [sorted(ROLES_FOR[name]) for name in DEEDS]
    assert all(deed["schema"]["type"] == "object" for deed in answer.document)
    assert "open-case  (new case)" in bare("deeds").out


def test_deed_answers_with_the_record_as_show_has_it(tracker):
    done = tracker.do("open-case", None, COORDINATOR, **OPENING)
    shown = tracker("show", "case", "TH-2020-001", "--by", COORDINATOR, "--json")

    assert (done.status, done.err) == (0, "")
    assert done.document == shown.document
    assert (shown.document["reference"], shown.document["status"]) == ("TH-2020-001", "notified")


def test_case_in_words_shows_clocks_with_their_working_and_steps(tracker):
    tracker.do("open-case", None, COORDINATOR, **OPENING)
    tracker.at("2021-01-11T10:00")

    words = tracker("show", "case", "th-2020-001").out

    assert "Stage 1 of 9: it is notified. thscp/2020-21, rapid_review." in words
    assert "  Notify the national Panel  [Statutory]  Met on 17 December 2020\n" in words
    assert "  Rapid review sent to the national Panel  [Statutory guidance]  1 working day left\n" in words
    assert "due 12 January 2021; left out 19 December 2020 (Saturday)" in words
    assert "  Convene the panel: convene-panel, by coordinator. Ready\n" in words


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2021-01-12T10:00", "Due today"),
        ("2021-01-14T10:00", "2 working days late"),
    ],
)
def test_clock_says_due_today_and_how_late(tracker, moment, words):
    tracker.do("open-case", None, COORDINATOR, **OPENING)
    tracker.at(moment)

    assert f"[Statutory guidance]  {words}\n" in tracker("show", "case", "TH-2020-001").out


def test_facts_may_come_from_a_file_or_from_standard_input(tracker, tmp_path, monkeypatch):
    (tmp_path / "facts.json").write_text(json.dumps(OPENING))
    piped = io.TextIOWrapper(io.BytesIO(json.dumps({"on": "2020-12-18"}).encode()))
    monkeypatch.setattr(sys, "stdin", piped)

    opened = tracker("do", "open-case", "--by", COORDINATOR, "--facts", f"@{tmp_path}/facts.json")
    convened = tracker("do", "convene-panel", "TH-2020-001", "--by", COORDINATOR, "--facts", "-", "--json")

    assert (opened.status, convened.status) == (0, 0)
    assert convened.document["status"] == "rapid_review"


def test_same_intent_answers_as_the_first_time(tracker, engine):
    first = tracker.do("open-case", None, COORDINATOR, "--intent", "i-1", **OPENING)
    second = tracker.do("open-case", None, COORDINATOR, "--intent", "i-1", **OPENING)

    assert (first.status, second.status) == (0, 0)
    assert second.document == first.document
    assert cases(engine) == ["TH-2020-001"]


def test_stale_version_is_refused_with_who_did_what(tracker):
    tracker.do("open-case", None, COORDINATOR, **OPENING)
    tracker.do("convene-panel", "TH-2020-001", COORDINATOR, on="2020-12-17")

    answer = tracker.do("hold-case", "TH-2020-001", COORDINATOR, "--seen", "1", reason="x", look_again_on="2021-02-01")

    assert (answer.status, answer.document) == (
        1,
        {
            "code": "stale",
            "sentence": "TH-2020-001 has moved on since you looked at it. Casey Morgan did convene-panel at 10am. "
            "Look again, then decide.",
            "blockers": [],
            "open_steps": [],
        },
    )
    assert answer.err == answer.document["sentence"] + "\n"


def test_refused_step_answers_with_blockers_and_open_steps(tracker):
    tracker.do("open-case", None, COORDINATOR, **OPENING)
    tracker.do("convene-panel", "TH-2020-001", COORDINATOR, on="2020-12-17")

    answer = tracker.do(
        "record-recommendation", "TH-2020-001", "rrp@thscp.example", on="2020-12-17", outcome="review", reason="clear"
    )

    assert (answer.status, answer.document["code"]) == (1, "immediate_learning")
    assert [sorted(blocker) for blocker in answer.document["blockers"]] == [["code", "deed", "from", "sentence"]]
    assert "record-recommendation" in answer.document["open_steps"]


def test_own_conflict_says_only_that_it_is_done(tracker):
    tracker.do("open-case", None, COORDINATOR, **OPENING)

    answer = tracker.do(
        "declare-conflict", "TH-2020-001", "exec@thscp.example", person="exec@thscp.example", reason="x"
    )

    assert (answer.status, answer.document) == (0, {"reference": "TH-2020-001"})


def test_reading_a_case_is_noted_once_in_five_minutes(tracker, engine):
    tracker.do("open-case", None, COORDINATOR, **OPENING)

    for moment in ("2020-12-17T10:00", "2020-12-17T10:04", "2020-12-17T10:05"):
        tracker.at(moment)
        tracker("show", "case", "TH-2020-001", "--by", COORDINATOR)
    tracker("show", "case", "TH-2020-001")

    with reading(engine) as session:
        rows = [(row.about, f"{row.at:%H:%M}") for row in session.exec(select(Reading))]
    assert rows == [("TH-2020-001", "10:00"), ("TH-2020-001", "10:05")]


BAD_FACTS = [
    ("{", "The facts are not JSON (line 1, column 2: "),
    ("[]", 'The facts are one JSON object. Write them like {"on": "2021-01-29"}.\n'),
    ('{"on": NaN}', "The facts are not JSON that can be read: NaN is no number.\n"),
    ('{"on": "2020-12-17", "on": "2020-12-18"}', "The facts are not JSON that can be read: 'on' stands there twice.\n"),
    ('{"on": ' + "9" * 5000 + "}", "The facts are not JSON that can be read: "),
    ("[" * 100_000, "The facts are not JSON that can be read: they are nested too deeply.\n"),
    ('{"on": "' + "x" * 1_000_001 + '"}', "The facts are larger than 1 MB. Give less text.\n"),
    (
        "@/no/such/file.json",
        "The file '/no/such/file.json' with the facts cannot be read: No such file or directory.\n",
    ),
    (
        '{"on": "2020-06-31"}',
        "The facts do not fit convene-panel: on: There is no 31 June 2020. Enter a real date, like 2027-01-29.\n",
    ),
    (
        '{"on": "17/12/20"}',
        "The facts do not fit convene-panel: on: '17/12/20' is not a date. Write four digits for the year, then month "
        "and day if they are known: 2027-01-29, 2027-01 or 2027.\n",
    ),
    (
        '{"on": "2020-12-17", "of": 1}',
        "The facts do not fit convene-panel: of: there is no such fact here, leave it out.\n",
    ),
    ("{}", "The facts do not fit convene-panel: on: it is missing, give it.\n"),
]


@pytest.mark.parametrize(("facts", "sentence"), BAD_FACTS, ids=[str(number) for number in range(len(BAD_FACTS))])
def test_facts_that_do_not_fit_are_misuse_in_one_sentence(bare, facts, sentence):
    bare("upgrade")

    answer = bare("do", "convene-panel", "TH-2020-001", "--by", COORDINATOR, "--facts", facts)

    assert (answer.status, answer.out) == (2, "")
    assert answer.err.startswith(sentence)
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (
            ["do", "dance", "TH-1", "--by", COORDINATOR],
            2,
            "There is no deed 'dance'. `tracker deeds` lists them all.",
        ),
        (
            ["do", "convene-panel", "--by", COORDINATOR, "--facts", '{"on": "2020-12-17"}'],
            2,
            "Say which case: tracker do convene-panel REFERENCE --by EMAIL.",
        ),
        (
            ["do", "convene-panel", "TH-2020-777", "--by", COORDINATOR, "--facts", '{"on": "2020-12-17"}'],
            1,
            "There is no case with the reference TH-2020-777 that you can open. Ask the business unit.",
        ),
        (
            ["do", "convene-panel", "TH-1", "--by", "nobody@x.example", "--facts", '{"on": "2020-12-17"}'],
            1,
            "There is nobody with the address nobody@x.example. `tracker people list` shows everybody.",
        ),
        (
            ["show", "case", "TH-2020-777"],
            1,
            "There is no case with the reference TH-2020-777 that you can open. Ask the business unit.",
        ),
        (["do", "convene-panel", "TH-1", "--by", "", "--facts", "{}"], 2, "Say who you are: --by EMAIL."),
        (["show", "case", "TH-2020-777", "--by", ""], 2, "Say who you are: --by EMAIL."),
        (["list", "cases", "--by", " "], 2, "Say who you are: --by EMAIL."),
        (["list", "cases", "--where", "partnership"], 2, "--where 'partnership': write it as KEY=VALUE, like "
         "partnership=thscp."),
        (
            ["list", "cases", "--where", "colour=red"],
            2,
            "Cases are not listed by colour, but by: partnership, case, coordinator, status, stage, theme, kind, flag.",
        ),
        (["list", "clocks", "--where", "from=2020-13"], 2, "from: There is no month 13. Enter a real date, like "
         "2027-01-29."),
        (
            ["list", "cases", "--where", "partnership=nowhere"],
            1,
            "There is no partnership 'nowhere'. There are: thscp.",
        ),
    ],
)  # fmt: skip
def test_no_is_one_sentence_with_its_exit_status(tracker, engine, arguments, status, sentence):
    plain, as_json = tracker(*arguments), tracker(*arguments, "--json")

    assert (plain.status, plain.out, plain.err) == (status, "", sentence + "\n")
    assert (as_json.status, as_json.err, as_json.document["sentence"]) == (status, sentence + "\n", sentence)
    assert sorted(as_json.document) == ["blockers", "code", "open_steps", "sentence"]
    assert cases(engine) == []


@pytest.mark.parametrize("arguments", [["dance"], ["do"], ["show", "secret", "x"], ["list", "things"], ["--wrong"]])
def test_misspelt_command_is_misuse(bare, arguments):
    answer = bare(*arguments, "--json") if arguments != ["--wrong"] else bare(*arguments)

    assert answer.status == 2
    assert "Traceback" not in answer.err
    assert not answer.out or answer.document["code"] == "misused"


def test_argument_that_is_no_text_is_misuse(bare):
    answer = bare("show", "case", "\udcff")

    assert answer.status == 2
    assert answer.err.endswith("An argument holds bytes that are no text. Write it in UTF-8.\n")


def test_run_due_prints_its_counts_and_may_be_repeated(tracker, tmp_path):
    tracker.monkeypatch.setenv("TRACKER_MAIL", f"folder:{tmp_path}/mail")

    answers = [tracker("run-due", "--json"), tracker("run-due")]

    assert [answer.status for answer in answers] == [0, 0]
    assert set(answers[0].document.values()) == {0}
    assert "     0  sent\n" in answers[1].out


def test_run_due_refuses_a_way_of_mailing_that_there_is_not(tracker):
    tracker.monkeypatch.setenv("TRACKER_MAIL", "pigeon:")

    answer = tracker("run-due")

    assert (answer.status, answer.out) == (1, "")
    assert answer.err == (
        "TRACKER_MAIL cannot be used: it names no way to send mail; "
        "use folder:DIR, smtp://HOST, smtps://HOST or notify:.\n"
    )


REFUSED = [
    (
        "open-case",
        None,
        COORDINATOR,
        OPENING | {"version": "1999-00"},
        1,
        "THSCP partnership has no version '1999-00'. There are: 2020-21, 2022-23.",
    ),
    (
        "open-case",
        None,
        COORDINATOR,
        OPENING | {"themes": ["luck"]},
        1,
        "There is no theme luck. `tracker list themes` shows all.",
    ),
    (
        "open-case",
        None,
        COORDINATOR,
        OPENING | {"reference": "JOHN-SMITH-1/2"},
        2,
        "The facts do not fit open-case: reference: A reference has 2 to 20 letters, digits and hyphens.",
    ),
    (
        "record-decision",
        "TH-2020-001",
        "exec@thscp.example",
        {"on": "2020-12-17", "outcome": "review", "methods": ["multi_agency_audit", "cyp_workshop"]},
        1,
        "Cannot record the decision: the case is in rapid review.",
    ),
    (
        "give-access",
        "TH-2020-001",
        COORDINATOR,
        {"person": "nobody@x.example", "reason": "x"},
        1,
        "There is nobody with the address nobody@x.example. `tracker people list` shows everybody.",
    ),
    (
        "correct-event",
        "TH-2020-001",
        COORDINATOR,
        {"event": "party", "on": "2020-12-17", "reason": "x"},
        2,
        "The facts do not fit correct-event: event: There is no event 'party'.",
    ),
    (
        "hold-case",
        "TH-2020-001",
        COORDINATOR,
        {"reason": "  ", "look_again_on": "2021-02-01"},
        2,
        "The facts do not fit hold-case: reason: ",
    ),
    (
        "add-action",
        "TH-2020-001",
        COORDINATOR,
        {"text": "Do it", "title": "Visit of 3 May 2015", "due_on": "2021-02-01"},
        1,
        'title: this looks like a date of birth. Take it out, or confirm that it is not with "confirmed": '
        '["looks_personal"].',
    ),
    (
        "record-recommendation",
        "TH-2020-001",
        "rrp@thscp.example",
        {"on": "2020-12-16", "outcome": "review", "reason": "x", "immediate_learning": "none"},
        1,
        "The date of the recommendation must be on or after the meeting of the panel, 17 December 2020.",
    ),
]


@pytest.mark.parametrize(("deed", "reference", "by", "facts", "status", "sentence"), REFUSED)
def test_bad_input_is_one_sentence_and_leaves_nothing_behind(tracker, deed, reference, by, facts, status, sentence):
    tracker.do("open-case", None, COORDINATOR, **OPENING)
    tracker.do("convene-panel", "TH-2020-001", COORDINATOR, on="2020-12-17")
    before = [tracker("show", "case", "TH-2020-001", "--json").document, tracker("list", "cases", "--json").document]

    answer = tracker.do(deed, reference, by, **facts)

    assert (answer.status, answer.err.count("\n")) == (status, 1)
    assert answer.err.startswith(sentence)
    after = [tracker("show", "case", "TH-2020-001", "--json").document, tracker("list", "cases", "--json").document]
    assert after == before


def test_title_that_looks_personal_is_recorded_once_it_is_confirmed(tracker):
    tracker.do("open-case", None, COORDINATOR, **OPENING)

    answer = tracker.do(
        "add-action",
        "TH-2020-001",
        COORDINATOR,
        text="Do it",
        title="Visit of 3 May 2015",
        due_on="2021-02-01",
        confirmed=["looks_personal"],
    )

    assert (answer.status, answer.document["title"]) == (0, "Visit of 3 May 2015")
