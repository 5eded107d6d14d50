"""Likely duplicates of the legacy plan: the nine that are named are offered, none of the six that only look so."""

from pathlib import Path

from tracker.actions.likeness import look_alikes
from tracker.importing.cells import folded
from tracker.importing.judging import judge
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
