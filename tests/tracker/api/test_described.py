"""The OpenAPI document: complete enough for a generated client, and for a fuzzer, which asks it everything here.

`FUZZ_EXAMPLES=200` lets the fuzzer look longer.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tracker.api.program import token_of
from tests.tracker.walking import CASES, person
from tracker.api.documents.meetings import Digest
from tracker.api.documents.partnerships import Year
from tracker.api.documents.trace import Trace
from tracker.api.kinds import KINDS, ROWS, address_of, is_on_a_record, makes_a_record
from tracker.deeds import DEEDS

DOCUMENTS = {
    **{f"/cases/{case}": KINDS["cases"].document for case in CASES},
    **{f"/cases/{case}/trace": Trace for case in CASES},
    **{f"/actions/A{number}": KINDS["actions"].document for number in (1, 2, 3)},
    "/escalations/E1": KINDS["escalations"].document,
    "/meetings/M1": KINDS["meetings"].document,
    "/meetings/M2": KINDS["meetings"].document,
    "/meetings/M1/digest": Digest,
    "/partnerships/thscp": KINDS["partnerships"].document,
    "/years/thscp/2021-22": Year,
}
IN_LENGTH = os.environ.get("FUZZ_EXAMPLES")


@pytest.fixture
def described(as_):
    """Give the document."""
    return as_("coordinator").asks("/openapi.json").json()


def test_every_deed_is_described_with_its_facts_and_every_answer(described):
    for name, deed in DEEDS.items():
        operation = described["paths"][address_of(deed)]["post"]
        done = "201" if makes_a_record(deed) else "200"
        assert operation["operationId"] == name
        assert operation["summary"].endswith(".")
        assert sorted(operation["responses"]) == sorted(
            [done, "204", "401", "403", "404", "409", "413", "415", "422", "500", "503"]
        )
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        facts = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        assert (sorted(facts["properties"]), facts["additionalProperties"]) == (sorted(deed.facts.model_fields), False)
        asked = [parameter["name"] for parameter in operation["parameters"]]
        assert asked == (["ref", "seen", "intent"] if is_on_a_record(deed) else ["intent"])


def test_every_reference_leads_somewhere_and_every_name_is_one(described):
    names = [ways[method]["operationId"] for ways in described["paths"].values() for method in ways]
    led_to = {part.split('"')[0] for part in json.dumps(described).split('"#/components/schemas/')[1:]}

    assert len(names) == len(set(names)) == len(DEEDS) + len(KINDS) + len(ROWS) + 4
    assert led_to <= set(described["components"]["schemas"])
    assert described["security"] == [{"token": []}, {"session": []}]
    assert described["servers"] == [{"url": "/api"}]


def test_documents_and_rows_hold_what_is_promised_of_them(as_):
    program = as_("coordinator")

    for path, model in DOCUMENTS.items():
        model.model_validate(program.asks(path).json())
    for name, model in ROWS.items():
        for row in program.asks(f"/{name}").json():
            model.model_validate(row)


# That text may be refused which fits its schema is known: no schema says which characters can be seen.
CHECKS = """
    not_a_server_error status_code_conformance content_type_conformance response_schema_conformance
    response_headers_conformance negative_data_rejection ignored_auth unsupported_method missing_required_header
""".split()
# One of each kind, where there is no time for all: every limit of every field takes its time.
FEW = (
    "show_|list_|open_case|record_decision|update_action|respond_to_escalation|move_meeting|change_setting|add_closure"
)


@pytest.mark.parametrize(
    ("role", "phase", "which"),
    [("coordinator", "coverage", FEW), ("coordinator", "fuzzing", ""), ("owner", "fuzzing", "")],
)
def test_fuzzer_finds_no_fault_and_no_answer_that_is_not_described(world, base, tmp_path, role, phase, which):
    ways = [] if not which or IN_LENGTH else ["--include-operation-id-regex", f"^({which})"]

    found = subprocess.run(
        [
            Path(sys.executable).parent / "schemathesis",
            *("run", f"{base}/api/openapi.json", "--header", f"Authorization: Bearer {token_of(world, person(role))}"),
            *("--phases", phase, "--max-examples", IN_LENGTH or "1", "--checks", ",".join(CHECKS), *ways),
            *("--request-timeout", "120", "--continue-on-failure", "--generation-deterministic", "--no-color"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert found.returncode == 0, found.stdout[-20_000:] + found.stderr
    assert re.search(r"[1-9]\d* generated", found.stdout)
