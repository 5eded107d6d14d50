"""The kinds of files that are taken: what each is called, by which names it is known, and how it is handed out."""

from collections.abc import Mapping
from enum import StrEnum

MEGABYTE = 1024 * 1024
LARGEST_FILE = 10 * MEGABYTE
MOST_FILES = 3


class FileKind(StrEnum):
    """A kind of file; its code is stored, its words are what a reader sees."""

    PDF = "pdf"
    WORD = "word"
    EXCEL = "excel"
    JPEG = "jpeg"
    PNG = "png"

    @property
    def words(self) -> str:
        """Give the words for a reader."""
        return _WORDS[self]

    @property
    def media_type(self) -> str:
        """Give what a browser is told that the file is."""
        return _MEDIA_TYPES[self]


_WORDS: Mapping[FileKind, str] = {
    FileKind.PDF: "PDF",
    FileKind.WORD: "Word",
    FileKind.EXCEL: "Excel",
    FileKind.JPEG: "JPEG image",
    FileKind.PNG: "PNG image",
}
_OFFICE = "application/vnd.openxmlformats-officedocument"
_MEDIA_TYPES: Mapping[FileKind, str] = {
    FileKind.PDF: "application/pdf",
    FileKind.WORD: f"{_OFFICE}.wordprocessingml.document",
    FileKind.EXCEL: f"{_OFFICE}.spreadsheetml.sheet",
    FileKind.JPEG: "image/jpeg",
    FileKind.PNG: "image/png",
}
BY_EXTENSION: Mapping[str, FileKind] = {
    ".pdf": FileKind.PDF,
    ".docx": FileKind.WORD,
    ".xlsx": FileKind.EXCEL,
    ".jpg": FileKind.JPEG,
    ".jpeg": FileKind.JPEG,
    ".png": FileKind.PNG,
}


def size_words(size: int) -> str:
    """Write a size as a reader says it: 31 MB, 2.1 MB, 840 KB."""
    if size >= MEGABYTE:
        return f"{size / MEGABYTE:.1f}".removesuffix(".0") + " MB"
    return f"{max(1, round(size / 1024))} KB"
