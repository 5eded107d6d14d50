"""A process that is killed (kill -9) while it hands an email to a mail server."""

import os
import signal
from dataclasses import dataclass
from datetime import datetime

from notifications.smtp import SmtpTransport
from notifications.smtp_place import MailPlace
from notifications.transports import Commit, OutgoingMail, Receipt
from tests.aging import age_leases
from tests.forking import CONTEXT
from tests.passing_on import PassingOn
from tracker.database import engine_for
from tracker.reminders.jobs import run_due

DIES = ("before it is handed over", "just before the final dot", "after the final dot")
KILLED = -signal.SIGKILL
_LONGEST_SECONDS = 120


def killed_while_sending(url: str, place: MailPlace, sender: str, now: datetime, dies: str) -> int:
    """Let a process do what is due and die at its first email; give how it ended."""
    process = CONTEXT.Process(target=_do_and_die, args=(url, place, sender, now, dies))
    process.start()
    process.join(_LONGEST_SECONDS)
    engine = engine_for(url)
    age_leases(engine)
    engine.dispose()
    assert process.exitcode is not None
    return process.exitcode


def _do_and_die(url: str, place: MailPlace, sender: str, now: datetime, dies: str) -> None:
    run_due(engine_for(url), _Dying(SmtpTransport(place, sender), dies), now=now)


@dataclass(frozen=True, slots=True)
class _Dying(PassingOn):
    dies: str

    def send(self, outgoing: OutgoingMail, commit: Commit) -> Receipt:
        def commit_and_die() -> None:
            commit()
            if self.dies == "just before the final dot":
                os.kill(os.getpid(), signal.SIGKILL)

        if self.dies == "before it is handed over":
            os.kill(os.getpid(), signal.SIGKILL)
        receipt = self.real.send(outgoing, commit_and_die)
        os.kill(os.getpid(), signal.SIGKILL)
        return receipt
