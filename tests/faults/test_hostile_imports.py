"""Hundreds of plans that were damaged at random: each is read or refused with a sentence, in little time and memory."""

import random
import resource
import time
import zipfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path

from tests.faults.size import scaled
from tracker.errors import Refused
from tracker.importing.reading import read_file

DATA = Path(__file__).parents[1] / "tracker" / "importing" / "data"
SECONDS, MEGABYTES = 10, 300
_FAULTS = (
    *(b"<", b">", b"&", b"\0", b'"', b"<f>"),
    *(b"999999999", b"XFD1048576", b"<!DOCTYPE x [", b"\xff\xfe", b't="e"'),
)


def damaged(chance: random.Random, content: bytes) -> bytes:
    """Put something into a few places of some bytes, or take something out of them."""
    made = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(made))
        fault = chance.choice(_FAULTS)
        made[place : place + chance.choice((0, len(fault), 40))] = fault * chance.choice((1, 1, 30))
    return bytes(made)


def with_a_damaged_part(chance: random.Random, content: bytes) -> bytes:
    """Damage what lies within the archive of a workbook, which is whole again around it."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as was, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        chosen = chance.choice(was.namelist())
        for name in was.namelist():
            part = was.read(name)
            archive.writestr(name, damaged(chance, part) if name == chosen else part)
    return made.getvalue()


def test_damaged_plans_are_read_or_refused_with_a_sentence(tmp_path: Path) -> None:
    # In a process of its own: of this one's children the memory of the largest is known, and it has had others.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as elsewhere:
        became, slowest, memory = elsewhere.submit(_reads_all, tmp_path).result()

    print(f"{sum(became.values())} damaged plans: {dict(became)}; slowest {slowest:.1f} s, most memory {memory} MB")
    assert (slowest < SECONDS, memory < MEGABYTES) == (True, True)


def _reads_all(folder: Path) -> tuple[Counter[str], float, int]:
    """Read the damaged plans; gives what became of them, the seconds of the slowest, and the reader's megabytes."""
    chance = random.Random(1)
    workbook, values = ((DATA / f"legacy-action-plan.{ending}").read_bytes() for ending in ("xlsx", "csv"))
    became: Counter[str] = Counter()
    slowest = 0.0
    for number in range(scaled(400)):
        kind = number % 3
        content = (
            damaged(chance, workbook if kind == 0 else values) if kind < 2 else with_a_damaged_part(chance, workbook)
        )
        path = folder / f"{number}.{'csv' if kind == 1 else 'xlsx'}"
        path.write_bytes(content)
        began = time.monotonic()
        try:
            read_file(path)
            became["read"] += 1
        except Refused as refused:
            sentence = str(refused)
            assert sentence.startswith(f"{path.name}: "), sentence
            assert sentence.endswith("Nothing was imported."), sentence
            became["refused"] += 1
        slowest = max(slowest, time.monotonic() - began)

    return became, slowest, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
