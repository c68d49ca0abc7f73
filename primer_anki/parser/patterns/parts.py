"""Sections that say how many parts their subject has, and name these in the headings below."""

from __future__ import annotations

from collections.abc import Iterator

from primer_anki.parser.card import Card, asked, paragraph
from primer_anki.parser.document import Block, plain
from primer_anki.parser.outline import Node
from primer_anki.parser.patterns.heading import asking
from primer_anki.parser.patterns.scope import Found, Scope
from primer_anki.parser.patterns.steps import is_step
from primer_anki.parser.reader import Reader, count_words

FEWEST, MOST = 2, 8
COUNTING_WORDS = 10
"""A text as short as this counts the parts and says nothing else."""
NAME_WORDS = 5
"""A heading longer than this is no name."""


def find(scope: Scope) -> Iterator[Found]:
    """`There are three consistency levels.` over three headings: which are they?"""
    node, reader = scope.node, scope.reader
    parts = node.children
    heading = node.section.heading
    if heading is None or scope.is_intro or asking(node, reader) or not FEWEST <= len(parts) <= MOST:
        return
    if not all(_is_name(part, reader) for part in parts):
        return
    prose = {at: plain(block.spans) for at, block in enumerate(scope.blocks) if block.kind == "paragraph"}
    counting = [at for at, words in prose.items() if reader.counts(words, len(parts))]
    by_kind = scope.states and reader.asks_for_parts(node.name)
    if not counting and not by_kind and not reader.counts(node.name, len(parts)):
        return
    items = tuple(
        Block("item", heading.line, heading.line, children=(paragraph(p.title, heading.line),)) for p in parts
    )
    listed = Block("list", heading.line, heading.line, children=items)
    question = asked(reader.wording.which, len(parts), subject=node.title)
    claims = scope.free.intersection(at for at in counting if count_words(prose[at]) <= COUNTING_WORDS)
    yield Found((Card("list", heading.line, question, (listed,), subject=scope.subject),), claims)


def _is_name(node: Node, reader: Reader) -> bool:
    """A heading that names a part: no question, side, step, nor a word that fits every section."""
    name = node.name
    is_other = (
        reader.generic(name) or reader.skips(name) or reader.head(name) or is_step(node, reader) or asking(node, reader)
    )
    return node.opener == "heading" and not is_other and 0 < count_words(name) <= NAME_WORDS
