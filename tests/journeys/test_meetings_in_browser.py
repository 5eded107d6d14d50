"""Meetings over weeks in a real browser: a series, a digest that moves with its meeting, papers without a trace."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from tests.journeys.service import Service, sent_to, subjects
from tests.journeys.window import Windows
from tests.make import act, make_case, make_person
from tracker.database import unit_of_work
from tracker.groups.queries import partnership_by_code

EXEC, SECOND = "exec@thscp.example", "health@thscp.example"
ASKED: dict[str, Any] = {"group": "qap", "title": "Should beds wait?", "ask": "Fund two beds"}


def _digests(service: Service, moment: str) -> list[str]:
    """Give the subjects of the digests that go to the Executive at a moment."""
    service.at(moment)
    return [subject for who, subject in subjects(service.runs_due()) if who == EXEC and "Executive meeting" in subject]


def test_six_weekly_series_keeps_its_rhythm_over_a_bank_holiday(service: Service, windows: Windows) -> None:
    service.at("2021-05-04T10:00")
    with windows.of("coordinator") as window:
        window.starts()
        window.goes_to("Meetings")
        window.presses("Schedule a meeting")
        window.picks("Which group meets?", "Executive Group")
        window.dates("On which day?", "2021-07-19")
        window.picks("Does it repeat?", "Every 6 weeks")
        window.dates("Until when?", "2021-10-31")
        window.presses("Schedule the meeting")
        assert window.banner == "M1 is the first of the series. It is on 19 July 2021 at 10am."
        window.goes_to("Meetings")
        days = window.each("td[data-label='Day']")
        window.follows("27 August 2021")
        holiday = window.words
        window.follows("Move this meeting")
        window.dates("On which day is it now?", "2021-09-02")
        window.presses("Move the meeting")
        assert window.banner == "M2 is moved. It is on 2 September 2021 at 10am."
        window.goes_to("Meetings")
        after = window.each("td[data-label='Day']")

    # Six weeks after 19 July is 30 August 2021, the summer bank holiday, and six weeks after that 11 October.
    assert days == [f"{day} 2021 at 10am" for day in ("19 July", "27 August", "11 October")]
    assert "Friday 27 August 2021 at 10am. It was asked for another day: 30 August 2021 is" in holiday
    assert "Every 6 weeks from 19 July 2021 until 31 October 2021" in holiday
    assert after == [f"{day} 2021 at 10am" for day in ("19 July", "2 September", "11 October")]
    service.at("2021-05-05T08:00")
    told = service.runs_due()
    assert [who for who, _ in subjects(told)] == [EXEC]
    calendar = next(part for part in told[0].walk() if part.get_content_type() == "text/calendar").get_content()
    assert [line for line in calendar.splitlines() if line.startswith("DTSTART")] == [
        "DTSTART:20210719T090000Z",
        "DTSTART:20210902T090000Z",
        "DTSTART:20211011T090000Z",
    ]


def test_digest_moves_with_its_meeting_before_it_went_and_is_replaced_after(service: Service, windows: Windows) -> None:
    act(service.engine, "schedule_meeting", group="exec", on="2021-06-15", now="2021-05-04T09:00")
    act(service.engine, "raise_escalation", now="2021-05-20T10:00", **ASKED)
    _moved(service, windows, "2021-06-07T09:00", "2021-06-22")

    sent = {day: _digests(service, f"2021-06-{day}T08:00") for day in ("08", "14", "15")}
    _moved(service, windows, "2021-06-16T09:00", "2021-06-29")
    sent |= {day: _digests(service, f"2021-06-{day}T08:00") for day in ("17", "21")}
    service.at("2021-06-22T08:00")
    again = sent_to(service.runs_due(), EXEC)

    first = "Executive meeting 22 June 2021: 1 escalation needs your response"
    assert sent == {"08": [], "14": [], "15": [first], "17": [], "21": []}
    assert again["Subject"] == "Executive meeting 29 June 2021: 1 escalation needs your response"
    with windows.of("exec") as window:
        window.reads(again)
        assert "This email replaces the one sent on 15 June 2021: the meeting has moved from Tuesday 22 June 2021." in (
            " ".join(window.page.locator("body").inner_text().replace("\u00a0", " ").split())
        )
        window.follows("Read all papers")
        # The papers stand as they were sent the first time, and say on which day the meeting is now.
        assert window.heading == "Executive Group, 22 June 2021: papers"
        assert "29 June 2021" in window.words


def _moved(service: Service, windows: Windows, moment: str, on: str) -> None:
    service.at(moment)
    with windows.of("coordinator") as window:
        window.starts()
        window.goes_to("Meetings")
        window.follows("2021", part="Executive Group")
        window.follows("Move this meeting")
        window.dates("On which day is it now?", on)
        window.presses("Move the meeting")
        assert window.banner.startswith("M1 is moved.")


@pytest.fixture
def barred(service: Service) -> list[str]:
    """Let the Executive be asked about a case from which one of its members is barred; gives words of the case."""
    with unit_of_work(service.engine) as session:
        here = partnership_by_code(session, "thscp")
        make_person(session, here, SECOND, "executive", name="Hana Ostrow", groups=["exec"])
    at = "2021-05-04T09:00"
    make_case(service.engine, "TH-2021-777", known_on="2021-04-01", notified_on="2021-04-01", now=at)
    act(service.engine, "add_action", "TH-2021-777", text="Look", title="Zither", due_on="2021-05-10", now=at)
    act(service.engine, "schedule_meeting", group="exec", on="2021-06-15", now=at)
    secret = ASKED | {"title": "What of TH-2021-777?", "ask": "Quince", "about": ["TH-2021-777"]}
    act(service.engine, "raise_escalation", now=at, **secret)
    act(service.engine, "raise_escalation", now=at, **ASKED)
    act(service.engine, "declare_conflict", "TH-2021-777", person=EXEC, reason="Kin", now=at)
    service.at("2021-05-05T08:00")
    service.runs_due()
    return ["TH-2021-777", "Zither", "Quince", "E1", "Plover"]


PAGES = (
    "/meetings/M1",
    "/meetings/M1/digest",
    "/meetings/M1/papers",
    "/escalations",
    "/escalations/figures",
    "/meetings",
)
FILES = ("/meetings/M1.ics", "/escalations.csv")


def test_conflicted_member_finds_no_trace_of_the_case_in_digest_papers_counts_and_calendar(
    service: Service, windows: Windows, barred: list[str]
) -> None:
    service.at("2021-06-08T08:00")
    letters = service.runs_due()
    hers, others = (sent_to(letters, who) for who in (EXEC, SECOND))
    found, of_others = _read(service, windows, "exec"), _read(service, windows, SECOND)

    assert hers["Subject"] == "Executive meeting 15 June 2021: 1 escalation needs your response"
    assert others["Subject"] == "Executive meeting 15 June 2021: 2 escalations need your response"
    assert _traces(hers.as_string(), barred) == []
    assert _traces(others.get_body(("plain",)).get_content(), barred) != []
    assert {page: _traces(text, barred) for page, text in found.items() if _traces(text, barred)} == {}
    without = {page for page, text in of_others.items() if not _traces(text, barred)}
    assert without == {"/meetings/M1.ics", "/escalations/figures", "/meetings"}


def _read(service: Service, windows: Windows, who: str) -> dict[str, str]:
    """Read every paper of the meeting at somebody's browser, also what it does not show; the PDF by its words."""
    found = {}
    with windows.of(who) as window:
        for page in PAGES:
            window.page.goto(f"{service.base}{page}")
            found[page] = window.page.content()
        fetch = window.page.request
        found |= {file: fetch.get(f"{service.base}{file}").text() for file in FILES}
        pdf = PdfReader(io.BytesIO(fetch.get(f"{service.base}/meetings/M1/papers.pdf").body()))
    return found | {"pdf": "\n".join(page.extract_text() for page in pdf.pages)}


def _traces(text: str, words: list[str]) -> list[str]:
    whole = text.replace("\u00a0", " ").replace("&nbsp;", " ")
    return [word for word in words if f"{word} " in whole or f"{word}<" in whole or (word != "E1" and word in whole)]
