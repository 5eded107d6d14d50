"""What the database leaves out of a morning would not have been told: compared with looking at every open action."""

import random
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from tests.make import make_action, make_person, make_world
from tests.tracker.reminders.post import partnership, setting
from tracker.actions.models import Action, ActionDate, ActionHold, ActionUpdate
from tracker.clock import moment_from
from tracker.database import reading, unit_of_work
from tracker.groups.queries import partnership_settings, working_days_of
from tracker.people.models import PostHolding
from tracker.reminders import of_actions
from tracker.reminders.calls import Morning
from tracker.reminders.models import RungTold
from tracker.rows import write
from workflows.dates import PartialDate

DAYS = [date(2021, 6, 15) + timedelta(days=number) for number in range(0, 40, 3)]
ACTIONS = 160


def somewhen(luck: random.Random) -> PartialDate:
    """Give a day around the mornings, or of one in four its month or year only."""
    day = date(2021, 6, 30) + timedelta(days=luck.randint(-120, 60))
    text = day.isoformat()
    return PartialDate.parse(luck.choice([text, text, text, text, text, text, text[:7], text[:4]]))


def make_plan(session, luck: random.Random) -> None:
    """Make actions of every kind, by luck."""
    home = partnership(session)
    people = [make_person(session, home, f"o{number}@thscp.example", "owner") for number in range(6)]
    left = make_person(
        session, home, "left@thscp.example", "owner", ended_on=date(2021, 6, 20), passes_to_id=people[0].id
    )
    post = make_person(session, home, None, "owner", name="Head of Service", kind="post")
    write(session, PostHolding(post_id=post.id, holder_id=people[1].id, from_on=date(2021, 6, 25)))
    for number in range(ACTIONS):
        given = luck.choice([None, date(2021, 5, 1), date(2021, 6, 18), date(2021, 7, 2)])
        action = make_action(
            session,
            home,
            status=luck.choice(["planned", "in_progress", "ongoing", "complete"]),
            timescale_kind=luck.choice(["date", "date", "date", "triggered", "continuing"]),
            owner_id=luck.choice([*(one.id for one in people), left.id, post.id, None]),
            owner_since=given,
            due=luck.choice([None, somewhen(luck), somewhen(luck)]),
            due_version=luck.choice([1, 1, 1, 2]),
            review_on=luck.choice([None, None, somewhen(luck)]),
            made_on=date(2021, 4, 1),
            loaded_id=luck.choice([None, None, None, f"old-{number}"]),
        )
        add_around(session, action, luck)


def add_around(session, action: Action, luck: random.Random) -> None:
    """Hold, move, answer and tell of some, by luck."""
    by = action.owner_id or 1
    if luck.random() < 0.15:
        since, again = date(2021, 6, 1), date(2021, 6, 10) + timedelta(days=luck.randint(0, 40))
        until = luck.choice([None, date(2021, 6, 20)])
        hold = ActionHold(action_id=action.id, reason="Court", since=since, look_again_on=again, until=until)
        write(session, hold)
    if action.due_version > 1:
        at = moment_from(f"{date(2021, 6, 10) + timedelta(days=luck.randint(0, 30))}T12:00")
        write(session, ActionDate(action_id=action.id, kind="moved", due=action.due, at=at, reason="Staff"))
    if luck.random() < 0.3:
        at = moment_from(f"{date(2021, 5, 10) + timedelta(days=luck.randint(0, 60))}T12:00")
        state = luck.choice(["sent", "queried", "accepted"])
        write(session, ActionUpdate(action_id=action.id, person_id=by, at=at, report="on_track", text="x", state=state))
    if luck.random() < 0.6 and action.owner_id is not None:
        version = (action.owner_since or action.made_on).isoformat()
        told_at = moment_from("2021-05-03T08:00")
        told = {"about": f"new:{action.id}", "person_id": action.owner_id, "version": version, "name": "new"}
        write(session, RungTold(**told, day=told_at.date(), told_at=told_at))


def calls_of(session, now: datetime) -> list[tuple[object, ...]]:
    """Give what is due about actions this morning, in an order that can be compared."""
    home = partnership(session)
    settings, calendar = partnership_settings(session, home, now), working_days_of(session, home.id)
    calls = of_actions.action_calls(Morning(session, home, settings, calendar, now, now))
    return sorted(
        (call.subject.about, call.subject.person.id, call.rung, call.version, call.day, call.unanswered)
        for call in calls
    )


@pytest.mark.parametrize("tells_new_owner", [True, False])
def test_morning_that_looks_at_every_open_action_would_tell_nothing_more(engine, tells_new_owner, monkeypatch):
    make_world(engine)
    setting(engine, "reminders.tell_new_owner", tells_new_owner)
    with unit_of_work(engine) as session:
        make_plan(session, random.Random(7))
    mornings = [moment_from(f"{day}T08:00") for day in DAYS]

    with reading(engine) as session:
        found = [calls_of(session, now) for now in mornings]
        every = session.exec(select(Action.id).order_by(Action.id)).all()
        monkeypatch.setattr(of_actions, "wanted_ids", lambda _morning: every)
        whole = [calls_of(session, now) for now in mornings]

    assert found == whole
    assert min(map(len, found)) > 10
