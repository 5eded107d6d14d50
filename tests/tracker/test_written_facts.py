"""Facts that are written as JSON: read as one object, or refused in one sentence."""

import pytest

from tracker.errors import FactsWrong
from tracker.written_facts import read_written_facts

REFUSED = {
    "[]": 'The facts are one JSON object. Write them like {"on": "2021-01-29"}.',
    '{"on": -Infinity}': "The facts are not JSON that can be read: -Infinity is no number.",
    '{"a": 1, "b": {"a": 1, "a": 2}}': "The facts are not JSON that can be read: 'a' stands there twice.",
    '{"a": ' + "9" * 101 + "}": "The facts are not JSON that can be read: a number in them has more than 100 digits.",
    '{"a": ' + "[" * 20 + "]" * 20 + "}": "The facts are not JSON that can be read: they are nested too deeply.",
    "[" * 100_000: "The facts are not JSON that can be read: they are nested too deeply.",
    '"' + "x" * 1_000_000 + '"': "The facts are larger than 1 MB. Give less text.",
}


def test_one_object_is_read_with_or_without_a_byte_order_mark():
    facts = [read_written_facts(mark + '{"text": "Šťastný"}'.encode(), "It") for mark in (b"", b"\xef\xbb\xbf")]

    assert facts == [{"text": "Šťastný"}, {"text": "Šťastný"}]


def test_number_of_a_hundred_digits_and_twenty_floors_are_read():
    deep = '{"a": ' + "[" * 19 + "]" * 19 + ', "b": ' + "9" * 100 + "}"

    assert read_written_facts(deep.encode(), "It")["b"] == int("9" * 100)


@pytest.mark.parametrize("written", REFUSED, ids=range(len(REFUSED)))
def test_what_is_no_plain_object_is_refused_in_a_sentence(written):
    with pytest.raises(FactsWrong) as wrong:
        read_written_facts(written.encode(), "It")

    assert str(wrong.value) == REFUSED[written]


def test_bytes_that_are_no_text_are_refused_by_the_name_of_their_place():
    with pytest.raises(FactsWrong) as wrong:
        read_written_facts(b'{"a": "\xff"}', "What you sent")

    assert str(wrong.value) == "What you sent is not UTF-8 text. Save the facts as UTF-8."
