"""Who may lead a method: the partnership's rule of independence, and declared conflicts of interest."""

from collections.abc import Iterator
from datetime import date

from tracker.cases.named import barred_case_ids
from tracker.cases.standing import Standing
from tracker.people.models import Person
from tracker.reviews.queries import took_the_decision
from workflows.dates import uk_date
from workflows.requirements import Unmet
from workflows.vocabulary import Independence


def against_the_rule(
    standing: Standing,
    person: Person | None,
    name: str,
    *,
    level: str | None,
    involvement: str,
    declaration: str | None,
    today: date,
) -> list[Unmet]:
    """Give everything that speaks against a lead, with the partnership's rule quoted once, after what breaks it."""
    rule = standing.definition.independence
    found: list[str] = []
    if rule is not Independence.NONE:
        found += _level_and_involvement(name, level, involvement)
    if not declaration and person is not None and took_the_decision(standing, person, today):
        found.append(f"{name} took part in the decision: record the declaration of this interest.")
    if found and rule is not Independence.NONE:
        found[-1] += f" The rule: {rule.words}"
    blockers = [Unmet("independence", sentence, "appoint-lead") for sentence in found]
    if person is not None and person.ended_on is not None and person.has_left(today):
        blockers.append(
            Unmet("left", f"{name} left on {uk_date(person.ended_on)}: appoint somebody else.", "appoint-lead")
        )
    if person is not None and standing.case.id in barred_case_ids(standing.session, person.id):
        sentence = f"{name} has declared a conflict of interest in this case: appoint somebody else."
        blockers.append(Unmet("conflict", sentence, "appoint-lead"))
    return blockers


def _level_and_involvement(name: str, level: str | None, involvement: str) -> Iterator[str]:
    if level is None:
        yield f"Say at which level {name} works: senior or operational."
    if level == "operational":
        yield f"{name} works at operational level: appoint somebody else."
    if involvement == "direct":
        yield f"{name} was directly involved in the case: appoint somebody else."
