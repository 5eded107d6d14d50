"""The table of all forms of steps, by the name of the deed; the decision has pages of its own."""

from collections.abc import Mapping

from tracker.web.step_forms import access, holds, publication, rapid_review, ratification, reflection, review
from tracker.web.step_forms.form import StepForm

_STAGES = (rapid_review, ratification, review, publication, reflection, holds, access)

STEP_FORMS: Mapping[str, StepForm] = {form.deed: form for stage in _STAGES for form in stage.FORMS}
_BESIDE_THEM = {
    "open_case": "opened the case",
    "record_decision": "recorded the decision",
    "write_briefing": "saved a draft of the briefing",
    "approve_briefing": "approved the briefing",
    "add_comment": "commented",
    "draft_decision": "saved a draft of the decision",
    "send_reminder": "sent a reminder",
}


def past_of(deed: str) -> str:
    """Say a deed about a case as done: `recorded the notification`."""
    form = STEP_FORMS.get(deed)
    return form.past if form else _BESIDE_THEM.get(deed, f"did {deed.replace('_', ' ')}")
