"""What the forms about an action may choose from: agencies, themes, and the people who may own it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, or_, select

from tracker.actions.models import Action
from tracker.actions.owned import LastWord
from tracker.groups.models import Group
from tracker.groups.themes import vocabulary
from tracker.people.doer import Doer
from tracker.people.models import Agency, Person
from tracker.web.fields import Choice, Field, Kind
from tracker.web.forms import Form
from tracker.web.load_tables import LoadTable

_WORK_EMAIL = "Enter a work email address, like name@agency.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """An action with what its forms need: how it is shown, what was said of it last, and what may be chosen."""

    reader: Doer
    shown: dict[str, Any]
    last: LastWord | None
    agencies: Sequence[Choice] = ()
    themes: Sequence[Choice] = ()
    owners: Sequence[Choice] = ()
    groups: Sequence[Choice] = ()
    may_embed: bool = False
    load: LoadTable | None = None


def agencies_of(session: Session, partnerships: Sequence[int]) -> list[Choice]:
    """Give the agencies of some partnerships by their names."""
    question = select(Agency.name).where(col(Agency.partnership_id).in_(partnerships))
    return [Choice(name, name) for name in session.exec(question.order_by(Agency.name).distinct())]


def groups_of(session: Session, partnerships: Sequence[int]) -> list[Choice]:
    """Give the groups of some partnerships by their names; one that has ended takes no more actions."""
    question = select(Group.code, Group.name).where(col(Group.partnership_id).in_(partnerships))
    rows = session.exec(question.where(col(Group.ended_on).is_(None)).order_by(Group.name))
    return [Choice(code, name) for code, name in rows]


def all_themes(session: Session, partnerships: Sequence[int], also: Sequence[str] = ()) -> list[Choice]:
    """Give the themes that may be chosen in some partnerships, and those that something has `also`."""
    known = vocabulary(session)
    in_use = known.in_use(partnerships)
    return [Choice(code, label) for code, label in known.labels(partnerships).items() if code in in_use or code in also]


def owners_in(session: Session, reader: Doer, agency_id: int | None, partnership_id: int) -> list[Choice]:
    """Give the people and posts of an agency who may own an action; of the whole partnership where it has none."""
    question = select(Person).where(or_(col(Person.ended_on).is_(None), col(Person.ended_on) > reader.day))
    if agency_id is not None:
        question = question.where(Person.agency_id == agency_id)
    else:
        agencies = select(Agency.id).where(Agency.partnership_id == partnership_id)
        question = question.where(col(Person.agency_id).in_(agencies))
    people = session.exec(question.order_by(Person.name)).all()
    return [Choice(person.email or person.name, person.name) for person in people]


def owners_for(session: Session, reader: Doer, action: Action) -> list[Choice]:
    """Give the people who may own an action from now on: not its owner."""
    now_owner = None if action.owner_id is None else session.get_one(Person, action.owner_id)
    found = owners_in(session, reader, action.agency_id, action.partnership_id)
    return [one for one in found if now_owner is None or one.value != (now_owner.email or now_owner.name)]


def new_owner(around: Around) -> Sequence[Field]:
    """Give the questions for an owner: one of the agency's people, or somebody else by email."""
    typed = Field("owner_email", Kind.LINE, "Owner’s work email address", "For example, name@agency.example.", width=30)
    if not around.owners:
        return (typed,)
    others = Field("owner_email", Kind.LINE, "Or somebody else, by work email address", typed.hint, width=30)
    return Field("owner", Kind.SELECT, "Who owns it?", choices=around.owners), others


def owner_of(form: Form, missing: str = "") -> dict[str, Any]:
    """Give the owner as a fact: who was typed, or else who was chosen; notes it where neither is and one must be."""
    typed = form.text("owner_email")
    if typed and ("@" not in typed or " " in typed):
        form.says("owner_email", _WORK_EMAIL)
        return {}
    owner = typed or form.text("owner")
    if not owner and missing:
        form.says("owner" if "owner" in form.typed else "owner_email", missing)
    return {"owner": owner} if owner else {}
