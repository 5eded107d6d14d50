"""Three days with a mail server that fails every third time: nothing is lost, nothing doubled, one bundle a day."""

from sqlalchemy import Engine

from tests.tracker.reminders.weeks import forgetful, live_through, make_owners

OWNERS = 30


def test_three_days_of_failing_post_lose_nothing_double_nothing_and_end_within_four_hours(engine: Engine) -> None:
    make_owners(forgetful(engine), OWNERS)

    figures = live_through(engine, seed=1)

    assert (figures.lost, figures.doubled, figures.second_bundles) == (0, 0, 0)
    # So it is no idle trial: so many emails and failures there were.
    assert (figures.planned >= 2 * OWNERS, figures.failures > OWNERS / 2) == (True, True)
