"""Ten thousand days of actions on which deeds cross with the planning and the sending of their reminders."""

import pytest
from sqlalchemy import Engine

from tests.faults.size import scaled
from tests.tracker.reminders.crossing import cross

ACTIONS = 40
DAYS = scaled(250)


@pytest.mark.timeout(3600)
def test_ten_thousand_crossings_send_nothing_about_what_is_closed_or_to_former_owners(engine: Engine) -> None:
    world = cross(engine, seed=1, actions=ACTIONS, days=DAYS)

    print(f"{engine.dialect.name}: {ACTIONS * DAYS} days of actions, {world.crossed} deeds, {world.sent} emails")
    assert world.wrong == []
