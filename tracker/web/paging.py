"""Links from one page of a long list to the others."""

from collections.abc import Callable, Sequence
from typing import NamedTuple


class PageLink(NamedTuple):
    """A page of a list, with its address; `after_gap`: pages before it are left out."""

    number: int
    href: str
    is_now: bool
    after_gap: bool


class Pages(NamedTuple):
    """The links under a list: what they are called together, the pages, and the ones before and after this one."""

    label: str
    listed: Sequence[PageLink]
    previous: str | None
    next: str | None


def pages_of(on_page: Callable[[int], str], number: int, pages: int, label: str) -> Pages:
    """Give the links to the other pages: the first, the last, and those beside this one."""
    shown = sorted({1, number - 1, number, number + 1, pages} & set(range(1, pages + 1)))
    listed: list[PageLink] = []
    before = 0
    for one in shown:
        listed.append(PageLink(one, on_page(one), is_now=one == number, after_gap=one > before + 1))
        before = one
    addresses = {link.number: link.href for link in listed}
    return Pages(label, listed, addresses.get(number - 1), addresses.get(number + 1))
