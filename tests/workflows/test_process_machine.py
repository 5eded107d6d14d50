"""Walks every process at random beside a small reference that reads the same file in its own way."""

import tomllib
from importlib.resources import files

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from tests.workflows.pretend_case import PretendCase, ready
from workflows.dates import PartialDate
from workflows.definition import shipped, shipped_names
from workflows.lifecycle import Lifecycle, StepRefused
from workflows.vocabulary import Do, Event, Outcome

NAMES = shipped_names()
LIFECYCLES = {name: Lifecycle(shipped(name)) for name in NAMES}
DECISIONS = ("review", "no_review")

# When each requirement is met, said a second time.
MET = {
    "notification_date": lambda case: case.notified,
    "immediate_learning": lambda case: bool(case.immediate_learning),
    "intended_actions": lambda case: case.intended_actions,
    "methods": lambda case: case.proposed_methods >= case.methods_at_least,
    "reason": lambda case: case.reason not in (None, "", " "),
    "all_ratified": lambda case: len(case.partners_to_answer) + len(case.objections) == 0,
    "objection": lambda case: len(case.objections) > 0,
    "objections_settled": lambda case: len(case.objections) == 0,
    "partners_to_answer": lambda case: len(case.partners_to_answer) > 0,
    "outcome_review": lambda case: case.outcome == "review",
    "outcome_no_review": lambda case: case.outcome == "no_review",
    "only_audits": lambda case: case.only_audits,
    "more_than_audits": lambda case: not case.only_audits,
    "questions_asked": lambda case: case.returns_asked,
    "returns_received": lambda case: len(case.returns_outstanding) == 0,
    "leads_named": lambda case: len(case.methods_without_lead) == 0,
    "leads_independent": lambda case: len(case.leads_not_confirmed) == 0,
    "findings": lambda case: case.findings > 0,
    "recommendations": lambda case: case.recommendations > 0,
    "sent_before_publication": lambda case: case.sent_early_enough,
    "learning_session_held": lambda case: "learning_session" in case.days,
    "each_answered": lambda case: len(case.unanswered) == 0,
    "actions_ended": lambda case: len(case.open_actions) == 0,
    "action_plan": lambda case: case.actions > 0,
}

names = st.sampled_from([(), ("one",), ("one", "another")])
counts = st.integers(0, 2)
FACTS = {
    "notified": st.booleans(),
    "immediate_learning": st.sampled_from([None, "", "none", "Ask earlier."]),
    "intended_actions": st.booleans(),
    "proposed_methods": counts,
    "reason": st.sampled_from([None, " ", "because"]),
    "partners_to_answer": names,
    "objections": names,
    "only_audits": st.booleans(),
    "returns_asked": st.booleans(),
    "returns_outstanding": names,
    "methods_without_lead": names,
    "leads_not_confirmed": names,
    "findings": counts,
    "recommendations": counts,
    "sent_early_enough": st.booleans(),
    "days": st.sampled_from([{}, {Event.LEARNING_SESSION: PartialDate(2027, 3, 1)}]),
    "unanswered": names,
    "open_actions": names,
    "actions": counts,
}
# Drawn more often: on these turn the steps that a case takes by itself.
TURNING = ("actions", "days", "objections", "only_audits", "partners_to_answer")
FEW_FACTS = st.lists(st.sampled_from([*FACTS, *TURNING * 4]), max_size=3)


class Reference:
    """The rows of a definition file as a plain table: from, deed and outcome, to, needs."""

    def __init__(self, name):
        text = (files("workflows") / "definitions" / f"{name.replace('/', '-')}.toml").read_text(encoding="utf-8")
        toml = tomllib.loads(text)
        self.ways = {}
        for row in (*toml["step"], *toml["record"]):
            sources = row.get("from") or row["during"]
            for source in [sources] if isinstance(sources, str) else sources:
                key = (source, row["do"], row.get("outcome", ""))
                self.ways[key] = (row.get("to", source), row.get("needs", []))
        self.by_itself = [(row["from"], row["to"], row["needs"]) for row in toml.get("by_itself", [])]

    def way(self, state, do, outcome):
        """Give where a deed leads and what it needs, or nothing."""
        return self.ways.get((state, do, outcome)) or self.ways.get((state, do, ""))

    def settled(self, case):
        """Give the statuses through which a case goes by itself."""
        state, passed = case.state, []
        while True:
            further = [
                to for source, to, needs in self.by_itself if source == state and all(MET[n](case) for n in needs)
            ]
            if not further or further[0] in (case.state, *passed):
                return passed
            state = further[0]
            passed.append(state)


class Walk(RuleBasedStateMachine):
    """A case on its way: facts change, deeds are tried, and each answer is compared with the reference."""

    def __init__(self, name):
        super().__init__()
        self.lifecycle, self.reference = LIFECYCLES[name], Reference(name)
        self.case = PretendCase(methods_at_least=shipped(name).methods_at_least)
        self.history = [("", "new")]
        self.decided = False

    @rule(facts=st.fixed_dictionaries(FACTS))
    def all_facts_change(self, facts):
        vars(self.case).update(facts)

    @rule(draw=st.data())
    @precondition(lambda self: self.case.state != "closed")
    def everything_for_a_way_on_is_done_and_it_is_taken(self, draw):
        state = self.case.state
        by_deed = [(key[1:], needs) for key, (to, needs) in self.reference.ways.items() if key[0] == state != to]
        by_itself = [(None, needs) for source, _, needs in self.reference.by_itself if source == state]
        way, needs = draw.draw(st.sampled_from([*by_deed, *by_itself]), label="way on")
        outcome = {} if way and way[0] == "record_decision" else {"outcome": self.case.outcome}
        vars(self.case).update({**vars(ready(state, needs)), "methods_at_least": self.case.methods_at_least, **outcome})
        for fact in draw.draw(FEW_FACTS, label="facts"):
            setattr(self.case, fact, draw.draw(FACTS[fact], label=fact))
        if way is None:
            self.settles()
        else:
            self.tried(Do(way[0]), way[1])

    @rule(do=st.sampled_from(Do), outcome=st.sampled_from(["", "review", "no_review", "send_back", "6m", "notified"]))
    def any_deed_is_tried(self, do, outcome):
        self.tried(do, outcome)

    @rule(draw=st.data())
    @precondition(lambda self: self.case.state != "closed")
    def a_deed_of_this_status_is_tried(self, draw):
        here = [(do, outcome) for state, do, outcome in self.reference.ways if state == self.case.state]
        do, outcome = draw.draw(st.sampled_from(here), label="deed")
        self.tried(Do(do), outcome)

    def tried(self, do, outcome):
        before = self.case.state
        way = self.reference.way(before, do.value, outcome)
        missing = [] if way is None else [code for code in way[1] if not MET[code](self.case)]
        answer = self.answer_to(do, outcome)
        if isinstance(answer, StepRefused):
            self.is_refused_rightly(answer, before, way, missing)
            return
        assert way is not None
        assert (missing, answer.from_status, answer.to_status) == ([], before, way[0])
        self.history.append((before, answer.to_status))
        self.decision_is_followed(do, outcome)
        self.settles()

    def answer_to(self, do, outcome):
        try:
            return self.lifecycle.take(self.case, do, outcome)
        except StepRefused as refused:
            return refused

    def is_refused_rightly(self, refused, before, way, missing):
        assert way is None or missing
        assert [blocker.code for blocker in refused.blockers] == missing
        assert all(blocker.sentence.endswith(".") for blocker in refused.blockers)
        assert (refused.code, self.case.state) == (missing[0] if missing else "wrong_status", before)
        assert str(refused).startswith("Cannot ")

    def decision_is_followed(self, do, outcome):
        if do is not Do.RECORD_DECISION:
            return
        if outcome in DECISIONS:
            assert not self.decided, "a second decision, and nobody sent the case back"
            self.case.outcome = Outcome(outcome)
        # What was sent back may be decided again.
        self.decided = outcome in DECISIONS

    def settles(self):
        expected = self.reference.settled(self.case)
        taken = self.lifecycle.settle(self.case)
        assert [step.to_status for step in taken] == expected
        self.history += [(step.from_status, step.to_status) for step in taken]

    @invariant()
    def a_case_that_is_not_closed_has_a_way_on(self):
        state = self.case.state
        by_deed = [to for (source, _, _), (to, _) in self.reference.ways.items() if source == state and to != state]
        by_itself = [to for source, to, _ in self.reference.by_itself if source == state]
        assert bool(by_deed or by_itself) == (state != "closed")

    @invariant()
    def the_history_has_every_move(self):
        ends = [to for _, to in self.history]
        assert [source for source, _ in self.history[1:]] == ends[:-1]
        assert ends[-1] == self.case.state


@pytest.mark.parametrize("name", NAMES)
def test_a_case_on_any_way_through_any_process_is_where_the_reference_says(name):
    walks = settings(max_examples=80, stateful_step_count=40)

    run_state_machine_as_test(lambda: Walk(name), settings=walks)


@pytest.mark.parametrize("name", NAMES)
def test_the_reference_knows_every_requirement_that_a_process_names(name):
    needed = {need.code for step in shipped(name).steps for need in step.needs}

    assert needed - set(MET) == set()


@pytest.mark.parametrize("name", NAMES)
def test_every_status_of_a_process_is_reached_and_leads_to_the_end(name):
    reference = Reference(name)
    moves = {(source, to) for (source, _, _), (to, _) in reference.ways.items()}
    moves |= {(source, to) for source, to, _ in reference.by_itself}
    statuses = {status.value for status in shipped(name).statuses}

    # As many rounds as there are statuses: then nothing new can come.
    reached, ending = {"new"}, {"closed"}
    for _ in statuses:
        reached |= {to for source, to in moves if source in reached}
        ending |= {source for source, to in moves if to in ending}

    assert (reached, ending) == (statuses | {"new"}, statuses | {"new"})
