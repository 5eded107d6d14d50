"""What the command line answers: one document or one sentence, and the exit status of each kind of no."""

import json
from collections.abc import Sequence
from typing import Any

from tracker.commands.saying import complain, say
from tracker.errors import Blocker, FactsWrong, NotAllowed, NotFound, Refused
from workflows.definition import DefinitionWrong
from workflows.lifecycle import StepRefused
from workflows.requirements import Unmet

# The one table of errors; what is not in it is a bug and shows its traceback.
EXIT_STATUS: dict[type[Exception], int] = {
    NotFound: 1,
    NotAllowed: 1,
    Refused: 1,
    StepRefused: 1,
    DefinitionWrong: 1,
    FactsWrong: 2,
}


def answer(fault: Exception, as_json: bool) -> int:
    """Say no in one sentence on stderr, with `--json` also as a document, and give the exit status; a bug goes on."""
    status = next((status for kind, status in EXIT_STATUS.items() if isinstance(fault, kind)), None)
    if status is None:
        raise fault
    complain(str(fault))
    if as_json:
        code = str(getattr(fault, "code", "bad_definition"))
        print_refusal(code, str(fault), getattr(fault, "blockers", ()), getattr(fault, "open_steps", ()))
    return status


def print_refusal(
    code: str, sentence: str, blockers: Sequence[Blocker | Unmet] = (), open_steps: Sequence[str] = ()
) -> None:
    """Print a refusal as the document that `--json` promises."""
    print_json(
        {
            "code": code,
            "sentence": sentence,
            "blockers": [
                {
                    "code": blocker.code,
                    "sentence": blocker.sentence,
                    "deed": blocker.cured_by,
                    "from": None if blocker.from_day is None else blocker.from_day.isoformat(),
                }
                for blocker in blockers
            ],
            "open_steps": list(open_steps),
        }
    )


def print_json(document: Any, *, done: bool = False) -> None:  # whatever JSON can hold
    """Print one JSON document and nothing else; `done` where something was changed that cannot be asked for anew."""
    written = json.dumps(document, ensure_ascii=False, indent=2, default=str)
    say(written.encode("utf-8", "backslashreplace").decode(), done=done)
