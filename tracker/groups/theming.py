"""Keeping the themes of a partnership: added, renamed, merged, retired, and all of it taken back; each with a reason.

Nothing that has a theme is changed by it: what is merged is counted and found as the theme it was merged into.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from tracker import history
from tracker.clock import london_day
from tracker.errors import NotFound, Refused
from tracker.facts import Facts, Name, Title, Words
from tracker.groups.models import Partnership, Theme, ThemeRuling, ThemeWord
from tracker.groups.themes import ThemeHere, vocabulary
from tracker.people.doer import Doer
from tracker.people.permissions import require
from tracker.rows import change, write

_LONGEST_CODE = 60


class AddTheme(Facts):
    """What a theme of the partnership's own is called."""

    label: Title


class RenameTheme(Facts):
    """Which theme, by its code or any word for it, what it is called from now on, and why."""

    theme: Name
    label: Title
    reason: Words


class MergeThemes(Facts):
    """Which theme is merged into which other one, and why."""

    theme: Name
    into: Name
    reason: Words


class OneTheme(Facts):
    """Which theme, by its code or any word for it, and why."""

    theme: Name
    reason: Words


def add_theme(session: Session, partnership: Partnership, facts: AddTheme, *, now: datetime, by: Doer) -> None:
    """Add a theme that only this partnership has."""
    require(by, "add_theme", partnership.id)
    _must_be_free(session, partnership, facts.label)
    code = _free_code(session, facts.label, partnership.code)
    write(session, Theme(code=code, label=facts.label, partnership_id=partnership.id))
    _note(session, partnership, "add_theme", [code], f"Theme added: {facts.label}", now, by, new=facts.label)


def rename_theme(session: Session, partnership: Partnership, facts: RenameTheme, *, now: datetime, by: Doer) -> None:
    """Call a theme something else in this partnership; its code stays, and its earlier name still finds it."""
    require(by, "rename_theme", partnership.id)
    theme = _standing(session, partnership, facts.theme)
    if facts.label == theme.label:
        raise Refused(f"The theme is called {theme.label} already.", code="already_done")
    _must_be_free(session, partnership, facts.label, but=theme.id)
    ruling = _ruling(session, partnership, theme.id)
    ruling.label = facts.label
    change(session, ruling, "label")
    _keep_word(session, partnership, theme.id, theme.label)
    what = f"The theme {theme.label} is called {facts.label}: {facts.reason}"
    _note(session, partnership, "rename_theme", [theme.code], what, now, by, old=theme.label, new=facts.label)


def merge_themes(session: Session, partnership: Partnership, facts: MergeThemes, *, now: datetime, by: Doer) -> None:
    """Let one theme stand for another one, with everything that has either; `restore_theme` takes it back."""
    require(by, "merge_themes", partnership.id)
    theme = _standing(session, partnership, facts.theme)
    into = vocabulary(session).find(facts.into, partnership.id)
    if into is None:
        raise _unknown(facts.into)
    if into.id == theme.id:
        raise Refused(
            f"{facts.into} already means {theme.label}: a theme cannot be merged into itself. Choose another one.",
            code="same_theme",
        )
    if into.retired_on is not None:
        raise Refused(f"{into.label} is retired: bring it back first, or choose another one.", code="retired")
    ruling = _ruling(session, partnership, theme.id)
    ruling.into_id = into.id
    change(session, ruling, "into_id")
    what = f"The theme {theme.label} is merged into {into.label}: {facts.reason}"
    codes = [theme.code, into.code]
    _note(session, partnership, "merge_themes", codes, what, now, by, old=theme.label, new=into.label)


def retire_theme(session: Session, partnership: Partnership, facts: OneTheme, *, now: datetime, by: Doer) -> None:
    """Offer a theme no longer; what has it keeps it and is still counted."""
    require(by, "retire_theme", partnership.id)
    theme = _standing(session, partnership, facts.theme)
    if theme.retired_on is not None:
        raise Refused(f"{theme.label} is retired already.", code="already_done")
    ruling = _ruling(session, partnership, theme.id)
    ruling.retired_on = london_day(now)
    change(session, ruling, "retired_on")
    what = f"The theme {theme.label} is retired: {facts.reason}"
    _note(session, partnership, "retire_theme", [theme.code], what, now, by)


def restore_theme(session: Session, partnership: Partnership, facts: OneTheme, *, now: datetime, by: Doer) -> None:
    """Take back that a theme was merged or retired: it stands for itself again, with what it had."""
    require(by, "restore_theme", partnership.id)
    theme = _named(session, partnership, facts.theme)
    ruling = _ruling(session, partnership, theme.id)
    if ruling.into_id is None and ruling.retired_on is None:
        raise Refused(f"{theme.label} is neither merged nor retired: there is nothing to take back.", code="not_merged")
    former = None if theme.into is None else vocabulary(session).find(theme.code, partnership.id)
    ruling.into_id = ruling.retired_on = None
    change(session, ruling, "into_id", "retired_on")
    was = "retired" if former is None else f"merged into {former.label}"
    codes = [theme.code, *([former.code] if former else [])]
    what = f"The theme {theme.label} stands for itself again; it was {was}: {facts.reason}"
    _note(session, partnership, "restore_theme", codes, what, now, by, old=None if former is None else former.label)


def _named(session: Session, partnership: Partnership, word: str) -> ThemeHere:
    """Find the theme that has a word itself, also where it is merged into another."""
    known = vocabulary(session)
    number = known.exact(word, partnership.id)
    if number is None:
        raise _unknown(word)
    return known.here(partnership.id)[number]


def _standing(session: Session, partnership: Partnership, word: str) -> ThemeHere:
    theme = _named(session, partnership, word)
    if theme.into is not None:
        raise Refused(
            f"{theme.label} is merged into {theme.into}: take that back first, or name {theme.into}.", code="merged"
        )
    return theme


def _unknown(word: str) -> NotFound:
    return NotFound(f"There is no theme {word}. `tracker list themes` shows all.")


def _must_be_free(session: Session, partnership: Partnership, label: str, but: int | None = None) -> None:
    known = vocabulary(session)
    number = known.exact(label, partnership.id)
    if number is not None and number != but:
        taken = known.here(partnership.id)[number]
        raise Refused(
            f"There is a theme for {label!r} already: {taken.label} ({taken.code}). Use it, or merge the two.",
            code="theme_exists",
        )


def _free_code(session: Session, label: str, partnership: str) -> str:
    plain = "_".join(re.findall(r"[a-z0-9]+", label.casefold())) or "theme"
    taken = set(session.exec(select(Theme.code).where(col(Theme.code).startswith(plain[:40], autoescape=True))))
    wished = [plain[:_LONGEST_CODE], *(f"{plain[:40]}_{end}" for end in (partnership[:15], *range(2, 1000)))]
    return next(code for code in wished if code not in taken)


def _ruling(session: Session, partnership: Partnership, theme_id: int) -> ThemeRuling:
    """Give what the partnership has decided about a theme, to be changed; its row is locked by the partnership's."""
    here = (ThemeRuling.partnership_id == partnership.id, ThemeRuling.theme_id == theme_id)
    known = session.exec(select(ThemeRuling).where(*here)).first()
    return known or write(session, ThemeRuling(partnership_id=partnership.id, theme_id=theme_id))


def _keep_word(session: Session, partnership: Partnership, theme_id: int, word: str) -> None:
    here = (ThemeWord.partnership_id == partnership.id, ThemeWord.theme_id == theme_id, ThemeWord.word == word)
    if session.exec(select(ThemeWord.id).where(*here)).first() is None:
        write(session, ThemeWord(partnership_id=partnership.id, theme_id=theme_id, word=word))


def _note(
    session: Session,
    partnership: Partnership,
    deed: str,
    codes: Sequence[str],
    what: str,
    now: datetime,
    by: Doer,
    **more: Any,  # the old and the new value, as the history takes them
) -> None:
    history.note(session, partnership.code, deed, at=now, by=by, what=what, more={"themes": list(codes)}, **more)
