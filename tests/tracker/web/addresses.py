"""Every page of the service, with something to open it on: generated from the routes, so that none is forgotten."""

import re
from collections.abc import Iterator
from types import SimpleNamespace

from tests.tracker.walking import CLOSED, WALK
from tests.tracker.web.visitor import SECRET
from tracker.people.roles import Role
from tracker.policy import Door, Who
from tracker.web.admin import code_of, sealed
from tracker.web.step_forms.table import STEP_FORMS

# What stands for a parameter of a path: the record of the walk on which every deed can be tried.
RECORDS = {"cases": "AT-REVIEW", "actions": "A1", "escalations": "E1", "meetings": "M1"}
DEEDS = {
    "cases": "ask-return",
    "actions": "update-action",
    "escalations": "withdraw-escalation",
    "meetings": "move-meeting",
}
NOT_PAGES = ("/api", "/static")
# They answer whatever watches the service, and may say that not all is well.
FOR_WATCHERS = ("/health",)


def pages(doors: Iterator[Door]) -> list[tuple[str, Door]]:
    """Give the address of every page that somebody who is signed in may open with GET, and what it has declared."""
    found = []
    for door in doors:
        of_somebody = door.policy is not None and door.policy.who in (Who.SIGNED_IN, Who.ANYBODY)
        if "GET" in door.methods and of_somebody and not door.path.startswith((*NOT_PAGES, *FOR_WATCHERS)):
            found.append((filled(door.path), door))
    return found


def filled(path: str) -> str:
    """Put a record in the place of each parameter."""
    part = path.split("/")[1]

    def sample(match: re.Match[str]) -> str:
        name = match.group(1)
        if name == "reference":
            return RECORDS.get(part, RECORDS["actions"])
        if name == "pair":
            return "A1-A3"
        if name == "name" or (name in ("deed", "deed_name") and part in DEEDS):
            return DEEDS[part]
        if name == "number" and "/import/" in path:
            return "1"
        if name == "code" and "/emails/" in path:
            return sealed(SimpleNamespace(secret=SECRET), "message", 1)
        if name == "code" and "/groups/" in path:
            return "qap"
        if name == "deed_name" and "/groups/" in path:
            return "edit-group"
        if name == "deed" and "/themes/" in path:
            return "rename"
        if name == "code" and "/themes/" in path:
            return "neglect"
        if name == "code" and "/owners/" in path:
            return code("owner in 1", list(Role).index(Role.OWNER) + 1)
        if name == "code":
            return code("agency", 1) if "/agencies/" in path else code_of_person(Role.OWNER)
        if name == "on":
            return CLOSED
        if name == "which":
            return "six-month"
        if name == "key":
            return "link.days"
        return f"no-such-{name.replace('_', '-')}"

    if path.endswith("/dismiss-proposal"):
        return f"{path}?about={RECORDS['actions']}&rule=red_action"
    asked = f"?to={code_of_person(Role.REVIEWER)}" if path.endswith("/end/check") else ""
    return re.sub(r"{(\w+)(?::\w+)?}", sample, path) + asked


def code_of_person(role: Role) -> str:
    """Give the public code of the walk's one person of a role: they are made in the order of the roles."""
    return code("person", list(Role).index(role) + 1)


def code(kind: str, number: int) -> str:
    """Give the public code of a record; the agency with the first number is that of the agency lead."""
    return code_of(SimpleNamespace(secret=SECRET), kind, number)


def step_forms() -> list[str]:
    """Give the address of the form of each recorded step, on a case of the walk that it can be taken on or refused."""
    return [f"/cases/{WALK[deed].reference}/steps/{form.path}" for deed, form in STEP_FORMS.items()]
