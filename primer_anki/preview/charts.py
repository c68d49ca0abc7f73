"""Charts as inline SVG: cards per topic, and how long answers are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from statistics import median, quantiles

_BIN = 5
"""Words: how wide a column of the histogram is."""
_LONGEST = 50
"""Words: longer answers share the last column."""
_WIDTH = 720
_BARS = 260
"""Where the bars begin, right of their labels."""
_LINE = 22
_HEIGHT = 160
_LABEL = 36
"""Characters."""


def per_topic(counts: Mapping[str, int]) -> str:
    """Bars, one a topic, in the order given."""
    most = max(counts.values(), default=0)
    lines = [_bar(number, topic, count, most) for number, (topic, count) in enumerate(counts.items())]
    label = f"{sum(counts.values())} cards in {len(counts)} topics"
    return _svg(label, len(counts) * _LINE, lines)


def answer_lengths(words: Sequence[int]) -> str:
    """A histogram of how many words the answers have."""
    columns = _LONGEST // _BIN + 1
    counts = Counter(min(max(count - 1, 0) // _BIN, columns - 1) for count in words)
    most = max(counts.values(), default=0)
    width = _WIDTH // columns
    parts = [_column(number, counts[number], most, width, number == columns - 1) for number in range(columns)]
    return _svg(f"Answers: {spread(words)}", _HEIGHT + 3 * _LINE, parts)


def spread(words: Sequence[int]) -> str:
    """The median and the length that nine in ten keep to, as text."""
    if not words:
        return "none"
    ninth = quantiles(words, n=10, method="inclusive")[-1] if len(words) > 1 else words[0]
    return f"median {median(words):g} words, nine in ten at most {ninth:.0f}, longest {max(words)}"


def _bar(number: int, topic: str, count: int, most: int) -> str:
    y = number * _LINE
    width = round((_WIDTH - _BARS - 60) * count / most)
    short = topic if len(topic) <= _LABEL else f"…{topic[1 - _LABEL :]}"
    return (
        f'<text x="{_BARS - 8}" y="{y + 15}" text-anchor="end">{escape(short)}</text>'
        f'<rect x="{_BARS}" y="{y + 3}" width="{width}" height="{_LINE - 6}" rx="2"/>'
        f'<text class="soft" x="{_BARS + width + 6}" y="{y + 15}">{count}</text>'
    )


def _column(number: int, count: int, most: int, width: int, is_last: bool) -> str:
    height = round(_HEIGHT * count / most) if most else 0
    x, middle, base = number * width, number * width + width // 2, _HEIGHT + _LINE
    label = f"> {_LONGEST}" if is_last else f"{number * _BIN + 1}–{(number + 1) * _BIN}"
    return (
        f'<rect x="{x + 2}" y="{base - height}" width="{width - 4}" height="{height}" rx="2"/>'
        f'<text class="soft" x="{middle}" y="{base - height - 5}" text-anchor="middle">{count}</text>'
        f'<text x="{middle}" y="{base + 17}" text-anchor="middle">{label}</text>'
    )


def _svg(label: str, height: int, parts: Sequence[str]) -> str:
    size = f'viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'
    return f'<svg role="img" aria-label="{escape(label)}" {size}>{"".join(parts)}</svg>'
