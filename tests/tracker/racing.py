"""Processes that all want the same: each opens the database of its own accord and tries at the same moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from sqlalchemy import Engine

from tests.forking import CONTEXT
from tests.make import NOON
from tracker.database import engine_for
from tracker.doing import do
from tracker.errors import NotAllowed, NotFound, Refused
from workflows.lifecycle import StepRefused

_LONGEST_SECONDS = 240


@dataclass(frozen=True, slots=True)
class Try:
    """One deed that a process tries."""

    deed: str
    reference: str | None
    email: str
    facts: Mapping[str, Any]
    intent: str | None = None
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """How one try ended: the sentence of the refusal, or the answer of the deed; and how often the file was busy."""

    reference: str | None
    sentence: str | None
    answer: dict[str, Any] | None
    busy: int = field(default=0, compare=False)


def race(url: str, tries: Sequence[Sequence[Try]], *, seconds: float = _LONGEST_SECONDS) -> list[list[Ended]]:
    """Let one process for each list of tries go through it, all from the same moment, and give how each ended."""
    with CONTEXT.Manager() as manager:
        together = manager.Barrier(len(tries))
        with CONTEXT.Pool(len(tries), initializer=_meet, initargs=(together,)) as pool:
            running = pool.starmap_async(_run, [(url, list(mine)) for mine in tries], chunksize=1)
            return running.get(seconds)


def _meet(together: Any) -> None:
    together.wait(_LONGEST_SECONDS)


def _run(url: str, tries: Sequence[Try]) -> list[Ended]:
    engine = engine_for(url)
    try:
        return [_try(engine, mine) for mine in tries]
    finally:
        engine.dispose()


def _try(engine: Engine, mine: Try) -> Ended:
    """Try as often as the file is too busy: nothing was changed then, and the sentence says to try again."""
    for busy in count():
        try:
            done = do(
                engine,
                mine.deed,
                mine.reference,
                email=mine.email,
                facts=mine.facts,
                now=NOON,
                intent=mine.intent,
                seen=mine.seen,
            )
        except (NotAllowed, NotFound, Refused, StepRefused) as refusal:
            if refusal.code != "database_unavailable":
                return Ended(mine.reference, str(refusal), None, busy)
        else:
            return Ended(done.reference, None, done.answer, busy)
    raise AssertionError("counting has no end")
