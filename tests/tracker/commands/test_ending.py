"""The end of a program that runs on, whenever the sign of it comes."""

import signal
import subprocess
import sys

from tracker.commands.ending import Ending, at_its_end

ROUNDS = 5000
# A sign at any moment of the first millionths of a second of a wait, each in its turn.
SIGN_AFTER_SIGN = f"""
import signal
from tracker.commands import ending
ending.STEP_SECONDS = 0.0001
for turn in range({ROUNDS}):
    end = ending.Ending()
    with ending.at_its_end(end.ask_for_it, [signal.SIGALRM]):
        signal.setitimer(signal.ITIMER_REAL, (1 + turn % 60) / 1_000_000)
        end.wait()
print("ended")
"""


def test_sign_of_the_end_is_heard_whenever_it_comes():
    done = subprocess.run([sys.executable, "-c", SIGN_AFTER_SIGN], capture_output=True, text=True, timeout=60)

    assert (done.returncode, done.stdout) == (0, "ended\n"), done.stderr


def test_signs_mean_after_the_block_what_they_meant_before():
    before = signal.getsignal(signal.SIGUSR1)
    end = Ending()

    with at_its_end(end.ask_for_it, [signal.SIGUSR1]):
        signal.raise_signal(signal.SIGUSR1)
        end.wait()

    assert signal.getsignal(signal.SIGUSR1) == before
