"""A pack as a Word file, with the same numbers as the page and the PDF."""

from io import BytesIO
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from tracker.papers.pack_words import HANDLING, cells_of, heading_of, more_of, none_of, said_of

Document = dict[str, Any]


def pack_as_docx(pack: Document, partnership: str) -> bytes:
    """Write a pack that was numbered for its reader."""
    document = _sheet(heading_of(pack), partnership)
    document.add_heading(heading_of(pack), level=1)
    document.add_paragraph(said_of(pack))
    for section in pack["sections"]:
        document.add_heading(f"{section['number']}. {section['title']} ({section['count']:,})", level=2)
        if not section["items"]:
            document.add_paragraph(none_of(section, pack))
        elif section["columns"]:
            _add_table(document, section)
        else:
            _add_papers(document, section)
        if more_of(section):
            document.add_paragraph(more_of(section))
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _sheet(title: str, partnership: str) -> WordDocument:
    document = docx.Document()
    document.core_properties.title = title
    document.core_properties.author = partnership
    document.core_properties.language = "en-GB"
    document.styles["Normal"].font.size = Pt(10)
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(18)
    page.header.paragraphs[0].add_run(HANDLING).bold = True
    footer = page.footer.paragraphs[0]
    footer.add_run("Page ")
    _add_field(footer, "PAGE")
    footer.add_run(" of ")
    _add_field(footer, "NUMPAGES")
    return document


def _add_field(paragraph: Paragraph, name: str) -> None:
    """Add what Word reckons itself: the number of the page, and of all."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    paragraph._p.append(field)


def _add_papers(document: WordDocument, section: Document) -> None:
    for item in section["items"]:
        document.add_heading(f"{item['number']}  {item['reference']}  {item['title']}".rstrip(), level=3)
        for label, words in item["facts"]:
            paragraph = document.add_paragraph()
            paragraph.add_run(f"{label}: ").bold = True
            paragraph.add_run(words)


def _add_table(document: WordDocument, section: Document) -> None:
    columns = ["No.", "Ref.", *section["columns"]]
    table = document.add_table(rows=1, cols=len(columns), style="Table Grid")
    for cell, name in zip(table.rows[0].cells, columns, strict=True):
        cell.paragraphs[0].add_run(name).bold = True
    # The header row is repeated on each page, and read out as one.
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for item in section["items"]:
        words = [item["number"], item["reference"], *cells_of(item, section["columns"])]
        for cell, said in zip(table.add_row().cells, words, strict=True):
            cell.text = said
