"""A pack as a Word file, with the same numbers as the page and the PDF."""

import re
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph

from tracker.papers.pack_words import (
    HANDLING,
    ROOM,
    cells_of,
    empty_of,
    filled_of,
    heading_of,
    in_short,
    more_of,
    said_of,
)
from tracker.texts import in_each_text

Document = dict[str, Any]

# Of an upright sheet of A4, in millimetres.
_WIDTH, _MARGIN = 210, 18
# What a letter needs in a cell, and the edges of one.
_LETTER, _EDGES = 1.8, 4.5
# A row that is longer may be parted between two pages; what is short stays together.
_LONG = 1_500
# No XML may hold them; a text that was kept long ago may.
_IN_NO_FILE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BEHIND_THE_THEME = tuple(qn(f"w:{one}Theme") for one in ("ascii", "hAnsi", "eastAsia", "cs"))


def pack_as_docx(pack: Document, partnership: str) -> bytes:
    """Write a pack that was numbered for its reader."""
    pack = in_each_text(pack, lambda words: _IN_NO_FILE.sub("", words))
    document = _sheet(pack, partnership)
    document.add_heading(heading_of(pack), level=1)
    document.add_paragraph(partnership)
    for said in in_short(pack):
        document.add_paragraph().add_run(said).bold = True
    document.add_paragraph(said_of(pack))
    for section in filled_of(pack):
        document.add_heading(f"{section['number']}. {section['title']} ({section['count']:,})", level=2)
        if section["columns"]:
            _add_table(document, section)
        else:
            _add_papers(document, section)
        if more_of(section):
            document.add_paragraph(more_of(section))
    if empty_of(pack):
        document.add_paragraph(empty_of(pack)).paragraph_format.space_before = Pt(14)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _sheet(pack: Document, partnership: str) -> WordDocument:
    document = docx.Document()
    told = document.core_properties
    told.title, told.author, told.last_modified_by = heading_of(pack), partnership, partnership
    told.language, told.comments = "en-GB", ""
    told.created = told.modified = datetime.fromisoformat(pack["as_of"]).replace(tzinfo=None)
    _write_in_arial(document)
    page = document.sections[0]
    page.page_width, page.page_height = Mm(_WIDTH), Mm(297)
    page.left_margin = page.right_margin = Mm(_MARGIN)
    page.top_margin = page.bottom_margin = Mm(22)
    header = page.header.paragraphs[0]
    header.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    header.add_run(HANDLING).bold = True
    footer = page.footer.paragraphs[0]
    footer.add_run(f"{heading_of(pack)}. Page ")
    _add_field(footer, "PAGE")
    footer.add_run(" of ")
    _add_field(footer, "NUMPAGES")
    return document


def _write_in_arial(document: WordDocument) -> None:
    """Set one typeface, one colour of headings, and the language in which the text is read out and checked."""
    for name, size in (("Normal", 10), ("Heading 1", 18), ("Heading 2", 13), ("Heading 3", 11)):
        style = document.styles[name]
        style.font.name, style.font.size = "Arial", Pt(size)
        fonts = style.element.rPr.rFonts
        for attribute in _BEHIND_THE_THEME:
            fonts.attrib.pop(attribute, None)
        style.paragraph_format.space_after = Pt(4)
        if name != "Normal":
            style.font.color.rgb = RGBColor(0, 0, 0)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")


def _add_field(paragraph: Paragraph, name: str) -> None:
    """Add what Word reckons itself: the number of the page, and of all."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    paragraph._p.append(field)


def _add_papers(document: WordDocument, section: Document) -> None:
    for item in section["items"]:
        document.add_heading(f"{item['number']}  {item['reference']}  {item['title']}".rstrip(), level=3)
        for place, (label, words) in enumerate(item["facts"], start=1):
            paragraph = document.add_paragraph()
            paragraph.add_run(f"{label}: ").bold = True
            paragraph.add_run(words)
            paragraph.paragraph_format.keep_with_next = place < len(item["facts"]) and len(words) < _LONG


def _add_table(document: WordDocument, section: Document) -> None:
    columns = ["No.", "Ref.", *section["columns"]]
    table = document.add_table(rows=1, cols=len(columns), style="Table Grid")
    _fill(table, 0, columns, is_bold=True)
    # The header row is repeated on each page, and read out as one.
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for place, item in enumerate(section["items"], start=1):
        table.add_row()
        _fill(table, place, [item["number"], item["reference"], *cells_of(item, section["columns"])])
    _give_room(table, section)


def _fill(table: Table, place: int, words: Sequence[str], *, is_bold: bool = False) -> None:
    row = table.rows[place]
    if sum(map(len, words)) < _LONG:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for cell, said in zip(row.cells, words, strict=True):
        run = cell.paragraphs[0].add_run(said)
        run.font.size, run.bold = Pt(9), is_bold
        cell.paragraphs[0].paragraph_format.space_after = Pt(2)


def _give_room(table: Table, section: Document) -> None:
    """Set the widths of the columns: Word asks the cells, other programs the columns."""
    longest = [max(len(one[key]) for one in section["items"]) for key in ("number", "reference")]
    first = [max(letters, 4) * _LETTER + _EDGES for letters in longest]
    left = _WIDTH - 2 * _MARGIN - sum(first)
    parts = [ROOM.get(column, 1) for column in section["columns"]]
    table.autofit = False
    widths = [Mm(width) for width in (*first, *(left * part / sum(parts) for part in parts))]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width
