"""HTML that stands in Markdown → blocks.

Markdown hands HTML over in fragments: a tag may be closed in another fragment, or never. So nothing here insists on
balance: an end tag without its start is ignored, and the end of the fragment closes everything. The standard
`html.parser` is not used, since what it makes of broken markup changes between patch releases of Python, and the same
text has to give the same notes everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape

from primer_anki.parser.anchors import Anchors
from primer_anki.parser.comments import Comment, read_comment
from primer_anki.parser.document import Block, BlockKind, Span, Spans, plain
from primer_anki.parser.inline import SpanBuilder
from primer_anki.parser.tags import DROPPED, INLINE, TAG, Tag, names, read_tag, tag_of

MAX_DEPTH = 20
"""Containers nested deeper than this are dropped; their text stays."""

_CONTAINERS: dict[str, BlockKind] = {
    "ul": "list",
    "ol": "list",
    "li": "item",
    "blockquote": "quote",
    "details": "details",
    "dl": "terms",
    "dd": "description",
    "table": "table",
}
_LEAVES = names("h1 h2 h3 h4 h5 h6 dt summary td th")
_HEADINGS = names("h1 h2 h3 h4 h5 h6")
_SEPARATORS = names(
    "address article aside body caption center dialog dir div fieldset figcaption figure footer form head header "
    "hgroup hr html legend main menu nav option p search section tbody tfoot thead title tr"
)
_BLOCKS = _SEPARATORS | _LEAVES | _CONTAINERS.keys()
_IMPLIED_ENDS = {
    "li": ({"li"}, {"ul", "ol"}),
    "dt": ({"dt", "dd"}, {"dl"}),
    "dd": ({"dt", "dd"}, {"dl"}),
    "td": ({"td", "th"}, {"table"}),
    "th": ({"td", "th"}, {"table"}),
    "tr": ({"td", "th"}, {"table"}),
    **{tag: (_HEADINGS, set(_CONTAINERS)) for tag in _HEADINGS},
}
"""By start tag: what it ends where that is still open, and what it never reaches beyond."""
_PARENTS = {"li": {"ul", "ol"}, "dt": {"dl"}, "dd": {"dl"}, "td": {"table"}, "th": {"table"}, "summary": {"details"}}
_SPACE = re.compile(r"[ \t\n\r\f]+")
_LANGUAGE = re.compile(r"(?:language-|lang-|highlight-source-|brush:\s*)([\w+#.-]+)")
_MAX_COLSPAN = 50


@dataclass(slots=True)
class _Frame:
    """An element that is open."""

    tag: Tag
    line: int
    blocks: list[Block] = field(default_factory=list)
    spans: Spans = ()
    rows: list[list[Spans]] = field(default_factory=list)


def blocks_of(html: str, line: int, anchors: Anchors, comments: list[Comment], *, is_top: bool) -> tuple[Block, ...]:
    """The blocks of a fragment that begins on `line`; headings ask `anchors`, comments that steer go to `comments`.

    `is_top`: the fragment stands outside lists and quotes.
    """
    reader = _Reader(html, line, anchors, comments, is_top)
    reader.run()
    return tuple(reader.root.blocks)


class _Reader:
    def __init__(self, html: str, line: int, anchors: Anchors, comments: list[Comment], is_top: bool) -> None:
        self.root = _Frame(Tag("", False, "", "", ""), line)
        self._html = html
        self._at = 0
        self._line = line
        self._paragraph_line = line
        self._anchors = anchors
        self._comments = comments
        self._is_top = is_top
        self._stack = [self.root]
        self._builder = SpanBuilder()
        self._nested_tables = 0

    def run(self) -> None:
        html = self._html
        while self._at < len(html):
            found = html.find("<", self._at)
            start = len(html) if found < 0 else found
            self._text(self._take(start))
            if start == len(html):
                break
            match = TAG.match(html, start)
            if match:
                self._take(match.end())
                self._tag(tag_of(match))
            elif html.startswith(("<!", "<?"), start):
                self._declaration()
            else:
                self._text(self._take(start + 1))
        self._end_until(0)

    def _take(self, end: int) -> str:
        piece = self._html[self._at : end]
        self._line += piece.count("\n")
        self._at = end
        return piece

    def _text(self, source: str) -> None:
        text = _SPACE.sub(" ", unescape(source))
        if self._builder.ends_with_space():
            text = text.lstrip(" ")
        if text:
            self._begin(self._line - source.lstrip().count("\n"))
            self._builder.text(text)

    def _begin(self, line: int) -> None:
        if self._builder.is_empty:
            self._paragraph_line = line

    def _declaration(self) -> None:
        """A comment, `<!DOCTYPE …>` or `<?…?>`."""
        is_comment = self._html.startswith("<!--", self._at)
        line, start = self._line, self._at + 4
        end = self._html.find("-->" if is_comment else ">", start if is_comment else self._at)
        stop = len(self._html) if end < 0 else end
        self._take(min(stop + (3 if is_comment else 1), len(self._html)))
        if is_comment:
            comment = read_comment(self._html[start:stop], line, is_block=self._is_top and len(self._stack) == 1)
            if comment:
                self._comments.append(comment)

    def _tag(self, tag: Tag) -> None:
        if not tag.is_known:
            self._text(tag.source.replace("&", "&amp;"))
        elif tag.name in _BLOCKS and tag.name not in DROPPED:
            self._end_block(tag) if tag.is_end else self._start_block(tag)
        elif tag.name == "pre":
            self._separate() if tag.is_end else self._preformatted(tag)
        elif tag.is_end:
            self._builder.close(tag.name)
        elif tag.name in DROPPED:
            self._drop(tag)
        else:
            self._begin(self._line)
            open_inline(self._builder, tag)

    def _drop(self, tag: Tag) -> None:
        if not tag.attributes.endswith("/"):
            end = re.compile(rf"</{tag.name}\s*>", re.IGNORECASE).search(self._html, self._at)
            self._take(end.end() if end else len(self._html))

    def _preformatted(self, tag: Tag) -> None:
        self._separate()
        line = self._line
        end = re.compile(r"</pre\s*>", re.IGNORECASE).search(self._html, self._at)
        source = self._take(end.start() if end else len(self._html))
        self._take(end.end() if end else len(self._html))
        text = unescape(TAG.sub(_without_tag, source)).strip("\n")
        if self._in_leaf:
            self._builder.add(Span("code", text))
        elif text.strip():
            info = _language(tag, source)
            self._stack[-1].blocks.append(Block("code", line, self._line, text=text, info=info))

    @property
    def _in_leaf(self) -> bool:
        return self._stack[-1].tag.name in _LEAVES

    def _separate(self) -> None:
        """End a paragraph; where no paragraph can stand (a cell, a heading), begin a new line."""
        if not self._in_leaf:
            self._end_paragraph()
        elif not self._builder.ends_with_space():
            self._builder.line_break()

    def _end_paragraph(self) -> None:
        spans = self._builder.finish()
        self._builder = SpanBuilder()
        if spans:
            self._stack[-1].blocks.append(Block("paragraph", self._paragraph_line, self._line, spans=spans))
        self._paragraph_line = self._line

    def _start_block(self, tag: Tag) -> None:
        name = tag.name
        if name == "table" and self._in_leaf:
            self._nested_tables += 1
        if not self._nested_tables:
            self._end_implied(name)
        if name == "hr" and not self._in_leaf:
            self._end_paragraph()
            self._stack[-1].blocks.append(Block("rule", self._line, self._line))
        elif self._in_leaf or name in _SEPARATORS or not self._may_open(name):
            self._separate()
            if name == "tr" and self._stack[-1].tag.name == "table":
                self._stack[-1].rows.append([])
        else:
            self._end_paragraph()
            self._stack.append(_Frame(tag, self._line))

    def _may_open(self, name: str) -> bool:
        parents = _PARENTS.get(name)
        return len(self._stack) < MAX_DEPTH and (not parents or self._stack[-1].tag.name in parents)

    def _end_implied(self, name: str) -> None:
        ends, bounds = _IMPLIED_ENDS.get(name, (frozenset(), frozenset()))
        for depth in range(len(self._stack) - 1, 0, -1):
            open_name = self._stack[depth].tag.name
            if open_name in ends:
                self._end_until(depth)
                return
            if open_name in bounds:
                return

    def _end_block(self, tag: Tag) -> None:
        if self._nested_tables:
            self._nested_tables -= tag.name == "table"
            self._separate()
            return
        for depth in range(len(self._stack) - 1, 0, -1):
            if self._stack[depth].tag.name == tag.name:
                self._end_until(depth)
                return
        self._separate()

    def _end_until(self, depth: int) -> None:
        """Close the frames from the innermost down to this depth; the root stays."""
        while len(self._stack) > max(depth, 1):
            if self._in_leaf:
                self._end_leaf()
            else:
                self._end_container()
        if depth == 0:
            self._end_paragraph()

    def _end_leaf(self) -> None:
        spans = self._builder.finish()
        self._builder = SpanBuilder()
        frame = self._stack.pop()
        parent, name = self._stack[-1], frame.tag.name
        if name in ("td", "th"):
            if not parent.rows:
                parent.rows.append([])
            parent.rows[-1].extend([spans, *[()] * (_number(frame.tag.get("colspan"), 1, _MAX_COLSPAN) - 1)])
        elif name == "summary":
            parent.spans = spans
        elif not spans:
            pass
        elif name == "dt":
            parent.blocks.append(Block("term", frame.line, self._line, spans=spans))
        else:
            anchor = self._anchors.add(plain(spans))
            heading = Block("heading", frame.line, self._line, spans=spans, level=int(name[1]), anchor=anchor)
            parent.blocks.append(heading)

    def _end_container(self) -> None:
        self._end_paragraph()
        frame = self._stack.pop()
        make = _MAKERS[_CONTAINERS[frame.tag.name]]
        self._stack[-1].blocks.extend(make(frame, self._line))


def open_inline(builder: SpanBuilder, tag: Tag) -> None:
    """Apply a start tag that is no block: a span begins, a break or image is added, or nothing happens."""
    literal = tag.source if tag.may_be_text else ""
    if tag.name in INLINE:
        builder.open(tag.name, INLINE[tag.name], literal=literal)
    elif tag.name == "br":
        builder.line_break()
    elif tag.name == "img":
        source, alt = tag.get("src"), tag.get("alt")
        if source:
            builder.add(Span("image", alt, target=source))
        else:
            builder.text(alt)
    elif tag.name == "a" and tag.get("href"):
        builder.open("a", "link", tag.get("href"), literal=literal)
    elif literal:
        # Keeps nothing but its place: where it is never closed, it was text.
        builder.text(literal)


def _without_tag(match: re.Match[str]) -> str:
    tag = tag_of(match)
    if not tag.is_known:
        return tag.source
    return "\n" if tag.name == "br" else ""


def _language(tag: Tag, source: str) -> str:
    first = TAG.match(source.lstrip())
    code = read_tag(first.group()) if first else None
    for each in (tag, code):
        if each:
            match = _LANGUAGE.search(each.get("class"))
            language = each.get("lang") or (match[1] if match else "")
            if language:
                return language.lower()
    return ""


def _number(text: str, default: int, limit: int = 1 << 30) -> int:
    return max(1, min(int(text), limit)) if text.isascii() and text.isdigit() and len(text) < 10 else default


def _list(frame: _Frame, end: int) -> list[Block]:
    items = [each if each.kind == "item" else _item(each) for each in frame.blocks]
    ordered = frame.tag.name == "ol"
    start = _number(frame.tag.get("start"), 1)
    return [Block("list", frame.line, end, children=tuple(items), ordered=ordered, start=start)] if items else []


def _item(block: Block) -> Block:
    return Block("item", block.line, block.end, children=(block,))


def _children(kind: BlockKind) -> Callable[[_Frame, int], list[Block]]:
    def make(frame: _Frame, end: int) -> list[Block]:
        return [Block(kind, frame.line, end, children=tuple(frame.blocks))] if frame.blocks else []

    return make


def _details(frame: _Frame, end: int) -> list[Block]:
    if not frame.spans and not frame.blocks:
        return []
    return [Block("details", frame.line, end, spans=frame.spans, children=tuple(frame.blocks))]


def _terms(frame: _Frame, end: int) -> list[Block]:
    children = tuple(
        each if each.kind in ("term", "description") else Block("description", each.line, each.end, children=(each,))
        for each in frame.blocks
    )
    return [Block("terms", frame.line, end, children=children)] if children else []


def _table(frame: _Frame, end: int) -> list[Block]:
    rows = [row for row in frame.rows if any(row)]
    if len(rows) < 2:  # a table for the layout's sake
        cells = [cell for row in rows for cell in row if cell]
        return [*frame.blocks, *(Block("paragraph", frame.line, end, spans=cell) for cell in cells)]
    width = max(len(row) for row in rows)
    filled = tuple((*row, *((),) * (width - len(row))) for row in rows)
    return [*frame.blocks, Block("table", frame.line, end, rows=filled)]


_MAKERS: dict[BlockKind, Callable[[_Frame, int], list[Block]]] = {
    "list": _list,
    "item": _children("item"),
    "quote": _children("quote"),
    "details": _details,
    "terms": _terms,
    "description": _children("description"),
    "table": _table,
}
