"""Two people at once: one wins, the others are told who did what, nothing is half done, no deed twice."""

from collections import Counter
from itertools import chain

from sqlalchemy import Engine
from sqlmodel import Session, select

from tests.make import make_case, make_person, make_team, shown
from tests.tracker.racing import Try, race
from tracker.database import unit_of_work
from tracker.history import HistoryLine

PROCESSES = 16
CASES = 40


def _coordinators(session: Session) -> list[str]:
    """Make a team and, beside it, a coordinator for each process."""
    partnership = make_team(session)
    emails = [f"c{number}@thscp.example" for number in range(1, PROCESSES + 1)]
    for number, email in enumerate(emails, 1):
        make_person(session, partnership, email, "coordinator", name=f"Coordinator {number}")
    return emails


def _sequence(engine: Engine) -> list[int]:
    with unit_of_work(engine) as session:
        return list(session.exec(select(HistoryLine.seq).order_by(HistoryLine.seq)))


def test_sixteen_coordinators_take_the_same_step_on_forty_cases_and_each_case_has_one_winner(
    engine: Engine, database_url: str
) -> None:
    with unit_of_work(engine) as session:
        emails = _coordinators(session)
    cases = [make_case(engine, f"RACE-{number}", notified_on="2021-06-01") for number in range(1, CASES + 1)]
    tries = [[Try("convene_panel", case, email, {"on": "2021-06-01"}) for case in cases] for email in emails]

    ended = list(chain.from_iterable(race(database_url, tries)))

    winners = Counter(each.reference for each in ended if each.sentence is None)
    assert winners == Counter(cases)
    for case in cases:
        document = shown(engine, case)
        convened = [line for line in document["history"] if line["deed"] == "convene_panel"]
        assert [(line["old"], line["new"]) for line in convened] == [("notified", "rapid_review")]
        refusals = {each.sentence for each in ended if each.reference == case and each.sentence is not None}
        assert refusals == {
            "Cannot convene the panel: the case is in rapid review. What can be done now: record-recommendation, "
            "send-to-national-panel, record-panel-response, hold-case. "
            f"{convened[0]['by']} did convene-panel at midday."
        }
        assert document["version"] == 2
    assert _sequence(engine) == list(range(1, 2 * CASES + 1))


def test_same_intent_sixteen_times_at_once_is_one_deed_with_one_answer(engine: Engine, database_url: str) -> None:
    with unit_of_work(engine) as session:
        make_team(session)
    facts = {"partnership": "thscp", "known_on": "2021-06-01"}
    opening = Try("open_case", None, "coordinator@thscp.example", facts, intent="open-once")

    ended = list(chain.from_iterable(race(database_url, [[opening]] * PROCESSES)))

    assert ended == [ended[0]] * PROCESSES
    assert ended[0].answer == shown(engine, "TH-2021-001", by="coordinator@thscp.example")
    assert _sequence(engine) == [1]


def test_versions_seen_by_sixteen_at_once_let_one_change_through(engine: Engine, database_url: str) -> None:
    with unit_of_work(engine) as session:
        emails = _coordinators(session)
    case = make_case(engine, notified_on="2021-06-01")
    facts = {"event": "notification", "on": "2021-06-02", "reason": "Read again"}
    tries = [[Try("correct_event", case, email, facts, seen=1)] for email in emails]

    ended = list(chain.from_iterable(race(database_url, tries)))

    document = shown(engine, case)
    winner = next(line["by"] for line in document["history"] if line["deed"] == "correct_event")
    assert Counter(each.sentence for each in ended) == {
        None: 1,
        f"{case} has moved on since you looked at it. {winner} did correct-event at midday. "
        "Look again, then decide.": PROCESSES - 1,
    }
    assert document["version"] == 2


def test_references_given_out_at_once_are_all_different(engine: Engine, database_url: str) -> None:
    with unit_of_work(engine) as session:
        emails = _coordinators(session)
    tries = [[Try("open_case", None, email, {"partnership": "thscp", "known_on": "2021-06-01"})] for email in emails]

    ended = list(chain.from_iterable(race(database_url, tries)))

    assert {each.sentence for each in ended} == {None}
    assert {each.reference for each in ended} == {f"TH-2021-{number:03d}" for number in range(1, PROCESSES + 1)}
    assert len({shown(engine, each.reference)["pseudonym"] for each in ended if each.reference}) == PROCESSES


def test_group_for_which_eight_plan_the_same_meetings_at_once_meets_once_at_a_time(
    engine: Engine, database_url: str
) -> None:
    with unit_of_work(engine) as session:
        emails = _coordinators(session)[:8]
    days = [f"2021-07-{day:02}" for day in range(5, 10)]
    tries = [[Try("schedule_meeting", None, email, {"group": "exec", "on": day}) for day in days] for email in emails]

    ended = list(chain.from_iterable(race(database_url, tries)))

    assert len([each for each in ended if each.sentence is None]) == len(days)
    assert {(each.sentence or "").partition(":")[0] for each in ended} == {"", "Executive Group meets then already"}


def test_same_reference_given_by_sixteen_at_once_is_one_case(engine: Engine, database_url: str) -> None:
    with unit_of_work(engine) as session:
        emails = _coordinators(session)
    facts = {"partnership": "thscp", "known_on": "2021-06-01", "reference": "ROBIN"}

    ended = list(chain.from_iterable(race(database_url, [[Try("open_case", None, email, facts)] for email in emails])))

    assert Counter(each.sentence for each in ended) == {
        None: 1,
        "The reference ROBIN is taken. Choose another.": PROCESSES - 1,
    }
