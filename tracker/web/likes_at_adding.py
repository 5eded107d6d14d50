"""Before an action is added: what the plan holds already that likely says the same, for whoever decides on that."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlmodel import Session, col, select

from tracker.actions.alike import alike_to
from tracker.actions.models import Action
from tracker.actions.pairs import decides_in
from tracker.actions.queries import may_see_action
from tracker.people.doer import Doer
from tracker.web.fields import NO_NAMES, Field, Kind
from tracker.web.forms import Form

ANYWAY = Field(
    "another",
    Kind.WORDS,
    "Why is it another action?",
    f"Then it is added, and the two are not offered as a pair. {NO_NAMES}",
    rows=2,
)


class Like(NamedTuple):
    """An action of the plan that likely says the same as a new one."""

    reference: str
    title: str | None
    text: str


def likes_of_new(session: Session, partnership_id: int | None, form: Form, reader: Doer) -> Sequence[Like]:
    """Give what looks like the action that was typed, as far as the reader sees it; nothing for who decides on none."""
    said = form.text("text")
    if not said or partnership_id not in (decides_in(reader) or ()):
        return ()
    ids = alike_to(session, partnership_id, said)
    question = select(Action.id, Action.reference, Action.title, Action.text)
    rows = session.exec(question.where(col(Action.id).in_(ids), may_see_action(reader))).all()
    return [Like(*row[1:]) for row in sorted(rows, key=lambda row: -ids[row[0]])]


def ask_why_another(form: Form, likes: Sequence[Like]) -> None:
    """Ask why the action is another one, where it looks like one that there is."""
    if likes and not form.text(ANYWAY.name):
        form.says(ANYWAY.name, f"This looks the same as {likes[0].reference}. Open it, or add anyway and say why")
