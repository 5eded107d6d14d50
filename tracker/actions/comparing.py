"""The whole plan of a partnership compared with itself: read first, compared, then kept in one short unit of work."""

from sqlalchemy import Engine

from tracker.actions.alike import keep_pairs, texts_of_plan
from tracker.actions.likeness import Watched, look_alikes
from tracker.database import reading, unit_of_work
from tracker.errors import Refused

# So many are compared while somebody waits for a page.
MOST_AT_ONCE = 5000


def compare_whole_plan(engine: Engine, partnership_id: int, *, most: int | None = None, watched: Watched = iter) -> int:
    """Compare every action of a plan with every other one, keep the pairs, and give how many look alike.

    What was decided stays decided. Raises `Refused` for more actions than are compared at once.
    """
    with reading(engine) as session:
        texts = texts_of_plan(session, partnership_id)
    if most is not None and len(texts) > most:
        raise Refused(
            f"The plan has {len(texts):,} actions: that takes too long for a page. Ask whoever runs the service for "
            "`tracker look-alikes`.",
            code="too_many",
        )
    found = look_alikes(texts, None, watched)
    with unit_of_work(engine) as session:
        return keep_pairs(session, partnership_id, found, None)
