"""The tree of headings: what stands under what."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Literal, Protocol, TypeAlias

from primer_anki.parser.document import Block, Section, Spans, cut, plain, strip

_NUMBERED = re.compile(
    r"[\s_*]*(?:\(?\d{1,4}[.)、:]|#\d{1,4}[.:)]?|\d{1,4}\s?[-–—](?=\s)|\(\d{1,4}\)|\d{1,3}(?:\.\d{1,3})+[.)]?"
    r"(?!\s*(?:[%‰€$£°×]|(?:[KMGTP]i?B|[kMGm]?Hz|[mµn]?s|[a-z])\b))"
    r"|\(?[ivxIVX]{1,5}[.)]|[A-Za-z][.)]|第?\d{1,4}[.、:)])\s+(?=\S)"
)
_NUMBER_MARKS = ".)、:"
"""One of these ends a number that begins with a letter (`iv.`, `a)`)."""
_TAIL = re.compile(r"(?:[\s#*:：_]|:[a-z0-9_+-]+:|[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])+$")
_STOP = re.compile(r"\s*\.\s+(?=\S)|\s*。\s*(?=\S)")
_EMOJI_HEAD = re.compile(
    r"^(?:\s|:[a-z0-9_+-]+:|[\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\ufe0f\u200d\U0001f000-\U0001faff])+"
)


Opener: TypeAlias = Literal["heading", "item", "fold", "bold"]
TAIL_CHARACTERS = 60
"""An ornament at a heading's end is looked for in as much."""
ID_LINES = 2
"""An id that stands so closely above a section that is opened is its own."""
TITLE_WORDS = 8
"""A bold beginning longer than this is a stressed sentence, and no title."""
BOLD_WORDS = 12
SENTENCE_WORDS = 4
"""A bold line with a colon is a lead-in from here on, and a heading below."""
LINE_CHARACTERS = 120
"""A bold line longer than this is emphasis, and opens no section."""


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


def clean_title(spans: Spans) -> Spans:
    """A heading or list head without its number, its emoji and its final colon."""
    words = plain(spans)
    if words[:1].isalpha() and words[-1:].isalnum() and not any(mark in words[:6] for mark in _NUMBER_MARKS):
        return spans
    start = 0
    if match := _EMOJI_HEAD.match(words):
        start = match.end()
    if match := _NUMBERED.match(words, start):
        start = match.end()
    if match := _EMOJI_HEAD.match(words[start:]):
        start += match.end()
    end = len(words)
    if match := _TAIL.search(words, max(end - TAIL_CHARACTERS, 0)):
        end = match.start()
    whole = end <= start or (start == 0 and end == len(words))
    return strip(spans if whole else cut(spans, start, end))


def unadorned(spans: Spans) -> Spans:
    """Spans without the emoji before them."""
    match = _EMOJI_HEAD.match(plain(spans))
    return cut(spans, match.end()) if match else spans


class Opens(Protocol):
    """What the outline asks of the language."""

    def heading_title(self, heading: Spans) -> Spans:
        """A heading without number, ornament, and the mark of a step or question."""
        ...

    def fold(self, summary: Spans) -> bool:
        """Whether a fold's summary names what it holds, and does not only open an answer."""
        ...

    def line(self, words: str) -> bool:
        """Whether a bold line may be a heading: it marks no question or answer."""
        ...


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
    blocks = section.blocks
    numbered = _numbered_lines(blocks)
    run_in = _run_in(blocks, opens)
    at = 0
    while at < len(blocks):
        block = blocks[at]
        at += 1
        if block.kind == "details" and block.children and opens.fold(block.spans):
            inner.append(_node(section, block, block.spans, block.children, parents, opens, "fold"))
        elif block.kind == "list" and block.children and (all(map(_headed, block.children)) or _holds_tables(block)):
            for item in block.children:
                head, *body = item.children
                inner.append(_node(section, head, head.spans, tuple(body), parents, opens, "item"))
        elif at - 1 in numbered:
            head = block.children[0].children[0]
            end = min((n for n in numbered if n >= at), default=len(blocks))
            inner.append(_node(section, head, head.spans, blocks[at:end], parents, opens, "item"))
            at = end
        elif line := _bold_line(blocks, at - 1, opens):
            end = next((n for n in range(at, len(blocks)) if n in run_in or _bold_line(blocks, n, opens)), len(blocks))
            inner.append(_node(section, block, line, blocks[at:end], parents, opens, "bold"))
            at = end
        elif at - 1 in run_in:
            end = next((n for n in range(at, len(blocks)) if n in run_in or _bold_line(blocks, n, opens)), len(blocks))
            title, rest = run_in[at - 1]
            below = (replace(block, spans=rest), *blocks[at:end])
            inner.append(_node(section, block, title, below, parents, opens, "bold"))
            at = end
        else:
            kept.append(block)
    given = {each for node in inner for each in node.section.ids}
    ids = tuple(each for each in section.ids if each not in given)
    return replace(section, blocks=tuple(kept), ids=ids), tuple(inner)


def _numbered_lines(blocks: tuple[Block, ...]) -> frozenset[int]:
    """Where `1. What is X?` stands as a heading, its answer below it without indentation: lists of one item each."""
    lines = [
        at
        for at, block in enumerate(blocks[:-1])
        if block.kind == "list"
        and block.ordered
        and len(block.children) == len(block.children[0].children) == 1
        and block.children[0].children[0].kind == "paragraph"
        and len(plain(block.children[0].children[0].spans)) <= LINE_CHARACTERS
    ]
    counts = all(blocks[b].start > blocks[a].start for a, b in pairwise(lines))
    return frozenset(lines) if len(lines) > 1 and counts else frozenset()


def _run_in(blocks: tuple[Block, ...], opens: Opens) -> dict[int, tuple[Spans, Spans]]:
    """Where `**Small numbers**. The weights …` stands as a heading: its title, and the text behind it, by position."""
    found = {at: divided for at, block in enumerate(blocks) if (divided := _titled(block, opens))}
    return found if len(found) > 1 else {}


def _titled(block: Block, opens: Opens) -> tuple[Spans, Spans] | None:
    """A paragraph that begins with a bold title and a full stop: the title and the rest."""
    if block.kind != "paragraph" or len(block.spans) < 2 or block.spans[0].kind != "strong":
        return None
    whole = plain(block.spans)
    title = plain(block.spans[:1])
    stop = _STOP.match(whole, len(title.rstrip(" .")))
    words = len(title.split())
    if stop is None or stop.end() >= len(whole) or not 0 < words <= TITLE_WORDS or not opens.line(whole):
        return None
    return clean_title(cut(block.spans[0].children, 0, len(title.rstrip(" .")))), strip(cut(block.spans, stop.end()))


def _holds_tables(block: Block) -> bool:
    """A list whose points are titles, with a table below one of them at least."""
    bodies = [item.children[1:] for item in block.children]
    titled = all(
        body and item.children[0].kind == "paragraph" and len(plain(item.children[0].spans).split()) <= TITLE_WORDS
        for item, body in zip(block.children, bodies, strict=True)
    )
    return titled and any(child.kind == "table" for body in bodies for child in body)


def _headed(item: Block) -> bool:
    return bool(item.children) and item.children[0].kind == "heading"


def _bold_line(blocks: tuple[Block, ...], at: int, opens: Opens) -> Spans:
    """The text of a paragraph that stands as a heading over what follows; empty if it is none."""
    block = blocks[at]
    if block.kind != "paragraph" or at + 1 >= len(blocks):
        return ()
    spans = clean_title(block.spans)
    if len(spans) != 1 or spans[0].kind not in ("strong", "em") or "\n" in plain(spans):
        return ()
    following = blocks[at + 1]
    listed = following.kind in ("list", "table", "code")
    if spans[0].kind == "em" and not listed:
        return ()
    inside = clean_title(spans[0].children)
    if all(span.kind in ("link", "image") or not plain((span,)).strip() for span in inside):
        return ()
    words = plain(inside)
    if not words or len(words.split()) > BOLD_WORDS or len(words) > 90 or not opens.line(plain(block.spans)):
        return ()
    if plain(block.spans).rstrip().endswith((":", "：")) and len(words.split()) >= SENTENCE_WORDS:
        return ()  # a lead-in
    is_numbered = plain(spans) != plain(block.spans) or words != plain(spans[0].children)
    if words.endswith((".", "!", "。", "！", ";")) and not is_numbered:
        return ()
    return inside if listed or following.kind == "paragraph" else ()


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
