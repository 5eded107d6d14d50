"""The option `--by`: who does a deed, or as whom one reads."""

from collections.abc import Callable
from typing import TypeVar

import click

from tracker.errors import FactsWrong

_Command = TypeVar("_Command", bound=Callable[..., object])


def by_option(meaning: str, *, required: bool = False) -> Callable[[_Command], _Command]:
    """Give a command the option `--by`; an address of nothing is refused, and never taken for the operator's."""
    return click.option("--by", "email", required=required, metavar="EMAIL", callback=_somebody, help=meaning)


def _somebody(context: click.Context, option: click.Parameter, email: str | None) -> str | None:
    if email is not None and not email.strip():
        raise FactsWrong("Say who you are: --by EMAIL.")
    return email
