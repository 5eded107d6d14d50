"""Sweeps that run at the same moment send one digest."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine
from sqlmodel import select

from tests.make import act, make_world
from tests.tracker.papers.sweeping import addresses, sweep
from tracker.database import reading
from tracker.groups.models import DigestSent


def test_eight_sweeps_at_once_send_one_digest(engine: Engine) -> None:
    make_world(engine)
    act(engine, "schedule_meeting", group="exec", on="2021-01-05", now="2020-12-01T09:00")

    with ThreadPoolExecutor(8) as pool:
        swept = list(pool.map(lambda _: sweep(engine, "2020-12-24T08:00"), range(8)))

    with reading(engine) as session:
        sent = session.exec(select(DigestSent.id)).all()
    assert sorted(swept) == [[]] * 7 + [["M1"]]
    assert len(sent) == 1
    assert addresses(engine) == ["coordinator@thscp.example", "exec@thscp.example"]
