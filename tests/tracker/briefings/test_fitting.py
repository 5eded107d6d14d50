"""Whether a briefing fits on one page, reckoned from its letters; a browser proves it in test_briefing_in_browser."""

import pytest

from tests.tracker.walking import BRIEFING
from tests.tracker.web.briefing_words import AT_THE_LIMIT
from tracker.briefings.boxes import BOXES, Part, parts_of
from tracker.briefings.fitting import fits


def test_limits_are_such_that_plain_english_fits():
    lengths = {box.name: len(AT_THE_LIMIT[box.name]) for box in BOXES}

    assert lengths == {box.name: box.most for box in BOXES}
    assert fits(AT_THE_LIMIT)


@pytest.mark.parametrize("text", ["W" * 420, "\n".join(["a"] * 200), " ".join(["WWWWWWWW"] * 46), "漢" * 420])
def test_boxes_of_wide_letters_or_many_lines_do_not_fit(text):
    assert not fits(BRIEFING | {box.name: text[: box.most] for box in BOXES})


def test_nothing_fits():
    assert fits({})


def test_lines_are_paragraphs_and_points():
    assert parts_of("First\n\n- one\n• two\n-3 degrees\n*\n") == [
        Part("First", is_point=False),
        Part("one", is_point=True),
        Part("two", is_point=True),
        Part("-3 degrees", is_point=False),
        Part("*", is_point=False),
    ]
