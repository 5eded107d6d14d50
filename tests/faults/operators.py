"""An installation as an operator has it: the wheel in an empty environment, a folder, settings, processes and logs."""

import json
import signal
import subprocess
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.machine import free_port
from tests.waiting import until

SECRET = "of the tests, and of nothing else: 0123456789"
COORDINATOR = "cleo@thscp.example"

# The commands that an operator would type, one after the other in one program: each start would cost half a second.
_SCRIPT = """
import json, sys
from tracker.cli import run
for words in json.load(sys.stdin):
    status = run(words)
    if status:
        sys.exit(status)
"""


@dataclass
class Running:
    """A process of the service, and where it writes what it says."""

    process: subprocess.Popen[bytes]
    log: Path
    base: str = ""

    def is_cut(self) -> None:
        """Pull its plug."""
        self.process.kill()
        self.process.wait()

    def ends(self) -> int:
        """End it as an operator does; gives its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


@dataclass
class Place:
    """A folder with settings, in which commands are typed and processes started."""

    commands: Path
    folder: Path
    settings: dict[str, str]
    closing: ExitStack
    started: list[Running] = field(default_factory=list)

    def types(self, *words: str, **settings: str) -> tuple[int, str, str]:
        """Type a command; gives its exit status, what it prints, and what it complains."""
        return self._runs([self.commands / "tracker", *words], None, settings)

    def types_all(self, lines: list[list[str]], **settings: str) -> None:
        """Type many commands, each of which has to be done."""
        status, printed, complained = self._runs([self.commands / "python", "-c", _SCRIPT], json.dumps(lines), settings)
        assert status == 0, printed[-500:] + complained

    def asks(self, *words: str) -> Any:
        """Ask for a document, whatever the exit status says of it."""
        return json.loads(self.types(*words, "--json")[1])

    def posts(self) -> Running:
        """Start a process for the post."""
        return self._starts("schedule")

    def serves(self) -> Running:
        """Start a process for the pages, and wait until it answers."""
        port = free_port()
        running = self._starts("serve", "--no-scheduler", "--port", str(port))
        running.base = f"http://127.0.0.1:{port}"
        until(lambda: _answers(f"{running.base}/health/live"), 60)
        return running

    def logs(self) -> str:
        """Give what all processes said."""
        return "".join(running.log.read_text() for running in self.started)

    def _starts(self, *words: str) -> Running:
        log = self.folder / f"{words[0]}-{len(self.started)}.log"
        with log.open("wb") as written:
            process = subprocess.Popen(
                [self.commands / "tracker", *words],
                cwd=self.folder, env=self._environment({}), stdout=written, stderr=written,
            )  # fmt: skip
        self.closing.callback(process.wait)
        self.closing.callback(process.kill)
        self.started.append(Running(process, log))
        return self.started[-1]

    def _runs(self, command: list[Any], given: str | None, settings: dict[str, str]) -> tuple[int, str, str]:
        done = subprocess.run(
            command, cwd=self.folder, env=self._environment(settings), input=given, capture_output=True, text=True,
            timeout=170,
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    def _environment(self, settings: dict[str, str]) -> dict[str, str]:
        return {"PATH": "/usr/bin:/bin", "HOME": str(self.folder), "LANG": "C.UTF-8"} | self.settings | settings


def _answers(address: str) -> bool:
    try:
        return httpx.get(address).status_code == 200
    except httpx.HTTPError:
        return False
