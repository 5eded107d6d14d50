"""What the forms ask about an action on its way: the last time, a body outside, opening it again."""

from collections.abc import Sequence

from tracker.web.action_choices import Around
from tracker.web.action_words import EXAMPLE
from tracker.web.fields import NO_NAMES, Field, Kind
from workflows.action import WITHOUT_DATE, TimescaleKind


def was_last(around: Around) -> Sequence[Field]:
    """Ask of what comes again whether this was the last time; without a tick it goes on to its next date."""
    if around.shown["timescale"]["kind"] not in (TimescaleKind.RECURRING, TimescaleKind.SEVERAL):
        return ()
    words = "This was the last time: the action is complete as a whole"
    return (Field("last", Kind.TICK, words, as_fact=lambda typed: typed == "yes"),)


def asking(around: Around) -> Sequence[Field]:
    """Ask which body outside was asked, and when."""
    known = around.shown["outside_body"]
    label = f"Which body was asked? (left empty, {known})" if known else "Which body outside was asked?"
    missing = "" if known else "Name the body that was asked"
    hint = "For example, the Department for Education, or London’s safeguarding partnerships."
    return (
        Field("body", Kind.LINE, label, hint, missing),
        Field("on", Kind.DATE, "On which day was it asked?", EXAMPLE, "Enter the day on which it was asked"),
    )


def answering(around: Around) -> Sequence[Field]:
    """Ask what the body outside answered, and when."""
    return (
        Field("on", Kind.DATE, "On which day did it answer?", EXAMPLE, "Enter the day of the answer"),
        Field("text", Kind.WORDS, "What did it answer?", NO_NAMES, "Write what it answered", rows=4),
    )


def reopening(around: Around) -> Sequence[Field]:
    """Ask why an action is open again, and when it is due now where it has a date."""
    reason = Field("reason", Kind.WORDS, "Why is it open again?", NO_NAMES, "Say why it is open again", rows=3)
    if around.shown["timescale"]["kind"] in WITHOUT_DATE or around.shown["outside_body"]:
        return (reason,)
    hint = f"{EXAMPLE} Its old dates stay beside it."
    return reason, Field("due_on", Kind.DATE, "When is it due now?", hint, "Enter when it is due now")
