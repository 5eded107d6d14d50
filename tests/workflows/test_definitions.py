"""The six processes against what the reports say, and what is said of a file that cannot be used."""

import pytest

from tests.workflows.seed_processes import ADDED, CLOCKS, MOVES, RHYTHMS
from tests.workflows.small_process import SMALL, changed
from workflows.definition import DefinitionWrong, in_force_on, read_definition, shipped, shipped_names
from workflows.vocabulary import CaseStatus, Do, Event, Independence, Outcome

NAMES = ("bdscp/2020-21", "chscp/2021-22", "england/2026", "thlscb/2008-09", "thscp/2020-21", "thscp/2022-23")
SEEDS = tuple(MOVES)


def moves_of(name):
    return {
        (source, step.to, tuple(step.by), tuple(need.code for need in step.needs), step.basis)
        for step in shipped(name).steps
        if step.to
        for source in step.sources
    }


def test_six_processes_are_shipped_each_in_the_file_of_its_partnership_and_label():
    assert shipped_names() == NAMES
    for name in NAMES:
        assert name == shipped(name).name == f"{shipped(name).partnership}/{shipped(name).label}"


@pytest.mark.parametrize("name", SEEDS)
def test_every_move_of_a_report_is_a_step_with_its_body_needs_and_basis(name):
    told = {(source, to, tuple(by), tuple(needs), basis) for source, to, by, needs, basis in MOVES[name]}

    assert told <= moves_of(name)


@pytest.mark.parametrize("name", SEEDS)
def test_no_move_is_added_but_those_that_are_marked_as_inferred(name):
    told = {(source, to) for source, to, *_ in MOVES[name]}

    added = {(source, to, basis) for source, to, _, _, basis in moves_of(name) if (source, to) not in told}

    # That the local authority notifies is told; from which of our two first statuses, is not.
    assert {(source, to) for source, to, _ in added} == ADDED[name]
    assert {basis for source, to, basis in added if to != "notified"} == {"inferred"}


@pytest.mark.parametrize("name", NAMES)
def test_every_clock_has_its_kind_start_length_and_end(name):
    clocks = {clock.code: (clock.kind, clock.start, str(clock.length), clock.met_by) for clock in shipped(name).clocks}

    assert clocks == CLOCKS[name]


@pytest.mark.parametrize("name", NAMES)
def test_the_review_clock_runs_only_where_there_is_a_review(name):
    only_for = {clock.code: clock.only_for for clock in shipped(name).clocks if clock.only_for}

    assert only_for == ({} if name == "thlscb/2008-09" else {"publish_review": Outcome.REVIEW})


@pytest.mark.parametrize("name", NAMES)
def test_every_rhythm_of_the_partnership_is_kept_beside_the_clocks_of_cases(name):
    rhythms = {rhythm.code: (rhythm.anchor, str(rhythm.length or rhythm.month)) for rhythm in shipped(name).rhythms}

    assert rhythms == RHYTHMS[name]


def test_partnerships_differ_in_who_decides_and_who_recommends():
    decides = {
        name: tuple(
            shipped(name).body_named(code).name for code in (shipped(name).recommended_by, shipped(name).decided_by)
        )
        for name in NAMES
    }

    assert decides == {
        "thscp/2020-21": ("Rapid Review Panel", "Executive Group"),
        "thscp/2022-23": ("Rapid Review Panel", "Executive Group"),
        "chscp/2021-22": ("Rapid review meeting", "Independent Safeguarding Children Commissioner"),
        "bdscp/2020-21": ("Practice, Development and Learning Group", "Safeguarding Children Partnership Executive"),
        "thlscb/2008-09": ("Case Review Subgroup", "Main Board"),
        "england/2026": ("Rapid Review Panel", "Executive"),
    }


@pytest.mark.parametrize("name", NAMES)
def test_only_the_body_that_decides_decides(name):
    by = {step.by for step in shipped(name).steps if step.do is Do.RECORD_DECISION}

    assert by == {(shipped(name).decided_by,)}


def test_only_city_and_hackney_ratifies():
    ratifies = {name for name in NAMES if shipped(name).ratified_by_partners}
    has_the_deed = {name for name in NAMES for step in shipped(name).steps if step.do is Do.RECORD_RATIFICATION}

    assert (ratifies, has_the_deed) == ({"chscp/2021-22"}, {"chscp/2021-22"})


def test_tower_hamlets_asks_for_two_methods_and_the_others_for_one():
    at_least = {name: shipped(name).methods_at_least for name in NAMES}

    assert at_least == {name: 2 if name.startswith("thscp") else 1 for name in NAMES}


def test_partnerships_differ_in_the_rule_for_who_may_lead():
    rules = {name: shipped(name).independence for name in NAMES}

    assert rules == {
        "thscp/2020-21": Independence.SENIOR_AND_NOT_INVOLVED,
        "thscp/2022-23": Independence.SENIOR_AND_NOT_INVOLVED,
        "chscp/2021-22": Independence.INDEPENDENT_OF_OPERATIONS,
        "bdscp/2020-21": Independence.NONE,
        "thlscb/2008-09": Independence.INDEPENDENT_OF_OPERATIONS,
        "england/2026": Independence.SENIOR_AND_NOT_INVOLVED,
    }


def test_partnerships_differ_in_when_and_on_what_they_look_back():
    looks_back = {
        name: (
            [step.branch for step in shipped(name).steps if step.do is Do.RECORD_REFLECTION],
            shipped(name).reflection_answers,
        )
        for name in NAMES
    }

    assert looks_back == {
        "thscp/2020-21": (["6m"], "actions"),
        "thscp/2022-23": (["12m"], "recommendations"),
        "chscp/2021-22": (["update"], "recommendations"),
        "bdscp/2020-21": ([], "recommendations"),
        "thlscb/2008-09": ([], "recommendations"),
        "england/2026": (["6m", "12m"], "recommendations"),
    }


def test_partnerships_differ_in_where_actions_live_and_who_holds_and_oversees_them():
    plans = {
        name: (
            shipped(name).plan_model,
            shipped(name).plan_held_by,
            shipped(name).plan_oversight,
            shipped(name).plan_views,
        )
        for name in NAMES
    }

    assert plans == {
        "thscp/2020-21": ("one_combined_plan", "qap", ("exec",), ("by_review", "by_theme")),
        "thscp/2022-23": ("one_combined_plan", "rrwg", ("qap", "exec"), ("by_review", "by_theme")),
        "chscp/2021-22": ("plan_for_each_review", "crsg", ("exec",), ("by_review",)),
        "bdscp/2020-21": ("two_trackers_for_each_review", "pdl", ("exec",), ("by_level",)),
        "thlscb/2008-09": ("plan_for_each_review", "crsg", ("main",), ("by_review",)),
        "england/2026": ("one_combined_plan", "coordinator", ("exec",), ("by_review", "by_theme", "by_level")),
    }


def test_partnerships_differ_in_how_they_escalate():
    ways = {name: (shipped(name).escalation_path, shipped(name).escalation_tracker) for name in NAMES}

    assert ways == {
        "thscp/2020-21": (("group", "exec"), False),
        "thscp/2022-23": (("group", "exec"), True),
        "chscp/2021-22": (("practitioner", "board or sub-group", "exec", "leads"), False),
        "bdscp/2020-21": (("working group", "delivery", "exec"), False),
        "thlscb/2008-09": (("subgroup", "execb", "main"), False),
        "england/2026": (("group", "exec"), True),
    }


def test_only_the_old_board_is_graded_and_knows_no_national_panel():
    graded = {name: shipped(name).grades for name in NAMES if shipped(name).grades}
    without_panel = {
        name for name in NAMES if Do.SEND_TO_NATIONAL_PANEL not in {step.do for step in shipped(name).steps}
    }

    assert graded == {"thlscb/2008-09": ("outstanding", "good", "adequate", "inadequate")}
    assert without_panel == {"thlscb/2008-09"}


def test_every_partnership_creates_what_its_report_tells():
    created = {name: {(step.to, thing) for step in shipped(name).steps for thing in step.creates} for name in MOVES}

    assert created == {
        "thscp/2020-21": {
            ("recommended", "immediate actions"),
            ("review_in_progress", "author task"),
            ("report_agreed", "recommendations into the combined plan"),
            ("published", "learning workshop"),
            ("published", "seven-minute briefing"),
            ("reflected", "gap actions"),
        },
        "thscp/2022-23": {
            ("recommended", "immediate actions"),
            ("review_in_progress", "author task"),
            ("report_agreed", "recommendations into the statutory review action plan"),
            ("reflected", "gap actions"),
        },
        "chscp/2021-22": {
            ("sent_to_panel", "immediate learning"),
            ("learning_actions", "learning actions"),
            ("published", "action per recommendation"),
            ("published", "TUSK briefing"),
            ("updated", "areas for further scrutiny"),
        },
        "bdscp/2020-21": {
            ("assurance", "answer due from each partner"),
            ("published", "single-agency tracker"),
            ("published", "multi-agency tracker"),
            ("improvement_programme", "actions"),
        },
        "thlscb/2008-09": {("completed", "action plan")},
    }


def test_a_partnership_starting_today_has_all_stages_in_their_order():
    stages = {status.value: status.stage for status in shipped("england/2026").statuses}

    assert stages == {
        "incident": 1,
        "notified": 1,
        "rapid_review": 2,
        "recommended": 3,
        "review_in_progress": 4,
        "report_agreed": 5,
        "published": 6,
        "no_review": 6,
        "learning_shared": 7,
        "reflected_6m": 8,
        "reflected": 9,
        "closed": 9,
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_case_may_be_held_in_every_status_but_closed_by_the_body_that_decides(name):
    definition = shipped(name)

    held = {(step.by, frozenset(step.sources)) for step in definition.steps if step.do is Do.HOLD_CASE}

    statuses = frozenset(status.value for status in definition.statuses) - {CaseStatus.CLOSED}
    assert held == {((definition.decided_by,), statuses)}


@pytest.mark.parametrize("name", NAMES)
def test_every_closing_needs_a_reason(name):
    unreasoned = [
        step.label
        for step in shipped(name).steps
        if step.do is Do.CLOSE_CASE and "reason" not in {need.code for need in step.needs}
    ]

    assert unreasoned == []


def test_an_exercise_of_audits_alone_stops_the_clock_of_a_review():
    stops = {(step.to, step.stops) for name in NAMES for step in shipped(name).steps if step.stops}

    assert stops == {("assurance", ("publish_review",))}


@pytest.mark.parametrize(
    ("month", "name"),
    [
        ("2019-01", "thscp/2020-21"),
        ("2022-03", "thscp/2020-21"),
        ("2022-04", "thscp/2022-23"),
        ("2027", "thscp/2022-23"),
    ],
)
def test_the_version_in_force_is_the_newest_that_has_begun(month, name):
    versions = [shipped("thscp/2020-21"), shipped("thscp/2022-23")]

    assert in_force_on(versions, month).name == name


def test_an_unknown_name_is_told_which_there_are():
    with pytest.raises(DefinitionWrong) as wrong:
        shipped("thscp/1999")

    assert str(wrong.value) == f"There is no definition 'thscp/1999'. There are: {', '.join(NAMES)}."


EVENTS, STATUSES, DEEDS = ", ".join(Event), ", ".join(CaseStatus), ", ".join(Do)

# What is changed in the small process, and the sentence that follows "small.toml, ".
WRONG = {
    "unknown status": (
        'code = "notified"',
        'code = "told"',
        f"line 17: there is no status 'told' (there are: {STATUSES}).",
    ),
    "unknown deed": ('do = "close_case"', 'do = "shut"', f"line 31: there is no deed 'shut' (there are: {DEEDS})."),
    "no deed": (
        'do = "close_case"\n',
        "",
        f"line 30: [[step]] needs `do`, one of: {DEEDS}.",
    ),
    "unknown event": (
        'from = "incident_known"',
        'from = "dawn"',
        f"line 46: there is no event 'dawn' (there are: {EVENTS}).",
    ),
    "unknown unit": (
        'unit = "working_days"',
        'unit = "moons"',
        "line 48: there is no unit 'moons' (there are: working_days, days, weeks, months, years).",
    ),
    "unknown kind of clock": (
        'kind = "statutory"',
        'kind = "soft"',
        "line 45: there is no kind of clock 'soft' (there are: statutory, guidance, local).",
    ),
    "unknown basis": (
        'basis = "statute"',
        'basis = "rumour"',
        "line 49: there is no basis 'rumour' (there are: seed, carried_over, statute, inferred).",
    ),
    "unknown rule of independence": (
        'decided_by = "exec"',
        'decided_by = "exec"\nindependence = "some"',
        "line 15: there is no rule of independence 'some' "
        "(there are: none, senior_and_not_involved, independent_of_operations).",
    ),
    "misspelt key": (
        'needs = ["reason", "actions_ended"]',
        'need = ["reason"]',
        "line 35: [[step]] knows no `need` (it knows: do, outcome, label, from, to, by, needs, creates, basis).",
    ),
    "status that is not listed": (
        'to = "closed"',
        'to = "published"',
        "line 30: status 'published' is not one of this definition's.",
    ),
    "stage outside one to nine": ("stage = 1", "stage = 10", "line 18: status 'notified' needs a stage from 1 to 9."),
    "status twice": (
        'code = "closed"\nstage = 9',
        'code = "closed"\nstage = 9\n[[status]]\ncode = "closed"\nstage = 9',
        "line 23: status 'closed' stands here a second time.",
    ),
    "nothing ends": (
        'code = "closed"',
        'code = "completed"',
        "line 1: no status is 'closed', so no case could ever end.",
    ),
    "status without a way on": (
        '[[step]]\ndo = "close_case"\nfrom = "notified"\nto = "closed"',
        '[[step]]\ndo = "close_case"\nfrom = "new"\nto = "closed"',
        "line 16: status 'notified' has no way on.",
    ),
    "status without a way in": (
        '[[status]]\ncode = "closed"',
        '[[status]]\ncode = "published"\nstage = 6\n\n[[status]]\ncode = "closed"',
        "line 20: no step leads to status 'published'.",
    ),
    "statuses that only lead to each other": (
        '[[record]]\ndo = "hold_case"\nduring = ["notified"]',
        '[[step]]\ndo = "convene_panel"\nfrom = "notified"\nto = "rapid_review"\nby = ["exec"]\n'
        '[[step]]\ndo = "record_recommendation"\nfrom = "rapid_review"\nto = "rapid_review"\nby = ["exec"]\n'
        '[[status]]\ncode = "rapid_review"\nstage = 2\n'
        '[[record]]\ndo = "hold_case"\nduring = ["notified"]',
        "line 47: status 'rapid_review' never leads to 'closed'.",
    ),
    "no way in at all": (
        'from = "new"\nto = "notified"',
        'from = "notified"\nto = "notified"',
        'line 1: no step opens a case: one needs `from = "new"`.',
    ),
    "step nobody may take": (
        'by = ["exec"]\nneeds',
        "by = []\nneeds",
        "line 30: nobody may take the step 'Close the case': name who in `by`.",
    ),
    "step of an unknown body": (
        'by = ["exec"]\nneeds',
        'by = ["cabinet"]\nneeds',
        "line 30: nobody is 'cabinet', who is to take the step 'Close the case': add it as a [[body]].",
    ),
    "step without a status to leave": (
        'from = "notified"\nto = "closed"',
        'to = "closed"',
        "line 30: this step needs `from`, one status or more.",
    ),
    "step without a status to reach": ('to = "closed"\n', "", "line 30: [[step]] needs `to`, a text."),
    "step twice": (
        '[[record]]\ndo = "hold_case"',
        '[[record]]\ndo = "close_case"',
        "line 37: 'Close the case' from 'notified' stands here a second time.",
    ),
    "unknown outcome": (
        'do = "close_case"',
        'do = "close_case"\noutcome = "gladly"',
        "line 30: the step 'Close the case' has no outcome 'gladly' (there are: none).",
    ),
    "unknown outcome of a deed that has some": (
        'do = "open_case"',
        'do = "open_case"\noutcome = "gladly"',
        "line 24: the step 'Open a case' has no outcome 'gladly' (there are: notified or considered).",
    ),
    "clock that never starts": (
        'from = "incident_known"',
        'from = "publication"',
        "line 42: clock 'notify_panel' never starts: no deed here records the publication.",
    ),
    "clock that is never met": (
        'basis = "statute"',
        'met_by = "notification"',
        "line 42: clock 'notify_panel' is never met: no deed here records the notification.",
    ),
    "clock without an event": (
        'from = "incident_known"\n',
        "",
        f"line 42: [[clock]] needs `from`, one of: {EVENTS}.",
    ),
    "clock without a length": ("amount = 5", "amount = -5", "line 47: [[clock]] needs `amount`, a whole number."),
    "clock of an endless length": (
        "amount = 5",
        "amount = 50000",
        "line 47: A length is a whole number from 0 to 10000, not 50000.",
    ),
    "clock twice": (
        "[[clock]]",
        '[[clock]]\ncode = "notify_panel"\nname = "N"\nkind = "local"\nfrom = "closure"\namount = 1\nunit = "days"\n'
        "[[clock]]",
        "line 49: clock 'notify_panel' stands here a second time.",
    ),
    "nobody decides": (
        'decided_by = "exec"\n',
        "",
        "line 13: [decision] does not say who decides: `decided_by` is missing.",
    ),
    "an unknown body decides": (
        'decided_by = "exec"',
        'decided_by = "cabinet"',
        "line 1: [decision] or [plan] names 'cabinet', whom nobody knows: add it as a [[body]].",
    ),
    "no title": ('title = "A small partnership"\n', "", "line 1: the top of the file needs `title`, a text."),
    "a number for a text": ('label = "1"', "label = 1", "line 3: the top of the file needs `label`, a text."),
    "a number in a list": (
        'during = ["notified"]',
        "during = [1]",
        "line 39: `during` of [[record]] is a list of texts.",
    ),
    "neither true nor false": (
        'decided_by = "exec"',
        'decided_by = "exec"\nratified_by_partners = "yes"',
        "line 15: `ratified_by_partners` of [decision] is true or false.",
    ),
    "a table that should stand many times": ("[[record]]", "[record]", "line 1: [[record]] is a list of tables."),
    "a table that should stand once": ("[decision]", "[[decision]]", "line 1: [decision] is one table."),
}


@pytest.mark.parametrize(("old", "new", "sentence"), WRONG.values(), ids=WRONG)
def test_a_file_that_cannot_be_used_is_refused_with_file_and_line(old, new, sentence):
    text = changed(old, new)

    with pytest.raises(DefinitionWrong) as wrong:
        read_definition(text, "small.toml")

    assert str(wrong.value) == f"small.toml, {sentence}"


def test_an_unknown_requirement_is_told_which_there_are():
    text = changed('needs = ["reason", "actions_ended"]', 'needs = ["goodwill"]')

    with pytest.raises(DefinitionWrong) as wrong:
        read_definition(text, "small.toml")

    beginning = (
        "small.toml, line 35: there is no requirement 'goodwill' (there are: notification_date, immediate_learning"
    )
    assert str(wrong.value)[: len(beginning)] == beginning


def test_a_file_that_is_no_toml_is_refused_with_its_line():
    with pytest.raises(DefinitionWrong) as wrong:
        read_definition('name = "small/1"\nlabel = ', "small.toml")

    assert str(wrong.value) == "small.toml: this is not TOML: Invalid value (at end of document)."


def test_the_smallest_process_can_be_read_and_keeps_its_text():
    definition = read_definition(SMALL, "small.toml")

    assert (definition.name, definition.text, len(definition.steps)) == ("small/1", SMALL, 3)
