"""The page of a reflection: before it opens, while it is to be recorded, and once it is recorded."""

import pytest
from sqlalchemy import Engine

from tests.make import act, shown
from tests.statements import each_statement
from tests.tracker.stages import agreed, published
from tests.tracker.web.casework import plain
from tests.tracker.web.visitor import served, signed_in
from tracker.clock import moment_from

SIX, YEAR = "/cases/CASE-1/reflections/six-month", "/cases/CASE-1/reflections/one-year"
ANSWERS = {
    "on-day": "29",
    "on-month": "4",
    "on-year": "2022",
    "answers-1-answer": "embedded",
    "answers-1-text": "Seen in 30 assessments",
    "answers-2-answer": "gap",
    "answers-2-text": "Two schools have not been trained",
}


@pytest.fixture
def on(closing):
    """Give somebody of a story's partnership who is signed in on a day."""

    def opened(story, who, day="2022-04-29"):
        now = moment_from(f"{day}T10:00")
        base = closing.enter_context(served(story.engine, now))
        return closing.enter_context(signed_in(story.engine, base, who, story.partnership, now=now))

    return opened


def shared(engine: Engine, *recommendations: str):
    """Give a case whose learning was shared on 15 November 2021, with an action that is complete."""
    story = published(engine, *recommendations, partnership="northmoor")
    story.does("add-action", text="Train every school", sources=["CASE-1/1"], due_on="2022-01-31")
    story.day("2021-11-15")
    story.does("record-learning-session", on="2021-11-15")
    story.day("2022-02-01")
    story.does("complete-action", about="A1", on="2022-02-01", evidence="Lists of 11 schools")
    story.does("record-impact", about="A1", text="Calls come sooner", measure="A sample of 40")
    story.day("2022-04-29")
    return story


def test_reflection_that_is_not_open_says_after_what_and_by_when(engine, on):
    story = published(engine, "Ask twice", partnership="northmoor")

    coordinator = on(story, "coordinator", "2021-11-02")
    six, year = coordinator.opens(SIX), coordinator.opens(YEAR)

    assert (six.status, six.heading) == (200, "Six-month reflection")
    assert "Opens after “Record the learning session”. Due on 1 May 2022." in plain(six)
    assert "Opens after “Hold the six-month reflection”. Due on 1 November 2022." in plain(year)
    assert "Recommendation 1 Ask twice No action yet." in six.words
    assert (len(six.forms), len(year.forms)) == (1, 1)


def test_everything_that_is_needed_to_answer_stands_beside_each_question(engine, on):
    story = shared(engine, "Ask twice", "Listen")

    page = on(story, "coordinator").opens(SIX)

    assert (page.status, page.heading) == (200, "Six-month reflection")
    assert "Has the learning been embedded, and what is still missing?" in page.words
    assert "Due on 1 May 2022." in plain(page)
    assert (
        "Recommendation 1 Ask twice A1 Train every school Status Complete Accepted Owner Nobody yet "
        "Last update None yet Evidence Lists of 11 schools" in plain(page)
    )
    assert "What changed Calls come sooner Known by: A sample of 40 Where does it stand?" in plain(page)
    assert "Recommendation 2 Listen No action yet." in page.words
    assert "/actions/A1" in page.links


def test_reflection_is_recorded_once_and_then_read_with_its_gap(engine, on):
    story = shared(engine, "Ask twice", "Listen")
    coordinator = on(story, "coordinator")
    page = coordinator.opens(SIX)

    answers = [coordinator.sends_form(page, page.forms[-1], **ANSWERS) for _ in range(2)]
    read = coordinator.opens(SIX)

    assert [answer.address for answer in answers] == ["/cases/CASE-1"] * 2
    assert "You recorded the reflection: CASE-1." in answers[0].words
    assert story.case()["reflections"] == [
        {
            "which": "6m",
            "on": "2022-04-29",
            "answers": [
                {"of": "1", "answer": "embedded", "text": "Seen in 30 assessments", "action": None},
                {"of": "2", "answer": "gap", "text": "Two schools have not been trained", "action": "A2"},
            ],
        }
    ]
    assert "Held on 29 April 2022." in plain(read)
    assert "Recommendation 1 Ask twice Embedded Seen in 30 assessments" in read.words
    assert "Gap Two schools have not been trained It became action A2 ." in read.words
    assert "Six-month reflection Held 29 April 2022" in plain(coordinator.opens("/cases/CASE-1"))
    assert SIX in coordinator.opens("/actions/A2").links
    documents = coordinator.opens("/cases/CASE-1/documents")
    assert ("29 April 2022 Six-month reflection" in plain(documents), SIX in documents.links) == (True, True)


def test_answers_that_are_missing_are_said_beside_their_questions(engine, on):
    story = shared(engine, "Ask twice", "Listen")

    wanting = {"answers-1-answer": None, "answers-1-text": "", "answers-2-text": ""}
    page = on(story, "coordinator").sends(SIX, **(ANSWERS | wanting))

    assert (page.status, page.title.startswith("Error: ")) == (422, True)
    assert '<a href="#answers-1-answer">Answer for recommendation 1 as well.</a>' in page.text
    assert '<a href="#answers-2-text">Say what is missing for recommendation 2: a gap makes an action.</a>' in page.text
    assert (page.forms[-1]["fields"]["on-day"], page.forms[-1]["fields"]["answers-2-answer"]) == ("29", "gap")
    assert story.case()["reflections"] == []


def test_page_that_has_gone_stale_keeps_what_was_typed(engine, on):
    story = shared(engine, "Ask twice", "Listen")
    coordinator = on(story, "coordinator")
    page = coordinator.opens(SIX)
    story.does("record-reflection", on="2022-04-29", answers=[{"of": n, "answer": "embedded"} for n in (1, 2)])

    page = coordinator.sends_form(page, page.forms[-1], **ANSWERS)

    assert page.status == 409
    assert "This case has moved on. Casey Morgan recorded the reflection at 10am." in page.words
    assert page.forms[-1]["fields"]["answers-1-text"].strip() == "Seen in 30 assessments"


def test_old_address_of_the_step_leads_to_the_reflection_that_is_open(engine, on):
    story = shared(engine, "Ask twice", "Listen")
    coordinator = on(story, "coordinator")

    first = coordinator.opens("/cases/CASE-1/steps/record-reflection").address
    coordinator.sends(SIX, **ANSWERS)
    second = coordinator.opens("/cases/CASE-1/steps/record-reflection").address

    assert (first, second) == (SIX, YEAR)


def test_jobs_of_today_lead_to_the_reflections(engine, on):
    story = shared(engine, "Ask twice")

    links = on(story, "coordinator").opens("/today").links

    assert [link for link in links if "/reflections/" in link] == [SIX, YEAR]


def test_actions_are_asked_about_where_the_process_says_so(engine, on):
    story = published(engine)
    story.does("add-action", about="CASE-1", text="Train every school", due_on="2022-01-31")
    story.day("2022-04-29")
    coordinator = on(story, "coordinator")

    page = coordinator.opens(SIX)
    sent = coordinator.sends_form(page, page.forms[-1], **{"on-day": "29", "on-month": "4", "on-year": "2022"},
                                  **{"answers-A1-answer": "in_progress"})  # fmt: skip

    assert "Action A1 A1 Train every school Status" in page.words
    assert sent.address == "/cases/CASE-1"
    assert "Action A1 In progress A1 Train every school Status" in coordinator.opens(SIX).words
    assert coordinator.opens(YEAR).status == 404


def test_answers_stay_with_the_actions_for_which_they_were_given(engine, on):
    story = published(engine)
    for name in ("Alpha", "Beta", "Gamma"):
        story.does("add-action", about="CASE-1", text=f"Train {name}", due_on="2022-01-31")
    story.day("2022-04-29")
    coordinator = on(story, "coordinator")
    page = coordinator.opens(SIX)
    said = {"on-day": "29", "on-month": "4", "on-year": "2022"}
    for number, name in enumerate(("Alpha", "Beta", "Gamma"), 1):
        said |= {f"answers-A{number}-answer": "in_progress", f"answers-A{number}-text": f"Seen of {name}"}

    story.does("merge-actions", about="A2", other="A1", reason="The same")
    stale = coordinator.sends_form(page, page.forms[-1], **said)
    before = story.case()["reflections"]
    kept = stale.forms[-1]["fields"]
    sent = coordinator.sends_form(stale, stale.forms[-1])

    assert (stale.status, before) == (422, [])
    assert "What is asked about has changed since you opened this page." in stale.words
    assert "You had written about A1: “Seen of Alpha”." in stale.words
    assert [kept[f"answers-A{number}-text"].strip() for number in (2, 3)] == ["Seen of Beta", "Seen of Gamma"]
    assert sent.address == "/cases/CASE-1"
    answers = [(one["of"], one["text"]) for one in story.case()["reflections"][0]["answers"]]
    assert answers == [("A2", "Seen of Beta"), ("A3", "Seen of Gamma")]


def test_scrutineer_reads_and_comments_on_a_reflection_and_records_none(engine, on):
    story = shared(engine, "Ask twice", "Listen")
    scrutineer = on(story, "scrutineer")
    before = scrutineer.opens(SIX)
    on(story, "coordinator").sends(SIX, **ANSWERS)

    page = scrutineer.sends(SIX, text="The sample is small")

    assert (before.status, len(before.forms)) == (200, 1)
    assert (page.status, page.address) == (200, SIX)
    assert "Comments (1) The sample is small Sam Scully, 29 April 2022 at 10am" in plain(page)
    token = page.forms[-1]["fields"]["form_token"]
    assert scrutineer.http.post(YEAR, data={"form_token": token}).status_code == 403


def test_comment_that_is_too_long_comes_back(engine, on):
    story = shared(engine, "Ask twice", "Listen")
    coordinator = on(story, "coordinator")
    coordinator.sends(SIX, **ANSWERS)

    page = coordinator.sends(SIX, text="x" * 1001)

    assert page.status == 422
    assert "Your comment must be 1,000 characters or fewer (you have 1,001)" in page.words
    assert page.forms[-1]["fields"]["text"].strip() == "x" * 1001


def test_corrected_day_of_a_reflection_is_the_one_that_is_read(engine, on):
    story = shared(engine, "Ask twice", "Listen")
    coordinator = on(story, "coordinator")
    coordinator.sends(SIX, **ANSWERS)
    act(engine, "correct_event", "CASE-1", by="coordinator@northmoor.example", now=story.now, event="reflection_6m",
        on="2022-04-28", reason="It was Thursday")  # fmt: skip

    assert "Held on 28 April 2022." in plain(coordinator.opens(SIX))
    assert shown(engine, "CASE-1", now=story.now)["reflections"][0]["on"] == "2022-04-28"


def test_reflection_that_there_is_not_and_case_that_is_not_seen_are_not_found(engine, on):
    story = agreed(engine, "Ask twice")
    coordinator, owner = on(story, "coordinator"), on(story, "owner")

    statuses = [coordinator.opens(path).status for path in (YEAR, f"{SIX}s", "/cases/CASE-1/reflections/6m")]

    assert [*statuses, owner.opens(SIX).status] == [404] * 4


def test_page_asks_the_same_number_of_questions_for_any_number_of_actions(engine, on):
    story = shared(engine, "Ask twice", "Listen")
    coordinator = on(story, "coordinator")
    few = _asked(story.engine, coordinator)
    for number in range(5):
        story.does("add-action", text=f"Train school {number}", sources=["CASE-1/2"], due_on="2022-05-31")

    assert _asked(story.engine, coordinator) == few


def _asked(engine, visitor):
    visitor.opens(SIX)
    sent: list[str] = []
    with each_statement(engine, lambda sql, _values: sent.append(str(sql))):
        visitor.opens(SIX)
    return len([sql for sql in sent if sql.startswith("SELECT")])
