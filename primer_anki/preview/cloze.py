"""Cloze text as Anki shows it: `{{c1::hidden::hint}}` → spans, on the question and on the answer side."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

_MARKER = re.compile(r"(\{\{c[0-9,]+::|\}\})")
_MAX_NUMBER = 0xFFFF
"""A larger number is no cloze to Anki."""
_MAX_DEPTH = 10
"""The marker of a cloze nested deeper is lost."""
_FORMULA = re.compile(r"(\\[(\[])(.*?)(\\[\])])", re.DOTALL)
_TAG = re.compile(r"<!--.*?-->|<style.*?>.*?</style>|<script.*?>.*?</script>|<.*?>", re.IGNORECASE | re.DOTALL)
_ESCAPED = re.compile(r"[\x00-\xff](?<![0-9A-Za-z])")
_NAMED = {"&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;"}


@dataclass(slots=True)
class _Cloze:
    """A hidden passage; it grows while it is being read."""

    numbers: tuple[int, ...]
    inside: list[_Node] = field(default_factory=list)
    hint: str | None = None

    def add(self, text: str) -> None:
        """Take over text; `::` in it splits off the hint."""
        text, separator, hint = text.partition("::")
        self.inside.append(text)
        if separator:
            self.hint = hint


_Node: TypeAlias = str | _Cloze


def reveal(text: str, number: int, *, question: bool) -> str:
    """Return the text with the clozes of this number hidden (question) or marked (answer).

    Empty where the text has none of this number. Inside formulas, where a span would be no TeX, tags are left out.
    """
    nodes = _parse(text)
    if number not in _numbers(nodes):
        return ""
    shown = _shown(nodes, number, question)
    return _FORMULA.sub(lambda formula: formula[1] + _TAG.sub("", formula[2]) + formula[3], shown)


def _parse(text: str) -> list[_Node]:
    """Read the markers; a cloze that nothing closes is lost with all that stands in it, as in Anki."""
    top: list[_Node] = []
    opened: list[_Cloze] = []
    for piece in _MARKER.split(text):
        numbers = _opens(piece)
        if numbers:
            opened += [_Cloze(numbers)] if len(opened) < _MAX_DEPTH else []
        elif piece == "}}" and opened:
            closed = opened.pop()
            (opened[-1].inside if opened else top).append(closed)
        elif opened:
            opened[-1].add(piece)
        else:
            top.append(piece)
    return top


def _opens(piece: str) -> tuple[int, ...]:
    """The numbers of an opening marker, rising; empty for everything else."""
    if not piece.startswith("{{c") or not piece.endswith("::"):
        return ()
    numbers = {int(digits) for digits in piece[3:-2].split(",") if digits.isascii() and digits.isdigit()}
    return tuple(sorted(number for number in numbers if number <= _MAX_NUMBER))


def _numbers(nodes: Iterable[_Node]) -> Iterator[int]:
    for node in nodes:
        if isinstance(node, _Cloze):
            yield from node.numbers
            yield from _numbers(node.inside)


def _shown(nodes: Iterable[_Node], number: int, question: bool) -> str:
    return "".join(node if isinstance(node, str) else _span(node, number, question) for node in nodes)


def _span(cloze: _Cloze, number: int, question: bool) -> str:
    ordinal = ",".join(map(str, cloze.numbers))
    inside = _shown(cloze.inside, number, question)
    if number not in cloze.numbers:
        return f'<span class="cloze-inactive" data-ordinal="{ordinal}">{inside}</span>'
    if not question:
        return f'<span class="cloze" data-ordinal="{ordinal}">{inside}</span>'
    hint = "..." if cloze.hint is None else cloze.hint
    return f'<span class="cloze" data-cloze="{_attribute(inside)}" data-ordinal="{ordinal}">[{hint}]</span>'


def _attribute(html: str) -> str:
    """Escape all of Latin-1 but its ASCII letters and digits, as Anki does."""
    return _ESCAPED.sub(lambda found: _NAMED.get(found[0], f"&#x{ord(found[0]):02X};"), html)
