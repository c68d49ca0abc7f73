"""Inline tokens → spans, in one pass over the flat list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from primer_anki.parser.comments import Comment, read_comment
from primer_anki.parser.document import Span, SpanKind, Spans
from primer_anki.parser.html import open_inline
from primer_anki.parser.inline import SpanBuilder
from primer_anki.parser.tags import DROPPED, INLINE, Tag, names, read_tag


class Token(Protocol):
    """What is needed of a Markdown token, so that the library stays known to one module."""

    @property
    def type(self) -> str: ...
    @property
    def content(self) -> str: ...
    @property
    def info(self) -> str: ...
    @property
    def map(self) -> list[int] | None: ...
    @property
    def meta(self) -> dict[Any, Any]: ...
    @property
    def children(self) -> Sequence[Token] | None: ...
    def attrGet(self, name: str) -> str | int | float | None: ...  # noqa: N802


_OPEN: dict[str, SpanKind] = {"strong_open": "strong", "em_open": "em", "s_open": "del", "mark_open": "mark"}
_CLOSE = {"strong_close", "em_close", "s_close", "mark_close", "link_close"}
_LITERAL = {"text_special": "", "cloze_open": "{{", "cloze_close": "}}"}
_ATOMS: dict[str, SpanKind] = {"code_inline": "code", "math_inline": "math", "math_inline_double": "math_block"}
# Inside a line of text these end one line and begin the next.
_LINE_TAGS = names("p div li tr hr dt dd ul ol table blockquote h1 h2 h3 h4 h5 h6 center details summary")


def spans_of(tokens: Sequence[Token], line: int, comments: list[Comment]) -> Spans:
    """The spans of one run of inline tokens that begins on `line`; comments that steer go to `comments`."""
    if len(tokens) == 1 and tokens[0].type == "text":
        text = tokens[0].content.strip()
        return (Span("text", text),) if text else ()
    return _Inline(tokens, line, comments).run()


class _Inline:
    def __init__(self, tokens: Sequence[Token], line: int, comments: list[Comment]) -> None:
        self._tokens = tokens
        self._line = line
        self._comments = comments
        self._builder = SpanBuilder()
        self._at = 0
        self._never_closed: set[str] = set()

    def run(self) -> Spans:
        tokens, builder = self._tokens, self._builder
        while self._at < len(tokens):
            token = tokens[self._at]
            kind = token.type
            if kind == "text":
                builder.text(token.content)
            elif kind in _OPEN:
                builder.open(kind[:-5], _OPEN[kind])
            elif kind in _CLOSE:
                builder.close(kind[:-6])
            elif kind in _ATOMS:
                self._atom(_ATOMS[kind], token.content)
            else:
                self._other(kind, token)
            self._at += 1
        return builder.finish()

    def _other(self, kind: str, token: Token) -> None:
        if kind in _LITERAL:
            self._builder.text(token.content or _LITERAL[kind])
        else:
            handler = _HANDLERS.get(kind)
            if handler:
                handler(self, token)

    def _atom(self, kind: SpanKind, text: str) -> None:
        text = text if kind == "code" else text.strip()
        if text:
            self._builder.add(Span(kind, text))

    def _soft_break(self, token: Token) -> None:
        self._line += 1
        before = self._neighbour(-1)[-1:]
        after = self._neighbour(1)[:1]
        if not (_is_ideographic(before) and _is_ideographic(after)) and not self._builder.ends_with_space():
            self._builder.text(" ")

    def _neighbour(self, offset: int) -> str:
        at = self._at + offset
        return self._tokens[at].content if 0 <= at < len(self._tokens) else ""

    def _hard_break(self, token: Token) -> None:
        self._line += 1
        self._builder.line_break()

    def _link(self, token: Token) -> None:
        self._builder.open("link", "link", str(token.attrGet("href") or ""))

    def _image(self, token: Token) -> None:
        source = str(token.attrGet("src") or "")
        alt = "".join(" " if each.type == "softbreak" else each.content for each in token.children or ())
        self._builder.add(Span("image", alt, target=source))

    def _footnote(self, token: Token) -> None:
        label = str(token.meta.get("label", ""))
        if label:
            self._builder.add(Span("footnote", target=label))

    def _html(self, token: Token) -> None:
        source = token.content
        if source.startswith("<!--"):
            comment = read_comment(source[4:-3], self._line)
            if comment:
                self._comments.append(comment)
        self._line += source.count("\n")
        if source[1] in "!?":
            return
        tag = read_tag(source)
        if tag is None or not tag.is_known:
            self._builder.text(source)
        else:
            self._tag(tag)

    def _tag(self, tag: Tag) -> None:
        if tag.name in DROPPED:
            self._drop(tag)
        elif tag.name in _LINE_TAGS:
            if tag.may_be_text:
                self._builder.text(tag.source)
            elif not self._builder.ends_with_space():
                self._builder.line_break()
        elif not tag.is_end:
            open_inline(self._builder, tag)
        elif tag.name in INLINE or tag.name == "a" or not tag.may_be_text:
            self._builder.close(tag.name)
        else:
            self._builder.text(tag.source)

    def _drop(self, tag: Tag) -> None:
        """Skip to the end tag; where there is none, `List<Object>` was text."""
        if not tag.is_end and tag.name not in self._never_closed:
            for at in range(self._at + 1, len(self._tokens)):
                if self._tokens[at].type == "html_inline" and _is_end(self._tokens[at].content, tag.name):
                    self._at = at
                    return
            self._never_closed.add(tag.name)
        if tag.may_be_text:
            self._builder.text(tag.source)


_HANDLERS: dict[str, Callable[[_Inline, Token], None]] = {
    "softbreak": _Inline._soft_break,
    "hardbreak": _Inline._hard_break,
    "link_open": _Inline._link,
    "image": _Inline._image,
    "html_inline": _Inline._html,
    "footnote_ref": _Inline._footnote,
}


def _is_end(source: str, name: str) -> bool:
    return source[:2] == "</" and source[2:-1].strip().lower() == name


def _is_ideographic(char: str) -> bool:
    """Whether a line can break after or before this character without a space: Chinese and Japanese, not Korean."""
    code = ord(char) if char else 0
    if not 0x2E80 <= code < 0x40000:
        return False
    return not (0x3130 <= code < 0x3190 or 0xA000 <= code < 0xF900 or 0x10000 <= code < 0x20000)
