"""Facts that cannot be: whatever somebody types into a deed, she gets a sentence, and nothing is left behind."""

import json

import hypothesis
import pytest
from hypothesis import strategies as st
from sqlmodel import select

from tests.tracker.undoing import forgetting
from tests.tracker.walking import CARE, CONTROL, LATER, WALK, person
from tracker.database import reading
from tracker.deeds import DEEDS
from tracker.doing import do, read_facts
from tracker.errors import FactsWrong, NotAllowed, NotFound, Refused
from tracker.history import HistoryLine
from workflows.lifecycle import StepRefused

OURS = (FactsWrong, NotAllowed, NotFound, Refused, StepRefused)

# What no field of any deed takes.
NEVER = {
    "a NUL": "a\x00b",
    "half a letter": "a\ud800b",
    "five thousand letters": "x" * 5000,
    "a huge number": 10**30,
    "a number beyond all": float("inf"),
    "no number": float("nan"),
    "a list of lists": [[[]]],
    "keys that nobody knows": {"no_such_key": "nonsense"},
}
# What some field may take, or seems to.
SOMETIMES = [
    *(
        "",
        "   ",
        "x",
        "none",
        "x" * 101,
        "x" * 201,
        "x" * 3999,
        "é" * 61,
        "🐦",
        "' OR 1=1 --",
        "<b>x</b>",
        "a\nb",
        "\u202e",
    ),
    *(
        "20-06-02",
        "2021-06-31",
        "31/06/2021",
        "0001-01-01",
        "9999-12-31",
        "2021-06",
        "2021",
        "٢٠٢١",
        "2021-06-02T00:00:00Z",
    ),
    *(0, 1, -1, 0.5, 1000, 86400, 4102444800, True, False, None, [], {}, [""], ["x", "x"], {"": 0}, {"x": "yes"}),
    *("A1", "E1", "M1", "thscp", "exec", "AT-REVIEW", "1", CARE, person("owner"), "First Partner", "neglect"),
]

# What fills the columns of the tables, and what looks like something else.
LONGEST = ["1950-01-01", "2200-12-31", "x" * 4000, "é" * 200, "é" * 60, "🐦" * 20, 10_000, True]


def ending(engine, deed, facts, reference=None, by=None):
    """Do a deed with an answer to be kept, and undo it; give the name of the refusal, or `done`."""
    tried = WALK[deed]
    email = by or (person("executive") if deed in ("record_decision", "respond_to_escalation") else CONTROL)
    about = tried.reference if reference is None else reference
    try:
        done = do(forgetting(engine), deed, about, email=email, facts=facts, now=LATER, intent="once")
    except OURS as refused:
        # What cannot be written as UTF-8 is no sentence for anybody.
        return type(refused).__name__ if str(refused).encode() else "silence"
    return "done" if json.loads(json.dumps(done.answer)) == done.answer else "no JSON"


def fields(deed):
    return [name for name in DEEDS[deed].facts.model_fields if name != "confirmed"]


def lines(engine):
    with reading(engine) as session:
        return len(session.exec(select(HistoryLine.seq)).all())


@pytest.mark.parametrize("wrong", NEVER.values(), ids=NEVER)
def test_what_no_field_takes_is_wrong_in_every_field_of_every_deed(wrong):
    taken = []

    for name, deed in DEEDS.items():
        for field in [*fields(name), "confirmed"]:
            try:
                read_facts(deed, {**WALK[name].facts, field: wrong})
            except FactsWrong as refused:
                str(refused).encode()
            else:
                taken.append((name, field))

    # The value of a setting is whatever JSON its key allows: the key says what is wrong with it.
    assert [field for field in taken if field != ("change_setting", "value")] == []


def test_value_that_a_setting_cannot_have_is_refused(walk):
    keys = ("reminders.before", "digest.at", "colour.amber_days", "clock.rapid_review", "prefix", "email.titles")
    values = [*NEVER.values(), "", "61:00", -1, "٠٨:٠٠", {"amount": 1, "unit": "years "}]

    done = [
        (key, value)
        for key in keys
        for value in values
        if ending(walk, "change_setting", {"key": key, "value": value}) not in ("Refused", "FactsWrong")
    ]

    assert done == []


def test_key_that_no_deed_knows_is_wrong():
    for name, deed in DEEDS.items():
        with pytest.raises(FactsWrong) as wrong:
            read_facts(deed, {**WALK[name].facts, "nonsense": 1})

        assert str(wrong.value) == (
            f"The facts do not fit {deed.command}: nonsense: there is no such fact here, leave it out."
        )


def test_facts_that_fit_are_read_as_they_stand_in_the_walk():
    for name, deed in DEEDS.items():
        assert read_facts(deed, {**WALK[name].facts, "confirmed": []})


def test_any_value_in_any_field_ends_in_a_sentence_or_in_the_deed(walk):
    endings = {
        (deed, field, repr(value)): ending(walk, deed, {**WALK[deed].facts, field: value})
        for deed in WALK
        for field in fields(deed)
        for value in LONGEST
        if fits(deed, {**WALK[deed].facts, field: value})
    }

    assert set(endings.values()) <= {"done", "NotAllowed", "NotFound", "Refused", "StepRefused"}


def fits(deed, facts):
    """Say whether facts are read at all: only then they are worth a database."""
    try:
        read_facts(DEEDS[deed], facts)
    except FactsWrong:
        return False
    return True


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30), st.sampled_from(SOMETIMES),
    st.dates().map(str),
)  # fmt: skip
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
)


def like(schema, known):
    """Give values like a JSON Schema asks for, and now and then something else."""
    if "$ref" in schema:
        return like(known[schema["$ref"].rpartition("/")[2]], known)
    if "anyOf" in schema:
        return st.one_of(*(like(part, known) for part in schema["anyOf"]))
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "const" in schema:
        return st.just(schema["const"])
    kind = schema.get("type")
    if kind == "object" and "properties" in schema:
        return st.fixed_dictionaries(
            {}, optional={name: like(part, known) for name, part in schema["properties"].items()}
        )
    if kind == "array":
        return st.lists(like(schema.get("items", {}), known), max_size=3)
    if kind == "string":
        return st.one_of(
            st.text(min_size=1, max_size=20),
            st.dates().map(str),
            st.sampled_from([v for v in SOMETIMES if isinstance(v, str)]),
        )
    return ANYTHING


def facts_of(deed):
    """Give facts for a deed: those of the walk, with some fields like the schema says, and now and then anything."""
    schema = DEEDS[deed].facts.model_json_schema()
    known = schema.get("$defs", {})
    other = {name: st.one_of(like(part, known), ANYTHING) for name, part in schema["properties"].items()}
    return st.fixed_dictionaries({}, optional=other).map(lambda facts: (deed, {**WALK[deed].facts, **facts}))


@hypothesis.settings(max_examples=150, suppress_health_check=list(hypothesis.HealthCheck))
@hypothesis.given(st.sampled_from(sorted(WALK)).flatmap(facts_of))
def test_random_facts_end_in_a_sentence_or_in_the_deed(walk, made):
    deed, facts = made

    assert ending(walk, deed, facts) in {"done", "FactsWrong", "NotAllowed", "NotFound", "Refused", "StepRefused"}


def test_reference_that_cannot_be_is_not_found(walk):
    deeds = ("hold_case", "hold_action", "respond_to_escalation", "move_meeting", "change_setting")
    references = ("x" * 5000, "", "🐦", "%", "../x", "A\x00", "A\ud800")

    endings = {
        reference: {ending(walk, deed, WALK[deed].facts, reference) for deed in deeds} for reference in references
    }

    expected = ["NotFound"] * 5 + ["FactsWrong"] * 2
    assert list(endings.values()) == [{end} for end in expected]


def test_nothing_is_left_behind_by_all_this(walk):
    before = lines(walk)

    endings = [ending(walk, deed, tried.facts) for deed, tried in WALK.items()]

    assert (endings.count("done") > 40, lines(walk)) == (True, before)
