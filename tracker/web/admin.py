"""Administration: which partnership somebody looks after, its sections, and lists in portions."""

import hashlib
import hmac
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import col, select

from tracker.errors import NotFound
from tracker.groups.models import Partnership
from tracker.people.administering import ADMINISTRATORS, looked_after_by
from tracker.policy import for_roles, policy
from tracker.showing.trail import sees_cases
from tracker.web.house import House
from tracker.web.pages import page, see_other
from tracker.web.visitors import Db, Reader

routes = APIRouter()

FOR_ADMINISTRATORS = for_roles(*ADMINISTRATORS)
PORTION = 50
SECTIONS = (
    ("People", "/admin/people"),
    ("Agencies", "/admin/agencies"),
    ("Groups", "/admin/groups"),
    ("Themes", "/admin/themes"),
    ("Clocks and settings", "/admin/clocks"),
    ("Links", "/admin/links"),
    ("Emails", "/admin/emails"),
    ("Audit", "/admin/audit"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """The partnership whose administration is shown, and the others that the reader looks after."""

    partnership: Partnership
    all: Sequence[Partnership]
    sees_cases: bool

    def at(self, path: str, **query: object) -> str:
        """Give the address of a page of this partnership; which one it is is said only where there are several."""
        asked = {name: value for name, value in query.items() if value not in ("", None)}
        if len(self.all) > 1:
            asked["partnership"] = self.partnership.code
        return f"{path}?{urlencode(asked)}" if asked else path


def place_of(request: Request, db: Db, reader: Reader) -> Place:
    """Give the partnership that is asked for, or the first that the reader looks after; raises `NotFound`."""
    found = db.exec(
        select(Partnership).where(col(Partnership.id).in_(looked_after_by(reader))).order_by(col(Partnership.id))
    ).all()
    asked = request.query_params.get("partnership")
    chosen = [one for one in found if asked is None or one.code == asked]
    if not chosen:
        raise NotFound("There is no such partnership that you look after.")
    return Place(chosen[0], found, sees_cases(reader, chosen[0].id))


Here = Annotated[Place, Depends(place_of)]


def admin_page(request: Request, name: str, here: Place, status: int = 200, **shown: Any) -> HTMLResponse:
    """Show a page of the administration; what it shows differs from page to page."""
    return page(request, f"pages/admin/{name}.html", status, here=here, sections=SECTIONS, **shown)


def code_of(house: House, kind: str, number: int) -> str:
    """Give the public code of a record: addresses carry neither row numbers nor anything that a log should not hold."""
    return _tag(house, kind, str(number))


def sealed(house: House, kind: str, number: int) -> str:
    """Give a public code from which the house alone reads a number, where there are too many records to try all."""
    tag = _tag(house, kind, str(number))
    return f"{tag}{number ^ int(_tag(house, kind, tag)[:8], 16):08x}"


def unsealed(house: House, kind: str, code: str) -> int | None:
    """Read the number of a record from its public code; nothing where the code was made elsewhere."""
    tag, hidden = code[:16], code[16:]
    if len(hidden) != 8 or not set(code) <= set("0123456789abcdef"):
        return None
    number = int(hidden, 16) ^ int(_tag(house, kind, tag)[:8], 16)
    return number if hmac.compare_digest(_tag(house, kind, str(number)), tag) else None


def _tag(house: House, kind: str, text: str) -> str:
    return hmac.new(house.secret.encode(), f"{kind}|{text}".encode(), hashlib.sha256).hexdigest()[:16]


Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Portion(Generic[Row]):
    """Fifty rows of a list: the rows, where they stand in it, and the way to the next and the last ones."""

    rows: Sequence[Row]
    number: int
    of_all: int

    @property
    def pages(self) -> int:
        """Count the pages."""
        return max(1, math.ceil(self.of_all / PORTION))

    @property
    def first(self) -> int:
        """Give the place of the first row shown, counted from 1."""
        return (self.number - 1) * PORTION + 1


def page_asked(request: Request) -> int:
    """Read which page of a list is wanted: the first one unless a sensible number is given."""
    text = request.query_params.get("page", "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def portion(request: Request, rows: Sequence[Row]) -> Portion[Row]:
    """Give the page of a list that is asked for; past its end the last one."""
    number = min(page_asked(request), max(1, math.ceil(len(rows) / PORTION)))
    return Portion(rows[(number - 1) * PORTION : number * PORTION], number, len(rows))


@routes.get("/admin")
@policy(FOR_ADMINISTRATORS)
def administration() -> Response:
    """Send whoever looks after a partnership to its people."""
    return see_other("/admin/people")
