"""Passages that the author hides: `==hidden==`, `{{hidden::hint}}`, `{{c1::hidden}}`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from primer_anki.parser.card import Card, paragraph
from primer_anki.parser.document import Block, Spans, all_spans, plain
from primer_anki.parser.patterns.scope import Found, Scope, item_head

MARK = re.compile(
    r"\{\{(?:c(?P<number>\d{1,3})::(?P<numbered>(?:(?!\{\{|\}\}(?!\})|::).)+)(?:::(?P<remark>(?:(?!\{\{|\}\}(?!\})).)*))?"
    r"|(?P<hidden>(?:(?!\{\{|\}\}(?!\})|::).)+)::(?P<hint>(?:(?!\{\{|\}\}(?!\})).)*))\}\}",
    re.DOTALL,
)
"""`{{c1::hidden}}`, `{{c1::hidden::hint}}`, `{{hidden::hint}}`; `{{anything}}` else is text."""
MOST = 100
"""More hidden passages than this in one paragraph are no card."""


def marks(spans: Spans) -> Iterator[re.Match[str]]:
    """The passages in braces, code left alone."""
    whole = plain(spans)
    if "{{" not in whole:
        return iter(())
    code = tuple(_code(spans))
    return (found for found in MARK.finditer(whole) if not any(a <= found.start() < b for a, b in code))


def _code(spans: Spans, at: int = 0) -> Iterator[tuple[int, int]]:
    for span in spans:
        width = len(plain((span,)))
        if span.kind in ("code", "math", "math_block"):
            yield at, at + width
        elif span.children:
            yield from _code(span.children, at)
        at += width


def numbers(spans: Spans) -> bool:
    """Whether a text holds a passage in braces."""
    return 0 < sum(1 for _ in marks(spans)) <= MOST


def hides(spans: Spans) -> bool:
    """Whether a text holds a passage that the author marked as hidden, in braces or as `==hidden==`."""
    marked = sum(span.kind == "mark" for span in all_spans(spans)) + sum(1 for _ in marks(spans))
    return 0 < marked <= MOST


def find_numbered(scope: Scope) -> Iterator[Found]:
    """Braces are meant as clozes wherever they stand."""
    return _find(scope, numbers)


def find(scope: Scope) -> Iterator[Found]:
    """`==…==` may only stress: it hides where no surer pattern has taken the text."""
    return _find(scope, hides)


def _find(scope: Scope, hidden: Callable[[Spans], bool]) -> Iterator[Found]:
    """A note a paragraph or list item."""
    for at, block in scope.open():
        if block.kind == "paragraph" and hidden(block.spans):
            yield Found((_card(block, scope),), frozenset({at}))
        elif block.kind == "list" and any(hidden(item_head(item)) for item in block.children):
            passages = (paragraph(item_head(i), i.line) for i in block.children if hidden(item_head(i)))
            yield Found(tuple(_card(passage, scope) for passage in passages), frozenset({at}))


def _card(passage: Block, scope: Scope) -> Card:
    return Card("cloze", passage.line, (), subject=scope.subject, passage=passage)
