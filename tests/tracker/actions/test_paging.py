"""The plan page by page: the database says the same as the records, and every action stands on one page."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from tests import make
from tracker.actions import paging
from tracker.actions.colouring import colour, is_overdue, is_red
from tracker.actions.listing import find_actions
from tracker.actions.models import Action, ActionUpdate
from tracker.actions.paging import PER_PAGE, plan_for
from tracker.actions.reading import read_actions
from tracker.actions.wanted import DUES, STATUSES, Wanted
from tracker.clock import london_day
from tracker.database import reading, unit_of_work
from tracker.groups.models import Partnership, Setting
from tracker.people.doer import doer_by_email
from tracker.people.models import Agency, Person
from tracker.rows import write
from workflows.action import ActionStatus, Report, TimescaleKind
from workflows.colour import Colour
from workflows.dates import PartialDate

TODAY = london_day(make.NOON)
COORDINATOR = "coordinator@thscp.example"

near = st.integers(-70, 70).map(lambda days: TODAY + timedelta(days))
dues = st.none() | st.builds(PartialDate.of, near, st.sampled_from(("day", "month", "year")))
reports = st.none() | st.sampled_from([report.value for report in Report])
# Just before and after midnight in London, which in summer is no midnight in UTC.
moments = st.builds(
    lambda days, minutes: datetime(2021, 6, 1, 23, 0, tzinfo=UTC) - timedelta(days=days, minutes=minutes),
    st.integers(0, 80),
    st.integers(-2, 2),
)
updates = st.lists(st.tuples(moments, st.sampled_from(("sent", "accepted", "queried", "replaced"))), max_size=2)
actions = st.fixed_dictionaries(
    {
        "status": st.sampled_from([status.value for status in ActionStatus]),
        "report": reports,
        "report_before": reports,
        "timescale_kind": st.sampled_from([kind.value for kind in TimescaleKind]),
        "due": dues,
    }
)


@pytest.fixture
def world(engine):
    """Give two partnerships that lose patience at different times."""
    make.make_world(engine)
    make.make_world(engine, "bdscp")
    with unit_of_work(engine) as session:
        second = session.exec(select(Partnership).where(Partnership.code == "bdscp")).one()
        for key, value in (("colour.amber_days", "30"), ("colour.no_update_days", "7")):
            write(
                session, Setting(partnership_id=second.id, key=key, value=value, since=datetime(2020, 1, 1, tzinfo=UTC))
            )
    return engine


def plan_of(session: Session, by: str = COORDINATOR):
    return plan_for(session, doer_by_email(session, by, TODAY), make.NOON)


def a_partnership(session: Session, code: str = "thscp") -> Partnership:
    return session.exec(select(Partnership).where(Partnership.code == code)).one()


def all_pages(plan, wanted: Wanted):
    """Give the ids of all pages, page by page."""
    pages = plan.page(wanted, 1).pages
    return [list(plan.page(wanted, number).ids) for number in range(1, pages + 1)]


def test_database_and_records_agree_on_every_colour(world):
    with unit_of_work(world) as session:
        owner = session.exec(select(Person)).first()
        partnerships = [a_partnership(session, code) for code in ("thscp", "bdscp")]

        @settings(max_examples=60)
        @given(st.lists(st.tuples(st.integers(0, 1), actions, updates), min_size=8, max_size=20))
        def agree(rows):
            made = []
            for which, values, said in rows:
                action = make.make_action(session, partnerships[which], **values)
                made.append(action.id)
                for at, state in said:
                    update = ActionUpdate(
                        action_id=action.id, person_id=owner.id, at=at, report="on_track", state=state
                    )
                    write(session, update)
            plan = plan_of(session)
            told = select(Action.id, colour(TODAY, plan.patience), is_red(TODAY), is_overdue(TODAY))
            in_sql = {row[0]: (row[1], bool(row[2]), bool(row[3])) for row in session.exec(told)}
            reads = read_actions(session, Action.id.in_(made), reader=None, now=make.NOON)
            in_words = {
                read.action.id: (read.rag.colour.value, read.rag.colour is Colour.RED, read.overdue_days > 0)
                for read in reads
            }

            assert {number: in_sql[number] for number in made} == in_words

        agree()


def test_pages_are_disjoint_and_hold_everything(world):
    days = [None, "2021-05", "2021", "2021-05-31", "2021-06-20", "2020-12-17"]
    with unit_of_work(world) as session:
        for number in range(1, 1003):
            due = days[number % len(days)]
            make.make_action(
                session,
                a_partnership(session),
                due=due and PartialDate.parse(due),
                report=[None, "stuck", "on_track"][number % 3],
                status=["planned", "in_progress"][number % 2],
            )
        plan = plan_of(session)

        for sort in ("", "due", "-due", "owner", "-owner", "status", "-status"):
            pages = all_pages(plan, Wanted(sort=sort))

            assert [len(page) for page in pages] == [PER_PAGE] * 20 + [2]
            assert sorted(number for page in pages for number in page) == sorted(session.exec(select(Action.id)))
            assert set(pages[0]) & set(pages[19]) == set()


def test_order_is_that_of_the_command_line(world):
    with unit_of_work(world) as session:
        for number in range(120):
            make.make_action(
                session,
                a_partnership(session),
                due=[None, PartialDate(2021, 5), PartialDate(2021), PartialDate(2021, 5, 31)][number % 4],
                report=[None, "stuck", "on_track"][number % 3],
                status=["planned", "in_progress", "complete"][number % 7 % 3],
            )
        plan = plan_of(session)
        known = find_actions(session, {}, None, make.NOON)

        everything = Wanted(statuses=STATUSES)

        assert [number for page in all_pages(plan, everything) for number in page] == [one.action.id for one in known]
        assert [number for page in all_pages(plan, Wanted()) for number in page] == [
            one.action.id for one in known if one.is_open
        ]


@pytest.mark.parametrize("status", STATUSES)
def test_status_gives_the_actions_of_that_colour(world, status):
    with unit_of_work(world) as session:
        made = {
            "red": make.make_action(session, a_partnership(session), due=PartialDate(2021, 5, 31)),
            "amber": make.make_action(session, a_partnership(session), due=PartialDate(2021, 6, 15)),
            "green": make.make_action(session, a_partnership(session), report="on_track", status="in_progress"),
            "not_started": make.make_action(session, a_partnership(session)),
            "complete": make.make_action(session, a_partnership(session), status="complete"),
            "embedded": make.make_action(session, a_partnership(session), status="embedded"),
            "closed": make.make_action(session, a_partnership(session), status="merged"),
        }

        page = plan_of(session).page(Wanted(statuses=(status,)), 1)

        assert (list(page.ids), page.total) == ([made[status].id], 1)


@pytest.mark.parametrize(
    ("due", "found"),
    [
        ("overdue", ["2021-05-31", "2021-05"]),
        ("soon", ["2021-06-01", "2021-06-15"]),
        ("quarter", ["2021-06-01", "2021-06-15", "2021-06-16", "2021-06", "2021-09-01"]),
        ("later", ["2021-09-02", "2021"]),
        ("none", [None]),
    ],
)
def test_due_counts_a_month_by_its_last_day(world, due, found):
    assert due in DUES
    days = ["2021-05-31", "2021-05", "2021-06-01", "2021-06-15", "2021-06-16", "2021-06", "2021-09-01", "2021-09-02"]
    with unit_of_work(world) as session:
        for day in [*days, "2021", None]:
            make.make_action(session, a_partnership(session), due=day and PartialDate.parse(day))

        ids = plan_of(session).page(Wanted(due=due, sort="due"), 1).ids

        shown = [session.get_one(Action, number).due for number in ids]
        assert [day and str(day) for day in shown] == found


def test_words_are_looked_for_as_they_are_written(world):
    with unit_of_work(world) as session:
        percent = make.make_action(session, a_partnership(session), text="Reach 100% of schools", title="Brief schools")
        make.make_action(session, a_partnership(session), text="Reach 1000 schools")
        plan = plan_of(session)

        found = {
            words: list(plan.page(Wanted(words=words), 1).ids) for words in ("100% brief", percent.reference, "_", "\\")
        }

        assert found == {"100% brief": [percent.id], percent.reference: [percent.id], "_": [], "\\": []}


def test_agency_is_known_by_name_or_as_mine(world):
    with unit_of_work(world) as session:
        agency = session.exec(select(Agency).where(Agency.name == "Children's Social Care")).first()
        hers = make.make_action(session, a_partnership(session), agency_id=agency.id)
        written = make.make_action(session, a_partnership(session), agency_name="A school")
        lead = plan_of(session, "agency_lead@thscp.example")

        found = [list(lead.page(Wanted(agency=name), 1).ids) for name in ("mine", "children's social care", "A school")]

        assert found == [[hers.id], [hers.id], []]
        assert list(plan_of(session).page(Wanted(agency="A school"), 1).ids) == [written.id]


def test_declared_conflict_hides_an_action_from_list_and_total(world):
    make.make_case(world)
    make.make_case(world, "TH-2021-002")
    for case in ("TH-2021-001", "TH-2021-002"):
        make.act(world, "add_action", case, text="Share the records")
    make.act(world, "declare_conflict", "TH-2021-001", person=COORDINATOR, reason="Knows the family")

    with reading(world) as session:
        plan = plan_of(session)
        pages = [plan.page(wanted, 1) for wanted in (Wanted(), Wanted(review="TH-2021-001"))]
        seen = [[session.get_one(Action, number).reference for number in page.ids] for page in pages]

    assert (seen, [page.total for page in pages]) == ([["A2"], []], [1, 0])


def test_page_beyond_the_last_is_the_last(world):
    with unit_of_work(world) as session:
        for _ in range(60):
            make.make_action(session, a_partnership(session), made_on=date(2021, 1, 4))

        page = plan_of(session).page(Wanted(), 99)

        assert (page.number, page.first, len(page.ids), page.total) == (2, 51, 10, 60)


def test_total_of_many_is_right_after_each_deed_and_for_each_reader(world, monkeypatch):
    monkeypatch.setattr(paging, "MANY", 1)
    make.make_case(world, "CASE-1")
    by_owner = "owner@thscp.example"

    def totals() -> list[int]:
        with reading(world) as session:
            return [plan_of(session, by).page(Wanted(), 1).total for by in (COORDINATOR, by_owner, COORDINATOR)]

    make.act(world, "add_action", "CASE-1", text="Look")
    make.act(world, "add_action", text="Write")
    found = [totals()]
    make.act(world, "add_action", text="Ring")
    found.append(totals())
    make.act(world, "declare_conflict", "CASE-1", person=COORDINATOR, reason="Kin")
    found.append(totals())

    assert found == [[2, 0, 2], [3, 0, 3], [2, 0, 2]]
