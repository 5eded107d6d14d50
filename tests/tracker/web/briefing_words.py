"""Briefings as long as they may be, for whoever tries whether they fit on their page."""

from tracker.briefings.boxes import BOXES, TITLE

_PLAIN = (
    "Most of the children we worry about are known to more than one service, and each of them holds a part of the "
    "story. When the parts meet late, help comes late as well. Ask every family who else lives with them and who helps "
    "them, ring the other service on the same day instead of waiting for the file, and write down what relatives tell "
    "you in their own words. Good supervision made time for this whenever people asked for it early."
)


def _cut(text: str, most: int) -> str:
    """Give so many characters of a text, the last of them a full stop."""
    assert len(text) >= most
    return f"{text[: most - 1].rstrip()}{'.' * (most - len(text[: most - 1].rstrip()))}"


AT_THE_LIMIT = {box.name: _cut(_PLAIN, box.most) for box in BOXES} | {
    TITLE: _cut("When families move from one area to another: keeping sight of the child and of all who care " * 2, 100)
}
