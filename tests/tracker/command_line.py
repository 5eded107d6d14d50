"""The command line as a test calls it: with a database and a moment of its own."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from tracker.cli import run


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Give the one JSON document on stdout."""
        return json.loads(self.out)


class CommandLine:
    """Runs commands as a person at the keyboard would."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str) -> None:
        self.monkeypatch = monkeypatch
        self.capsys = capsys
        monkeypatch.setenv("TRACKER_DATABASE_URL", url)
        self.at("2020-12-17T10:00")

    def at(self, moment: str) -> None:
        """Let the service's clock stand at a moment."""
        self.monkeypatch.setenv("TRACKER_NOW", moment)

    def __call__(self, *arguments: str) -> Answer:
        self.capsys.readouterr()
        status = run(list(arguments))
        printed = self.capsys.readouterr()
        return Answer(status, printed.out, printed.err)

    def do(self, deed: str, reference: str | None, by: str, /, *more: str, **facts: Any) -> Answer:
        """Do a deed and read its document."""
        about = [] if reference is None else [reference]
        return self("do", deed, *about, "--by", by, "--facts", json.dumps(facts), "--json", *more)
