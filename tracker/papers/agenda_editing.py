"""What people change of an agenda that the work has made: items of their own, and headings that they leave out."""

import re
from datetime import datetime
from typing import Annotated

from pydantic import Field
from sqlmodel import Session, col, select

from tracker import history
from tracker.clock import london_day
from tracker.errors import NotAllowed, NotFound, Refused
from tracker.facts import Code, Facts, Name
from tracker.groups.meetings import ask_about, must_be_planned
from tracker.groups.models import AgendaItem, Meeting
from tracker.papers.agenda import OWN_ITEM, STANDING, agenda_codes, items_of
from tracker.people.doer import Doer
from tracker.people.roles import Role
from tracker.rows import write

MOST_ITEMS = 50


class EditAgenda(Facts):
    """Items to add in words, or headings to bring back by their code; and codes of what is to be left out."""

    add: Annotated[list[Name], Field(max_length=MOST_ITEMS)] = []
    remove: Annotated[list[Code], Field(max_length=MOST_ITEMS)] = []


def edit_agenda(session: Session, meeting: Meeting, facts: EditAgenda, *, now: datetime, by: Doer) -> None:
    """Add items to the agenda of a meeting to come, or leave headings out; the item on escalations always stands."""
    group = ask_about(session, meeting, "edit_agenda", by)
    if not by.has(Role.COORDINATOR, group.partnership_id) and group.code not in by.groups_in(group.partnership_id):
        raise NotAllowed(f"{by.name} may change the agendas of her own groups only. Ask the coordinator.")
    must_be_planned(meeting, london_day(now), "change the agenda of")
    if not facts.add and not facts.remove:
        raise Refused("Say what is added to the agenda, or what is removed from it.", code="nothing_changes")
    changing = _Changing(session, meeting)
    done = [changing.remove(code.strip().lower()) for code in facts.remove]
    done += [changing.add(words) for words in facts.add]
    history.note(session, meeting.reference, "edit_agenda", at=now, by=by, what=f"Agenda: {'; '.join(done)}")


class _Changing:
    def __init__(self, session: Session, meeting: Meeting) -> None:
        self._session = session
        self._meeting = meeting
        self._items = _changes(session, meeting)
        self._codes = agenda_codes(session, meeting)

    def remove(self, code: str) -> str:
        """Leave an item or a heading out, and say so."""
        if code == STANDING:
            raise Refused("The item on escalations stands in every agenda and cannot be removed.", code="standing_item")
        item = self._items.get(code)
        if item is not None and item.is_removed:
            raise Refused(f"{code} is not on the agenda any more.", code="already_done")
        if item is None and code not in self._codes:
            known = ", ".join([*self._codes, *(one.code for one in items_of(self._items.values()))])
            raise NotFound(f"There is no item {code!r} on the agenda of {self._meeting.reference}. Its items: {known}.")
        if item is None:
            self._put(code, None, is_removed=True)
            return f"without {self._codes[code]}"
        item.is_removed = True
        self._session.add(item)
        return f"without {item.text}"

    def add(self, words: str) -> str:
        """Add an item, or bring a heading back that was left out, and say so."""
        code = words.strip().lower()
        item = self._items.get(code)
        if item is not None and item.is_removed:
            item.is_removed = False
            self._session.add(item)
            return f"with {item.text or self._codes.get(code, code)}"
        own = [known for known in self._items if re.fullmatch(OWN_ITEM, known)]
        if len(own) >= MOST_ITEMS:
            raise Refused(f"An agenda holds {MOST_ITEMS} items of your own at most. Remove one.", code="too_many")
        self._put(f"item-{len(own) + 1}", words, is_removed=False)
        return f"with {words}"

    def _put(self, code: str, words: str | None, *, is_removed: bool) -> None:
        item = AgendaItem(meeting_id=self._meeting.id, code=code, text=words, is_removed=is_removed)
        self._items[code] = self._session.get_one(AgendaItem, write(self._session, item).id)


def headings_of(session: Session, meeting: Meeting) -> list[tuple[str, str]]:
    """Give what stands on the agenda of a meeting, by its codes: headings that the work makes, and added items."""
    items = _changes(session, meeting)
    made = [(code, words) for code, words in agenda_codes(session, meeting).items() if code not in items]
    back = [(code, _words(session, meeting, items[code])) for code in items if not items[code].is_removed]
    return made + back


def left_out_of(session: Session, meeting: Meeting) -> list[tuple[str, str]]:
    """Give what was left out of the agenda of a meeting, by its codes."""
    items = _changes(session, meeting)
    return [(code, _words(session, meeting, item)) for code, item in items.items() if item.is_removed]


def _words(session: Session, meeting: Meeting, item: AgendaItem) -> str:
    return item.text or agenda_codes(session, meeting).get(item.code, item.code)


def _changes(session: Session, meeting: Meeting) -> dict[str, AgendaItem]:
    question = select(AgendaItem).where(AgendaItem.meeting_id == meeting.id).order_by(col(AgendaItem.id))
    return {item.code: item for item in session.exec(question)}
