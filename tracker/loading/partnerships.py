"""Partnerships from a file: their agencies, their groups, and the processes they follow."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import pairwise

from sqlmodel import Session, col, select

from tracker import history
from tracker.groups.definitions_kept import keep_definition
from tracker.groups.models import Group, Partnership
from tracker.groups.queries import definitions_of
from tracker.loading.forms import GroupForm, PartnershipForm, PartnershipsFile
from tracker.people.models import Agency
from tracker.rows import write
from workflows.deadlines import counted


def load_partnerships(session: Session, file: PartnershipsFile, now: datetime) -> str:
    """Load every partnership of a file and say how many there are; what is there already is brought up to date.

    Raises `ValueError` with the place where the file contradicts itself.
    """
    codes = [form.id for form in file.partnerships]
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice is not None:
        raise ValueError(f"the partnership {twice!r} stands there twice.")
    groups = [_load(session, form, now) for form in file.partnerships]
    return f"{counted(len(codes), 'partnerships')} with {counted(sum(groups), 'groups')}."


def _load(session: Session, form: PartnershipForm, now: datetime) -> int:
    partnership = session.exec(select(Partnership).where(Partnership.code == form.id)).first()
    if partnership is None:
        made = write(session, Partnership(code=form.id, name=form.name))
        partnership = session.get_one(Partnership, made.id)
        before = None
    else:
        before = _as_it_stands(session, partnership)
    partnership.name, partnership.areas = form.name, json.dumps(form.area, ensure_ascii=False)
    session.add(partnership)
    session.flush()
    _load_agencies(session, partnership, form)
    newest = _newest_groups(form)
    _load_groups(session, partnership, newest, _last_days(form))
    for definition in definitions_of(partnership):
        keep_definition(session, definition, now)
    session.flush()
    if before != _as_it_stands(session, partnership):
        what = f"{form.name} was {'loaded' if before is None else 'brought up to date'}."
        history.note(session, form.id, "loaded", at=now, by=None, what=what)
    return len(newest)


def _as_it_stands(session: Session, partnership: Partnership) -> Sequence[object]:
    """Give what a file may change of a partnership, to compare."""
    agencies = [(agency.name, agency.is_safeguarding_partner) for agency in _agencies(session, partnership)]
    groups = session.exec(select(Group).where(Group.partnership_id == partnership.id).order_by(col(Group.id)))
    lines = [(group.code, group.name, group.kind, group.rhythm, group.escalates_to_id) for group in groups]
    return partnership.name, partnership.areas, agencies, lines


def _load_agencies(session: Session, partnership: Partnership, form: PartnershipForm) -> None:
    known = {agency.name: agency for agency in _agencies(session, partnership)}
    partners = form.safeguarding_partners or []
    for name in dict.fromkeys([*partners, *form.agencies]):
        if name in known:
            known[name].is_safeguarding_partner = known[name].is_safeguarding_partner or name in partners
            session.add(known[name])
        else:
            write(session, Agency(partnership_id=partnership.id, name=name, is_safeguarding_partner=name in partners))


def _agencies(session: Session, partnership: Partnership) -> Iterable[Agency]:
    return session.exec(select(Agency).where(Agency.partnership_id == partnership.id).order_by(col(Agency.id))).all()


def _newest_groups(form: PartnershipForm) -> dict[str, GroupForm]:
    """Give the groups of all versions; of one that stands in several, the newest version's."""
    listed = [group for version in form.versions for group in version.groups]
    groups = {group.id: group for group in [*form.groups, *listed]}
    for group in groups.values():
        if group.escalates_to is not None and group.escalates_to not in groups:
            raise ValueError(
                f"the group {group.id!r} of {form.id} escalates to {group.escalates_to!r}, which is not there."
            )
    for group in groups.values():
        _refuse_circle(form, groups, group)
    return groups


def _last_days(form: PartnershipForm) -> dict[str, date]:
    """Give on which day a version begins that has a group of the one before no more, by the groups' codes."""
    ended: dict[str, date] = {}
    for before, after in pairwise(form.versions):
        going_on = {group.id for group in after.groups}
        gone = [group.id for group in before.groups if group.id not in going_on]
        ended |= {code: after.from_.first for code in gone if after.from_ is not None}
        ended = {code: on for code, on in ended.items() if code not in going_on}
    return ended


def _refuse_circle(form: PartnershipForm, groups: dict[str, GroupForm], group: GroupForm) -> None:
    seen, above = {group.id}, group.escalates_to
    while above is not None:
        if above in seen:
            raise ValueError(f"the groups of {form.id} escalate in a circle, through {above!r}.")
        seen.add(above)
        above = groups[above].escalates_to


def _load_groups(
    session: Session, partnership: Partnership, forms: dict[str, GroupForm], last_days: dict[str, date]
) -> None:
    for form in forms.values():
        question = select(Group.id).where(Group.partnership_id == partnership.id, Group.code == form.id)
        if session.exec(question).first() is None:
            # One that stands here already is ended by a person, who says what becomes of what is open.
            ended_on = last_days.get(form.id)
            write(session, Group(partnership_id=partnership.id, code=form.id, name=form.name, ended_on=ended_on))
    holder = definitions_of(partnership)[-1].plan_held_by
    rows = session.exec(select(Group).where(Group.partnership_id == partnership.id).order_by(col(Group.id))).all()
    by_code = {group.code: group for group in rows}
    for form in forms.values():
        group = by_code[form.id]
        group.name, group.kind = form.name, form.kind
        group.rhythm = None if form.rhythm is None else json.dumps(form.rhythm, ensure_ascii=False)
        # What somebody chose here since stands: the file says only what a new group is shown.
        group.shown = shown_to(form.holds, holds_the_plan=form.id == holder) if group.shown is None else group.shown
        group.escalates_to_id = None if form.escalates_to is None else by_code[form.escalates_to].id
        session.add(group)


def shown_to(holds: Iterable[str], *, holds_the_plan: bool = False) -> str:
    """Say from what a group's agendas are made, by what it holds: the plan of the reviews, their cases, or both."""
    said = [one.casefold() for one in holds]
    trackers = any("tracker" in one or one.startswith("scr action plan") for one in said)
    plan = holds_the_plan or trackers or any("action plan" in one and not one.startswith("priority") for one in said)
    cases = trackers or any(one in ("reviews", "rapid reviews") for one in said)
    return " ".join(word for word, is_so in (("cases", cases), ("plan", plan)) if is_so)
