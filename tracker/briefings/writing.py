"""Writing a seven-minute briefing: a draft, saved box by box, and its approval, which makes a version of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from tracker import history
from tracker.briefings.boxes import HEADINGS, LONGEST_TITLE, NAMES
from tracker.briefings.fitting import fits
from tracker.briefings.models import Briefing
from tracker.briefings.queries import draft_of, newest_version, texts_of
from tracker.cases.standing import Standing
from tracker.database import to_json
from tracker.errors import Refused
from tracker.facts import Facts, NoFacts, on_one_line_or_nothing, words_or_nothing
from tracker.people.doer import Doer
from tracker.people.permissions import require
from tracker.people.roles import Role
from tracker.rows import write
from workflows.dates import uk_date
from workflows.vocabulary import Event
from workflows.wording import listed

TOO_LONG_FOR_A_PAGE = "It does not fit on one page: use fewer lines or shorter words."

_Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=LONGEST_TITLE),
    AfterValidator(on_one_line_or_nothing),
]
_Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=420), AfterValidator(words_or_nothing)]
_Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300), AfterValidator(words_or_nothing)]


class WriteBriefing(Facts):
    """What changes of the title and the seven boxes; what is left out stays, an empty text empties its box."""

    title: _Title | None = None
    why_this_matters: _Words | None = None
    what_happened: _Short | None = None
    what_we_learnt: _Words | None = None
    what_worked_well: _Words | None = None
    what_is_changing: _Words | None = None
    what_you_can_do_today: _Words | None = None
    talk_about_it: _Words | None = None


def write_briefing(standing: Standing, facts: WriteBriefing, *, now: datetime, by: Doer) -> None:
    """Save the draft of the briefing; after an approval the next draft begins with the words of that version.

    The history keeps what was written each time, so that nothing that somebody else has replaced is lost.
    """
    _must_be_hers_and_open(standing, "write_briefing", by)
    changed = {name: text for name in NAMES if (text := getattr(facts, name)) is not None}
    if not changed:
        raise Refused("Nothing is given to write: give the title, or one of the seven boxes.", code="nothing_given")
    session, case = standing.session, standing.case
    draft = draft_of(session, case.id)
    before = texts_of(draft or newest_version(session, case.id))
    texts = {name: text for name, text in (before | changed).items() if text}
    headings = [HEADINGS[name] for name in changed]
    what = f"Draft of the seven-minute briefing: {listed(headings)}"
    history.note(
        session,
        case.reference,
        "write_briefing",
        at=now,
        by=by,
        role=Role.COORDINATOR.words,
        what=what,
        more={"texts": changed},
    )
    if draft is None:
        made = Briefing(case_id=case.id, draft_of_id=case.id, texts=to_json(texts), written_by_id=by.id, written_at=now)
        write(session, made)
        return
    draft.texts, draft.written_by_id, draft.written_at = to_json(texts), by.id, now
    session.add(draft)


def approve_briefing(standing: Standing, _facts: NoFacts, *, now: datetime, by: Doer) -> None:
    """Make the draft a version with a number, which never changes; a later draft makes the next one."""
    _must_be_hers_and_open(standing, "approve_briefing", by)
    session, case = standing.session, standing.case
    draft = draft_of(session, case.id)
    if draft is None:
        raise Refused("There is no draft of the briefing to approve: write-briefing comes first.", code="no_draft")
    wrong = what_is_wrong(texts_of(draft))
    if wrong:
        raise Refused(" ".join(wrong), code="not_whole")
    last = newest_version(session, case.id)
    draft.number = 1 if last is None or last.number is None else last.number + 1
    draft.draft_of_id = None
    draft.learning_from = learning_from(standing)
    draft.approved_by_id, draft.approved_at = by.id, now
    session.add(draft)
    what = f"Version {draft.number} of the seven-minute briefing"
    role = Role.COORDINATOR.words
    history.note(session, case.reference, "approve_briefing", at=now, by=by, role=role, what=what)


def what_is_wrong(texts: Mapping[str, str]) -> list[str]:
    """Say what a draft lacks before it can be approved: nothing when it is whole and fits on its page."""
    sentences = []
    missing = [HEADINGS[name] for name in NAMES if not texts.get(name)]
    if missing:
        sentences.append(f"Write something for {listed([f'“{heading}”' for heading in missing])}.")
    if not fits(texts):
        sentences.append(TOO_LONG_FOR_A_PAGE)
    return sentences


def learning_from(standing: Standing) -> str:
    """Say what the learning comes from, as a sheet for all staff may say it: nothing by which a child is known here.

    The label under which a review was published stands there once it is published.
    """
    published = standing.day_of(Event.PUBLICATION)
    if published is None:
        return "Learning from our work together"
    label = standing.case.public_label
    review = f"the review published as {label}" if label else "a local child safeguarding practice review"
    return f"Learning from {review}, {'' if label else 'published '}{uk_date(published)}"


def _must_be_hers_and_open(standing: Standing, deed: str, by: Doer) -> None:
    require(by, deed, standing.case.partnership_id)
    if standing.case.closed_at is not None:
        raise Refused("The case is closed: nothing more can be recorded on it.", code="wrong_status")
