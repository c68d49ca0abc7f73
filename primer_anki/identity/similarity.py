"""How alike two questions and two answers are, seen against the document in which they stand.

A word counts for as much as it tells apart: in a list of questions about pods, "pod" says little.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from math import log

from primer_anki.identity.vocabulary import ASKING, FUNCTION_WORDS, NEGATIONS, OPPOSING_PREFIXES, OPPOSITES
from primer_anki.identity.words import compact, is_other_sign, key, words
from primer_anki.value import Value

_FUNCTION_WEIGHT = 0.12
_NEGATION_WEIGHT = 1.2
_ENDINGS = frozenset(
    ["s", "es", "ed", "d", "ing", "er", "ers", "ly", "al", "ally", "n", "en", "e", "em", "r", "y", "ity", "ness"]
)
"""By which two forms of one word differ."""
_VERSION = re.compile(r"v?\d+(?:\.\d+)+")


class Text(Value, frozen=True):
    """A text made ready for comparing."""

    key: str
    words: tuple[str, ...]
    """Each once; a set would take six times the memory, and of most texts they are counted and never compared."""

    @classmethod
    def of(cls, text: str) -> Text:
        return cls(key(text), tuple(words(text)))

    @property
    def compact(self) -> str:
        """The key's letters and digits alone."""
        return compact(self.key)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two texts are."""

    score: float
    """0 … 1."""
    inside: float
    """0 … 1: how much of the shorter one stands in the longer one."""
    weight: float
    """How much there was to compare: about the number of words that tell something."""
    least: float = 0.0
    """The same, of the one that says less."""
    swapped: float = 0.0
    """0 … 1: how much of both is replaced by something else, rather than added or left out."""
    denied: bool = False
    """One says "not" where the other one does not."""
    opposed: bool = False
    """One asks for the opposite of the other: "before" for "after"."""
    turned: bool = False
    """The same words in another order."""
    gone: frozenset[str] = frozenset()
    """The words that only the old one has."""
    come: frozenset[str] = frozenset()
    """The words that only the new one has."""


class Lexicon:
    """What each word tells in a collection of texts."""

    def __init__(self, texts: Iterable[Collection[str]]) -> None:
        known = tuple(texts)
        self._count = Counter(chain.from_iterable(known))
        self._size = max(len(known), 8)  # in a handful of texts, chance decides what is rare
        self._full = log(1 + self._size)
        self._weights: dict[str, float] = {}
        self._totals: dict[tuple[str, ...], float] = {}

    def weight(self, word: str) -> float:
        """Return how much a word tells: about 1 for one that stands in a single text."""
        known = self._weights.get(word)
        if known is None:
            known = self._weights[word] = self._weigh(word)
        return known

    def _weigh(self, word: str) -> float:
        if word in NEGATIONS:
            return _NEGATION_WEIGHT
        if word in FUNCTION_WORDS:
            return _FUNCTION_WEIGHT
        rarity = log(1 + self._size / max(self._count[word], 1)) / self._full
        return rarity if word[0].isalnum() else rarity / 2

    def total(self, found: tuple[str, ...]) -> float:
        """Return how much a text tells."""
        known = self._totals.get(found)
        if known is None:
            known = self._totals[found] = sum(map(self.weight, found))
        return known

    def compare(self, old: Text, new: Text, *, soft: bool) -> Likeness:
        """Return how alike two texts are; `soft` forgives typing errors and endings, for short texts."""
        left, right = self.total(old.words), self.total(new.words)
        weight = max(left, right)
        if old.key == new.key:
            return Likeness(1.0, 1.0, weight, weight)
        before, after = frozenset(old.words), frozenset(new.words)
        gone, come = before - after, after - before
        shared = left - sum(map(self.weight, gone))
        least = min(left, right)
        if soft:
            shared += self._forgiven(gone, come)
        idle = min(self._idle(gone), self._idle(come))
        swapped = max(least - shared - idle, 0.0) / weight if weight else 0.0
        shared += self._other_versions(gone, come)
        score = 2 * shared / (left + right) if left + right else 0.0
        inside = shared / least if least else 0.0
        if soft and score < 0.97 and old.compact == new.compact != "" and not is_other_sign(gone, come):
            return Likeness(0.97, 1.0, weight, weight)
        return Likeness(
            min(score, 0.99),
            min(inside, 1.0),
            weight,
            least,
            swapped,
            _denied(gone, come),
            _opposed(gone, come),
            _turned(old, new) if not gone and not come else False,
            gone,
            come,
        )

    def _idle(self, found: frozenset[str]) -> float:
        """Return what the words are worth that may change without anything else being asked: "do you", "can we"."""
        return sum(self.weight(word) for word in found if word in FUNCTION_WORDS and word not in ASKING)

    def _forgiven(self, gone: frozenset[str], come: frozenset[str]) -> float:
        """Return what the words are worth that differ by a typing error or an ending alone."""
        free = [word for word in come if len(word) >= 4 and word.isalpha()]
        total = 0.0
        for word in sorted(gone) if free else ():
            near = [(likeness, other) for other in free if (likeness := _spelling(word, other))]
            if near:
                best, other = max(near)
                total += best * min(self.weight(word), self.weight(other))
                free.remove(other)
        return total

    def _other_versions(self, gone: frozenset[str], come: frozenset[str]) -> float:
        """Return what version numbers are worth that gave way to others: `1.7.9` to `1.19.8`."""
        old, new = (sum(self.weight(word) for word in found if _is_version(word)) for found in (gone, come))
        return 0.75 * min(old, new)


def _is_version(word: str) -> bool:
    return "." in word and _VERSION.fullmatch(word) is not None


def _turned(old: Text, new: Text) -> bool:
    """Tell whether two texts say the same words in another order."""
    return old.compact != new.compact and sorted(old.key.split()) == sorted(new.key.split())


def _spelling(old: str, new: str) -> float:
    """Return above 0.8 for one word in two spellings, else 0. The first letter must agree: (a)symmetric."""
    if old[0] != new[0] or min(len(old), len(new)) < 4 or not (old.isalpha() and new.isalpha()):
        return 0.0
    from rapidfuzz.distance import OSA  # takes a while, and most builds compare no words

    short, long = sorted((old, new), key=len)
    if long.startswith(short):
        return 0.95 if long[len(short) :] in _ENDINGS and long != "https" else 0.0
    if sorted(old) == sorted(new) and OSA.distance(old, new) == 1:
        return 0.9
    return OSA.normalized_similarity(old, new, score_cutoff=0.8)


def _denied(gone: frozenset[str], come: frozenset[str]) -> bool:
    return bool(gone & NEGATIONS) != bool(come & NEGATIONS)


def _opposed(gone: frozenset[str], come: frozenset[str]) -> bool:
    """Tell whether a word gave way to its opposite, or nothing but one sign to another: `1 + 2`, `1 - 2`."""
    return is_other_sign(gone, come) or any(not come.isdisjoint(opposites(word)) for word in gone)


@lru_cache(maxsize=65536)
def opposites(word: str) -> frozenset[str]:
    """Return the words that would be a word's opposite: known ones, and those made with a prefix."""
    found = set(OPPOSITES.get(word, ()))
    if len(word) >= 4:
        found.update(prefix + word for prefix in OPPOSING_PREFIXES)
    found.update(
        word[len(each) :] for each in OPPOSING_PREFIXES if word.startswith(each) and len(word) >= 4 + len(each)
    )
    return frozenset(found)


def rare_words(lexicon: Lexicon, found: Collection[str], most: int) -> list[str]:
    """Return the words of a text that tell most."""
    return sorted(found, key=lambda word: (-lexicon.weight(word), word))[:most]


def postings(texts: Mapping[int, Collection[str]]) -> dict[str, list[int]]:
    """Return for each word the texts in which it stands."""
    index: dict[str, list[int]] = {}
    for number, found in texts.items():
        for word in found:
            index.setdefault(word, []).append(number)
    return index
