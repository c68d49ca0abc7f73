"""Passages that the author hides: `==hidden==`, `{{hidden::hint}}`, `{{c1::hidden}}`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from primer_anki.parser.card import Card, paragraph
from primer_anki.parser.document import Block, Spans, all_spans, plain
from primer_anki.parser.patterns.scope import Found, Scope, item_head

MARK = re.compile(
    r"\{\{(?:c(?P<number>\d{1,3})::)?(?P<hidden>(?:(?!\{\{|\}\}|::).)+)(?:::(?P<hint>(?:(?!\{\{|\}\}).)*))?\}\}",
    re.DOTALL,
)
MOST = 100
"""More hidden passages than this in one paragraph are no card."""
_MARKED = re.compile(r"\{\{(?:c\d{1,3}::[^{}]+|[^{}]+::[^{}]+)\}\}")


def hides(spans: Spans) -> bool:
    """Whether a text holds a passage that the author marked as hidden."""
    marks = sum(span.kind == "mark" for span in all_spans(spans)) + len(_MARKED.findall(plain(spans)))
    return 0 < marks <= MOST


def find(scope: Scope) -> Iterator[Found]:
    """A note a paragraph or list item."""
    for at, block in scope.open():
        if block.kind == "paragraph" and hides(block.spans):
            yield Found((_card(block, scope),), frozenset({at}))
        elif block.kind == "list" and any(hides(item_head(item)) for item in block.children):
            passages = (paragraph(item_head(i), i.line) for i in block.children if hides(item_head(i)))
            yield Found(tuple(_card(passage, scope) for passage in passages), frozenset({at}))


def _card(passage: Block, scope: Scope) -> Card:
    return Card("cloze", passage.line, (), subject=scope.subject, passage=passage)
