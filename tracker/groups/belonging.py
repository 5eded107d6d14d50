"""Records of a partnership, found for somebody who has a part in it: for everybody else they are not there."""

from sqlmodel import Session

from tracker.errors import NotFound
from tracker.groups.models import Group, Meeting, Partnership
from tracker.groups.queries import group_by_code, meeting_by_reference, partnership_by_code
from tracker.people.doer import Doer


def must_belong_here(by: Doer, partnership_id: int, sentence: str) -> None:
    """Refuse a record of a partnership in which somebody has no part, as if there were none; raises `NotFound`."""
    if partnership_id not in by.roles and partnership_id not in by.groups:
        raise NotFound(sentence)


def partnership_for_deed(session: Session, code: str, by: Doer) -> Partnership:
    """Find a partnership for somebody who does a deed to it; nobody else can change it until the unit of work ends."""
    partnership = partnership_by_code(session, code, lock=True)
    must_belong_here(by, partnership.id, f"There is no partnership {partnership.code!r} that you can open.")
    return partnership


def meeting_for_deed(session: Session, reference: str, by: Doer) -> Meeting:
    """Find a meeting for somebody who does a deed to it; nobody else can change it until the unit of work ends."""
    meeting = meeting_by_reference(session, reference, lock=True)
    group = session.get_one(Group, meeting.group_id)
    must_belong_here(by, group.partnership_id, f"There is no meeting {reference!r}.")
    return meeting


def group_of_hers(session: Session, code: str, reference: str | None, by: Doer) -> Group:
    """Find a group for a deed of somebody who has a part in its partnership; raises `NotFound` or `Refused`.

    `reference` names the partnership, where several have such a group.
    """
    partnership_id = None if reference is None else partnership_by_code(session, reference).id
    group = group_by_code(session, code, by, partnership_id)
    must_belong_here(by, group.partnership_id, f"There is no group {code!r} that you can open.")
    return group
