"""The words for themes: renamed, merged, retired and brought back in one partnership; what has them stays as it is."""

import pytest

from tests import make
from tracker.database import reading, unit_of_work
from tracker.errors import NotAllowed, NotFound, Refused
from tracker.groups.themes import vocabulary
from tracker.people.doer import doer_by_email
from tracker.showing.lists import list_rows

WHY = "Both mean the same"
COORDINATOR = "coordinator@thscp.example"


@pytest.fixture
def world(engine):
    """Two partnerships that share themes; one case and four actions of the first have some."""
    for code in ("thscp", "chscp"):
        make.make_world(engine, code)
    with unit_of_work(engine) as session:
        for code, label in (("pace", "Pace"), ("speed", "Speed"), ("tempo", "Tempo")):
            make.make_theme(session, code, label)
    make.make_case(engine, themes=["pace"])
    for themes in (["pace"], ["speed"], ["pace", "speed"], []):
        add(engine, themes=themes)
    return engine


def add(engine, reference="thscp", by=COORDINATOR, **facts):
    return make.act(engine, "add_action", reference, by=by, **{"text": "Do it", **facts}).reference


def do(engine, deed, at="thscp", by=COORDINATOR, **facts):
    return make.act(engine, deed, at, by=by, **({} if deed == "add_theme" else {"reason": WHY}), **facts)


def counted(engine, by=COORDINATOR):
    with reading(engine) as session:
        reader = doer_by_email(session, by, make.NOON.date())
        rows = list_rows(session, "themes", {}, reader, make.NOON)
    names = {"pace", "speed", "tempo", "quick"}
    return {
        row["code"]: (row["label"], row["cases"], row["actions"], row["reviews"])
        for row in rows
        if row["code"] in names
    }


def themes_of(engine, reference):
    return make.shown(engine, reference, kind="action")["themes"]


def test_a_merged_theme_counts_each_action_once_with_the_other_one_and_bringing_it_back_undoes_it(world):
    before = counted(world)

    do(world, "merge_themes", theme="speed", into="pace")
    merged, of_both, elsewhere = counted(world), themes_of(world, "A3"), counted(world, "coordinator@chscp.example")
    do(world, "restore_theme", theme="speed")

    assert before == {"pace": ("Pace", 1, 2, 1), "speed": ("Speed", 0, 2, 0), "tempo": ("Tempo", 0, 0, 0)}
    assert merged == {"pace": ("Pace", 1, 3, 1), "tempo": ("Tempo", 0, 0, 0)}
    assert of_both == ["pace"]
    assert elsewhere == {"pace": ("Pace", 0, 0, 0), "speed": ("Speed", 0, 0, 0), "tempo": ("Tempo", 0, 0, 0)}
    assert counted(world) == before
    assert themes_of(world, "A3") == ["pace", "speed"]


def test_an_old_word_is_still_understood_by_whoever_adds_filters_and_asks(world):
    do(world, "rename_theme", theme="pace", label="Quick decisions")
    do(world, "merge_themes", theme="speed", into="pace")
    do(world, "merge_themes", theme="pace", into="tempo")

    words = ("speed", "Speed", "PACE", "Quick decisions", "quick-decisions", "tempo")
    added = [themes_of(world, add(world, themes=[word])) for word in words]

    assert added == [["tempo"]] * len(words)
    with reading(world) as session:
        found = [len(list_rows(session, "actions", {"theme": word}, None, make.NOON)) for word in words]
    assert found == [9] * len(words)
    shown = make.shown(world, "Speed", kind="theme", by=COORDINATOR)
    assert (shown["code"], shown["actions"], shown["reviews"], shown["words"]) == (
        "tempo", 9, 1, ["Pace", "Quick decisions", "Speed", "pace", "speed"],
    )  # fmt: skip
    assert [line["what"] for line in make.shown(world, "thscp/pace", kind="theme")["history"]] == [
        f"The theme Quick decisions is merged into Tempo: {WHY}"
    ]


def test_a_theme_is_merged_neither_into_itself_nor_in_a_circle(world):
    do(world, "merge_themes", theme="speed", into="pace")

    said = []
    for theme, into in (("pace", "pace"), ("pace", "speed"), ("speed", "tempo"), ("pace", "nothing")):
        with pytest.raises((Refused, NotFound)) as refused:
            do(world, "merge_themes", theme=theme, into=into)
        said.append((refused.value.code, str(refused.value)))

    assert said == [
        ("same_theme", "pace already means Pace: a theme cannot be merged into itself. Choose another one."),
        ("same_theme", "speed already means Pace: a theme cannot be merged into itself. Choose another one."),
        ("merged", "Speed is merged into pace: take that back first, or name pace."),
        ("not_found", "There is no theme nothing. `tracker list themes` shows all."),
    ]


def test_a_theme_that_one_partnership_added_is_not_there_for_another(world):
    do(world, "add_theme", label="Tower blocks")
    do(world, "add_theme", at="chscp", by="coordinator@chscp.example", label="Tower blocks")

    for deed, facts in (
        ("merge_themes", {"theme": "pace", "into": "tower_blocks_chscp"}),
        ("retire_theme", {"theme": "tower_blocks_chscp"}),
    ):
        with pytest.raises(NotFound):
            do(world, deed, **facts)
    with pytest.raises(NotFound):
        add(world, themes=["tower_blocks_chscp"])
    with pytest.raises(NotAllowed):
        do(world, "retire_theme", by="scrutineer@thscp.example", theme="pace")
    with pytest.raises(NotFound):
        do(world, "retire_theme", by="coordinator@chscp.example", theme="pace")


def test_a_retired_theme_is_offered_no_longer_and_still_counted(world):
    do(world, "retire_theme", theme="pace")

    with reading(world) as session:
        here = session.exec(make.select(make.Partnership.id).where(make.Partnership.code == "thscp")).one()
        assert "pace" not in vocabulary(session).in_use([here])
    assert counted(world)["pace"] == ("Pace", 1, 2, 1)
    with pytest.raises(Refused, match="is retired: bring it back first"):
        do(world, "merge_themes", theme="speed", into="pace")
    with pytest.raises(Refused, match="There is a theme for 'Tempo' already: Tempo"):
        do(world, "rename_theme", theme="speed", label="Tempo")


def test_whoever_is_barred_from_a_case_finds_it_in_no_count(world):
    case = make.make_case(world, "TH-2021-002", themes=["tempo"])
    add(world, case, themes=["tempo"])
    before = counted(world, "scrutineer@thscp.example")

    make.act(world, "declare_conflict", case, person="scrutineer@thscp.example", reason="Knows the family")

    assert before["tempo"] == ("Tempo", 1, 1, 1)
    assert counted(world, "scrutineer@thscp.example")["tempo"] == ("Tempo", 0, 0, 0)
    shown = make.shown(world, "tempo", kind="theme", by="scrutineer@thscp.example")
    assert (shown["cases_named"], shown["agencies"], shown["years"]) == ([], [], [])
