"""Whether all is well: each thing that is not has its sentence, on the command line, over HTTP and on Today."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from notifications.folder import FolderTransport
from tests.make import make_world
from tests.tracker.command_line import CommandLine
from tests.tracker.reminders.post import Post, add, setting
from tracker.clock import moment_from
from tracker.database import unit_of_work
from tracker.fitting import newest_revision
from tracker.reminders.jobs import PostRoom
from tracker.reminders.models import JobRun, PostHold
from tracker.rows import write
from tracker.scheduler import jobs_of
from tracker.showing import health
from tracker.showing.health import health_of

EIGHT = "2021-06-16T08:00"


@pytest.fixture
def world(engine, tmp_path):
    make_world(engine)
    setting(engine, "reminders.tell_new_owner", False)
    add(engine)
    return Post(engine, tmp_path / "mail")


@pytest.fixture
def tracker(world, database_url, monkeypatch, capsys):
    return CommandLine(monkeypatch, capsys, database_url)


def ticks(engine, folder, at, *jobs):
    """Let a scheduler's jobs run once at a moment."""
    known = jobs_of(PostRoom(engine, FolderTransport(folder), lambda: moment_from(at)))
    for job in jobs or known:
        known[job](lambda: False)


def problems(engine, at):
    """Give a sentence for each thing that is not well."""
    return list(health_of(engine, moment_from(at)).problems)


def test_service_on_which_nothing_ever_ran_is_well(tracker, engine):
    answer = tracker("status", "--json")

    kind = engine.dialect.name
    apart = answer.document["clock"]["apart_from_database_seconds"]
    assert (answer.status, answer.err) == (0, "")
    # A busy machine may think for a moment between the two clocks.
    assert apart is None if kind == "sqlite" else abs(apart) < 2
    assert answer.document == {
        "well": True,
        "problems": [],
        "database": {"kind": kind, "reachable": True, "fits": True, "revision": newest_revision()},
        "clock": {"apart_from_database_seconds": apart},
        "jobs": {},
        "post": {
            "waiting": 0,
            "oldest_waiting_since": None,
            "uncertain": 0,
            "failed": 0,
            "held": 0,
            "stopped_since": None,
        },
    }


def test_status_in_words_says_when_each_job_ran_and_what_waits(tracker, world):
    ticks(world.engine, world.folder, EIGHT, "plan")
    tracker.at("2021-06-16T08:04")

    answer = tracker("status")

    assert (answer.status, answer.err, answer.out) == (
        0,
        "",
        "Planning reminders and digests was last done on 16 June 2021 at 8am.\n"
        "Emails that wait: 1, the oldest since 16 June 2021 at 8am.\n"
        "In doubt: 0. Failed: 0. Held: 0.\n"
        "All is well.\n",
    )


def test_scheduler_that_has_not_ticked_for_more_than_five_minutes_is_not_well(tracker, world):
    ticks(world.engine, world.folder, EIGHT)
    sentence = (
        "Nothing has been planned or sent since 16 June 2021 at 8am. "
        "Start `tracker schedule`, or `tracker serve` on the embedded database."
    )

    tracker.at("2021-06-16T08:05:01")
    answer = tracker("status", "--json")

    assert problems(world.engine, "2021-06-16T08:05") == []
    assert (answer.status, answer.err, answer.document["problems"]) == (1, f"{sentence}\n", [sentence])
    assert answer.document["well"] is False


def test_email_that_waits_for_more_than_half_an_hour_is_not_well_also_while_it_rests(world, tmp_path):
    (tmp_path / "file").touch()
    broken = tmp_path / "file" / "mail"
    ticks(world.engine, broken, EIGHT)
    for minute in ("08:01", "08:30", "08:31"):
        ticks(world.engine, broken, f"2021-06-16T{minute}")

    assert problems(world.engine, "2021-06-16T08:30") == []
    assert problems(world.engine, "2021-06-16T08:31") == [
        "1 email waits, the oldest since 16 June 2021 at 8am. Nothing is lost: see that the scheduler runs, and "
        "on the page Administration, Emails what the last try met."
    ]


def test_post_that_is_held_is_said_as_the_reason(world):
    ticks(world.engine, world.folder, EIGHT, "plan")
    with unit_of_work(world.engine) as session:
        write(session, PostHold(since=moment_from("2021-06-16T07:00"), reason="A backup was brought back"))
    for job in ("plan", "tidy"):
        ticks(world.engine, world.folder, "2021-06-16T09:00", job)

    found = health_of(world.engine, moment_from("2021-06-16T09:00"))

    assert found.problems == (
        "1 email waits, the oldest since 16 June 2021 at 8am. "
        "The post is held since 16 June 2021 at 7am, until somebody releases it.",
    )
    assert found.document()["post"]["stopped_since"] == "2021-06-16T06:00:00+00:00"


def test_job_that_fails_is_not_well_until_it_runs_again(world):
    since = moment_from("2021-06-16T07:00")
    with unit_of_work(world.engine) as session:
        write(session, JobRun(job="plan", began_at=since, ended_at=since, failing_since=since, fault="ValueError"))

    before = problems(world.engine, "2021-06-16T07:01")
    ticks(world.engine, world.folder, "2021-06-16T07:02", "plan")

    assert before == [
        "Planning reminders and digests has failed since 16 June 2021 at 7am (ValueError). "
        "It is tried again every minute; the log of its process says where."
    ]
    assert problems(world.engine, "2021-06-16T07:02") == []


@pytest.mark.parametrize(
    ("revision", "sentence"),
    [
        ("0001", "The database has no tables yet, or old ones. Run `tracker upgrade` first."),
        ("9999", "The database is newer than this program. Install the newer program, or restore an older backup."),
    ],
)
def test_database_that_does_not_fit_the_program_is_not_well(tracker, engine, revision, sentence):
    with unit_of_work(engine) as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})

    answer = tracker("status", "--json")

    document = answer.document
    assert (answer.status, answer.err, document["problems"]) == (1, f"{sentence}\n", [sentence])
    assert document["database"] == {
        "kind": engine.dialect.name,
        "reachable": True,
        "fits": False,
        "revision": revision,
    }


def test_machine_whose_clock_is_far_from_the_database_s_is_not_well(postgresql_engine, monkeypatch):
    make_world(postgresql_engine)
    monkeypatch.setattr(health, "machine_now", lambda: datetime.now(UTC) - timedelta(minutes=2))

    [problem] = problems(postgresql_engine, EIGHT)

    # A busy machine may think for a moment between the two clocks.
    assert re.sub("1[012][0-9]", "120", problem) == (
        "The clocks of this machine and of the database are 120 seconds apart. Let both follow a time server."
    )


def test_database_server_that_is_away_is_an_answer_too(tmp_path, monkeypatch, capsys):
    tracker = CommandLine(monkeypatch, capsys, f"postgresql+psycopg://nobody@/none?host={tmp_path}")

    answer = tracker("status", "--json")

    assert (answer.status, answer.document["well"]) == (1, False)
    assert answer.document["database"] == {
        "kind": "postgresql",
        "reachable": False,
        "fits": False,
        "revision": None,
    }
    assert answer.document["problems"] == [
        "The database server cannot be reached. Nothing was changed: check TRACKER_DATABASE_URL and the server."
    ]


def test_missing_database_is_refused_and_none_is_left_behind(tmp_path, monkeypatch, capsys):
    tracker = CommandLine(monkeypatch, capsys, f"sqlite:///{tmp_path}/none.db")

    answer = tracker("status")

    assert (answer.status, list(tmp_path.iterdir())) == (1, [])
    assert answer.err == f"There is no database at {tmp_path}/none.db yet. Run `tracker upgrade` first.\n"


def test_job_that_does_not_begin_again_while_others_go_on_is_not_well(world):
    ticks(world.engine, world.folder, EIGHT, "plan")
    for minute in ("08:00", "08:14", "08:16"):
        ticks(world.engine, world.folder, f"2021-06-16T{minute}", "deliver")

    assert problems(world.engine, "2021-06-16T08:15") == []
    assert problems(world.engine, "2021-06-16T08:16") == [
        "Planning reminders and digests was last begun on 16 June 2021 at 8am. Start its process anew."
    ]
