"""All pages of the administration."""

from fastapi import APIRouter

from tracker.web import (
    admin,
    admin_agencies,
    admin_calendar,
    admin_doubts,
    admin_emails,
    admin_ending,
    admin_groups,
    admin_logs,
    admin_people,
    admin_post,
    admin_settings,
    admin_themes,
    admin_wishes,
)

routes = APIRouter()
for part in (
    admin,
    admin_people,
    admin_wishes,
    admin_ending,
    admin_agencies,
    admin_groups,
    admin_calendar,
    admin_settings,
    admin_themes,
    admin_logs,
    # Before the emails: what stands behind their address is no code of one.
    admin_post,
    admin_doubts,
    admin_emails,
):
    routes.include_router(part.routes)
