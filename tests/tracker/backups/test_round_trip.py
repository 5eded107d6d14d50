"""A backup brought back: every row as it was, on either database, whichever it came from."""

from dataclasses import asdict
from datetime import UTC, datetime
from threading import Event, Thread

import pytest
from sqlmodel import col, select

from notifications.links import Purpose
from notifications.outbox import Message
from tests.make import act
from tests.repository.test_migrations import fill
from tests.tracker.backups.drill import LATER, backup, restore, unchanged
from tests.tracker.everything import contents
from tests.tracker.walking import CONTROL, person
from tests.waiting import until
from tracker.actions.headline import headline_of
from tracker.actions.paging import plan_for
from tracker.clock import london_day
from tracker.database import reading, unit_of_work
from tracker.fitting import newest_revision, revision_of
from tracker.history import HistoryHead, HistoryLine
from tracker.people import sessions, tickets, tokens
from tracker.people.doer import doer_by_email
from tracker.people.links import LinkBroken, LinkMaker, open_link
from tracker.people.queries import person_by_email
from tracker.reminders.bundle import bundles_due
from tracker.reminders.models import PostHold
from tracker.showing.lists import list_rows
from tracker.showing.show import show
from tracker.upgrading import bring_to, changing

SECRET = "0123456789abcdef0123456789abcdef"
BEFORE = datetime(2021, 6, 3, 11, tzinfo=UTC)


def test_every_table_comes_back_on_either_database(walk, empty_engine, tmp_path):
    fill(walk)

    restore(empty_engine, backup(walk, tmp_path / "all.backup"))

    assert unchanged(empty_engine) == unchanged(walk)
    assert [name for name, rows in contents(walk).items() if not rows] == []
    assert revision_of(empty_engine) == newest_revision()


def test_new_rows_are_numbered_after_those_that_came_back(walk, elsewhere, tmp_path):
    before = {name: len(rows) for name, rows in unchanged(walk).items()}

    restore(elsewhere, backup(walk, tmp_path / "all.backup"))
    made = act(elsewhere, "add_action", "AT-REVIEW", by=CONTROL, now=LATER, text="Tell the schools").reference

    assert made == "A4"
    assert len(unchanged(elsewhere)["action"]) == before["action"] + 1


def test_plan_rungs_digests_and_emails_are_as_they_were(walk, elsewhere, tmp_path):
    restore(elsewhere, backup(walk, tmp_path / "all.backup"))

    assert figures(elsewhere) == figures(walk)


def figures(engine):
    """Give what people and the post see: the plan's figures, what is due for whom, the digests, the settings."""
    due = datetime(2021, 9, 30, 9, tzinfo=UTC)
    with reading(engine) as session:
        reader = doer_by_email(session, CONTROL, london_day(LATER))
        return {
            "headline": asdict(headline_of(plan_for(session, reader, LATER))),
            "due": [[call.subject.reference for call in bundle] for bundle in bundles_due(session, due)],
            "digests": [show(session, "digest", meeting, None, LATER) for meeting in ("M1", "M2")],
            "emails": list_rows(session, "emails", {}, None, LATER),
            "partnership": show(session, "partnership", "thscp", None, LATER),
        }


def test_backup_of_a_busy_service_is_of_one_moment(walk, elsewhere, tmp_path):
    ended = Event()

    def write_on() -> None:
        while not ended.is_set():
            act(walk, "add_action", "AT-REVIEW", by=CONTROL, text="Tell the schools")

    writer = Thread(target=write_on)
    writer.start()
    try:
        until(lambda: len(contents(walk)["action"]) >= 6)
        backup(walk, tmp_path / "all.backup")
    finally:
        ended.set()
        writer.join()
    restore(elsewhere, tmp_path / "all.backup")

    lines, head, deeds = history_of(elsewhere)
    actions = len(contents(elsewhere)["action"])
    assert lines == history_of(walk)[0][: len(lines)]
    assert [number for number, _ in lines] == list(range(1, head + 1))
    # One of the walk was there without a deed.
    assert actions == 1 + len({about for about, deed in deeds if deed == "add_action"})
    assert len(contents(walk)["action"]) > actions


def history_of(engine):
    """Give the lines of the history as bytes, the number of the newest, and what was done to what."""
    with reading(engine) as session:
        lines = session.exec(select(HistoryLine).order_by(col(HistoryLine.seq))).all()
        head = session.exec(select(HistoryHead.seq)).one()
    return [(one.seq, bytes(one.body)) for one in lines], head, [(one.about, one.deed) for one in lines]


def test_nobody_is_signed_in_and_no_link_token_or_ticket_works_afterwards(walk, elsewhere, tmp_path):
    with unit_of_work(walk) as session:
        owner = person_by_email(session, person("owner"))
        signed_in = sessions.begin(session, owner.id, BEFORE, is_whole=True)
        link = LinkMaker("", SECRET).address(session, owner.id, person("owner"), days=14, now=BEFORE)
        token = tokens.make_token(session, owner.id, "Reports", BEFORE)
        ticket = tickets.make(session, owner.id, tickets.Purpose.INVITATION, SECRET, BEFORE)
    in_letter = tickets.token_of(SECRET, tickets.Purpose.INVITATION, ticket.nonce)

    restore(elsewhere, backup(walk, tmp_path / "all.backup"))

    def alive(engine):
        with reading(engine) as session:
            return [
                sessions.open_sessions(session, owner.id, BEFORE, LATER - BEFORE, LATER - BEFORE) != [],
                tokens.holder_of(session, token, BEFORE) is not None,
                tickets.ticket_of(session, in_letter, tickets.Purpose.INVITATION, BEFORE) is not None,
            ]

    assert signed_in
    assert (alive(walk), alive(elsewhere)) == ([True] * 3, [False] * 3)
    with reading(elsewhere) as session, pytest.raises(LinkBroken):
        open_link(session, SECRET, Purpose.ACTIONS, link.rpartition("/")[2], LATER)


STATES = ("queued", "sending", "committing", "sent", "uncertain", "held", "failed")


def test_what_was_being_sent_waits_and_what_may_have_gone_is_in_doubt(walk, elsewhere, tmp_path):
    with unit_of_work(walk) as session:
        for state in STATES:
            sent = BEFORE if state == "sent" else None
            words = dict.fromkeys(("kind", "to_name", "to_address", "about", "key"), state)
            moments = dict.fromkeys(("planned_at", "due_at", "not_before"), BEFORE)
            holder = "somebody" if state in ("sending", "committing") else None
            message = Message(
                **words, **moments, person_id=1, facts="{}", routine=True, state=state, sent_at=sent, claimed_by=holder
            )
            session.add(message)

    restore(elsewhere, backup(walk, tmp_path / "all.backup"))

    with reading(elsewhere) as session:
        found = {message.key: message.state for message in session.exec(select(Message)) if message.key in STATES}
        holds = [(hold.since, hold.reason, hold.released_at) for hold in session.exec(select(PostHold))]
    assert found == {state: state for state in STATES} | {"sending": "queued", "committing": "uncertain"}
    assert holds == [(LATER, "The backup of 3 June 2021 at 1pm was restored.", None)]


@pytest.mark.parametrize("copy_of", ["sqlite"], indirect=True)
def test_backup_comes_back_into_tables_that_are_older_or_newer(walk, empty_engine, tmp_path):
    backup(walk, tmp_path / "all.backup")
    with changing(empty_engine) as connection:
        bring_to(connection, None, "0009")

    restore(empty_engine, tmp_path / "all.backup")

    assert unchanged(empty_engine) == unchanged(walk)
