"""Every form that the pages show, found by opening them: sent twice, stale, forged, and full of hostile text."""

import html
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine

from tests.statements import each_statement
from tests.tracker.conftest import SqliteWorlds
from tests.tracker.everything import counts
from tests.tracker.undoing import forgetting
from tests.tracker.walking import LATER
from tests.tracker.web.addresses import filled
from tests.tracker.web.crawling import Found, crawl, forms_in, shape
from tests.tracker.web.every_form import (
    ROLES,
    Served,
    facts_for,
    is_shown_again,
    make_signed_in,
    seeds,
    sent,
    serve,
    trial,
)
from tests.tracker.web.hostile import HOSTILE
from tests.tracker.web.visitor import SECRET
from tracker.policy import Who, doors
from tracker.settings import Installation
from tracker.web.app import build_inner_app


@pytest.fixture(scope="module")
def standing(sqlite_worlds: SqliteWorlds) -> Iterator[Served]:
    """Serve a world in which whatever is sent is undone at once, so that every form is sent to the same records."""
    with ExitStack() as closing:
        engine = sqlite_worlds.copy(make_signed_in, closing)
        yield serve(forgetting(engine), closing)


@pytest.fixture(scope="module")
def forms(standing: Served) -> list[Found]:
    """Give every form there is."""
    return standing.forms()


def test_most_kinds_of_forms_are_found(forms):
    assert len(forms) >= 55


def test_hostile_text_in_every_field_is_shown_as_typed_or_refused_with_a_sentence(standing, forms):
    # Whole lists of choices make a page slow to write, and show nothing that a short one does not.
    tried = [
        (form, name, hostile)
        for form in forms
        for name in form.texts
        for place, hostile in enumerate(HOSTILE)
        if place < 3 or sum(map(len, form.choices.values())) < 30
    ]

    # Each kind of hostile text many times, not in every field: `make faults` sends a hundred thousand.
    wrong = [said for one in random.Random(7).sample(tried, 800) if (said := trial(standing, *one))]

    assert wrong == []


def test_form_sent_twice_has_one_effect_and_the_same_answer(sqlite_worlds, forms):
    wrong, done = {}, 0
    with ExitStack() as closing:
        engine = sqlite_worlds.copy(make_signed_in, closing)
        fresh = Path(str(engine.url.database)).read_bytes()
        here = serve(engine, closing)
        for form in forms:
            fields = form.filled(facts_for(form))
            before = counts(engine)
            answers, effects = [answered(sent(here, form, fields))], [written(before, counts(engine))]
            answers.append(answered(sent(here, form, fields)))
            effects.append(written(before, counts(engine)))
            put_back(engine, fresh)
            with ThreadPoolExecutor(2) as pool:
                answers += pool.map(lambda _, of=form, said=fields: answered(sent(here, of, said)), range(2))
            effects.append(written(before, counts(engine)))
            put_back(engine, fresh)
            done += answers[0][0] == 303
            if len(set(answers)) > 1 or effects[1:] != effects[:1] * 2:
                wrong[form.path] = (answers, effects)

    assert (wrong, done >= 40) == ({}, True)


def put_back(engine: Engine, fresh: bytes) -> None:
    """Put the records back as they were."""
    engine.dispose()
    path = Path(str(engine.url.database))
    for beside in ("-wal", "-shm"):
        Path(f"{path}{beside}").unlink(missing_ok=True)
    path.write_bytes(fresh)


def answered(answer: httpx.Response) -> tuple[int, str]:
    """Give what a form was answered, and where it leads."""
    return answer.status_code, answer.headers.get("location", "")


def written(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """Give how many rows of which tables were written."""
    return {name: after[name] - before[name] for name in after if after[name] != before[name]}


RECORDS = ("import_draft", "case_record", "action", "escalation", "meeting", "partnership")


def test_form_opened_before_its_record_changed_is_refused_and_keeps_what_was_typed(sqlite_worlds, forms):
    wrong = {}
    with ExitStack() as closing:
        engine = sqlite_worlds.copy(make_signed_in, closing)
        with engine.begin() as connection:
            for table in RECORDS:
                connection.exec_driver_sql(f"UPDATE {table} SET version = version + 1")
        moved_on = serve(forgetting(engine), closing)
        for form in forms:
            if "seen" not in form.fields:
                continue
            fields = form.filled(facts_for(form)) | {name: ["Words that stay"] for name in form.areas}
            fields |= {"checked": ["yes"]} if "/steps/" in form.path else {}
            answer = sent(moved_on, form, fields)
            lost = [name for name in form.areas if not is_shown_again(answer, form, name, "Words that stay")]
            still = [one.fields["seen"] for one in forms_in(answer.text, form.page) if one.path == form.path]
            # What is incomplete is said first; the form is then still the one of the version that was read.
            is_refused = answer.status_code == 409 or (answer.status_code == 422 and still == [fields["seen"]])
            if not is_refused or lost:
                wrong[form.path] = (answer.status_code, lost)

    assert wrong == {}


# A new record cannot be stale; what is set to one value, or ended, is the same however often it is.
WITHOUT_VERSION = {
    "/cases/new",
    "/cases/{}/briefing/comments",
    "/actions/new",
    "/actions/pairs",
    "/actions/import",
    "/escalations/new",
    "/escalations/dismiss-proposal",
    "/meetings/new",
    "/admin/people/new",
    "/admin/agencies/new",
    "/admin/agencies/{}/lead",
    "/admin/groups/new",
    "/admin/themes/new",
    "/admin/clocks/closures/new",
    "/admin/links",
    "/admin/people/{}/end",
    "/admin/people/{}/end/check",
    "/admin/people/{}/invitation",
    "/admin/people/{}/wishes",
    "/admin/emails/{}",
    "/today/reminders",
    "/u/{}/emails",
    "/u/{}/not-me",
}
# The service itself says there that it was done already.
WITHOUT_INTENT = {"/u/{}/not-me"}


def test_every_form_about_a_record_carries_the_version_that_was_read_and_an_intent(forms):
    without = {shape(form.path) for form in forms if not {"seen", "draft"} & set(form.fields)}
    without_intent = {shape(form.path) for form in forms if "intent" not in form.fields}

    assert (sorted(without - WITHOUT_VERSION), sorted(without_intent - WITHOUT_INTENT)) == ([], [])


def unsafe_routes() -> list[tuple[str, Who]]:
    """Give the address of every route that changes something, as the service itself lists them."""
    app = build_inner_app(Installation("sqlite://", "folder:mail", "http://127.0.0.1", LATER, SECRET), None, SECRET)
    return [
        (filled(door.path), door.policy.who)
        for door in doors(app)
        if door.methods & {"POST", "PUT", "PATCH", "DELETE"} and door.policy is not None
    ]


@pytest.fixture(scope="module")
def writing(standing: Served) -> Iterator[list[str]]:
    """Give the list to which every statement is added that would write into the world."""
    found: list[str] = []

    def note(sql: object, _values: object) -> None:
        if str(sql).startswith(("INSERT", "UPDATE", "DELETE")):
            found.append(str(sql))

    with each_statement(standing.engine, note):
        yield found


@pytest.mark.parametrize(("path", "who"), unsafe_routes(), ids=[path for path, _ in unsafe_routes()])
def test_forged_form_is_refused_and_writes_nothing(standing, writing, path, who):
    visitor = standing.visitor("control")
    token = forms_in(visitor.get("/escalations/new").text, "/")[0].fields["form_token"]
    writing.clear()
    genuine = {"form_token": token, "intent": "f" * 32, "text": "Of somebody else"}
    elsewhere = [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "", "origin": "null"},
        {"sec-fetch-site": "", "origin": "https://evil.example"},
        {"sec-fetch-site": ""},
    ]

    from_elsewhere = [visitor.post(path, data=genuine, headers=headers).status_code for headers in elsewhere]
    without_token = [
        visitor.post(path, data=genuine | {"form_token": token}).status_code for token in ("", "0" * 64, "é")
    ]

    assert from_elsewhere == [403] * len(elsewhere)
    # A link that is not right has one answer, whatever is wrong with it.
    assert without_token == [404 if who is Who.LINK else 403] * 3
    assert writing == []


MARK = "<b>x</b>{{7*7}}"


def test_what_was_typed_is_never_markup_on_any_page(sqlite_worlds, forms):
    with ExitStack() as closing:
        engine = sqlite_worlds.copy(make_signed_in, closing)
        poisoned = serve(engine, closing)
        done = 0
        for form in forms:
            fields = form.filled(facts_for(form)) | {name: [f"{MARK} {name}"] for name in poisonable(form)}
            fields |= {"checked": ["yes"]} if "/steps/" in form.path else {}
            seen = {"seen": [""]} if "seen" in fields else {}
            done += sent(poisoned, form, fields | seen).status_code == 303
        # Each page by the first of them who may open it.
        pages = dict(crawl(poisoned.visitor("control"), seeds()))
        for role in ROLES[1:]:
            unseen = [address for address in seeds() if address not in pages]
            pages |= dict(crawl(poisoned.visitor(role), unseen, follows=False))

    assert [address for address, text in pages.items() if "<b>x" in text or "}49" in text] == []
    assert (sum(html.escape("<b>x</b>") in text for text in pages.values()) > 20, done > 20) == (True, True)


def poisonable(form: Found) -> list[str]:
    """Name the fields of a form in which any words may stand."""
    return [
        name
        for name in form.texts
        if name.rpartition("-")[2] in ("text", "reason", "evidence", "note", "title", "ask", "why", "name", "baseline")
        or name in ("success_measure", "public_label", "override_reason", "key_points", "immediate_learning", "measure")
    ]
