"""Draws a process as a Mermaid picture with its twin in words; keeps the README and the book of processes up to date.

`python -m workflows.diagram NAME` prints one; `--write FILE…` and `--check FILE…` write or compare files.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from workflows.arrangement import NEW, Basis, ClockRule, Definition, Step
from workflows.deadlines import Direction
from workflows.definition import DefinitionWrong, shipped, shipped_names
from workflows.vocabulary import CaseStatus
from workflows.wording import listed

BEGIN = "<!-- process:begin -->"
END = "<!-- process:end -->"
IN_THE_README = "england/2026"
BOOK_TITLE = "# Processes"

_BOOK_BEGINNING = f"""{BOOK_TITLE}

Written by `python -m workflows.diagram --write` from the files in `workflows/definitions/`: change those, not this.
"""


def picture(definition: Definition) -> str:
    """Give the steps that move a case on as a Mermaid state diagram, fenced for Markdown."""
    lines = ["```mermaid", "stateDiagram-v2", f"    accTitle: {definition.title}"]
    lines += [f'    state "{_status(status.value)}" as {status.value}' for status in definition.statuses]
    for step in definition.steps:
        lines += [f"    {_end(source)} --> {step.to} : {_on_arrow(step)}" for source in step.sources if step.to]
    return "\n".join([*lines, "    closed --> [*]", "```"])


def in_words(definition: Definition) -> str:
    """Give the same picture as lists: each step, what is recorded beside the steps, and each clock."""
    parts = [
        "Steps that move a case on:\n",
        *(_said(definition, step) for step in definition.steps if step.to),
        "\nRecorded without moving the case on:\n",
        *(_said(definition, step) for step in definition.steps if not step.to),
    ]
    if definition.clocks:
        parts += ["\nClocks:\n", *(_clock_said(clock) for clock in definition.clocks)]
    return "\n".join(parts)


def block(definition: Definition) -> str:
    """Give the picture with its twin folded away below it."""
    words = f"<details>\n<summary>The same in words</summary>\n\n{in_words(definition)}\n\n</details>"
    return f"{picture(definition)}\n\n{words}"


def book() -> str:
    """Give every process of ours, one after the other, as a document of its own."""
    chapters = (f"## {shipped(name).title} (`{name}`)\n\n{block(shipped(name))}\n" for name in shipped_names())
    return "\n".join([_BOOK_BEGINNING, *chapters])


def wanted(text: str) -> str | None:
    """Give what a file should hold: the picture between its marks, or the whole book; nothing when it is neither."""
    if BEGIN in text and END in text.split(BEGIN, 1)[1]:
        before, rest = text.split(BEGIN, 1)
        after = rest.split(END, 1)[1]
        return f"{before}{BEGIN}\n{block(shipped(IN_THE_README))}\n{END}{after}"
    # Anything else that has words in it was not written by us, and is not to be lost.
    return book() if not text.strip() or text.startswith(BOOK_TITLE) else None


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks; gives its exit status."""
    parser = argparse.ArgumentParser(prog="python -m workflows.diagram", description="Draws the processes.")
    parser.add_argument("name", nargs="?", default=IN_THE_README, help="the process to print, like thscp/2022-23")
    parser.add_argument("--write", nargs="+", type=Path, metavar="FILE", help="bring these files up to date")
    parser.add_argument("--check", nargs="+", type=Path, metavar="FILE", help="fail unless these files are up to date")
    asked = parser.parse_args(arguments)
    if asked.write or asked.check:
        complaints = [
            *(complaint for path in asked.write or () for complaint in _written(path)),
            *(complaint for path in asked.check or () for complaint in _checked(path)),
        ]
    else:
        complaints = _printed(asked.name)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0


def _printed(name: str) -> list[str]:
    try:
        print(block(shipped(name)))
    except DefinitionWrong as wrong:
        return [str(wrong)]
    return []


def _written(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    new = wanted(text)
    if new is None:
        yield f"{path} has no place for a picture: put {BEGIN} and {END} into it."
    elif new != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(new, encoding="utf-8")


def _checked(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    if wanted(text) != text:
        yield f"{path} does not show the processes as they are. Run: python -m workflows.diagram --write {path}"


def _status(code: str) -> str:
    words = CaseStatus(code).words
    return words[0].upper() + words[1:]


def _end(code: str) -> str:
    return "[*]" if code == NEW else code


def _on_arrow(step: Step) -> str:
    # A colon or a semicolon would end the label.
    label = step.label.replace(":", ",").replace(";", ",")
    return label if step.do else f"{label} (by itself)"


def _said(definition: Definition, step: Step) -> str:
    names = listed([f"the {definition.body_named(code).name}" for code in step.by], "or")
    deed = "by itself" if step.do is None else f"`{step.do.deed}`{f' as {_words(step.branch)}' if step.branch else ''}"
    whose = f", {'for' if step.do is None else 'by'} {names}" if names else ""
    needs = f"; needs that {listed([need.words for need in step.needs])}" if step.needs else ""
    creates = f"; creates {listed(step.creates)}" if step.creates else ""
    where = listed([_from(source) for source in step.sources], "or")
    way = f"From {where} to *{_status(step.to)}*" if step.to else f"While {where}"
    return f"- {way}: **{step.label}**, {deed}{whose}{needs}{creates} ({Basis(step.basis).words})."


def _clock_said(clock: ClockRule) -> str:
    ended = f", met by {clock.met_by.words}" if clock.met_by else ""
    where = "before" if clock.direction is Direction.BEFORE else "from"
    only = f", only where the decision is {_words(clock.only_for)}" if clock.only_for else ""
    length = f"{clock.length} {where} {clock.start.words}"
    return (
        f"- **{clock.name}** (`{clock.code}`, {clock.kind.value}): {length}{ended}{only} ({Basis(clock.basis).words})."
    )


def _from(code: str) -> str:
    return "the beginning" if code == NEW else f"*{_status(code)}*"


def _words(code: str) -> str:
    return code.replace("_", " ")


if __name__ == "__main__":
    sys.exit(main())
