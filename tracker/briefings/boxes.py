"""The seven boxes of a briefing, in the order in which they are read, and how the words of one are laid out."""

from collections.abc import Mapping
from dataclasses import dataclass

TITLE = "title"
LONGEST_TITLE = 100


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its name among the facts, its heading, and how many characters it takes."""

    name: str
    heading: str
    most: int


BOXES = (
    Box("why_this_matters", "Why this matters", 420),
    Box("what_happened", "What happened", 300),
    Box("what_we_learnt", "What we learnt", 420),
    Box("what_worked_well", "What worked well", 420),
    Box("what_is_changing", "What is changing", 420),
    Box("what_you_can_do_today", "What you can do today", 420),
    Box("talk_about_it", "Talk about it in your team", 420),
)
NAMES = (TITLE, *(box.name for box in BOXES))
HEADINGS: Mapping[str, str] = {TITLE: "Title"} | {box.name: box.heading for box in BOXES}

_BULLETS = ("-", "*", "•")


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph of a box, or one point of a list."""

    words: str
    is_point: bool


def parts_of(words: str) -> list[Part]:
    """Give the paragraphs of a box: each line is one, and one that begins with a hyphen is a point of a list."""
    lines = (line.strip() for line in words.splitlines())
    return [_part(line) for line in lines if line]


def _part(line: str) -> Part:
    first, _, rest = line.partition(" ")
    return Part(rest.strip(), is_point=True) if first in _BULLETS and rest.strip() else Part(line, is_point=False)
