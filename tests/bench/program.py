"""The program itself: how long its help takes, and how much memory a process holds."""

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path


def seconds(work: Callable[[], None]) -> float:
    """Measure how long something takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def start_up() -> tuple[float, float]:
    """Measure `tracker --help`: seconds and megabytes, the median of five."""
    program = Path(sys.executable).with_name("tracker")
    times = []
    for _ in range(6):
        times.append(seconds(lambda: subprocess.run([program, "--help"], check=True, capture_output=True)))  # type: ignore[arg-type]
    shown = subprocess.run(
        [sys.executable, "-c", _MEMORY, str(program)], check=True, capture_output=True, text=True
    ).stdout
    return statistics.median(times[1:]), float(shown) / 1024


_MEMORY = (
    "import resource, subprocess, sys;"
    "subprocess.run([sys.argv[1], '--help'], stdout=subprocess.DEVNULL, check=True);"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
)


def resident() -> float:
    """Give the megabytes that this program holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20
