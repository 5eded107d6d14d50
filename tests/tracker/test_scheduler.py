"""What happens without anybody asking: again and again, whatever one round meets."""

import logging
import threading
from datetime import timedelta

from tracker.scheduler import ticking

QUICKLY = timedelta(milliseconds=20)


def test_what_is_due_is_done_again_and_again_until_the_end():
    thrice = threading.Event()
    rounds = []

    def due():
        rounds.append(threading.current_thread().name)
        if len(rounds) == 3:
            thrice.set()

    with ticking(due, QUICKLY):
        came = thrice.wait(10)
    after = len(rounds)

    assert came
    assert after == len(rounds)
    assert threading.current_thread().name not in rounds


def test_round_that_fails_is_logged_and_the_next_one_comes(caplog):
    twice = threading.Event()
    rounds = []

    def due():
        rounds.append(None)
        if len(rounds) == 2:
            twice.set()
        raise ValueError("no disk")

    with caplog.at_level(logging.ERROR, "tracker.scheduler"), ticking(due, QUICKLY):
        came = twice.wait(10)

    assert came
    assert caplog.records[0].getMessage() == "What is due could not be done; it is tried again at the next tick."


def test_round_that_takes_long_is_not_run_beside_itself():
    begun, go_on = threading.Event(), threading.Event()
    at_once = []
    running = threading.Lock()

    def due():
        at_once.append(running.acquire(blocking=False))
        begun.set()
        go_on.wait(10)
        running.release()

    with ticking(due, QUICKLY):
        begun.wait(10)
        threading.Event().wait(0.1)
        go_on.set()

    assert set(at_once) == {True}
