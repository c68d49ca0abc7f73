"""How long a deck's answers are, and what its notes are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median_low

from primer_anki.lint.card import deck
from primer_anki.model import Draft, Page
from primer_anki.text import count_words


@dataclass(frozen=True, slots=True)
class Lengths:
    """Words on the back of a card."""

    median: int
    p90: int
    longest: int


@dataclass(frozen=True, slots=True)
class Stats:
    """A deck in numbers."""

    recalled: Lengths
    """By the longest piece of each answer: in a list each item counts by itself."""
    whole: Lengths
    """The pieces together. Code and Extra never count."""
    patterns: tuple[tuple[str, int], ...]
    """Questions by pattern, the most frequent first."""
    topics: tuple[tuple[str, int], ...]
    """Questions by file, in reading order."""


def stats(drafts: Sequence[Draft], pages: Sequence[Page]) -> Stats:
    """The numbers of a deck with at least one draft. The passages of a cloze are pieces of one answer."""
    pieces = [[count_words(unit) for unit in card.units] or [0] for card in deck(drafts, pages).cards]
    return Stats(
        recalled=_lengths(map(max, pieces)),
        whole=_lengths(map(sum, pieces)),
        patterns=tuple(Counter(draft.pattern for draft in drafts).most_common()),
        topics=tuple(Counter(draft.place.file for draft in drafts).items()),
    )


def lines(found: Stats) -> Iterator[str]:
    """The numbers for reading."""
    yield "words on the back    median   90 %    max"
    for name, each in (("longest piece", found.recalled), ("whole answer", found.whole)):
        yield f"  {name:18}{each.median:7}{each.p90:7}{each.longest:7}"
    for title, counts in (("pattern", found.patterns), ("topic", found.topics)):
        yield f"questions by {title}"
        yield from (f"  {number:5}  {name}" for name, number in counts)


def _lengths(numbers: Iterable[int]) -> Lengths:
    rising = sorted(numbers)
    return Lengths(median_low(rising), rising[int(0.9 * (len(rising) - 1) + 0.5)], rising[-1])
