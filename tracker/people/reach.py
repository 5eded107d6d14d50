"""Who can be written to on a day."""

from datetime import date

from tracker.people.models import Person


def may_be_written_to(person: Person, today: date, *, statutory: bool = False) -> bool:
    """Say whether somebody has an address, is there, has not left, and wants what is routine.

    Statutory notices reach also whoever opted out of everything else.
    """
    if person.email is None or (person.opted_out and not statutory):
        return False
    if person.ended_on is not None and person.ended_on <= today:
        return False
    absent = person.absent_from is not None and person.absent_from <= today
    return not (absent and (person.absent_until is None or today <= person.absent_until))
