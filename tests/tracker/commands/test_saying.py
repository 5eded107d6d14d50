"""What is said at the keyboard: nothing steers the terminal, and an answer that finds no room is one sentence."""

import json
import os
import subprocess
import sys

import pytest
from sqlmodel import select

from tests import make
from tests.tracker.command_line import CommandLine
from tracker.cases.models import Case
from tracker.commands.saying import on_one_line
from tracker.database import reading, unit_of_work
from tracker.groups.models import Partnership

COORDINATOR = "coordinator@thscp.example"
OPENING = {"partnership": "thscp", "known_on": "2020-12-16", "notified_on": "2020-12-17"}
OPEN = ("do", "open-case", "--by", COORDINATOR, "--facts", json.dumps(OPENING))
MAIN = "from tracker.cli import main; main()"
# Red, a bell, a line of its own, and the letters after it from right to left.
STEERING = "Ann\x1b[31m\x07\r\nB\u2028C\u202eD\u2066E\x9bF"
SHOWN = "Ann [31m   B C D E F"


@pytest.fixture
def tracker(engine, database_url, monkeypatch, capsys):
    with unit_of_work(engine) as session:
        make.make_team(session, "thscp")
    return CommandLine(monkeypatch, capsys, database_url)


def ran(*arguments: str, shell: str) -> tuple[int, str]:
    """Run the program with its output sent where a shell's word says; give the exit status and what it complained."""
    done = subprocess.run(
        ["bash", "-c", f'"$@" {shell}', "-", sys.executable, "-c", MAIN, *arguments],
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


# What becomes of an answer does not hang on the database that it came from.
on_one_database = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def references(engine):
    with reading(engine) as session:
        return list(session.exec(select(Case.reference)))


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_deed_whose_answer_finds_no_room_is_done_and_says_so(tracker, engine, more):
    answer = ran(*OPEN, *more, shell="> /dev/full")

    assert answer == (1, "Done, but the answer could not be written: No space left on device.\n")
    assert references(engine) == ["TH-2020-001"]


@on_one_database
@pytest.mark.parametrize("arguments", [["list", "emails"], ["people", "list"], ["deeds", "--json"], ["--help"]])
def test_answer_that_finds_no_room_is_one_sentence(tracker, arguments):
    answer = ran(*arguments, shell="> /dev/full")

    assert answer == (1, "The answer could not be written: No space left on device.\n")


@on_one_database
def test_refusal_whose_document_finds_no_room_is_still_a_sentence(tracker, engine):
    answer = ran("show", "case", "TH-2020-777", "--json", shell="> /dev/full")

    assert answer == (
        1,
        "There is no case with the reference TH-2020-777 that you can open. Ask the business unit.\n"
        "The answer could not be written: No space left on device.\n",
    )


NO_CASE = "There is no case with the reference X that you can open. Ask the business unit.\n"


@on_one_database
@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([*OPEN, "--json"], ""),
        (["deeds"], ""),
        (["deeds", "--json"], ""),
        (["show", "case", "X", "--json"], NO_CASE),
        (["--help"], ""),
    ],
)
def test_reader_who_has_gone_is_told_nothing_more(tracker, arguments, complaint):
    read, write = os.pipe()
    os.close(read)

    program = [sys.executable, "-c", MAIN, *arguments]
    done = subprocess.run(program, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)

    assert (done.returncode, done.stderr) == (1, complaint)


def test_answer_that_nobody_wants_is_not_written(tracker, engine):
    answer = ran(*OPEN, shell=">&-")

    assert answer == (0, "")
    assert references(engine) == ["TH-2020-001"]


@on_one_database
def test_complaint_that_finds_no_room_leaves_the_exit_status(tracker):
    assert ran("list", "cases", "--by", "", shell="2> /dev/full")[0] == 2


def test_characters_that_would_steer_a_terminal_are_spaces():
    assert on_one_line(STEERING) == SHOWN


def test_names_that_would_steer_a_terminal_are_shown_on_one_line(tracker, engine):
    with unit_of_work(engine) as session:
        partnership = session.exec(select(Partnership)).one()
        person = make.make_person(session, partnership, "ann@th.example", "owner", name=STEERING)
        make.make_action(session, partnership, owner_id=person.id, text=STEERING)

    listed = tracker("list", "actions").out
    people = tracker("people", "list").out
    shown = tracker("show", "action", "A1").out

    assert listed.splitlines()[1].endswith(f"  {SHOWN}  {SHOWN}")
    assert f"ann@th.example{' ' * 27}{SHOWN:<30} thscp/owner\n" in people
    assert f"text: {SHOWN}\n" in shown


def test_deed_by_nobody_is_refused_with_the_sentence_as_its_document(tracker, engine):
    answer = tracker("do", "open-case", "--by", " ", "--facts", json.dumps(OPENING), "--json")

    assert (answer.status, answer.document["code"]) == (2, "facts_wrong")
    assert references(engine) == []
