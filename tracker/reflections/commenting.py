"""Comments on the briefing of a case and on its reflections: beside the words that they are about, never edited."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, StringConstraints

from tracker import history
from tracker.briefings.queries import briefings_of
from tracker.cases.standing import Standing
from tracker.errors import Refused
from tracker.facts import Facts, words_or_nothing
from tracker.people.doer import Doer
from tracker.people.permissions import ROLES_FOR, require
from tracker.people.roles import Role
from tracker.reflections.models import Comment
from tracker.rows import write
from workflows.checking import EVENT_OF_REFLECTION

BRIEFING = "briefing"
LONGEST = 1000


class AddComment(Facts):
    """What is remarked, and on what: the briefing, or one of the reflections."""

    about: Literal["briefing", "6m", "12m", "update"]
    text: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST),
        AfterValidator(words_or_nothing),
    ]


def may_comment(standing: Standing, by: Doer) -> bool:
    """Say whether somebody may comment on the case as it stands: a scrutineer, and the coordinator to answer."""
    held = ROLES_FOR["add_comment"] & by.roles_in(standing.case.partnership_id)
    return bool(held) and standing.case.closed_at is None


def add_comment(standing: Standing, facts: AddComment, *, now: datetime, by: Doer) -> None:
    """Keep a comment in its writer's name; on what is not written or recorded yet there is none."""
    session, case = standing.session, standing.case
    require(by, "add_comment", case.partnership_id)
    if case.closed_at is not None:
        raise Refused("The case is closed: nothing more can be recorded on it.", code="wrong_status")
    if not _is_there(standing, facts.about):
        raise Refused(f"There is nothing to comment on yet: {_words(facts.about)} comes first.", code="no_subject")
    role = Role.SCRUTINEER if by.has(Role.SCRUTINEER, case.partnership_id) else Role.COORDINATOR
    history.note(
        session,
        case.reference,
        "add_comment",
        at=now,
        by=by,
        role=role.words,
        what=f"On {_words(facts.about)}: {facts.text}",
        more={"about": facts.about},
    )
    write(session, Comment(case_id=case.id, about=facts.about, text=facts.text, person_id=by.id, at=now))


def _is_there(standing: Standing, about: str) -> bool:
    if about == BRIEFING:
        return briefings_of(standing.session, standing.case).newest is not None
    return standing.day_of(EVENT_OF_REFLECTION[about]) is not None


def _words(about: str) -> str:
    return "the seven-minute briefing" if about == BRIEFING else EVENT_OF_REFLECTION[about].words
