"""Files that are no whole backup, and stores that are not empty: refused with a sentence, and nothing is stored."""

import gzip
import hashlib
import json
import random
import shutil
import tracemalloc

import pytest
from sqlalchemy import inspect

from tests.make import make_world
from tests.tracker.backups.drill import backup, restore
from tests.tracker.everything import contents
from tracker.backups.progress import untold
from tracker.backups.reading import opened
from tracker.database import engine_for
from tracker.errors import Refused


@pytest.fixture(scope="module")
def whole(sqlite_template, tmp_path_factory):
    """Give a backup of one partnership, made once."""
    folder = tmp_path_factory.mktemp("backup")
    shutil.copyfile(sqlite_template, folder / "world.db")
    engine = engine_for(f"sqlite:///{folder}/world.db")
    make_world(engine)
    backup(engine, folder / "whole.backup")
    engine.dispose()
    return folder / "whole.backup"


def refusal(path):
    """Say why a file is no whole backup; nothing where it is one."""
    try:
        with opened(path) as file:
            file.check(untold)
            file.begin_again()
            for part in file.manifest.parts:
                list(map(file.reader(part, "sqlite"), file.lines(part, lambda more: None)))
    except Refused as refused:
        return str(refused)
    return None


def test_backup_that_is_cut_anywhere_is_refused(whole, tmp_path):
    content, cut = whole.read_bytes(), tmp_path / "cut"
    whole_ones = []
    near_an_end = [*range(100), *range(len(content) - 100, len(content))]

    for length in near_an_end + random.Random(7).sample(range(len(content)), 100):
        cut.write_bytes(content[:length])
        if refusal(cut) is None:
            whole_ones.append(length)

    assert (whole_ones, refusal(whole)) == ([], None)


def test_backup_in_which_a_byte_changed_is_refused_or_the_same(whole, tmp_path):
    content, changed, luck = whole.read_bytes(), tmp_path / "changed", random.Random(7)
    restored = []

    for _ in range(100):
        place = luck.randrange(len(content))
        changed.write_bytes(content[:place] + bytes([content[place] ^ 1 << luck.randrange(8)]) + content[place + 1 :])
        # In the first ten bytes stand the moment and the system by which a file was packed.
        if refusal(changed) is None and place >= 10:
            restored.append(place)

    assert restored == []


def rewritten(whole, path, change):
    """Write a backup anew with its lines changed, its fingerprints as somebody would who wants it to pass."""
    lines = gzip.decompress(whole.read_bytes()).decode().splitlines()
    manifest, rows = json.loads(lines[0]), lines[1:-1]
    parts = {}
    for part in manifest["parts"]:
        parts[part["table"]], rows = rows[: part["rows"]], rows[part["rows"] :]
    change(manifest, parts)
    sums = {
        name: hashlib.sha256("".join(f"{row}\n" for row in found).encode()).hexdigest() for name, found in parts.items()
    }
    every = [json.dumps(manifest), *(row for found in parts.values() for row in found), json.dumps({"sha256": sums})]
    path.write_bytes(gzip.compress("".join(f"{line}\n" for line in every).encode()))
    return path


def _of(manifest, table):
    return next(part for part in manifest["parts"] if part["table"] == table)


def _newer_format(manifest, _parts):
    manifest["version"] = 2


def _newer_tables(manifest, _parts):
    manifest["revision"] = "9999"


def _foreign(manifest, _parts):
    manifest["format"] = "something else"


def _more_facts(manifest, _parts):
    manifest["more"] = 1


def _unknown_table(manifest, parts):
    manifest["parts"].append({"table": "../../etc/passwd", "columns": {"id": "integer"}, "rows": 1})
    parts["../../etc/passwd"] = ["[1]"]


def _twice(manifest, parts):
    manifest["parts"].append(_of(manifest, "theme"))


def _missing_table(manifest, parts):
    manifest["parts"] = [part for part in manifest["parts"] if part["table"] != "theme"]
    del parts["theme"]


def _unknown_column(manifest, _parts):
    _of(manifest, "person")["columns"]['name") VALUES (1); --'] = "text"


def _other_kind(manifest, _parts):
    _of(manifest, "person")["columns"]["name"] = "bytes"


def _row(text):
    def change(manifest, parts):
        part = _of(manifest, "theme")
        parts["theme"].append(text)
        part["rows"] += 1

    return change


HOSTILE = {
    "newer format": (_newer_format, "was written by a newer program"),
    "newer tables": (_newer_tables, "was written by a newer program"),
    "foreign": (_foreign, "it is no backup of Learning tracker"),
    "unknown fact": (_more_facts, "one of its lines is not what it has to be"),
    "unknown table": (_unknown_table, "its tables are not those of this program"),
    "table twice": (_twice, ""),
    "table missing": (_missing_table, "its tables are not those of this program"),
    "unknown column": (_unknown_column, "its tables are not those of this program"),
    "other kind": (_other_kind, "its tables are not those of this program"),
    "no row": (_row("{}"), "one of its lines is no row"),
    "no JSON": (_row("theme"), "one of its lines is no row"),
    "nested": (_row("[" * 100_000), "one of its lines is no row"),
    "too few values": (_row("[77]"), "a row of theme does not fit its columns"),
    "another value": (_row('["x","neither","here",null]'), "a row of theme does not fit its columns"),
    "large number": (_row(f'[{"9" * 4000},"a","b",null]'), "a row of theme does not fit its columns"),
    "half a letter": (_row('[77,"a","\\ud800",null]'), "a row of theme does not fit its columns"),
    "missing value": (_row('[77,null,"b",null]'), "its rows do not fit the tables"),
}


def test_hostile_backup_is_refused_and_nothing_is_stored(whole, engine, tmp_path):
    before, said = contents(engine), {}

    for name, (change, sentence) in HOSTILE.items():
        with pytest.raises(Refused) as refused:
            restore(engine, rewritten(whole, tmp_path / "hostile", change))
        said[name] = sentence if sentence in str(refused.value) else str(refused.value)

    assert said == {name: sentence for name, (_, sentence) in HOSTILE.items()}
    assert contents(engine) == before


def test_row_that_points_nowhere_is_refused(whole, empty_engine, tmp_path):
    def point_nowhere(manifest, parts):
        place = list(_of(manifest, "person")["columns"]).index("agency_id")
        row = json.loads(parts["person"][0])
        row[place] = 4711
        parts["person"][0] = json.dumps(row)

    with pytest.raises(Refused) as refused:
        restore(empty_engine, rewritten(whole, tmp_path / "hostile", point_nowhere))

    assert "its rows do not fit the tables" in str(refused.value)
    assert inspect(empty_engine).get_table_names() == []


def test_bomb_is_refused_within_bounds(whole, tmp_path):
    manifest = gzip.decompress(whole.read_bytes()).splitlines(keepends=True)[0]
    bombs = {"one line": b"[" * 1_000_000, "many lines": b"[0" + b",0" * 499_998 + b"]\n"}
    said = {}

    tracemalloc.start()
    for name, content in bombs.items():
        known = json.loads(manifest)
        known["parts"] = [known["parts"][0] | {"rows": 10**12}]
        with gzip.open(tmp_path / name, "wb") as bomb:
            bomb.write(json.dumps(known).encode() + b"\n")
            for _ in range(150):
                bomb.write(content)
        said[name] = refusal(tmp_path / name).partition(": ")[2].partition(".")[0]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert said == {"one line": "one of its lines is too long", "many lines": "it holds far more than its size allows"}
    assert peak < 100_000_000


def test_store_in_which_something_was_done_is_left_as_it_is(engine, whole):
    make_world(engine)
    before = contents(engine)

    with pytest.raises(Refused) as refused:
        restore(engine, whole)

    assert str(refused.value).startswith("The database is not empty: it has rows in agency.")
    assert contents(engine) == before
