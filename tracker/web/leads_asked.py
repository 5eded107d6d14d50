"""The leads of a case who have not said yet whether they are independent: a coordinator sends the question again."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.reminders.by_hand import of_lead, reminded_today
from tracker.web.step_forms.form import At


@dataclass(frozen=True, slots=True)
class LeadAsked:
    """A lead whose answer is waited for, and whether the question was sent again today."""

    name: str
    is_reminded: bool


def leads_asked(at: At) -> Sequence[LeadAsked]:
    """Give them to a coordinator, who alone may remind them."""
    if not at.coordinates:
        return ()
    unknown = set(at.standing.leads_not_confirmed)
    asked = {of_lead(lead.id): lead.name for lead in at.standing.leads if lead.name in unknown}
    reminded = reminded_today(at.session, asked, at.now)
    return [LeadAsked(name, subject in reminded) for subject, name in asked.items()]
