"""Likely duplicates of the legacy plan: the nine that are named are offered, none of the six that only look so."""

import sqlite3
from pathlib import Path

import psycopg
from sqlalchemy import text

from tests import make
from tests.statements import each_statement
from tracker.actions.likeness import look_alikes
from tracker.importing.cells import folded
from tracker.importing.judging import judge
from tracker.importing.likely import MOST_AT_ONCE
from tracker.importing.plans import import_plan
from tracker.importing.reading import read_file

PLAN = Path(__file__).parent / "data" / "legacy-action-plan.xlsx"
SAME = {
    ("BI/1", "BI/10"),
    ("BI/13", "C/5"),
    ("BI/9", "Z.4"),
    ("C/9", "C/13"),
    ("R-3", "R-8"),
    ("R-9", "AUD3"),
    ("R-9", "BD-13"),
    ("Z.5", "Z.8"),
    ("BD-10", "BD-11"),
}
OTHER = {
    ("BI/6", "BI/15"),
    ("BI/6", "Z.1"),
    ("BI/15", "Z.1"),
    ("R-2", "BI/16"),
    ("Z.3", "BD-05"),
    ("R-1", "Z.7"),
}
# What the driver of a database says when others write for too long.
DRIVERS = {"sqlite": sqlite3.OperationalError, "postgresql": psycopg.errors.LockNotAvailable}


class Anything(dict):
    """Knows every review, each by its own name."""

    def __contains__(self, name):
        return True

    def get(self, name, default=None):
        return self.setdefault(folded(name), len(self))


def test_nine_duplicates_are_offered_with_two_others_and_none_that_only_looks_alike():
    rows = [row for row in judge(read_file(PLAN).sheets, Anything()).rows if row.understood]
    texts = {row.understood.ref or f"{row.sheet} {row.number}": row.understood.action for row in rows}

    offered = {(pair.one, pair.other) for pair in look_alikes(texts)}

    assert (SAME - offered, offered & OTHER, len(offered - SAME)) == (set(), set(), 2)


def test_same_words_in_another_order_and_form_are_alike_and_few_words_in_common_are_not():
    texts = {
        "1": "Send the school nurse every plan for a child's asthma",
        "2": "Plans for children with asthma are sent to school nurses",
        "3": "Send the school a letter",
    }

    assert [(pair.one, pair.other) for pair in look_alikes(texts)] == [("1", "2")]
    assert (look_alikes({}), look_alikes({"1": "", "2": ""})) == ([], [])


def test_import_names_what_the_plan_holds_already_and_nothing_that_was_decided_on(tmp_path, engine):
    make.make_world(engine)
    make.make_case(engine)
    said = "Schools are given the records of health visitors within ten days"
    make.act(engine, "add_action", "thscp", text=said)
    rows = ["Share health visitor records with schools within ten days,Owen,30/06/2021", "Ring the surgery,Owen,"]
    lines = ["Review,Action,Owner,Target date", *(f"TH-2021-001,{row}" for row in rows)]
    plan = tmp_path / "plan.csv"
    plan.write_text("\n".join([*lines, ""]))
    given = {"email": "coordinator@thscp.example", "partnership": None, "now": make.NOON}

    tried = import_plan(engine, plan, dry_run=True, **given).look_alikes
    stored = import_plan(engine, plan, dry_run=False, **given).look_alikes
    offered = [one["reference"] for one in make.shown(engine, "A1", kind="action")["looks_like"]]
    make.act(engine, "not_alike", "A1", other=offered[0])
    again = import_plan(engine, plan, dry_run=False, **given).look_alikes

    assert (tried == stored, [set(pair) for pair in stored], again) == (True, [{"A1", offered[0]}], [])


def test_very_large_file_stays_stored_and_says_so_where_its_look_alikes_cannot_be_kept(tmp_path, engine):
    make.make_world(engine)
    make.make_case(engine)
    alike = [
        "Share health visitor records with schools within ten days",
        "Schools are given the records of health visitors within ten days",
    ]
    texts = [*alike, *(f"Ring ward{number} about letter{number}" for number in range(MOST_AT_ONCE))]
    plan = tmp_path / "plan.csv"
    lines = ["Review,Action,Owner,Target date", *(f"TH-2021-001,{text},Owen,30/06/2021" for text in texts)]
    plan.write_text("\n".join([*lines, ""]))
    given, asked = {"email": "coordinator@thscp.example", "now": make.NOON}, []

    def no_room_for_pairs(sql, _values):
        if str(sql).startswith("INSERT INTO action_pair"):
            asked.append(sql)
            raise DRIVERS[engine.dialect.name]("database is locked: lock timeout")

    with each_statement(engine, no_room_for_pairs):
        report = import_plan(engine, plan, dry_run=False, **given)

    with engine.connect() as connection:
        stored = connection.execute(text("SELECT count(*) FROM action")).scalar_one()
    assert (len(asked), stored, sum(row.is_new for row in report.rows)) == (1, len(texts), len(texts))
    assert report.notes == (
        "Everything is stored, but the database was busy before look-alikes could be looked for: let the whole plan "
        "be compared later.",
    )
