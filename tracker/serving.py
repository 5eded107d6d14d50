"""The whole service as it is served: the pages, and beside them the JSON interface, behind one guard."""

import re
from datetime import timedelta

from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.types import ASGIApp

from tracker.api.app import ADDRESS, create_api
from tracker.api.problems import Answered
from tracker.database import THREADS
from tracker.policy import must_all_be_declared
from tracker.settings import Installation
from tracker.web.app import build_inner_app
from tracker.web.security import Guard
from tracker.web.turns import InTurn

# How many pages are put together at a time: with a server of its own the database works while another is asked.
_AT_ONCE = {"sqlite": 1, "postgresql": 4}


def create_service(
    installation: Installation, engine: Engine, secret: str, *, idle: timedelta | None = None
) -> ASGIApp:
    """Build the pages and the JSON interface behind their guard."""
    service = build_whole(installation, engine, secret, idle=idle)
    in_turn = InTurn(service, at_once=_AT_ONCE[engine.dialect.name], at_most=THREADS)
    return Guard(in_turn, is_secure=installation.base_url.startswith("https://"), answered_inside=ADDRESS)


def build_whole(installation: Installation, engine: Engine, secret: str, *, idle: timedelta | None = None) -> FastAPI:
    """Build the service without its guard, for whoever walks over its routes; raises `RuntimeError` for an open one."""
    pages = build_inner_app(installation, engine, secret, idle=idle)
    house = pages.state.house
    api = create_api(installation, engine, cookie=house.cookie, idle=house.idle, longest=house.longest)
    mount = Mount(ADDRESS, app=api, middleware=[Middleware(Answered)])
    # As it is, the pattern ends at a line break in an address, and the pages would answer for the interface.
    mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)
    pages.router.routes.append(mount)
    must_all_be_declared(pages)
    return pages
