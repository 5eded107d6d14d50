"""The combined action plan: one list over all reviews, its file for a spreadsheet, and one action with its history."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from tracker.actions.around import SourceRead
from tracker.actions.grouping import heaps_of
from tracker.actions.headline import headline_of
from tracker.actions.paging import plan_for
from tracker.actions.pairs import LooksLike, likes_of
from tracker.actions.plan_rows import plan_rows
from tracker.actions.queries import action_by_reference
from tracker.actions.source_words import in_words, pseudonyms_of
from tracker.groups.queries import partnership_with_id
from tracker.groups.themes import theme_labels
from tracker.people.permissions import ROLES_FOR
from tracker.people.roles import Role
from tracker.policy import policy
from tracker.showing.show import show
from tracker.web.action_deeds import READ_ACTIONS, may_do
from tracker.web.action_fields import SHEETS
from tracker.web.action_history import entries_of
from tracker.web.action_words import LEVEL_WORDS
from tracker.web.actions_csv import lines_of, workbook_of
from tracker.web.deed_links import REFLECTION_PAGES
from tracker.web.email_ledger import ledger_about
from tracker.web.house import house_of
from tracker.web.pages import how_far, page
from tracker.web.paging import pages_of
from tracker.web.pair_reading import pair_at
from tracker.web.plan_filter_form import filter_form
from tracker.web.plan_filters import (
    HEADINGS,
    STATUS_WORDS,
    asked_of,
    chosen_of,
    columns_of,
    link_to,
    shades_of,
    views_of,
)
from tracker.web.plan_lines import due_of, moved_words, written
from tracker.web.quick import quick
from tracker.web.visitors import Db, Now, Reader
from workflows.action import OPEN_STATUSES, ActionStatus

routes = APIRouter()

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@routes.get("/actions")
@quick("words", "sort", "by")
@policy(READ_ACTIONS)
def plan(request: Request, db: Db, reader: Reader, now: Now) -> Response:
    """Show a page of the plan: what the address asks for, as far as the reader sees it."""
    asked = asked_of(request)
    seen = plan_for(db, reader, now)
    headline = headline_of(seen)
    heaps = heaps_of(seen, asked.wanted, asked.by) if asked.by else []
    found = seen.page(asked.wanted, asked.page)
    likes = likes_of(db, found.ids, reader)
    pair = pair_at(db, reader, request.query_params.get("pair", ""))
    rows = plan_rows(db, [*dict.fromkeys((*found.ids, *pair.ids))], reader, now)
    return page(
        request,
        "pages/actions/list.html",
        asked=asked,
        wanted=asked.wanted,
        headline=headline,
        found=found,
        lines=[written(row, _like(likes, number)) for number, row in zip(found.ids, rows, strict=False)],
        pair=pair.shown(rows, asked),
        pair_place=pair.place,
        waiting_pairs=pair.number,
        may_join=pair.may_join,
        heaps=[(heap, lambda status="", heap=heap: link_to(asked, heap, status)) for heap in heaps],
        shades=shades_of(heaps),
        heading=HEADINGS.get(asked.by, ""),
        views=views_of(asked),
        filter_form=filter_form(headline, asked.wanted, asked.by, leads=bool(reader.led_agencies)),
        chosen=chosen_of(asked, headline),
        columns=columns_of(asked),
        pages=pages_of(asked.on_page, found.number, found.pages, "Pages of actions"),
        status_words=STATUS_WORDS,
        may_add=bool(reader.partnerships_as(*ROLES_FOR["add_action"])),
        may_pass_on=bool(reader.partnerships_as(*ROLES_FOR["reassign_all"])),
        may_import=bool(reader.partnerships_as(Role.COORDINATOR)),
        may_check=bool(reader.partnerships_as(*ROLES_FOR["accept_update"])),
    )


def _like(likes: Mapping[int, Sequence[LooksLike]], number: int) -> str | None:
    return likes[number][0].reference if number in likes else None


@routes.get("/actions.csv")
@policy(READ_ACTIONS)
def plan_as_file(request: Request, reader: Reader, now: Now) -> Response:
    """Give the same list as a file, all of its pages."""
    lines = lines_of(house_of(request).engine, reader, now, asked_of(request))
    name = f"actions-{reader.day.isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


@routes.get("/actions.xlsx")
@policy(READ_ACTIONS)
def plan_as_workbook(request: Request, db: Db, reader: Reader, now: Now) -> Response:
    """Give the same list as a workbook, all of its pages."""
    content = workbook_of(db, reader, now, asked_of(request))
    headers = {"Content-Disposition": f'attachment; filename="actions-{reader.day.isoformat()}.xlsx"'}
    return Response(content, media_type=WORKBOOK, headers=headers)


@routes.get("/actions/{reference}")
@quick()
@policy(READ_ACTIONS)
def one_action(request: Request, db: Db, reader: Reader, now: Now, reference: str) -> Response:
    """Show an action with its history, and what the reader may do to it."""
    shown = show(db, "action", reference, reader, now)
    action = action_by_reference(db, shown["reference"], reader)
    ready = [step["deed"] for step in shown["steps"] if step["ready"]]
    offered = [deed for deed in SHEETS if deed in ready and may_do(reader, action, deed)]
    if shown["status"] != ActionStatus.MERGED and "split-action" in offered:
        # Of the one that stayed it is offered beside each that was joined with it.
        offered.remove("split-action")
    sources = [SourceRead(**source) for source in shown["sources"]]
    return page(
        request,
        "pages/actions/one.html",
        action=shown,
        due_far=_due_far(shown, reader.day),
        due_words=due_of(
            action.due, action.timescale_kind, action.timescale_words, is_outside=shown["outside"] is not None
        ),
        moved_words=moved_words(shown["moves"], action.first_due) if shown["moves"] and action.first_due else "",
        level=LEVEL_WORDS[shown["level"]],
        sources=in_words(sources, pseudonyms_of(db, [source.case for source in sources], reader)),
        reflections=REFLECTION_PAGES,
        themes=theme_labels(db, action.partnership_id),
        history=entries_of(shown["history"]),
        emails=ledger_about(request, db, reader, partnership_with_id(db, action.partnership_id), action.reference),
        deeds=[(deed, SHEETS[deed].link) for deed in offered],
        may_join=may_do(reader, action, "merge-actions") and shown["status"] != ActionStatus.MERGED,
    )


def _due_far(shown: dict[str, Any], today: date) -> str:
    """Say how far away the due date of an open action is, where its day is known."""
    is_a_day = shown["due"] is not None and shown["precision"] == "day"
    return how_far(date.fromisoformat(shown["due"]), today) if is_a_day and shown["status"] in OPEN_STATUSES else ""
