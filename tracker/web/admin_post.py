"""Releasing the post that is held since a backup was brought back."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tracker.policy import policy
from tracker.reminders.holding import held_post
from tracker.web.admin import FOR_ADMINISTRATORS, Here, admin_page
from tracker.web.deed_forms import send
from tracker.web.fields import Choice, Field, Kind
from tracker.web.forms import Form, Posted
from tracker.web.messages import leave_message
from tracker.web.pages import see_other
from tracker.web.visitors import Db, Reader

routes = APIRouter()

_DROP = "drop"
FIELDS = [
    Field(
        "doubtful",
        Kind.ONE_OF,
        "What shall happen to the emails that may have gone already?",
        missing="Choose what shall happen to the emails that may have gone already",
        choices=[
            Choice("send", "Send them", "Somebody may get an email twice."),
            Choice(
                _DROP,
                "Do not send them",
                "They count as sent, and so do those in doubt. Somebody may miss an email: reminders come again with "
                "their next date, notices of a new action or a moved date do not come again.",
            ),
        ],
    ),
]


@routes.get("/admin/emails/release")
@policy(FOR_ADMINISTRATORS)
def release_form(request: Request, db: Db, here: Here) -> Response:
    """Say what waits and since when, and ask what shall happen to the emails that may have gone already."""
    return admin_page(request, "release", here, held=held_post(db), form=Form(), fields=FIELDS)


@routes.post("/admin/emails/release")
@policy(FOR_ADMINISTRATORS)
def release(request: Request, db: Db, reader: Reader, here: Here, form: Posted) -> Response:
    """Let the post go again."""
    if not form.text("doubtful"):
        form.says("doubtful", FIELDS[0].missing)
    facts = {"drop_waiting": form.text("doubtful") == _DROP}
    places = {"already_done": FIELDS[0]}
    if send(request, reader, "release_post", here.partnership.code, form, [], also=facts, places=places) is None:
        held = held_post(db)
        return admin_page(request, "release", here, form.status, held=held, form=form, fields=FIELDS)
    words = "Emails go within a minute or two, reminders of an earlier day with the next morning’s."
    leave_message(request, f"The post goes again. {words}")
    return see_other(here.at("/admin/emails"))
