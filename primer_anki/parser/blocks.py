"""Block tokens → blocks, in one pass over the flat list."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from primer_anki.parser.anchors import Anchors
from primer_anki.parser.comments import Comment, read_comment
from primer_anki.parser.document import Block, BlockKind, Span, Spans, plain
from primer_anki.parser.html import blocks_of
from primer_anki.parser.spans import Token, spans_of
from primer_anki.parser.tags import TAG, tag_of
from primer_anki.value import replace

_CONTAINERS: dict[str, BlockKind] = {
    "bullet_list": "list",
    "ordered_list": "list",
    "list_item": "item",
    "blockquote": "quote",
    "dl": "terms",
    "dd": "description",
    "details": "details",
    "footnote_reference": "quote",
}
_OPEN = {f"{name}_open": kind for name, kind in _CONTAINERS.items()}
_CLOSE = {f"{name}_close" for name in _CONTAINERS}
_LANGUAGE = re.compile(r"[\w+#][\w+#.-]*")
_COMMENT = re.compile(r"\s*<!--(.*?)-->", re.DOTALL)
_ALERT = re.compile(r"\[![a-z][\w-]*\][+-]?[ \t]*(?P<title>[^\n]*?)[ \t]*(?:\n|\Z)", re.IGNORECASE)
_HEAD_LINE = re.compile(r"[^\n]{1,40}(?<![\s\\.,;:!?。，、；：！？])(?=\n\s*[^\sa-zß-ÿ])")
"""An item's first line that its author ended long before the margin: what the next lines explain."""
_NAMED_LINE = re.compile(
    r"\s*(?!https?:)[^\s:：=|<>`$]+(?:[ \t][^\s:：=|<>`$]+){0,3}[ \t]?(?::[ \t]+|：|[ \t]=[ \t])\S"
)
_ENTRY_LINE = re.compile(r"\s*[^\W\d_a-zß-ÿ][^\n]{10,100}(?<![\s\\.,;:!?。，、；：！？)|>])[ \t]*")
"""A line that begins with a capital and ends without a sign."""
FEWEST_ENTRIES = 3
_CHECKS = {"[ ] ": False, "[x] ": True, "[X] ": True}

InlineParser = Callable[[str], Sequence[Token]]
"""Parses the text of one block; called as late as possible, so that few inline tokens live at a time."""


class Converted(NamedTuple):
    blocks: tuple[Block, ...]
    footnotes: dict[str, Spans]
    comments: list[Comment]


@dataclass(slots=True)
class _Frame:
    """A container that is open."""

    kind: BlockKind
    token: Token | None
    line: int
    end: int
    blocks: list[Block] = field(default_factory=list)
    spans: Spans = ()
    checked: bool | None = None
    steered_at: int = -1
    """How many blocks stood here when a comment that steers was read: such a comment does not cut a list in two."""


def convert(tokens: Sequence[Token], inline: InlineParser, first_line: int, anchors: Anchors) -> Converted:
    """The blocks of a file whose first line has the number `first_line`, footnote texts taken out."""
    return _Converter(tokens, inline, first_line, anchors).run()


class _Converter:
    def __init__(self, tokens: Sequence[Token], inline: InlineParser, first_line: int, anchors: Anchors) -> None:
        self._tokens = tokens
        self._inline = inline
        self._first_line = first_line
        self._anchors = anchors
        self._comments: list[Comment] = []
        self._footnotes: dict[str, Spans] = {}
        self._stack = [_Frame("quote", None, first_line, first_line)]
        self._at = 0

    def run(self) -> Converted:
        tokens = self._tokens
        while self._at < len(tokens):
            token = tokens[self._at]
            kind = token.type
            if kind == "paragraph_open":
                self._at += 1
                self._paragraph(token, tokens[self._at].content)
            elif kind in _OPEN:
                self._open(_OPEN[kind], token)
            elif kind in _CLOSE:
                self._close()
            else:
                handler = _HANDLERS.get(kind)
                if handler:
                    handler(self, token)
            self._at += 1
        return Converted(tuple(self._stack[0].blocks), self._footnotes, self._comments)

    def _lines(self, token: Token) -> tuple[int, int]:
        """The first and the last line of a token, 1-based."""
        first, after = token.map or (self._stack[-1].line - self._first_line, 0)
        return first + self._first_line, max(after, first + 1) + self._first_line - 1

    def _add(self, block: Block) -> None:
        self._stack[-1].blocks.append(block)

    def _next_spans(self, line: int) -> Spans:
        self._at += 1
        return self._spans(self._tokens[self._at].content, line)

    def _spans(self, content: str, line: int) -> Spans:
        if not content:
            return ()
        return spans_of(self._inline(content), line, self._comments)

    def _paragraph(self, token: Token, content: str) -> None:
        frame = self._stack[-1]
        line, end = self._lines(token)
        if not frame.blocks and frame.kind == "item" and content[:4] in _CHECKS:
            frame.checked = _CHECKS[content[:4]]
            content = content[4:].lstrip()
        elif not frame.blocks and frame.kind == "quote" and (alert := _ALERT.match(content)):
            if title := alert["title"]:
                self._add(
                    Block("paragraph", line, line, spans=self._spans(title if "*" in title else f"**{title}**", line))
                )
                line += 1
            content = content[alert.end() :]
        if not frame.blocks and frame.kind == "item" and (head := _HEAD_LINE.match(content)):
            content = f"{head[0]}  {content[head.end() :]}"  # a hard break
        if "\n" in content and is_listing(content):
            content = content.replace("\n", "  \n")  # hard breaks
        spans = self._spans(content, line)
        if len(spans) == 1 and spans[0].kind == "math_block":
            self._add(Block("math", line, end, text=spans[0].text))
        elif spans:
            self._add(Block("paragraph", line, end, spans=spans))

    def _heading(self, token: Token) -> None:
        line, end = self._lines(token)
        spans = self._next_spans(line)
        if spans:
            level = int(getattr(token, "tag", "h1")[1:])
            anchor = self._anchors.add(plain(spans))
            self._add(Block("heading", line, end, spans=spans, level=level, anchor=anchor))

    def _code(self, token: Token) -> None:
        line, end = self._lines(token)
        match = _LANGUAGE.search(token.info)
        info = match.group().lower() if match else ""
        text = token.content.removesuffix("\n")
        if info == "math":
            self._add(Block("math", line, end, text=text.strip()))
        else:
            self._add(Block("code", line, end, text=text, info=info))

    def _math(self, token: Token) -> None:
        line, end = self._lines(token)
        if token.content.strip():
            self._add(Block("math", line, end, text=token.content.strip()))

    def _rule(self, token: Token) -> None:
        line, end = self._lines(token)
        self._add(Block("rule", line, end))

    def _html(self, token: Token) -> None:
        line, end = self._lines(token)
        content = token.content
        is_top = len(self._stack) == 1
        while comment := _COMMENT.match(content):
            self._comment(comment[1], line + content[: comment.start(1)].count("\n"), is_top)
            line += comment.group().count("\n")
            content = content[comment.end() :]
        start = len(content) - len(content.lstrip())
        line, content = line + content[:start].count("\n"), content[start:].rstrip()
        tag = TAG.match(content)
        if (tag and tag_of(tag).is_known) or content.startswith(("<!", "<?")):
            found = blocks_of(content, line, self._anchors, self._comments, is_top=is_top)
            self._stack[-1].blocks.extend(found)
        elif content:
            # Text behind a comment, or a line such as `<T>` that only looks like HTML.
            spans = self._spans(content, line)
            if spans:
                self._add(Block("paragraph", line, end, spans=spans))

    def _comment(self, text: str, line: int, is_top: bool) -> None:
        comment = read_comment(text, line, is_block=is_top)
        if comment:
            self._comments.append(comment)
            self._stack[-1].steered_at = len(self._stack[-1].blocks)

    def _summary(self, token: Token) -> None:
        line, _ = self._lines(token)
        self._stack[-1].spans = self._spans(token.content, line)

    def _term(self, token: Token) -> None:
        line, end = self._lines(token)
        self._add(Block("term", line, end, spans=self._next_spans(line)))

    def _table(self, token: Token) -> None:
        line, end = self._lines(token)
        rows: list[list[Spans]] = []
        while (token := self._tokens[self._at]).type != "table_close":
            if token.type == "tr_open":
                rows.append([])
                row_line, _ = self._lines(token)
            elif token.type in ("th_open", "td_open"):
                rows[-1].append(self._next_spans(row_line))
            self._at += 1
        width = len(rows[0])
        filled = tuple((*row[:width], *((),) * (width - len(row))) for row in rows)
        self._add(Block("table", line, end, rows=filled))

    def _open(self, kind: BlockKind, token: Token) -> None:
        line, end = self._lines(token)
        self._stack.append(_Frame(kind, token, line, end))

    def _close(self) -> None:
        frame = self._stack.pop()
        token = frame.token
        if token is None:
            raise AssertionError("the document itself is never closed")
        if token.type == "footnote_reference_open":
            self._footnotes.setdefault(str(token.meta["label"]), _joined(frame.blocks))
            return
        children = tuple(frame.blocks)
        line = children[0].line if children and frame.kind == "description" else frame.line
        end = max([line, *(block.end for block in children[-1:])])
        if frame.kind == "details":
            end = frame.end
        if frame.kind == "list":
            given = token.attrGet("start")
            ordered, start = token.type == "ordered_list_open", 1 if given is None else int(given)
            self._add_list(Block("list", line, end, children=children, ordered=ordered, start=start))
        elif frame.kind == "item":
            self._add(Block("item", line, end, children=children, checked=frame.checked))
        elif children or frame.spans:
            self._add(Block(frame.kind, line, end, children=children, spans=frame.spans))

    def _add_list(self, block: Block) -> None:
        frame = self._stack[-1]
        before = frame.blocks[-1] if frame.blocks and frame.steered_at == len(frame.blocks) else None
        if before and before.kind == "list" and _continues(before, block):
            frame.blocks[-1] = replace(before, end=block.end, children=before.children + block.children)
            frame.steered_at = -1
        else:
            self._add(block)


_HANDLERS: dict[str, Callable[[_Converter, Token], None]] = {
    "heading_open": _Converter._heading,
    "fence": _Converter._code,
    "code_block": _Converter._code,
    "math_block": _Converter._math,
    "hr": _Converter._rule,
    "html_block": _Converter._html,
    "summary": _Converter._summary,
    "dt_open": _Converter._term,
    "table_open": _Converter._table,
}


def is_listing(content: str) -> bool:
    """Lines that are an entry each: all name something (`Port: 23`), or all are without an end like lines of a list."""
    lines = content.split("\n")
    if all(map(_NAMED_LINE.match, lines)):
        return True
    return len(lines) >= FEWEST_ENTRIES and all(map(_ENTRY_LINE.fullmatch, lines))


def _continues(before: Block, block: Block) -> bool:
    """Whether a list goes on with the numbers, or the bullets, of the one before."""
    return before.ordered == block.ordered and (
        not block.ordered or block.start in (before.start + len(before.children), 1)
    )


def _joined(blocks: Sequence[Block]) -> Spans:
    """The text of a footnote as one run of spans."""
    runs = [block.spans or (Span("code", block.text),) for block in blocks if block.spans or block.text]
    spans: list[Span] = []
    for run in runs:
        if spans:
            spans.append(Span("break"))
        spans.extend(run)
    return tuple(spans)
