"""Asks for one page again and again over four connections, from a process of its own, and says how quick it was.

The work is done by wrk where there is one or it may be installed, and else by the small client below, which is what
this file is as a program.
"""

import asyncio
import json
import math
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from tests.machine import install_with_apt

CONNECTIONS = 4
_SCRIPT = Path(__file__).with_name("load.lua")


@dataclass(frozen=True, slots=True)
class Load:
    """What asking for a page gave: how many answers in how many seconds, and how long one took, in milliseconds."""

    answers: int
    wrong: int
    seconds: float
    p50: float
    p95: float
    p99: float

    @property
    def per_second(self) -> float:
        """Give the answers a second."""
        return self.answers / self.seconds


NEVER = Load(0, 0, 1.0, math.inf, math.inf, math.inf)


def load(address: str, cookie: str, seconds: float, least: int) -> Load:
    """Ask for a page for so many seconds; an answer that is no whole page of so many bytes at least ends the bench.

    A page of which none has come by then is asked for twice as long. wrk knows whole seconds only.
    """
    program = find_wrk() if seconds == int(seconds) else None
    own = [sys.executable, "-m", "tests.bench.load", address, cookie, str(seconds), str(least)]
    tool = [program or "", "-t1", f"-c{CONNECTIONS}", f"-d{int(seconds)}s", "--timeout", "600s", "-s", str(_SCRIPT)]
    tool += ["-H", f"Cookie: {cookie}", address, "--", str(least)]
    ran = subprocess.run(tool if program else own, check=True, capture_output=True, text=True)
    found = Load(**json.loads(ran.stdout.splitlines()[-1]))
    if found.wrong:
        raise SystemExit(f"{found.wrong} of {found.answers} answers of {address} were no whole pages.")
    return found if found.answers > 1 else load(address, cookie, 2 * seconds, least)


@cache
def find_wrk() -> str | None:
    """Give where wrk lies; installs it where that is allowed, and says in a line when it is not."""
    why = None if shutil.which("wrk") else install_with_apt("wrk", "the load generator wrk")
    found = shutil.which("wrk")
    if found is None:
        print(f"    The load comes from the bench's own client: there is no wrk here and {why}.")
    return found


async def _asked(host: str, port: int, question: bytes, until: float, least: int) -> tuple[list[float], int]:
    """Ask over one connection until a moment; gives the seconds of each answer, and how many were wrong."""
    reader, writer = await asyncio.open_connection(host, port)
    took, wrong = [], 0
    while time.perf_counter() < until:
        began = time.perf_counter()
        writer.write(question)
        head = await reader.readuntil(b"\r\n\r\n")
        size = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        body = await reader.readexactly(size)
        took.append(time.perf_counter() - began)
        wrong += not head.startswith(b"HTTP/1.1 200 ") or len(body) < least
    writer.close()
    return took, wrong


async def _main(address: str, cookie: str, seconds: str, least: str) -> None:
    parts = urlsplit(address)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    question = f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nCookie: {cookie}\r\n\r\n".encode()
    began = time.perf_counter()
    asking = (
        _asked(str(parts.hostname), parts.port or 80, question, began + float(seconds), int(least))
        for _ in range(CONNECTIONS)
    )
    found = await asyncio.gather(*asking)
    lasted = time.perf_counter() - began
    took = [1000 * one for several, _ in found for one in several]
    # Of none or one answer nothing can be said: who asks for it asks for longer.
    parted = statistics.quantiles(took, n=100, method="inclusive") if len(took) > 1 else [0.0] * 99
    measured = Load(len(took), sum(wrong for _, wrong in found), lasted, parted[49], parted[94], parted[98])
    print(json.dumps({name: getattr(measured, name) for name in Load.__slots__}))


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
