"""Files that are no plan, or mean harm: each is refused with a sentence, in little time and memory."""

import io
import resource
import zipfile

import pytest
import xlsxwriter

from tracker.errors import Refused
from tracker.importing.reading import read_file

HEAD = "Ref,Review,Action,Owner,Email,Deadline\n"


def workbook(**entries):
    """Make a workbook with one sheet, and put further entries into its archive."""
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    sheet = book.add_worksheet("Plan")
    sheet.write_row(0, 0, ["Ref", "Review", "Action", "Owner", "Email"])
    sheet.write_row(1, 0, ["1", "RR", "Ring", "Ward", "w@nhs.example"])
    book.close()
    with zipfile.ZipFile(held, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return held.getvalue()


def with_sheet(xml):
    """Make a workbook whose one sheet is the given XML."""
    held = io.BytesIO(workbook())
    made = io.BytesIO()
    with zipfile.ZipFile(held) as was, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in was.namelist():
            archive.writestr(name, xml if name == "xl/worksheets/sheet1.xml" else was.read(name))
    return made.getvalue()


SHEET = '<?xml version="1.0"?>{0}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{1}</worksheet>'
BOMB = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
) + "]>"  # fmt: skip
CELL = '<row r="{0}"><c r="{1}{0}" t="str"><v>x</v></c></row>'
FAR = f"<sheetData>{CELL.format(1, 'A')}{CELL.format(1_048_576, 'XFD')}</sheetData>"
SWALLOWED = b"""1,RR,"Ring,Ward,w@nhs.example,TBC
2,RR,Write,Ward,w@nhs.example,TBC
3,RR,"Go,Ward,w@x.example,TBC
"""
FILES = {
    "empty.xlsx": (b"", "The file is empty."),
    "text.xlsx": (b"this is no workbook", "The file is no workbook"),
    "cut.xlsx": (workbook()[:900], "damaged or locked"),
    "locked.xlsx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "locked with a password"),
    "old.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "of an old kind"),
    "zip.xlsx": (b"PK\x05\x06" + b"\0" * 18, "no Excel workbook"),
    "macros.xlsm": (workbook(xl__vbaProject_dot_bin=b"MZ"), "holds macros"),
    "bomb.xlsx": (workbook(xl__media__a=b"\0" * (60 * 2**20)), "unpacks to more than 50 MB"),
    "tight.xlsx": (workbook(xl__media__a=b"\0" * (20 * 2**20)), "packed far tighter"),
    "many.xlsx": (workbook(**{f"xl__media__{n}": b"" for n in range(300)}), "unpacks to more than"),
    "far.xlsx": (
        with_sheet(SHEET.format("", FAR)),
        "Nothing was imported",
    ),
    "entities.xlsx": (
        with_sheet(SHEET.format(BOMB, '<sheetData><row r="1"><c r="A1" t="str"><v>&j;</v></c></row></sheetData>')),
        "Nothing was imported",
    ),
    "wide.csv": (HEAD.encode() + b"," * 9_999 + b"x\n", "more than 60 columns in row 2"),
    "nul.csv": (HEAD.encode() + b"1,RR,Ri\0ng,Ward,w@nhs.example,TBC\n", "characters that no text has"),
    "utf16.csv": (HEAD.encode("utf-16-le"), "characters that no text has"),
    "open.csv": (HEAD.encode() + b'1,RR,"Ring,Ward,w@nhs.example,TBC\n', "quotation mark in record 2"),
    "swallowed.csv": (
        HEAD.encode() + SWALLOWED,
        "quotation mark in record 2",
    ),
    "long.csv": (HEAD.encode() + b"1,RR," + b"x" * 5_000 + b",Ward,w@nhs.example,TBC\n", "5,000 characters in row 2"),
    "rows.csv": (HEAD.encode() + b"1,RR,Ring,Ward,w@nhs.example,TBC\n" * 20_001, "more than 20,000 rows"),
}  # fmt: skip


def _worked() -> float:
    """Give the seconds for which processes that were started here worked, however busy the machine is."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.parametrize("name", FILES)
def test_hostile_file_is_refused_with_a_sentence(tmp_path, name):
    content, sentence = FILES[name]
    (tmp_path / name).write_bytes(content)

    began = _worked()

    with pytest.raises(Refused, match=rf"^{name}: ") as refused:
        read_file(tmp_path / name)

    assert (sentence in str(refused.value), str(refused.value).endswith("Nothing was imported.")) == (True, True)
    # The ten seconds that its own bound gives it, and its end.
    assert _worked() - began < 11


def test_file_of_more_than_fifty_megabytes_is_not_even_opened(tmp_path):
    with (tmp_path / "large.csv").open("wb") as file:
        file.truncate(100 * 2**20)

    with pytest.raises(Refused, match="larger than 50 MB"):
        read_file(tmp_path / "large.csv")


def test_folder_and_missing_file_are_refused(tmp_path):
    for path in (tmp_path, tmp_path / "nothing.xlsx"):
        with pytest.raises(Refused, match="It cannot be read"):
            read_file(path)


def test_million_empty_rows_are_read_as_none(tmp_path):
    rows = '<row r="1"><c r="A1" t="str"><v>x</v></c></row>' + "".join(f'<row r="{n}"/>' for n in range(2, 200_000))
    (tmp_path / "empty.xlsx").write_bytes(with_sheet(SHEET.format("", f"<sheetData>{rows}</sheetData>")))

    [sheet] = read_file(tmp_path / "empty.xlsx").sheets

    assert len(sheet.lines) == 1
