"""The tree of headings: what stands under what."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

from primer_anki.parser import openers
from primer_anki.parser.document import Block, Section, Spans, plain
from primer_anki.parser.openers import Opens
from primer_anki.parser.unwrap import unwrapped_blocks
from primer_anki.value import replace

Opener: TypeAlias = Literal["heading", "item", "fold", "bold"]
ID_LINES = 2
"""An id that stands so closely above a section that is opened is its own."""


@dataclass(frozen=True, eq=False)
class Node:
    """A section, and the sections whose headings stand deeper below it.

    A heading inside a list item (`1. ### What is X?`), a fold (`<details>`) and a paragraph that is one short bold line
    open a section as a heading does.
    """

    section: Section
    title: Spans
    """The heading without number, emoji and final colon; empty before the first heading."""
    children: tuple[Node, ...]
    parents: tuple[str, ...]
    """The clean titles above, outermost first."""
    opener: Opener = "heading"

    @cached_property
    def name(self) -> str:
        """The title as plain text."""
        return plain(self.title)

    @property
    def level(self) -> int:
        """The heading's level; 0 before the first heading."""
        return self.section.levels[-1] if self.section.levels else 0


def outline(sections: tuple[Section, ...], opens: Opens) -> tuple[Node, ...]:
    """The sections as a forest, in reading order."""
    nodes, rest = _gather(sections, 0, 0, (), opens)
    assert rest == len(sections)
    return nodes


def _gather(
    sections: tuple[Section, ...], at: int, above: int, parents: tuple[str, ...], opens: Opens
) -> tuple[tuple[Node, ...], int]:
    nodes: list[Node] = []
    while at < len(sections):
        section = sections[at]
        level = section.levels[-1] if section.levels else 0
        if (nodes or level) and level <= above:
            break
        title = opens.heading_title(section.heading.spans) if section.heading else ()
        inside = (*parents, plain(title)) if title else parents
        kept, inner = _opened(section, inside, opens)
        below, at = _gather(sections, at + 1, level, inside, opens) if level else ((), at + 1)
        nodes.append(Node(kept, title, (*inner, *below), parents))
    return tuple(nodes), at


def _opened(section: Section, parents: tuple[str, ...], opens: Opens) -> tuple[Section, tuple[Node, ...]]:
    """A section without what opens sections of its own, and those."""
    kept: list[Block] = []
    inner: list[Node] = []
    blocks = unwrapped_blocks(section.blocks, opens.line)
    numbered = openers.numbered_lines(blocks)
    run_in = openers.run_in(blocks, opens)
    names = openers.name_lines(blocks)

    def ends(n: int) -> bool:
        """Whether a block ends the section that a bold line before it has opened."""
        return (
            n in run_in
            or n in names
            or bool(openers.bold_line(blocks, n, opens))
            or openers.is_labelled(blocks[n], opens)
        )

    at = 0
    while at < len(blocks):
        block = blocks[at]
        at += 1
        if block.kind == "details" and block.children and opens.fold(block.spans):
            inner.append(_node(section, block, block.spans, block.children, parents, opens, "fold"))
        elif openers.opens_sections(block):
            for item in block.children:
                head, *body = item.children
                inner.append(_node(section, head, head.spans, tuple(body), parents, opens, "item"))
        elif at - 1 in numbered:
            head = block.children[0].children[0]
            end = min((n for n in numbered if n >= at), default=len(blocks))
            inner.append(_node(section, head, head.spans, blocks[at:end], parents, opens, "item"))
            at = end
        elif line := openers.bold_line(blocks, at - 1, opens) or (block.spans if at - 1 in names else ()):
            end = next((n for n in range(at, len(blocks)) if ends(n)), len(blocks))
            inner.append(_node(section, block, line, blocks[at:end], parents, opens, "bold"))
            at = end
        elif at - 1 in run_in:
            end = next((n for n in range(at, len(blocks)) if ends(n)), len(blocks))
            title, rest = run_in[at - 1]
            below = (replace(block, spans=rest), *blocks[at:end])
            inner.append(_node(section, block, title, below, parents, opens, "bold"))
            at = end
        else:
            kept.append(block)
    given = {each for node in inner for each in node.section.ids}
    ids = tuple(each for each in section.ids if each not in given)
    return replace(section, blocks=tuple(kept), ids=ids), tuple(inner)


def _node(
    outer: Section,
    head: Block,
    spans: Spans,
    body: tuple[Block, ...],
    parents: tuple[str, ...],
    opens: Opens,
    opener: Opener,
) -> Node:
    title = opens.heading_title(spans)
    level = (outer.levels[-1] if outer.levels else 0) + 1
    last = max((block.end for block in (*body, head)), default=0)
    section = replace(
        outer,
        heading=replace(head, kind="heading", spans=spans, children=(), level=level),
        trail=(*outer.trail, plain(title)),
        levels=(*outer.levels, level),
        blocks=body,
        ids=tuple(each for each in outer.ids if head.line - ID_LINES <= each[0] <= max(last, head.line)),
    )
    kept, inner = _opened(section, (*parents, plain(title)), opens)
    return Node(kept, title, inner, parents, opener)
