"""Links from one page of a long list to the others."""

from collections.abc import Callable, Mapping
from typing import Any


def pages_of(
    on_page: Callable[[int], str], number: int, pages: int, label: str
) -> Mapping[str, Any]:  # as the Design System's macro takes it
    """Give the links to the other pages: the first, the last, and those beside this one."""
    shown = sorted({1, number - 1, number, number + 1, pages} & set(range(1, pages + 1)))
    listed: list[Mapping[str, Any]] = []
    before = 0
    for one in shown:
        if one > before + 1:
            listed.append({"ellipsis": True})
        listed.append({"number": one, "href": on_page(one), "current": one == number})
        before = one
    links: dict[str, Any] = {"items": listed, "landmarkLabel": label}
    if number > 1:
        links["previous"] = {"href": on_page(number - 1)}
    if number < pages:
        links["next"] = {"href": on_page(number + 1)}
    return links
