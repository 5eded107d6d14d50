"""Actions that say the same in other words: likely duplicates, which a person looks at and decides on."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from tracker.actions.field_words import LITTLE, meanings

# Found on the legacy plan and on half of the paraphrases in the tests; the other half only tells how good they are.
LEAST_ALIKE = 0.55
# So much has to be the same: the weight of two words that few other actions have.
LEAST_SHARED = 6.0
# Two texts are looked at when the words that few others have weigh so much together.
LEAST_RARE = 4.0
MOST_OF_ONE = 5
_SAYS_LITTLE = 0.4
# A word is weighed as if it stood in so many texts more: in a small plan every word is rare.
_TEXTS_BESIDE, _SHARE_BESIDE = 50, 0.02

Meanings = frozenset[str]
Name = TypeVar("Name", int, str)
Watched = Callable[[Sequence[str]], Iterable[str]]


class Alike(NamedTuple):
    """Two texts, by their names, and how alike they are: 1 says the same."""

    one: str
    other: str
    score: float


class Weights:
    """How much each word tells among so many texts: most of all one that no other text has."""

    def __init__(self, texts: int, counts: Mapping[str, int]) -> None:
        self._texts = texts
        self._counts = counts
        self._known: dict[str, float] = {}

    def of(self, word: str) -> float:
        """Weigh a word."""
        weight = self._known.get(word)
        if weight is None:
            share = (self._counts.get(word, 0) + 0.5) / (self._texts + _TEXTS_BESIDE)
            weight = max(-math.log(share + _SHARE_BESIDE), 0.1) * (_SAYS_LITTLE if word in LITTLE else 1)
            self._known[word] = weight
        return weight

    def sum(self, words: Iterable[str]) -> float:
        """Weigh several words."""
        return sum(map(self.of, words))


def most_texts(texts: int) -> int:
    """Give in how many of so many texts a word may stand by which like ones are looked for."""
    return max(100, texts // 12)


def how_alike(one: str, other: str, weights: Weights) -> float:
    """Give how alike two texts are, or 0 where too little is the same."""
    return _compare(meanings(one), meanings(other), one, other, weights)


def _compare(words: Meanings, others: Meanings, one: str, other: str, weights: Weights) -> float:
    common = words & others
    if not common:
        return 0.0
    if words == others:
        return 1.0
    shared = weights.sum(common)
    if shared < LEAST_SHARED:
        return 0.0
    first, second = weights.sum(words), weights.sum(others)
    # Of the shorter one, and of both together: one that says more than the other may still say the same.
    of_words = (shared / min(first, second) + 2 * shared / (first + second)) / 2
    if of_words < (LEAST_ALIKE - 0.25) / 0.75:
        return 0.0
    # Most pages compare nothing, and the library takes as long to load as one of them.
    from rapidfuzz import fuzz

    score = 0.75 * of_words + 0.25 * fuzz.token_set_ratio(one.casefold(), other.casefold()) / 100
    return min(score, 0.99) if score >= LEAST_ALIKE else 0.0


def look_alikes(texts: Mapping[str, str], new: Iterable[str] | None = None, watched: Watched = iter) -> list[Alike]:
    """Give the pairs of texts that likely mean the same, the likeliest first; of one text the likeliest few.

    With `new` only the pairs that one of these texts is in. `watched` shows how far it has come.
    """
    words = {name: meanings(text) for name, text in texts.items()}
    weights = Weights(len(texts), Counter(word for of_text in words.values() for word in of_text))
    found: list[Alike] = []
    for name, candidates in _candidates(words, weights, new, watched):
        scored = (
            Alike(other, name, _compare(words[name], words[other], texts[name], texts[other], weights))
            for other in candidates
        )
        found += _likeliest(scored)
    return _few_of_each(found)


def _likeliest(scored: Iterable[Alike]) -> list[Alike]:
    return sorted((pair for pair in scored if pair.score), key=lambda pair: -pair.score)[:MOST_OF_ONE]


def _few_of_each(found: Iterable[Alike]) -> list[Alike]:
    """Keep the likeliest pairs: of a text that is like very many others, a few."""
    number: Counter[str] = Counter()
    kept = []
    for pair in sorted(found, key=lambda pair: (-pair.score, pair.one, pair.other)):
        if number[pair.one] < MOST_OF_ONE and number[pair.other] < MOST_OF_ONE:
            kept.append(pair)
            number.update((pair.one, pair.other))
    return kept


def _candidates(
    words: Mapping[str, Meanings], weights: Weights, new: Iterable[str] | None, watched: Watched
) -> Iterator[tuple[str, Sequence[str]]]:
    """Give each text with the earlier ones, or with all old ones, that share words which few others have."""
    wanted = set(words if new is None else new)
    with_word: dict[str, list[str]] = defaultdict(list)
    same: dict[Meanings, list[str]] = defaultdict(list)
    rare = most_texts(len(words))

    def keep(name: str) -> None:
        for word in words[name]:
            with_word[word].append(name)
        same[words[name]].append(name)

    for name in words:
        if name not in wanted:
            keep(name)
    counts = Counter(word for of_text in words.values() for word in of_text)
    for name in watched([name for name in words if name in wanted]):
        yield name, near([(weights.of(w), with_word[w]) for w in words[name] if counts[w] <= rare], same[words[name]])
        keep(name)


def near(lists: Iterable[tuple[float, Sequence[Name]]], same: Sequence[Name]) -> list[Name]:
    """Give what stands in lists whose weights come to enough together, and a few of those that are the same."""
    weight: dict[Name, float] = defaultdict(float)
    for of_word, names in lists:
        for name in names:
            weight[name] += of_word
    found = sorted((name for name, of_all in weight.items() if of_all >= LEAST_RARE), key=lambda name: -weight[name])
    beside = [name for name in same[:MOST_OF_ONE] if weight[name] < LEAST_RARE]
    return found[:MOST_LOOKED_AT] + beside


# Of more than these the least likely are left out: nobody decides on so many.
MOST_LOOKED_AT = 80
