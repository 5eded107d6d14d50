"""Whether a briefing fits on one page of A4: its lines counted in the letters of Arial, against the room there is.

The sizes are those of the printed sheet, in 96ths of an inch; the style sheet holds the same.
"""

import unicodedata
from collections.abc import Mapping

from tracker.briefings.boxes import BOXES, TITLE, parts_of

# What is left of the page beside the lines themselves: bands, headings of boxes, edges, and a little in reserve.
ROOM = 640
_TITLE_SIZE, _TITLE_LINE, _TITLE_WIDTH = 24.0, 28, 550
_SIZE, _LINE, _BETWEEN = 12.67, 16, 4
_HALF, _WHOLE, _INDENT = 305, 664, 14

# How wide letters are in Arial and Helvetica, in thousandths of their size; whatever is not listed counts as wider.
_WIDTHS: Mapping[str, int] = {
    letter: width
    for width, letters in {
        191: "'",
        222: "ijl‘’",
        260: "|",
        278: " !,./:;I[\\]ft",
        333: "()-`r“”",
        350: "•",
        355: '"',
        389: "*",
        469: "^",
        500: "Jckvsxyz",
        556: "#$0123456789?L_abdeghnopqu£–",
        584: "+<=>~",
        611: "FTZ",
        667: "&ABEKPSVXY",
        722: "CDHNRUw",
        778: "GOQ",
        833: "Mm",
        889: "%",
        944: "W",
        1000: "—…",
        1015: "@",
    }.items()
    for letter in letters
}
_WIDER = 1200
_BOLDER = 1.12


def fits(texts: Mapping[str, str]) -> bool:
    """Say whether title and boxes fit on one page."""
    left = {box.name: _height(texts.get(box.name, ""), _HALF) for box in BOXES[:-1]}
    names = list(left)
    rows = [max(left[names[place]], left[names[place + 1]]) for place in range(0, len(names), 2)]
    last = _height(texts.get(BOXES[-1].name, ""), _WHOLE)
    title = _lines(texts.get(TITLE, ""), _TITLE_WIDTH, _TITLE_SIZE * _BOLDER) * _TITLE_LINE
    return title + sum(rows) + last <= ROOM


def _height(words: str, width: int) -> int:
    parts = parts_of(words)
    lines = sum(_lines(part.words, width - (_INDENT if part.is_point else 0), _SIZE) for part in parts)
    return lines * _LINE + max(0, len(parts) - 1) * _BETWEEN


def _lines(words: str, width: float, size: float) -> int:
    """Count the lines of a paragraph as a browser breaks it: at spaces, and inside a word that is too long."""
    count, at = 1, 0.0
    space = _WIDTHS[" "] * size / 1000
    for word in words.split():
        long = sum(_width(letter) for letter in word) * size / 1000
        if at and at + space + long > width:
            count, at = count + 1, 0.0
        at += long + (space if at else 0)
        while at > width:
            count, at = count + 1, at - width
    return count


def _width(letter: str) -> int:
    base = unicodedata.normalize("NFD", letter)[0]
    return 0 if unicodedata.combining(base) else _WIDTHS.get(base, _WIDER)
