"""What somebody has before her when she answers an escalation: the question, what may be answered, and the form."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from sqlmodel import Session

from tracker.clock import london_day
from tracker.errors import NotAllowed, Refused
from tracker.escalations.queries import escalation_by_reference, subjects_about
from tracker.groups.meeting_queries import upcoming_meetings
from tracker.people.doer import Doer
from tracker.showing.show import show
from tracker.web.deed_forms import form_page
from tracker.web.fields import NO_NAMES, Choice, Field, Kind
from tracker.web.forms import Form
from tracker.web.pages import clock_time, day
from workflows.escalation import Answer, EscalationStatus

DEED = "respond-to-escalation"


class Asked:
    """An escalation that somebody is about to answer; raises `NotFound`, also where she may not see it."""

    def __init__(self, session: Session, reference: str, reader: Doer, now: datetime) -> None:
        found = escalation_by_reference(session, reference, reader)
        self.document = show(session, "escalation", found.reference, reader, now)
        self.about = subjects_about(session, [found.id], reader).get(found.id, [])
        self.today = london_day(now)
        meetings = upcoming_meetings(session, [found.level_id], self.today)
        self.meeting_on = meetings[0].on if meetings else None

    @property
    def reference(self) -> str:
        """Give its reference."""
        return str(self.document["reference"])

    @property
    def is_open(self) -> bool:
        """Say whether its reader may answer it now, or add to its answer."""
        return DEED in self.document["steps"]

    def must_be_open(self, reader: Doer) -> None:
        """Raise `Refused` or `NotAllowed` where its reader may not answer it."""
        if self.document["status"] == EscalationStatus.WITHDRAWN:
            raise Refused(f"{self.reference} is withdrawn: it needs no answer.", code="wrong_status")
        if not self.is_open:
            level = self.document["level_name"]
            raise NotAllowed(f"{reader.name} may not answer {self.reference}: it waits for {level}.")

    def shown(self, form: Form) -> Sequence[Field]:
        """Give the questions of the form."""
        answer = form.text("answer")
        return (
            Field("answer", Kind.ONE_OF, "What is the response?", missing="Choose the response", choices=self._choices),
            Field(
                "until",
                Kind.DATE,
                "If you decide later, on which date?",
                hint=f"Leave this empty to decide at the meeting on {day(self.meeting_on)}" if self.meeting_on else "",
                missing="" if self.meeting_on else "Enter the date on which you will decide",
            ),
            Field(
                "text",
                Kind.WORDS,
                "What will happen, who will do it and by when?",
                hint=f"The group that asked will read this word for word. {NO_NAMES}",
                missing="Say what the group is asked first" if answer == Answer.ASKED_BACK else "",
                most=4000,
            ),
        )

    def fields(self, form: Form) -> Sequence[Field]:
        """Give the questions that belong to the answer that was chosen."""
        is_put_off = form.text("answer") == Answer.DEFERRED
        return [field for field in self.shown(form) if field.name != "until" or (is_put_off and not self._at(form))]

    def also(self, form: Form) -> dict[str, Any]:
        """Give the facts that the page knows: today, and the meeting at which it will be decided."""
        return {"on": self.today.isoformat()} | ({"until": self._at(form)} if self._at(form) else {})

    def _at(self, form: Form) -> str | None:
        """Give the day of the meeting where that is when it will be decided."""
        is_at_meeting = form.text("answer") == Answer.DEFERRED and self.meeting_on and not form.date("until")
        return self.meeting_on.isoformat() if is_at_meeting and self.meeting_on else None

    @property
    def _choices(self) -> Sequence[Choice]:
        settling = [Choice(answer.value, answer.words) for answer in Answer if answer.settles]
        if self.document["status"] != EscalationStatus.WAITING:
            return settling
        hint = f"It stays on the agenda for {day(self.meeting_on)}" if self.meeting_on else "Give the date below"
        at = Choice(Answer.DEFERRED, "Decide at the meeting, or later" if self.meeting_on else "Decide later", hint)
        back = Choice(Answer.ASKED_BACK, "Ask the group something first", "It goes on waiting for your answer")
        return [*settling, at, back]

    def has_moved_on(self, form: Form) -> bool:
        """Say whether somebody did something to it after the form was opened, and note that; the text is kept."""
        if form.seen == self.document["version"]:
            return False
        newest, last = self.document["response"], self.document["history"][-1]
        did = last["deed"].replace("_", "-")
        if newest is not None and did == DEED:
            said = f"has moved on. {newest['by']} answered it at {clock_time(newest['at'])}."
        else:
            done = f" {last['by']} did {did} at {clock_time(last['at'])}." if last["by"] else ""
            said = f"has moved on since you opened it.{done}"
        form.errors = {"form": f"{self.reference} {said} Your text is kept below."}
        form.status = HTTPStatus.CONFLICT
        return True

    def form_page(self, request: Request, form: Form) -> Response:
        """Show the question with the form to answer it."""
        shown = {"escalation": self.document, "about": self.about, "is_open": self.is_open}
        return form_page(request, "pages/escalations/respond.html", form, self.shown(form), **shown)
