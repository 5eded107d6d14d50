"""Planning, closing, passing on, moving, holding, a conflict and sending cross in any order: nothing wrong goes."""

from sqlalchemy import Engine

from tests.tracker.reminders.crossing import cross


def test_nothing_goes_about_what_was_closed_or_to_who_does_not_own_it_any_more(engine: Engine) -> None:
    world = cross(engine, seed=20261122, actions=20, days=8)

    assert world.wrong == []
    # So it is no idle trial: emails went while deeds were done.
    assert (world.sent > 10, world.crossed > 60) == (True, True)
