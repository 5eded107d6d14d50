"""The day on which a digest goes: so many working days before the meeting, moving with it, once."""

from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from notifications.transports import Commit, OutgoingMail, Unreachable
from tests.make import act, make_person, make_world, shown
from tests.tracker.papers.sweeping import addresses, letters, mark_sent, sweep
from tests.tracker.reminders.post import Post
from tracker.clock import moment_from
from tracker.database import reading, unit_of_work
from tracker.groups.models import DigestSent, Partnership
from tracker.papers.digest import digest_due
from tracker.papers.digest_post import digest_facts
from tracker.reminders.jobs import run_due


class Away:
    """A mail server that is not there."""

    tells_after = None

    def send(self, outgoing: OutgoingMail, commit: Commit) -> None:
        raise Unreachable("The mail server is not there.")

    def find(self, message_id: str) -> None:
        raise Unreachable("The mail server is not there.")

    def close(self) -> None:
        """There is nothing to let go of."""


@pytest.fixture
def world(engine: Engine) -> Engine:
    make_world(engine)
    return engine


# Counted by hand, strictly earlier days that are Monday to Friday and no bank holiday of England and Wales.
@pytest.mark.parametrize(
    ("meeting_on", "scheduled", "planned_at"),
    [
        # Mon 4 Jan, Thu 31, Wed 30, Tue 29 Dec, Thu 24 Dec: 1 January, 28 and 25 December do not count.
        ("2021-01-05", "2020-12-01T09:00", "2020-12-24T08:00:00+00:00"),
        # Fri 31, Thu 30, Wed 29 Dec, Fri 24, Thu 23 Dec: 3 January, 28 and 27 December do not count.
        ("2022-01-04", "2021-12-01T09:00", "2021-12-23T08:00:00+00:00"),
        # Wed 7, Tue 6, Thu 1 Apr, Wed 31, Tue 30 Mar: Easter Monday and Good Friday do not count. Summer time.
        ("2021-04-08", "2021-03-01T09:00", "2021-03-30T07:00:00+00:00"),
        # Fri 26 to Mon 22 March: the clocks go forward on the 28th, after the sending.
        ("2021-03-29", "2021-03-01T09:00", "2021-03-22T08:00:00+00:00"),
        # Thu 4 to Mon 1 Nov, Fri 29 Oct: the clocks go back on the 31st, after the sending.
        ("2021-11-05", "2021-10-01T09:00", "2021-10-29T07:00:00+00:00"),
        # Wed 10 to Thu 4 Nov: the clocks have gone back before the sending.
        ("2021-11-11", "2021-10-01T09:00", "2021-11-04T08:00:00+00:00"),
    ],
)
def test_digest_is_planned_five_working_days_before_at_eight_in_london(
    world: Engine, meeting_on: str, scheduled: str, planned_at: str
) -> None:
    act(world, "schedule_meeting", group="exec", on=meeting_on, now=scheduled)

    digest = shown(world, "M1", kind="digest", now=scheduled)

    assert {key: digest[key] for key in ("meeting", "planned_at", "sent_at", "replaces")} == {
        "meeting": "M1",
        "planned_at": planned_at,
        "sent_at": None,
        "replaces": None,
    }


def test_digest_goes_once_and_not_before_its_hour(world: Engine) -> None:
    act(world, "schedule_meeting", group="exec", on="2021-01-05", now="2020-12-01T09:00")

    swept = [
        sweep(world, now) for now in ("2020-12-24T07:59", "2020-12-24T08:00", "2020-12-24T08:01", "2021-01-04T08:00")
    ]

    shows = shown(world, "M1", kind="meeting", now="2021-01-04T08:00")
    assert swept == [[], ["M1"], [], []]
    assert addresses(world) == ["coordinator@thscp.example", "exec@thscp.example"]
    assert shows["digest"]["sent_at"] == "2020-12-24T08:00:00+00:00"
    assert shows["history"][-1]["what"] == "Digest sent to 2 people for 5 January 2021"


def test_digest_missed_for_days_goes_at_the_next_sweep(world: Engine) -> None:
    act(world, "schedule_meeting", group="exec", on="2021-01-05", now="2020-12-01T09:00")

    assert [sweep(world, "2020-12-30T11:00"), sweep(world, "2020-12-30T11:05")] == [["M1"], []]


def test_meeting_scheduled_late_has_its_digest_at_once_but_never_after_it_began(world: Engine) -> None:
    act(world, "schedule_meeting", group="exec", on="2021-01-05", now="2021-01-05T09:00")
    act(world, "schedule_meeting", group="exec", on="2021-01-05", at="09:30", now="2021-01-05T09:00")

    swept = sweep(world, "2021-01-05T09:45")

    assert swept == ["M1"]


def test_cancelled_meeting_and_those_of_other_groups_have_no_digest(world: Engine) -> None:
    act(world, "schedule_meeting", group="exec", on="2021-01-05", now="2020-12-01T09:00")
    act(world, "schedule_meeting", group="qap", on="2021-01-05", now="2020-12-01T09:00")
    act(world, "cancel_meeting", "M1", reason="Snow", now="2020-12-02T09:00")

    assert sweep(world, "2021-01-04T09:00") == []


def test_setting_plans_the_unsent_digest_anew(world: Engine) -> None:
    act(world, "schedule_meeting", group="exec", on="2021-01-05", now="2020-12-01T09:00")

    act(world, "change_setting", "thscp", key="digest.working_days_before", value=2, now="2020-12-02T09:00")
    act(world, "change_setting", "thscp", key="digest.at", value="16:30", now="2020-12-02T09:00")

    assert shown(world, "M1", kind="digest", now="2020-12-02T09:00")["planned_at"] == "2020-12-31T16:30:00+00:00"
    assert [sweep(world, "2020-12-31T16:29"), sweep(world, "2020-12-31T16:30")] == [[], ["M1"]]


def test_closure_plans_the_unsent_digest_anew(world: Engine) -> None:
    act(world, "schedule_meeting", group="exec", on="2021-01-05", now="2020-12-01T09:00")

    act(world, "add_closure", on="2020-12-30", name="Office closed", partnership="thscp", now="2020-12-02T09:00")

    # Mon 4 Jan, Thu 31, Tue 29, Thu 24, Wed 23 December.
    assert shown(world, "M1", kind="digest", now="2020-12-02T09:00")["planned_at"] == "2020-12-23T08:00:00+00:00"


def test_meeting_moved_before_the_sending_moves_its_digest(world: Engine) -> None:
    act(world, "schedule_meeting", group="exec", on="2021-01-05", now="2020-12-01T09:00")

    act(world, "move_meeting", "M1", on="2021-01-19", now="2020-12-10T09:00")

    # Mon 18, Fri 15, Thu 14, Wed 13, Tue 12 January.
    assert [sweep(world, "2020-12-24T08:00"), sweep(world, "2021-01-12T08:00")] == [[], ["M1"]]
    assert shown(world, "M1", kind="digest", now="2021-01-12T09:00")["replaces"] is None


def test_meeting_moved_after_the_sending_has_another_that_replaces_the_first(world: Engine) -> None:
    act(world, "schedule_meeting", group="exec", on="2021-01-05", now="2020-12-01T09:00")
    sweep(world, "2020-12-24T08:00")
    mark_sent(world, "2020-12-24T08:01")
    act(world, "move_meeting", "M1", on="2021-01-19", now="2020-12-29T09:00")

    swept = [sweep(world, now) for now in ("2020-12-29T09:01", "2021-01-12T08:00", "2021-01-12T08:01")]

    now = moment_from("2021-01-12T08:01")
    with reading(world) as session:
        first, second = letters(session)
        facts = digest_facts(session, second, now)
        late = digest_facts(session, first, now)
    assert swept == [[], ["M1"], []]
    assert late is None
    assert facts is not None
    assert [str(day) for day in (facts.meeting_on, facts.replaces_sent_on, facts.moved_from)] == [
        "2021-01-19",
        "2020-12-24",
        "2021-01-05",
    ]
    assert shown(world, "M1", kind="digest", now="2021-01-12T09:00")["replaces"] == "2020-12-24T08:00:00+00:00"


def test_meeting_moved_to_another_hour_has_no_second_digest(world: Engine) -> None:
    act(world, "schedule_meeting", group="exec", on="2021-01-05", now="2020-12-01T09:00")
    sweep(world, "2020-12-24T08:00")

    act(world, "move_meeting", "M1", on="2021-01-05", at="15:00", now="2020-12-29T09:00")

    assert sweep(world, "2020-12-29T09:01") == []


def test_meeting_moved_there_and_back_has_one_for_each_announcement(world: Engine) -> None:
    act(world, "schedule_meeting", group="exec", on="2021-01-05", now="2020-12-01T09:00")
    sweep(world, "2020-12-24T08:00")
    mark_sent(world, "2020-12-24T08:01")
    act(world, "move_meeting", "M1", on="2021-01-06", now="2020-12-29T09:00")
    swept = [sweep(world, "2020-12-29T09:01")]
    mark_sent(world, "2020-12-29T09:02")

    act(world, "move_meeting", "M1", on="2021-01-05", now="2020-12-30T09:00")
    swept += [sweep(world, "2020-12-30T09:01"), sweep(world, "2020-12-30T09:02")]

    with reading(world) as session:
        days = [str(digest.meeting_on) for digest in session.exec(select(DigestSent).order_by(DigestSent.id))]
        facts = digest_facts(session, letters(session)[-1], moment_from("2020-12-30T09:02"))
    assert swept == [["M1"], ["M1"], []]
    assert days == ["2021-01-05", "2021-01-06", "2021-01-05"]
    assert len(addresses(world)) == 6
    assert facts is not None
    assert (str(facts.replaces_sent_on), str(facts.moved_from)) == ("2020-12-29", "2021-01-06")


def test_digest_taken_back_by_a_move_goes_anew_when_the_meeting_moves_back(world: Engine, tmp_path: Path) -> None:
    post = Post(world, tmp_path)
    act(world, "schedule_meeting", group="exec", on="2021-01-05", now="2020-12-01T09:00")
    post.run("2020-12-02T08:00")
    run_due(world, Away(), now=moment_from("2020-12-24T08:00"))
    act(world, "move_meeting", "M1", on="2021-01-19", now="2020-12-24T09:00")
    run_due(world, Away(), now=moment_from("2020-12-24T09:01"))

    act(world, "move_meeting", "M1", on="2021-01-05", now="2020-12-24T09:30")
    arrived = [post.run(now) for now in ("2020-12-24T09:31", "2020-12-24T09:32", "2021-01-04T08:00")]

    subject = "Executive meeting 5 January 2021: papers, nothing to respond to"
    assert arrived == [[f"exec@thscp.example: {subject}", f"coordinator@thscp.example: {subject}"], [], []]


def test_digest_goes_anew_only_to_whom_it_was_taken_back_from(world: Engine) -> None:
    act(world, "schedule_meeting", group="exec", on="2021-01-05", now="2020-12-01T09:00")
    sweep(world, "2020-12-24T08:00")
    with unit_of_work(world) as session:
        [first] = letters(session)
        first.state = "superseded"
        session.add(first)

    swept = [sweep(world, "2020-12-24T09:31"), sweep(world, "2020-12-24T09:32")]

    now = moment_from("2020-12-24T09:32")
    with reading(world) as session:
        goes = [
            digest_facts(session, message, now) is not None
            for address in ("coordinator@thscp.example", "exec@thscp.example")
            for message in letters(session, address)
        ]
    assert swept == [["M1"], []]
    assert addresses(world) == ["coordinator@thscp.example", "exec@thscp.example", "exec@thscp.example"]
    assert goes == [True, False, True]


def test_digest_that_waits_when_the_meeting_is_cancelled_does_not_go(world: Engine) -> None:
    act(world, "schedule_meeting", group="exec", on="2021-01-05", now="2020-12-01T09:00")
    sweep(world, "2020-12-24T08:00")
    act(world, "cancel_meeting", "M1", reason="Snow", now="2020-12-24T08:00")

    with reading(world) as session:
        facts = digest_facts(session, letters(session)[0], moment_from("2020-12-24T08:01"))

    assert facts is None


def test_digest_goes_to_the_body_and_the_coordinator_who_have_an_address(world: Engine) -> None:
    with unit_of_work(world) as session:
        partnership = session.exec(select(Partnership)).one()
        make_person(session, partnership, "police@thscp.example", groups=["exec"])
        make_person(session, partnership, "health@thscp.example", "executive")
        make_person(session, partnership, None, "executive", name="No Address")
    act(world, "schedule_meeting", group="exec", on="2021-01-05", now="2020-12-01T09:00")

    sweep(world, "2020-12-24T08:00")

    assert addresses(world) == [
        "coordinator@thscp.example",
        "exec@thscp.example",
        "health@thscp.example",
        "police@thscp.example",
    ]


def test_every_partnership_has_its_own_digest(world: Engine) -> None:
    make_world(world, "bdscp")
    act(world, "schedule_meeting", group="exec", on="2021-01-05", now="2020-12-01T09:00")
    act(
        world,
        "schedule_meeting",
        group="exec",
        on="2021-01-06",
        by="coordinator@bdscp.example",
        now="2020-12-01T09:00",
    )

    with reading(world) as session:
        due = [
            [meeting.reference for meeting in digest_due(session, moment_from(now))]
            for now in ("2020-12-24T08:00", "2020-12-29T08:00")
        ]

    assert due == [["M1"], ["M1", "M2"]]
