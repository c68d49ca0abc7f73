"""Two versions of a text, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_TOKEN = re.compile(
    r"\n|[^\S\n]+"  # a line's end, other white space
    r"|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"  # scripts without spaces, or with few: a sign each
    r"|[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+(?:['’.,][^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+)*"
    r"|[^\w\s]"
)


class Op(StrEnum):
    """What happened to a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words with one fate."""

    op: Op
    text: str
    """Never empty."""


def pieces(old: str, new: str) -> tuple[Piece, ...]:
    """The way from one text to the other; what is removed stands before what is added in its place.

    Line by line first: an inserted list item is a line of its own, and not the end of one item and the start of the
    next.
    """
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    out: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = "".join(before[a:b]), "".join(after[c:d])
        out.extend(_words(gone, come) if tag == "replace" else _plain(tag, gone, come))
    return tuple(out)


def _words(old: str, new: str) -> Iterator[Piece]:
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for tag, a, b, c, d in _without_islands(steps, before):
        yield from _plain(tag, "".join(before[a:b]), "".join(after[c:d]))


def _plain(tag: str, gone: str, come: str) -> Iterator[Piece]:
    if tag == "equal":
        yield Piece(Op.SAME, gone)
        return
    yield from (Piece(op, text) for op, text in ((Op.REMOVED, gone), (Op.ADDED, come)) if text)


def changed_lines(whole: Iterable[Piece]) -> tuple[tuple[Piece, ...], ...]:
    """The lines in which something is removed or added, without their line ends."""
    lines: list[list[Piece]] = [[]]
    for piece in whole:
        first, *rest = piece.text.split("\n")
        lines[-1].extend([Piece(piece.op, first)] if first else [])
        lines.extend([Piece(piece.op, part)] if part else [] for part in rest)
    return tuple(tuple(line) for line in lines if any(piece.op is not Op.SAME for piece in line))


_Step = tuple[str, int, int, int, int]


def _without_islands(steps: Iterable[_Step], before: list[str]) -> Iterator[_Step]:
    """The same steps, where a lone space between two changes belongs to both: people change phrases, not words."""
    joined: list[_Step] = []
    waiting: _Step | None = None
    for step in steps:
        tag, a, b, _, _ = step
        if tag == "equal" and joined and not "".join(before[a:b]).strip(" \t"):
            waiting = step
        elif tag == "equal":
            joined.append(step)
        elif waiting or (joined and joined[-1][0] != "equal"):
            _, a0, _, c0, _ = joined.pop()
            joined.append(("replace", a0, step[2], c0, step[4]))
            waiting = None
        else:
            joined.append(step)
    yield from joined
    if waiting:
        yield waiting
