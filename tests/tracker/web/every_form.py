"""The world in which every form can be tried: its people, each signed in, and the forms they meet."""

import re
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from urllib.parse import quote_plus

import httpx
from markupsafe import escape
from sqlalchemy import Engine

from tests.serving import PATIENCE, WITHOUT_TLS
from tests.tracker.walking import CONTROL, LATER, WALK, make_walk, person
from tests.tracker.web.addresses import filled, pages
from tests.tracker.web.crawling import Fields, Found, crawl, forms_in, shape
from tests.tracker.web.visitor import SECRET, served
from tracker.database import unit_of_work
from tracker.deeds import DEEDS, About
from tracker.people import sessions
from tracker.people.links import LinkMaker
from tracker.people.queries import person_by_email
from tracker.policy import doors
from tracker.settings import Installation
from tracker.web.app import build_inner_app
from tracker.web.step_forms.table import STEP_FORMS

# In this order: what a coordinator may do is tried as the coordinator.
ROLES = ("control", "executive", "partner", "panel", "reviewer", "agency_lead", "owner")
LINK = "the holder of a link"
TOKENS: dict[str, str] = {}
# What other tests look at: signing in counts tries, and passwords and codes are missing here.
ELSEWHERE = ("/sign-in", "/account")
SLOWEST = 2.0
# A text of this length stands on no page by chance.
LONG = 40


def make_signed_in(engine: Engine) -> None:
    """Make the walk, with everybody signed in."""
    make_walk(engine)
    with unit_of_work(engine) as session:
        for role in ROLES:
            held = person_by_email(session, CONTROL if role == "control" else person(role))
            TOKENS[role] = sessions.begin(session, held.id, LATER, is_whole=True)
        owner = person_by_email(session, person("owner"))
        maker = LinkMaker("", SECRET)
        TOKENS[LINK] = str(maker.address(session, owner.id, person("owner"), days=14, now=LATER))


@dataclass
class Served:
    """The pages of a database, and somebody of each role who looks at them."""

    base: str
    engine: Engine
    closing: ExitStack
    visitors: dict[str, httpx.Client] = field(default_factory=dict)

    def visitor(self, role: str) -> httpx.Client:
        """Give somebody of a role, signed in."""
        if role not in self.visitors:
            headers = {"sec-fetch-site": "same-origin"}
            cookies = {} if role == LINK else {"session": TOKENS[role]}
            given = {"cookies": cookies, "headers": headers, "verify": WITHOUT_TLS}
            made = httpx.Client(base_url=self.base, timeout=PATIENCE, **given)
            self.visitors[role] = self.closing.enter_context(made)
        return self.visitors[role]

    def forms(self) -> list[Found]:
        """Give every kind of form, as the first role meets it that does."""
        found: dict[object, Found] = {}
        for role in (*ROLES, LINK):
            known = {shape(form.page) for form in found.values()}
            begins = [TOKENS[LINK], f"{TOKENS[LINK]}/emails", f"{TOKENS[LINK]}/not-me"] if role == LINK else seeds()
            # What was met by one role is not looked for by the next.
            begins = [address for address in begins if role == "control" or shape(address) not in known]
            for address, text in crawl(self.visitor(role), begins, follows=role == "control"):
                for form in forms_in(text, address):
                    form.role = role
                    found.setdefault(form.kind, form)
        return [form for form in found.values() if not form.path.startswith(ELSEWHERE)]


def serve(engine: Engine, closing: ExitStack) -> Served:
    """Serve the pages of a database."""
    return Served(closing.enter_context(served(engine, LATER)), engine, closing)


def seeds() -> list[str]:
    """Give the addresses at which the crawl begins: every page, and every deed where it can be done."""
    app = build_inner_app(Installation("sqlite://", "folder:mail", "http://127.0.0.1", LATER, SECRET), None, SECRET)
    known = [address for address, _ in pages(doors(app))]
    return list(dict.fromkeys(["/", *known, "/cases/AT-RECOMMENDED/decision", *filter(None, map(_address_of, WALK))]))


def _address_of(deed: str) -> str | None:
    """Give the page on which a deed of the walk is asked for."""
    reference, about, name = WALK[deed].reference, DEEDS[deed].about, deed.replace("_", "-")
    if deed in STEP_FORMS:
        return f"/cases/{reference}/steps/{name}"
    places = {About.CASE: "cases", About.ACTION: "actions", About.ESCALATION: "escalations", About.MEETING: "meetings"}
    if reference is None or about not in places:
        return None
    return f"/{places[about]}/{reference}/{name}"


def facts_for(form: Found) -> Mapping[str, object]:
    """Give what can be filled into a form so that it is recorded."""
    last = form.path.rstrip("/").split("/")[-1].replace("-", "_")
    if last in WALK:
        return WALK[last].facts
    return OTHERS.get(form.path.rstrip("/"), OTHERS.get(last, {}))


def sent(served: Served, form: Found, fields: Fields | bytes) -> httpx.Response:
    """Send a form; what is given as bytes goes as it is."""
    visitor = served.visitor(form.role)
    if isinstance(fields, bytes):
        return visitor.post(form.action, content=fields, headers={"content-type": "application/x-www-form-urlencoded"})
    return visitor.post(form.action, data=fields)


def as_bytes(fields: Fields, name: str, value: bytes) -> bytes:
    """Write a form as a browser does, with bytes under one name that no browser would send."""
    parts = [f"{quote_plus(key)}={quote_plus(one)}" for key, all_ in fields.items() if key != name for one in all_]
    return "&".join(parts).encode() + b"&" + quote_plus(name).encode() + b"=" + quote_plus(value).encode()


def trial(served: Served, form: Found, name: str, hostile: bytes) -> str | None:
    """Send a form with something hostile in a field; says what is wrong with the answer, if anything is."""
    fields = as_bytes(form.filled(facts_for(form)), name, hostile)
    for _ in range(5):
        begun = time.monotonic()
        answer = sent(served, form, fields)
        took = time.monotonic() - begun
        # What hangs does so again; a machine that was busy with something else does not.
        if took <= SLOWEST:
            break
    typed = hostile.decode("utf-8", "replace")
    which = f"{form.path} {name} {typed[:30]!r}: {answer.status_code}"
    if answer.status_code >= 500 or "<script>alert" in answer.text or took > SLOWEST:
        return f"{which} after {took:.1f} s"
    if answer.status_code in (422, 409) and not is_shown_again(answer, form, name, typed):
        return f"{which}, and the text is lost"
    nowhere = leads_nowhere(answer.text)
    return f"{which}, and the summary leads to {nowhere}, which is not there" if nowhere else None


def leads_nowhere(text: str) -> list[str]:
    """Name the places to which the summary of what is wrong leads and that the page has not."""
    summary = text.partition("govuk-error-summary__list")[2].partition("</ul>")[0]
    return [place for place in re.findall(r'href="#([^"]*)"', summary) if f'id="{place}"' not in text]


def is_shown_again(answer: httpx.Response, form: Found, name: str, typed: str) -> bool:
    """Say whether what was typed stands in its field again, but for line breaks where there are none."""
    if len(typed) > LONG and str(escape(typed.strip())) in answer.text:
        return True
    kept = _plain(typed, name in form.areas)
    return any(
        kept == _plain(one.fields.get(name, [""])[0], name in form.areas) for one in forms_in(answer.text, form.page)
    )


def _plain(typed: str, has_lines: bool) -> str:
    return typed.replace("\r\n", "\n").strip() if has_lines else "".join(typed.split())


_PERSON = {"name": "New Person", "email": "new.person@council.example", "role": "coordinator"}
OTHERS: Mapping[str, Mapping[str, object]] = {
    "/cases/new": {"known_on": "2021-06-01", "kind": "rapid_review"},
    "/actions/new": {"case": "AT-REVIEW", "text": "Tell the schools"},
    "/escalations/E1/review": {"on": "2021-06-02", "text": "It still waits"},
    "/escalations/new": {"group": "thscp/qap", "title": "Room", "ask": "May we meet?"},
    "/meetings/new": {"group": "thscp/qap", "on": "2021-07-01", "at": "10:00"},
    "/admin/people/new": _PERSON,
    "/admin/agencies/new": {"name": "New Agency"},
    "/admin/groups/new": {"name": "Task group on men", "code": "men"},
    "/admin/clocks/closures/new": {"on": "2021-06-21", "name": "Council closed", "whose": "partnership"},
    "/admin/themes/new": {"label": "Tower blocks"},
    filled("/actions/owners/{code}"): {"owner_email": person("reviewer"), "reason": "It is so"},
    "rename": {"label": "Other words", "reason": "It is so"},
    "merge": {"into": "training", "reason": "It is so"},
    "/actions/owners/agency": {"former": "Children's Social Care", "agency": "First Partner", "reason": "It is so"},
    "respond": {"answer": "agreed", "response": "Yes: the Director does it by July", "on": "2021-06-02"},
    "withdraw": {"reason": "It is so"},
    "pass_up": {"reason": "It is so"},
    "decision": {"on": "2021-06-02", "outcome": "review", "methods": ["multi_agency_audit", "partner_led_workshop"]},
}
