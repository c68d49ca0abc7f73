"""Finds the `<details>` elements of a Markdown text, whatever Markdown makes of their lines."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

_TAG = re.compile(r"<(/?)details(?=[\s>/])[^<>]*>", re.IGNORECASE)
_CODE = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)")
_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}(?=[^`]*$)|~{3,})(.*)")
_MAX_LINE = 20_000
_HEADING = re.compile(r"#{1,6}[ \t]")


class Details(NamedTuple):
    """Offsets of one element in the text."""

    start: int
    """Of `<details>`."""
    inside: int
    """After `<details>`."""
    end: int
    """Of `</details>`, or where an element that is never closed has to end."""
    after: int
    """After `</details>`."""


class DetailsIndex:
    """All `<details>` elements of a text."""

    def __init__(self, text: str) -> None:
        found = _pair(text) if "details" in text.lower() else []
        self._all = sorted(found)
        self._starts = [each.start for each in self._all]

    def first(self, low: int, high: int) -> Details | None:
        """The first that starts in [low, high)."""
        at = bisect_left(self._starts, low)
        return self._all[at] if at < len(self._starts) and self._starts[at] < high else None


def _pair(text: str) -> list[Details]:
    found: list[Details] = []
    unclosed: list[tuple[int, int]] = []
    stops: list[int] = []
    for start, end, is_closing in _marks(text):
        if is_closing is None:
            stops.append(start)
        elif not is_closing:
            stops.append(start)
            unclosed.append((start, end))
        elif unclosed:
            found.append(Details(*unclosed.pop(), start, end))
    for start, inside in unclosed:
        # A forgotten `</details>` must not swallow what follows: the next heading or `<details>` ends it.
        at = bisect_right(stops, start)
        stop = stops[at] if at < len(stops) else len(text)
        found.append(Details(start, inside, stop, stop))
    return found


def _marks(text: str) -> Iterator[tuple[int, int, bool | None]]:
    """(start, end, is closing) of the tags outside code; None stands for a heading."""
    fence = ""
    offset = 0
    for line in text.split("\n"):
        mark = _FENCE.match(line) if "```" in line or "~~~" in line else None
        if mark:
            fence = _next_fence(fence, mark)
        elif not fence:
            yield from _line_marks(line, offset)
        offset += len(line) + 1


def _next_fence(fence: str, mark: re.Match[str]) -> str:
    """The fence that is open after a line that looks like one; empty for none."""
    marker, rest = mark.groups()
    if not fence:
        return marker
    closes = marker[0] == fence[0] and len(marker) >= len(fence) and not rest.strip()
    return "" if closes else fence


def _line_marks(line: str, offset: int) -> Iterator[tuple[int, int, bool | None]]:
    if _HEADING.match(line):
        yield offset - 1, offset, None  # the end of the line before
    elif _TAG.search(line):
        if "`" in line and len(line) < _MAX_LINE:
            line = _CODE.sub(lambda code: " " * len(code.group()), line)
        for tag in _TAG.finditer(line):
            yield offset + tag.start(), offset + tag.end(), bool(tag.group(1))
