"""A hundred thousand forms with something hostile in them: none is a fault, none hangs, no text is lost."""

import random
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import Engine

from tests.faults.size import scaled
from tests.tracker.undoing import forgetting
from tests.tracker.web.every_form import Served, make_signed_in, serve, trial
from tests.tracker.web.hostile import HOSTILE

NUMBER = scaled(100_000)


@pytest.fixture
def standing(sqlite_engine: Engine) -> Iterator[Served]:
    """Serve a world in which whatever is sent is undone at once."""
    make_signed_in(sqlite_engine)
    with ExitStack() as closing:
        yield serve(forgetting(sqlite_engine), closing)


def cut_together(chance: random.Random) -> bytes:
    """Put together something hostile: pieces of what is known, anything between them, cut anywhere."""
    pieces = [piece[chance.randrange(min(len(piece), 60)) :][: chance.randrange(1, 3000)] for piece in HOSTILE]
    pieces += [chance.randbytes(chance.randrange(1, 40)) for _ in range(3)]
    return b"".join(chance.sample(pieces, chance.randrange(1, 5)))


@pytest.mark.timeout(6 * 3600)
def test_hostile_forms_are_answered_with_a_page_and_their_text(standing: Served) -> None:
    chance = random.Random(20261121)
    fields = [(form, name) for form in standing.forms() for name in form.texts]

    wrong = [said for _ in range(NUMBER) if (said := trial(standing, *chance.choice(fields), cut_together(chance)))]

    assert wrong[:20] == []
