"""Actions that say the same in other words: likely duplicates, which a person looks at and decides on."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from rapidfuzz import fuzz

# Words that say nothing of what is to be done.
_EMPTY = frozenset(
    "a all an and are as at be being by can each every for from has have how in into is it its made make may more must "
    "new not of on or other out put so that the their them they this to up was were what when where whether which who "
    "whom with without".split()
)
_ENDINGS = ("ations", "ation", "ings", "ing", "ments", "ment", "ies", "ers", "ed", "es", "er", "ly", "s")
_LEAST_STEM = 4

# Found on the actions of the legacy plan. So much of the shorter text, weighed by how rare its words are, has to stand
# in the other; and either the texts are alike as a whole, or so many words are the same.
LEAST_SHARED = 0.5
LEAST_ALIKE = 70.0
LEAST_COMMON, MANY_COMMON = 3, 4


def look_alikes(texts: Mapping[str, str]) -> list[tuple[str, str]]:
    """Give the pairs of texts, by their names, that likely mean the same, the likeliest first."""
    stems = {name: _stems(text) for name, text in texts.items()}
    weights = _weights(stems)
    found = []
    for one, other in _candidates(stems):
        common = stems[one] & stems[other]
        shorter = min(_weight(stems[one], weights), _weight(stems[other], weights))
        shared = _weight(common, weights) / shorter
        if shared < LEAST_SHARED:
            continue
        alike = fuzz.token_set_ratio(texts[one].casefold(), texts[other].casefold())
        if alike >= LEAST_ALIKE or len(common) >= MANY_COMMON:
            found.append((shared, alike, one, other))
    return [(one, other) for _, _, one, other in sorted(found, key=lambda pair: (-pair[0], -pair[1]))]


def _stems(text: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in re.findall(r"[^\W\d_]{2,}", text.casefold()) if word not in _EMPTY)


def _stem(word: str) -> str:
    """Give a word without its ending; a plural of a short word, such as GPs, loses its s."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            return word.removesuffix(ending).removesuffix("e")
    return word.removesuffix("s" if len(word) == 3 else "e")


def _weights(stems: Mapping[str, frozenset[str]]) -> Mapping[str, float]:
    """Weigh each word by how rare it is among the texts."""
    count = Counter(stem for of_text in stems.values() for stem in of_text)
    return {stem: math.log(1 + len(stems) / number) for stem, number in count.items()}


def _weight(stems: frozenset[str], weights: Mapping[str, float]) -> float:
    return sum(weights[stem] for stem in stems) or 1.0


def _candidates(stems: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, str]]:
    """Give each pair with enough words in common, in the order of the texts."""
    texts_with: dict[str, list[str]] = defaultdict(list)
    for name, of_text in stems.items():
        common = Counter(before for stem in of_text for before in texts_with[stem])
        yield from ((before, name) for before, count in common.items() if count >= LEAST_COMMON)
        for stem in of_text:
            texts_with[stem].append(name)
