"""Folded answers: `<details><summary>question</summary> … </details>`."""

from __future__ import annotations

from collections.abc import Iterator

from primer_anki.parser.card import Card, paragraph
from primer_anki.parser.document import Block, Spans, cut, plain, walk
from primer_anki.parser.patterns.heading import asking
from primer_anki.parser.patterns.scope import (
    Found,
    Scope,
    focus,
    has_text,
    item_body,
    item_head,
    link_list,
    noise,
    unmarked,
    unwrapped,
)
from primer_anki.parser.reader import Reader
from primer_anki.parser.titles import clean_title


def find(scope: Scope) -> Iterator[Found]:
    """A summary that asks is the question; one that only opens the answer belongs to what stands before it."""
    used: set[int] = set()
    for at, block in scope.open():
        if block.kind == "details":
            found = _revealed(scope, at, used)
            if found:
                used |= found.claims
                yield found
        elif block.kind == "list" and any(child.kind == "details" for child in walk(block.children)):
            cards = tuple(card for item in block.children for card in _item(item, scope.reader))
            if cards:
                is_answer = bool(asking(scope.node, scope.reader))  # then the list is the outer fold's answer too
                used.add(at)
                yield Found(cards, frozenset() if is_answer else frozenset({at}))


def _folded(block: Block, reader: Reader) -> tuple[Card, ...]:
    """The card of one fold and those of the folds inside it; an empty body is no card."""
    inner = tuple(child for child in block.children if child.kind == "details")
    body = tuple(child for child in block.children if child.kind != "details")
    own: tuple[Card, ...] = ()
    question = question_of(block.spans, reader)
    asks = question and not reader.reveals(plain(question)) and not reader.skips(plain(question))
    if asks and not all(child.kind == "list" and link_list(child) for child in body):
        answer, extra = focus(answer_of(body, reader), reader)
        if has_text(answer):
            own = (Card("folded", block.line, question, answer, extra=extra),)
    return own + tuple(card for child in inner for card in _folded(child, reader))


def question_of(spans: Spans, reader: Reader) -> Spans:
    """A summary without its mark, number and wrapper."""
    spans = unwrapped(clean_title(spans))
    mark = reader.question_mark.match(plain(spans))
    return unwrapped(cut(spans, mark.end())) if mark else spans


def answer_of(body: tuple[Block, ...], reader: Reader) -> tuple[Block, ...]:
    """A fold's body without the wrapper around it and the mark before it."""
    if body and body[0].kind == "paragraph":
        spans = unwrapped(body[0].spans) if len(body) == 1 else body[0].spans
        mark = reader.answer_mark.match(plain(spans))
        first = unmarked(paragraph(spans, body[0].line), mark.end() if mark else 0)
        return ((first,) if first else ()) + body[1:]
    return body


def _revealed(scope: Scope, at: int, used: set[int]) -> Found | None:
    """`Answer` folded away: the heading, or the paragraphs, code and options before it are the question."""
    block = scope.blocks[at]
    start = at
    while start - 1 in scope.free and start - 1 not in used and scope.blocks[start - 1].kind not in ("rule", "details"):
        start -= 1
    before = tuple(b for b in scope.blocks[start:at] if not noise(b, scope.reader))
    question, setting = _posed(scope, before)
    body = block.children
    if body and body[0].kind == "heading":
        body = (paragraph(body[0].spans, body[0].line), *body[1:])
    answer, extra = focus(answer_of(body, scope.reader), scope.reader)
    if not question or not has_text(answer):
        return None
    card = Card("folded", block.line, question, answer, setting, extra)
    return Found((card,), frozenset(range(start, at + 1)))


def _posed(scope: Scope, before: tuple[Block, ...]) -> tuple[Spans, tuple[Block, ...]]:
    """The question in front of a folded answer, and what it speaks of."""
    title = scope.node.title
    asking = [n for n, b in enumerate(before) if b.kind == "paragraph" and scope.reader.asks(plain(b.spans))]
    if title and (scope.reader.asks(plain(title)) or not asking):
        mark = scope.reader.question_mark.match(plain(title))
        return (cut(title, mark.end()) if mark else title), before
    if asking:
        n = asking[-1]
        return unwrapped(clean_title(before[n].spans)), before[:n] + before[n + 1 :]
    if before and before[0].kind == "paragraph":
        return unwrapped(clean_title(before[0].spans)), before[1:]
    return (), before


def _item(item: Block, reader: Reader) -> Iterator[Card]:
    """Folds inside a list item: the item's text is the question where the summary only opens the answer."""
    for fold in (child for child in item_body(item) if child.kind == "details"):
        head = unwrapped(clean_title(item_head(item)))
        if reader.reveals(plain(fold.spans)) and plain(head).strip():
            answer, extra = focus(answer_of(fold.children, reader), reader)
            setting = tuple(b for b in item_body(item) if b.kind != "details")
            if has_text(answer):
                yield Card("folded", item.line, head, answer, setting, extra)
        else:
            yield from _folded(fold, reader)
    if item.children and item.children[0].kind == "details" and not item_head(item):
        return
    for child in item_body(item):
        if child.kind == "list":
            for inner in child.children:
                yield from _item(inner, reader)
