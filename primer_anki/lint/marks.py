"""Which cards a rule that compares must look at: a deck has thousands, and hardly any two are alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from primer_anki.lint.card import Card

_SIGNS = {sign: None for sign in range(128) if not chr(sign).isalnum()}
ALWAYS = 0
"""The mark of a card that is looked at though it is like no other: a rule speaks of it even alone."""


def marks(card: Card) -> tuple[int, ...]:
    """Numbers that two cards share wherever a rule of `rules/deck.py` may find them alike.

    They are coarser than the rules: without case, spaces and signs.
    """
    return () if card.is_cloze else tuple(_marks(card))


def alike(marked: Sequence[tuple[int, ...]]) -> list[int]:
    """Which of the cards share a mark with another, by their places."""
    counts = Counter(mark for each in marked for mark in each)
    shared = {mark for mark, count in counts.items() if count > 1 or mark == ALWAYS}
    return [at for at, each in enumerate(marked) if not shared.isdisjoint(each)] if shared else []


def _marks(card: Card) -> Iterator[int]:
    context, front = _bare(card.context), _bare(card.front.text)
    yield _number(("front", front, context))
    if card.question:
        yield _number(("question", front if card.question == card.front.text else _bare(card.question)))
    if not card.front.points and (words := card.speech.words(card.question)):
        yield _number(("words", *words, context))


def _bare(text: str) -> str:
    if text.isascii():
        return text.lower().translate(_SIGNS)
    return "".join(filter(str.isalnum, text.casefold()))


def _number(parts: Iterable[str]) -> int:
    digest = blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=7).digest()
    return int.from_bytes(digest, "big") + 1
