"""Who sees an action, and which list it stands on."""

from collections.abc import Mapping
from datetime import date

import pytest
from sqlmodel import select

from tests import make
from tests.statements import each_statement
from tracker.actions.listing import list_actions
from tracker.actions.models import Action
from tracker.actions.queries import actions_past_a_date, may_see_action, seen_with, sees_action
from tracker.clock import london_day, moment_from
from tracker.database import reading, unit_of_work
from tracker.errors import FactsWrong, NotFound
from tracker.people.doer import doer_by_email
from tracker.people.models import Agency, Person, PostHolding
from tracker.rows import Question
from workflows.dates import PartialDate

CASE = "TH-2021-001"
COORDINATOR = "coordinator@thscp.example"
EXECUTIVE = "exec@thscp.example"
OWNER = "owner@thscp.example"
LEAD = "agency_lead@thscp.example"
PANEL = "rrp@thscp.example"
SCRUTINEER = "scrutineer@thscp.example"


@pytest.fixture
def world(engine):
    make.make_world(engine)
    make.make_case(engine)
    return engine


def add(engine, reference="thscp", **facts):
    return make.act(engine, "add_action", reference, **{"text": "Share the records", **facts}).reference


def listed(engine, by=None, now="2021-06-01T12:00", **where):
    """Give the references of the list that somebody sees, in its order."""
    where = {key.rstrip("_"): value for key, value in where.items()}
    return [row["reference"] for row in rows(engine, where, by, now)]


def rows(engine, where: Mapping[str, str], by=None, now="2021-06-01T12:00"):
    moment = moment_from(now)
    with reading(engine) as session:
        reader = None if by is None else doer_by_email(session, by, london_day(moment))
        return list_actions(session, where, reader, moment)


def bar(engine, person):
    make.act(engine, "declare_conflict", CASE, person=person, reason="Knows the family")


def test_each_reader_sees_what_is_hers(world):
    agency = {"agency": "Children's Social Care"}
    for facts in ({"owner": OWNER}, {"helpers": [OWNER]}, agency, {}):
        add(world, **facts)
    add(world, CASE)
    make.act(world, "give_access", CASE, person=PANEL, reason="On the panel")

    seen = {by: listed(world, by) for by in (None, COORDINATOR, EXECUTIVE, SCRUTINEER, OWNER, LEAD, PANEL)}

    everything = ["A1", "A2", "A3", "A4", "A5"]
    assert seen == {
        None: everything,
        COORDINATOR: everything,
        EXECUTIVE: everything,
        SCRUTINEER: everything,
        OWNER: ["A1", "A2"],
        LEAD: ["A3"],
        PANEL: ["A5"],
    }


def test_another_partnership_sees_nothing(world):
    make.make_world(world, "bdscp")
    add(world, owner=OWNER)

    assert listed(world, "coordinator@bdscp.example") == []


def test_an_admin_sees_no_action(world):
    add(world)

    assert listed(world, "admin@thscp.example") == []


@pytest.mark.parametrize("barred", [COORDINATOR, EXECUTIVE, SCRUTINEER, OWNER, LEAD])
def test_whoever_a_conflict_bars_sees_nothing_of_it(world, barred):
    reference = add(world, CASE, owner=OWNER, agency="Children's Social Care")
    bar(world, barred)

    with pytest.raises(NotFound) as refused:
        make.shown(world, reference, kind="action", by=barred)

    assert str(refused.value) == "There is no action A1 that you can open. Ask the business unit."
    assert listed(world, barred) == []


def test_one_barred_source_of_several_hides_the_action(world):
    make.make_case(world, "TH-2021-002")
    add(world, "TH-2021-002", sources=[CASE])
    bar(world, EXECUTIVE)

    assert listed(world, EXECUTIVE) == []


def test_a_barred_coordinator_does_nothing_to_the_action(world):
    reference = add(world, CASE)
    bar(world, COORDINATOR)

    with pytest.raises(NotFound) as refused:
        make.act(world, "edit_action", reference, title="Mine")

    assert str(refused.value) == "There is no action A1 that you can open. Ask the business unit."


def test_what_is_not_there_and_what_is_not_hers_sound_alike(world):
    add(world)
    sentences = []

    for reference in ("A1", "A9"):
        with pytest.raises(NotFound) as refused:
            make.shown(world, reference, kind="action", by=OWNER)
        sentences.append(str(refused.value).replace(reference, "…"))

    assert sentences[0] == sentences[1]


def test_an_owner_reads_no_reference_of_a_case(world):
    reference = add(world, CASE, owner=OWNER)
    make.act(world, "edit_action", reference, sources=[CASE])

    document = make.shown(world, reference, kind="action", by=OWNER)

    assert document["sources"] == [
        {"kind": "case", "case": None, "recommendation": None, "finding": None, "words": None}
    ]
    assert CASE not in str(document)


def test_a_reference_is_found_in_small_letters(world):
    add(world)

    assert make.shown(world, " a1 ", kind="action")["reference"] == "A1"


def test_whoever_holds_a_post_or_follows_a_leaver_sees_what_these_own(world):
    with unit_of_work(world) as session:
        partnership = session.exec(select(make.Partnership)).one()
        successor = session.exec(select(Person).where(Person.email == OWNER)).one()
        post = make.make_person(session, partnership, None, "owner", name="Records lead", kind="post")
        make.make_person(session, partnership, "soon@thscp.example", "owner", name="Soon Gone")
        make.write(session, PostHolding(post_id=post.id, holder_id=successor.id, from_on=make.date(2021, 5, 1)))
    add(world, owner="Records lead")
    add(world, owner="soon@thscp.example")
    with unit_of_work(world) as session:
        leaver = session.exec(select(Person).where(Person.name == "Soon Gone")).one()
        leaver.ended_on, leaver.passes_to_id = make.date(2021, 6, 10), successor.id
        session.add(leaver)

    assert (listed(world, OWNER), listed(world, OWNER, now="2021-06-10T12:00")) == (["A1"], ["A1", "A2"])


def test_the_list_has_red_first_then_by_date_and_the_closed_last(world):
    add(world, due_on="2021-12-31")
    add(world, due_on="2021-06-10")
    add(world)
    add(world, due_on="2021-05-31")
    add(world, due_on="2021-12")
    add(world, due_on="2020")
    closed = add(world, due_on="2019")
    make.act(world, "end_action", closed, how="not_taken_forward", reason="Overtaken")

    # A month stands after its days, what has no date after all dates (K5).
    assert listed(world) == ["A6", "A4", "A2", "A1", "A5", "A3", "A7"]


@pytest.fixture
def plan(world):
    """A plan in which every action is like one filter only."""
    add(world, CASE, due_on="2021-09-30", owner=OWNER)
    add(world, agency="Children's Social Care", level="national", due_on="2021-12")
    add(world, sources=[{"kind": "audit", "words": "Audit of 2020"}], themes=["neglect"], due_on="2021-05-01")
    held = add(world, due_on="2022")
    make.act(world, "hold_action", held, reason="An inquest", look_again_on="2021-07-01")
    done = add(world)
    make.act(world, "complete_action", done, on="2021-06-01", evidence="Minutes")
    return world


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("partnership", "thscp", ["A3", "A1", "A2", "A4", "A5"]),
        ("case", CASE, ["A1"]),
        ("agency", "children's social care", ["A2"]),
        ("owner", OWNER, ["A1"]),
        ("theme", "neglect", ["A3"]),
        ("status", "complete", ["A5"]),
        ("status", "open", ["A3", "A1", "A2", "A4"]),
        ("colour", "red", ["A3"]),
        ("colour", "grey", ["A1", "A2", "A4"]),
        ("level", "national", ["A2"]),
        ("source", "audit", ["A3"]),
        ("from", "2021-12", ["A2", "A4"]),
        ("to", "2021-12", ["A3", "A1", "A2"]),
        ("to", "2021-12-15", ["A3", "A1"]),
        ("flag", "overdue", ["A3"]),
        ("flag", "on_hold", ["A4"]),
        ("flag", "no_owner", ["A3", "A2", "A4"]),
        ("flag", "looks_like", ["A3", "A1", "A2", "A4", "A5"]),
    ],
)
def test_each_filter_leaves_what_it_names(plan, key, value, expected):
    assert listed(plan, **{f"{key}_": value}) == expected


def test_several_filters_are_joined_by_and(plan):
    assert listed(plan, status="open", from_="2021-09", to="2021-12") == ["A1", "A2"]


def test_a_lead_asks_for_her_own_agencies(plan):
    assert listed(plan, LEAD, agency="mine") == ["A2"]


def test_an_owner_without_an_address_cannot_be_reminded(world):
    with unit_of_work(world) as session:
        partnership = session.exec(select(make.Partnership)).one()
        make.make_person(session, partnership, None, "owner", name="Records lead", kind="post")
    add(world, owner="Records lead")
    add(world, owner=OWNER)

    assert (listed(world, flag="cannot_be_reminded"), listed(world, flag="no_owner")) == (["A1"], [])


def test_an_action_without_an_update_for_sixty_days_is_found(world):
    add(world, due_on="2022")
    make.act(world, "update_action", add(world, due_on="2022"), report="on_track", now="2021-06-20T12:00")

    # The first was made on 1 June: sixty days later is 31 July.
    found = [listed(world, flag="no_update", now=f"{day}T12:00") for day in ("2021-07-30", "2021-07-31", "2021-08-19")]

    assert found == [[], ["A1"], ["A1", "A2"]]


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        (
            {"colr": "red"},
            "Actions have no filter 'colr'. There are: partnership, case, agency, owner, theme, status, level, source, "
            "group, colour, from, to, flag.",
        ),
        ({"colour": "pink"}, "There is no colour 'pink'. There are: red, amber, green, grey, teal, none."),
        (
            {"level": "galactic"},
            "There is no level 'galactic'. There are: single_agency, multi_agency, regional, national.",
        ),
        (
            {"from": "31/12/2021"},
            "from: '31/12/2021' is not a date. Write four digits for the year, then month and day if they are known: "
            "2027-01-29, 2027-01 or 2027.",
        ),
    ],
)
def test_a_filter_that_there_is_not_is_named(world, where, sentence):
    with pytest.raises(FactsWrong) as wrong:
        rows(world, where)

    assert str(wrong.value) == sentence


def test_the_colour_follows_the_settings_of_the_partnership(world):
    add(world, due_on="2021-06-20")
    before = listed(world, colour="amber")

    make.act(world, "change_setting", "thscp", key="colour.amber_days", value=30)

    assert (before, listed(world, colour="amber")) == ([], ["A1"])


def test_a_list_takes_as_many_queries_for_thirty_actions_as_for_three(engine):
    make.make_world(engine)
    counts = []
    for more in (3, 27):
        with unit_of_work(engine) as session:
            _many(session, more)
        counts.append(_queries(engine))

    assert counts[0] == counts[1]


def test_actions_past_a_date_are_open_and_their_day_or_month_is_over(world):
    with unit_of_work(world) as session:
        partnership = session.exec(select(make.Partnership)).one()
        for values in (
            {"due": PartialDate(2021, 6, 14)},
            {"due": PartialDate(2021, 6, 15)},
            {"due": PartialDate(2021, 5)},
            {"due": PartialDate(2021, 6)},
            {"due": PartialDate(2020)},
            {"due": PartialDate(2021, 6, 14), "status": "complete"},
            {"due": PartialDate(2021, 6, 14), "timescale_kind": "triggered"},
            {"review_on": PartialDate(2021, 6, 14)},
            {"review_on": PartialDate(2021, 6, 14), "status": "complete"},
            {},
        ):
            make.make_action(session, partnership, **values)

    with reading(world) as session:
        found = actions_past_a_date(session, partnership.id, date(2021, 6, 15))
        assert [action.reference for action in found] == ["A1", "A3", "A5", "A8"]


def _many(session, number):
    partnership = session.exec(select(make.Partnership)).one()
    owner = session.exec(select(Person).where(Person.email == OWNER)).one()
    agency = session.exec(select(Agency)).first()
    for _ in range(number):
        made = {"owner_id": owner.id, "agency_id": agency.id, "due": PartialDate(2021, 9)}
        make.make_action(session, partnership, **made)


def _queries(engine):
    asked = []
    moment = moment_from("2021-06-01T12:00")
    with each_statement(engine, lambda sql, values: asked.append(sql)), reading(engine) as session:
        reader = doer_by_email(session, COORDINATOR, london_day(moment))
        # What only deeds change is asked for the first time only.
        list_actions(session, {}, reader, moment)
        before = len(asked)
        assert list_actions(session, {}, reader, moment) != []
        return len(asked) - before


def test_few_actions_are_seen_by_the_same_people_as_many(world):
    for facts in ({"owner": OWNER}, {"helpers": [OWNER]}, {"agency": "Children's Social Care"}, {}):
        add(world, **facts)
        add(world, CASE, **facts)
    make.act(world, "give_access", CASE, person=PANEL, reason="Sits on the panel")
    bar(world, SCRUTINEER)
    seen = {}

    with reading(world) as session:
        one_by_one = Question(select(Action.id).where(sees_action()))
        for by in (COORDINATOR, EXECUTIVE, OWNER, LEAD, PANEL, SCRUTINEER):
            reader = doer_by_email(session, by, date(2021, 6, 1))
            few = {number for (number,) in one_by_one.rows(session, **seen_with(reader))}
            seen[by] = few, set(session.exec(select(Action.id).where(may_see_action(reader))))

    assert {by: few for by, (few, _) in seen.items()} == {by: many for by, (_, many) in seen.items()}
    assert {by: len(few) for by, (few, _) in seen.items()} == {
        COORDINATOR: 8,
        EXECUTIVE: 8,
        OWNER: 4,
        LEAD: 2,
        PANEL: 4,
        SCRUTINEER: 4,
    }
