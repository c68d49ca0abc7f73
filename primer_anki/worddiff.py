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
    """The way from one text to the other; what is removed stands before what is added in its place."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    out: list[Piece] = []
    for tag, a, b, c, d in _without_islands(steps, before):
        if tag == "equal":
            out.append(Piece(Op.SAME, "".join(before[a:b])))
            continue
        out.extend(Piece(op, "".join(part)) for op, part in ((Op.REMOVED, before[a:b]), (Op.ADDED, after[c:d])) if part)
    return tuple(out)


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
