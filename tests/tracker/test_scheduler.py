"""What happens without anybody asking: again and again, whatever one round meets, written down, and ended cleanly."""

import logging
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from notifications.folder import FolderTransport
from tests.make import make_world
from tests.tracker.reminders.post import OWNER, Post, add, setting, states
from tracker.clock import moment_from
from tracker.database import reading
from tracker.errors import Refused
from tracker.reminders.jobs import PostRoom
from tracker.reminders.runs import job_runs
from tracker.scheduler import jobs_of, ticking

QUICKLY = timedelta(milliseconds=20)
EIGHT = moment_from("2021-06-16T08:00")
NINE = moment_from("2021-06-16T09:00")


@pytest.fixture
def world(engine, tmp_path):
    make_world(engine)
    setting(engine, "reminders.tell_new_owner", False)
    return Post(engine, tmp_path / "mail")


def never():
    return False


def runs(engine):
    """Give each job as it was written down: began, ended, failing since, fault."""
    with reading(engine) as session:
        found = job_runs(session).values()
        return {run.job: (run.began_at, run.ended_at, run.failing_since, run.fault) for run in found}


def test_what_is_due_is_done_again_and_again_until_the_end():
    thrice = threading.Event()
    rounds = []

    def due(_):
        rounds.append(threading.current_thread().name)
        if len(rounds) == 3:
            thrice.set()

    with ticking({"due": due}, QUICKLY):
        came = thrice.wait(120)
    after = len(rounds)

    assert came
    assert after == len(rounds)
    assert threading.current_thread().name not in rounds


@pytest.mark.parametrize("hours", [1, -1, 72, -72])
def test_clock_that_is_set_on_or_back_keeps_no_round_waiting(hours, monkeypatch):
    later = threading.Event()
    rounds, off = [], [timedelta(0)]

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + off[0]

    monkeypatch.setattr("tracker.scheduler.datetime", Clock)
    monkeypatch.setattr("apscheduler.schedulers.base.datetime", Clock)

    def due(_):
        rounds.append(None)
        off[0] = timedelta(hours=hours)
        if len(rounds) == 3:
            later.set()

    # Not quicker: each tick that a clock leaves out is counted.
    with ticking({"due": due}, timedelta(seconds=0.2)):
        came = later.wait(200)

    assert came


def test_round_that_fails_is_logged_without_its_words_and_the_next_one_comes(caplog):
    twice = threading.Event()
    rounds = []

    def due(_):
        rounds.append(None)
        if len(rounds) == 2:
            twice.set()
        raise ValueError("Jamie is seven")

    with caplog.at_level(logging.ERROR, "tracker.scheduler"), ticking({"due": due}, QUICKLY):
        came = twice.wait(120)

    assert came
    first = caplog.records[0].getMessage()
    assert first.startswith("The job 'due' could not be done: ValueError in due, line ")
    assert first.endswith(". It is tried again at the next tick.")
    assert "Jamie" not in caplog.text


def test_full_disk_is_logged_as_its_sentence(caplog):
    failed = threading.Event()

    def due(_):
        failed.set()
        raise Refused("The disk is full. Nothing was changed: make room and try again.", code="database_unavailable")

    with caplog.at_level(logging.ERROR, "tracker.scheduler"), ticking({"due": due}):
        failed.wait(120)

    assert [record.getMessage() for record in caplog.records] == [
        "The job 'due' could not be done: The disk is full. Nothing was changed: make room and try again. "
        "It is tried again at the next tick."
    ]


def test_round_that_takes_long_is_not_run_beside_itself():
    begun, go_on = threading.Event(), threading.Event()
    at_once = []
    running = threading.Lock()

    def due(_):
        at_once.append(running.acquire(blocking=False))
        begun.set()
        go_on.wait(120)
        running.release()

    with ticking({"due": due}, QUICKLY):
        begun.wait(120)
        threading.Event().wait(0.1)
        go_on.set()

    assert set(at_once) == {True}


def test_end_is_told_to_the_job_in_hand_and_waits_for_it():
    begun, told = threading.Event(), []

    def due(is_ended):
        begun.set()
        while not is_ended():
            threading.Event().wait(0.01)
        told.append(True)

    with ticking({"due": due}):
        begun.wait(120)

    assert told == [True]


def test_each_job_is_written_down_with_when_it_began_and_ended(world):
    add(world.engine)
    moments = [EIGHT]

    for job in jobs_of(PostRoom(world.engine, FolderTransport(world.folder), lambda: moments[0])).values():
        job(never)
        moments[0] += timedelta(minutes=1)

    minute = timedelta(minutes=1)
    assert runs(world.engine) == {
        "plan": (EIGHT, EIGHT, None, None),
        "deliver": (EIGHT + minute, EIGHT + minute, None, None),
        "tidy": (EIGHT + 2 * minute, EIGHT + 2 * minute, None, None),
    }
    assert [mail["To"] for mail in world.new()] == [OWNER]


@dataclass
class _Broken:
    """A clock that fails for whoever reads it the second time, as a fault in the middle of a job would."""

    left: int

    def __call__(self):
        self.left -= 1
        if self.left == 0:
            raise ValueError("Jamie is seven")
        return NINE


def test_job_that_fails_is_written_down_by_the_class_of_its_fault_until_it_runs_again(world):
    transport = FolderTransport(world.folder)

    with pytest.raises(ValueError):
        jobs_of(PostRoom(world.engine, transport, _Broken(2)))["tidy"](never)
    failed = runs(world.engine)
    jobs_of(PostRoom(world.engine, transport, lambda: NINE))["tidy"](never)

    assert failed == {"tidy": (NINE, NINE, NINE, "ValueError")}
    assert runs(world.engine) == {"tidy": (NINE, NINE, None, None)}


def test_long_delivery_goes_on_in_rounds_until_nothing_waits(world):
    for number in range(3):
        add(world.engine, owner=(OWNER, "coordinator@thscp.example", "agency_lead@thscp.example")[number])
    room = PostRoom(world.engine, FolderTransport(world.folder), lambda: EIGHT)
    room.plan()

    # A round that is over before it begins sends nothing; the job goes on all the same until it is told to end.
    told = iter([False, False, False, True, True])
    jobs_of(room, round_seconds=0)["deliver"](lambda: next(told))
    before = {state for _, state in states(world.engine)}
    jobs_of(room)["deliver"](never)

    assert (before, {state for _, state in states(world.engine)}) == ({"queued"}, {"sent"})


def test_somebody_else_who_plans_is_left_to_it(world):
    add(world.engine)
    room = PostRoom(world.engine, FolderTransport(world.folder), lambda: EIGHT)

    with room.planning() as is_ours:
        beside = room.plan_alone()
    alone = room.plan_alone()

    assert (is_ours, beside, alone) == (True, None, {"reminders": 1, "digests": 0})
    assert room.plan_alone() == {}
