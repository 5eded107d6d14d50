"""Definitions as they are kept: what a refused deed would have stored is not taken for what is stored later."""

import pytest

from tests.make import act, make_case, make_world, shown
from tracker.errors import Refused


def test_definition_of_a_refused_case_is_not_taken_for_that_of_the_next_one(engine):
    make_world(engine)
    with pytest.raises(Refused) as refused:
        act(engine, "open_case", partnership="thscp", known_on="2021-06-01", notified_on="2025-06-01")

    case = make_case(engine, version="2022-23", notified_on="2021-06-01")

    assert str(refused.value) == ("The notification on 1 June 2025: that lies more than a year ahead. Check the year.")
    assert shown(engine, case)["definition"] == "thscp/2022-23"
