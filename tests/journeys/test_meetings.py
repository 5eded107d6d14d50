"""Meetings over weeks: a digest that moves with its meeting, and papers in which a conflicted member finds no trace."""

import io
from typing import Any

import httpx
import pytest
from pypdf import PdfReader

from tests.journeys.service import Service, sent_to, subjects
from tests.make import act, make_case, make_person
from tracker.database import unit_of_work
from tracker.groups.queries import partnership_by_code

EXEC, SECOND = "exec@thscp.example", "health@thscp.example"
ASKED: dict[str, Any] = {"group": "qap", "title": "Should beds wait?", "ask": "Fund two beds"}


def _digests(service: Service, moment: str) -> list[str]:
    """Give the subjects of the digests that go to the Executive at a moment."""
    service.at(moment)
    return [subject for who, subject in subjects(service.runs_due()) if who == EXEC and "Executive meeting" in subject]


def test_digest_moves_with_its_meeting_before_it_went_and_is_replaced_after(service: Service) -> None:
    act(service.engine, "schedule_meeting", group="exec", on="2021-06-15", now="2021-05-04T09:00")
    act(service.engine, "raise_escalation", now="2021-05-20T10:00", **ASKED)
    act(service.engine, "move_meeting", "M1", on="2021-06-22", now="2021-06-07T09:00")

    sent = {day: _digests(service, f"2021-06-{day}T08:00") for day in ("08", "14", "15")}
    act(service.engine, "move_meeting", "M1", on="2021-06-29", now="2021-06-16T09:00")
    sent |= {day: _digests(service, f"2021-06-{day}T08:00") for day in ("17", "21")}
    service.at("2021-06-22T08:00")
    again = sent_to(service.runs_due(), EXEC)

    first = "Executive meeting 22 June 2021: 1 escalation needs your response"
    assert sent == {"08": [], "14": [], "15": [first], "17": [], "21": []}
    assert again["Subject"] == "Executive meeting 29 June 2021: 1 escalation needs your response"
    text = " ".join(again.get_body(("plain",)).get_content().split())
    assert "This email replaces the one sent on 15 June 2021: the meeting has moved from Tuesday 22 June 2021." in text


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
    *("/meetings/M1", "/meetings/M1/digest", "/meetings/M1/papers", "/meetings/M1.ics", "/escalations"),
    *("/escalations.csv", "/escalations/figures", "/meetings"),
)


def test_conflicted_member_finds_no_trace_of_the_case_in_digest_papers_counts_and_calendar(
    service: Service, barred: list[str]
) -> None:
    service.at("2021-06-08T08:00")
    letters = service.runs_due()
    hers, others = (sent_to(letters, who) for who in (EXEC, SECOND))

    assert hers["Subject"] == "Executive meeting 15 June 2021: 1 escalation needs your response"
    assert others["Subject"] == "Executive meeting 15 June 2021: 2 escalations need your response"
    assert _traces(hers.as_string(), barred) == []
    assert _traces(others.get_body(("plain",)).get_content(), barred) != []
    assert {page: _traces(text, barred) for page, text in _read(service, "exec").items() if _traces(text, barred)} == {}
    assert set(_read(service, SECOND)) - {
        page for page, text in _read(service, SECOND).items() if _traces(text, barred)
    } == {*("/meetings/M1.ics", "/escalations/figures", "/meetings")}


def _read(service: Service, who: str) -> dict[str, str]:
    """Read every paper of the meeting as somebody who has signed in, the PDF by its words."""
    cookies = {"session": service.cookie_of(who)}
    with httpx.Client(base_url=service.base, cookies=cookies, timeout=60) as reader:
        found = {page: reader.get(page).text for page in PAGES}
        pdf = PdfReader(io.BytesIO(reader.get("/meetings/M1/papers.pdf").content))
    return found | {"pdf": "\n".join(page.extract_text() for page in pdf.pages)}


def _traces(text: str, words: list[str]) -> list[str]:
    whole = text.replace("\u00a0", " ")
    return [word for word in words if f"{word} " in whole or f"{word}<" in whole or (word != "E1" and word in whole)]
