"""The tree of headings: what stands under what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import count, pairwise
from typing import Literal, Protocol, TypeAlias

from primer_anki.parser.blocks import is_listing
from primer_anki.parser.document import Block, Section, Spans, block_text, cut, cut_all, plain, strip
from primer_anki.text import count_words
from primer_anki.value import replace

_NUMBERED = re.compile(
    r"[\s_*]*(?:\(?\d{1,4}[.)、:]|#\d{1,4}[.:)]?|\d{1,4}\s?[-–—](?=\s)|\(\d{1,4}\)|\d{1,3}(?:\.\d{1,3})+[.)]?"
    r"(?!\s*(?:[%‰€$£°×]|(?:[KMGTP]i?B|[kMGm]?Hz|[mµn]?s|[a-z])\b))"
    r"|\(?[ivxIVX]{1,5}[.)]|[A-Za-z][.)]|第?\d{1,4}[.、:)])\s+(?=\S)"
)
_NUMBER_MARKS = ".)、:"
"""One of these ends a number that begins with a letter (`iv.`, `a)`)."""
_TAIL_SIGN = r"[\s#*:：_}\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff]"
"""The last sign of an ornament at a heading's end: most headings end otherwise."""
_TAIL_END = re.compile(_TAIL_SIGN)
_TAIL = re.compile(
    r"(?:[\s#*:：_]|\{[#.][\w.# -]{1,40}\}|:[a-z0-9_+-]+:|[\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff])+$"
)
_STOP = re.compile(r"\s*\.\s+(?=\S)|\s*。\s*(?=\S)|(?<![?？:：.])[ \t]*\n\s*(?=\S)")
_EMOJI_HEAD = re.compile(
    r"^(?:\s|#{1,6}\s|\?\s|:[a-z0-9_+-]+:|[\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\ufe0f\u200d\U0001f000-\U0001faff])+"
)


_LINE = re.compile(r"[^\n]+")
Opener: TypeAlias = Literal["heading", "item", "fold", "bold"]
TAIL_CHARACTERS = 60
"""An ornament at a heading's end is looked for in as much."""
ID_LINES = 2
"""An id that stands so closely above a section that is opened is its own."""
TITLE_WORDS = 8
"""A bold beginning longer than this is a stressed sentence, and no title."""
BOLD_WORDS = 12
NOTES_WORDS = 50
"""Points with more words than this below each, on average, and lists among them, are sections."""
NAME_WORDS, NAME_CHARACTERS, FEWEST_NAMES = 3, 24, 3
"""A line is a bare name up to so many words and characters; so many of them over lists are headings."""
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
    if _TAIL_END.match(words, end - 1) and (match := _TAIL.search(words, max(end - TAIL_CHARACTERS, 0))):
        end = match.start()
    whole = end <= start or (start == 0 and end == len(words))
    return strip(spans if whole else cut(spans, start, end))


def unadorned(spans: Spans) -> Spans:
    """Spans without the emoji before them."""
    words = plain(spans)
    match = _EMOJI_HEAD.match(words) if not words[:1].isalpha() else None
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
    blocks = _plain_blocks(section.blocks, opens)
    numbered = _numbered_lines(blocks)
    run_in = _run_in(blocks, opens)
    names = _name_lines(blocks)

    def ends(n: int) -> bool:
        """Whether a block ends the section that a bold line before it has opened."""
        return n in run_in or n in names or bool(_bold_line(blocks, n, opens)) or _is_labelled(blocks[n], opens)

    at = 0
    while at < len(blocks):
        block = blocks[at]
        at += 1
        if block.kind == "details" and block.children and opens.fold(block.spans):
            inner.append(_node(section, block, block.spans, block.children, parents, opens, "fold"))
        elif (
            block.kind == "list"
            and block.children
            and (all(map(_headed, block.children)) or _holds_tables(block) or _holds_lists(block))
        ):
            for item in block.children:
                head, *body = item.children
                inner.append(_node(section, head, head.spans, tuple(body), parents, opens, "item"))
        elif at - 1 in numbered:
            head = block.children[0].children[0]
            end = min((n for n in numbered if n >= at), default=len(blocks))
            inner.append(_node(section, head, head.spans, blocks[at:end], parents, opens, "item"))
            at = end
        elif line := _bold_line(blocks, at - 1, opens) or (block.spans if at - 1 in names else ()):
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


def _name_lines(blocks: tuple[Block, ...]) -> frozenset[int]:
    """Where a bare name stands on a line of its own over a list (`GET`), again and again: headings without a mark."""
    found = [
        at
        for at, (block, below) in enumerate(pairwise(blocks))
        if block.kind == "paragraph" and below.kind == "list" and _is_bare_name(plain(block.spans))
    ]
    return frozenset(found) if len(found) >= FEWEST_NAMES else frozenset()


def _is_bare_name(words: str) -> bool:
    return (
        0 < len(words.split()) <= NAME_WORDS
        and len(words) <= NAME_CHARACTERS
        and words[-1:].isalnum()
        and "\n" not in words
    )


def _run_in(blocks: tuple[Block, ...], opens: Opens) -> dict[int, tuple[Spans, Spans]]:
    """Where `**Small numbers**. The weights …` stands as a heading: its title, and the text behind it, by position.

    Beside such titles a paragraph led by a bold name (`**Dropout** is …`) is one too.
    """
    found = {at: divided for at, block in enumerate(blocks) if (divided := _titled(block, opens))}
    if len(found) < 2:
        return {}
    return found | {at: led for at, block in enumerate(blocks) if at not in found and (led := _led(block, opens))}


def _is_labelled(block: Block, opens: Opens) -> bool:
    """A paragraph such as `**Use:** where …`: it says of the subject what the bold line before it did not."""
    if block.kind != "paragraph" or len(block.spans) < 2 or block.spans[0].kind != "strong":
        return False
    label, whole = plain(block.spans[:1]).rstrip(), plain(block.spans)
    colon = label.endswith((":", "：")) or whole[len(label) :].lstrip().startswith((":", "："))
    return colon and len(label.split()) <= NAME_WORDS and opens.line(whole)


def _led(block: Block, opens: Opens) -> tuple[Spans, Spans] | None:
    """A paragraph whose first sentence begins with a bold name, as beside bold titles: the name and the whole."""
    if block.kind != "paragraph" or len(block.spans) < 2 or block.spans[0].kind != "strong":
        return None
    name = plain(block.spans[:1]).strip()
    is_name = 0 < len(name.split()) <= TITLE_WORDS // 2 and name[-1].isalnum() and name[0].isupper()
    return (clean_title(block.spans[0].children), block.spans) if is_name and opens.line(plain(block.spans)) else None


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


def _plain_blocks(blocks: tuple[Block, ...], opens: Opens) -> tuple[Block, ...]:
    """Blocks without what only wraps them.

    A quote of several blocks is a box; where all of a section is quoted, the quotes are its form.
    """
    quoted = all(block.kind in ("quote", "rule") for block in blocks)
    out: list[Block] = []
    for block in blocks:
        if block.kind == "quote" and (quoted or len(block.children) > 1):
            out.extend(_plain_blocks(block.children, opens))
        else:
            out.extend(_unfolded(block, opens))
    return tuple(out)


def _unfolded(block: Block, opens: Opens) -> tuple[Block, ...]:
    """A list with the tables of its points behind it: they belong to the section as much as to their point.

    A paragraph whose lines are `Name: value`, each of them, as a list.
    """
    if block.kind == "paragraph" and (lines := _lines(block, opens)):
        return (lines,)
    if block.kind == "list":
        block = replace(block, children=tuple(map(_unnumbered, block.children)))
    if block.kind != "list" or _holds_tables(block):
        return (block,)
    tables = [(n, child) for n, item in enumerate(block.children) for child in item.children if child.kind == "table"]
    asked = {n for n, _ in tables if plain(block.children[n].children[0].spans).rstrip().endswith(("?", "？"))}
    moved = [child for n, child in tables if n not in asked]
    if not moved:
        return (block,)
    items = (replace(item, children=tuple(c for c in item.children if c not in moved)) for item in block.children)
    return (replace(block, children=tuple(items)), *moved)


def _holds_lists(block: Block) -> bool:
    """A list whose points are titles over notes of their own: lists in lists, with much to say below each."""
    titled = all(
        item.children
        and item.children[0].kind == "paragraph"
        and 0 < len(plain(item.children[0].spans).split()) <= TITLE_WORDS
        for item in block.children
    )
    if not titled:
        return False
    below = [child for item in block.children for child in item.children[1:]]
    deep = any(point.children[1:] for child in below if child.kind == "list" for point in child.children)
    said = sum(count_words(block_text(child)) for child in below)
    return deep and said > NOTES_WORDS * len(block.children)


def _lines(block: Block, opens: Opens) -> Block | None:
    """A paragraph of lines that each name something and say what it is, as a list; None for any other."""
    whole = plain(block.spans)
    if "\n" not in whole:
        return None
    bounds = [match.span() for match in _LINE.finditer(whole)]
    if len(bounds) < 2 or not is_listing(whole) or not all(opens.line(whole[a:b]) for a, b in bounds):
        return None
    pieces = zip(cut_all(block.spans, bounds), count(block.line), strict=False)
    items = (Block("item", at, at, children=(Block("paragraph", at, at, spans=strip(piece)),)) for piece, at in pieces)
    return Block("list", block.line, block.end, children=tuple(items))


def _unnumbered(item: Block) -> Block:
    """A point that holds nothing but a number of its own (`- 1. What is X?`) without that."""
    inner = item.children[0] if len(item.children) == 1 else None
    if inner is None or inner.kind != "list" or not inner.ordered or len(inner.children) != 1:
        return item
    return replace(item, children=inner.children[0].children)


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
