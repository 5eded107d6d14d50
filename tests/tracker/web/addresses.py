"""Every page of the service, with something to open it on: generated from the routes, so that none is forgotten."""

import re
from collections.abc import Iterator

from tracker.policy import Door, Who

# What stands for a parameter of a path: the record of the walk on which every deed can be tried.
RECORDS = {"cases": "AT-REVIEW", "actions": "A1", "escalations": "E1", "meetings": "M1"}
DEEDS = {
    "cases": "hold-case",
    "actions": "update-action",
    "escalations": "withdraw-escalation",
    "meetings": "move-meeting",
}
NOT_PAGES = ("/api", "/static")


def pages(doors: Iterator[Door]) -> list[tuple[str, Door]]:
    """Give the address of every page that somebody who is signed in may open with GET, and what it has declared."""
    found = []
    for door in doors:
        of_somebody = door.policy is not None and door.policy.who in (Who.SIGNED_IN, Who.ANYBODY)
        if "GET" in door.methods and of_somebody and not door.path.startswith(NOT_PAGES):
            found.append((filled(door.path), door))
    return found


def filled(path: str) -> str:
    """Put a record in the place of each parameter."""
    part = path.split("/")[1]

    def sample(match: re.Match[str]) -> str:
        name = match.group(1)
        if name == "reference":
            return RECORDS.get(part, RECORDS["actions"])
        if name in ("deed", "deed_name", "step"):
            return DEEDS[part]
        if name == "which":
            return "six-month"
        if name == "key":
            return "link.days"
        return f"no-such-{name.replace('_', '-')}"

    return re.sub(r"{(\w+)(?::\w+)?}", sample, path)
