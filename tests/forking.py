"""Processes of tests: begun from one that has read everything before, so that none reads it anew."""

import multiprocessing

CONTEXT = multiprocessing.get_context("forkserver")
# It is begun once for all tests of a worker, with what it was told by then: one list, whichever of them comes first.
CONTEXT.set_forkserver_preload(
    [
        "tests.tracker.warm",
        "tests.tracker.reminders.killing",
        "tests.tracker.reminders.processes",
        "tests.tracker.backups.drill",
        "tests.traps.dying",
        "holidays.countries",
    ]
)
