"""Themes as each partnership has them: found by every word, a merged one as the one into which it was merged."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlmodel import Session, col, select

from tracker.errors import NotFound
from tracker.groups.models import Theme, ThemeRuling, ThemeWord
from tracker.groups.queries import every_partnership
from tracker.kept import kept
from tracker.rows import RowsOf

Ids = frozenset[int]
Meant = tuple[tuple[int | None, Ids], ...]


@dataclass(frozen=True, slots=True)
class ThemeHere:
    """A theme as one partnership has it; `into` is the code of the one into which it is merged there."""

    id: int
    code: str
    label: str
    words: tuple[str, ...]
    into: str | None
    retired_on: date | None
    is_own: bool

    @property
    def is_in_use(self) -> bool:
        """Say whether it may still be chosen."""
        return self.into is None and self.retired_on is None


class Vocabulary:
    """All themes, and what every partnership has decided about them; for reading only."""

    def __init__(
        self,
        themes: Iterable[Theme],
        rulings: Iterable[ThemeRuling],
        words: Iterable[ThemeWord],
        partnerships: Iterable[int],
    ) -> None:
        self._themes = {theme.id: theme for theme in themes}
        self._rulings = {(ruling.partnership_id, ruling.theme_id): ruling for ruling in rulings}
        self._partnerships = tuple(partnerships)
        self._words: dict[tuple[int, int], list[str]] = {}
        for word in words:
            self._words.setdefault((word.partnership_id, word.theme_id), []).append(word.word)
        self._here: dict[int | None, Mapping[int, ThemeHere]] = {}
        self._found: dict[int | None, Mapping[str, int]] = {}

    def root(self, theme_id: int, partnership_id: int | None) -> int:
        """Give the theme that stands for one in a partnership: itself, or the one at the end of its merges."""
        while (ruling := self._ruling(theme_id, partnership_id)) is not None and ruling.into_id is not None:
            theme_id = ruling.into_id
        return theme_id

    def here(self, partnership_id: int | None) -> Mapping[int, ThemeHere]:
        """Give the themes that a partnership has, by their numbers; for no partnership, those of all as they came."""
        if partnership_id not in self._here:
            of_it = [one for one in self._themes.values() if self._belongs(one, partnership_id)]
            self._here[partnership_id] = {one.id: self._read(one, partnership_id) for one in of_it}
        return self._here[partnership_id]

    def find(self, word: str, partnership_id: int | None) -> ThemeHere | None:
        """Give the theme that a word means in a partnership: its code, its name, an earlier one, a merged one."""
        number = self.exact(word, partnership_id)
        return None if number is None else self.here(partnership_id)[self.root(number, partnership_id)]

    def exact(self, word: str, partnership_id: int | None) -> int | None:
        """Give the number of the theme that has a word, also of one that is merged into another."""
        return self._by_word(partnership_id).get(_plain(word))

    def code(self, theme_id: int, partnership_id: int | None) -> str:
        """Give the code under which something with a theme is counted in a partnership."""
        return self._themes[self.root(theme_id, partnership_id)].code

    def codes(self, words: Iterable[str], partnership_id: int | None) -> list[str]:
        """Give the codes that words stand for, each once; a word that stands for nothing any more stays as it is."""
        found = ((self.find(word, partnership_id), word) for word in words)
        return list(dict.fromkeys(word if theme is None else theme.code for theme, word in found))

    def labels(self, partnership_ids: Iterable[int | None]) -> Mapping[str, str]:
        """Give the names of all themes by their codes, in the order of the names; the first partnership's counts."""
        labels: dict[str, str] = {}
        for partnership_id in partnership_ids:
            for theme in self.here(partnership_id).values():
                labels.setdefault(theme.code, theme.label)
        return dict(sorted(labels.items(), key=lambda one: one[1].casefold()))

    def in_use(self, partnership_ids: Iterable[int | None]) -> Mapping[str, str]:
        """Give the same of those themes that may be chosen in one of the partnerships."""
        several = tuple(partnership_ids)
        codes = {theme.code for one in several for theme in self.here(one).values() if theme.is_in_use}
        return {code: label for code, label in self.labels(several).items() if code in codes}

    def meant_by(self, word: str) -> Meant:
        """Give for each partnership the numbers of the themes that a word stands for there, with those merged into it.

        Where they are the same in all, as they mostly are, they stand there once, for none of them.
        """
        meant = tuple((one, ids) for one in self._partnerships if (ids := self._meant_in(word, one)))
        are_alike = len({ids for _, ids in meant}) == 1 and len(meant) == len(self._partnerships)
        return ((None, meant[0][1]),) if are_alike else meant

    @property
    def merged(self) -> Mapping[tuple[int, int], int]:
        """Give what stands for each theme that is merged into another, by partnership and number."""
        return {key: self.root(key[1], key[0]) for key, ruling in self._rulings.items() if ruling.into_id is not None}

    @cached_property
    def numbers(self) -> Mapping[int, str]:
        """Give the code of every theme by its number."""
        return {number: theme.code for number, theme in self._themes.items()}

    def _meant_in(self, word: str, partnership_id: int) -> Ids:
        theme = self.find(word, partnership_id)
        if theme is None:
            return frozenset()
        here = self.here(partnership_id)
        return frozenset(one for one in here if self.root(one, partnership_id) == theme.id)

    def _ruling(self, theme_id: int, partnership_id: int | None) -> ThemeRuling | None:
        return None if partnership_id is None else self._rulings.get((partnership_id, theme_id))

    @staticmethod
    def _belongs(theme: Theme, partnership_id: int | None) -> bool:
        return partnership_id is None or theme.partnership_id in (None, partnership_id)

    def _read(self, theme: Theme, partnership_id: int | None) -> ThemeHere:
        ruling = self._ruling(theme.id, partnership_id)
        root = self.root(theme.id, partnership_id)
        words = self._words.get((partnership_id or 0, theme.id), [])
        label = theme.label if ruling is None or ruling.label is None else ruling.label
        return ThemeHere(
            theme.id,
            theme.code,
            label,
            tuple(word for word in dict.fromkeys([*words, theme.label]) if _plain(word) != _plain(label)),
            None if root == theme.id else self._themes[root].code,
            None if ruling is None else ruling.retired_on,
            theme.partnership_id is not None,
        )

    def _by_word(self, partnership_id: int | None) -> Mapping[str, int]:
        """A code says more than a name, a name more than an earlier one, and a theme in use more than a merged one."""
        if partnership_id not in self._found:
            themes = sorted(self.here(partnership_id).values(), key=lambda one: (not one.is_in_use, one.id))
            found: dict[str, int] = {}
            for words_of in (lambda one: (one.code,), lambda one: (one.label,), lambda one: one.words):
                for theme in themes:
                    for word in words_of(theme):
                        found.setdefault(_plain(word), theme.id)
            self._found[partnership_id] = found
        return self._found[partnership_id]


def _plain(word: str) -> str:
    """Give a word without the differences that people do not see as such: case, blanks, dashes, underscores."""
    return " ".join(re.split(r"[\W_]+", word.casefold())).strip()


def vocabulary(session: Session) -> Vocabulary:
    """Give the themes with what every partnership has decided about them."""
    return kept(session, "themes", lambda: _read(session))


def _read(session: Session) -> Vocabulary:
    partnerships = [one.id for one in every_partnership(session)]
    return Vocabulary(_THEMES.all(session), _RULINGS.all(session), _WORDS.all(session), partnerships)


_THEMES = RowsOf(Theme, select(Theme).order_by(col(Theme.id)))
_RULINGS = RowsOf(ThemeRuling, select(ThemeRuling).order_by(col(ThemeRuling.id)))
_WORDS = RowsOf(ThemeWord, select(ThemeWord).order_by(col(ThemeWord.id)))


def themes_called(session: Session, words: Sequence[str], partnership_id: int) -> list[ThemeHere]:
    """Find themes of a partnership by any words for them, each once; raises `NotFound` that names what is not there.

    A word for a merged theme finds the one into which it was merged.
    """
    if not words:
        return []
    known = vocabulary(session)
    found = [known.find(word, partnership_id) for word in words]
    unknown = [word for word, theme in zip(words, found, strict=True) if theme is None]
    if unknown:
        raise NotFound(f"There is no theme {', '.join(unknown)}. `tracker list themes` shows all.")
    return list(dict.fromkeys(theme for theme in found if theme is not None))


def themes_meant(session: Session, word: str) -> Meant:
    """Give what a filter by a theme asks for in each partnership; raises `NotFound` for a word that means none."""
    found = vocabulary(session).meant_by(word)
    if not found:
        raise NotFound(f"There is no theme {word}. `tracker list themes` shows all.")
    return found


def theme_labels(session: Session, *partnership_ids: int) -> Mapping[str, str]:
    """Give the names of themes by their codes as some partnerships call them, in the order of the names."""
    return vocabulary(session).labels(partnership_ids or (None,))
