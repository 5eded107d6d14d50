"""Word and Excel files: archives of which only the directory is read; what lies in them is never unpacked."""

import re
import struct
import zipfile
from io import BytesIO

from tracker.files.kinds import MEGABYTE
from tracker.files.unfit import Unfit

_END = struct.Struct("<4s4H2LH")
_MOST_PARTS = 2000
_LARGEST_DIRECTORY = MEGABYTE
_LARGEST_UNPACKED = 100 * MEGABYTE
# Sheets of figures shrink to a twentieth; what shrinks far more was made to burst.
_SHRUNK = 100
_LARGEST_THAT_MAY_SHRINK = MEGABYTE
_ENCRYPTED = 0x1
_LOCAL_HEAD = 30
_WORD = re.compile(r"word/document\d*\.xml")
_EXCEL = re.compile(r"xl/workbook\d*\.xml")
# Macros under their usual names, controls and packed objects, and what a computer would run.
_RUNS = re.compile(
    r"vbaproject|vbadata|macrosheets/|activex/|oleobject"
    r"|\.(exe|dll|scr|com|bat|cmd|msi|lnk|jar|jse?|vb[es]?|ws[fh]?|hta|ps1|reg|swf|html?|docm|dotm|xls[mb]|xltm|doc|xls)$",
    re.IGNORECASE,
)


def check_word(content: bytes) -> None:
    """Refuse what is not a plain Word document; raises `Unfit`."""
    _check(content, _WORD)


def check_excel(content: bytes) -> None:
    """Refuse what is not a plain Excel workbook; raises `Unfit`."""
    _check(content, _EXCEL)


def _check(content: bytes, main_part: re.Pattern[str]) -> None:
    parts = _directory(content)
    names = [part.filename for part in parts]
    if len({name.lower() for name in names}) < len(names) or not all(_is_inside(name) for name in names):
        raise Unfit
    if "[Content_Types].xml" not in names or not any(main_part.fullmatch(name) for name in names):
        raise Unfit
    if any(_RUNS.search(name) for name in names):
        raise Unfit
    _must_not_burst(parts, len(content))


def _directory(content: bytes) -> list[zipfile.ZipInfo]:
    """Read the directory of an archive that begins with its first part and ends with its directory."""
    if not content.startswith(b"PK\x03\x04") or len(content) < _END.size:
        raise Unfit
    mark, disk, disk_of_it, _, count, length, start, comment = _END.unpack(content[-_END.size :])
    has_end = mark == b"PK\x05\x06" and not (disk or disk_of_it or comment)
    if not has_end or count > _MOST_PARTS or length > _LARGEST_DIRECTORY or start + length + _END.size != len(content):
        raise Unfit
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = sorted(archive.infolist(), key=lambda part: part.header_offset)
    except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError, UnicodeDecodeError):
        raise Unfit from None
    if len(parts) != count or not parts or parts[0].header_offset != 0:
        raise Unfit
    _must_not_overlap(parts, start)
    return parts


def _must_not_overlap(parts: list[zipfile.ZipInfo], end: int) -> None:
    """Each part has its own bytes: the same ones unpacked a thousand times are a bomb."""
    for part, following in zip(parts, [*(one.header_offset for one in parts[1:]), end], strict=True):
        if part.header_offset + _LOCAL_HEAD + part.compress_size > following:
            raise Unfit


def _is_inside(name: str) -> bool:
    return not name.startswith("/") and "\\" not in name and ":" not in name and ".." not in name.split("/")


def _must_not_burst(parts: list[zipfile.ZipInfo], size: int) -> None:
    unpacked = sum(part.file_size for part in parts)
    if unpacked > _LARGEST_UNPACKED or (unpacked > 10 * MEGABYTE and unpacked > _SHRUNK * size):
        raise Unfit
    for part in parts:
        is_readable = part.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        if not is_readable or part.flag_bits & _ENCRYPTED:
            raise Unfit
        if part.file_size > _LARGEST_THAT_MAY_SHRINK and part.file_size > _SHRUNK * max(1, part.compress_size):
            raise Unfit
