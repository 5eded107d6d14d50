"""A row of a plan that says something else than the plan, and the line in the history that its taking over leaves."""

from dataclasses import dataclass

from sqlmodel import Session

from tracker import history
from tracker.actions.models import Action
from tracker.importing.owning import Owning
from tracker.importing.storing import Import
from tracker.importing.verdicts import Understood
from tracker.people.doer import Doer
from tracker.people.roles import Role


@dataclass(frozen=True, slots=True)
class Change:
    """A row whose changes are taken over: the action, what the row says now, and which fields differ."""

    session: Session
    action: Action
    said: Understood
    fields: frozenset[str]
    why: str
    about: Import
    owning: Owning

    @property
    def by(self) -> Doer:
        """Give who takes it over."""
        return self.about.by


def line(change: Change, deed: str, what: str, old: str | None, new: str | None) -> None:
    """Write a line about the action into the history: what was taken over, and whence."""
    history.note(
        change.session, change.action.reference, deed, at=change.about.now, by=change.by,
        role=Role.COORDINATOR.words, what=what, old=old, new=new,
    )  # fmt: skip
