from datetime import UTC, datetime

import pytest
from sqlmodel import select

from tests import make
from tracker.database import reading, unit_of_work
from tracker.groups.models import Theme
from tracker.groups.queries import every_partnership, partnership_settings
from tracker.groups.themes import theme_labels
from tracker.history import write_noted
from tracker.kept import answered, kept, once_each
from tracker.loading.figures import load_themes
from tracker.loading.forms import CasesFile
from tracker.rows import write

NOW = datetime(2021, 6, 2, 9, tzinfo=UTC)


def amber_days(session):
    [partnership] = every_partnership(session)
    return partnership_settings(session, partnership, NOW)["colour.amber_days"]


@pytest.fixture
def world(engine):
    make.make_world(engine)
    return engine


def test_what_was_asked_once_is_not_asked_again_before_the_next_deed(world):
    asked = []
    for _ in range(3):
        with reading(world) as session:
            kept(session, "counted here", lambda: asked.append(1))

    assert asked == [1]


def test_what_is_not_worth_keeping_is_asked_each_time(world):
    asked = []
    for _ in range(3):
        with reading(world) as session:
            kept(session, "counted here", lambda: asked.append(1) or len(asked), worth=lambda found: found >= 2)

    assert asked == [1, 1]


def test_a_deed_lets_everything_be_asked_anew(world):
    with reading(world) as session:
        before = amber_days(session)

    make.act(world, "change_setting", "thscp", key="colour.amber_days", value=30)

    with reading(world) as session:
        assert (before, amber_days(session)) == (14, 30)


def test_a_reader_of_an_older_state_keeps_what_belongs_to_it(world):
    with reading(world) as session:
        before = amber_days(session)
        make.act(world, "change_setting", "thscp", key="colour.amber_days", value=30)
        with reading(world) as other:
            after = amber_days(other)

        assert (before, after, amber_days(session)) == (14, 30, 14)


def test_a_unit_of_work_sees_what_it_has_just_written(world):
    with reading(world) as session:
        before = dict(theme_labels(session))

    with unit_of_work(world) as session:
        write(session, Theme(code="sleep", label="Safe sleep"))
        seen = dict(theme_labels(session))

    assert seen == before | {"sleep": "Safe sleep"}


def test_a_loaded_theme_is_known_at_once_to_whoever_has_asked_before(world):
    file = CasesFile.model_validate({"cases": [], "themes": [{"code": "sleep", "label": "Safe sleep"}]})
    with reading(world) as session:
        before = dict(theme_labels(session))

    for _ in range(2):
        with unit_of_work(world) as session:
            load_themes(session, file, NOW)
            write_noted(session)

    with reading(world) as session:
        assert dict(theme_labels(session)) == before | {"sleep": "Safe sleep"}
        assert [theme.code for theme in session.exec(select(Theme)) if theme.code == "sleep"] == ["sleep"]


def test_what_is_asked_for_several_together_is_not_asked_again_for_one_of_them(world):
    asked = []

    def names(numbers):
        asked.append(numbers)
        return {number: f"number {number}" for number in numbers if number != 2}

    with reading(world) as session:
        together = once_each(session, "names", [1, 2, 3], names)
        alone = [once_each(session, "names", [number], names) for number in (3, 2, 4)]

    assert (together, alone) == ({1: "number 1", 3: "number 3"}, [{3: "number 3"}, {}, {4: "number 4"}])
    assert asked == [[1, 2, 3], [4]]


def test_what_was_just_written_answers_from_then_on(world):
    with unit_of_work(world, uses_kept=True) as session:
        before = once_each(session, "names", [1], lambda numbers: {})
        answered(session, "names", 1, "new")

        assert (before, once_each(session, "names", [1], lambda numbers: {})) == ({}, {1: "new"})
