"""Files to give as evidence: plain ones of every kind, and such as somebody might send who means harm."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

_TYPES = "[Content_Types].xml"
_EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PDF = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\nxref\n0 1\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"


def package(parts: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Make an archive of parts."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return written.getvalue()


def word(more: Mapping[str, bytes | str] = {}, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Make a Word document, with further parts."""
    return package({_TYPES: "<Types/>", "word/document.xml": "<w:document>Minutes</w:document>", **more}, method)


def excel() -> bytes:
    """Make an Excel workbook."""
    return package({_TYPES: "<Types/>", "xl/workbook.xml": "<workbook/>", "xl/printerSettings/printer1.bin": b"\0"})


def chunk(name: bytes, payload: bytes) -> bytes:
    """Make a chunk of a PNG image."""
    return struct.pack(">I", len(payload)) + name + payload + struct.pack(">I", zlib.crc32(name + payload))


def png(*more: bytes, width: int = 1, height: int = 1, behind: bytes = b"") -> bytes:
    """Make a PNG image, with further chunks and something behind it."""
    head = chunk(b"IHDR", struct.pack(">2I5B", width, height, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + body + chunk(b"IEND", b"") + behind


def segment(marker: int, payload: bytes) -> bytes:
    """Make a segment of a JPEG image."""
    return struct.pack(">2BH", 0xFF, marker, len(payload) + 2) + payload


def jpeg(*more: bytes, width: int = 8, height: int = 8, behind: bytes = b"") -> bytes:
    """Make what has the build of a JPEG image, with further segments and something behind it."""
    frame = segment(0xC0, struct.pack(">BHHB3B", 8, height, width, 1, 1, 0x11, 0))
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd0\x56"
    return (
        b"\xff\xd8" + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0") + b"".join(more) + frame + scan + b"\xff\xd9" + behind
    )


def camera_notes(order: str = "<", latitude: bool = True) -> bytes:
    """Make the notes of a camera, with or without the place where a photo was taken."""
    head = b"II*\0" if order == "<" else b"MM\0*"
    first = struct.pack(f"{order}H HHII I", 1, 0x8825, 4, 1, 26, 0)
    place = struct.pack(f"{order}H HHII I", 1, 0x0002 if latitude else 0x001D, 5, 3, 44, 0)
    return head + struct.pack(f"{order}I", 8) + first + place + b"\0" * 24


def photo(**notes: bool | str) -> bytes:
    """Make a photo as a telephone takes it, which says where it was taken."""
    return jpeg(segment(0xE1, b"Exif\0\0" + camera_notes(**notes)))


def lying(offset: int, value: bytes) -> bytes:
    """Make a Word document in whose first entry of the directory something else is written."""
    content = bytearray(word())
    at = content.index(b"PK\x01\x02") + offset
    content[at : at + len(value)] = value
    return bytes(content)


def _overlapping() -> bytes:
    """Make an archive of which two entries are the same bytes."""
    content = bytearray(package({_TYPES: "<Types/>", "word/document.xml": "x" * 5000, "word/other.xml": "x" * 5000}))
    first = content.index(b"PK\x01\x02")
    second = content.index(b"PK\x01\x02", first + 4)
    third = content.index(b"PK\x01\x02", second + 4)
    content[third + 42 : third + 46] = content[second + 42 : second + 46]
    return bytes(content)


def _far_too_many() -> bytes:
    return package({_TYPES: "", "word/document.xml": "", **{f"word/{number}.xml": "" for number in range(2100)}})


GOOD: Mapping[str, bytes] = {
    "Minutes of the group.pdf": PDF,
    "MINUTES.PDF": PDF,
    "Policy.docx": word(),
    "Policy, with pictures.docx": word({"word/media/image1.png": png(), "word/embeddings/Sheet1.xlsx": excel()}),
    "From the web.docx": package({_TYPES: "<Types/>", "word/document2.xml": "<w:document/>"}),
    "Audit.xlsx": excel(),
    "Board.png": png(),
    "Room.jpg": jpeg(),
    "Room.jpeg": jpeg(segment(0xE1, b"Exif\0\0" + camera_notes(latitude=False))),
    "With a smaller copy.jpg": jpeg(behind=b"\0\0" + jpeg()),
    "From a telephone.jpg": jpeg(behind=b"\0\0\x01\x0a some settings SEFT"),
    "Café – “final”.pdf": PDF,
}

_ZIP = package({"x.txt": "x"})
_PAGE = b"<html><script>alert(1)</script>"


def pdf_with(words: bytes) -> bytes:
    """Make a PDF that says more of itself."""
    return PDF.replace(b"/Catalog", b"/Catalog" + words)


# By the sentence with which they are refused, and by what they are.
HOSTILE: Mapping[str, Mapping[str, tuple[str, bytes]]] = {
    "The file is empty": {
        "nothing in it": ("Minutes.pdf", b""),
        "nothing in a document": ("Minutes.docx", b""),
    },
    "Choose a PDF, Word, Excel or image file": {
        "a page": ("page.html", _PAGE),
        "a drawing": ("drawing.svg", b"<svg onload='alert(1)'/>"),
        "a program": ("setup.exe", b"MZ\x90\0"),
        "a script": ("run.js", b"alert(1)"),
        "a batch": ("run.bat", b"del *"),
        "a link of Windows": ("minutes.pdf.lnk", b"L\0\0\0"),
        "a document with macros": ("letter.docm", word()),
        "a workbook with macros": ("sheet.xlsm", excel()),
        "a binary workbook": ("sheet.xlsb", excel()),
        "an old document": ("letter.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        "an archive": ("all.zip", _ZIP),
        "an email": ("mail.eml", b"From: a@b.example\n\nHello"),
        "a film": ("film.mp4", b"\0\0\0\x18ftypmp42"),
        "an animation": ("moving.gif", b"GIF89a"),
        "no ending": ("minutes", PDF),
        "only an ending": (".pdf", PDF),
        "a second ending": ("minutes.pdf .exe", PDF),
        "an ending in wide letters": ("minutes.\uff50\uff44\uff46", PDF),
    },
    "We could not accept this file": {
        "a program called PDF": ("minutes.pdf", b"MZ\x90\0" + PDF),
        "a page called PDF": ("minutes.pdf", _PAGE + PDF),
        "only a page called PDF": ("minutes.pdf", _PAGE),
        "a PDF that begins late": ("minutes.pdf", b"\n" + PDF),
        "a PDF that does not end": ("minutes.pdf", PDF[:-10]),
        "a PDF and an archive": ("minutes.pdf", PDF + _ZIP),
        "a PDF around an archive": ("minutes.pdf", PDF.replace(b"xref\n0", _ZIP + b"xref\n0", 1)),
        "a PDF with a page behind": ("minutes.pdf", PDF + _PAGE),
        "a PDF with a script": ("minutes.pdf", pdf_with(b"/OpenAction<</S/JavaScript/JS(x)>>")),
        "a PDF that starts a program": ("minutes.pdf", pdf_with(b"/A<</S/Launch/F(cmd.exe)>>")),
        "a PDF with a file in it": ("minutes.pdf", pdf_with(b"/Names<</EmbeddedFiles 2 0 R>>")),
        "the trial virus": ("minutes.pdf", _EICAR),
        "the trial virus in a PDF": ("minutes.pdf", PDF.replace(b"xref", _EICAR + b"xref", 1)),
        "the trial virus in a document": ("minutes.docx", word({"word/x.xml": _EICAR}, zipfile.ZIP_STORED)),
        "the trial virus in an image": ("board.png", png(chunk(b"tEXt", _EICAR))),
        "macros": ("letter.docx", word({"word/vbaProject.bin": "x"})),
        "macros in small letters": ("letter.docx", word({"word/VBAPROJECT.BIN": "x"})),
        "macros of old": ("sheet.xlsx", package({_TYPES: "", "xl/workbook.xml": "", "xl/macrosheets/sheet1.xml": ""})),
        "a control": ("letter.docx", word({"word/activeX/activeX1.bin": "x"})),
        "a packed object": ("letter.docx", word({"word/embeddings/oleObject1.bin": "x"})),
        "a program in a document": ("letter.docx", word({"word/media/setup.exe": "MZ"})),
        "a document with macros in a document": ("letter.docx", word({"word/embeddings/a.docm": "x"})),
        "an old workbook in a document": ("letter.docx", word({"word/embeddings/a.xls": "x"})),
        "an encrypted document": ("letter.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
        "an encrypted part": ("letter.docx", lying(8, b"\x01\x00")),
        "a part in another packing": ("letter.docx", lying(10, b"\x0c\x00")),
        "a part that bursts": ("letter.docx", word({"word/bomb.xml": "0" * 20_000_000})),
        "a part said to be huge": ("letter.docx", lying(24, b"\xff\xff\xff\x7f")),
        "parts in the same place": ("letter.docx", _overlapping()),
        "far too many parts": ("letter.docx", _far_too_many()),
        "a part outside": ("letter.docx", word({"../../etc/passwd": "x"})),
        "a part with a path": ("letter.docx", word({"/etc/passwd": "x"})),
        "a part of Windows": ("letter.docx", word({"C:\\x.xml": "x"})),
        "a part twice": ("letter.docx", word({"WORD/document.xml": "x"})),
        "a document in a workbook's name": ("sheet.xlsx", word()),
        "a workbook in a document's name": ("letter.docx", excel()),
        "an archive in a document's name": ("letter.docx", _ZIP),
        "no archive": ("letter.docx", b"PK\x03\x04 and then nothing"),
        "half an archive": ("letter.docx", word()[:-30]),
        "something before a document": ("letter.docx", b"#!/bin/sh\n" + word()),
        "something behind a document": ("letter.docx", word() + b"MZ\x90"),
        "a document with a remark": ("letter.docx", word()[:-2] + b"\x04\x00<?ph"),
        "a document that is a PDF too": ("letter.docx", word({"word/a.pdf": PDF}, zipfile.ZIP_STORED)),
        "a page called image": ("board.png", _PAGE),
        "an image in another's name": ("board.png", jpeg()),
        "an image in the other's name": ("room.jpg", png()),
        "an archive behind an image": ("board.png", png(behind=_ZIP)),
        "an archive inside an image": ("board.png", png(chunk(b"zIPp", _ZIP))),
        "a page behind an image": ("board.png", png(behind=_PAGE)),
        "an image that is a PDF too": ("board.png", png(chunk(b"tEXt", b"x\0" + PDF))),
        "an image that does not end": ("board.png", png()[:-12]),
        "an image that was changed": ("board.png", png().replace(b"IDAT", b"IDAX")),
        "an image as large as a country": ("board.png", png(width=2_000_000, height=2_000_000)),
        "an image without pixels": ("board.png", png(width=0)),
        "only the beginning of an image": ("board.png", b"\x89PNG\r\n\x1a\n"),
        "an archive behind a photo": ("room.jpg", jpeg(behind=_ZIP)),
        "a page behind a photo": ("room.jpg", jpeg(behind=_PAGE)),
        "an archive as settings of a camera": ("room.jpg", jpeg(behind=b"Rar!\x1a\x07 SEFT")),
        "a photo that is a PDF too": ("room.jpg", jpeg(segment(0xFE, PDF))),
        "a photo that does not end": ("room.jpg", jpeg()[:-2]),
        "a photo as large as a country": ("room.jpg", jpeg(width=60_000, height=60_000)),
        "only the beginning of a photo": ("room.jpg", b"\xff\xd8\xff"),
        "a photo with a segment too long": ("room.jpg", b"\xff\xd8\xff\xe0\xff\xff\xff\xd9"),
        "a photo of nothing but marks": ("room.jpg", b"\xff\xd8" + b"\xff" * 100_000),
        "a photo without a picture": ("room.jpg", b"\xff\xd8\xff\xd9"),
        "a path": ("../../etc/minutes.pdf", PDF),
        "a path of Windows": ("minutes\\minutes.pdf", PDF),
        "a name that ends a line": ("minutes\u2028.pdf", PDF),
        "a name that turns round": ("minutes\u202efdp.pdf", PDF),
        "a name with a mark to the right": ("minutes\u200f.pdf", PDF),
        "a name with a letter that cannot be seen": ("minutes\u200b.pdf", PDF),
        "a name with a control": ("minutes\x7f.pdf", PDF),
        "a name without an end": ("m" * 300 + ".pdf", PDF),
    },
}
