"""Says whether a file is taken: by its name and by what it holds, which have to agree; nothing in it is unpacked.

It is a sieve, not a virus scanner: what passes is kept as it is, and handed out only to be saved.
"""

import unicodedata
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from tracker.files import packages, pictures
from tracker.files.kinds import BY_EXTENSION, LARGEST_FILE, FileKind, size_words
from tracker.files.unfit import Unfit

EMPTY = "The file is empty"
WRONG_KIND = "Choose a PDF, Word, Excel or image file"

_LONGEST_NAME = 200
# Controls, marks that hide letters or turn a line round, halves of letters, and ends of lines.
_NOT_IN_A_NAME = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# Every scanner of viruses is tried with this text; no file of ours has a reason to hold it.
_TRIAL_VIRUS = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!"
_PDF_BEGINS = b"%PDF-"
# Readers of these kinds look for a beginning so far into a file, and for an end so far before its end.
_FIRST, _LAST = 1024, 65_557
_ARCHIVE_ENDS = b"PK\x05\x06"
_DOES_SOMETHING = (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/RichMedia")


def kind_of(name: str, content: bytes) -> FileKind:
    """Give the kind of a file; raises `Unfit` with the sentence for the reader."""
    if not content:
        raise Unfit(EMPTY)
    if len(content) >= LARGEST_FILE:
        raise Unfit(f"The file is {size_words(len(content))}. It must be smaller than {size_words(LARGEST_FILE)}")
    kind = BY_EXTENSION.get(PurePosixPath(name).suffix.lower())
    if kind is None:
        raise Unfit(WRONG_KIND)
    if not _may_be_called(name) or _TRIAL_VIRUS in content or _is_two_things(kind, content):
        raise Unfit
    _CHECKS[kind](content)
    return kind


def _may_be_called(name: str) -> bool:
    return (
        len(name) <= _LONGEST_NAME
        and not set(name) & set("/\\")
        and not {unicodedata.category(letter) for letter in name} & _NOT_IN_A_NAME
    )


def _is_two_things(kind: FileKind, content: bytes) -> bool:
    """Say whether another program would find another kind of file in the same bytes."""
    if kind is not FileKind.PDF and _PDF_BEGINS in content[:_FIRST]:
        return True
    return kind not in (FileKind.WORD, FileKind.EXCEL) and _ARCHIVE_ENDS in content[-_LAST:]


def _check_pdf(content: bytes) -> None:
    """Refuse what does not begin and end as a PDF does, or says plainly that it starts something."""
    end = content.rstrip(b"\r\n\t \x00")
    if not content.startswith(_PDF_BEGINS) or not end.endswith(b"%%EOF") or b"startxref" not in end[-_FIRST:]:
        raise Unfit
    if any(words in content for words in _DOES_SOMETHING):
        raise Unfit


_CHECKS: Mapping[FileKind, Callable[[bytes], None]] = {
    FileKind.PDF: _check_pdf,
    FileKind.WORD: packages.check_word,
    FileKind.EXCEL: packages.check_excel,
    FileKind.JPEG: pictures.check_jpeg,
    FileKind.PNG: pictures.check_png,
}
