"""What each deed to an action asks: one table from the deed to its name on pages, its button and its questions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tracker.web.action_choices import Around, new_owner, owner_of
from tracker.web.action_course import answering, asking, reopening, was_last
from tracker.web.action_words import EXAMPLE, Also, as_it_stands, edit_fields, only_changes
from tracker.web.fields import NO_NAMES, Choice, Field, Kind
from tracker.web.forms import Form
from tracker.web.update_form import DONE_WITHOUT, EVIDENCE_FILES, beforehand, has_shown, update_fields
from tracker.web.update_form import asked as asked_of_owner
from workflows.action import Report


@dataclass(frozen=True, slots=True)
class Sheet:
    """The form of one deed: the link to it, its button, its message afterwards, and its questions.

    `checked` notes what has to be said together, gives the questions whose answers are sent, and facts beside them.
    """

    link: str
    button: str
    done: str
    fields: Callable[[Around], Sequence[Field]]
    known: Callable[[Around], Form] | None = None
    checked: Callable[[Around, Form, Sequence[Field]], tuple[Sequence[Field], Also]] | None = None

    def form(self, around: Around) -> Form:
        """Give the form as it is opened."""
        return self.known(around) if self.known else Form()


def _reason(label: str = "Why?", missing: str = "Say why", hint: str = "") -> Field:
    return Field("reason", Kind.WORDS, label, f"{hint} {NO_NAMES}".strip(), missing, rows=3)


def _update(around: Around) -> Sequence[Field]:
    return update_fields(around.last, around.reader)


def _check_update(around: Around, form: Form, fields: Sequence[Field]) -> tuple[Sequence[Field], Also]:
    return asked_of_owner(form, fields, around.last, around.reader), {}


def _accept(around: Around) -> Sequence[Field]:
    if around.last is None or around.last.update.report != Report.DONE:
        return ()
    hint = f"{EXAMPLE} Left empty, it is today."
    return (Field("on", Kind.DATE, "On which day was it complete? (optional)", hint), *was_last(around))


def _complete(around: Around) -> Sequence[Field]:
    return (
        Field("on", Kind.DATE, "On which day was it complete?", EXAMPLE, "Enter the day on which it was complete"),
        *was_last(around),
        Field("evidence", Kind.WORDS, "What shows that it is done?", NO_NAMES, rows=3),
        EVIDENCE_FILES,
    )


def _check_complete(around: Around, form: Form, fields: Sequence[Field]) -> tuple[Sequence[Field], Also]:
    if not has_shown(form):
        form.says("evidence", DONE_WITHOUT)
    return fields, {}


def _review(around: Around) -> Sequence[Field]:
    return (
        Field("on", Kind.DATE, "When was it looked at?", EXAMPLE, "Enter the day on which it was looked at"),
        Field("text", Kind.WORDS, "What was seen? (optional)", NO_NAMES, rows=4),
        Field("next_review_on", Kind.DATE, "When is it looked at next? (optional)", EXAMPLE),
    )


def _hold(around: Around) -> Sequence[Field]:
    missing = "Enter the day on which somebody looks at it again"
    return (
        _reason("Why does it wait?", "Say why it waits"),
        Field("look_again_on", Kind.DATE, "When is it looked at again?", f"{EXAMPLE} Today or later.", missing),
    )


def _impact(around: Around) -> Sequence[Field]:
    measure = "How do you know? (optional)"
    missing = "Say what has changed for children"
    fields = [
        Field("text", Kind.WORDS, "What has changed for children?", NO_NAMES, missing, rows=4),
        Field("measure", Kind.WORDS, measure, f"An audit, a figure, what families say. {NO_NAMES}", rows=2),
    ]
    if around.may_embed:
        words = "It has become habit: the action is embedded"
        fields.append(Field("embedded", Kind.TICK, words, as_fact=lambda typed: typed == "yes"))
    return fields


def _end(around: Around) -> Sequence[Field]:
    hows = (
        Choice("done_differently", "It was done differently", "What it was for has been reached in another way"),
        Choice("not_taken_forward", "It is not taken forward", "It will not be done"),
    )
    return (Field("how", Kind.ONE_OF, "How did it end?", missing="Choose how it ended", choices=hows), _reason())


def _reassign(around: Around) -> Sequence[Field]:
    return (*new_owner(around), _reason("Why does it pass to somebody else?", "Say why it passes to somebody else"))


def _check_owner(around: Around, form: Form, fields: Sequence[Field]) -> tuple[Sequence[Field], Also]:
    missing = "Choose the new owner, or enter a work email address"
    return [field for field in fields if field.name == "reason"], owner_of(form, missing)


def _move(around: Around) -> Sequence[Field]:
    missing = "Enter the new due date"
    hint = f"{EXAMPLE} The first date stays beside it."
    return (
        Field("due_on", Kind.DATE, "When is it due now?", hint, missing),
        _reason("Why is the date moved?", "Say why the date is moved"),
        Field("agreed_with", Kind.LINE, "Who agreed it? (optional)", f"A group or a post. {NO_NAMES}", width=30),
    )


SHEETS: Mapping[str, Sheet] = {
    "update-action": Sheet(
        "Send an update",
        "Send update",
        "Update to {0} sent",
        _update,
        lambda around: beforehand(around.last, around.reader),
        _check_update,
    ),
    "accept-update": Sheet("Accept the update", "Accept the update", "Update to {0} accepted", _accept),
    "query-update": Sheet(
        "Ask about the update",
        "Ask the owner",
        "Question about {0} sent to its owner",
        lambda _: (_reason("What do you ask?", "Write what you ask the owner", "The owner reads it."),),
    ),
    "reassign-action": Sheet(
        "Pass to a new owner", "Pass to the new owner", "{0} has a new owner", _reassign, None, _check_owner
    ),
    "complete-action": Sheet(
        "Record that it is complete", "Record as complete", "{0} is complete", _complete, None, _check_complete
    ),
    "move-due-date": Sheet("Move the due date", "Move the due date", "The due date of {0} is moved", _move),
    "ask-outside": Sheet(
        "Record that a body outside was asked", "Record that it was asked", "The request of {0} is recorded", asking
    ),
    "record-answer": Sheet(
        "Record the answer of the body outside", "Record the answer", "The answer to {0} is recorded", answering
    ),
    "reopen-action": Sheet("Open it again", "Open the action again", "{0} is open again", reopening),
    "hold-action": Sheet("Put on hold", "Put on hold", "{0} is on hold", _hold),
    "release-action": Sheet("Release from hold", "Release the action", "{0} is released", lambda _: ()),
    "review-action": Sheet("Record a review", "Record the review", "The review of {0} is recorded", _review),
    "record-impact": Sheet("Record the impact", "Record the impact", "The impact of {0} is recorded", _impact),
    "edit-action": Sheet(
        "Change what it says",
        "Save the changes",
        "The changes to {0} are saved",
        edit_fields,
        as_it_stands,
        only_changes,
    ),
    "split-action": Sheet(
        "Split it off again",
        "Split the two again",
        "{0} stands for itself again",
        lambda _: (_reason("Why are they not the same?", "Say why they are not the same"),),
    ),
    "end-action": Sheet("End without completing", "End the action", "{0} is closed", _end),
}
