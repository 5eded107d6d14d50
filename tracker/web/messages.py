"""The message that waits for a visitor's next page: what she did has been done."""

from contextlib import nullcontext

from fastapi import Request

from tracker.database import if_it_can_be, unit_of_work
from tracker.people import sessions
from tracker.web.house import house_of

# So many characters of a message are kept.
LONGEST = 500


def leave_message(request: Request, words: str, *, must_arrive: bool = False) -> None:
    """Keep a message for the next page of whoever is signed in.

    What was done is done without it; one that says what could not be done `must_arrive`, or she would not know.
    """
    noted = nullcontext() if must_arrive else if_it_can_be("The message about what was done")
    with noted, unit_of_work(house_of(request).engine) as session:
        sessions.leave_message(session, request.state.signed_in.session_id, words[:LONGEST])
