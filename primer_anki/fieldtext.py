"""How Anki reads a field: when it is empty, what it references, what it is sorted by, and its cloze numbers."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from hashlib import sha1

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
"""Anki removes these from every field."""
_FULL = re.compile(r"[^ \t\n<\x00-\x1f\x7f]|<[^/bdBD\x00-\x1f\x7f]")
"""How a field begins that is certainly not empty."""
_NOTHING = re.compile(r"(?:[ \t\n]|</?(?:br|div) ?/?>)*", re.IGNORECASE)
_TAG = re.compile(r"<!--.*?-->|<style.*?>.*?</style>|<script.*?>.*?</script>|<.*?>", re.IGNORECASE | re.DOTALL)
_SOURCE = re.compile(
    r"""<(?:img|audio|video|source|object)\b[^>]*?\s(?:src|data)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))[^>]*>""",
    re.IGNORECASE,
)
_SOUND = re.compile(r"\[sound:(.*?)\]")
_CLOZE = re.compile(r"\{\{c([0-9,]+)::|\}\}")
_MAX_CLOZE = 0xFFFF
"""A larger number is no cloze to Anki."""
_MAX_DEPTH = 10
"""Clozes nested deeper are text to Anki."""


def is_empty(field: str) -> bool:
    """Say whether Anki takes the field for empty: white space and bare `br` and `div` tags count for nothing."""
    return not _FULL.match(field) and _NOTHING.fullmatch(_CONTROL.sub("", field)) is not None


def sort_text(field: str) -> str:
    """Return a field as the browser sorts it: without tags, with the names of its media files."""
    if "<" not in field:
        return html.unescape(field).replace("\xa0", " ")
    named = _SOURCE.sub(lambda found: f" {found[1] or found[2] or found[3] or ''} ", field)
    end = named.rfind(">") + 1  # behind it no tag can end: looking for one from every "<" would take quadratic time
    return html.unescape(_TAG.sub("", named[:end]) + named[end:]).replace("\xa0", " ")


def checksum(text: str) -> int:
    """Return Anki's `csum` of a first field, already stripped by `sort_text`."""
    return int.from_bytes(sha1(text.encode(), usedforsecurity=False).digest()[:4], "big")


def media_names(field: str) -> Sequence[str]:
    """Return what the field's pictures and sounds refer to, as written (HTML unescaped)."""
    shown = [found[1] or found[2] or found[3] or "" for found in _SOURCE.finditer(field)] if "=" in field else []
    heard = [found[1] for found in _SOUND.finditer(field)] if "[sound:" in field else []
    return [html.unescape(name) for name in (*shown, *heard)] if shown or heard else ()


def cloze_numbers(field: str) -> frozenset[int]:
    """Return the numbers of the clozes in a field.

    Markers are `{{c1::` or `{{c1,2::`; the first `}}` closes the innermost open one. A cloze that nothing closes
    counts for nothing, nor does what stands in it.
    """
    numbers: set[int] = set()
    opened: list[set[int]] = []
    for marker in _CLOZE.finditer(field):
        if marker[1] is not None:
            own = {int(digits) for digits in marker[1].split(",") if digits}
            valid = {number for number in own if number <= _MAX_CLOZE}
            if valid and len(opened) < _MAX_DEPTH:
                opened.append(valid)
        elif opened:
            closed = opened.pop()
            (opened[-1] if opened else numbers).update(closed)
    return frozenset(numbers - {0})
