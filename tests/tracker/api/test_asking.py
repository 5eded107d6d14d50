"""Bad input: whatever is asked or sent, the answer is a sentence, and never a fault of the service."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import quote

import pytest

from tests.tracker.api.program import Program, served, token_of
from tests.tracker.conftest import SqliteWorlds
from tests.tracker.walking import WALK, make_walk, person
from tracker.api.kinds import KINDS, ROWS, address_of, filters_of, is_on_a_record
from tracker.deeds import DEEDS

CLOSE = "/cases/AT-NO-REVIEW/deeds/close-case"
RELEASE = "/actions/A3/deeds/release-action"


@pytest.fixture(scope="module")
def program(sqlite_worlds: SqliteWorlds) -> Iterator[Program]:
    """Give the coordinator's program once for all: what is refused changes nothing."""
    with ExitStack() as closing:
        world = sqlite_worlds.copy(make_walk, closing)
        base = closing.enter_context(served(world))
        yield closing.enter_context(Program(base, token_of(world, person("coordinator"))))


NEVER = {
    "a NUL": "a\x00b",
    "a line break": "a\nb\n",
    "a slash": "a/b",
    "up": "../../etc/passwd",
    "beyond 64 bits": str(2**63),
    "five thousand digits": "9" * 5000,
    "a minus": "-1",
    "other digits": "١٢٣",
    "a quotation mark": "' OR 1=1 --",
    "a percent": "%",
    "far in the plane": "\U000f0000",
}


@pytest.mark.parametrize("text", NEVER.values(), ids=NEVER)
def test_reference_that_cannot_be_is_not_found(program, text):
    written = quote(text, safe="")
    paths = [*(f"/{kind}/{written}" for kind in KINDS), f"/meetings/{written}/digest"]
    paths += [f"/years/thscp/{written}", f"/years/{written}/2021-22", f"/{written}"]

    asked = [program.asks(path) for path in paths]
    done = [
        program.does(address_of(deed).replace("{ref}", written), dict(WALK[name].facts))
        for name, deed in DEEDS.items()
        if is_on_a_record(deed)
    ]

    assert {answer.headers["content-type"] for answer in [*asked, *done]} == {"application/problem+json"}
    assert {answer.status_code for answer in asked} == {404}
    assert {answer.status_code for answer in done} == {422 if "\x00" in text else 404}


def test_half_a_letter_in_an_address_is_not_found(program):
    answers = [program.asks(f"/{kind}/a%ED%A0%80b") for kind in KINDS] + [program.asks("/cases/%FF")]

    assert [answer.status_code for answer in answers] == [404] * 6


@pytest.mark.parametrize("text", NEVER.values(), ids=NEVER)
def test_filter_that_cannot_be_is_answered_with_a_sentence_or_nothing(program, text):
    answers = {
        (name, key): program.asks(f"/{name}", **{key: text}) for name in ROWS for key in (*filters_of(name), "page")
    }

    statuses = {asked: answer.status_code for asked, answer in answers.items()}
    assert {asked: status for asked, status in statuses.items() if status not in (200, 404, 422)} == {}
    assert [asked for asked, answer in answers.items() if answer.status_code == 200 and answer.json() != []] == []
    assert {status for (_, key), status in statuses.items() if key == "page"} == {422}


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("page=9", "Actions have no filter 'page'. There are: partnership, case, agency, owner,"),
        ("status=open&status=open", "status is given twice: give it once."),
        ("status=", "status is empty: give a value, or leave it out."),
    ],
)
def test_filter_that_is_none_or_doubtful_is_refused(program, asked, sentence):
    answer = program.http.get(f"/actions?{asked}")

    assert (answer.status_code, answer.json()["detail"].startswith(sentence)) == (422, True)


@pytest.mark.parametrize("path", ["/cases/AT-REVIEW", "/partnerships", "/years/thscp/2021-22", "/openapi.json"])
def test_what_cannot_be_asked_for_is_refused_and_not_passed_over(program, path):
    answer = program.asks(path, sean=1)

    assert (answer.status_code, answer.json()["detail"]) == (422, "'sean' cannot be asked for here, and nothing else.")


@pytest.mark.parametrize("seen", ["", "x", "-1", "1.0", "٣", "9" * 10, "9" * 5000, str(2**63), "1 2"])
def test_version_that_is_none_is_refused(program, seen):
    answer = program.does(RELEASE, seen=seen)

    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["seen"])


@pytest.mark.parametrize("intent", ["", "x" * 101, "a\x00b"])
def test_intent_that_cannot_be_kept_is_refused(program, intent):
    assert program.does(RELEASE, intent=intent).status_code == 422


SENT = {
    "nothing where something is needed": ("", 422, "The facts do not fit close-case: reason: it is missing, give it."),
    "no JSON": ("{", 422, "The facts are not JSON (line 1, column 2: "),
    "a list": ("[]", 422, "The facts are one JSON object."),
    "twice": ('{"reason": "a", "reason": "b"}', 422, "The facts are not JSON that can be read: 'reason' stands there"),
    "no number": ('{"reason": NaN}', 422, "The facts are not JSON that can be read: NaN is no number."),
    "digits": ('{"reason": ' + "9" * 5000 + "}", 422, "The facts are not JSON that can be read: a number in them has"),
    "deep": ('{"reason": ' + "[" * 900 + "]" * 900 + "}", 422, "The facts are not JSON that can be read: they are"),
    "no text": (b'{"reason": "\xff"}', 422, "What you sent is not UTF-8 text."),
    "a NUL": ('{"reason": "a\\u0000b"}', 422, "The facts do not fit close-case: reason: The text holds a character"),
    "half a letter": ('{"reason": "a\\ud800b"}', 422, "The facts do not fit close-case: reason: it holds a character"),
    "half a name": ('{"\\ud800": 1}', 422, "The facts do not fit close-case: "),
    "too large": ('{"reason": "' + "x" * 1_000_000 + '"}', 413, "The facts are larger than 1 MB. Give less text."),
}


@pytest.mark.parametrize(("content", "status", "sentence"), SENT.values(), ids=SENT)
def test_facts_that_cannot_be_read_are_refused_in_a_sentence(program, content, status, sentence):
    answer = program.sends(CLOSE, content)

    found = answer.json()
    assert (answer.status_code, found["status"], found["detail"][: len(sentence)]) == (status, status, sentence)


def test_too_much_is_refused_also_when_it_comes_without_its_length(program):
    answer = program.sends(CLOSE, (b"x" * 100_000 for _ in range(20)))

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "headers",
    [
        {"content_type": "text/plain"},
        {"content_type": "application/x-www-form-urlencoded"},
        {"content_type": "multipart/form-data; boundary=x"},
        {"content_type": "application/json; charset=latin-1"},
        {"content_encoding": "gzip"},
        {"content_type": ""},
    ],
)
def test_what_does_not_say_that_it_is_json_is_refused(program, headers):
    answer = program.sends(CLOSE, json.dumps({"reason": "So"}), **headers)

    assert (answer.status_code, answer.json()["code"]) == (415, "not_json")


def test_json_in_utf_8_is_read_and_so_is_nothing_for_a_deed_without_facts(as_):
    program = as_("coordinator")

    answers = [
        program.sends(CLOSE, '{"reason": "Žádný"}', content_type="Application/JSON; charset=UTF-8"),
        program.http.post(RELEASE),
    ]

    assert [answer.status_code for answer in answers] == [200, 200]


def test_what_does_not_fit_is_said_for_each_fact(program):
    answer = program.does(
        "/cases/AT-REVIEW/deeds/agree-report", {"on": "31/02/2021", "findings": [{"text": ""}], "nonsense": 1}
    )

    assert (answer.status_code, answer.json()["errors"]) == (
        422,
        {
            "on": "'31/02/2021' is not a date. Write four digits for the year, then month and day if they are known: "
            "2027-01-29, 2027-01 or 2027",
            "findings.0.text": "it is empty, write at least one word",
            "nonsense": "there is no such fact here, leave it out",
        },
    )


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("GET", "/", 404, "not_found"),
        ("GET", "/cases/", 404, "not_found"),
        ("POST", "/cases/AT-REVIEW/deeds/nonsense", 404, "not_found"),
        ("POST", "/cases/AT-REVIEW/deeds/release-action", 404, "not_found"),
        ("DELETE", "/cases/AT-REVIEW", 405, "method_not_allowed"),
        ("GET", CLOSE, 405, "method_not_allowed"),
    ],
)
def test_address_that_there_is_not_says_so_as_a_problem(program, method, path, status, code):
    answer = program.http.request(method, path)

    assert (answer.status_code, answer.headers["content-type"], answer.json()["code"]) == (
        status,
        "application/problem+json",
        code,
    )


class Broken:
    """Stands for a database that does what nobody foresaw."""

    def __init__(self, engine):
        self.dialect = engine.dialect

    def connect(self):
        raise ValueError("secret words of the database")


def test_fault_is_answered_without_technical_words(world, closing, caplog):
    base = closing.enter_context(served(Broken(world)))

    answer = closing.enter_context(Program(base, "ltp_x")).does(RELEASE)

    assert (answer.status_code, answer.headers["content-type"], answer.json()) == (
        500,
        "application/problem+json",
        {
            "type": "about:blank",
            "title": "Internal Server Error",
            "status": 500,
            "detail": "Something went wrong. Nothing was changed. Try again in a few minutes.",
            "code": "fault",
            "blockers": [],
            "open_steps": [],
            "errors": {},
        },
    )
    assert [record.getMessage() for record in caplog.records if record.name == "tracker.api"] == [
        "Fault at POST /actions/{ref}/deeds/release-action"
    ]
    assert "A3" not in caplog.text


def test_database_that_is_away_says_when_to_try_again(empty_database, closing):
    base = closing.enter_context(served(empty_database))

    answer = closing.enter_context(Program(base, "ltp_x")).asks("/cases")

    assert (answer.status_code, answer.headers["retry-after"], answer.json()["code"]) == (
        503,
        "5",
        "database_unavailable",
    )
