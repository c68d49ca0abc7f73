"""Cards that get in each other's way."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher

from primer_anki.diagnostic import Severity
from primer_anki.lint.card import Card, Deck
from primer_anki.lint.rule import Finding, on_deck

NEIGHBOURS = 20
"""Earlier questions of the same words that one is compared with."""
_EDGES = re.compile(r"\W+")


@on_deck(
    "no-context",
    Severity.WARNING,
    hint="name in the question, or in a heading above it, what it is about",
    bad="""
    # Cache

    **Cache** - fast memory near its reader

    # Git

    **Cache** - the place where the next commit is gathered
    """,
    good="""
    # Computing

    ## Cache

    **Cache** - fast memory near its reader

    # Git

    **Cache** - the place where the next commit is gathered
    """,
)
def no_context(deck: Deck, limit: float) -> Iterator[Finding]:
    """A question that the deck asks elsewhere too, on a card without a breadcrumb.

    The same words mean two things in the deck, and nothing on the card says which of them.
    """
    contexts: defaultdict[str, set[str]] = defaultdict(set)
    for card in deck.cards:
        contexts[_key(card.question)].add(card.context)
    for card in deck.cards:
        if card.question and not card.context and len(contexts[_key(card.question)]) > 1:
            yield Finding(card.at, f"{_named(card)} is asked elsewhere too, and this card has no breadcrumb")


@on_deck(
    "same-question",
    Severity.ERROR,
    hint="join the two, or say in each question what it is about",
    bad="""
    **Q: What is a replica?**

    **A:** A copy that follows another

    **Q: What is a replica?**

    **A:** A server that can take over
    """,
    good="""
    **Q: What is a replica?**

    **A:** A copy that follows another

    **Q: What can a replica do when the primary fails?**

    **A:** Take over
    """,
)
def same_question(deck: Deck, limit: float) -> Iterator[Finding]:
    """Two cards with the same front.

    Whatever a learner answers is wrong on one of them.
    """
    first: dict[str, Card] = {}
    for card in deck.cards:
        front = _front(card)
        seen = first.setdefault(front, card) if front else card
        if seen is not card:
            yield Finding(card.at, f"{_named(card)} is asked already {_where(seen, card)}")


def _front(card: Card) -> str:
    """All that tells one front from another; empty for a cloze, whose text is its front and its answer."""
    if card.is_cloze:
        return ""
    shown = (*card.front.code, *(picture.source for picture in card.front.pictures))
    return "\n".join((_key(card.front.text), _key(card.context), *shown))


@on_deck(
    "near-twin",
    Severity.WARNING,
    limit=0.85,
    hint="join the two, or make their difference plain",
    bad="""
    **Q: How does a DNS resolver cache?**

    **A:** By name, until the TTL ends

    **Q: How do DNS resolvers cache?**

    **A:** In memory
    """,
    good="""
    **Q: How long does a DNS resolver cache an answer?**

    **A:** Until the TTL ends

    **Q: Where does a DNS resolver cache answers?**

    **A:** In memory
    """,
)
def near_twin(deck: Deck, limit: float) -> Iterator[Finding]:
    """Two questions that say the same in nearly the same words, with different answers.

    The limit is how alike they are as texts, from 0 to 1. That is not enough: “push” and “pull” make two questions.
    So the words that carry meaning must be the same ones too, in the same order, endings aside.
    """
    twins: defaultdict[tuple[str, ...], list[Card]] = defaultdict(list)
    for card in deck.cards:
        words = card.speech.words(card.question)
        if words and not card.is_cloze and not card.front.points:
            twins[(*words, _key(card.context))].append(card)
    for cards in twins.values():
        for position, card in enumerate(cards[1:], 1):
            twin = next(
                (other for other in cards[max(0, position - NEIGHBOURS) : position] if _are_twins(card, other, limit)),
                None,
            )
            if twin:
                yield Finding(card.at, f"{_named(card)} is nearly {_named(twin)} {_where(twin, card)}")


def _are_twins(one: Card, other: Card, limit: float) -> bool:
    if _front(one) == _front(other) or _key(one.back.text) == _key(other.back.text):
        return False
    alike = SequenceMatcher(None, one.question.casefold(), other.question.casefold(), autojunk=False)
    return alike.ratio() >= limit


def _where(card: Card, seen_from: Card) -> str:
    line = f"on line {card.at.line}"
    return line if card.at.path == seen_from.at.path else f"{line} of {card.at.path}"


def _key(text: str) -> str:
    return _EDGES.sub(" ", text.casefold()).strip()


def _named(card: Card) -> str:
    question = card.question
    return f"“{question if len(question) <= 60 else question[:59] + '…'}”"
