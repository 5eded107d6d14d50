"""What tests of reminders share: the service's own run at a moment, and the emails that it left in a folder."""

import email
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, select

from notifications import outbox
from notifications.folder import FolderTransport
from tests.make import act
from tracker.clock import moment_from
from tracker.database import reading, unit_of_work
from tracker.groups.models import Partnership
from tracker.people.queries import person_by_email
from tracker.reminders.jobs import run_due
from tracker.reminders.models import JobSlot

OWNER = "owner@thscp.example"
LEAD = "agency_lead@thscp.example"
COORDINATOR = "coordinator@thscp.example"
CARE = "Children's Social Care"


@dataclass
class Post:
    """A service whose emails lie in a folder."""

    engine: Engine
    folder: Path
    seen: set[str] = field(default_factory=set)

    def run(self, now: str) -> list[str]:
        """Run what is due at a moment, and give what was sent: to whom, and the subject."""
        run_due(self.engine, FolderTransport(self.folder), now=moment_from(now))
        return [f"{mail['To']}: {mail['Subject']}" for mail in self.new()]

    def runs(self, days: Sequence[str], at: str = "08:00") -> dict[str, list[str]]:
        """Run at an hour of each day, and give what was sent on those days on which something was."""
        sent = {day: self.run(f"{day}T{at}") for day in days}
        return {day: emails for day, emails in sent.items() if emails}

    def new(self) -> list[EmailMessage]:
        """Give the emails that were not there the last time."""
        paths = [path for path in sorted(self.folder.glob("*.eml")) if path.name not in self.seen]
        self.seen.update(path.name for path in paths)
        return [read(path) for path in paths]

    def texts(self) -> list[str]:
        """Give the text of every email, in the order of sending."""
        return [text_of(read(path)) for path in sorted(self.folder.glob("*.eml"))]


def read(path: Path) -> EmailMessage:
    """Read an email as a mail program does."""
    return email.message_from_bytes(path.read_bytes(), policy=default)  # type: ignore[return-value]


def text_of(mail: EmailMessage) -> str:
    """Give the plain part of an email, with the line ends of this machine."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def add(
    engine: Engine, *, now: str = "2021-06-01T12:00", at: str = "thscp", by: str = COORDINATOR, **facts: Any
) -> str:
    """Add an action of the owner to the plan, due on Wednesday 30 June 2021 unless said otherwise."""
    given = {"text": "Share the records", "title": "Share records", "owner": OWNER, "due_on": "2021-06-30", **facts}
    wanted = {key: value for key, value in given.items() if value is not None}
    return act(engine, "add_action", at, by=by, now=now, **wanted).reference


def setting(engine: Engine, key: str, value: Any, *, now: str = "2021-01-04T09:00", of: str = "thscp") -> None:
    """Change a setting of a partnership."""
    act(engine, "change_setting", of, by=f"coordinator@{of}.example", key=key, value=value, now=now)


def states(engine: Engine) -> list[tuple[str, str]]:
    """Give every message: its kind, and how far it got."""
    with reading(engine) as session:
        return [(message.kind, message.state) for message in outbox.messages(session)]


def slots(engine: Engine) -> list[tuple[str, str]]:
    """Give the mornings that are done: whose, and of which day."""
    with reading(engine) as session:
        return list(session.exec(select(JobSlot.job, JobSlot.slot).order_by(JobSlot.job, JobSlot.slot)))


def partnership(session: Session, code: str = "thscp") -> Partnership:
    """Give a partnership to make records of."""
    return session.exec(select(Partnership).where(Partnership.code == code)).one()


def change_person(engine: Engine, address: str, **values: Any) -> None:
    """Change what is known of somebody."""
    with unit_of_work(engine) as session:
        person = person_by_email(session, address)
        for name, value in values.items():
            setattr(person, name, value)
        session.add(person)
