"""Anchors of headings, as GitHub makes them."""

from __future__ import annotations

import re
import unicodedata

_DROPPED_ASCII = re.compile(r"[^a-z0-9_\- ]")
_KEPT_CATEGORIES = ("L", "M", "Nd", "Pc")


def slug(text: str) -> str:
    """The anchor of a heading with this plain text, before it gets a running number."""
    text = text.lower()
    if text.isascii():
        return _DROPPED_ASCII.sub("", text).replace(" ", "-")
    return "".join(char for char in text if _kept(char)).replace(" ", "-")


def _kept(char: str) -> bool:
    return char in "- " or unicodedata.category(char).startswith(_KEPT_CATEGORIES)


class Anchors:
    """The anchors of one file: `add` takes its headings in reading order."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}
        self._uses: dict[str, int] = {}
        self._numbered: set[str] = set()

    def add(self, text: str) -> str:
        """The anchor of the next heading; a running number tells equal headings apart."""
        base = anchor = slug(text)
        self._uses[base] = self._uses.get(base, 0) + 1
        while anchor in self._last:
            self._last[base] += 1
            anchor = f"{base}-{self._last[base]}"
        if anchor != base:
            self._numbered.add(anchor)
        self._last[anchor] = 0
        return anchor

    def is_unique(self, anchor: str) -> bool:
        """Whether one heading alone asks for this anchor, so that an inserted heading does not move it."""
        return bool(anchor) and self._uses.get(anchor) == 1 and anchor not in self._numbered
