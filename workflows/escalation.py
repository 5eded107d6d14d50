"""Statuses of an escalation and the answers to one: the same in every partnership."""

from enum import StrEnum


class EscalationStatus(StrEnum):
    """Where an escalation stands; the value is the code."""

    WAITING = "waiting"
    ANSWERED = "answered"
    TOLD = "told"
    WITHDRAWN = "withdrawn"

    @property
    def words(self) -> str:
        """Give the words a reader sees."""
        return {"told": "Answered and group told"}.get(self.value, self.value.capitalize())


# Other words may have been given through the other doors: they stand as they were typed.
_NEEDED = {"routine": "At its next meeting", "urgent": "Before its next meeting"}


def needed_words(urgency: str) -> str:
    """Say when the body that is asked is to answer."""
    return _NEEDED.get(urgency, urgency.capitalize())


class Answer(StrEnum):
    """What the body above says; `deferred` and `asked_back` leave the escalation waiting."""

    AGREED = "agreed"
    AGREED_IN_PART = "agreed_in_part"
    NOT_AGREED = "not_agreed"
    DEFERRED = "deferred"
    ASKED_BACK = "asked_back"

    @property
    def words(self) -> str:
        """Give the words a reader sees."""
        return {"deferred": "Decide later", "asked_back": "Asked the group something first"}.get(
            self.value, self.value.replace("_", " ").capitalize()
        )

    @property
    def settles(self) -> bool:
        """Say whether the escalation is answered by this, or goes on waiting."""
        return self not in (Answer.DEFERRED, Answer.ASKED_BACK)
