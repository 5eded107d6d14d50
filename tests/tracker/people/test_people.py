"""People on the command line: added with roles and groups, listed, ended with their work passed on."""

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tests import make
from tests.tracker.command_line import CommandLine
from tracker import history
from tracker.actions.models import Action
from tracker.database import reading, unit_of_work
from tracker.groups.models import Partnership
from tracker.people.models import Person, PostHolding

ADD = ("people", "add", "--partnership", "thscp", "--json")


@pytest.fixture
def tracker(
    engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    with unit_of_work(engine) as session:
        make.make_partnership(session, "thscp")
    return CommandLine(monkeypatch, capsys, database_url)


def test_person_is_added_with_roles_groups_and_agency(tracker):
    answer = tracker(
        *ADD, "--name", "Priya Shah", "--role", "panel", "--role", "agency_lead", "--email", "Priya@TH.example",
        "--agency", "metropolitan police service", "--group", "thscp/rrp", "--chair", "exec",
    )  # fmt: skip

    assert (answer.status, answer.document) == (
        0,
        {
            "name": "Priya Shah",
            "kind": "person",
            "email": "priya@th.example",
            "agency": "Metropolitan Police Service",
            "roles": ["thscp/panel", "thscp/agency_lead"],
            "groups": ["thscp/rrp", "thscp/exec"],
            "ended_on": None,
        },
    )


def test_same_address_adds_to_the_same_person_and_doubles_nothing(tracker):
    tracker(*ADD, "--name", "Priya Shah", "--role", "panel", "--email", "p@th.example")
    tracker(*ADD, "--name", "Priya Shah", "--role", "panel", "--group", "rrp", "--email", "P@th.example")

    people = tracker("people", "list", "--json").document

    assert [(person["name"], person["roles"], person["groups"]) for person in people] == [
        ("Priya Shah", ["thscp/panel"], ["thscp/rrp"])
    ]


def test_people_who_are_added_stand_in_the_history_of_the_partnership(tracker, engine):
    tracker(*ADD, "--name", "Priya Shah", "--role", "panel", "--group", "rrp", "--email", "p@th.example")

    with reading(engine) as session:
        lines = history.lines_about(session, "thscp")
    assert [(line["deed"], line["what"]) for line in lines] == [
        ("people_add", "Priya Shah was added: panel and member of Rapid Review Panel.")
    ]


def test_post_outlives_its_holder(tracker, engine):
    for name in ("Ann Post", "Bea Post"):
        email = f"{name[:3].lower()}@th.example"
        tracker(*ADD, "--name", name, "--role", "owner", "--post", "Designated nurse", "--email", email)

    with reading(engine) as session:
        posts = list(session.exec(select(Person.name).where(Person.kind == "post")))
        held = list(session.exec(select(PostHolding.until_on).order_by(PostHolding.id)))
    assert (posts, [str(day) for day in held]) == (["Designated nurse"], ["2020-12-17", "None"])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["--role", "wizard"],
            "There is no role 'wizard'. Roles are: coordinator, panel, executive, commissioner, partner, "
            "lead_representative, group_chair, agency_lead, reviewer, scrutineer, owner, admin.",
        ),
        (
            [],
            "Say what Al is, with --role or --group. Roles are: coordinator, panel, executive, commissioner, partner, "
            "lead_representative, group_chair, agency_lead, reviewer, scrutineer, owner, admin.",
        ),
        (["--group", "choir"], "THSCP partnership has no group 'choir'. There are: exec, rrp, qap, rrwg."),
        (
            ["--role", "owner", "--agency", "Choir"],
            "There is no agency 'Choir' in this partnership. There are: London Borough of Tower Hamlets, Metropolitan "
            "Police Service, North East London NHS. Add another with --new-agency.",
        ),
        (["--role", "partner"], "Say for which agency Al answers, with --agency."),
        (["--role", "owner", "--email", "al"], "'al' is no email address. Write it like name@agency.example."),
        (["--role", "owner", "--from", "2020-06-31"], "There is no 31 June 2020. Enter a real date, like 2027-01-29."),
    ],
)
def test_person_who_cannot_be_added_is_refused_with_what_there_is(tracker, arguments, sentence):
    answer = tracker("people", "add", "--partnership", "thscp", "--name", "Al", *arguments)

    assert (answer.status, answer.out, answer.err) == (1, "", sentence + "\n")
    assert tracker("people", "list", "--json").document == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--name", "A\r\nB"], "name: Write it on one line."),
        (["--name", "A\u2028B"], "name: Write it on one line."),
        (["--name", "A\tB"], "name: Write it on one line."),
        (["--name", "A\x1b[31mB"], "name: The text holds a character that cannot be seen: type it anew."),
        (["--name", " \n"], "name: it is empty, write at least one word."),
        (["--name", "!"], "name: Write at least one word."),
        (["--name", "A" * 201], "name: it must be 200 characters or fewer."),
        (["--name", "Al", "--post", "Lead\nnurse"], "post: Write it on one line."),
        (
            ["--name", "Al", "--new-agency", "Choir\x07"],
            "new_agency: The text holds a character that cannot be seen: type it anew.",
        ),
        (
            ["--name", "Al", "--email", "a\x07l@th.example"],
            "'a\\x07l@th.example' is no email address. Write it like name@agency.example.",
        ),
    ],
)
def test_name_that_stands_on_no_line_is_refused_with_a_sentence(tracker, arguments, sentence):
    answer = tracker("people", "add", "--partnership", "thscp", "--role", "owner", *arguments)

    assert (answer.status, answer.out, answer.err) == (1, "", sentence + "\n")
    assert tracker("people", "list", "--json").document == []


def test_unknown_partnership_is_refused_with_what_there_is(tracker):
    answer = tracker("people", "add", "--partnership", "nowhere", "--name", "Al", "--role", "owner")

    assert (answer.status, answer.err) == (1, "There is no partnership 'nowhere'. There are: thscp.\n")


def test_new_agency_is_made_once(tracker):
    for name in ("Al", "Bo"):
        tracker(*ADD, "--name", name, "--role", "agency_lead", "--new-agency", "Choir School")

    people = tracker("people", "list", "--partnership", "thscp", "--json").document

    assert [(person["name"], person["agency"]) for person in people] == [("Al", "Choir School"), ("Bo", "Choir School")]


def test_leaver_loses_everything_today_and_her_open_actions_pass_on(tracker, engine):
    for name in ("ann", "bea"):
        tracker(*ADD, "--name", name.title(), "--role", "owner", "--group", "rrp", "--email", f"{name}@th.example")
    with unit_of_work(engine) as session:
        partnership = session.exec(select(Partnership)).one()
        ann, bea = session.exec(select(Person).order_by(Person.id)).all()
        still_open = make.make_action(session, partnership, owner_id=ann.id)
        ended = make.make_action(session, partnership, owner_id=ann.id, status="complete")

    answer = tracker("people", "end", "ann@th.example", "--passes-to", "bea@th.example", "--json")

    assert (answer.status, answer.document) == (
        0,
        {"name": "Ann", "ended_on": "2020-12-17", "passes_to": "Bea", "actions": [still_open.reference]},
    )
    people = tracker("people", "list", "--json").document
    assert [(person["name"], person["roles"], person["groups"]) for person in people] == [
        ("Ann", [], []),
        ("Bea", ["thscp/owner"], ["thscp/rrp"]),
    ]
    with reading(engine) as session:
        owners = [session.get_one(Action, action.id).owner_id for action in (still_open, ended)]
        since = session.get_one(Action, still_open.id).owner_since
        lines = [line["what"] for line in history.lines_about(session, still_open.reference)]
    assert (owners, str(since)) == ([bea.id, ann.id], "2020-12-17")
    assert lines == ["Passed from Ann, who has left, to Bea."]
    assert tracker("list", "cases", "--by", "ann@th.example").status == 1


@pytest.mark.parametrize(
    ("leaver", "successor", "sentence"),
    [
        (
            "no@th.example",
            "bea@th.example",
            "There is nobody with the address no@th.example. `tracker people list` shows everybody.",
        ),
        ("ann@th.example", "ann@th.example", "Name somebody else with --passes-to: nobody can take over from herself."),
        ("cat@th.example", "ann@th.example", "Cat has left already. Nothing was changed."),
        ("ann@th.example", "cat@th.example", "Cat has left, too: name somebody who is there."),
    ],
)
def test_leaving_that_cannot_be_is_refused(tracker, leaver, successor, sentence):
    for name in ("ann", "bea", "cat"):
        tracker(*ADD, "--name", name.title(), "--role", "owner", "--email", f"{name}@th.example")
    tracker("people", "end", "cat@th.example", "--passes-to", "bea@th.example")

    answer = tracker("people", "end", leaver, "--passes-to", successor)

    assert (answer.status, answer.out, answer.err) == (1, "", sentence + "\n")
