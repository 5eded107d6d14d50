"""The table of deeds, as `tracker deeds --json` prints it: every deed with its facts, described, and its roles."""

import inspect

import pytest

from tests.tracker.command_line import CommandLine
from tracker.deeds import DEEDS
from tracker.facts import Facts
from tracker.people.permissions import ONLY_THE_BODY, ROLES_FOR
from tracker.people.roles import Role

# What the interface promises: each deed with the facts that it names. What comes with a later stage is left out:
# import, merging, splitting, agendas by hand, releasing posts, and series of meetings.
PROMISED = """
    open-case: partnership reference known_on notified_on kind version harm contributing themes
    record-notification: notified_on
    correct-event: event on reason
    ask-return: agency due_on
    record-return: agency on
    convene-panel: on
    record-recommendation: on outcome reason immediate_learning themes
    send-to-national-panel: on
    record-panel-response: on kind text
    record-decision: on outcome methods reason agreed_by dissent
    record-ratification: on partner answer reason
    record-resolution: on outcome participants reason
    appoint-lead: method person agency level involvement declaration
    withdraw-declaration: method reason
    record-method-done: method on note
    hold-case: reason look_again_on
    release-case: revised_due_on
    record-delay-notice: on to
    agree-report: on findings recommendations
    plan-publication: on
    record-sent-before-publication: on
    publish: on public_label override_reason
    record-learning-session: on attendance
    record-reflection: on which answers
    close-case: reason
    declare-conflict: person reason
    give-access: person reason
    end-access: person reason
    add-action: text title sources level agency owner helpers timescale due_on review_on themes success_measure
    update-action: report text expected_on evidence
    accept-update:
    query-update: reason
    complete-action: on evidence
    edit-action: text title sources level agency helpers timescale review_on themes success_measure
    review-action: on next_review_on text
    hold-action: reason look_again_on
    release-action:
    record-impact: text measure embedded
    end-action: how reason
    reassign-action: owner reason
    move-due-date: due_on reason
    merge-actions: other reason
    split-action: reason
    not-alike: other
    link-actions: other
    raise-escalation: group title ask why urgency about meeting
    respond-to-escalation: on answer text by_whom by_when until
    withdraw-escalation: reason
    pass-up-escalation: reason
    schedule-meeting: group on at series
    move-meeting: on at
    cancel-meeting: reason
    close-meeting: key_points attendance
    edit-agenda: add remove
    change-setting: key value
    add-closure: on name partnership
    release-post: drop_waiting
"""
# Deeds that processes need and the interface does not name: the grade of an evaluation, another area's review, the way
# back from a conflict recorded by mistake, what a lead who was asked answers about her independence, the briefing and
# what is remarked on it and on a reflection, the groups and who belongs to them, the rooms and chairs of meetings, the
# words for themes, and passing on everything of somebody at once.
BESIDE = [
    *("add-comment", "approve-briefing", "declare-independence", "record-evaluation", "start-contribution"),
    *("withdraw-conflict", "write-briefing", "reopen-action", "ask-outside", "record-answer"),
    *("hold-digest", "release-digest", "send-digest"),
    *("edit-meeting", "end-series", "freeze-pack", "add-group", "edit-group", "end-group", "add-member", "end-member"),
    *("add-theme", "merge-themes", "rename-theme", "restore-theme", "retire-theme"),
    *("reassign-agency", "reassign-all"),
    *("dismiss-proposal", "review-escalation"),
    "link-recommendation",
]

# The answers that a fact may have, where the interface lists them.
ANSWERS = {
    ("open-case", "harm"): ["death", "serious_harm", "other"],
    ("record-recommendation", "outcome"): ["review", "no_review"],
    ("record-panel-response", "kind"): ["agrees", "advises_review", "advises_against", "national_review", "query"],
    ("record-decision", "outcome"): ["review", "no_review", "send_back"],
    ("record-ratification", "answer"): ["yes", "no"],
    ("appoint-lead", "level"): ["senior", "operational"],
    ("appoint-lead", "involvement"): ["none", "direct", "not_known"],
    ("record-delay-notice", "to"): ["national Panel", "Secretary of State"],
    ("record-reflection", "which"): ["6m", "12m", "update"],
    ("add-action", "level"): ["single_agency", "multi_agency", "regional", "national"],
    ("update-action", "report"): ["on_track", "at_risk", "stuck", "done", "not_mine"],
    ("end-action", "how"): ["done_differently", "not_taken_forward"],
    ("respond-to-escalation", "answer"): ["agreed", "agreed_in_part", "not_agreed", "deferred", "asked_back"],
}


@pytest.fixture
def deeds(monkeypatch, capsys, tmp_path):
    """Give the document of `tracker deeds --json`, by the names of the deeds; it needs no database."""
    answer = CommandLine(monkeypatch, capsys, f"sqlite:///{tmp_path}/none.db")("deeds", "--json")
    return {deed["name"]: deed for deed in answer.document}


def promised():
    lines = (line.split(":") for line in PROMISED.strip().splitlines())
    return {name.strip(): facts.split() for name, facts in lines}


def test_list_has_every_deed_that_the_interface_promises(deeds):
    assert sorted(deeds) == sorted([*promised(), *BESIDE])


def test_every_fact_that_the_interface_names_is_in_the_schema(deeds):
    missing = {
        name: sorted(set(facts) - set(deeds[name]["schema"]["properties"])) for name, facts in promised().items()
    }

    assert {name: facts for name, facts in missing.items() if facts} == {}


def test_facts_take_the_answers_that_the_interface_lists(deeds):
    found = {(name, fact): _answers(deeds[name]["schema"], fact) for name, fact in ANSWERS}

    assert found == ANSWERS


def _answers(schema, fact):
    options = schema["properties"][fact]
    for option in options.get("anyOf", [options]):
        known = schema["$defs"][option["$ref"].rpartition("/")[2]] if "$ref" in option else option
        if "enum" in known:
            return known["enum"]
    return None


def test_every_schema_is_closed_and_says_what_it_is_about(deeds):
    for deed in deeds.values():
        schema = deed["schema"]
        assert (schema["type"], schema["additionalProperties"]) == ("object", False)
        assert schema["description"].endswith(".")
        assert all(not part.get("properties") or part["additionalProperties"] is False for part in _parts(schema))
        assert set(schema.get("required", [])) <= set(schema["properties"])


def _parts(schema):
    return schema.get("$defs", {}).values()


def test_every_deed_can_be_confirmed(deeds):
    confirmed = {str(deed["schema"]["properties"]["confirmed"]) for deed in deeds.values()}

    assert confirmed == {
        "{'default': [], 'items': {'const': 'looks_personal', 'type': 'string'}, 'title': 'Confirmed', 'type': 'array'}"
    }


def test_every_deed_has_roles_and_every_rule_a_deed(deeds):
    known = {role.value for role in Role}

    assert sorted(ROLES_FOR) == sorted(DEEDS)
    assert set(ONLY_THE_BODY) <= set(DEEDS)
    assert all(deed["roles"] and set(deed["roles"]) <= known for deed in deeds.values())
    assert {role for deed in deeds.values() for role in deed["roles"]} == known


def test_owner_does_nothing_but_to_actions_and_admin_nothing_but_to_settings_and_groups(deeds):
    of_owner = sorted(name for name, deed in deeds.items() if "owner" in deed["roles"])
    of_admin = sorted(name for name, deed in deeds.items() if "admin" in deed["roles"])

    assert of_owner == ["record-impact", "update-action"]
    assert of_admin == [
        *("add-closure", "add-group", "add-member", "add-theme", "change-setting"),
        *("edit-group", "end-member", "merge-themes", "release-post", "rename-theme"),
        *("restore-theme", "retire-theme"),
    ]


def test_every_deed_and_its_facts_are_documented():
    for deed in DEEDS.values():
        assert deed.function.__doc__, f"{deed.name} does not say what it does"
        assert deed.facts.__doc__, f"{deed.name} does not say what its facts are"
        assert deed.facts.__doc__ != Facts.__doc__


def test_every_deed_is_told_the_moment_and_the_person():
    for deed in DEEDS.values():
        kinds = {name: given.kind for name, given in inspect.signature(deed.function).parameters.items()}
        assert (kinds["now"], kinds["by"]) == (inspect.Parameter.KEYWORD_ONLY,) * 2
        assert list(kinds)[-2:] == ["now", "by"]
