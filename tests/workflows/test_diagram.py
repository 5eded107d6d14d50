"""The pictures of the processes, their twins in words, and the files that show them."""

import re

import pytest

from tests.workflows.small_process import SMALL
from workflows.definition import read_definition, shipped, shipped_names
from workflows.diagram import BEGIN, END, block, book, in_words, main, picture

SMALL_PICTURE = """\
```mermaid
stateDiagram-v2
    accTitle: A small partnership
    state "Notified" as notified
    state "Closed" as closed
    [*] --> notified : Open a case
    notified --> closed : Close the case
    closed --> [*]
```"""

SMALL_WORDS = """\
Steps that move a case on:

- From the beginning to *Notified*: **Open a case**, `open-case`, by the coordinator (inferred, to be confirmed).
- From *Notified* to *Closed*: **Close the case**, `close-case`, by the Executive; needs that a reason is given and \
each action is complete, or closed with a reason (inferred, to be confirmed).

Recorded without moving the case on:

- While *Notified*: **Put the case on hold**, `hold-case`, by the Executive (inferred, to be confirmed).

Clocks:

- **Notify the national Panel** (`notify_panel`, statutory): 5 working days from the day the incident became known \
(Working Together)."""


def test_a_process_is_drawn_with_its_statuses_and_steps():
    assert picture(read_definition(SMALL, "small.toml")) == SMALL_PICTURE


def test_the_twin_says_each_step_in_words_with_its_deed_body_needs_and_basis():
    assert in_words(read_definition(SMALL, "small.toml")) == SMALL_WORDS


@pytest.mark.parametrize("name", shipped_names())
def test_every_move_of_a_process_is_an_arrow_and_no_other(name):
    moves = [(source, step.to) for step in shipped(name).steps if step.to for source in step.sources]

    arrows = re.findall(r"^    (\S+) --> (\w+) : [^:;#]+$", picture(shipped(name)), re.MULTILINE)

    assert arrows == [("[*]" if source == "new" else source, to) for source, to in moves]


@pytest.mark.parametrize("name", shipped_names())
def test_every_step_and_clock_is_said_in_words(name):
    definition = shipped(name)

    said = re.findall(r"^- ", in_words(definition), re.MULTILINE)

    assert len(said) == len(definition.steps) + len(definition.clocks)


def test_a_step_by_itself_is_drawn_and_said_as_one():
    words = in_words(shipped("chscp/2021-22"))

    assert "ratified --> review_in_progress : Commission the review (by itself)" in picture(shipped("chscp/2021-22"))
    assert (
        "- From *Ratified* to *Review in progress*: **Commission the review**, by itself, "
        "for the Case Review Sub-Group; needs that the decision is to review (stated by the partnership)."
    ) in words


def test_the_picture_is_written_between_its_marks_and_nothing_else_changes(tmp_path):
    readme = tmp_path / "README.md"
    readme.write_text(f"# Before\n{BEGIN}\nold\n{END}\nAfter\n", encoding="utf-8")

    status = main(["--write", str(readme)])

    expected = f"# Before\n{BEGIN}\n{block(shipped('england/2026'))}\n{END}\nAfter\n"
    assert (status, readme.read_text(encoding="utf-8")) == (0, expected)


def test_the_book_of_all_processes_is_written_and_then_up_to_date(tmp_path):
    path = tmp_path / "docs" / "processes.md"

    statuses = [main(["--check", str(path)]), main(["--write", str(path)]), main(["--check", str(path)])]

    assert (statuses, path.read_text(encoding="utf-8")) == ([1, 0, 0], book())
    assert re.findall(r"^## .*\(`(.*)`\)$", book(), re.MULTILINE) == list(shipped_names())


def test_a_stale_picture_is_told_with_the_command_that_mends_it(tmp_path, capsys):
    readme = tmp_path / "README.md"
    readme.write_text(f"{BEGIN}\nold\n{END}\n", encoding="utf-8")

    status = main(["--check", str(readme)])

    sentence = f"{readme} does not show the processes as they are. Run: python -m workflows.diagram --write {readme}\n"
    assert (status, capsys.readouterr().err) == (1, sentence)


def test_a_file_without_a_place_for_the_picture_is_left_alone(tmp_path, capsys):
    letter = tmp_path / "letter.md"
    letter.write_text("Dear reader\n", encoding="utf-8")

    status = main(["--write", str(letter)])

    sentence = f"{letter} has no place for a picture: put {BEGIN} and {END} into it.\n"
    assert (status, capsys.readouterr().err, letter.read_text(encoding="utf-8")) == (1, sentence, "Dear reader\n")


def test_a_process_is_printed_by_its_name(capsys):
    status = main(["thscp/2022-23"])

    assert (status, capsys.readouterr().out) == (0, block(shipped("thscp/2022-23")) + "\n")


def test_an_unknown_name_prints_which_there_are(capsys):
    status = main(["thscp/1999"])

    sentence = f"There is no definition 'thscp/1999'. There are: {', '.join(shipped_names())}.\n"
    assert (status, capsys.readouterr().err) == (1, sentence)
