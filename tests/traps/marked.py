"""A world in which every text that people type is a marker word, and a run of every email that there is."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Column, Engine, String, Table, select, update
from sqlmodel import Session

from tests.make import NOON, act, make_person, make_team
from tests.tracker.reminders.post import add, partnership
from tests.tracker.test_privacy import CARE, make_secrets
from tests.tracker.walking import CONTROL, person
from tests.tracker.web.signing import give_proofs
from tests.tracker.web.visitor import SECRET
from tracker.clock import moment_from
from tracker.database import unit_of_work
from tracker.people import joining
from tracker.people.links import LinkMaker
from tracker.people.queries import person_by_email
from tracker.people.sign_in_models import Link
from tracker.reminders import link_letters
from tracker.tables import METADATA

LINKS = LinkMaker("https://tracker.example", SECRET)
BEFORE = "2021-06-16T12:00"
MARK = "zqx"
TITLE = "zqtitle"
MORNING = moment_from("2021-06-17T09:00")
# Fourteen days before six months after the publication of CANARY-7.
OF_REFLECTION = moment_from("2021-10-27T09:00")

# Shorter columns hold codes, dates and references; these among the longer ones hold nothing of a case either.
_NO_WORDS_OF_A_CASE = {
    "definition_version": ("text", "text_sha256"),
    "setting": ("value",),
    "identity": ("subject", "secret"),
    "partnership": ("name", "areas"),
    "partnership_group": ("name", "rhythm", "shown"),
    "agency": ("name",),
    "action": ("title", "loaded_id"),
    "action_join": ("undone",),
    "escalation": ("title",),
    "case_record": ("loaded_id",),
    "person": ("email", "refused_email"),
    "link": (),
    "intent": ("intent", "asked"),
    "imported_row": ("content", "flags", "refused_content", "sameness"),
    "import_mapping": ("headings",),
    "import_draft": ("decided", "fingerprint"),
    "attempt": ("subject",),
    "lease": ("name",),
    "personal_token": ("token_digest",),
    "calendar_feed": ("token_digest",),
    "recovery_code": ("code_digest",),
    "clock": ("name",),
    "sign_in": ("token_digest", "message"),
    "ticket": ("token_digest",),
    "stored_file": ("sha256",),
    "resolution": ("outcome",),
    "learning_session": ("attendance",),
}
# What the post room writes itself; and lines of the history, which nobody can change.
_OF_THE_SERVICE = ("message", "lease", "job_run", "post_hold", "history_line", "address_failure")
# Shorter, and a text all the same.
_SHORT_WORDS = (("case_record", "pseudonym"),)
_LONGEST_CODE = 60
_NO_END = 10**6


def marker_fields() -> dict[str, set[str]]:
    """Name, by table, every column that holds words which people type, names among them; titles apart."""
    found: dict[str, set[str]] = {}
    for table, column in _marked_columns():
        found.setdefault(table.name, set()).add(column.name)
    return found


def _marked_columns() -> Iterator[tuple[Table, Column[Any]]]:
    for table in METADATA.sorted_tables:
        for column in table.columns if table.name not in _OF_THE_SERVICE else ():
            kind = getattr(column.type, "impl", column.type)
            is_text = isinstance(kind, String) and (kind.length or _NO_END) > _LONGEST_CODE
            if (is_text and column.name not in _NO_WORDS_OF_A_CASE.get(table.name, ())) or (
                (table.name, column.name) in _SHORT_WORDS
            ):
                yield table, column


def mark_everything(engine: Engine) -> None:
    """Put a marker word into every text of every row, and another one into the titles of actions and escalations."""
    with engine.begin() as connection:
        for table, column in _marked_columns():
            [key, *_] = table.primary_key.columns
            for row in connection.execute(select(key, column)).all():
                value = _marked(row[1], f"{MARK}_{table.name}_{column.name}_{row[0]}_")
                connection.execute(update(table).where(key == row[0]).values({column.name: value}))
        for name in ("action", "escalation"):
            table = METADATA.tables[name]
            connection.execute(update(table).values(title=f"{TITLE} of an {name}"))


def _marked(old: str | None, word: str) -> str:
    """Give the word itself, or a document with the word in the place of every text."""
    try:
        kept = json.loads(old or "")
    except ValueError:
        return word
    return json.dumps(_leaves(kept, word)) if isinstance(kept, dict | list) else word


def _leaves(kept: Any, word: str) -> Any:
    if isinstance(kept, dict):
        return {name: _leaves(value, word) for name, value in kept.items()}
    if isinstance(kept, list):
        return [_leaves(value, word) for value in kept]
    return word if isinstance(kept, str) else kept


# Owners of whom each has one thing that the morning of the 17th is about.
OWNERS: Mapping[str, Mapping[str, Any]] = {
    "new": {"due_on": "2021-12-01", "now": BEFORE},
    "moved": {"due_on": "2021-11-01"},
    "review": {"due_on": None, "timescale": "On-going", "review_on": "2021-06-17"},
    "stuck": {"due_on": "2021-12-01", "agency": CARE},
    "asked": {"due_on": "2021-06-17"},
    "gone": {"due_on": "2021-06-17", "agency": CARE},
}


def make_marked(engine: Engine) -> None:
    """Make a full case with everything around it, so that on the next morning every email has a reason to go."""
    make_secrets(engine)
    with unit_of_work(engine) as session:
        make_team(session, "chscp")
        for name in OWNERS:
            make_person(session, partnership(session), f"{name}@thscp.example", "owner")
    for name, facts in OWNERS.items():
        add(engine, at="PLAIN-1", by=CONTROL, owner=f"{name}@thscp.example", **facts)
    add(engine, at="chscp", by="coordinator@chscp.example", owner=None)
    act(engine, "move_due_date", "A6", by=CONTROL, due_on="2021-12-01", reason="Later", now=BEFORE)
    trouble = {"report": "stuck", "text": "No room", "now": BEFORE}
    act(engine, "update_action", "A8", by="stuck@thscp.example", **trouble)
    held = {"reason": "Court", "look_again_on": "2021-06-17", "now": BEFORE}
    act(engine, "hold_action", "A11", by="coordinator@chscp.example", **held)
    give_proofs(engine, person("executive"))
    joining.ask_for_reset(engine, person("executive"), SECRET, from_address="127.0.0.1", now=MORNING)
    with unit_of_work(engine) as session:
        joining.invite(session, person("panel"), SECRET, MORNING)
        _about_links(session)
    _decided(engine)


def _decided(engine: Engine) -> None:
    """Let a case be decided of which the panel is told."""
    with unit_of_work(engine) as session:
        make_person(session, partnership(session), "rrp@thscp.example", "panel", groups=["rrp"])
    facts = {"partnership": "thscp", "reference": "PLAIN-2", "known_on": "2021-06-01", "notified_on": "2021-06-01"}
    act(engine, "open_case", by=CONTROL, **facts)
    act(engine, "convene_panel", "PLAIN-2", by=CONTROL, on="2021-06-01")
    learning = {"outcome": "review", "immediate_learning": "none"}
    act(engine, "record_recommendation", "PLAIN-2", by=CONTROL, on="2021-06-01", **learning)
    chosen = {"outcome": "review", "methods": ["multi_agency_audit", "partner_led_workshop"]}
    act(engine, "record_decision", "PLAIN-2", by=person("executive"), on="2021-06-01", **chosen)
    _met(engine)


def _met(engine: Engine) -> None:
    """Let a group meet and escalate something, so that its members are sent what was recorded."""
    meeting = act(engine, "schedule_meeting", by=CONTROL, group="thscp/rrp", on="2021-06-01").reference
    asked = {"group": "thscp/rrp", "title": "Should beds wait?", "ask": "Fund two", "meeting": meeting}
    act(engine, "raise_escalation", by=CONTROL, **asked)
    act(engine, "close_meeting", meeting, by=CONTROL)


def _about_links(session: Session) -> None:
    """Let one link have run out and be asked for anew, and another one have reached somebody else."""
    for email, is_theirs in ((person("owner"), True), ("asked@thscp.example", False)):
        reader = person_by_email(session, email)
        LINKS.address(session, reader.id, email, days=14, now=NOON - timedelta(days=1))
        link = session.exec(select(Link).where(Link.person_id == reader.id)).scalars().one()
        if is_theirs:
            link_letters.send_new_link(session, link, reader, intent="once", now=NOON)
        else:
            link_letters.end_as_not_theirs(session, link, reader, NOON)


def leave_only_a_reflection(engine: Engine) -> None:
    """Let nothing be due of any case in October but the reflection of CANARY-7."""
    act(engine, "send_to_national_panel", "CANARY-7", by=CONTROL, on="2021-06-18", now="2021-06-18T12:00")
    held = {"reason": "Inquest", "look_again_on": "2022-12-01", "now": "2021-06-18T12:00"}
    for case in ("PLAIN-1", "PLAIN-2"):
        act(engine, "hold_case", case, by=person("executive"), **held)
