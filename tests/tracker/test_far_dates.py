"""Days that are far away: no record with one stops a list, a paper or a morning for everybody."""

import pytest
from sqlmodel import select

from notifications.ways_out import transport_for
from tests.make import act, shown
from tests.tracker.walking import CARE, CONTROL, LATER, WALK, person
from tracker.actions.models import Action
from tracker.clock import moment_from
from tracker.database import reading, unit_of_work
from tracker.deeds import DEEDS
from tracker.doing import read_facts
from tracker.errors import FactsWrong, Refused
from tracker.history import HistoryLine
from tracker.reminders.jobs import run_due
from tracker.showing.lists import LISTS, list_rows
from workflows.dates import PartialDate

LAST = "2200-12-31"
FIRST = "1900-01-01"


def refusal(engine, deed, **facts):
    """Give the sentence with which a deed is refused."""
    tried = WALK[deed]
    with pytest.raises((FactsWrong, Refused)) as refused:
        act(engine, deed, tried.reference, by=CONTROL, now=LATER, **{**tried.facts, **facts})
    return str(refused.value).removeprefix(f"The facts do not fit {deed.replace('_', '-')}: ")


@pytest.mark.parametrize("then_every", [7, None])
def test_action_whose_day_is_far_away_stands_in_every_list_and_morning(walk, tmp_path, then_every):
    act(walk, "change_setting", "thscp", by=CONTROL, now=LATER, key="reminders.then_every", value=then_every)
    for due, review in ((LAST, FIRST), (FIRST, LAST), ("1900", "2200"), ("2200-12", "1900-01")):
        # Nobody can enter such a day any more; older records have them.
        facts = {"text": "Wait", "owner": person("owner"), "agency": CARE, "due_on": "2021-09-01"}
        made = act(walk, "add_action", "AT-REVIEW", by=CONTROL, now=LATER, **facts).reference
        with unit_of_work(walk) as session:
            action = session.exec(select(Action).where(Action.reference == made)).one()
            action.due = action.first_due = PartialDate.parse(due)
            action.review_on = PartialDate.parse(review)
            session.add(action)
    act(walk, "update_action", "A4", by=person("owner"), now=LATER, report="on_track", expected_on=LAST)
    moment = moment_from("2021-06-17T09:00")

    counts = run_due(walk, transport_for(f"folder:{tmp_path}"), now=moment)

    with reading(walk) as session:
        rows = {kind: list_rows(session, kind, {}, None, moment) for kind in LISTS}
    assert {row["reference"]: row["due"] for row in rows["actions"] if "A3" < row["reference"] < "A9"} == {
        "A4": LAST,
        "A5": FIRST,
        "A6": "1900",
        "A7": "2200-12",
    }
    assert (counts["failed"], counts["sent"] > 0) == (0, True)
    assert shown(walk, "M1", kind="digest", now=moment)["actions"]["overdue"]["count"] == 2


@pytest.mark.parametrize(("deed", "fact"), [("edit_action", "review_on"), ("review_action", "next_review_on")])
def test_action_is_looked_at_again_on_a_day_for_which_somebody_plans(walk, deed, fact):
    far = "31 December 2200 is more than 25 years ahead. Check the year, and enter it again."

    assert refusal(walk, deed, **{fact: LAST}) == far
    if deed == "edit_action":
        assert refusal(walk, deed, **{fact: FIRST}) == SENTENCE.format(1900)


SENTENCE = "Working days can be counted from 1990 to 2100, not in {}. Check the year."


def test_days_for_which_somebody_waits_lie_in_the_calendar(walk):
    before = lines(walk)

    refused = {
        (deed, fact, day): refusal(walk, deed, **{fact: day})
        for deed, fact in [
            ("hold_case", "look_again_on"),
            ("release_case", "revised_due_on"),
            ("ask_return", "due_on"),
            ("hold_action", "look_again_on"),
            ("schedule_meeting", "on"),
            ("move_meeting", "on"),
        ]
        for day in (LAST, FIRST)
    }

    assert refused == {key: f"{key[1]}: {SENTENCE.format(key[2][:4])}" for key in refused}
    assert lines(walk) == before


def test_case_that_became_known_before_every_calendar_is_refused(walk):
    assert refusal(walk, "open_case", known_on=FIRST) == SENTENCE.format(1900)


def test_clock_that_would_end_after_every_calendar_is_refused(walk):
    length = {"amount": 100, "unit": "years"}
    act(walk, "change_setting", "thscp", by=CONTROL, now="2021-06-02T12:00", key="clock.publish_review", value=length)
    decided = {**WALK["record_decision"].facts, "reason": "It is so"}

    with pytest.raises(Refused) as refused:
        act(walk, "record_decision", "AT-RECOMMENDED", by=person("executive"), now=LATER, **decided)

    assert (str(refused.value), refused.value.code) == (SENTENCE.format(2121), "bad_date")
    assert shown(walk, "AT-RECOMMENDED")["status"] == "recommended"


DAY_NEEDED = "The day is needed as well, like 2027-01-29."
AS_TEXT = "A day is written as text, like 2027-01-29."
NO_DATE = (
    "is not a date. Write four digits for the year, then month and day if they are known: 2027-01-29, 2027-01 or 2027."
)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("2021-07", DAY_NEEDED),
        ("2021", DAY_NEEDED),
        (1625097600, AS_TEXT),
        ("1625097600", f"'1625097600' {NO_DATE}"),
        (True, AS_TEXT),
        (None, AS_TEXT),
        ("2021-06-31", "There is no 31 June 2021. Enter a real date, like 2027-01-29."),
        ("2021-02-29", "There is no 29 February 2021. Enter a real date, like 2027-01-29."),
        ("21-07-01", f"'21-07-01' {NO_DATE}"),
        ("01/07/2021", f"'01/07/2021' {NO_DATE}"),
        ("2021-07-01T10:00", f"'2021-07-01T10:00' {NO_DATE}"),
        ("٢٠٢١-٠٧-٠١", f"'٢٠٢١-٠٧-٠١' {NO_DATE}"),
    ],
)
def test_day_is_written_with_its_year_month_and_day(written, sentence):
    with pytest.raises(FactsWrong) as wrong:
        read_facts(DEEDS["hold_case"], {"reason": "x", "look_again_on": written})

    assert str(wrong.value) == f"The facts do not fit hold-case: look_again_on: {sentence}"


@pytest.mark.parametrize("at", [1000, 10.5, "25:00", "ten", "10:00+01:00", "10:00Z"])
def test_hour_is_written_as_london_time(at):
    with pytest.raises(FactsWrong):
        read_facts(DEEDS["schedule_meeting"], {**WALK["schedule_meeting"].facts, "at": at})


def lines(engine):
    with reading(engine) as session:
        return list(session.exec(select(HistoryLine.seq)))
