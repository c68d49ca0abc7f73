"""Headings that ask: the section is the answer."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from primer_anki.parser.card import Card, fill, paragraph
from primer_anki.parser.document import Block, Span, Spans, plain
from primer_anki.parser.outline import Node
from primer_anki.parser.patterns.definition import names_only
from primer_anki.parser.patterns.scope import (
    Found,
    Scope,
    announces,
    as_points,
    focus,
    has_text,
    noise,
    unmarked,
    unwrapped,
    words,
)
from primer_anki.parser.patterns.steps import is_step, step_titles
from primer_anki.parser.patterns.table import rows
from primer_anki.parser.reader import Reader, count_words
from primer_anki.parser.titles import clean_title

NAME_WORDS = 3
"""A fold's summary as short as this is a name, if it asks nothing."""
SUBTREE_WORDS = 60
"""A question whose subsections hold more than this is a chapter: they are read on their own."""


@lru_cache(maxsize=256)
def asking(node: Node, reader: Reader) -> Spans:
    """The question that a section's heading asks; empty where it asks none."""
    heading = node.section.heading
    written = plain(clean_title(heading.spans)) if heading else ""
    if not written or not node.title or reader.head(node.name) or reader.skips(node.name):
        return ()
    if node.opener == "fold" and count_words(node.name) <= NAME_WORDS and not reader.asks(node.name):
        return fill(reader.what_is(node.name), term=node.title)
    if node.opener == "fold" or (reader.question_mark.match(written) and written != node.name):
        return unwrapped(node.title)
    if reader.generic(node.name):
        return ()
    if reader.step_mark.match(written) or step_titles(node.children, reader):
        return ()
    if _is_procedure(node, reader):
        return ()
    return node.title if reader.asks(node.name) else ()


def _is_procedure(node: Node, reader: Reader) -> bool:
    """`How to bake bread` over an ordered list: steps, and no question."""
    steps = any(block.kind == "list" and block.ordered and len(block.children) > 2 for block in node.section.blocks)
    return steps and reader.procedure(node.name) and not reader.question_marked(node.name)


def swallows(node: Node, reader: Reader) -> bool:
    """Whether a question's subsections are part of its answer."""
    return (
        bool(asking(node, reader))
        and all(child.opener == "bold" or reader.generic(child.name) for child in node.children)
        and not any(_stands_alone(child, reader) for child in node.children)
        and words(flat(node.children)) <= SUBTREE_WORDS
    )


def _stands_alone(node: Node, reader: Reader) -> bool:
    own = asking(node, reader) or reader.head(node.name) or is_step(node, reader)
    folded = any(block.kind == "details" for block in node.section.blocks)
    return bool(own) or folded or any(_stands_alone(child, reader) for child in node.children)


def flat(nodes: tuple[Node, ...]) -> tuple[Block, ...]:
    """Sections as blocks, their headings as bold lines."""
    out: list[Block] = []
    for node in nodes:
        if node.section.skip:
            continue
        line = node.section.heading.line if node.section.heading else 1
        out.append(paragraph((Span("strong", children=node.title),), line))
        out.extend(node.section.blocks)
        out.extend(flat(node.children))
    return tuple(out)


def _tells_itself(scope: Scope, at: int) -> bool:
    """A table whose rows are cards, and that no sentence announces as the answer."""
    announced = at > 0 and announces(scope.blocks[at - 1])
    return not announced and bool(rows(scope, scope.blocks[at]))


def _is_parallel(scope: Scope) -> bool:
    """A section that is nothing but lists, each with its own lead-in (`Reasons for SQL:`): they ask for themselves."""
    if sum(map(announces, scope.blocks)) < 2:
        return False
    blocks = [block for block in scope.blocks if not noise(block, scope.reader)]
    leads, lists = blocks[::2], blocks[1::2]
    return len(lists) > 1 and all(map(announces, leads)) and all(block.kind == "list" for block in lists)


def find(scope: Scope) -> Iterator[Found]:
    """One card for the section: its opening is the answer. What no other pattern takes goes to Extra later."""
    node, reader = scope.node, scope.reader
    question = asking(node, reader)
    heading = node.section.heading
    if not question or heading is None or _is_parallel(scope):
        return
    opened = tuple((at, block) for at, block in scope.open())
    # A table whose rows are cards of their own would give their answers away.
    body = tuple(block for at, block in opened if not (block.kind == "table" and _tells_itself(scope, at)))
    if len(body) == 1 and body[0].kind == "paragraph":
        body = (paragraph(unwrapped(body[0].spans), body[0].line),)
    if body and body[0].kind == "paragraph" and (mark := reader.answer_mark.match(plain(body[0].spans))):
        first = unmarked(body[0], mark.end())
        body = ((first,) if first else ()) + body[1:]
    if swallows(node, reader):
        body += flat(tuple(child for child in node.children if not reader.skips(child.name)))
    elif not has_text(body):
        body = as_points(tuple(child for child in node.children if child.opener == "bold"), heading.line, reader)
    shown, extra = focus((names_only(block, scope) for block in body), reader)  # their meanings are asked apart
    if not has_text(shown):
        return
    below = tuple(block for block in extra if block not in scope.blocks)
    taken = (
        at for at, block in opened if block not in extra and block.kind != "table" and names_only(block, scope) is block
    )
    pattern = "folded" if node.opener == "fold" else "question"
    yield Found((Card(pattern, heading.line, question, shown, extra=below),), frozenset(taken))
