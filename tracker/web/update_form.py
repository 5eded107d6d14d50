"""The form with which an owner says where her action is: its questions, and what stands in it beforehand."""

from collections.abc import Sequence

from tracker.actions.owned import LastWord
from tracker.clock import london_day
from tracker.files.kinds import LARGEST_FILE, MOST_FILES, size_words
from tracker.people.doer import Doer
from tracker.web.fields import NO_NAMES, Choice, Field, Kind, filled
from tracker.web.forms import Form
from tracker.web.pages import day
from workflows.action import Report
from workflows.dates import iso_text

_LONGEST = 1000
_REPORTS = (
    Choice(Report.ON_TRACK, "On track: it will be done by its date"),
    Choice(Report.AT_RISK, "At risk or late, but moving"),
    Choice(Report.STUCK, "Stuck: I need help", "We will raise it with your agency lead"),
    Choice(Report.DONE, "Done", "Say below what shows it"),
    Choice(Report.NOT_MINE, "This action is not mine", "We will find the right person. You can leave the rest empty"),
)
# What is done or somebody else's has no day on which its owner expects to finish.
_WITHOUT_END = (Report.DONE, Report.NOT_MINE)
DONE_WITHOUT = "Say what shows that it is done, or add a file"
EVIDENCE_FILES = Field(
    "files",
    Kind.FILES,
    "Add evidence (optional)",
    f"PDF, Word, Excel or image files, {MOST_FILES} at most, each smaller than {size_words(LARGEST_FILE)}. {NO_NAMES} "
    "Files are not scanned for viruses.",
)
_HOW = "A few sentences are enough. If it is done, say what is different for children now and how you know."


def update_fields(last: LastWord | None, owner: Doer) -> tuple[Field, ...]:
    """Give the questions of the form; the time they ask about begins with the last update that was dealt with."""
    since = _since(last)
    given = "We have filled in the date you gave last time. Change it if it has moved."
    example = "For example, 29 1 2027. Leave it empty if you do not know yet."
    hint = given if _expected(last, owner) else example
    return (
        Field(
            "report", Kind.ONE_OF, "Where is this action now?", missing="Say where this action is now", choices=_REPORTS
        ),
        Field("text", Kind.WORDS, f"What has happened {since}?", hint=f"{_HOW} {NO_NAMES}", most=_LONGEST, rows=5),
        Field("expected_on", Kind.DATE, "When do you expect to finish?", hint=hint),
        Field("evidence", Kind.WORDS, "What shows that it is done?", hint=f"Only if it is done. {NO_NAMES}", rows=3),
        EVIDENCE_FILES,
    )


def has_shown(form: Form) -> bool:
    """Say whether something is given that shows that an action is done: in words or as a file."""
    return bool(form.text("evidence") or form.uploads.get("files"))


def beforehand(last: LastWord | None, owner: Doer) -> Form:
    """Give the form as it is opened: no answer chosen; her words of an update that may still be changed."""
    known = {"expected_on": _expected(last, owner)}
    if last is not None and _is_hers(last, owner):
        known |= {"text": last.update.text, "evidence": last.evidence or None}
    return filled(update_fields(last, owner), known)


def asked(form: Form, fields: Sequence[Field], last: LastWord | None, owner: Doer) -> Sequence[Field]:
    """Give the questions that the answer chosen leaves open, and note what has to be said with it."""
    report, text = form.text("report"), form.text("text")
    if not report:
        form.says("report", fields[0].missing)
    if not text and report not in _WITHOUT_END:
        form.says("text", f"Say what has happened {_since(last)}")
    if len(text) > _LONGEST:
        form.says("text", f"What has happened must be {_LONGEST:,} characters or fewer (you have {len(text):,})")
    if report == Report.DONE and not has_shown(form) and not (_is_hers(last, owner) and last and last.files):
        form.says("evidence", DONE_WITHOUT)
    left_out = {"expected_on"} if report in _WITHOUT_END else set()
    if report == Report.NOT_MINE:
        left_out |= {"evidence", "files"}
    return [field for field in fields if field.name not in left_out]


def _is_hers(last: LastWord | None, owner: Doer) -> bool:
    """Say whether the last update is one that she may still change."""
    return last is not None and last.waits and last.update.person_id == owner.id


def _since(last: LastWord | None) -> str:
    at = None if last is None else last.since
    return "so far" if at is None else f"since {day(london_day(at))}"


def _expected(last: LastWord | None, owner: Doer) -> str | None:
    """Give the day on which she said she expects to finish, unless it has passed."""
    if last is None or last.update.expected_on is None or last.update.expected_on.overdue_on(owner.day):
        return None
    return iso_text(last.update.expected_on)
