"""A Markdown file as values: topic, sections, blocks and spans, and how to cut text out of them.

Patterns look at plain text and cut spans at plain-text offsets, so that a marker is found by a
regular expression and what remains keeps its markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from primer_anki.value import Value, replace

SpanKind: TypeAlias = Literal[
    "text",  # text
    "code",  # text
    "math",  # text: TeX without its dollars
    "math_block",  # the same, displayed
    "strong",
    "em",
    "del",
    "mark",  # ==text==: a cloze
    "sup",
    "sub",
    "kbd",
    "u",
    "link",  # children, target
    "image",  # text: the alternative text, target: the source
    "break",  # a hard line break
    "footnote",  # target: the label
]

BlockKind: TypeAlias = Literal[
    "heading",  # spans, level, anchor
    "paragraph",  # spans
    "code",  # text, info
    "math",  # text
    "list",  # children: items; ordered, start
    "item",  # children: blocks; checked
    "quote",  # children
    "table",  # rows: the first is the header
    "details",  # spans: the summary; children: the body
    "terms",  # a definition list: children: term, description, description, term, …
    "term",  # spans
    "description",  # children
    "rule",
    "comment",  # text: what stands between <!-- and -->
]


class Span(Value, frozen=True):
    """A piece of inline content."""

    kind: SpanKind
    text: str = ""
    children: tuple[Span, ...] = ()
    target: str = ""


Spans: TypeAlias = tuple[Span, ...]


class Block(Value, frozen=True):
    """A piece of block content, with everything that stands inside it."""

    kind: BlockKind
    line: int
    """1-based, of the first line."""
    end: int = 0
    """1-based, of the last line."""
    spans: Spans = ()
    children: tuple[Block, ...] = ()
    rows: tuple[tuple[Spans, ...], ...] = ()
    """A table's rows, the header first; every row as long as the header."""
    text: str = ""
    info: str = ""
    """The language of a code block, in lower case, or empty."""
    level: int = 0
    anchor: str = ""
    """A heading's anchor, as GitHub makes it (with its running number)."""
    ordered: bool = False
    start: int = 1
    checked: bool | None = None
    """Of a task list's item; None for an ordinary one."""


class Section(Value, frozen=True):
    """A heading and what stands under it, up to the next heading of any level."""

    heading: Block | None
    """None for what stands before the first heading."""
    trail: tuple[str, ...]
    """Plain headings from the outermost to this one, empty before the first heading."""
    levels: tuple[int, ...]
    """The heading levels of the trail."""
    blocks: tuple[Block, ...]
    """Without comments that steer; headings never stand here."""
    anchor: str = ""
    """The nearest heading at or above this one whose anchor is unique in the file (no running number)."""
    skip: str = ""
    """Why an author's comment or front matter leaves this section out; empty as a rule."""
    ids: tuple[tuple[int, str], ...] = ()
    """(line, id): `<!-- id: x -->` comments; each belongs to the block that follows it, or that holds it."""
    directives: tuple[tuple[int, str], ...] = ()
    """(line, text): what stands after `primer:` in the `<!-- primer: … -->` comments, such as `allow long-answer`."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One Markdown file."""

    path: str
    """Relative to the root of the deck's sources, with `/`."""
    title: str
    """From the front matter, else the first heading of level 1, else the first heading, else the file's name."""
    sections: tuple[Section, ...]
    meta: dict[str, object] = field(default_factory=dict)
    """The front matter."""
    footnotes: dict[str, Spans] = field(default_factory=dict)
    """Footnote texts by label."""
    truncated: bool = False
    """The file ends in the middle of a line: its last block may be cut off."""


def plain(spans: Sequence[Span]) -> str:
    """The text that a reader sees, a hard break as a newline, without footnote marks."""
    # Nothing is asked more often, and mostly of a single text.
    if len(spans) == 1 and not spans[0].children:
        return _SHOWN_AS.get(spans[0].kind, spans[0].text)
    return "".join([plain(span.children) if span.children else _SHOWN_AS.get(span.kind, span.text) for span in spans])


def is_text(spans: Spans) -> bool:
    """Whether spans are a single text, as most are: nothing else is to be looked for in them."""
    return len(spans) == 1 and spans[0].kind == "text"


_SHOWN_AS: dict[SpanKind, str] = {"break": "\n", "footnote": "", "image": ""}
"""What a reader sees of spans whose text says something else."""


def _plain(span: Span) -> str:
    return plain(span.children) if span.children else _SHOWN_AS.get(span.kind, span.text)


def cut(spans: Spans, start: int, end: int | None = None) -> Spans:
    """The spans between two offsets in `plain(spans)`; markup around the cut stays whole.

    Spans of no width (images, footnote marks) stay where they touch the range.
    """
    if start <= 0 and end is None:
        return spans
    return tuple(_cut(spans, start, end if end is not None else 1 << 62))


def _cut(spans: Iterable[Span], start: int, end: int) -> Iterator[Span]:
    at = 0
    for span in spans:
        width = len(_plain(span))
        low, high = max(start - at, 0), min(end - at, width)
        if width == 0:
            if start <= at <= end:
                yield span
        elif low < high:
            if low == 0 and high == width:
                yield span
            elif span.children:
                yield replace(span, children=tuple(_cut(span.children, low, high)))
            elif span.kind in ("code", "math", "math_block"):
                yield span  # never cut in the middle
            else:
                yield replace(span, text=span.text[low:high])
        at += width


def cut_all(spans: Iterable[Span], bounds: Sequence[tuple[int, int]]) -> list[Spans]:
    """`cut` at many places at once, in one pass; the bounds ascend and do not overlap."""
    pieces: list[list[Span]] = [[] for _ in bounds]
    at = first = 0
    for span in spans:
        width = len(_plain(span))
        while first < len(bounds) and bounds[first][1] < at + (width > 0):
            first += 1
        touched = []
        for n in range(first, len(bounds)):
            if bounds[n][0] >= at + max(width, 1):
                break
            touched.append(n)
        inside = [(max(bounds[n][0] - at, 0), min(bounds[n][1] - at, width)) for n in touched]
        if span.children and width:
            for n, part in zip(touched, cut_all(span.children, inside), strict=True):
                pieces[n].extend((replace(span, children=part),) if part else ())
        else:
            for n, (low, high) in zip(touched, inside, strict=True):
                pieces[n].extend(_cut((span,), low, high))
        at += width
    return [tuple(piece) for piece in pieces]


def strip(spans: Spans) -> Spans:
    """Without white space at either end."""
    text = plain(spans)
    bare = text.strip()
    if bare and len(bare) == len(text):
        return spans
    if not bare:
        return tuple(span for span in spans if not _plain(span))
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    before = tuple(_cut(spans, 0, start - 1)) if start else ()
    after = tuple(_cut(spans, end + 1, len(text))) if end < len(text) else ()
    pictures = (tuple(span for span in outside if not _plain(span)) for outside in (before, after))
    first, last = pictures
    return first + cut(spans, start, end) + last


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """Every block and everything inside it, in reading order."""
    for block in blocks:
        yield block
        if block.children:
            yield from walk(block.children)


def all_spans(spans: Iterable[Span]) -> Iterator[Span]:
    """Every span and everything inside it, in reading order."""
    for span in spans:
        yield span
        if span.children:
            yield from all_spans(span.children)


def block_text(block: Block) -> str:
    """Everything a reader sees in a block, as plain text, a line a block or row."""
    own: list[str] = []
    if block.spans:
        own.append(plain(block.spans))
    if block.kind in ("code", "math"):
        own.append(block.text)
    own.extend(" | ".join(plain(cell) for cell in row) for row in block.rows)
    own.extend(block_text(child) for child in block.children)
    return "\n".join(part for part in own if part)
