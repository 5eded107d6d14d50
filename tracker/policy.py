"""Who may ask for what: each route declares it, the service does not start without, and one place enforces it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute, Mount

from tracker.people.roles import Role


class Who(StrEnum):
    """Who a route is for, before anything is known of the record."""

    ANYBODY = "anybody"
    LINK = "the holder of a signed link"
    HALF = "somebody who has given her password"
    SIGNED_IN = "somebody who is signed in"


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may use a route: signed in or not, and in which roles; none named means every role.

    What of a record she sees is decided by the queries, and what she may do by the deeds.
    """

    who: Who = Who.SIGNED_IN
    roles: frozenset[Role] = frozenset()
    # Whoever belongs to a group may too, whatever her role.
    or_members: bool = False
    # Nothing is asked of the database to find out who it is: the answer is the same for everybody.
    knows_nobody: bool = False


ANYBODY = Policy(Who.ANYBODY)
WATCHERS = Policy(Who.ANYBODY, knows_nobody=True)
BY_LINK = Policy(Who.LINK)
HALF_SIGNED_IN = Policy(Who.HALF)
SIGNED_IN = Policy()


def for_roles(*roles: Role, or_members: bool = False) -> Policy:
    """Give the policy of a page for some roles only, or also for the members of groups."""
    return Policy(Who.SIGNED_IN, frozenset(roles), or_members)


Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


def policy(declared: Policy) -> Callable[[Endpoint], Endpoint]:
    """Declare who may use a route; stands nearest to the function."""

    def declare(endpoint: Endpoint) -> Endpoint:
        endpoint.policy = declared  # type: ignore[attr-defined]
        return endpoint

    return declare


def policy_of(endpoint: Any) -> Policy | None:  # whatever a framework calls
    """Give the policy that a route has declared, if any."""
    found = getattr(endpoint, "policy", None)
    return found if isinstance(found, Policy) else None


@dataclass(frozen=True, slots=True)
class Door:
    """A way in: its path, its methods, and what it has declared."""

    path: str
    methods: frozenset[str]
    policy: Policy | None


def doors(app: FastAPI) -> Iterator[Door]:
    """Give every way into the service: included routers and mounts too, which `app.routes` does not list."""
    yield from _doors(app.routes)


def _doors(routes: list[BaseRoute], prefix: str = "") -> Iterator[Door]:
    for context in iter_route_contexts(routes):
        route = context.original_route
        if isinstance(route, Mount):
            declared = policy_of(route.app)
            if declared is None and route.routes:
                yield from _doors(route.routes, prefix + route.path)
            else:
                yield Door(prefix + route.path, frozenset({"GET", "HEAD"}), declared)
            continue
        path = str(getattr(context, "path", None) or getattr(route, "path", ""))
        methods = frozenset(getattr(route, "methods", None) or ())
        yield Door(prefix + path, methods, policy_of(getattr(route, "endpoint", None)))


def must_all_be_declared(app: FastAPI) -> None:
    """Refuse to start while a route has no policy."""
    open_doors = [door.path for door in doors(app) if door.policy is None]
    if open_doors:
        raise RuntimeError(f"These routes declare no policy: {', '.join(open_doors)}.")
