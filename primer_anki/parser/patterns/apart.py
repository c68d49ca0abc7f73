"""Answers that hold more than a card can: what stands below their points, or beside their names, is asked apart."""

from __future__ import annotations

from collections.abc import Iterator

from primer_anki.parser.card import Card, asked, fill
from primer_anki.parser.document import Block, Spans, cut, plain
from primer_anki.parser.patterns.definition import bold_item, plain_item, pointed_item
from primer_anki.parser.patterns.leadin import LONGEST, carries, without_below
from primer_anki.parser.patterns.scope import Scope, item_body, item_head, link_item, with_head, words
from primer_anki.parser.reader import count_words
from primer_anki.parser.titles import clean_title
from primer_anki.value import replace

LONG_WORDS = 45
"""An answer with more words than this is asked in parts, where it has any."""
FEWEST_NAMES = 2
"""Fewer names than this are no list to know by heart."""
TOLD_WORDS = 6
"""A name with fewer words beside it is no question of its own."""


def parted(scope: Scope, whole: Card) -> Iterator[Card]:
    """A question's card, and the cards of what its long answer says below its points or of its names."""
    is_question = whole.pattern in ("question", "folded")
    if not scope.states or not is_question:
        yield whole
        return
    is_long = words(whole.answer) > LONG_WORDS
    answer: list[Block] = []
    told: list[Block] = []
    parts: list[Card] = []
    for block in whole.answer:
        shown, found = _list(scope, whole.question, block, is_long) if block.kind == "list" else (block, ())
        answer.append(shown)
        if shown is not block and not any(carries(item) for item in block.children):
            told.append(block)
        parts.extend(found)
    yield replace(whole, answer=tuple(answer), extra=(*told, *whole.extra))
    yield from parts


def _list(scope: Scope, question: Spans, block: Block, is_long: bool) -> tuple[Block, tuple[Card, ...]]:
    """A list as its points alone, and the cards of the rest."""
    if not is_long and not all(pointed_item(item, scope) for item in block.children):
        return block, ()
    below = tuple(card for item in block.children if carries(item) for card in _below(scope, question, item))
    found = [_named(scope, question, item) for item in block.children]
    names = [each for each in found if each]
    if len(names) < max(len(found), FEWEST_NAMES):
        bare = tuple(without_below(item) for item in block.children)
        return (replace(block, children=bare) if below else block), below
    return replace(block, children=tuple(item for item, _ in names)), tuple(card for _, card in names)


def _below(scope: Scope, question: Spans, item: Block) -> Iterator[Card]:
    """The cards of a point's own points, as deep as they go."""
    (inner,) = item_body(item)
    if len(inner.children) > LONGEST or all(link_item(each) for each in inner.children):
        return
    asks = _within(scope, question, clean_title(item_head(item)))
    shown, parts = _list(scope, asks, inner, words((inner,)) > LONG_WORDS)
    template = scope.reader.wording.complete
    yield Card("list", item.line, asked(template, len(inner.children), lead=asks), (shown,), subject=scope.subject)
    yield from parts


def _named(scope: Scope, question: Spans, item: Block) -> tuple[Block, Card] | None:
    """A point that names something and says much of it: the name alone, and the card that asks what was said."""
    found = bold_item(item, scope) or pointed_item(item, scope) or plain_item(item, scope)
    if not found or not found.term or words(found.answer) < TOLD_WORDS:
        return None
    asks = asked(scope.reader.wording.complete, 1, lead=_within(scope, question, found.term))
    shown = replace(with_head(item, found.term), children=with_head(item, found.term).children[:1])
    return shown, Card("fact", item.line, asks, found.answer, extra=found.extra, subject=plain(found.term))


def _within(scope: Scope, question: Spans, point: Spans) -> Spans:
    """`Which features …? – namespaces`."""
    lead = scope.reader.lead(plain(point))
    shown = cut(point, 0, len(lead)) if count_words(lead) else point
    return fill("{question} – {point}", question=question, point=shown)
