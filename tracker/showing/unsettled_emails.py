"""The emails that somebody has to see to, as far as a reader may know of them.

Of one about several records each coordinator sees that there is one, with the records that are hers: another's must not
hide it from everybody.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from notifications import finding
from notifications.finding import Brief
from tracker.people.doer import Doer
from tracker.showing.emails import Sight, reached_by

DOUBTS, FAILURES, SILENT = "doubts", "failures", "silent"


def unsettled_emails(
    session: Session, reader: Doer | None, now: datetime, partnership_id: int | None = None
) -> Mapping[str, Sequence[Brief]]:
    """Give the emails of which nobody knows whether they went; that could not go; of which nothing was heard again."""
    found = finding.unsettled(session, reached_by(reader, partnership_id), now)
    groups = {DOUBTS: found.in_doubt, FAILURES: found.not_gone, SILENT: found.silent}
    if reader is None:
        return groups
    sight = Sight(session, reader)
    return {group: sight.shares(emails) for group, emails in groups.items()}
