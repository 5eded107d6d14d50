"""Traps in which other trackers fell, as tests with their numbers: killed while sending, and a service that refuses."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from notifications import doubts
from notifications.smtp import SmtpTransport
from notifications.smtp_place import MailPlace, Security
from tests.notifications.smtp_server import Act, Play, Record, SmtpServer
from tests.tracker.reminders.post import COORDINATOR, OWNER, Post, add
from tests.traps.dying import DIES, KILLED, killed_while_sending
from tracker.clock import london_day, moment_from
from tracker.database import reading
from tracker.people.doer import doer_by_email
from tracker.reminders.jobs import run_due
from tracker.showing.lists import list_rows

SENDER = "reviews@thscp.example"
NOW = moment_from("2021-06-16T08:00")
PLAIN = ("AUTH PLAIN",)


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    """Give a mail server on this machine that takes everything."""
    server = SmtpServer()
    server.plays(Play(offers=PLAIN))
    yield server
    server.close()


def place_of(server: SmtpServer) -> MailPlace:
    return MailPlace("localhost", server.port, Security.OFF)


def run(post: Post, server: SmtpServer, minutes: int) -> dict[str, int]:
    """Do what is due so many minutes later, by the mail server."""
    transport = SmtpTransport(place_of(server), SENDER)
    return run_due(post.engine, transport, now=NOW + timedelta(minutes=minutes), waits_for_the_dead=True)


def recipients(record: Record) -> Counter[str]:
    return Counter(taken.recipient for taken in record.taken)


def seen_by_the_coordinator(post: Post) -> list[tuple[str, str | None, str]]:
    """Give the owner's emails as the coordinator sees them: to whom, when sent, and how far each got."""
    with reading(post.engine) as session:
        reader = doer_by_email(session, COORDINATOR, london_day(NOW))
        rows = list_rows(session, "emails", {"owner": OWNER}, reader, NOW)
    return [(row["to"], row["sent_at"], row["state"]) for row in rows]


@pytest.mark.parametrize("dies", DIES)
def test_trap_02_process_killed_between_claim_and_send_mails_once_on_restart_or_is_shown_as_unknown(
    post, server, database_url, dies
):
    add(post.engine)

    ended = killed_while_sending(database_url, place_of(server), SENDER, NOW, dies)
    restarted = run(post, server, 1)

    with reading(post.engine) as session:
        in_doubt = [message.to_address for message in doubts.uncertain(session)]
    assert ended == KILLED
    # Before the last step it goes on restart; at it nobody knows, so it is not sent again and stands in the list.
    went_before = int(dies == "after the final dot")
    assert recipients(server.record) == Counter({OWNER: int(went_before or dies == "before it is handed over")})
    assert in_doubt == ([] if dies == "before it is handed over" else [OWNER])
    assert (restarted["sent"], restarted["uncertain"]) == ((1, 0) if in_doubt == [] else (0, 1))


@pytest.mark.parametrize(
    ("answer", "state"), [("451 4.7.1 Come again later", "queued"), ("550 5.7.1 Not from you", "failed")]
)
def test_trap_03_email_that_the_service_refuses_is_not_stamped_as_sent_and_the_coordinator_sees_it(
    post, server, answer, state
):
    server.plays(Play({"rcpt": [Act(answer)]}, offers=PLAIN))
    add(post.engine)

    run(post, server, 0)

    assert seen_by_the_coordinator(post) == [(OWNER, None, state)]
    assert recipients(server.record) == Counter()


def test_trap_03_refused_email_goes_once_as_soon_as_the_service_takes_it(post, server):
    server.plays(Play({"rcpt": [Act("451 4.7.1 Come again later")]}, offers=PLAIN))
    add(post.engine)

    counts = [run(post, server, minutes)["sent"] for minutes in (0, 5, 6)]

    [(_, sent_at, state)] = seen_by_the_coordinator(post)
    assert (counts, recipients(server.record)) == ([0, 1, 0], Counter({OWNER: 1}))
    assert (sent_at, state) == ("2021-06-16T07:05:00+00:00", "sent")
