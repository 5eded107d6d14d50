"""Saying something at the keyboard: answers on standard output, sentences on standard error, on lines that are safe."""

import os
import sys
import unicodedata
from typing import IO

import click

# They end a line, or turn the direction in which a terminal writes what follows.
_TURNING = frozenset("\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Unwritten(Exception):
    """An answer could not be written; `done` says whether what was asked for has been done all the same."""

    def __init__(self, fault: OSError, *, done: bool = False) -> None:
        answer = "Done, but the answer" if done else "The answer"
        super().__init__(f"{answer} could not be written: {fault.strerror or 'nobody reads it'}.")
        self.nobody_reads = isinstance(fault, BrokenPipeError)


def say(text: str, *, done: bool = False) -> None:
    """Write lines of an answer at once; raises `Unwritten` where they find no room, or no reader."""
    try:
        click.echo(text)
    except OSError as fault:
        raise Unwritten(fault, done=done) from fault


def complain(sentence: str) -> None:
    """Write a sentence on standard error, as far as it can be written."""
    try:
        click.echo(on_one_line(sentence), err=True)
    except OSError:
        give_up(sys.stderr)


def give_up(stream: IO[str]) -> None:
    """Let what is still in a stream go nowhere: Python would stumble over it once more when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def flush() -> None:
    """Write what is still on its way to standard output; raises `Unwritten` where it finds no room, or no reader."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as fault:
        raise Unwritten(fault) from fault


def on_one_line(text: str) -> str:
    """Give a text with a space for each character that would steer a terminal instead of being seen."""
    return "".join(" " if letter in _TURNING or unicodedata.category(letter) == "Cc" else letter for letter in text)
