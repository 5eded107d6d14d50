"""What looks personal is refused once, naming the field, and recorded when somebody stands by it (K10)."""

import pytest

from tests.make import shown
from tests.tracker.undoing import forgetting
from tests.tracker.walking import CONTROL, LATER, WALK, person
from tracker.deeds import DEEDS
from tracker.doing import do
from tracker.errors import Refused
from tracker.facts import Facts, Title, Words
from tracker.personal import may_be_personal, refuse_personal
from workflows.lifecycle import StepRefused


class Written(Facts):
    """Facts with a title, which is also looked at for names, and a text, which is not."""

    title: Title | None = None
    text: Words | None = None


OWN_NAMES = ["Casey Morgan", "Children's Social Care", "Poplar HARCA", "Tower Hamlets"]


def found(**facts):
    """Give what a text looks like, or nothing."""
    try:
        refuse_personal(Written(**facts), OWN_NAMES)
    except Refused as refused:
        return str(refused).split("looks like ")[1].split(". Take")[0]
    return None


ANYWHERE = {
    "Born in March 2014": "a date of birth",
    "his date of birth is 3 May 2014": "a date of birth",
    "DOB 030514": "a date of birth",
    "d.o.b. 3/5": "a date of birth",
    "seen on 3/5/2014": "a date of birth",
    "seen on 03.05.14": "a date of birth",
    "seen on 3-5-2014": "a date of birth",
    "seen on 2014-05-03": "a date of birth",
    "NHS 943 476 5919": "an NHS number",
    "NHS 943-476-5919": "an NHS number",
    "number 9434765919": "an NHS number",
    "lives at E1 4NS": "a postcode",
    "lives at e14ns": "a postcode",
    "lives at EC1A 1BB": "a postcode",
    "lives at W1A 0AX": "a postcode",
    "lives at M60 1NW": "a postcode",
    "call 020 7364 5000": "a phone number",
    "call 07700 900123": "a phone number",
    "call 07700900123": "a phone number",
    "call +44 7700 900123": "a phone number",
    "call 0044 20 7364 5000": "a phone number",
}
NOWHERE = [
    "The panel met on 3 May 2021 and again in June",
    "Working Together 2018, chapter 4, paragraph 12",
    "Action 12 of 34; 7 of 11 agencies; 100 per cent",
    "Section 47 of the Children Act 1989",
    "See TH-2020-001 and A214",
    "15 working days, £12,500, 24/7",
    "Birthing partners are asked, and newborns seen",
    "Quarters 1 to 4 of 2020-21",
]
NAMES = ["Support for Peter Harrow", "Peter Harrow", "PETER HARROW", "Peter-Paul Harrow", "Zoë Ångström", "Mary O’Neil"]
NO_NAMES = [
    "Share records with the school",
    "Neglect Strategy",
    "Children's Social Care to train staff",
    "Poplar HARCA Housing",
    "Tower Hamlets Safeguarding",
    "Casey Morgan to write",
    "Metropolitan Police Service",
    "Voice of the child",
    "CSE and CCE training",
    "Signs of Safety refresh",
]


@pytest.mark.parametrize(("text", "what"), ANYWHERE.items(), ids=ANYWHERE)
def test_what_identifies_somebody_is_found_in_every_text_and_title(text, what):
    assert (found(text=text), found(title=text)) == (what, what)


@pytest.mark.parametrize("text", NOWHERE)
def test_numbers_and_days_of_the_work_are_no_traces_of_somebody(text):
    assert found(text=text) is None


@pytest.mark.parametrize("title", NAMES)
def test_name_is_found_in_a_title_and_left_in_a_text(title):
    assert (found(title=title), found(text=title)) == ("a name", None)


@pytest.mark.parametrize("title", NO_NAMES)
def test_words_of_the_work_and_names_of_the_partnership_are_no_names(title):
    assert found(title=title) is None


@pytest.mark.parametrize("title", ["Visit of 3 May 2015", "May 3, 2015", "3rd of May 2015"])
def test_day_in_words_is_found_in_a_title_only(title):
    assert (found(title=title), found(text=title)) == ("a date of birth", None)


def test_refusal_names_the_field_and_says_how_to_stand_by_it():
    with pytest.raises(Refused) as refused:
        refuse_personal(Written(title="Audit", text="call 07700 900123"), [])

    assert (str(refused.value), refused.value.code) == (
        'text: this looks like a phone number. Take it out, or confirm that it is not with "confirmed": '
        '["looks_personal"].',
        "looks_personal",
    )


def test_whatever_is_refused_is_looked_at_before_the_names_are_known():
    texts = [*ANYWHERE, *NAMES]

    assert [text for text in texts if not may_be_personal(Written(title=text))] == []


PHONE = "ring 07700 900123"
# Each fact in which somebody may write what she likes, with the name under which it is refused.
FREE = [
    ("open_case", {"area": PHONE}, "area"),
    ("open_case", {"reference": "PETER-HARROW"}, "reference"),
    ("open_case", {"contributing": [PHONE]}, "contributing"),
    ("correct_event", {"reason": PHONE}, "reason"),
    ("record_recommendation", {"immediate_learning": PHONE}, "immediate_learning"),
    ("record_panel_response", {"text": PHONE}, "text"),
    ("record_decision", {"dissent": [{"partner": "First Partner", "reason": PHONE}]}, "reason"),
    ("record_resolution", {"outcome": PHONE}, "outcome"),
    ("record_resolution", {"participants": [PHONE]}, "participants"),
    ("appoint_lead", {"person": PHONE}, "person"),
    ("appoint_lead", {"declaration": PHONE}, "declaration"),
    ("record_method_done", {"note": PHONE}, "note"),
    ("record_evaluation", {"grade": PHONE}, "grade"),
    ("start_contribution", {"with_whom": PHONE}, "with_whom"),
    ("agree_report", {"findings": [{"text": PHONE}]}, "text"),
    ("agree_report", {"recommendations": [{"text": "x", "addressee": PHONE}]}, "addressee"),
    ("publish", {"public_label": "Peter Harrow"}, "public_label"),
    ("publish", {"override_reason": PHONE}, "override_reason"),
    ("record_learning_session", {"attendance": {PHONE: 3}}, "attendance"),
    ("record_reflection", {"answers": [{"of": "1", "answer": "gap", "text": PHONE}]}, "text"),
    ("write_briefing", {"title": "Peter Harrow"}, "title"),
    ("write_briefing", {"what_happened": PHONE}, "what_happened"),
    ("add_comment", {"text": PHONE}, "text"),
    ("close_case", {"reason": PHONE}, "reason"),
    ("hold_case", {"reason": PHONE}, "reason"),
    ("declare_conflict", {"reason": PHONE}, "reason"),
    ("add_action", {"title": "Peter Harrow"}, "title"),
    ("add_action", {"sources": [{"kind": "audit", "words": PHONE}]}, "words"),
    ("add_action", {"success_measure": PHONE}, "success_measure"),
    ("add_action", {"outside_body": PHONE}, "outside_body"),
    ("move_due_date", {"agreed_with": PHONE}, "agreed_with"),
    ("reopen_action", {"reason": PHONE}, "reason"),
    ("record_answer", {"text": PHONE}, "text"),
    ("update_action", {"text": PHONE}, "text"),
    ("update_action", {"evidence": [{"text": PHONE}]}, "text"),
    ("complete_action", {"evidence": PHONE}, "evidence"),
    ("edit_action", {"baseline": PHONE}, "baseline"),
    ("record_impact", {"measure": PHONE}, "measure"),
    ("raise_escalation", {"title": "Peter Harrow"}, "title"),
    ("raise_escalation", {"ask": PHONE}, "ask"),
    ("raise_escalation", {"urgency": "07700 900123"}, "urgency"),
    ("respond_to_escalation", {"by_whom": PHONE}, "by_whom"),
    ("cancel_meeting", {"reason": PHONE}, "reason"),
    ("close_meeting", {"key_points": ["x", PHONE]}, "key_points"),
    ("close_meeting", {"attendance": {PHONE: "yes"}}, "attendance"),
    ("add_closure", {"name": PHONE}, "name"),
]


def test_every_fact_in_which_one_may_write_is_read(walk):
    refused = []

    for deed, facts, _ in FREE:
        by = person("executive") if deed in ("record_decision", "respond_to_escalation") else CONTROL
        given = {**WALK[deed].facts, **facts}
        try:
            do(forgetting(walk), deed, WALK[deed].reference, email=by, facts=given, now=LATER)
        except Refused as looks:
            refused.append((deed, facts, str(looks).split(":")[0] if looks.code == "looks_personal" else str(looks)))

    assert refused == FREE


def test_what_the_walk_says_looks_like_nobody():
    assert [name for name, deed in DEEDS.items() if may_be_personal(deed.facts(**WALK[name].facts))] == []


def test_confirmation_is_kept_in_the_history_with_the_person_and_the_moment(walk):
    facts = {"reason": "ring 07700 900123", "look_again_on": "2021-07-01", "confirmed": ["looks_personal"] * 2}

    do(walk, "hold_case", "AT-REVIEW", email=CONTROL, facts=facts, now=LATER)

    line = shown(walk, "AT-REVIEW")["history"][-1]
    assert (line["deed"], line["by"], line["at"]) == ("hold_case", "Connie Control", "2021-06-03T11:00:00+00:00")
    assert line["confirmed"] == ["looks_personal"]


def test_what_was_not_confirmed_says_nothing_of_it(walk):
    do(walk, "hold_case", "AT-REVIEW", email=CONTROL, facts=WALK["hold_case"].facts, now=LATER)

    assert "confirmed" not in shown(walk, "AT-REVIEW")["history"][-1]


def test_every_deed_that_is_confirmed_says_so_in_its_line(walk):
    unsaid = []

    for deed in WALK:
        by = person("executive") if deed in ("record_decision", "respond_to_escalation") else CONTROL
        given = {**WALK[deed].facts, "confirmed": ["looks_personal"]}
        try:
            done = do(forgetting(walk), deed, WALK[deed].reference, email=by, facts=given, now=LATER, intent="once")
        except (Refused, StepRefused):
            # What this process does not have is refused, confirmed or not.
            continue
        lines = [line for line in (done.answer or {}).get("history", []) if line["deed"] == deed]
        if not lines or lines[-1].get("confirmed") != ["looks_personal"]:
            unsaid.append(deed)

    # Its line stands with the action or the case that it is about, not with the partnership.
    assert unsaid == ["dismiss_proposal"]
