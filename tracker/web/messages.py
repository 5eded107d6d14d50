"""The message that waits for a visitor's next page: what she did has been done."""

from fastapi import Request

from tracker.database import if_it_can_be, unit_of_work
from tracker.people import sessions
from tracker.web.house import house_of

# So many characters of a message are kept.
LONGEST = 500


def leave_message(request: Request, words: str) -> None:
    """Keep a message for the next page of whoever is signed in."""
    with if_it_can_be("What was done"), unit_of_work(house_of(request).engine) as session:
        sessions.leave_message(session, request.state.signed_in.session_id, words[:LONGEST])
