"""Published reviews and other sources of learning from a file: nothing is checked, nobody is mailed (K11)."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from tracker import history
from tracker.actions.models import Action
from tracker.cases.clocks import stop_clocks, turn_clocks
from tracker.cases.decision_models import Decision, MethodWork, NationalPanelResponse, Ratification
from tracker.cases.models import Case, CaseEvent, CaseName, CaseTheme
from tracker.cases.opening import next_pseudonym, next_reference
from tracker.cases.queries import folded
from tracker.clock import london_day
from tracker.groups.definitions_kept import keep_definition
from tracker.groups.models import Partnership, Theme
from tracker.groups.queries import definition_for, definitions_of, partnership_by_code, safeguarding_partners
from tracker.loading.figures import load_figures, load_themes, themes_of
from tracker.loading.forms import CaseForm, CasesFile, DecisionForm
from tracker.loading.learning import load_leads, load_learning
from tracker.loading.statuses import events_done, outcome_of, status_of
from tracker.rows import write
from tracker.standing import WholeStanding
from workflows.dates import PartialDate
from workflows.deadlines import counted
from workflows.definition import Definition
from workflows.vocabulary import Event, Outcome, PanelResponse

Watched = Callable[[Sequence[CaseForm]], Iterable[CaseForm]]

_HARMS = {"death": "death", "serious_harm": "serious_harm", "several": "other", "other": "other"}
_ANSWERS = {"agreed": PanelResponse.AGREES, "advised_against": PanelResponse.ADVISES_AGAINST}
_KEPT = {"kind", "key_dates", "stages", "harm", "decision", "methods", "authors", "agencies", "model_extra"}


def load_cases(session: Session, file: CasesFile, now: datetime, watched: Watched = iter) -> str:
    """Load every case of a file that is not there yet, and say how many; `watched` may show how far it has come.

    Raises `ValueError` or `NotFound` with the place where the file is wrong.
    """
    _refuse_twice([form.id for form in file.cases], "case")
    _refuse_twice([action.id for form in file.cases for action in form.actions], "action")
    load_themes(session, file, now)
    themes = themes_of(session)
    known = set(session.exec(select(Case.loaded_id)))
    new = [form for form in file.cases if form.id not in known]
    _refuse_actions_of_others(session, new)
    actions = 0
    for form in watched(new):
        try:
            actions += _load(session, form, themes, now)
        except ValueError as wrong:
            raise ValueError(f"in {form.id}: {wrong}") from wrong
    load_figures(session, file)
    there = len(file.cases) - len(new)
    already = f"{there} {'was' if there == 1 else 'were'} there already"
    return f"{counted(len(new), 'cases')} with {counted(actions, 'actions')}; {already}."


def _refuse_twice(ids: list[str], what: str) -> None:
    twice = next((one for one in ids if ids.count(one) > 1), None)
    if twice is not None:
        raise ValueError(f"the {what} {twice!r} stands there twice.")


def _refuse_actions_of_others(session: Session, new: Sequence[CaseForm]) -> None:
    known = set(session.exec(select(Action.loaded_id).where(col(Action.loaded_id).is_not(None))))
    taken = next((action.id for form in new for action in form.actions if action.id in known), None)
    if taken is not None:
        raise ValueError(f"the action {taken!r} was loaded before, with another case.")


def _load(session: Session, form: CaseForm, themes: dict[str, Theme], now: datetime) -> int:
    partnership = partnership_by_code(session, form.partnership)
    definition = _definition(partnership, form)
    row = _case(session, form, partnership, definition, now)
    for name in dict.fromkeys(folded(name) for name in (form.id, form.reference, *form.aliases)):
        write(session, CaseName(case_id=row.id, folded=name))
    for code in dict.fromkeys(form.themes):
        if code not in themes:
            raise ValueError(f"the theme {code!r} is not among the themes.")
        write(session, CaseTheme(case_id=row.id, theme_id=themes[code].id))
    _decided(session, row, partnership, form)
    actions = load_learning(session, row, partnership, form, themes, now)
    _reckon(session, row, form, now)
    history.note(session, row.reference, "loaded", at=now, by=None, what=f"Loaded as {form.reference}.", new=row.status)
    return actions


def _definition(partnership: Partnership, form: CaseForm) -> Definition:
    """Choose the version of the reporting year, or the one that was in force in it."""
    labels = {definition.label for definition in definitions_of(partnership)}
    version = form.reporting_year if form.reporting_year in labels else None
    return definition_for(partnership, version, f"{(form.reporting_year or '2200')[:4]}-12")


def _case(session: Session, form: CaseForm, partnership: Partnership, definition: Definition, now: datetime) -> Case:
    if form.harm is not None and form.harm not in _HARMS:
        raise ValueError(f"there is no harm {form.harm!r}. There are: {', '.join(_HARMS)}.")
    year = int(form.reporting_year[:4]) if form.reporting_year else london_day(now).year
    row = Case(
        reference=next_reference(session, partnership, now, year),
        partnership_id=partnership.id,
        definition_id=keep_definition(session, definition, now).id,
        kind=form.kind,
        status=status_of(form, definition),
        pseudonym=next_pseudonym(session, partnership),
        public_label=form.reference,
        harm=_HARMS[form.harm] if form.harm else None,
        summary=form.summary,
        year=form.reporting_year,
        loaded_id=form.id,
        loaded=_as_loaded(form),
        opened_at=now,
    )
    return write(session, row)


def _as_loaded(form: CaseForm) -> str:
    """Keep what has no column of its own as the file says it."""
    kept = form.model_dump(mode="json", include=_KEPT) | (form.model_extra or {})
    return json.dumps(kept, ensure_ascii=False, sort_keys=True)


def _decided(session: Session, case: Case, partnership: Partnership, form: CaseForm) -> None:
    decision = _decision(session, case, form.decision, form) if form.decision else None
    works = [
        write(session, MethodWork(case_id=case.id, decision_id=decision, code=method.code, note=method.note))
        for method in form.methods
    ]
    load_leads(session, works, form.authors)
    if decision is not None and form.decision is not None and form.decision.ratified_by:
        for partner in safeguarding_partners(session, partnership.id):
            write(session, Ratification(decision_id=decision, partner=partner, answer="yes"))


def _decision(session: Session, case: Case, said: DecisionForm, form: CaseForm) -> int:
    answer = _ANSWERS.get(said.panel_response or "")
    if said.panel_response is not None and answer is None:
        raise ValueError(f"there is no panel response {said.panel_response!r}. There are: {', '.join(_ANSWERS)}.")
    if answer is not None:
        write(session, NationalPanelResponse(case_id=case.id, kind=answer))
    outcome = outcome_of(form) or Outcome.REVIEW
    row = Decision(
        case_id=case.id,
        on=next((date.date for date in form.key_dates if date.event in ("decision", "decided")), None),
        outcome=outcome,
        reason=said.reason,
        body=said.decided_by or "not stated",
        against_panel_advice=answer is PanelResponse.ADVISES_AGAINST and outcome is Outcome.REVIEW,
    )
    return write(session, row).id


def _reckon(session: Session, case: Case, form: CaseForm, now: datetime) -> None:
    """Write the days of the file as events and reckon the clocks from them, those that are met as met."""
    days = _days(form)
    for event, on in days.items():
        write(session, CaseEvent(case_id=case.id, name=event, on=on))
    standing = WholeStanding(session, session.get_one(Case, case.id))
    for event in days:
        turn_clocks(standing, event, now=now, by=None)
    done = events_done(form)
    unknown = [rule.code for rule in standing.definition.clocks if rule.met_by in done and rule.met_by not in days]
    stop_clocks(standing, "done, on a day that is not stated", london_day(now), unknown)
    # The clocks that were stopped are changed rows, which the next case's questions must see.
    session.flush()


def _days(form: CaseForm) -> dict[Event, PartialDate]:
    """Give the days that have an event of ours; a stage's day counts where no date is given for its event."""
    days: dict[Event, PartialDate] = {}
    stages = [(stage.stage, stage.date) for stage in form.stages if stage.state == "done"]
    for name, on in [*((date.event, date.date) for date in form.key_dates), *stages]:
        if on is None:
            continue
        try:
            days.setdefault(Event.named(name), on)
        except ValueError:
            # A file knows days that no process of ours asks for; they stay with the case as it was loaded.
            continue
    return days
