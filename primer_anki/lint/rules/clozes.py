"""Clozes: enough left to read, few at once, and marks that mean what they say."""

from __future__ import annotations

import html
import re

from primer_anki.diagnostic import Severity
from primer_anki.lint.card import Card
from primer_anki.lint.rule import Found, on_card, on_card_up_to
from primer_anki.text import count_words

FEWEST_LEFT = 4
"""Words that must stay to be seen."""
_BRACES = re.compile(r"\{\{|\}\}")
_MARK = re.compile(r"\{\{c\d+::")
_MEMBER = re.compile(r"\w::\w|\w\(.*\)|\w<.+>")
_NAMESPACES = frozenset(("std", "boost", "core", "crate", "self", "super"))


def _is_passage(card: Card) -> bool:
    """Whether the author marked what is hidden; the steps of a procedure are hidden by themselves."""
    return card.is_cloze and card.draft.pattern != "steps"


@on_card(
    "cloze-only",
    Severity.ERROR,
    hint="leave enough of the sentence to tell what is asked",
    bad="""
    # Ports

    ==Port 443== is ==HTTPS==.
    """,
    good="""
    # Ports

    A server listens on port ==443== for HTTPS.
    """,
)
def cloze_only(card: Card) -> Found:
    """A cloze that leaves fewer than 4 words to be seen.

    What is left could be filled with anything.
    """
    if not _is_passage(card):
        return
    left = min(count_words(card.rest(each.group, each)) for each in card.passages)
    if left < FEWEST_LEFT:
        yield f"{left} words are left beside what is hidden, fewest {FEWEST_LEFT}"


@on_card_up_to(
    5,
    "cloze-many",
    Severity.WARNING,
    hint="divide the text, or hide what matters most",
    bad="""
    # Layers

    The OSI layers above the ==physical== one are the ==data link==, ==network==, ==transport==, ==session== and
    ==presentation== layers.
    """,
    good="""
    # Layers

    Between the network and the session layer of OSI stands the ==transport== layer.
    """,
)
def cloze_many(card: Card, limit: float) -> Found:
    """More than 5 cards from one text.

    They are all alike, come one after the other, and each shows the answers of the others.
    """
    if _is_passage(card):
        groups = {each.group or id(each) for each in card.passages}
        if len(groups) > limit:
            yield f"the text hides {len(groups)} passages, limit {limit:g}"


@on_card(
    "cloze-markup",
    Severity.ERROR,
    hint="mark what is hidden with ==…==: there both are safe",
    bad="""
    # C++

    The class for a growing array in C++ is {{c1::std::vector}}, found in its header.
    """,
    good="""
    # C++

    The class for a growing array in C++ is ==`std::vector`==, found in its header.
    """,
)
def cloze_markup(card: Card) -> Found:
    """`::` or `}}` inside what is hidden.

    Inside `{{c1::…}}` the first `}}` ends the passage and `::` begins its hint: a part of the answer is shown as a
    hint, or the whole mark stands on the card as text.
    """
    shown = " ".join(part for part in card.draft.text if isinstance(part, str))
    if _MARK.search(f"{card.front.text} {card.back.text} {shown}") or (_is_passage(card) and _BRACES.search(shown)):
        yield "a mark of a cloze was not understood and stands on the card as text"
    for each in card.passages:
        if _is_one_name(each.plain, each.hint):
            yield f"“{each.plain}::{each.hint}” hides “{each.plain}” alone, and shows “{each.hint}” as its hint"


def _is_one_name(plain: str, hint: str) -> bool:
    """Whether passage and hint are one name in two parts, such as `std::vector`; a lone word is an honest hint."""
    member = html.unescape(hint)
    return plain.isidentifier() and (bool(_MEMBER.search(member)) or (plain in _NAMESPACES and member.isidentifier()))
