"""Loading the published reviews of four partnerships, and files that are wrong."""

import copy
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import SQLModel, func, select

from tests.tracker.command_line import CommandLine
from tracker.actions.models import Action, ActionSource
from tracker.cases.models import Case, CaseName
from tracker.database import reading
from tracker.groups.models import DefinitionVersion, Group, Partnership, Theme, YearFigure
from tracker.history import HistoryLine
from tracker.people.models import Agency, Person
from tracker.reviews.models import Finding, Recommendation

SHIPPED = files("tracker") / "demo" / "data"
PARTNERSHIPS = str(SHIPPED / "partnerships.json")
CASES = str(SHIPPED / "cases.json")

OWN = {
    "partnerships": [
        {
            "id": "nmscp",
            "name": "Northmere Safeguarding Children Partnership",
            "area": ["Northmere"],
            "safeguarding_partners": ["Northmere Council", "Northmere NHS", "Northmere Police"],
            "groups": [{"id": "exec", "name": "Executive"}, {"id": "qa", "name": "Quality", "escalates_to": "exec"}],
        }
    ]
}
CASE: dict[str, Any] = {
    "id": "own-1",
    "partnership": "nmscp",
    "reference": "Child A",
    "kind": "rapid_review",
    "reporting_year": "2026-27",
    "actions": [{"id": "own-1-a1", "text": "Do it.", "owner": "Northmere Council", "status": "planned"}],
}


@pytest.fixture
def tracker(
    engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    return CommandLine(monkeypatch, capsys, database_url)


def count(engine: Engine, *models: type[SQLModel]) -> list[int]:
    with reading(engine) as session:
        return [session.exec(select(func.count()).select_from(model)).one() for model in models]


def written(folder: Path, content: object) -> str:
    path = folder / "own.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return str(path)


def test_loading_twice_doubles_nothing(tracker, engine):
    everything = [Partnership, Agency, Group, Case, CaseName, Action, ActionSource, Finding, Recommendation, Theme]
    everything += [YearFigure, Person, HistoryLine]

    first = tracker("load", PARTNERSHIPS, CASES)
    once = count(engine, *everything)
    second = tracker("load", PARTNERSHIPS, CASES)

    assert (first.status, first.out) == (
        0,
        "partnerships.json: 4 partnerships with 43 groups.\n"
        "cases.json: 21 cases with 86 actions; 0 were there already.\n",
    )
    assert (second.status, second.out) == (
        0,
        "partnerships.json: 4 partnerships with 43 groups.\n"
        "cases.json: 0 cases with 0 actions; 21 were there already.\n",
    )
    assert count(engine, *everything) == once
    assert count(engine, Case, Action, Finding, Recommendation, DefinitionVersion) == [21, 86, 57, 8, 5]


def test_loaded_records_stand_as_the_reports_tell_them(tracker):
    tracker("load", PARTNERSHIPS, CASES)

    shown = {name: tracker("show", "case", name, "--json").document for name in ("chscp-child-b", "CHILD Q", "Baby Z")}

    child_b, child_q, baby_z = shown.values()
    assert {key: child_b["findings"][key] for key in ("stated", "recorded")} == {"stated": 6, "recorded": 5}
    assert {key: child_b["recommendations"][key] for key in ("stated", "recorded")} == {"stated": 9, "recorded": 0}
    assert (child_b["public_label"], child_b["reference"], child_b["definition"]) == (
        "Child B",
        "CH-2021-002",
        "chscp/2021-22",
    )
    assert child_b["events"] == {
        "incident": {"date": "2015-05", "precision": "month"},
        "publication": {"date": "2021-04", "precision": "month"},
    }
    assert (child_q["status"], child_q["panel_response"]["kind"]) == ("published", "advises_against")
    assert child_q["decision"]["against_panel_advice"] is True
    assert [answer["answer"] for answer in child_q["ratifications"]] == ["yes"] * 5
    assert (baby_z["status"], baby_z["decision"]["outcome"]) == ("learning_actions", "no_review")
    assert [row["actions"] == [] for row in baby_z["recommendations"]["rows"]] == [
        False,
        False,
        False,
        True,
        True,
        False,
    ]
    assert [line["deed"] for line in baby_z["history"]] == ["loaded"]


def test_statuses_are_the_furthest_stage_of_each_file(tracker):
    tracker("load", PARTNERSHIPS, CASES)

    rows = tracker("list", "cases", "--json").document

    assert [(row["public_label"], row["status"]) for row in rows] == [
        ("Ollie", "published"),
        ("Kamrul", "published"),
        ("Local Learning Review (unnamed)", "review_in_progress"),
        ("Troubled Lives, Tragic Consequences", "review_in_progress"),
        ("Baby Z", "learning_actions"),
        ("Child B", "published"),
        ("Child I", "published"),
        ("Child R", "published"),
        ("Child Q", "published"),
        ("Tashaûn (Child C)", "updated"),
        ("Audit: child protection conferences", "learning_actions"),
        ("Audit: strategy discussions", "learning_actions"),
        ("Audit: quality of referrals", "learning_actions"),
        ("Neglect assurance exercise (large sibling family)", "improvement_programme"),
        ("Barking and Dagenham SCR (unnamed)", "review_in_progress"),
        ("Child TQ", "no_review"),
        ("SCR David", "no_review"),
        ("Barking and Dagenham Practice Learning Review (unnamed)", "rapid_review"),
        ("Cross-borough Practice Learning Review (unnamed)", "review_in_progress"),
        ("National review: The Myth of Invisible Men", "rapid_review"),
        ("Serious case reviews 2008-09 (counts only)", "monitored"),
    ]


def test_loaded_actions_keep_their_state_and_nobody_is_mailed(tracker, engine):
    tracker("load", PARTNERSHIPS, CASES)

    with reading(engine) as session:
        states = list(session.exec(select(Action.status, func.count()).group_by(Action.status).order_by(Action.status)))
        [revised] = session.exec(select(Action).where(Action.loaded_id == "chscp-tashaun-a3"))
        [done] = session.exec(select(Action).where(Action.loaded_id == "chscp-child-r-a4"))
    assert states == [("complete", 52), ("in_progress", 15), ("ongoing", 9), ("planned", 10)]
    assert (str(revised.due), revised.timescale_words) == ("2023", "hoped for early in the year")
    assert (str(done.completed_on), done.due) == ("2022-09", None)
    assert tracker("list", "emails", "--json").document == []


def test_clocks_of_loaded_cases_run_from_their_days(tracker):
    tracker("load", PARTNERSHIPS, CASES)

    clocks = tracker("show", "case", "Tashaun", "--json").document["clocks"]

    assert [(clock["code"], clock["due"], clock["met_on"], clock["state"]) for clock in clocks] == [
        ("keep_public", "2021-12", None, "running"),
        ("update_report", "2021-12", "2021-12", "met"),
    ]
    stopped = tracker("show", "case", "Baby Z", "--json").document["clocks"]
    assert [(clock["code"], clock["state"], clock["stopped_why"]) for clock in stopped] == [
        ("rapid_review", "stopped", "done, on a day that is not stated")
    ]


def test_partnership_that_is_not_ours_takes_the_process_of_a_start_today(tracker, tmp_path):
    loaded = tracker("load", written(tmp_path, OWN))
    tracker(
        "people", "add", "--name", "Amira", "--partnership", "nmscp", "--role", "coordinator", "--email", "a@n.example"
    )

    opened = tracker.do("open-case", None, "a@n.example", partnership="nmscp", known_on="2020-12-16")

    assert (loaded.status, loaded.out) == (0, "own.json: 1 partnership with 2 groups.\n")
    assert (opened.document["reference"], opened.document["definition"]) == ("NM-2020-001", "england/2026")


def test_own_case_loads_and_is_found_by_its_names(tracker, tmp_path):
    tracker("load", written(tmp_path, OWN))

    loaded = tracker("load", written(tmp_path, {"cases": [CASE]}))

    assert (loaded.status, loaded.out) == (0, "own.json: 1 case with 1 action; 0 were there already.\n")
    assert tracker("show", "case", "own-1", "--json").document["reference"] == "NM-2026-001"


def _changed(**values: Any) -> dict[str, Any]:
    return {"cases": [copy.deepcopy(CASE) | values]}


_ACTION = CASE["actions"][0]
WRONG: list[tuple[Any, str]] = [
    ("{", "own.json is not JSON (line 1). Nothing was loaded.\n"),
    ('{"cases": "\\ud800"}', "own.json holds a character that cannot be kept. Nothing was loaded.\n"),
    (
        {"rows": []},
        "own.json has neither the form of partnerships.json nor that of cases.json: it needs `partnerships` or `cases` "
        "at its top. Nothing was loaded.\n",
    ),
    (
        {"partnerships": [{"id": "x"}]},
        "own.json: at partnerships.0.name: it is missing, give it. Nothing was loaded.\n",
    ),
    (
        {"partnerships": [{"id": "x", "name": "X"}, {"id": "x", "name": "X"}]},
        "own.json: the partnership 'x' stands there twice. Nothing was loaded.\n",
    ),
    (
        {"partnerships": [{"id": "x", "name": "X", "groups": [{"id": "a", "name": "A", "escalates_to": "b"}]}]},
        "own.json: the group 'a' of x escalates to 'b', which is not there. Nothing was loaded.\n",
    ),
    (
        {"partnerships": [{"id": "x", "name": "X", "groups": [{"id": "a", "name": "A", "escalates_to": "a"}]}]},
        "own.json: the groups of x escalate in a circle, through 'a'. Nothing was loaded.\n",
    ),
    (
        _changed(partnership="nowhere"),
        "own.json: There is no partnership 'nowhere'. There are: nmscp. Nothing was loaded.\n",
    ),
    (_changed(themes=["luck"]), "own.json: in own-1: the theme 'luck' is not among the themes. Nothing was loaded.\n"),
    (
        _changed(harm="bad"),
        "own.json: in own-1: there is no harm 'bad'. There are: death, serious_harm, several, other. "
        "Nothing was loaded.\n",
    ),
    ({"cases": [CASE, CASE]}, "own.json: the case 'own-1' stands there twice. Nothing was loaded.\n"),
    (
        _changed(actions=[_ACTION, _ACTION]),
        "own.json: the action 'own-1-a1' stands there twice. Nothing was loaded.\n",
    ),
    (
        _changed(actions=[_ACTION | {"responds_to": {"finding": 7}}]),
        "own.json: in own-1: the action 'own-1-a1' responds to finding 7, which is not there. Nothing was loaded.\n",
    ),
    (
        _changed(key_dates=[{"event": "published", "date": "2021-06-31"}]),
        "own.json: at cases.0.key_dates.0.date: There is no 31 June 2021. Enter a real date, like 2027-01-29. "
        "Nothing was loaded.\n",
    ),
]  # fmt: skip


_UNSEEN = "The text holds a character that cannot be seen: type it anew. Nothing was loaded.\n"
_ON_ONE_LINE = "Write it on one line. Nothing was loaded.\n"

WRONG += [
    ({"partnerships": [{"id": "x", "name": "A\r\nB"}]}, f"own.json: at partnerships.0.name: {_ON_ONE_LINE}"),
    (
        {"partnerships": [{"id": "x", "name": "X", "groups": [{"id": "a", "name": "A\nB"}]}]},
        f"own.json: at partnerships.0.groups.0.name: {_ON_ONE_LINE}",
    ),
    (
        {"partnerships": [{"id": "x", "name": "X", "agencies": ["A\x1b[31m"]}]},
        f"own.json: at partnerships.0.agencies.0: {_UNSEEN}",
    ),
    (_changed(reference="Child\nA"), f"own.json: at cases.0.reference: {_ON_ONE_LINE}"),
    (_changed(aliases=["Child\u2028B"]), f"own.json: at cases.0.aliases.0: {_ON_ONE_LINE}"),
    (_changed(actions=[_ACTION | {"text": "Do\x9bit"}]), f"own.json: at cases.0.actions.0.text: {_UNSEEN}"),
    (_changed(impact=["Calls\x07 come"]), f"own.json: at cases.0.impact.0: {_UNSEEN}"),
    (_changed(measures=[{"name": "Calls\x07"}]), f"own.json: at cases.0.measures.0.name: {_UNSEEN}"),
    (
        _changed(measures={"Calls\nin": 1}),
        "own.json: at cases.0.measures: A name holds a character that cannot be seen: type it anew. "
        "Nothing was loaded.\n",
    ),
]


@pytest.mark.parametrize(("content", "sentence"), WRONG, ids=[str(number) for number in range(len(WRONG))])
def test_wrong_file_is_refused_whole_with_file_and_place(tracker, engine, tmp_path, content, sentence):
    tracker("load", written(tmp_path, OWN))
    before = count(engine, Partnership, Case, Action, Person, HistoryLine)

    answer = tracker("load", written(tmp_path, content))

    assert (answer.status, answer.out, answer.err) == (1, "", sentence)
    assert count(engine, Partnership, Case, Action, Person, HistoryLine) == before


def test_texts_of_a_file_may_have_line_breaks(tracker, tmp_path):
    tracker("load", written(tmp_path, OWN))
    text = "Do it.\r\n\tThen tell us.\n"

    loaded = tracker("load", written(tmp_path, _changed(summary=text, actions=[_ACTION | {"text": text}])))

    assert (loaded.status, loaded.err) == (0, "")
    shown = tracker("show", "case", "own-1", "--json").document["actions"]
    assert [action["text"] for action in shown] == ["Do it.\r\n\tThen tell us."]


def test_missing_file_is_refused_with_a_sentence(tracker):
    answer = tracker("load", "/no/such/file.json")

    assert (answer.status, answer.err) == (
        1,
        "/no/such/file.json cannot be read: No such file or directory. Nothing was loaded.\n",
    )
