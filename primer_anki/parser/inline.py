"""Collects spans from a flat run of opening and closing marks, balanced or not."""

from __future__ import annotations

import re
from typing import NamedTuple

from primer_anki.parser.document import Span, SpanKind, Spans, plain

_SPACES = re.compile(r" {2,}")
MAX_DEPTH = 24
"""Markup nested deeper than this is dropped; its text stays."""


class _Frame(NamedTuple):
    key: str
    kind: SpanKind
    target: str
    outside: list[Span]
    literal: str | None


class SpanBuilder:
    """Takes text and marks in reading order; `finish` gives the spans.

    A mark has a key: closing a key closes what was opened inside it too, and a key that is not open is ignored.
    """

    def __init__(self) -> None:
        self._frames: list[_Frame] = []
        self._spans: list[Span] = []
        self._text: list[str] = []

    @property
    def is_empty(self) -> bool:
        return not (self._spans or self._frames or any(piece.strip() for piece in self._text))

    def text(self, text: str) -> None:
        if not self._text and self._spans and self._spans[-1].kind == "break":
            text = text.lstrip()
        if "  " in text:
            text = _SPACES.sub(" ", text)
        if text:
            self._text.append(text)

    def ends_with_space(self) -> bool:
        """Whether a further space would be one too many: at the start, after a space, after a break."""
        if self._text:
            return self._text[-1].endswith(" ")
        return self._spans[-1].kind == "break" if self._spans else not self._frames

    def add(self, span: Span) -> None:
        self._flush()
        self._spans.append(span)

    def line_break(self) -> None:
        self.add(Span("break"))

    def open(self, key: str, kind: SpanKind, target: str = "", literal: str | None = None) -> None:
        """Begin marked-up content. With `literal` the mark may stay unclosed: then that text stands in its place."""
        if len(self._frames) < MAX_DEPTH:
            self._flush()
            self._frames.append(_Frame(key, kind, target, self._spans, literal))
            self._spans = []

    def close(self, key: str) -> None:
        for depth in range(len(self._frames) - 1, -1, -1):
            if self._frames[depth].key == key:
                while len(self._frames) > depth:
                    self._shut()
                return

    def finish(self) -> Spans:
        """What was collected, without space around it."""
        while self._frames:
            if self._frames[-1].literal is None:
                self._shut()
            else:
                self._dissolve()
        self._flush()
        return trimmed(self._spans)

    def _flush(self) -> None:
        if self._text:
            self._spans.append(Span("text", "".join(self._text)))
            self._text.clear()

    def _shut(self) -> None:
        self._flush()
        inside = self._spans
        _, kind, target, self._spans, _ = self._frames.pop()
        if inside and kind == "code":
            self._spans.append(Span("code", plain(inside)))
        elif inside:
            self._spans.append(Span(kind, children=tuple(inside), target=target))

    def _dissolve(self) -> None:
        self._flush()
        inside = self._spans
        _, _, _, self._spans, literal = self._frames.pop()
        if self._spans and self._spans[-1].kind == "text":
            self._text.append(self._spans.pop().text)
        self.text(literal or "")
        for span in inside:
            if span.kind == "text":
                self.text(span.text)
            else:
                self.add(span)


def trimmed(spans: list[Span]) -> Spans:
    """Without white space and breaks at either end."""
    first, last = 0, len(spans)
    while first < last and _is_space(spans[first]):
        first += 1
    while first < last and _is_space(spans[last - 1]):
        last -= 1
    spans = spans[first:last]
    if spans and spans[0].kind == "text":
        spans[0] = Span("text", spans[0].text.lstrip())
    if spans and spans[-1].kind == "text":
        spans[-1] = Span("text", spans[-1].text.rstrip())
    return tuple(spans)


def _is_space(span: Span) -> bool:
    return span.kind == "break" or (span.kind == "text" and not span.text.strip())
