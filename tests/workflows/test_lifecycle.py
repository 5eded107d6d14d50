"""Every step of every process: once taken, once refused with everything that stands in its way."""

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from tests.workflows.pretend_case import UNREADY, PretendCase, blocked, ready
from tests.workflows.small_process import SMALL
from workflows.definition import NEW, read_definition, shipped, shipped_names
from workflows.lifecycle import Lifecycle, StepRefused
from workflows.requirements import REQUIREMENTS, Unmet
from workflows.vocabulary import CaseStatus, Do, Outcome

LIFECYCLES = {name: Lifecycle(shipped(name)) for name in shipped_names()}

STEPS = [
    pytest.param(lifecycle, step, source, id=f"{name} {step.trigger} from {source}")
    for name, lifecycle in LIFECYCLES.items()
    for step in lifecycle.definition.steps
    for source in step.sources
]
OF_DEEDS = [one for one in STEPS if one.values[1].do]
BY_THEMSELVES = [one for one in STEPS if not one.values[1].do]

# The sentence and the deed that cures it, for what `pretend_case.UNREADY` leaves unmet.
SENTENCES = {
    "notification_date": ("Record the day of the notification first.", "record-notification"),
    "immediate_learning": (
        "Say what the immediate learning is, or write none if there is none.",
        "record-recommendation",
    ),
    "intended_actions": (
        "Record the intended actions first: add an action of this case, or record the immediate learning.",
        "add-action",
    ),
    "methods": ("Choose 2 or more methods.", "record-decision"),
    "reason": ("Give the reason.", None),
    "all_ratified": ("Wait for the answer of Hackney Council and City of London Police.", "record-ratification"),
    "objection": ("No safeguarding partner objects.", "record-ratification"),
    "objections_settled": ("Settle the objection of Hackney Council first.", "record-resolution"),
    "partners_to_answer": ("Every safeguarding partner has answered.", "record-ratification"),
    "outcome_review": ("The decision is against a review.", None),
    "outcome_no_review": ("The decision is to review.", None),
    "only_audits": ("The decision asks for more than assurance.", None),
    "more_than_audits": ("The decision asks for assurance only.", None),
    "questions_asked": ("Put the questions to the partners first: ask each for its return.", "ask-return"),
    "returns_received": ("Record the return of Housing and Police first.", "record-return"),
    "leads_named": ("Appoint a lead for Partner-led Workshop first.", "appoint-lead"),
    "leads_independent": (
        "Confirm that Ada Author had no direct involvement in the case, or appoint somebody else.",
        "appoint-lead",
    ),
    "findings": ("Record the findings of the report first.", "agree-report"),
    "recommendations": ("Record the recommendations of the report first.", "agree-report"),
    "report_agreed": ("Agree the report first.", "agree-report"),
    "sent_before_publication": (
        "The full report has to be with the national Panel and the Secretary of State 7 working days before "
        "publication: record the sending, choose a later day, or give the reason in override_reason.",
        "record-sent-before-publication",
    ),
    "learning_session_held": ("Hold and record the learning session first.", "record-learning-session"),
    "each_answered": ("Answer for recommendation 2 as well.", "record-reflection"),
    "actions_ended": ("Complete A1 and A2, or end them with a reason, first.", "complete-action"),
    "action_plan": ("Add the actions of the plan first.", "add-action"),
    "grade": ("Record the grade first.", "record-evaluation"),
}


def codes(step):
    return [need.code for need in step.needs]


def refusal(lifecycle, case, do, branch="", also=()):
    with pytest.raises(StepRefused) as refused:
        lifecycle.take(case, do, branch, also)
    return refused.value


@pytest.mark.parametrize("code", REQUIREMENTS)
def test_every_requirement_says_what_is_missing_and_which_deed_cures_it(code):
    unmet = REQUIREMENTS[code].unmet(PretendCase(**UNREADY[code]))

    from_day = date(2027, 6, 14) if code == "sent_before_publication" else None
    assert unmet == Unmet(code, *SENTENCES[code], from_day)


@pytest.mark.parametrize(("lifecycle", "step", "source"), OF_DEEDS)
def test_a_deed_takes_its_step_when_nothing_is_missing(lifecycle, step, source):
    case = ready(source, codes(step))

    taken = lifecycle.take(case, step.do, step.branch)

    end = step.to or source
    assert (taken.step, taken.from_status, taken.to_status, case.state) == (step, source, end, end)


@pytest.mark.parametrize(("lifecycle", "step", "source"), [one for one in OF_DEEDS if one.values[1].needs])
def test_a_deed_is_refused_with_everything_that_is_missing_at_once(lifecycle, step, source):
    case = blocked(source, codes(step))

    refused = refusal(lifecycle, case, step.do, step.branch)

    label = step.do.label[0].lower() + step.do.label[1:]
    sentences = [SENTENCES[code][0] for code in codes(step)]
    assert str(refused) == f"Cannot {label}: {' '.join(sentences)}"
    assert [(one.code, one.sentence, one.cured_by) for one in refused.blockers] == [
        (code, *SENTENCES[code]) for code in codes(step)
    ]
    assert (refused.code, case.state) == (codes(step)[0], source)
    assert step.do.deed in refused.open_steps


@pytest.mark.parametrize(("lifecycle", "step", "source"), OF_DEEDS)
def test_a_deed_is_refused_where_it_is_no_step(lifecycle, step, source):
    statuses = [status.value for status in lifecycle.definition.statuses]
    elsewhere = next(status for status in statuses if lifecycle.step_from(status, step.do, step.branch) is None)
    case = PretendCase(state=elsewhere)

    refused = refusal(lifecycle, case, step.do, step.branch)

    assert str(refused).startswith("Cannot ")
    assert (refused.code, refused.blockers, case.state) == ("wrong_status", (), elsewhere)
    assert refused.open_steps == tuple(lifecycle.open_deeds(elsewhere))


@pytest.mark.parametrize(("lifecycle", "step", "source"), BY_THEMSELVES)
def test_a_case_moves_on_by_itself_when_nothing_is_missing(lifecycle, step, source):
    case = ready(source, codes(step))

    taken = lifecycle.settle(case)

    assert (taken[0].step, taken[0].from_status, taken[0].to_status) == (step, source, step.to)


@pytest.mark.parametrize(("lifecycle", "step", "source"), BY_THEMSELVES)
def test_a_case_does_not_take_a_step_by_itself_while_anything_is_missing(lifecycle, step, source):
    cases = [ready(source, codes(step), but=code) for code in codes(step)]

    taken = [lifecycle.settle(case) for case in cases]

    assert [step for steps in taken for one in steps if one.step == step] == []


def test_a_refusal_in_the_wrong_status_says_where_the_case_is_and_what_can_be_done():
    case = PretendCase(state="notified")

    refused = refusal(LIFECYCLES["england/2026"], case, Do.AGREE_REPORT)

    assert str(refused) == (
        "Cannot agree the report: the case is notified. What can be done now: convene-panel, hold-case."
    )


def test_a_closed_case_is_refused_without_a_suggestion():
    refused = refusal(LIFECYCLES["england/2026"], PretendCase(state="closed"), Do.PUBLISH)

    assert (str(refused), refused.open_steps) == ("Cannot publish the report: the case is closed.", ())


def test_a_case_that_is_not_opened_says_so():
    refused = refusal(LIFECYCLES["england/2026"], PretendCase(), Do.PUBLISH)

    assert str(refused) == "Cannot publish the report: it is not opened yet. What can be done now: open-case."


def test_a_reflection_out_of_its_turn_is_told_which_is_open():
    case = PretendCase(state="learning_shared")

    refused = refusal(LIFECYCLES["england/2026"], case, Do.RECORD_REFLECTION, "12m")

    assert str(refused) == "Cannot record the reflection as 12m: what the case can have now is 6m."


def test_what_a_deed_finds_missing_itself_is_said_with_the_rest():
    case = ready("recommended", [], but="methods")
    partners = Unmet("partners", "Tick every partner who agreed.", "record-decision")

    refused = refusal(LIFECYCLES["thscp/2022-23"], case, Do.RECORD_DECISION, "review", [partners])

    assert str(refused) == "Cannot record the decision: Choose 2 or more methods. Tick every partner who agreed."
    assert [one.code for one in refused.blockers] == ["methods", "partners"]


def test_the_outcome_of_its_own_comes_before_the_step_for_any():
    lifecycle = LIFECYCLES["thscp/2022-23"]

    opened = [lifecycle.step_from(NEW, Do.OPEN_CASE, branch).to for branch in ("", "notified", "considered")]

    assert opened == ["incident", "notified", "incident"]


def test_a_list_of_blockers_leaves_out_what_the_facts_will_say():
    lifecycle = LIFECYCLES["thscp/2022-23"]
    case = blocked("reflected", ["reason", "actions_ended"])
    step = lifecycle.step_from("reflected", Do.CLOSE_CASE)

    found = [one.code for one in lifecycle.unmet(case, step, of_facts=False)]

    assert found == ["actions_ended"]


def test_a_settled_objection_with_answers_outstanding_goes_back_to_the_partners():
    case = PretendCase(state="in_resolution", outcome=Outcome.REVIEW, partners_to_answer=("City of London Police",))

    steps = LIFECYCLES["chscp/2021-22"].settle(case)

    assert ([one.to_status for one in steps], case.state) == (["decision_made"], "decision_made")


def test_the_last_yes_takes_a_case_through_to_its_review():
    case = PretendCase(state="decision_made", outcome=Outcome.REVIEW)

    steps = LIFECYCLES["chscp/2021-22"].settle(case)

    assert [one.to_status for one in steps] == ["ratified", "review_in_progress"]


def test_the_last_yes_takes_a_case_without_review_to_its_learning():
    case = PretendCase(state="decision_made", outcome=Outcome.NO_REVIEW)

    steps = LIFECYCLES["chscp/2021-22"].settle(case)

    assert [one.to_status for one in steps] == ["ratified", "learning_actions"]


def test_a_learning_session_before_publication_is_not_asked_for_again():
    case = ready("published", ["learning_session_held"])

    steps = LIFECYCLES["england/2026"].settle(case)

    assert [one.to_status for one in steps] == ["learning_shared"]


def test_steps_that_lead_to_each_other_are_not_taken_for_ever():
    circle = '[[by_itself]]\nfrom = "{0}"\nto = "{1}"\n'
    rapid_review = '[[status]]\ncode = "rapid_review"\nstage = 2\n'
    text = SMALL + rapid_review + circle.format("notified", "rapid_review") + circle.format("rapid_review", "notified")
    case = PretendCase(state="notified")

    steps = Lifecycle(read_definition(text, "small.toml")).settle(case)

    assert [one.to_status for one in steps] == ["rapid_review"]


@pytest.mark.parametrize("name", LIFECYCLES)
def test_no_trigger_skips_the_requirements(name):
    triggers = LIFECYCLES[name].triggers

    assert [trigger for trigger in triggers if trigger.startswith("to_")] == []
    assert set(triggers) == {step.trigger for step in LIFECYCLES[name].definition.steps}


@pytest.mark.parametrize("name", LIFECYCLES)
def test_every_status_has_words_and_every_step_a_label(name):
    definition = shipped(name)

    assert [status.value for status in definition.statuses if "_" in CaseStatus(status.value).words] == []
    assert [step.label for step in definition.steps if "_" in step.label] == []


ROUTE = (
    (Do.OPEN_CASE, "notified", "notified"),
    (Do.CONVENE_PANEL, "", "rapid_review"),
    (Do.RECORD_RECOMMENDATION, "", "recommended"),
    (Do.RECORD_DECISION, "review", "review_in_progress"),
    (Do.AGREE_REPORT, "", "report_agreed"),
    (Do.PUBLISH, "", "published"),
    (Do.RECORD_LEARNING_SESSION, "", "learning_shared"),
    (Do.RECORD_REFLECTION, "6m", "reflected_6m"),
    (Do.RECORD_REFLECTION, "12m", "reflected"),
    (Do.CLOSE_CASE, "", "closed"),
)


def walked(lifecycle, times):
    """Walk so many cases all the way and give the statuses that were not the expected ones."""
    wrong = []
    for _ in range(times):
        case = PretendCase()
        for do, branch, expected in ROUTE:
            if lifecycle.take(case, do, branch).to_status != expected or case.state != expected:
                wrong.append(case.state)
    return wrong


def test_eight_threads_share_one_machine_and_no_case_gets_a_wrong_status():
    lifecycle = LIFECYCLES["england/2026"]
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)  # so that the threads do meet
    try:
        with ThreadPoolExecutor(8) as threads:
            wrong = list(threads.map(lambda _: walked(lifecycle, 200), range(8)))
    finally:
        sys.setswitchinterval(usual)

    assert wrong == [[]] * 8
