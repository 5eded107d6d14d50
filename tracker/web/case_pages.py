"""The page of a case and its tabs: what it shows is what `show` gives; who reads it is noted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from tracker.actions.of_case import colours_of_case
from tracker.cases.reading import note_read
from tracker.clock import london_day
from tracker.groups.queries import partnership_settings, partnership_with_id
from tracker.groups.themes import theme_labels
from tracker.people.doer import Doer
from tracker.policy import SIGNED_IN, policy
from tracker.showing.case_access import how_many_see, who_has_read, who_is_barred, who_sees
from tracker.showing.case_documents import CaseDocument, documents_of
from tracker.showing.lists import list_rows
from tracker.showing.show import show, show_case
from tracker.standing import WholeStanding
from tracker.web.case_clocks import clocks_of
from tracker.web.case_history import Sort, entries_of
from tracker.web.case_steps import LEARNING, CaseSteps
from tracker.web.case_views import stages_of
from tracker.web.deed_links import REFLECTION_PAGES
from tracker.web.email_ledger import ledger_about
from tracker.web.forms import Form
from tracker.web.house import house_of
from tracker.web.pages import page
from tracker.web.reflection_pages import states_of
from tracker.web.step_forms.form import At
from tracker.web.visitors import Db, Now, Reader
from workflows.vocabulary import CaseStatus, stage_words

routes = APIRouter()

_LATEST = 5


@dataclass(frozen=True, slots=True)
class CaseRead:
    """A case as one reader sees it, with its standing, and how many people can open it."""

    at: At
    people: int
    documents: list[CaseDocument]

    @property
    def shown(self) -> dict[str, Any]:
        """Give the document of the case."""
        return self.at.case

    @property
    def standing(self) -> WholeStanding:
        """Give the standing of the case."""
        return self.at.standing

    @property
    def head(self) -> dict[str, Any]:
        """Give what every tab of the case shows above its own part."""
        return {
            "case": self.shown,
            "at": f"/cases/{quote(self.shown['reference'])}",
            "stage_name": stage_words(self.shown["stage"]),
            "is_closed": self.shown["status"] == CaseStatus.CLOSED,
            "people": self.people,
            "documents": self.documents,
        }


def read_case(session: Session, reference: str, reader: Doer, now: datetime) -> CaseRead:
    """Read a case for somebody; raises `NotFound`."""
    shown, standing = show_case(session, reference, reader, now)
    people = how_many_see(session, standing.case, london_day(now))
    return CaseRead(At(session, standing, shown, reader, now), people, documents_of(session, shown, reader))


@routes.get("/cases/{reference}")
@policy(SIGNED_IN)
def case(request: Request, db: Db, reader: Reader, now: Now, reference: str) -> Response:
    """Show a case: where it stands, its clocks, what moves it on, and what has happened last."""
    found = read_case(db, reference, reader, now)
    partnership = partnership_with_id(db, found.standing.case.partnership_id)
    amber_days = partnership_settings(db, partnership, now)["clock.amber_working_days"]
    steps = CaseSteps(found.at)
    answer = _answer(
        request,
        "overview",
        found,
        stages=stages_of(found.shown, found.standing.definition),
        clocks=clocks_of(found.shown, london_day(now), amber_days),
        steps=steps,
        intent=Form().intent,
        entries=entries_of(found.shown["history"])[:_LATEST],
        themes=theme_labels(db, found.standing.case.partnership_id),
        process=found.standing.definition.title,
        reflections=[one for one in states_of(found.at) if found.shown["stage"] >= LEARNING or one.state == "held"],
        colours=_in_order(colours_of_case(db, found.standing.case.id, reader, now)),
    )
    note_read(house_of(request).engine, reader.id, found.shown["reference"], now)
    return answer


@routes.get("/cases/{reference}/timeline")
@policy(SIGNED_IN)
def timeline(request: Request, db: Db, reader: Reader, now: Now, reference: str, only: str = "") -> Response:
    """Show everything that happened to a case, the newest first."""
    found = read_case(db, reference, reader, now)
    chosen = only if only in set(Sort) else ""
    answer = _answer(
        request,
        "timeline",
        found,
        entries=entries_of(found.shown["history"], chosen),
        chosen=chosen,
        sorts=[("", "All"), *((sort.value, sort.value.capitalize()) for sort in Sort)],
    )
    note_read(house_of(request).engine, reader.id, found.shown["reference"], now)
    return answer


@routes.get("/cases/{reference}/documents")
@policy(SIGNED_IN)
def documents(request: Request, db: Db, reader: Reader, now: Now, reference: str) -> Response:
    """Show what belongs to a case as documents, the newest first."""
    found = read_case(db, reference, reader, now)
    answer = _answer(request, "documents", found, reflection_pages=REFLECTION_PAGES)
    note_read(house_of(request).engine, reader.id, found.shown["reference"], now)
    return answer


@routes.get("/cases/{reference}/actions")
@policy(SIGNED_IN)
def learning(request: Request, db: Db, reader: Reader, now: Now, reference: str) -> Response:
    """Show what was learnt from a case, what is recommended, and the actions that come of it."""
    found = read_case(db, reference, reader, now)
    rows = list_rows(db, "actions", {"case": found.shown["reference"]}, reader, now)
    steps = CaseSteps(found.at)
    may_add = not found.head["is_closed"] and steps.may("add-action")
    answer = _answer(
        request,
        "actions",
        found,
        actions=rows,
        themes=theme_labels(db, found.standing.case.partnership_id),
        may_add=may_add,
    )
    note_read(house_of(request).engine, reader.id, found.shown["reference"], now)
    return answer


@routes.get("/cases/{reference}/trace")
@policy(SIGNED_IN)
def trace(request: Request, db: Db, reader: Reader, now: Now, reference: str) -> Response:
    """Show the chain from what was found to what has changed, with what is missing in it."""
    found = read_case(db, reference, reader, now)
    shown = show(db, "trace", found.shown["reference"], reader, now)
    may_link = CaseSteps(found.at).may("link-recommendation")
    answer = _answer(request, "trace", found, trace=shown, may_link=may_link)
    note_read(house_of(request).engine, reader.id, found.shown["reference"], now)
    return answer


@routes.get("/cases/{reference}/access")
@policy(SIGNED_IN)
def access(request: Request, db: Db, reader: Reader, now: Now, reference: str) -> Response:
    """Show who can see a case and why, and who has read it."""
    found = read_case(db, reference, reader, now)
    record = found.standing.case
    steps = CaseSteps(found.at)
    answer = _answer(
        request,
        "access",
        found,
        seeing=who_sees(db, record, london_day(now)),
        barred=who_is_barred(db, record, reader),
        readings=who_has_read(db, record),
        emails=ledger_about(request, db, reader, partnership_with_id(db, record.partnership_id), record.reference),
        deeds=[
            deed for deed in ("give-access", "end-access", "declare-conflict", "withdraw-conflict") if steps.may(deed)
        ],
    )
    note_read(house_of(request).engine, reader.id, found.shown["reference"], now)
    return answer


def _answer(request: Request, tab: str, found: CaseRead, **shown: Any) -> HTMLResponse:
    return page(request, f"pages/cases/{tab}.html", tab=tab, **found.head, **shown)


def _in_order(colours: Mapping[str, int]) -> dict[str, int]:
    """Give the numbers of actions by the word of their colour, in the order in which the plan shows them."""
    order = ("Red", "Amber", "Green", "Not started", "Complete", "Embedded")
    return {word: colours[word] for word in (*order, *sorted(colours.keys() - set(order))) if word in colours}
