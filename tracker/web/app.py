"""Builds the web application: its pages, its guard, and the house they stand in."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path

from anyio.to_thread import current_default_thread_limiter
from fastapi import Depends, FastAPI
from sqlalchemy import Engine

from tracker.clock import machine_now
from tracker.database import THREADS
from tracker.policy import ANYBODY, must_all_be_declared
from tracker.settings import Installation
from tracker.web import (
    account,
    action_deeds,
    actions,
    admin_pages,
    authenticators,
    briefings,
    business_plan,
    by_hand,
    calendars,
    case_pages,
    cases,
    decision,
    decision_check,
    escalations,
    evidence,
    front,
    health,
    imports,
    independence_links,
    joining,
    link_emails,
    link_renewals,
    load_pages,
    meetings,
    new_actions,
    notify_callback,
    owner_links,
    owner_pages,
    packs,
    pairs,
    reflections,
    sign_in,
    steps,
    theme_pages,
    tokens,
    unsent,
    updates,
    words,
)
from tracker.web.forms import LARGEST_BODY
from tracker.web.house import House
from tracker.web.kept_files import KeptFiles
from tracker.web.link_doors import add_link_pages
from tracker.web.pages import build_templates
from tracker.web.problems import add_problem_pages
from tracker.web.visitors import enforce

# A request walks along them: those asked for most come first, and of one address the words before the open places.
BY_HOW_OFTEN_THEY_ARE_ASKED = (
    front.routes,
    updates.routes,
    new_actions.routes,
    pairs.routes,
    theme_pages.routes,
    business_plan.routes,
    load_pages.routes,
    owner_pages.routes,
    imports.routes,
    actions.routes,
    cases.routes,
    case_pages.routes,
    link_renewals.routes,
    link_emails.routes,
    owner_links.routes,
    sign_in.routes,
    joining.routes,
    authenticators.routes,
    account.routes,
    tokens.routes,
    by_hand.routes,
    unsent.routes,
    independence_links.routes,
    steps.routes,
    decision.routes,
    decision_check.routes,
    briefings.routes,
    reflections.routes,
    action_deeds.routes,
    evidence.routes,
    escalations.routes,
    calendars.routes,
    packs.routes,
    meetings.routes,
    admin_pages.routes,
    words.routes,
    health.routes,
    notify_callback.routes,
)


def build_inner_app(
    installation: Installation,
    engine: Engine,
    secret: str,
    *,
    idle: timedelta | None = None,
    codes_by: Callable[[], datetime] = machine_now,
) -> FastAPI:
    """Build the application without its guard, for whoever walks over its routes."""
    app = FastAPI(
        title="Learning tracker",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        dependencies=[Depends(enforce)],
        max_body_size=LARGEST_BODY,
        lifespan=_with_few_threads,
    )
    rest, longest = idle or installation.sign_in_idle, installation.sign_in_longest
    app.state.house = House(installation, engine, build_templates(), secret, rest, longest, codes_by)
    for router in BY_HOW_OFTEN_THEY_ARE_ASKED:
        app.include_router(router)
    static = KeptFiles(Path(str(files("tracker.web") / "static")))
    static.policy = ANYBODY  # type: ignore[attr-defined]
    app.mount("/static", static)
    add_problem_pages(app)
    unsent.add_unsent_pages(app)
    add_link_pages(app)
    must_all_be_declared(app)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    return app


@asynccontextmanager
async def _with_few_threads(_app: FastAPI) -> AsyncIterator[None]:
    """Answer with so many threads that each finds the connections that it needs."""
    current_default_thread_limiter().total_tokens = THREADS
    yield
