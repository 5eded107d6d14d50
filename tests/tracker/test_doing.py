"""The one door of all deeds: what it says to whom before anything is done, and when the same is asked twice."""

import pytest

from tests import make
from tracker.database import unit_of_work
from tracker.errors import NotFound, Refused

ELSEWHERE = "coordinator@chscp.example"


@pytest.mark.parametrize(
    ("reference", "deed", "facts"),
    [
        ("m1", "edit_agenda", {"add": ["Our own item"]}),
        ("M1", "edit_agenda", {"add": ["Our own item"]}),
        ("thscp", "change_setting", {"key": "link.days", "value": 20}),
    ],
)
def test_who_has_no_part_in_a_record_is_not_told_that_it_has_moved_on(engine, reference, deed, facts):
    with unit_of_work(engine) as session:
        make.make_team(session)
        make.make_team(session, "chscp")
    make.act(engine, "schedule_meeting", None, group="thscp/exec", on="2021-06-21", at="10:00")

    said = []
    for seen in (None, 999):
        with pytest.raises(NotFound) as wrong:
            make.act(engine, deed, reference, by=ELSEWHERE, seen=seen, **facts)
        said.append(str(wrong.value))
    with pytest.raises(Refused, match="has moved on since you looked at it"):
        make.act(engine, deed, reference, seen=999, **facts)

    assert said[0] == said[1]
    if deed == "edit_agenda":
        with pytest.raises(NotFound) as none:
            make.act(engine, deed, "m99", by=ELSEWHERE, **facts)
        assert str(none.value).replace("m99", reference) == said[0]


def test_first_answer_to_an_intent_is_not_given_again_with_what_a_conflict_hides_since(engine):
    make.make_world(engine)
    make.make_case(engine, "TH-2021-777")
    make.act(engine, "schedule_meeting", None, group="thscp/exec", on="2021-06-21", at="10:00")
    about = {"about": ["TH-2021-777"], "group": "thscp/qap", "title": "What nobody may know", "ask": "Decide"}
    make.act(engine, "raise_escalation", None, urgency="urgent", **about)

    def asks():
        return str(make.act(engine, "edit_agenda", "M1", intent="once", add=["Our own item"]).answer)

    first = asks()
    make.act(engine, "declare_conflict", "TH-2021-777", person="coordinator@thscp.example", reason="Kin")
    again = asks()
    make.make_case(engine, "TH-2021-001")
    make.act(engine, "add_action", None, text="Ring the ward", sources=["TH-2021-001"], intent="another")
    make.act(engine, "edit_action", "A1", text="Ring both wards")
    other = make.act(engine, "add_action", None, text="Ring the ward", sources=["TH-2021-001"], intent="another")

    traces = ("TH-2021-777", "What nobody may know", "Our own item")
    assert [[one in answer for one in traces] for answer in (first, again)] == [[True] * 3, [False, False, True]]
    # What names nothing of it is answered as the first time.
    assert other.answer["text"] == "Ring the ward"
