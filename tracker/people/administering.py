"""Who looks after the people, agencies and links of a partnership: its coordinator and its administrator."""

from tracker.errors import NotAllowed, Refused
from tracker.people.doer import Doer
from tracker.people.roles import Role

ADMINISTRATORS = (Role.ADMIN, Role.COORDINATOR)


def looked_after_by(by: Doer) -> list[int]:
    """Give the partnerships that somebody looks after, in the order in which they were loaded."""
    return sorted(by.partnerships_as(*ADMINISTRATORS))


def must_look_after(by: Doer | None, partnership_id: int) -> str | None:
    """Give the role in which somebody looks after a partnership, for the history; the operator (None) needs none.

    Raises `NotAllowed`.
    """
    if by is None:
        return None
    role = next((role for role in ADMINISTRATORS if by.has(role, partnership_id)), None)
    if role is None:
        raise NotAllowed(f"{by.name} may not do this: it is for the admin or coordinator of the partnership.")
    return role.words


def must_be_somebody_else(by: Doer | None, email: str | None) -> None:
    """Refuse whoever would give a role to herself: an administrator sees no case, and lets nobody in alone."""
    if by is not None and email is not None and email.strip().lower() == by.email:
        raise Refused("You cannot add a role of your own. Ask somebody else who may.", code="same_person")
