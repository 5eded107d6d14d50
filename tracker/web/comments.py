"""Comments beside a briefing or a reflection: those that are there, and the form for one more."""

from collections.abc import Sequence
from typing import Any

from fastapi import Request

from tracker.people.doer import Doer
from tracker.reflections.commenting import LONGEST, may_comment
from tracker.web.deed_forms import send
from tracker.web.fields import NO_NAMES, Field, Kind
from tracker.web.forms import Form
from tracker.web.messages import leave_message
from tracker.web.step_forms.form import At

COMMENT = Field("text", Kind.WORDS, "Your comment", NO_NAMES, "Write your comment", most=LONGEST, rows=4)


def comments_shown(at: At, about: str, form: Form | None = None) -> dict[str, Any]:
    """Give what a page shows of the comments on something; `form` is one that came back."""
    return {
        "comments": [one for one in at.case["comments"] if one["about"] == about],
        "comment_form": (form or Form()) if may_comment(at.standing, at.reader) else None,
        "comment_fields": [COMMENT],
    }


def send_comment(request: Request, reader: Doer, reference: str, about: str, form: Form) -> bool:
    """Keep a comment; says whether it was kept, with what is wrong noted on the form."""
    fields: Sequence[Field] = [COMMENT]
    done = send(request, reader, "add_comment", reference, form, fields, also={"about": about})
    if done is not None:
        leave_message(request, "Your comment is kept.")
    return done is not None
