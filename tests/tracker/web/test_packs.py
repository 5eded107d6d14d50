"""The papers of a meeting as files: a tagged PDF that is read in its order, and a Word file with the same numbers."""

import re
from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader
from sqlmodel import update

from tests.make import act
from tracker.database import unit_of_work
from tracker.escalations.models import Escalation

BEFORE = "2021-04-01T09:00"
# The parts of a date stand on one line.
DAY = "8\u00a0June\u00a02021"


@pytest.fixture
def meeting(world):
    act(world, "schedule_meeting", group="exec", on="2021-06-08", now=BEFORE)
    act(world, "raise_escalation", group="qap", title="Should beds wait?", ask="Fund *two* #beds", now=BEFORE)
    for _ in range(2):
        act(world, "add_action", text="Share what is known", due_on="2021-05-01", now=BEFORE)
    return "M1"


def _numbers(text):
    return re.findall(r"\b\d\.\d+\b", text)


def test_papers_have_the_same_numbers_on_the_page_in_the_pdf_and_in_word(meeting, as_):
    executive = as_("exec")

    page = executive.opens("/meetings/M1/papers")
    pdf = PdfReader(BytesIO(executive.http.get("/meetings/M1/papers.pdf").content))
    word = docx.Document(BytesIO(executive.http.get("/meetings/M1/papers.docx").content))

    in_pdf = _numbers(" ".join(sheet.extract_text() for sheet in pdf.pages))
    in_word = _numbers(" ".join(paragraph.text for paragraph in word.paragraphs))
    in_word += [row.cells[0].text for table in word.tables for row in table.rows[1:]]
    assert (page.status, page.heading) == (
        200,
        "Executive Group, 8 June 2021: papers",
    )
    assert _numbers(page.words) == ["2.1", "4.1", "5.1", "5.2"]
    assert (sorted(in_pdf), sorted(in_word)) == (["2.1", "4.1", "5.1", "5.2"], ["2.1", "4.1", "5.1", "5.2"])


@pytest.mark.parametrize("character", ["\ufffe", "\uffff"])
def test_what_is_no_character_is_refused_and_what_is_kept_breaks_no_paper(world, meeting, as_, character):
    page = as_("coordinator").sends("/escalations/new", title=f"May safe{character}guarding leads meet?")
    with unit_of_work(world) as session:
        session.exec(update(Escalation).values(title=f"May safe{character}guarding leads meet?"))
    answers = [as_("exec").http.get(f"/meetings/M1/papers{ending}") for ending in ("", ".pdf", ".docx")]

    assert "The text holds a character that cannot be seen: type it anew" in page.words
    assert [answer.status_code for answer in answers] == [200] * 3
    word = docx.Document(BytesIO(answers[2].content))
    texts = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    assert "May safeguarding leads meet?" in " ".join([*texts, *(one.text for one in word.paragraphs)])


def test_pdf_is_tagged_with_its_language_title_headings_and_table_headers(meeting, as_):
    pdf = PdfReader(BytesIO(as_("exec").http.get("/meetings/M1/papers.pdf").content))

    root = pdf.trailer["/Root"]
    tags = list(_tags(root["/StructTreeRoot"]))
    text = " ".join(sheet.extract_text() for sheet in pdf.pages)
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"], pdf.metadata.title) == (
        "en-GB",
        True,
        f"Executive Group, {DAY}: papers",
    )
    assert ("pdfuaid" in root["/Metadata"].get_data().decode(), tags.count("/H1"), tags.count("/H2")) == (True, 1, 3)
    assert (tags.count("/TH"), tags.count("/Table")) == (6 + 7, 2)
    assert "Fund *two* #beds" in text
    assert text.index("2. Answers owed") < text.index("4. Escalation tracker") < text.index("5. Red actions")
    assert all("Official – sensitive" in sheet.extract_text() for sheet in pdf.pages)
    assert f"Page 1 of {len(pdf.pages)}" in " ".join(text.split())


def test_pdf_has_a_bookmark_for_each_heading_and_names_nobody_who_wrote_it(meeting, as_):
    pdf = PdfReader(BytesIO(as_("exec").http.get("/meetings/M1/papers.pdf").content))

    top, below = pdf.outline
    assert top.title == f"Executive Group, {DAY}: papers"
    assert [one.title for one in below if not isinstance(one, list)] == [
        "2. Answers owed (1)",
        "4. Escalation tracker (1)",
        "5. Red actions (2)",
    ]
    assert pdf.metadata.author == "THSCP partnership"


def test_word_file_is_read_out_in_english_and_its_rows_and_headings_hold_together(meeting, as_):
    word = docx.Document(BytesIO(as_("exec").http.get("/meetings/M1/papers.docx").content))

    sheet, told = word.sections[0], word.core_properties
    rows = [row._tr for table in word.tables for row in table.rows]
    heads = [table.rows[0]._tr for table in word.tables]
    languages = {one.get(qn("w:val")) for one in word.styles.element.iter(qn("w:lang"))}
    assert (languages, told.title, told.author, told.comments) == (
        {"en-GB"},
        f"Executive Group, {DAY}: papers",
        "THSCP partnership",
        "",
    )
    assert [(one.style.name, one.text) for one in word.paragraphs if one.style.name.startswith("Heading")] == [
        ("Heading 1", f"Executive Group, {DAY}: papers"),
        ("Heading 2", "2. Answers owed (1)"),
        ("Heading 3", "2.1  E1  Should beds wait?"),
        ("Heading 2", "4. Escalation tracker (1)"),
        ("Heading 2", "5. Red actions (2)"),
    ]
    assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in rows)
    assert all(row.trPr.find(qn("w:tblHeader")) is not None for row in heads)
    # The words have more room than the numbers before them, and all of it is on the sheet.
    for table in word.tables:
        widths = [cell.width.mm for cell in table.rows[1].cells]
        assert widths[0] < widths[2] < sum(widths) <= 174.1
    assert (sheet.header.paragraphs[0].text, "Page " in sheet.footer.paragraphs[0].text) == (
        "Official – sensitive",
        True,
    )


def test_page_says_in_short_what_is_wanted_and_leads_to_each_record(meeting, as_):
    page = as_("exec").opens("/meetings/M1/papers")

    wanted = "1 answer is wanted of you: please answer by Monday 7 June 2021, or at the meeting."
    assert wanted in page.words
    assert "2 actions are red." in page.words
    assert "Nothing stands under “1. Decisions wanted”, “3. Since your last meeting”" in page.words
    assert {"/escalations/E1/respond", "/escalations/E1", "/actions/A1", "/actions/A2"} <= set(page.links)


def _tags(node):
    if "/S" in node:
        yield str(node["/S"])
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        found = kid.get_object() if hasattr(kid, "get_object") else kid
        if isinstance(found, dict):
            yield from _tags(found)


def test_word_longer_than_a_sheet_is_wide_is_broken_at_its_edge(world, as_, meeting):
    address = f"https://www.example.org/{'y' * 300}"
    act(world, "raise_escalation", group="qap", title="Who pays?", ask=address, now=BEFORE)

    sheets = PdfReader(BytesIO(as_("exec").http.get("/meetings/M1/papers.pdf").content)).pages

    lines = [line for sheet in sheets for line in sheet.extract_text().splitlines()]
    assert max(line.replace("\u200b", "").count("y") for line in lines) < 100


def test_character_that_no_font_has_does_not_stop_the_papers(world, as_, meeting):
    with unit_of_work(world) as session:
        session.connection().exec_driver_sql("UPDATE escalation SET ask = 'Why \U0001fae8 家?' WHERE id = 1")

    answer = as_("exec").http.get("/meetings/M1/papers.pdf")

    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")


def test_papers_of_a_meeting_that_moved_stay_as_sent_and_say_where_it_is_now(world, as_, meeting):
    coordinator = as_("coordinator")
    coordinator.sends("/meetings/M1/freeze-pack")
    act(world, "move_meeting", "M1", on="2021-06-22")

    page = as_("exec").opens("/meetings/M1/papers")

    assert page.heading == "Executive Group, 8 June 2021: papers"
    assert "The meeting has moved since: it is on Tuesday 22 June 2021." in page.words


def test_coordinator_freezes_the_papers_and_a_supplement_is_listed(world, as_, meeting):
    coordinator = as_("coordinator")
    coordinator.sends("/meetings/M1/freeze-pack")
    act(world, "raise_escalation", group="qap", title="Should schools wait?", ask="Fund two schools")

    frozen = coordinator.sends("/meetings/M1/freeze-pack")
    pack, later = (as_("exec").opens(f"/meetings/M1/papers{query}") for query in ("", "?number=2"))

    assert "with 1 supplement." in frozen.words
    assert ("Should schools wait?" in pack.words, "/meetings/M1/papers?number=2" in pack.links) == (False, True)
    assert ("Should schools wait?" in later.words, "Should beds wait?" in later.words) == (True, False)
    assert "They add to the papers before them" in later.words
    assert "Nothing stands under" not in later.words
    assert as_("exec").opens("/meetings/M1/papers?number=3").status == 404
