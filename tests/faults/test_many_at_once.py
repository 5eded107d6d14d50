"""Sixty-four processes on five hundred cases: one winner for each, no deed twice, no gap in the history."""

from collections import Counter
from itertools import chain

import pytest
from sqlalchemy import Engine, text
from sqlmodel import select

from tests.faults.size import scaled
from tests.make import make_case, make_person, make_team
from tests.tracker.everything import counts
from tests.tracker.racing import Try, race
from tracker.database import reading, unit_of_work
from tracker.history import HistoryLine

PROCESSES = 64
CASES = scaled(500)
SECONDS = 3000


@pytest.mark.timeout(SECONDS + 300)
def test_sixty_four_coordinators_take_the_same_step_on_five_hundred_cases(engine: Engine, database_url: str) -> None:
    with unit_of_work(engine) as session:
        partnership = make_team(session)
        emails = [f"c{number}@thscp.example" for number in range(1, PROCESSES + 1)]
        for number, email in enumerate(emails, 1):
            make_person(session, partnership, email, "coordinator", name=f"Coordinator {number}")
    cases = [make_case(engine, f"C-{number}", notified_on="2021-06-01") for number in range(1, CASES + 1)]
    before = counts(engine)
    tries = [[Try("convene_panel", case, email, {"on": "2021-06-01"}) for case in cases] for email in emails]

    ended = list(chain.from_iterable(race(database_url, tries, seconds=SECONDS)))

    winners = Counter(each.reference for each in ended if each.sentence is None)
    with reading(engine) as session:
        lines = session.exec(select(HistoryLine.seq, HistoryLine.about, HistoryLine.deed)).all()
        asked = session.connection()
        names = dict(asked.execute(_WINNERS).all())
        versions = asked.execute(text("SELECT DISTINCT status, version FROM case_record")).all()
    assert winners == Counter(cases)
    assert sorted(seq for seq, _, _ in lines) == list(range(1, len(lines) + 1))
    assert Counter((about, deed) for _, about, deed in lines if deed == "convene_panel") == Counter(
        (case, "convene_panel") for case in cases
    )
    assert versions == [("rapid_review", 2)]
    told = [each for each in ended if each.sentence is not None]
    busy = sum(each.busy for each in ended)
    print(f"{engine.dialect.name}: {len(cases)} won, {len(told)} told who did it, {busy} times too busy at first")
    assert {each.sentence for each in told} == {_sentence(names[case]) for case in cases}
    assert [each.reference for each in told if each.sentence != _sentence(names[each.reference or ""])] == []
    assert len(told) == (PROCESSES - 1) * CASES
    # Nothing was written for those who lost: one event, one line and one name on the case for each winner.
    after = counts(engine)
    assert {table: after[table] - before[table] for table in after if after[table] != before[table]} == {
        "case_access": CASES,
        "case_event": CASES,
        "history_line": CASES,
    }


_WINNERS = text(
    "SELECT h.about, p.name FROM history_line h JOIN person p ON p.id = h.person_id WHERE h.deed = 'convene_panel'"
)


def _sentence(winner: str) -> str:
    return (
        "Cannot convene the panel: the case is in rapid review. What can be done now: record-recommendation, "
        f"send-to-national-panel, record-panel-response, hold-case. {winner} did convene-panel at midday."
    )
