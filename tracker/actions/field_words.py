"""What different words of the field mean the same, and which of them say little: for telling look-alike actions."""

import re
from collections.abc import Iterator
from functools import lru_cache
from zlib import crc32

# Several words that are one: written as one before the words are taken apart.
_PHRASES = (
    ("general practitioner", "gp"),
    ("family doctor", "gp"),
    ("front line", "frontline"),
    ("not brought", "missed"),
    ("not attended", "missed"),
    ("non attendance", "missed"),
    ("half a year", "six months"),
    ("each month", "monthly"),
    ("every month", "monthly"),
    ("each term", "termly"),
    ("every quarter", "quarterly"),
    ("each quarter", "quarterly"),
    ("web page", "website"),
    ("web site", "website"),
    ("seven minute", "sevenminute"),
    ("again and again", "repeatedly"),
    ("early help", "earlyhelp"),
    ("graded care profile", "gcp"),
    ("think family", "thinkfamily"),
    ("lead professional", "leadprofessional"),
    ("health visitor", "healthvisitor"),
    ("strategy discussion", "strategydiscussion"),
    ("domestic abuse", "domesticabuse"),
    ("domestic violence", "domesticabuse"),
    ("harmful sexual behaviour", "harmfulsexualbehaviour"),
    ("multi agency", "multiagency"),
    ("across agencies", "multiagency"),
    ("social worker", "socialworker"),
)

# Each line: words that stand for one another in an action plan. The first names them.
_ALIKE = (
    "update renew refresh revise rewrite amend change",
    "write produce make create draft develop prepare devise",
    "give provide offer deliver supply",
    "share circulate distribute disseminate send spread issue cascade pass",
    "promote publicise advertise",
    "use implement introduce embed adopt",
    "add include insert incorporate put",
    "check audit sample inspect",
    "ensure assure confirm assurance",
    "report inform notify tell",
    "show demonstrate evidence",
    "discuss talk",
    "ask request require expect prompt",
    "notice recognise identify spot detect find flag look",
    "staff practitioner professional workforce colleague worker",
    "film video",
    "train course teach",
    "workshop seminar session",
    "father dad",
    "man men male",
    "unseen invisible hidden",
    "allergy allergic anaphylaxis",
    "asthma asthmatic",
    "pupil student",
    "young youth adolescent teenager",
    "child children baby infant",
    "relative kin grandparent",
    "formula feed",
    "spoken verbal oral",
    "threshold continuum",
    "missed cancel cancellation",
    "record system database",
    "transfer move handover",
    "protocol pathway procedure",
    "toolkit tool",
    "single one joint common",
    "indicator sign marker",
    "quick soon earlier early",
    "publish publication",
    "monthly month",
    "learn lesson",
    "name nominate",
    "speak voice heard",
)
# Verbs and nouns of every plan: alike in them says little.
_SAY_LITTLE = (
    "update write give share promote use add check ensure report show discuss ask notice staff train review child "
    "agency partnership local work safeguarding practice service case plan action learn new good support guidance "
    "help better improve need different through team part people person know set bring between own hold first two "
    "three four five new publish"
).split()

_EMPTY = frozenset(
    "a about after again all also an and are as at be been being by can do does each every for from further had has "
    "have how if in into is it its made may more most must not now of on once or other our out over own so some such "
    "sure than that the their them then there these they this those to under up was were what when where whether "
    "which while who whom will with within without would should shall could together".split()
)
_ENDINGS = (
    *("isations", "isation", "ations", "ation", "ities", "ments", "ment", "ingly", "ings", "ing", "ions", "ion"),
    *("ies", "ers", "ors", "ed", "es", "er", "or", "ly", "al", "ity", "y", "s", "e"),
)
_LEAST_STEM = 4


def stem(word: str) -> str:
    """Give a word without its ending; a plural of a short word, such as GPs, loses its s."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            return word.removesuffix(ending)
    return word.removesuffix("s") if len(word) in (3, 4) and not word.endswith("ss") else word


_NAMES = {stem(word): stem(line.split()[0]) for line in _ALIKE for word in line.split()}
LITTLE = frozenset(_NAMES.get(stem(word), stem(word)) for word in _SAY_LITTLE)


@lru_cache(maxsize=50_000)
def meaning(word: str) -> str | None:
    """Give what a word stands for: itself without its ending, or the word that stands for its like."""
    if word in _EMPTY:
        return None
    stemmed = stem(word)
    return _NAMES.get(stemmed, stemmed)


_ONE_FOR = dict(_PHRASES)
_TOKEN = re.compile(rf"\b({'|'.join(_ONE_FOR)})\w*|[^\W\d_]{{2,}}|\d+")


def spans(text: str) -> Iterator[tuple[int, int, str]]:
    """Give the words of a text that say something: from where to where each stands, and what it stands for."""
    for found in _TOKEN.finditer(text.lower().replace("-", " ")):
        known = meaning(_ONE_FOR.get(found[1], found[0]))
        if known is not None:
            yield found.start(), found.end(), known


def meanings(text: str) -> frozenset[str]:
    """Give what the words of a text stand for, each once, without those that say nothing."""
    return frozenset(known for _, _, known in spans(text))


# Another table of words gives another version.
VERSION = f"{crc32(repr((_PHRASES, _ALIKE, sorted(_EMPTY), _ENDINGS, _LEAST_STEM)).encode()):08x}"
