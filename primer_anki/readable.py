"""HTML of a card → text for a terminal."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    "blockquote br dd details div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre summary table tr ul".split()  # noqa: SIM905
)
_CELLS = frozenset({"td", "th"})


def html_to_text(html: str) -> str:
    """What a reader sees of a field: a line a paragraph, bullets before list items, bars between cells."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (line.rstrip() for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line)


class _Reader(HTMLParser):
    """Collects text; block tags become line breaks."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._counters: list[int] = []
        """One for each list around: the number of its next item, 0 where items have bullets."""
        self._code = 0
        """How many `<pre>` are open."""
        self._first_cell = True
        self._bulleted = False
        """Nothing stands behind the bullet yet: a paragraph in the item starts on its line."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS and not (tag == "p" and self._bulleted):
            self._write("\n")
        if tag in ("ul", "ol"):
            start = dict(attrs).get("start") or "1"
            self._counters.append(0 if tag == "ul" else int(start))
        elif tag == "li":
            self._write(self._bullet())
            self._bulleted = True
        elif tag == "tr":
            self._first_cell = True
        elif tag in _CELLS:
            self._write("" if self._first_cell else " | ")
            self._first_cell = False
        elif tag == "pre":
            self._code += 1
        elif tag == "img":
            self._write(f"[image: {dict(attrs).get('alt') or dict(attrs).get('src')}]")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._write("\n")
        if tag in ("ul", "ol") and self._counters:
            self._counters.pop()
        elif tag == "pre":
            self._code -= 1

    def handle_data(self, data: str) -> None:
        if self._code > 0:
            self._write(data)
            return
        at_start = self._bulleted or not self.parts or self.parts[-1].endswith("\n")
        text = re.sub(r"\s+", " ", data)
        text = text.lstrip() if at_start else text
        if text:
            self._write(text)

    def _write(self, text: str) -> None:
        self.parts.append(text)
        self._bulleted = False

    def _bullet(self) -> str:
        indent = "  " * (len(self._counters) - 1)
        if not self._counters or not self._counters[-1]:
            return f"{indent}• "
        self._counters[-1] += 1
        return f"{indent}{self._counters[-1] - 1}. "
